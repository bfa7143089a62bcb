using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>A hand-off in a list.</summary>
/// <param name="Age">Of the patient, in years.</param>
/// <param name="Tasks">How many tasks travel along.</param>
public sealed record HandoffCard(TaskView View, IllnessSeverity? Severity, int Tasks, int? Age, DateTime? Until)
{
    /// <summary>Ids of the travelling tasks that are proposed for the reader.</summary>
    public IReadOnlyList<string> Coming { get; init; } = [];

    public string Href => $"/patients/{View.Patient}/handoffs/{View.Id}";
}

/// <summary>A hand-off that its sender is still writing.</summary>
public sealed record HandoffConcept(PatientId Patient, string PatientName, string Title, DateTime At);

/// <summary>The hand-offs of a person across files: what waits for them, what they asked of others, what they answer for, what is over.</summary>
internal sealed class ReadHandoffs(CareDesk desk, TaskFiling tasks, PeopleDirectory people, TimeProvider clock)
{
    public const int Most = 100;
    private const int MostClosed = 40;

    /// <param name="Incoming">Wait for the viewer, or for the viewer's role or organisation; gravest first, then the earliest deadline.</param>
    /// <param name="Follow">Files in which a change may change the lists.</param>
    internal sealed record Result(DateTime Now, IReadOnlyList<HandoffCard> Incoming, IReadOnlyList<HandoffCard> Outgoing, IReadOnlyList<HandoffCard> Running, IReadOnlyList<HandoffCard> Closed, IReadOnlyList<HandoffConcept> Concepts, IReadOnlyList<PatientId> Follow);

    public Task<Result> RunAsync(Actor actor, CancellationToken ct) => desk.ShowAcrossAsync(actor, (session, who, reach, _) =>
    {
        var now = clock.UtcMicroseconds();
        var viewer = WorklistSql.Viewer(session, who.Person, reach, now);
        var incoming = Incoming(session, viewer, who);
        var outgoing = Sorted(Cards(session, viewer, who, TaskSql.Page(session, viewer, TaskList.Asked, Asked, who.Discipline, null, null, Most)));
        var running = Sorted(Cards(session, viewer, who, TaskSql.Page(session, viewer, TaskList.Mine, Taken, who.Discipline, null, null, Most)));
        var closed = Cards(session, viewer, who, HandoffSql.Closed(session, viewer, MostClosed));
        var concepts = HandoffSql.Concepts(session, viewer, Most).ConvertAll(c => new HandoffConcept(c.Patient, c.PatientName, HandoffDraft.Parse(c.Text)?.Title ?? "", c.At));
        var result = new Result(now, incoming, outgoing, running, closed, concepts, Followed(session, viewer));
        return ValueTask.FromResult<(Result, IEnumerable<PatientId>)>((result, incoming.Concat(outgoing).Concat(running).Concat(closed).Select(c => c.View.Patient).Concat(concepts.Select(c => c.Patient))));
    }, ct);

    /// <summary>How many wait for this person, and the files to follow. Nothing of their content.</summary>
    public Task<(int Count, IReadOnlyList<PatientId> Follow)> CountAsync(Actor actor, CancellationToken ct) => desk.ReadAcrossAsync(actor, (session, who, reach, _) =>
    {
        var viewer = WorklistSql.Viewer(session, who.Person, reach, clock.UtcMicroseconds());
        return ValueTask.FromResult((reach.IsEmpty ? 0 : IncomingRows(session, viewer, who).Count, Followed(session, viewer)));
    }, ct);

    private static readonly TaskFilter Asked = new() { Handoffs = true, States = [(int)TaskState.Requested, (int)TaskState.Received] };
    private static readonly TaskFilter Taken = new() { Handoffs = true, States = [(int)TaskState.Accepted, (int)TaskState.Ready, (int)TaskState.InProgress, (int)TaskState.OnHold] };

    private static IReadOnlyList<PatientId> Followed(DbSession session, WorklistViewer viewer) => [.. WorklistSql.ByName(session, viewer, null, 300).Select(p => p.Patient)];

    private List<ListedTask> IncomingRows(DbSession session, WorklistViewer viewer, Actor who)
    {
        if (!tasks.Rules.May(who, CareAction.HandOff))
            return [];
        var organisation = people.Find(who.Person)?.Organisation;
        return [.. TaskSql.Page(session, viewer, TaskList.Mine, Asked, who.Discipline, organisation, null, Most).Concat(TaskSql.Page(session, viewer, TaskList.Queue, Asked, who.Discipline, organisation, null, Most)).Where(t => t.Task.RequesterId != who.Person).DistinctBy(t => t.Task.Id)];
    }

    /// <summary>What waits for this person, gravest first, then the earliest deadline. Also for my day.</summary>
    internal IReadOnlyList<HandoffCard> Incoming(DbSession session, WorklistViewer viewer, Actor who) => Sorted(Cards(session, viewer, who, IncomingRows(session, viewer, who)));

    private static IReadOnlyList<HandoffCard> Sorted(IEnumerable<HandoffCard> cards) => [.. cards.OrderByDescending(c => c.Severity ?? IllnessSeverity.Watcher) /* not said is not stable */.ThenBy(c => c.View.AcceptBy ?? c.View.DueAt ?? DateTime.MaxValue).ThenBy(c => c.View.Id, StringComparer.Ordinal)];

    private List<HandoffCard> Cards(DbSession session, WorklistViewer viewer, Actor who, List<ListedTask> rows)
    {
        var me = people.Find(who.Person);
        var today = BelgianTime.DayOf(viewer.Now);
        return rows.ConvertAll(r =>
        {
            var content = tasks.FindAny(session, r.Task.PatientId, r.Task.Id)?.Task.Handoff;
            var born = HandoffSql.BirthDate(session, r.Task.PatientId);
            return new HandoffCard(TaskView.From(r.Task, r.PatientName, who.Person, me, people, viewer.Now), content?.Severity, content?.Tasks.Count(t => t.NewOwner?.Person is not { } stays || stays != r.Task.RequesterId) ?? 0, born is { } date ? BelgianTime.YearsOf(date, today) : null, r.Task.ScopeUntil)
            {
                Coming = [.. (content?.Tasks ?? []).Where(t => t.NewOwner is null || t.NewOwner.Person == who.Person).Select(t => t.TaskId)],
            };
        });
    }
}
