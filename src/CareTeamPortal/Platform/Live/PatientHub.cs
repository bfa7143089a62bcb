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
            watched.Viewers[connection] = new Viewer(watched.Enter(actor), reach);
        }

        // A viewer begins with what it was answered, so that a change that it may not see gives no tick, not even a first one. Until the answer is
        // known the pump passes it over; one more look afterwards finds what was committed in between.
        var cursor = await VisibleCursorAsync(patient, reach);
        if (watched.Viewers.TryGetValue(connection, out var viewer))
            viewer.Answered(cursor);
        watched.Subscription.Wake(cursor, Topics.All);

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
                watched.Leave(viewer.Person);
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
        var reaches = new List<Reach>(4);
        foreach (var (_, viewer) in watched.Viewers)
        {
            if (!reaches.Contains(viewer.Reach))
                reaches.Add(viewer.Reach);
        }

        foreach (var reach in reaches)
        {
            var cursor = await VisibleCursorAsync(patient, reach);
            var isBehind = false;
            foreach (var (_, viewer) in watched.Viewers)
                isBehind |= viewer.Reach == reach && viewer.Advance(cursor);
            if (!isBehind)
                continue; // what changed is not for this reach: no tick
            await hub.Clients.Group(Group(patient, reach)).SendAsync("Advanced", patient.Value, cursors.Hide(patient, cursor));
        }
    }

    private async Task<long> VisibleCursorAsync(PatientId patient, Reach reach)
    {
        using var session = await database.RentAsync(CancellationToken.None);
        return TimelineSql.VisibleCursor(session, patient, reach);
    }

    /// <summary>Who lost the right hears no more; whose reach became another hears by the new one. A person is looked up once, however many windows are open; a window costs a comparison.</summary>
    private async Task LookAtRightsAsync(PatientId patient, Watched watched)
    {
        Person[] people;
        lock (_gate)
            people = watched.People;
        foreach (var person in people)
            person.Reach = await desk.ReachAsync(person.Actor, patient, CancellationToken.None);
        foreach (var (connection, viewer) in watched.Viewers)
        {
            if (viewer.Person.Reach is not { } now)
                continue; // came while the others were looked up, with a fresh right; a wake-up follows
            if (now == viewer.Reach)
                continue;
            if (now.IsEmpty)
            {
                await RemoveAsync(connection, patient, CancellationToken.None);
                await hub.Clients.Client(connection).SendAsync("Closed", patient.Value);
            }
            else
            {
                var before = viewer.Reach;
                viewer.Reach = now;
                await hub.Groups.RemoveFromGroupAsync(connection, Group(patient, before));
                await hub.Groups.AddToGroupAsync(connection, Group(patient, now));
            }
        }
    }

    private static string Group(PatientId patient, Reach reach) => $"{patient}|{(int)reach.Audience}|{(int)reach.Categories}";

    [LoggerMessage(LogLevel.Warning, "A wake-up did not reach the hub's clients; the next one carries the same news.")]
    private static partial void TellFailed(ILogger logger, Exception fault);

    // No cursor is negative: nothing was answered yet.
    private const long Unknown = -1;

    /// <summary>One connection. What it was told last changes with every commit, for hundreds of them: in place, not by a new one.</summary>
    private sealed class Viewer(Person person, Reach reach)
    {
        private long _told = Unknown;

        public Person Person { get; } = person;

        /// <summary>Changed by the pump only.</summary>
        public Reach Reach { get; set; } = reach;

        /// <summary>What the connection was answered when it began to watch.</summary>
        public void Answered(long cursor) => Interlocked.CompareExchange(ref _told, cursor, Unknown);

        /// <summary>True when the cursor is news for this connection, which counts as told from now on.</summary>
        public bool Advance(long cursor)
        {
            var told = Volatile.Read(ref _told);
            if (told == cursor || told == Unknown)
                return false;
            Volatile.Write(ref _told, cursor);
            return true;
        }
    }

    /// <summary>Somebody with one or more connections. The same person in another role is another actor, with rights of its own.</summary>
    private sealed class Person(Actor actor)
    {
        public Actor Actor { get; } = actor;

        /// <summary>What the last look said; null before the first. Changed by the pump only.</summary>
        public Reach? Reach { get; set; }
        public int Connections { get; set; }
    }

    private sealed class Watched(LiveFeed.Subscription subscription)
    {
        /// <summary>Whoever has a connection. Replaced, never changed: a look goes on with what it took.</summary>
        public Person[] People { get; private set; } = [];

        /// <summary>One connection more, under the gate.</summary>
        public Person Enter(Actor actor)
        {
            var person = People.FirstOrDefault(p => p.Actor == actor);
            if (person is null)
                People = [.. People, person = new Person(actor)];
            person.Connections++;
            return person;
        }

        /// <summary>One connection fewer, under the gate.</summary>
        public void Leave(Person person)
        {
            if (--person.Connections == 0)
                People = [.. People.Where(p => p != person)];
        }

        public LiveFeed.Subscription Subscription { get; } = subscription;
        public ConcurrentDictionary<string, Viewer> Viewers { get; } = new(StringComparer.Ordinal);
        public Task? Pump { get; set; }

        /// <summary>One look at a time, or two would tell the same commit twice.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
