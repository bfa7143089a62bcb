using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>The pathways of a patient, each with its phases, steps and deviations as far as the viewer may see them, and what gets in each other's way.</summary>
internal sealed class ReadPathways(CareDesk desk, PathwayFiling pathways, TemplateLibrary library, GoalFiling goals, PeopleDirectory people) : PatientUseCase<ReadPathways.Request, PathwaysView>(desk)
{
    private const int Most = 30;
    private const int MostGoals = 200;

    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<PathwaysView> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var session = reader.Session;
        var views = PathwaySql.OfPatient(session, room, Most).Select(row => pathways.Find(session, room, row.Id) is { } stored ? View(session, room, row, stored.Pathway) : null).OfType<PathwayView>().ToList();
        views = Shared(views);
        return ValueTask.FromResult(new PathwaysView(views, ConflictsOf(session, room, views), ReadStart.MayStart(room), room.Reach.Categories.HasFlag(InformationCategory.Goals)));
    }, ct);

    private PathwayView View(DbSession session, PatientRoom room, PathwayRow row, Pathway pathway)
    {
        var now = room.Now;
        var rows = PathwaySql.Steps(session, room, pathway.Id).ToDictionary(s => s.StepId, StringComparer.Ordinal);
        var me = people.Find(room.Actor.Person);
        var accountable = CareStore.Accountable(session, room.Patient);
        var deviates = pathway.Deviations.Select(d => d.Step).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var today = BelgianTime.DayOf(now);
        StepView Of(PathwayStep step)
        {
            var kept = rows.GetValueOrDefault(step.Id);
            var task = TaskOf(session, room, step);
            if (task is not null && kept is not null)
                kept = StepProgress.Open(session, kept);
            var handoff = step is { Kind: StepKind.Handoff, Made: { } made } && EntryReference.Split(made) is ("Task", var asks) ? HandoffOf(session, room, asks) : null;
            var state = kept is null ? step.Skipped ? StepState.Skipped : StepState.Planned : (StepState)kept.State;
            if (handoff?.State.IsAsked() == true)
                state = StepProgress.Offered(state);
            var due = kept?.DueAt ?? step.Due;
            var owner = task is null ? step.Owner : null;
            var waits = pathway.IsActive && state is StepState.Planned or StepState.Waiting or StepState.Open or StepState.Offered or StepState.Refused && step.Kind != StepKind.Information;
            var mine = task is null ? step.Owner.Person == room.Actor.Person : TaskView.From(task, "", room.Actor.Person, me, people, now).IsMine;
            // Of what is only planned whoever plays the role answers; when that is nobody on the team any more, who is accountable for the patient.
            var planned = step.Owner.Person is { } person && GrantSql.Member(session, room.Patient, person, now) is not null && people.Find(person) is { } p && SharingRules.AnswersForCare(p.Discipline) ? person
                : pathway.Lead.Person is { } lead && GrantSql.Member(session, room.Patient, lead, now) is not null ? lead : accountable;
            var answers = task is null ? planned : task.AccountableId;
            return new(step, pathway.Id, pathway.Title, state, due, kept?.DoneAt ?? step.DoneAt, task is null ? owner!.Display : task.OwnerName, task is null ? owner!.Line : task.OwnerLine, answers is { } id ? people.Find(id)?.DisplayName : null, task?.DelegateName,
                task?.Id, mine, waits && due < now, waits && BelgianTime.DayOf(due) == today, deviates.Contains(step.Id) || step.Added, handoff);
        }

        var steps = pathway.Steps.Select(Of).ToList();
        var phases = pathway.Phases.Select(p => new PhaseView(p, [.. steps.Where(s => s.Step.Phase == p.Id).OrderBy(s => s.Due).ThenBy(s => s.Step.Id, StringComparer.Ordinal)], p.IsCurrent && pathway.IsActive ? Progress(p, now) : null)).ToList();
        var newest = pathway.IsActive && library.Find(session, pathway.Template, null) is { Status: TemplateStatus.Active } template && template.Version > pathway.TemplateVersion ? template.Version : (int?)null;
        return new(pathway, phases, room.Reach.Audience.HasFlag(Audience.Professionals) ? row.SlipInside : row.SlipAt, newest);
    }

    /// <summary>Each step with the other pathways that count on what was made for it.</summary>
    private static List<PathwayView> Shared(List<PathwayView> views)
    {
        var made = views.Where(v => v.Pathway.IsActive).SelectMany(v => v.Steps).Where(s => s.Step is { Made: not null, Skipped: false }).GroupBy(s => s.Step.Made!, StringComparer.Ordinal).Where(g => g.DistinctBy(s => s.Pathway).Count() > 1).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        return made.Count == 0 ? views : [.. views.Select(v => v with
        {
            Phases = [.. v.Phases.Select(p => p with { Steps = [.. p.Steps.Select(s => s.Step is { Made: { } one, Skipped: false } && made.TryGetValue(one, out var all) ? s with { AlsoFor = [.. all.Where(o => o.Pathway != s.Pathway).Select(o => o.PathwayTitle).Distinct()] } : s)] })],
        })];
    }

    private static double Progress(PathwayPhase phase, DateTime now)
    {
        if (phase.PlannedUntil is not { } until || until <= phase.PlannedFrom)
            return 0.1;
        return Math.Clamp((now - phase.PlannedFrom) / (until - phase.PlannedFrom), 0.02, 0.98);
    }

    /// <summary>The task that a step is now: of a series the open one, else the last. Null when the viewer may see none.</summary>
    private static TaskRow? TaskOf(DbSession session, PatientRoom room, PathwayStep step)
    {
        if (step.Made is not { } made || EntryReference.Split(made) is not ("Task", var id))
            return null;
        if (step.Repeat is not null && PathwaySql.Series(session, room.Patient, id, true) is { Count: > 1 } series)
            id = series.Find(t => t.Open) is { Id: { } open } ? open : series[^1].Id;
        return TaskSql.One(session, room, id);
    }

    private static StepHandoff? HandoffOf(DbSession session, PatientRoom room, string task) =>
        PathwaySql.HandoffOf(session, room.Patient, task) is { } last && TaskSql.One(session, room, last.Id) is { } row ? new(row.Id, (TaskState)row.Status, row.OwnerName) : null;

    private List<PathwayConflict> ConflictsOf(DbSession session, PatientRoom room, List<PathwayView> views)
    {
        var active = views.Where(v => v.Pathway.IsActive).ToList();
        if (active.Count == 0)
            return [];
        var steps = active.SelectMany(v => v.Steps).Where(s => s.State is StepState.Planned or StepState.Waiting or StepState.Open && s.Step.Kind is StepKind.Task or StepKind.Questionnaire
            && !(s.State == StepState.Planned && s.Step.Kind == StepKind.Questionnaire)).ToList(); // the same questions are asked once for both when their phase begins
        var asks = steps.Select(s => new Conflicts.Ask(s.Step.Title, Conflicts.KindOf(s.Step.Title, s.Step.Loinc, s.Step.Questionnaire), s.Due, s.PathwayTitle, s.Task ?? s.Key)).ToList();
        var taken = asks.Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        asks.AddRange(TaskSql.OfPatient(session, room, false, true, 200).Where(t => t.DueAt is not null && !taken.Contains(t.Id) && (t.Series is null || !taken.Contains(t.Series)))
            .Select(t => new Conflicts.Ask(t.Title, Conflicts.KindOf(t.Title, null, t.Focus?.StartsWith("Questionnaire/", StringComparison.Ordinal) == true ? t.Focus[14..] : null), t.DueAt!.Value, null, t.Id)));
        // Two tasks outside any pathway are no conflict of a pathway.
        var found = Conflicts.OfTasks(asks).Where(c => c.First.Length + c.Second.Length > 0).ToList();
        if (room.Reach.Categories.HasFlag(InformationCategory.Measurements))
            found.AddRange(Conflicts.OfLimits(Reuse.Plans(session, room, people).SelectMany(p => p.Plan.Rules.Select(r => (p.Plan.Id, p.Plan.Name, r)))));
        if (room.Reach.Categories.HasFlag(InformationCategory.Goals))
            found.AddRange(Conflicts.OfTargets(goals.All(session, room, MostGoals).Where(g => g is { IsOpen: true, Target: not null }).Select(g => (g.Id, g.Target!))));
        return found;
    }
}
