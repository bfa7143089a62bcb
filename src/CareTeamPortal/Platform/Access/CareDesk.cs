using System.Collections.Concurrent;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Platform.Access;

/// <summary>The desk where files are asked for: checks the right, writes the access record, hands out the room. No record, no data.</summary>
internal sealed class CareDesk
{
    /// <summary>One record per opening; an opening is renewed after this.</summary>
    internal static readonly TimeSpan OpeningLasts = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan RightLasts = TimeSpan.FromSeconds(1);

    private static readonly Lazy<Task> Written = new(Task.CompletedTask);

    private readonly CareDatabase _database;
    private readonly LiveFeed _live;
    private readonly RuleBook _rules;
    private readonly TimeProvider _clock;
    private readonly bool _unguarded;
    private readonly ConcurrentDictionary<Opening, (DateTime Since, Lazy<Task> Record)> _openings = new();
    private readonly ConcurrentDictionary<(PersonId, PatientId), (DateTime Until, Grant Grant)> _members = new();

    public CareDesk(CareDatabase database, LiveFeed live, RuleBook rules, TimeProvider clock)
    {
        (_database, _live, _rules, _clock) = (database, live, rules, clock);
        rules.Changed += live.WakeAll; // other rules: everyone reads again, by the new ones
        live.RightsChangedElsewhere += ForgetRights; // or who is woken at once would read by rights that are a second old, and nobody would wake them again
    }

    /// <summary>Called each time that something was refused; must not wait.</summary>
    public Action? Refused { get; set; }

    /// <summary>
    /// Without check and without record, to measure what these cost. Only a benchmark can make one: it is no setting, the services take the public
    /// constructor, and a test holds that no line of the program calls this.
    /// </summary>
    internal static CareDesk Unguarded(CareDatabase database, LiveFeed live, RuleBook rules, TimeProvider clock) => new(database, live, rules, clock, unguarded: true);

    private CareDesk(CareDatabase database, LiveFeed live, RuleBook rules, TimeProvider clock, bool unguarded) : this(database, live, rules, clock) => _unguarded = unguarded;

    /// <summary>Opens a file.</summary>
    /// <exception cref="PatientNotFound">There is no such file, or it is not open to this actor.</exception>
    /// <exception cref="ActionRefused">The file is open, this action is not.</exception>
    public async Task<PatientRoom> OpenAsync(Actor actor, PatientId patient, CareAction needs, AccessSource source, CancellationToken ct)
    {
        if (_unguarded)
            return new PatientRoom(actor, patient, _rules.Current.ReachIn(actor, patient), _rules.Current, default, needs, source, _database, _live, _clock, ForgetRights) { IsUnguarded = true };
        var (grant, table, reach) = await RightAsync(actor, patient, ct);
        var allowed = !reach.IsEmpty;
        await RecordAsync(actor, patient, source, needs, allowed, new AccessWhy(allowed ? grant.Kind : null, allowed ? grant.Allows : null, null, table.Number, null), ct);
        if (!allowed)
        {
            Refused?.Invoke();
            throw new PatientNotFound();
        }

        var room = new PatientRoom(actor, patient, reach, table, grant, needs, source, _database, _live, _clock, ForgetRights);
        if (room.May(needs))
            return room;
        Refused?.Invoke();
        var refusal = room.Refusal(needs);
        await RecordRefusalAsync(room, refusal, ct);
        throw refusal;
    }

    /// <summary>
    /// What the actor may see in this file now; <see cref="Reach.None"/> when it is closed or does not exist.
    /// A yes may be a second old, so that two hundred viewers do not ask the database two hundred times per change; a no is always fresh.
    /// </summary>
    public async ValueTask<Reach> ReachAsync(Actor actor, PatientId patient, CancellationToken ct)
    {
        var (_, _, reach) = await RightAsync(actor, patient, ct);
        return reach;
    }

    /// <summary>Access is consent AND relation AND the role's line in the rules: the membership carries the first two, the table the third.</summary>
    private async ValueTask<(Grant Grant, SharingRules Rules, Reach Reach)> RightAsync(Actor actor, PatientId patient, CancellationToken ct)
    {
        var now = _clock.UtcMicroseconds();
        if (!_members.TryGetValue((actor.Person, patient), out var known) || known.Until <= now)
        {
            using var session = await _database.RentAsync(ct);
            if (GrantSql.Find(session, patient, actor.Person, now) is not { } found)
            {
                _members.TryRemove((actor.Person, patient), out _);
                return (default, _rules.Current, Reach.None);
            }

            _rules.Follow(session, found.Rules);
            if (_members.Count > 100_000)
                _members.Clear();
            known = (now + RightLasts < found.Until ? now + RightLasts : found.Until, found);
            _members[(actor.Person, patient)] = known;
        }

        var table = _rules.Current;
        return (known.Grant, table, table.ReachIn(actor, patient).Within(known.Grant.Allows));
    }

    /// <summary>Rights in this file changed: the next operation looks again.</summary>
    public void ForgetRights(PersonId person, PatientId patient) => _members.TryRemove((person, patient), out _);

    /// <summary>Rights of everyone in this file changed.</summary>
    public void ForgetRights(PatientId patient)
    {
        foreach (var (key, _) in _members)
        {
            if (key.Item2 == patient)
                _members.TryRemove(key, out _);
        }
    }

    /// <summary>Something was refused in an open file: in the record, with the rule, once per opening.</summary>
    public async Task RecordRefusalAsync(PatientRoom room, ActionRefused refused, CancellationToken ct)
    {
        var opening = new Opening(room.Actor.Person, room.Patient, room.Purpose, room.Source, false, false, refused.Rule.Rule ?? refused.Action.ToString());
        if (!IsRecorded(opening, _clock.UtcMicroseconds()))
            await RecordAsync(opening, refused.Action, room.Why with { Rule = refused.Rule.Rule, RuleVersion = refused.Rule.Version }, ct);
    }

    /// <summary>
    /// What somebody does about a file that is not open to them, in an emergency. The attempt is in the file's access record, whatever comes of it; when
    /// something was done, everyone who has the file open looks again.
    /// </summary>
    public async Task<T> InEmergencyAsync<T>(Actor actor, PatientId patient, Func<DbSession, SharingRules, DateTime, (T Value, string? Done)> job, CancellationToken ct)
    {
        var now = _clock.UtcMicroseconds();
        var (result, raised) = await _database.WriteAsync((session, _) =>
        {
            session.Lock(patient);
            var table = _rules.Follow(session, RuleSql.CurrentNumber(session) ?? 0);
            var (value, done) = job(session, table, now);
            CareStore.InsertAccessRecord(session, patient, actor.Person, now, AccessPurpose.Care, AccessSource.Page, CareAction.BreakGlass, done is not null, done, new AccessWhy(done is null ? null : RelationKind.BreakGlass, null, null, table.Number, null));
            return ValueTask.FromResult((value, done is null ? (long?)null : CareStore.RaiseCursor(session, patient, now)));
        }, ct);
        if (raised is { } cursor)
        {
            ForgetRights(patient);
            _live.Publish(patient, cursor);
        }

        return result;
    }

    /// <summary>Reads across the files that are open to an actor: lists and counts, every query of which filters by grants (Platform/Data).</summary>
    public async Task<T> ReadAcrossAsync<T>(Actor actor, Func<DbSession, Actor, AcrossReach, CancellationToken, ValueTask<T>> read, CancellationToken ct)
    {
        using var session = await _database.RentAsync(ct);
        return await read(session, actor, _rules.Look(session, _clock.UtcMicroseconds()).ReachAcross(actor), ct);
    }

    /// <summary>
    /// Reads across the files that are open to an actor, where what is shown is content: each file whose words are shown gets its access record,
    /// as when it is opened, before the words leave here.
    /// </summary>
    public async Task<T> ShowAcrossAsync<T>(Actor actor, Func<DbSession, Actor, AcrossReach, CancellationToken, ValueTask<(T Value, IEnumerable<PatientId> Shown)>> read, CancellationToken ct, AccessSource source = AccessSource.Overview)
    {
        var (value, shown) = await ReadAcrossAsync(actor, read, ct);
        var now = _clock.UtcMicroseconds();
        HashSet<Opening>? fresh = null; // mostly nothing is
        foreach (var patient in shown)
        {
            var opening = new Opening(actor.Person, patient, actor.OwnFile == patient ? AccessPurpose.OwnFile : AccessPurpose.Care, source, true, false);
            if (source == AccessSource.Export || !IsRecorded(opening, now)) // each file that goes out is one more
                (fresh ??= []).Add(opening);
        }

        if (fresh is null)
            return value;
        await _database.WriteAsync((session, _) =>
        {
            foreach (var opening in fresh)
            {
                var grant = GrantSql.Find(session, opening.Patient, opening.Person, now);
                CareStore.InsertAccessRecord(session, opening.Patient, opening.Person, now, opening.Purpose, opening.Source, CareAction.Read, true, null, new AccessWhy(grant?.Kind, grant?.Allows, null, _rules.Current.Number, null));
            }

            return ValueTask.FromResult(true);
        }, ct);
        foreach (var opening in fresh)
            _openings[opening] = (now, Written);
        return value;
    }

    /// <summary>Takes data in, in one transaction; viewers of the patients concerned are woken after the commit.</summary>
    public async Task<T> TakeInAsync<T>(IntakeAuthority authority, Func<Intake, T> job, CancellationToken ct)
    {
        var now = _clock.UtcMicroseconds();
        var (result, opened, raised) = await _database.WriteAsync((session, _) =>
        {
            var intake = new Intake(session, authority, _rules.Current, now, opening => IsRecorded(opening, now));
            var value = job(intake);
            intake.Finish();
            return ValueTask.FromResult((value, intake.Opened, intake.Raised.ToList()));
        }, ct);
        foreach (var opening in opened)
            _openings[opening] = (now, Written);
        foreach (var (patient, cursor) in raised)
            _live.Publish(patient, cursor);
        return result;
    }

    /// <summary>
    /// A room for the portal's own clock: reminders, escalations, series. Nobody reads through it; what it writes carries the portal's name
    /// and its own audit record.
    /// </summary>
    public PatientRoom RoomForTheClock(PatientId patient) =>
        new(Actor.Portal, patient, new Reach(Audience.WholeTeam, InformationCategory.All), _rules.Current, default, CareAction.Read, AccessSource.Background, _database, _live, _clock, ForgetRights);

    /// <summary>What the clock has to do: ids only.</summary>
    public async Task<T> ReadForTheClockAsync<T>(Func<DbSession, T> read, CancellationToken ct)
    {
        using var session = await _database.RentAsync(ct);
        return read(session);
    }

    /// <summary>Keeps something that is the actor's own and no patient's: a saved view, an absence, a notice put away.</summary>
    public Task<T> KeepOwnAsync<T>(Actor actor, Func<DbSession, Actor, DateTime, T> write, CancellationToken ct) =>
        _database.WriteAsync((session, _) =>
        {
            session.Lock(actor.Person);
            return ValueTask.FromResult(write(session, actor, _clock.UtcMicroseconds()));
        }, ct);

    /// <summary>Keeps something of the portal's own and does what follows from it in files, in one transaction; the portal's clock opens the files.</summary>
    public Task<T> KeepWithFilesAsync<T>(Func<DbSession, DateTime, Func<PatientId, RoomWriter>, T> write, CancellationToken ct) =>
        PatientRoom.CommitFollowingAsync(_database, RoomForTheClock, (session, open) => write(session, _clock.UtcMicroseconds(), open), ct);

    /// <summary>The chain of access records that is about no file. A FHIR id has no underscore, so no patient has this one.</summary>
    public static PatientId RecordsOfAdministration { get; } = new("_administration");

    /// <summary>Now, UTC, to the microsecond.</summary>
    public DateTime Now => _clock.UtcMicroseconds();

    /// <summary>Writes down what an administrator did, in a chain of its own: it is about people and roles, not about a file.</summary>
    public Task RecordAdministrationAsync(Actor actor, string what, CancellationToken ct) => _database.WriteAsync((session, _) =>
    {
        CareStore.InsertAccessRecord(session, RecordsOfAdministration, actor.Person, Now, AccessPurpose.Administration, AccessSource.Page, CareAction.Administer, true, what);
        return ValueTask.FromResult(true);
    }, ct);

    private Task RecordAsync(Actor actor, PatientId patient, AccessSource source, CareAction needs, bool allowed, AccessWhy why, CancellationToken ct)
    {
        var purpose = actor.OwnFile == patient ? AccessPurpose.OwnFile : AccessPurpose.Care;
        var opening = new Opening(actor.Person, patient, purpose, source, allowed, needs == CareAction.RevealNationalNumber);
        return IsRecorded(opening, _clock.UtcMicroseconds()) ? Task.CompletedTask : RecordAsync(opening, needs, why, ct);
    }

    private async Task RecordAsync(Opening opening, CareAction needs, AccessWhy why, CancellationToken ct)
    {
        var now = _clock.UtcMicroseconds();
        while (true)
        {
            if (_openings.TryGetValue(opening, out var present) && now - present.Since < OpeningLasts)
            {
                // A page opens the file several times at the same moment: one of them writes, all wait until it is written.
                try
                {
                    await present.Record.Value.WaitAsync(ct);
                    return;
                }
                catch (Exception) when (!ct.IsCancellationRequested)
                {
                    _openings.TryRemove(new(opening, present)); // not written: no record, no data, so try again
                    await WriteRecordAsync(opening, needs, now, why);
                    return;
                }
            }

            if (_openings.Count > 100_000)
                _openings.Clear(); // one record too many is harmless, a leak is not
            var mine = (now, new Lazy<Task>(() => WriteRecordAsync(opening, needs, now, why)));
            if (present.Record is null ? _openings.TryAdd(opening, mine) : _openings.TryUpdate(opening, mine, present))
                present = mine;
        }
    }

    // Shared by all who wait for it, so nobody's cancellation ends it.
    private Task WriteRecordAsync(Opening opening, CareAction needs, DateTime now, AccessWhy why) => _database.WriteAsync((session, _) =>
    {
        CareStore.InsertAccessRecord(session, opening.Patient, opening.Person, now, opening.Purpose, opening.Source, needs, opening.Allowed, null, why);
        return ValueTask.FromResult(true);
    }, CancellationToken.None);

    private bool IsRecorded(Opening opening, DateTime now) =>
        _openings.TryGetValue(opening, out var present) && now - present.Since < OpeningLasts && present.Record.Value.IsCompletedSuccessfully;
}

/// <summary>What counts as one opening of a file in the access records.</summary>
internal readonly record struct Opening(PersonId Person, PatientId Patient, AccessPurpose Purpose, AccessSource Source, bool Allowed, bool Revealing, string? Refused = null);
