using System.Collections.Concurrent;
using System.Security.Cryptography;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>
/// Who is signed in. A cookie names a session and nothing more: whether it counts is looked up, so that signing out, a deactivation or a lost role
/// ends it everywhere within seconds, also for a page that stays open.
/// </summary>
internal sealed class Sessions(CareDatabase database, LiveConnections connections, IDataProtectionProvider protection, IOptions<SessionLimits> options, TimeProvider clock)
{
    /// <summary>A yes may be this old; a no is for good.</summary>
    private static readonly TimeSpan YesLasts = TimeSpan.FromSeconds(2);

    /// <summary>So long a proof of who one is counts.</summary>
    internal static readonly TimeSpan ProofLasts = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _seal = protection.CreateProtector("CareTeamPortal.ProviderToken.v1");
    private readonly ConcurrentDictionary<string, DateTime> _inForce = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SessionEnd> _ended = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTime> _seen = new(StringComparer.Ordinal);

    private DateTime Now => clock.UtcMicroseconds();

    /// <summary>Begins a session.</summary>
    /// <param name="providerSession">The one at the OpenID provider.</param>
    /// <param name="refreshToken">With which the provider is asked later on whether the account still may.</param>
    public async Task<string> StartAsync(PersonId person, string? browser, CancellationToken ct, string? providerSession = null, string? refreshToken = null)
    {
        var now = Now;
        var row = new SessionRow
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), PersonId = person, StartedAt = now, SeenAt = now, EndsAt = now.AddMinutes(options.Value.LongestMinutes),
            Browser = browser, ProviderSession = providerSession, ProviderToken = refreshToken is null ? null : _seal.Protect(refreshToken), CheckedAt = refreshToken is null ? null : now,
        };
        await database.WriteAsync((session, _) =>
        {
            SessionSql.Insert(session, row);
            return ValueTask.FromResult(true);
        }, ct);
        _inForce[row.Id] = now + YesLasts;
        return row.Id;
    }

    /// <summary>Whether the session counts.</summary>
    /// <param name="isUsed">It was used just now by its person; false for what a page fetches by itself.</param>
    public async ValueTask<bool> IsInForceAsync(string id, CancellationToken ct, bool isUsed = true)
    {
        if (_ended.ContainsKey(id))
            return false;
        var now = Now;
        if (!_inForce.TryGetValue(id, out var until) || until <= now)
        {
            using var session = await database.RentAsync(ct);
            var row = SessionSql.Find(session, id);
            if (row is null || row.EndedAt is not null || row.EndsAt <= now || Last(row) + Idle < now)
                return false;
            if (_inForce.Count > 100_000)
                _inForce.Clear();
            _inForce[id] = now + YesLasts;
        }

        if (isUsed)
            Seen(id);
        return true;
    }

    private TimeSpan Idle => TimeSpan.FromMinutes(options.Value.IdleMinutes);

    private DateTime Last(SessionRow row) => _seen.TryGetValue(row.Id, out var seen) && seen > row.SeenAt ? seen : row.SeenAt;

    /// <summary>Known on this node to have ended, at once and without asking.</summary>
    public bool HasEnded(string id) => _ended.ContainsKey(id);

    /// <summary>The person did something.</summary>
    public void Seen(string id) => _seen[id] = Now;

    /// <summary>Ends a session, here at once and elsewhere within seconds.</summary>
    public async Task EndAsync(string id, SessionEnd why, CancellationToken ct)
    {
        await database.WriteAsync((session, _) => ValueTask.FromResult(SessionSql.End(session, id, (int)why, Now)), ct);
        Close(id, why);
    }

    /// <summary>Ends all sessions of a person; how many that were.</summary>
    /// <param name="but">Except this one.</param>
    public async Task<int> EndAllAsync(PersonId person, SessionEnd why, CancellationToken ct, string? but = null)
    {
        var ended = await database.WriteAsync((session, _) =>
            ValueTask.FromResult(SessionSql.Of(session, person).Where(s => s.Id != but && SessionSql.End(session, s.Id, (int)why, Now)).Select(s => s.Id).ToList()), ct);
        foreach (var id in ended)
            Close(id, why);
        return ended.Count;
    }

    /// <summary>Ends what a session at the provider began: its back-channel sign-out.</summary>
    public async Task EndOfProviderAsync(string providerSession, CancellationToken ct)
    {
        var ended = await database.WriteAsync((session, _) =>
            ValueTask.FromResult(SessionSql.OfProvider(session, providerSession).Where(s => SessionSql.End(session, s.Id, (int)SessionEnd.Provider, Now)).Select(s => s.Id).ToList()), ct);
        foreach (var id in ended)
            Close(id, SessionEnd.Provider);
    }

    /// <summary>Sessions of a person that are in force, the latest used first.</summary>
    public async Task<IReadOnlyList<SessionRow>> OfAsync(PersonId person, CancellationToken ct)
    {
        using var session = await database.RentAsync(ct);
        return SessionSql.Of(session, person);
    }

    /// <summary>The person proved again who they are.</summary>
    public Task ProveAsync(string id, CancellationToken ct) => database.WriteAsync((session, _) =>
    {
        SessionSql.Proved(session, id, Now);
        return ValueTask.FromResult(true);
    }, ct);

    /// <summary>Whether there is a fresh proof to take.</summary>
    public Task<bool> HasProofAsync(string id, CancellationToken ct) => ReadAsync(session => SessionSql.HasProof(session, id, Now - ProofLasts), ct);

    /// <summary>Takes the proof, which counts for one thing; false when there is none that is fresh.</summary>
    public Task<bool> UseProofAsync(string id, CancellationToken ct) => database.WriteAsync((session, _) => ValueTask.FromResult(SessionSql.UseProof(session, id, Now - ProofLasts)), ct);

    /// <summary>Why a session that was known here ended; null when nothing is known of it.</summary>
    public SessionEnd? WhyEnded(string id) => _ended.TryGetValue(id, out var why) ? why : null;

    /// <summary>Writes down who was seen, ends what is over, and learns what others ended. Called every two seconds.</summary>
    /// <returns>Where to look from the next time.</returns>
    public async Task<DateTime> LookAsync(DateTime from, bool settle, CancellationToken ct)
    {
        var now = Now;
        using (var session = await database.RentAsync(ct))
        {
            foreach (var (id, why) in SessionSql.EndedSince(session, from))
                Close(id, (SessionEnd)why);
        }

        if (settle)
            await SettleAsync(now, ct);
        return now - TimeSpan.FromSeconds(10); // clocks of nodes differ a little, and a commit is seen later than its moment
    }

    private async Task SettleAsync(DateTime now, CancellationToken ct)
    {
        var seen = _seen.ToArray();
        var over = await ReadAsync(session => SessionSql.Over(session, now - Idle - TimeSpan.FromMinutes(1), now), ct);
        if (seen.Length == 0 && over.Count == 0)
            return;
        var ended = await database.WriteAsync((session, _) =>
        {
            foreach (var (id, at) in seen)
                SessionSql.Seen(session, id, at);
            return ValueTask.FromResult(over.Where(s => (s.EndsAt <= now || Last(s) + Idle < now) && SessionSql.End(session, s.Id, (int)(s.EndsAt <= now ? SessionEnd.Over : SessionEnd.Idle), now)).ToList());
        }, ct);
        foreach (var (id, at) in seen)
            _seen.TryRemove(new(id, at));
        foreach (var session in ended)
            Close(session.Id, session.EndsAt <= now ? SessionEnd.Over : SessionEnd.Idle);
    }

    /// <summary>Sessions about which this node asks the provider now.</summary>
    internal async Task<IReadOnlyList<(SessionRow Session, string RefreshToken)>> ToAskAsync(CancellationToken ct)
    {
        var now = Now;
        var due = await ReadAsync(session => SessionSql.ToAsk(session, now.AddSeconds(-options.Value.AskProviderSeconds)), ct);
        if (due.Count == 0)
            return [];
        var mine = await database.WriteAsync((session, _) => ValueTask.FromResult(due.Where(s => SessionSql.TakeTurn(session, s, now)).ToList()), ct);
        var asked = new List<(SessionRow, string)>();
        foreach (var session in mine)
        {
            try
            {
                asked.Add((session, _seal.Unprotect(session.ProviderToken!)));
            }
            catch (CryptographicException)
            {
                await EndAsync(session.Id, SessionEnd.Provider, ct); // sealed with keys that are gone: nobody can vouch for it any more
            }
        }

        return asked;
    }

    internal Task KeepTokenAsync(string id, string refreshToken, CancellationToken ct) => database.WriteAsync((session, _) =>
    {
        SessionSql.KeepToken(session, id, _seal.Protect(refreshToken));
        return ValueTask.FromResult(true);
    }, ct);

    private async Task<T> ReadAsync<T>(Func<DbSession, T> read, CancellationToken ct)
    {
        using var session = await database.RentAsync(ct);
        return read(session);
    }

    private void Close(string id, SessionEnd why)
    {
        _inForce.TryRemove(id, out _);
        _seen.TryRemove(id, out _);
        if (_ended.Count > 100_000)
            _ended.Clear(); // the row still says it
        if (_ended.TryAdd(id, why))
            connections.Cut(id);
    }
}
