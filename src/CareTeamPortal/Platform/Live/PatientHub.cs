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
internal sealed class PatientHub(CareDesk desk, CursorCodec cursors, PatientHubRelay relay, CurrentActor current) : Hub
{
    /// <summary>Begins to watch. Answers the current cursor; when the given one is older, <c>Advanced</c> follows.</summary>
    public async Task<string> Watch(string patientId, string? cursor)
    {
        var (actor, patient) = Who(patientId);
        var room = await OpenAsync(actor, patient);
        var hidden = cursors.Hide(patient, await relay.AddAsync(Context.ConnectionId, actor, patient, room.Reach, Context.ConnectionAborted));
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

    /// <summary>Begins to tell a connection. Answers the cursor from which it is told.</summary>
    public async Task<long> AddAsync(string connection, Actor actor, PatientId patient, Reach reach, CancellationToken ct)
    {
        await RemoveAsync(connection, patient, ct); // watching anew: the reach may be another now
        await hub.Groups.AddToGroupAsync(connection, Group(patient, reach), ct);
        Watched watched;
        lock (_gate)
        {
            if (!_watched.TryGetValue(patient, out var present))
            {
                _watched[patient] = present = new Watched(live.Subscribe(patient));
                present.Pump = PumpAsync(patient, present);
            }

            watched = present;
            watched.Viewers[connection] = new Viewer(actor, reach, Unknown);
        }

        // A viewer begins with what it was answered, so that a change that it may not see gives no tick, not even a first one. Until the answer is
        // known the pump passes it over; one more look afterwards finds what was committed in between.
        var cursor = await VisibleCursorAsync(patient, reach);
        while (watched.Viewers.TryGetValue(connection, out var viewer) && viewer.Told == Unknown)
            watched.Viewers.TryUpdate(connection, viewer with { Told = cursor }, viewer);
        watched.Subscription.Wake(cursor);

        // The connection may have ended while it was being added: its removal looked too early then.
        if (ct.IsCancellationRequested)
            await RemoveAsync(connection, patient, CancellationToken.None);
        return cursor;
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

    /// <summary>One look at all that is watched, beside the pumps: afterwards everyone has been told of every commit so far.</summary>
    internal async Task SettleAsync()
    {
        foreach (var (patient, watched) in _watched)
            await TellAsync(patient, watched);
    }

    private async Task TellAsync(PatientId patient, Watched watched)
    {
        await watched.Turn.WaitAsync();
        try
        {
            await TellInTurnAsync(patient, watched);
        }
        finally
        {
            watched.Turn.Release();
        }
    }

    private async Task TellInTurnAsync(PatientId patient, Watched watched)
    {
        await LookAtRightsAsync(patient, watched);
        foreach (var reach in watched.Viewers.Values.Select(v => v.Reach).Distinct().ToList())
        {
            var cursor = await VisibleCursorAsync(patient, reach);
            var behind = watched.Viewers.Where(v => v.Value.Reach == reach && v.Value.Told != cursor && v.Value.Told != Unknown).ToList();
            if (behind.Count == 0)
                continue; // what changed is not for this reach: no tick
            foreach (var (connection, viewer) in behind)
                watched.Viewers.TryUpdate(connection, viewer with { Told = cursor }, viewer);
            await hub.Clients.Group(Group(patient, reach)).SendAsync("Advanced", patient.Value, cursors.Hide(patient, cursor));
        }
    }

    private async Task<long> VisibleCursorAsync(PatientId patient, Reach reach)
    {
        using var session = await database.RentAsync(CancellationToken.None);
        return TimelineSql.VisibleCursor(session, patient, reach);
    }

    /// <summary>Who lost the right hears no more; whose reach became another hears by the new one.</summary>
    private async Task LookAtRightsAsync(PatientId patient, Watched watched)
    {
        foreach (var (connection, viewer) in watched.Viewers)
        {
            var now = await desk.ReachAsync(viewer.Actor, patient, CancellationToken.None);
            if (now == viewer.Reach)
                continue;
            if (now.IsEmpty)
            {
                await RemoveAsync(connection, patient, CancellationToken.None);
            }
            else if (watched.Viewers.TryUpdate(connection, viewer with { Reach = now }, viewer))
            {
                await hub.Groups.RemoveFromGroupAsync(connection, Group(patient, viewer.Reach));
                await hub.Groups.AddToGroupAsync(connection, Group(patient, now));
            }
        }
    }

    private static string Group(PatientId patient, Reach reach) => $"{patient}|{(int)reach.Audience}|{(int)reach.Categories}";

    [LoggerMessage(LogLevel.Warning, "A wake-up did not reach the hub's clients; the next one carries the same news.")]
    private static partial void TellFailed(ILogger logger, Exception fault);

    // No cursor is negative: nothing was answered yet.
    private const long Unknown = -1;

    /// <param name="Told">The cursor that this connection was told last.</param>
    private sealed record Viewer(Actor Actor, Reach Reach, long Told);

    private sealed class Watched(LiveFeed.Subscription subscription)
    {
        public LiveFeed.Subscription Subscription { get; } = subscription;
        public ConcurrentDictionary<string, Viewer> Viewers { get; } = new(StringComparer.Ordinal);
        public Task? Pump { get; set; }

        /// <summary>One look at a time, or two would tell the same commit twice.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
