using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CareTeamPortal.Tests.Support;

/// <summary>A PostgreSQL server of this run: its own folder, a free port of 127.0.0.1, gone when the tests are, however they end.</summary>
internal sealed class PostgreSqlServer : IDisposable
{
    private static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")))
        : null;

    private static readonly Lazy<PostgreSqlServer> Running = new(() => new PostgreSqlServer(isSafe: false));
    private static int _names;

    private readonly string _folder;
    private readonly bool _isSafe;
    private Process? _process;

    /// <param name="isSafe">Keeps what it acknowledged through a kill, as in production; else it is quicker.</param>
    public PostgreSqlServer(bool isSafe)
    {
        _isSafe = isSafe;
        _folder = Directory.CreateTempSubdirectory("careteam-pg-").FullName;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        if (IsRoot)
            Run("chown", "postgres", _folder);
        AsPostgres(Path.Combine(Binaries!, "initdb"), "-D", Data, "-U", "careteam", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions");
        Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The one that most tests share.</summary>
    public static PostgreSqlServer Shared => Running.Value;

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing { get; } = Binaries is null ? "needs PostgreSQL (./test.sh installs Debian's package postgresql)"
        : IsRoot && !File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "needs the account postgres: the server does not run as root" : null;

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username=careteam;Database={database};Maximum Pool Size=24";

    /// <summary>A name that no other database of this run has.</summary>
    public static string NewName() => "t" + Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture);

    /// <summary>Something that is said to the server itself: make a database, drop one.</summary>
    public async Task DoAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends it and every process of its own at once, as a crash of the machine does (SIGKILL): nothing of what is under way is answered.</summary>
    public void Kill()
    {
        var pid = File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();
        // One of them may have ended by itself since it was seen: the others are hit all the same.
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-9", pid, .. ChildrenOf(pid)]) { RedirectStandardError = true })!;
        kill.WaitForExit();
        _process!.WaitForExit();
    }

    private static List<string> ChildrenOf(string parent)
    {
        var children = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(process, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent) // state, then parent
                    children.Add(Path.GetFileName(process));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }

        return children;
    }

    /// <summary>Starts it, also again after <see cref="Kill"/>, and waits until it answers.</summary>
    public void Start()
    {
        // The shell ends the server when its own input ends, which is when this process does. SIGQUIT: at once, children too.
        var server = $"'{Path.Combine(Binaries!, "postgres")}' -D '{Data}' -p {Port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c shared_buffers=64MB -c logging_collector=off"
            + (_isSafe ? "" : " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_wal_size=4GB -c checkpoint_timeout=1h");
        void Begin() => _process = Process.Start(Info("sh", ["-c", $"exec 3<&0; {server} >>'{Data}/log' 2>&1 </dev/null & pid=$!; (cat <&3 >/dev/null; kill -QUIT $pid) & wait $pid"], input: true))!;
        Begin();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=2");
                connection.Open();
                return;
            }
            catch (NpgsqlException) when (watch.Elapsed < TimeSpan.FromSeconds(60))
            {
                if (_process!.HasExited)
                    Begin(); // children of one that was killed still hold its memory for a moment
                Thread.Sleep(50);
            }
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false } process)
        {
            process.StandardInput.Close();
            process.WaitForExit(10_000);
        }

        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // The system's clean-up of its temporary folder takes it.
        }
    }

    private static void AsPostgres(string program, params string[] arguments) => Wait(Process.Start(Info(program, arguments, input: false))!, program);

    private static void Run(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        Wait(Process.Start(info)!, program);
    }

    private static void Wait(Process process, string program)
    {
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors.Result}");
        process.Dispose();
    }

    private static ProcessStartInfo Info(string program, IEnumerable<string> arguments, bool input)
    {
        var info = IsRoot ? new ProcessStartInfo("setpriv") : new ProcessStartInfo(program);
        if (IsRoot)
        {
            foreach (var part in new[] { "--reuid=postgres", "--regid=postgres", "--clear-groups", program })
                info.ArgumentList.Add(part);
        }

        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        info.WorkingDirectory = "/tmp";
        info.RedirectStandardInput = input;
        info.RedirectStandardOutput = info.RedirectStandardError = !input;
        return info;
    }
}
