using System.Collections.Concurrent;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Rules;

/// <summary>
/// A patient, or a named proxy, looks at the file as somebody of the team, or a role, would see it: by the reach that the portal would give them this moment. Only what the
/// patient may see too is shown, so that nothing here tells what was written for professionals alone. Nobody acts: nothing is written in the other's name, their visit
/// does not move, and the access record says who looked, and as whom.
/// </summary>
internal sealed class ViewFileAs(CareDesk desk, PeopleDirectory people, TimeProvider clock) : PatientUseCase<ViewFileAs.Request, ViewFileAs.Result>(desk)
{
    /// <summary>Begins what of an access record: "view-as/sofie.maes", "view-as/role/Pharmacist".</summary>
    public const string Record = "view-as/";

    private readonly CareDesk _desk = desk;
    private readonly ConcurrentDictionary<(PersonId, PatientId, string), DateTime> _recorded = new();

    /// <param name="Person">Somebody of the team; null for a role.</param>
    /// <param name="Role">A role of which nobody is meant in particular.</param>
    /// <param name="Before">Older than this place; null for the newest.</param>
    /// <param name="Lanes">Draw the care lines of this period too; null: not.</param>
    internal sealed record Request(PersonId? Person, Discipline? Role = null, CareLine? Line = null, ReadTimeline.Place? Before = null, int Count = 40, ReadLanes.Request? Lanes = null);

    internal abstract record Result;

    /// <summary>Not on the team now; also for whom the portal does not know.</summary>
    internal sealed record NotOnTheTeam : Result;

    /// <param name="Reach">What they reach.</param>
    /// <param name="Categories">Each category, and why it is shown to them or is not.</param>
    /// <param name="Entries">What both they and the patient may see, newest first; no answers are counted.</param>
    internal sealed record Seen(Discipline Role, CareLine Line, Reach Reach, IReadOnlyList<Why> Categories, IReadOnlyList<TimelineEntry> Entries, bool HasMore) : Result
    {
        /// <summary>Open tasks that both may see.</summary>
        public IReadOnlyList<TaskView> Tasks { get; init; } = [];

        /// <summary>Hand-offs between care lines that both may see, open ones first.</summary>
        public IReadOnlyList<TaskView> Handoffs { get; init; } = [];

        /// <summary>The care lines as drawn from what both may see; when they were asked for.</summary>
        public LanesPicture? Lanes { get; init; }

        /// <summary>The last of every quantity that both may see.</summary>
        public IReadOnlyList<QuietQuantity> Measured { get; init; } = [];
    }

    /// <param name="Reads">Shown to them.</param>
    /// <param name="ClosedByPatient">The rules give it; the patient's decisions do not.</param>
    /// <param name="Rule">The rule about it.</param>
    internal sealed record Why(InformationCategory Category, bool Reads, bool ClosedByPatient, RuleCitation Rule);

    private const int MostTasks = 200;

    protected override CareAction Needs => CareAction.Read; // who looks over the team's shoulder: the patient by the table, a proxy by name

    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        await room.ReadAsync((reader, _) =>
        {
            ReadWhoLooked.RequireReader(reader.Session, room);
            return ValueTask.FromResult(true);
        }, ct);
        Discipline role;
        CareLine line;
        Reach reach;
        InformationCategory allows;
        string whom;
        if (request.Person is { } person)
        {
            var (row, grant) = (people.Find(person), await room.ReadAsync((reader, _) => ValueTask.FromResult(GrantSql.OnTeam(reader.Session, room, person)), ct));
            if (row is not { DeactivatedAt: null } || grant is not { } shared || people.ActorFor(person) is not { } other)
                return new NotOnTheTeam();
            // The very look by which the desk opens files to them.
            (role, line, reach, allows, whom) = (SharingRules.RoleIn(other, room.Patient), other.Line, await _desk.ReachAsync(other, room.Patient, ct), shared, person.Value);
        }
        else if (request.Role is { } asked && asked.Kind() is not (RoleKind.None or RoleKind.Patient))
        {
            (role, line) = (asked, request.Line ?? Roles.LineOf(asked));
            var decided = await room.ReadAsync((reader, _) => ValueTask.FromResult(ConsentSql.Of(reader.Session, room.Patient, room.Now)), ct);
            allows = Consents.MayShare(decided, default, null, isThePatient: false, room.Now);
            (reach, whom) = (room.Rules.ReachOf(role, line).Within(allows), $"role/{role}");
        }
        else
        {
            return new NotOnTheTeam();
        }

        await RecordAsync(room, whom, ct);
        var (entries, more) = reach.IsEmpty ? ([], false) : await room.ReadAsync((reader, _) => ValueTask.FromResult(Page(reader, reach, request)), ct);
        IReadOnlyList<TaskView> Both(RoomReader reader, bool handoffs, bool open) => [.. TaskSql.OfPatient(reader.Session, room, handoffs, open, MostTasks)
            .Where(t => reach.Sees(t.Audience, t.Category)).Select(t => TaskView.From(t, "", default, null, people, room.Now))];
        var (tasks, handoffs, measured) = reach.IsEmpty ? ([], [], []) : await room.ReadAsync(async (reader, token) => (Both(reader, handoffs: false, open: true),
            (IReadOnlyList<TaskView>)[.. Both(reader, handoffs: true, open: true), .. Both(reader, handoffs: true, open: false)], await ReadMeasurements.LatestAsync(reader, reach, token)), ct);
        LanesPicture? lanes = null;
        if (request.Lanes is { } drawn && !reach.IsEmpty)
        {
            room.Through = reach;
            lanes = (await ReadLanes.ReadAsync(room, people, drawn with { After = null }, ct))?.Picture;
            room.Through = null;
        }

        var given = room.Rules.LineOf(role, line)?.Read ?? InformationCategory.None;
        return new Seen(role, line, reach,
            [.. RuleDocuments.List(InformationCategory.All).Select(c => new Why(c, (reach.Categories & c) != 0, (given & c) != 0 && (allows & c) == 0, room.Rules.Cite(role, line, CareAction.Read, c)))],
            entries, more) { Tasks = tasks, Handoffs = handoffs, Measured = measured, Lanes = lanes };
    }

    /// <summary>The patient's own read, page by page, and of it what the other would be shown: so its length and its end say nothing about what only the other sees.</summary>
    private static (List<TimelineEntry> Entries, bool HasMore) Page(RoomReader reader, Reach theirs, Request request)
    {
        var count = Math.Clamp(request.Count, 1, 200);
        var entries = new List<TimelineEntry>(count + 1);
        (DateTime, long)? place = request.Before is { } before ? (before.Time, before.Seq) : null;
        while (entries.Count <= count)
        {
            var rows = TimelineSql.Page(reader.Session, reader.Room, place, TimelineFilter.None, 200);
            foreach (var row in rows.Where(r => theirs.Sees(r.Audience, r.Category)))
                entries.Add(TimelineEntry.From(row, default));
            if (rows.Count < 200)
                break;
            place = (rows[^1].Time, rows[^1].Seq);
        }

        var more = entries.Count > count;
        return (more ? entries[..count] : entries, more);
    }

    /// <summary>Once for each look, as for any opening of a file.</summary>
    private async Task RecordAsync(PatientRoom room, string whom, CancellationToken ct)
    {
        var (key, now) = ((room.Actor.Person, room.Patient, whom), clock.UtcMicroseconds());
        if (_recorded.TryGetValue(key, out var at) && now - at < CareDesk.OpeningLasts)
            return;
        await room.CommitAsync((writer, _) =>
        {
            CareStore.InsertAccessRecord(writer.Session, room.Patient, room.Actor.Person, room.Now, room.Purpose, room.Source, CareAction.Read, true, Record + whom, room.Why);
            return ValueTask.FromResult(true);
        }, ct);
        if (_recorded.Count > 10_000)
            _recorded.Clear(); // one record too many is harmless
        _recorded[key] = now;
    }
}
