using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// The hub for programs: <c>Watch(patientId, cursor|null)</c>, <c>Unwatch(patientId)</c>; the client receives <c>Advanced(patientId, cursor)</c>
/// and reads <c>$timeline?after=</c>. Cursors only, no content.
/// </summary>
[Authorize]
internal sealed class PatientHub(CareDesk desk, CareDatabase database, CursorCodec cursors, PatientHubRelay relay, CurrentActor current) : Hub
{
    /// <summary>Begins to watch. Answers the current cursor; when the given one is older, <c>Advanced</c> follows.</summary>
    public async Task<string> Watch(string patientId, string? cursor)
    {
        var (actor, patient) = Who(patientId);
        var room = await OpenAsync(actor, patient);
        await relay.AddAsync(Context.ConnectionId, actor, patient, room.Reach, Context.ConnectionAborted);
        long now;
        using (var session = await database.RentAsync(Context.ConnectionAborted))
            now = TimelineSql.VisibleCursor(session, patient, room.Reach);
        var hidden = cursors.Hide(patient, now);
        if (cursor is not null && cursor != hidden)
            await Clients.Caller.SendAsync("Advanced", patientId, hidden, Context.ConnectionAborted);
        return hidden;
    }

    /// <summary>Stops watching.</summary>
    public async Task Unwatch(string patientId)
    {
        var (_, patient) = Who(patientId);
        await relay.RemoveAsync(Context.ConnectionId, patient, Context.ConnectionAborted);
    }

    /// <inheritdoc/>
    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await relay.RemoveAllAsync(Context.ConnectionId);
        await base.OnDisconnectedAsync(exception);
    }

    private async Task<PatientRoom> OpenAsync(Actor actor, PatientId patient)
    {
        try
        {
            return await desk.OpenAsync(actor, patient, CareAction.Read, AccessSource.Hub, Context.ConnectionAborted);
        }
        catch (PatientNotFound)
        {
            throw new HubException("not-found");
        }
    }

    private (Actor Actor, PatientId Patient) Who(string patientId) =>
        current.From(Context.User) is { } actor && PatientId.TryParse(patientId) is { } patient ? (actor, patient) : throw new HubException("not-found");
}

/// <summary>
/// Carries wake-ups to hub clients: one pump per watched patient, one look at the cursor per reach, one message per group of viewers with the
/// same reach. Rights are looked at again before each message.
/// </summary>
internal sealed partial class PatientHubRelay(LiveFeed live, IHubContext<PatientHub> hub, CareDesk desk, CareDatabase database, CursorCodec cursors, ILogger<PatientHubRelay> log)
{
    private readonly ConcurrentDictionary<PatientId, Watched> _watched = new();
    private readonly Lock _gate = new();

    /// <summary>How many connections watch; tests assert zero in the end.</summary>
    public int ConnectionCount => _watched.Values.Sum(w => w.Viewers.Count);

    public async Task AddAsync(string connection, Actor actor, PatientId patient, Reach reach, CancellationToken ct)
    {
        await hub.Groups.AddToGroupAsync(connection, Group(patient, reach), ct);
        lock (_gate)
        {
            if (!_watched.TryGetValue(patient, out var watched))
            {
                _watched[patient] = watched = new Watched(live.Subscribe(patient));
                watched.Pump = PumpAsync(patient, watched);
            }

            watched.Viewers[connection] = (actor, reach);
        }
    }

    public async Task RemoveAsync(string connection, PatientId patient, CancellationToken ct)
    {
        Reach? reach = null;
        lock (_gate)
        {
            if (_watched.TryGetValue(patient, out var watched) && watched.Viewers.TryRemove(connection, out var viewer))
            {
                reach = viewer.Reach;
                if (watched.Viewers.IsEmpty)
                {
                    _watched.TryRemove(patient, out _);
                    watched.Subscription.Dispose();
                }
            }
        }

        if (reach is { } left)
            await hub.Groups.RemoveFromGroupAsync(connection, Group(patient, left), ct);
    }

    public async Task RemoveAllAsync(string connection)
    {
        foreach (var patient in _watched.Where(w => w.Value.Viewers.ContainsKey(connection)).Select(w => w.Key).ToList())
            await RemoveAsync(connection, patient, CancellationToken.None);
    }

    private async Task PumpAsync(PatientId patient, Watched watched)
    {
        await foreach (var _ in watched.Subscription.Wakes.ReadAllAsync())
        {
            try
            {
                await TellAsync(patient, watched);
            }
            catch (Exception fault)
            {
                TellFailed(log, fault);
            }
        }
    }

    private async Task TellAsync(PatientId patient, Watched watched)
    {
        await DropWhoLostTheRightAsync(patient, watched);
        foreach (var reach in watched.Viewers.Values.Select(v => v.Reach).Distinct().ToList())
        {
            long cursor;
            using (var session = await database.RentAsync(CancellationToken.None))
                cursor = TimelineSql.VisibleCursor(session, patient, reach);
            if (watched.Told.TryGetValue(reach, out var told) && told == cursor)
                continue; // what changed is not for this reach: no tick
            watched.Told[reach] = cursor;
            await hub.Clients.Group(Group(patient, reach)).SendAsync("Advanced", patient.Value, cursors.Hide(patient, cursor));
        }
    }

    private async Task DropWhoLostTheRightAsync(PatientId patient, Watched watched)
    {
        foreach (var viewers in watched.Viewers.GroupBy(v => v.Value.Actor.Person).ToList())
        {
            var (actor, reach) = viewers.First().Value;
            var now = await desk.ReachAsync(actor, patient, CancellationToken.None);
            if (now == reach)
                continue;
            foreach (var connection in viewers.Select(v => v.Key))
                await RemoveAsync(connection, patient, CancellationToken.None);
        }
    }

    private static string Group(PatientId patient, Reach reach) => $"{patient}|{(int)reach.Audience}|{(int)reach.Categories}";

    [LoggerMessage(LogLevel.Warning, "A wake-up did not reach the hub's clients; the next one carries the same news.")]
    private static partial void TellFailed(ILogger logger, Exception fault);

    private sealed class Watched(LiveFeed.Subscription subscription)
    {
        public LiveFeed.Subscription Subscription { get; } = subscription;
        public ConcurrentDictionary<string, (Actor Actor, Reach Reach)> Viewers { get; } = new(StringComparer.Ordinal);
        public Dictionary<Reach, long> Told { get; } = [];
        public Task? Pump { get; set; }
    }
}
