using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>Something that serves a goal: a task, a measuring plan, or a care goal under a life goal. One of them is set.</summary>
/// <param name="MayStop">The viewer decides whether it stops.</param>
/// <param name="MayGive">The viewer may give it to another goal, or to none.</param>
/// <param name="Decides">Who decides, when that is somebody else.</param>
public sealed record PlanServant(TaskView? Task, MeasuringPlan? Measuring, CareGoal? Goal, bool MayStop, bool MayGive, PersonId? DecidesId, string? Decides)
{
    /// <summary><c>Type/id</c>.</summary>
    public string Reference => Task is { } task ? $"Task/{task.Id}" : Measuring is { } plan ? $"ServiceRequest/{plan.Id}" : $"Goal/{Goal?.Id}";
    public string Title => Task?.Title ?? Measuring?.Name ?? Goal?.Words ?? "";
}

/// <summary>A goal with what a page shows beside it.</summary>
/// <param name="Progress">How far it is; null when nothing of it was measured, or it is not shared.</param>
/// <param name="Tasks">Open tasks that serve it.</param>
/// <param name="Moves">Steps that the viewer may take.</param>
/// <param name="Left">Of a closed goal: what still serves only it, each to be decided.</param>
public sealed record GoalView(CareGoal Goal, GoalProgress? Progress, IReadOnlyList<TaskView> Tasks, bool MayChange, IReadOnlyList<GoalState> Moves, IReadOnlyList<PlanServant> Left)
{
    /// <summary>The viewer may say how it goes.</summary>
    public bool MayRemark { get; init; }
}

/// <summary>A plan that a source sent: what is understood of it, and the rest in its own words.</summary>
public sealed record ForeignPlan(string Reference, string Title, string? Text, string? By, DateTime At, string? Status);

/// <summary>An open task that serves no goal.</summary>
/// <param name="MayLink">The viewer may give it one.</param>
public sealed record OrphanTask(TaskView Task, bool MayLink);

/// <summary>The plan of a patient as somebody sees it.</summary>
/// <param name="Sayings">What the patient said matters, newest first.</param>
/// <param name="Orphans">Open tasks that serve no goal.</param>
/// <param name="MayAdd">The viewer may write goals, and write down what the patient says.</param>
/// <param name="SpeaksForPatient">The viewer is the patient, or a proxy.</param>
/// <param name="SeesGoals">Goals are shared with the viewer.</param>
/// <param name="SeesTasks">Tasks are shared with the viewer.</param>
public sealed record PlanOfPatient(IReadOnlyList<OwnSaying> Sayings, IReadOnlyList<GoalView> Goals, IReadOnlyList<OrphanTask> Orphans, IReadOnlyList<ForeignPlan> Plans, bool MayAdd, bool SpeaksForPatient, bool SeesGoals, bool SeesTasks)
{
    /// <summary>What the portal proposed and somebody answered, the last first.</summary>
    public IReadOnlyList<AnsweredSuggestion> Answered { get; init; } = [];

    /// <summary>Which proposals are answered.</summary>
    internal IReadOnlySet<string> AnsweredKeys { get; init; } = new HashSet<string>();

    /// <summary>Open goals of a kind.</summary>
    public IEnumerable<GoalView> Open(GoalKind kind) => Goals.Where(g => g.Goal.IsOpen && g.Goal.Kind == kind);

    /// <summary>Open care goals that serve a goal.</summary>
    public IEnumerable<GoalView> Under(CareGoal life) => Open(GoalKind.Care).Where(g => g.Goal.Serves == life.Reference);

    /// <summary>Open care goals that serve no open life goal that the viewer sees.</summary>
    public IEnumerable<GoalView> Loose => Open(GoalKind.Care).Where(g => g.Goal.Serves is not { } serves || !Open(GoalKind.Life).Any(l => l.Goal.Reference == serves));

    /// <summary>Closed goals, the last first.</summary>
    public IEnumerable<GoalView> Closed => Goals.Where(g => !g.Goal.IsOpen && g.Goal.State != GoalState.Mistaken);
}

/// <summary>The plan of one patient: own words, goals with their progress and what serves them, tasks that serve none.</summary>
internal sealed class ReadPlan(CareDesk desk, GoalFiling goals, TaskFiling tasks, PeopleDirectory people) : PatientUseCase<ReadPlan.Request, PlanOfPatient>(desk)
{
    private const int MostGoals = 200;
    private const int MostPlans = 20;
    private const int MostActivities = 20;
    private const int MostLeft = 100;
    private const int MostAnswers = 100;

    /// <summary>How far back a baseline is looked for.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(731);

    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<PlanOfPatient> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) => ValueTask.FromResult(Read(reader.Session, room)), ct);

    /// <summary>The same inside a transaction that does more.</summary>
    internal PlanOfPatient Read(DbSession session, PatientRoom room)
    {
        var me = people.Find(room.Actor.Person);
        var actor = GoalFiling.ActorOf(session, room);
        var all = goals.All(session, room, MostGoals);
        var rows = TaskSql.OfPatient(session, room, false, true, ReadTasks.MostOpenShown);
        var views = rows.ToDictionary(r => r.Id, r => TaskView.From(r, "", room.Actor.Person, me, people, room.Now));
        var served = rows.Where(r => r.Goal is not null).ToLookup(r => r.Goal!);
        var measuring = MeasuringOf(session, room).Where(p => p.IsActive && p.Goal is not null).ToLookup(p => p.Goal!);
        var accountable = CareStore.Accountable(session, room.Patient);
        var left = 0;
        var shown = new List<GoalView>();
        foreach (var goal in all)
        {
            IReadOnlyList<PlanServant> servants = [];
            if (!goal.IsOpen && left < MostLeft)
            {
                servants = [.. served[goal.Reference].Select(r => ServantOf(session, room, views[r.Id], accountable)), .. measuring[goal.Reference].Select(p => ServantOf(room, p)), .. goal.Kind == GoalKind.Life ? all.Where(g => g.IsOpen && g.Serves == goal.Reference).Select(g => ServantOf(actor, g)) : []];
                left += servants.Count;
            }

            shown.Add(new(goal, ProgressOf(session, room, goal), [.. served[goal.Reference].Select(r => views[r.Id])], actor.MayChange(goal) && goal.IsOpen,
                [.. CareGoal.After(goal.State).Where(to => actor.MayMove(goal, to))], servants) { MayRemark = actor.MayAdd && goal.IsOpen });
        }

        // An alert is answered and gone; it needs no goal.
        var orphans = rows.Where(r => r.Goal is null && !views[r.Id].IsAlert)
            .Select(r => new OrphanTask(views[r.Id], room.May(CareAction.DoTasks) && (views[r.Id].IsMine || r.RequesterId == room.Actor.Person || accountable == room.Actor.Person)))
            .OrderByDescending(o => o.MayLink).ToList(); // first what the reader can do something about
        var answers = SuggestionRecord.All(session, room, MostAnswers);
        return new(OwnWords.All(session, room), [.. shown.OrderBy(g => g.Goal.State).ThenBy(g => g.Goal.Target?.Due ?? DateOnly.MaxValue).ThenBy(g => g.Goal.Start).ThenBy(g => g.Goal.Id, StringComparer.Ordinal)], orphans, PlansOf(session, room),
            actor.MayAdd, actor.SpeaksForPatient, room.Reach.Categories.HasFlag(InformationCategory.Goals), room.Reach.Categories.HasFlag(InformationCategory.Tasks))
        {
            Answered = answers.ConvertAll(a => a.Answer), AnsweredKeys = answers.Select(a => a.Key).ToHashSet(StringComparer.Ordinal),
        };
    }

    private PlanServant ServantOf(DbSession session, PatientRoom room, TaskView view, PersonId? accountable)
    {
        var actor = tasks.ActorOf(session, room);
        var task = tasks.Find(session, room, view.Id)?.Task;
        var may = room.May(CareAction.DoTasks) && task is not null;
        var stops = may && actor.MayMove(task!, TaskState.Cancelled) && TaskStates.MayFollow(task!.State, TaskState.Cancelled);
        var decides = stops ? null : task?.Requester?.Person ?? accountable;
        return new(view, null, null, stops, may && actor.MayAssign(task!), decides, decides is { } person ? people.Find(person)?.DisplayName : null);
    }

    private static PlanServant ServantOf(PatientRoom room, MeasuringPlan plan)
    {
        var may = room.May(CareAction.Write) && SharingRules.AnswersForCare(room.Role) && room.Rules.MayWrite(room.Role, room.Actor.Line, InformationCategory.Measurements);
        return new(null, plan, null, may, may, may ? null : plan.Requester?.Person, may ? null : plan.Requester?.Display);
    }

    private static PlanServant ServantOf(GoalActor actor, CareGoal goal) => new(null, null, goal, actor.MayMove(goal, GoalState.Cancelled), actor.MayChange(goal), actor.MayMove(goal, GoalState.Cancelled) ? null : goal.By?.Person, goal.By?.Display);

    private IEnumerable<MeasuringPlan> MeasuringOf(DbSession session, PatientRoom room) => AlertSql.Plans(session, room, $"g:{AlertCodes.PlanKind}|{AlertCodes.Measuring}\n", ReadMeasuring.MostPlans).Select(id =>
    {
        if (CareStore.Find(session, "ServiceRequest", id) is not { } stored || stored.Patient != room.Patient)
            return null;
        Platform.Fhir.ResourceReader.Read(CareStore.Json(session, stored), out var document);
        using (document)
            return MeasuringPlanFhir.Read(document.RootElement, room.Patient, id, stored.Version, people.FindByReference);
    }).OfType<MeasuringPlan>();

    private static GoalProgress? ProgressOf(DbSession session, PatientRoom room, CareGoal goal)
    {
        if (goal.Target is not { IsMeasured: true } target)
            return null;
        var from = goal.Start is { } start ? BelgianTime.BoundsOf(start).Start : room.Now - LooksBack;
        var until = goal.IsOpen || goal.StateSince is not { } since ? room.Now : BelgianTime.BoundsOf(since).End;
        return GoalProgress.Of(target, GoalReadings.Of(session, room, target, from - LooksBack, until), from);
    }

    /// <summary>The activities of a plan that only refer to something, by what the room sees there: its name and its day.</summary>
    private static List<string> Named(DbSession session, PatientRoom room, string plan)
    {
        if (CareStore.Find(session, "CarePlan", plan) is not { } stored || stored.Patient != room.Patient)
            return [];
        Platform.Fhir.ResourceReader.Read(CareStore.Json(session, stored), out var document);
        using (document)
        {
            return [.. document.RootElement.Each("activity"u8).Select(a => a.Child("reference"u8)).Where(r => r is { } reference && reference.Words("display"u8) is null).Take(MostActivities)
                .Select(r => EntryReference.Split(r!.Value.Text("reference"u8) ?? "") is var (type, id) ? TimelineSql.One(session, room, type, id) : null).Where(e => e is { Retracted: false })
                .Select(e => $"{e!.Title}, {BelgianTime.Moment(e.Time, room.Now)}")];
        }
    }

    /// <summary>Plans that a source sent: readable, whatever of them is understood.</summary>
    private static List<ForeignPlan> PlansOf(DbSession session, PatientRoom room)
    {
        var ours = PathwaySql.OfPatient(session, room, MostPlans).SelectMany(p => new[] { p.Id, Pathways.Pathway.PartOf(p.Id) }).ToHashSet(StringComparer.Ordinal); // a running pathway, and its part for professionals, have their own page
        return [.. TimelineSql.Page(session, room, null, new TimelineFilter { Kinds = [(int)EntryKind.Pathway] }, MostPlans).Where(e => e.ResourceType == "CarePlan" && !e.Retracted && !ours.Contains(e.ResourceId))
            .Select(e => new ForeignPlan($"{e.ResourceType}/{e.ResourceId}", e.Title, string.Join('\n', new[] { e.Text }.Concat(Named(session, room, e.ResourceId)).Where(t => !string.IsNullOrEmpty(t))), e.AuthorName ?? e.Source, e.Time, e.Status))];
    }
}

/// <summary>The values by which a goal is measured, as far as a room sees them.</summary>
internal static class GoalReadings
{
    private const int MostAnswers = 500;

    /// <summary>The values of a target in a time, oldest first; of a quantity that the portal knows in the unit in which it is drawn.</summary>
    public static List<GoalReading> Of(DbSession session, PatientRoom room, GoalTarget target, DateTime from, DateTime until)
    {
        var measure = GoalMeasure.Find(target.Loinc!);
        var codes = measure?.Codes ?? [$"{PortalCodes.Loinc}|{target.Loinc}"];
        var (found, seqs) = (new List<GoalReading>(), new List<long>());
        foreach (var row in AlertSql.ValuesBetween(session, room.Patient, codes, from, until))
        {
            if (!room.Reach.Sees(row.Audience, row.Category) || row.Value is not { } value)
                continue;
            if (Measured.Place(row.Code, row.Value, row.Ucum ?? row.Unit) is var (_, placed))
                found.Add(new(row.Time, placed));
            else if (measure is null or { Ucum: "{score}" } && decimal.Abs(value) <= Threshold.Largest)
                found.Add(new(row.Time, value));
            if (found.Count > seqs.Count)
                seqs.Add(row.Seq);
        }

        if (measure?.Questionnaire is { } questionnaire)
        {
            var answered = OutcomeSql.Of(session, room, MostAnswers).Where(o => o.Questionnaire == questionnaire && o.Score is not null && o.At >= from && o.At <= until).Select(o => new GoalReading(o.At, o.Score!.Value, $"QuestionnaireResponse/{o.ResponseId}")).ToList();
            if (answered.Count > 0)
                return [.. found.Concat(answered).OrderBy(r => r.Time)]; // a score that was only sent as a number stands between those that were filled in
        }

        // The newest are evidence: they are named.
        for (var i = Math.Max(0, found.Count - GoalProgress.Enough); i < found.Count; i++)
            found[i] = found[i] with { Reference = CareStore.FindEntry(session, room.Patient, seqs[i]) is { } entry ? $"{entry.ResourceType}/{entry.ResourceId}" : null };
        return found;
    }
}
