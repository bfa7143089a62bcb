using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Platform.Access;

/// <summary>
/// An open file: one actor, one patient, what that actor may see in it. The only way to a patient's data; made by <see cref="CareDesk"/> alone.
/// Use it for one operation; rights are looked up again at the next.
/// </summary>
internal sealed class PatientRoom
{
    private readonly CareDatabase _database;
    private readonly LiveFeed _live;
    private readonly TimeProvider _clock;
    private readonly CareAction _needs;
    private readonly Action<PatientId> _forget;
    private bool _committed;

    internal PatientRoom(Actor actor, PatientId patient, Reach reach, SharingRules rules, Grant grant, CareAction needs, AccessSource source, CareDatabase database, LiveFeed live, TimeProvider clock, Action<PatientId> forget)
    {
        Actor = actor;
        Patient = patient;
        Reach = reach;
        Rules = rules;
        Grant = grant;
        _needs = needs;
        _forget = forget;
        Source = source;
        _database = database;
        _live = live;
        _clock = clock;
    }

    public Actor Actor { get; }
    public PatientId Patient { get; }
    public Reach Reach { get; }
    public AccessSource Source { get; }

    /// <summary>The sharing rules by which it was opened.</summary>
    public SharingRules Rules { get; }

    /// <summary>Made by a benchmark's desk, which measures what looking at rights costs.</summary>
    internal bool IsUnguarded { get; init; }

    /// <summary>
    /// What somebody else sees here, when the actor looks as they do: drawings (<see cref="Data.LanesSql"/>) then show what both may see, each by the own reach. One reach made of
    /// both would be another thing: an entry for all is open to each by another part of its audience.
    /// </summary>
    public Reach? Through { get; set; }

    /// <summary>As what the actor stands in this file.</summary>
    public Discipline Role => SharingRules.RoleIn(Actor, Patient);

    /// <summary>What opened it: relation and consent.</summary>
    public Grant Grant { get; }

    /// <summary>Why it is open, for the access records.</summary>
    public AccessWhy Why => Actor.Person == Actor.Portal.Person ? default : new(Grant.Kind, Grant.Allows, OnBehalfOf, Rules.Number, null);

    /// <summary>For whom the actor acts, when it is not for themselves: a named proxy for the patient.</summary>
    public PersonId? OnBehalfOf { get; set; }

    /// <summary>Own file, or care.</summary>
    public AccessPurpose Purpose => Actor.OwnFile == Patient ? AccessPurpose.OwnFile : AccessPurpose.Care;

    /// <summary>
    /// Whether the actor may do this here. Who broke the glass reads and writes down what they did; the care itself stays with the team. Who may not see the team does not
    /// manage it: the answers would tell who is on it.
    /// </summary>
    public bool May(CareAction action) =>
        Rules.MayIn(Actor, Patient, action) && (action != CareAction.ManageTeam || Reach.Categories.HasFlag(InformationCategory.TeamAndAgenda)) && !(Grant.IsBreakGlass && action is (CareAction.DoTasks or CareAction.HandOff or CareAction.ManageTeam or CareAction.Pin));

    /// <summary>Names the rule that refuses.</summary>
    public ActionRefused Refusal(CareAction action, InformationCategory category = InformationCategory.None) =>
        new(action, Rules.MayIn(Actor, Patient, action) && action != CareAction.Write ? new RuleCitation(null, Rules.Number) : Rules.Cite(Role, Actor.Line, action, category));

    /// <summary>Now, UTC, to the microsecond (what every database can hold).</summary>
    public DateTime Now => _clock.UtcMicroseconds();

    /// <summary>Reads with a session that is given back afterwards.</summary>
    public async Task<T> ReadAsync<T>(Func<RoomReader, CancellationToken, ValueTask<T>> read, CancellationToken ct)
    {
        using var session = await _database.RentAsync(ct);
        await using var reader = new RoomReader(this, session);
        return await read(reader, ct);
    }

    /// <summary>Writes in one transaction; viewers are woken after the commit when the patient's cursor was raised.</summary>
    public async Task<T> CommitAsync<T>(Func<RoomWriter, CancellationToken, ValueTask<T>> write, CancellationToken ct)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        var (result, cursor, topics, rightsChanged) = await _database.WriteAsync(async (session, token) =>
        {
            session.Lock(Patient);
            RequireRights(session);
            await using var writer = new RoomWriter(this, session);
            var value = await write(writer, token);
            return (value, writer.Finish(), writer.HaveRightsChanged ? Topics.All : writer.Topics, writer.HaveRightsChanged);
        }, ct);
        Committed(cursor, topics, rightsChanged);
        _live.Told?.Invoke(System.Diagnostics.Stopwatch.GetElapsedTime(begun));
        return result;
    }

    /// <summary>Writes in several open files of one actor in one transaction: all of it, or nothing. Each room's right is looked at again in it, as for one; viewers of each file are woken after the commit.</summary>
    /// <param name="rooms">Each file once.</param>
    public static async Task<T> CommitTogetherAsync<T>(IReadOnlyList<PatientRoom> rooms, Func<IReadOnlyList<RoomWriter>, CancellationToken, ValueTask<T>> write, CancellationToken ct)
    {
        var (result, done) = await rooms[0]._database.WriteAsync(async (session, token) =>
        {
            var writers = new List<RoomWriter>(rooms.Count);
            try
            {
                foreach (var room in rooms.OrderBy(r => r.Patient.Value, StringComparer.Ordinal))
                    session.Lock(room.Patient); // in one order, so that two never wait for each other
                foreach (var room in rooms)
                {
                    room.RequireRights(session);
                    writers.Add(new RoomWriter(room, session));
                }

                var value = await write(writers, token);
                return (value, writers.ConvertAll(w => (w.Room, Cursor: w.Finish(), Topics: w.HaveRightsChanged ? Topics.All : w.Topics, w.HaveRightsChanged)));
            }
            finally
            {
                foreach (var writer in writers)
                    await writer.DisposeAsync();
            }
        }, ct);
        foreach (var (room, cursor, topics, rightsChanged) in done)
            room.Committed(cursor, topics, rightsChanged);
        return result;
    }

    /// <summary>
    /// Writes something that is no file's, and what follows from it in files, in one transaction: all of it, or nothing. For the portal's own work only: a file is opened by
    /// <paramref name="open"/> when the work comes to it. Viewers of each are woken after the commit.
    /// </summary>
    internal static async Task<T> CommitFollowingAsync<T>(CareDatabase database, Func<PatientId, PatientRoom> open, Func<DbSession, Func<PatientId, RoomWriter>, T> write, CancellationToken ct)
    {
        var (result, done) = await database.WriteAsync(async (session, _) =>
        {
            var writers = new Dictionary<PatientId, RoomWriter>();
            RoomWriter Of(PatientId patient)
            {
                if (writers.TryGetValue(patient, out var known))
                    return known;
                session.Lock(patient);
                return writers[patient] = new RoomWriter(open(patient), session);
            }

            try
            {
                var value = write(session, Of);
                return (value, writers.Values.Select(w => (w.Room, Cursor: w.Finish(), Topics: w.HaveRightsChanged ? Topics.All : w.Topics, w.HaveRightsChanged)).ToList());
            }
            finally
            {
                foreach (var writer in writers.Values)
                    await writer.DisposeAsync();
            }
        }, ct);
        foreach (var (room, cursor, topics, rightsChanged) in done)
            room.Committed(cursor, topics, rightsChanged);
        return result;
    }

    private void Committed(long? cursor, Topics topics, bool rightsChanged)
    {
        _committed = true;
        if (rightsChanged)
            _forget(Patient); // before anybody is woken: what they read next is read by the new rights
        if (cursor is { } raised)
            _live.Publish(Patient, raised, topics);
    }

    /// <summary>
    /// The right is looked at again in the transaction that uses it: whoever loses it in the middle of writing writes nothing after that. One look-up in an
    /// index that the writer has in memory.
    /// </summary>
    private void RequireRights(WriteSession session)
    {
        if (Actor.Person == Actor.Portal.Person || IsUnguarded)
            return;
        if (GrantSql.Find(session, Patient, Actor.Person, Now) is not { } grant)
            throw new PatientNotFound();
        if ((grant.Rules == 0 || grant.Rules == Rules.Number) && Rules.ReachIn(Actor, Patient).Within(grant.Allows) == Reach && grant.IsBreakGlass == Grant.IsBreakGlass)
            return;
        if (Rules.ReachIn(Actor, Patient).Within(grant.Allows).IsEmpty)
            throw new PatientNotFound();
        throw _committed ? Refusal(_needs) : new RightsMoved();
    }
}

/// <summary>What the actor may see became another between opening and writing. Nothing was written: the file is opened again and it is done anew.</summary>
internal sealed class RightsMoved() : Exception("The rights in this file changed meanwhile.");

/// <summary>Reading in an open file.</summary>
internal sealed class RoomReader(PatientRoom room, ReadSession session) : IAsyncDisposable
{
    private CareDbContext? _db;

    public PatientRoom Room => room;

    /// <summary>For the hand-written SQL of Platform/Data.</summary>
    public DbSession Session => session;

    /// <summary>EF Core, fenced to this patient and reach, not tracking.</summary>
    public CareDbContext Db
    {
        get
        {
            if (_db is null)
            {
                _db = session.NewContext(room.Patient, room.Reach);
                _db.ChangeTracker.QueryTrackingBehavior = Microsoft.EntityFrameworkCore.QueryTrackingBehavior.NoTracking;
            }

            return _db;
        }
    }

    public ValueTask DisposeAsync() => _db?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Writing in an open file, inside its transaction.</summary>
internal sealed class RoomWriter(PatientRoom room, WriteSession session) : IAsyncDisposable
{
    private CareDbContext? _db;
    private long _cursor;
    private long _stored;

    /// <summary>Rights in this file are others now: nobody's remembered ones count after the commit.</summary>
    internal bool HaveRightsChanged { get; private set; }

    public PatientRoom Room => room;

    /// <summary>For the hand-written SQL of Platform/Data.</summary>
    public DbSession Session => session;

    /// <summary>EF Core in this transaction, fenced to this patient and reach. Call SaveChanges yourself.</summary>
    public CareDbContext Db => _db ??= session.NewContext(room.Patient, room.Reach);

    /// <summary>Refuses an entry of a category that the rules do not let this role write.</summary>
    /// <exception cref="ActionRefused">The rule about this category does not give it.</exception>
    public void RequireWrite(InformationCategory category)
    {
        if (room.Actor.Person != Actor.Portal.Person && !room.Rules.MayWrite(room.Role, room.Actor.Line, category))
            throw room.Refusal(CareAction.Write, category);
    }

    /// <summary>What this commit may concern. A use case that writes nothing but lines of the timeline says so; whoever says nothing wakes everybody.</summary>
    public Topics Topics { get; set; } = Topics.Content;

    /// <summary>The next number of this patient's commits. The first call raises the row and so puts writers of one patient in order.</summary>
    public long NextCursor()
    {
        if (_cursor == 0)
            _cursor = _stored = CareStore.RaiseCursor(session, room.Patient, room.Now);
        else
            _cursor++;
        return _cursor;
    }

    /// <summary>Rights in this file changed: every open page and program looks again after the commit.</summary>
    public void RightsChanged()
    {
        NextCursor();
        HaveRightsChanged = true;
    }

    /// <summary>An access record of something that was done here.</summary>
    public void Record(CareAction action, string what) => CareStore.InsertAccessRecord(session, room.Patient, room.Actor.Person, room.Now, room.Purpose, room.Source, action, true, what, room.Why);

    /// <summary>An access record of each entry that was written here: within one opening of a file, what was done in it stands in the log.</summary>
    /// <param name="changes"><c>Type/id/_history/version</c>.</param>
    public void RecordWritten(params IReadOnlyList<string> changes)
    {
        if (changes.Count > 0 && !room.IsUnguarded)
            CareStore.InsertAccessRecords(session, room.Patient, room.Actor.Person, room.Now, room.Purpose, room.Source, CareAction.Write, changes, room.Why);
    }

    /// <summary>Writes the last number taken; null when none was.</summary>
    internal long? Finish()
    {
        if (_cursor == 0)
            return null;
        if (_cursor != _stored)
            CareStore.SetCursor(session, room.Patient, _cursor);
        return _cursor;
    }

    public ValueTask DisposeAsync() => _db?.DisposeAsync() ?? ValueTask.CompletedTask;
}
