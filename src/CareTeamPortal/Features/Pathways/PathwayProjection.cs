using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Keeps the rows of every pathway, whoever brings its CarePlan. A CarePlan that is no pathway of the portal has none.</summary>
internal sealed class PathwayProjection(PeopleDirectory people) : IProjection
{
    public string Type => "CarePlan";

    public object? Read(FhirNode root, string id) => PathwayFhir.Read(root, default, id, 0, people.FindByReference) is { } read ? new CarePlanRead(read, PathwayFhir.PartOf(root) is not null) : null;

    /// <summary>A pathway begins and moves where its tasks are made: a Bundle of a person brings none.</summary>
    public string? Refuses(DbSession session, object read, bool isPresent, Actor by) => "forbidden: a pathway is started and changed in the portal, where its tasks are made with it";

    public void Put(DbSession session, PatientId patient, object read, EntryRow entry, DateTime now)
    {
        var (pathway, isPart) = (CarePlanRead)read;
        var gone = entry.Retracted;
        var phases = pathway.Phases;
        if (!isPart)
        {
            var current = gone || !pathway.IsActive ? -1 : phases.ToList().FindIndex(p => p.IsCurrent);
            PathwaySql.Put(session, new PathwayRow
            {
                PatientId = patient, Id = entry.ResourceId, Version = entry.Version, Template = pathway.Template is { Length: <= 64 } template ? template : "", TemplateVersion = pathway.TemplateVersion, Title = SafeText.Line(pathway.Title, 200), Status = (int)(gone ? PathwayStatus.Mistaken : pathway.Status),
                Phase = current < 0 ? null : phases[current].Id, PhaseNumber = current + 1, PhaseCount = phases.Count, PhaseSince = current < 0 ? null : phases[current].EnteredAt, PhaseUntil = current < 0 ? null : phases[current].PlannedUntil,
                StartedAt = pathway.StartedAt, EndedAt = pathway.EndedAt, LeadId = pathway.Lead.Person, Audience = entry.Audience, Category = entry.Category,
            }, [.. phases.Select((p, i) => new PathwayPhaseRow
            {
                PatientId = patient, PathwayId = entry.ResourceId, Phase = p.Id, Number = i + 1, PlannedFrom = p.PlannedFrom, PlannedUntil = p.PlannedUntil, EnteredAt = p.EnteredAt, LeftAt = p.LeftAt, LeftBy = p.LeftBy?.Person, ByCriteria = p.ByCriteria, Audience = entry.Audience, Category = entry.Category,
            })]);
        }

        var steps = gone ? [] : pathway.Steps.Select((s, i) => Row(session, patient, pathway, entry, s, i)).ToList();
        PathwaySql.PutPart(session, patient, pathway.Id, entry.ResourceId, steps, gone ? [] : [.. pathway.Deviations.Select(d => new PathwayDeviationRow
        {
            PatientId = patient, PathwayId = pathway.Id, Id = d.Id, Part = entry.ResourceId, StepId = d.Step, Kind = (int)d.Kind, Reason = (int)d.Reason, At = d.At, By = d.By.Person, Audience = entry.Audience, Category = entry.Category,
        })]);
    }

    private static PathwayStepRow Row(DbSession session, PatientId patient, Pathway pathway, EntryRow entry, PathwayStep step, int position)
    {
        var row = new PathwayStepRow
        {
            PatientId = patient, PathwayId = pathway.Id, StepId = step.Id, Part = entry.ResourceId, Phase = step.Phase, Position = position, Kind = (int)step.Kind, IsOptional = step.IsOptional, Repeats = step.Repeat is not null, Resource = step.Made is { Length: <= 100 } made ? made : null,
            PlannedAt = step.Planned, DueAt = step.Due, DoneAt = step.DoneAt, State = (int)(step.Skipped ? StepState.Skipped : step.DoneAt is not null ? StepState.Done : StepState.Planned), Audience = entry.Audience, Category = entry.Category,
        };
        if (!step.Skipped && step.DoneAt is null)
            StepProgress.Follow(session, row);
        return row;
    }

    private sealed record CarePlanRead(Pathway Pathway, bool IsPart);
}

/// <summary>How far a step is by what was made for it. The task or measuring plan decides; the row repeats it, so that overviews read rows.</summary>
internal static class StepProgress
{
    /// <summary>A task changed: the steps that it, or the series that it belongs to, was made for follow.</summary>
    public static void TaskMoved(DbSession session, TaskRow task)
    {
        Moved(session, task.PatientId, $"Task/{task.Series ?? task.Id}");
        if (task is { IsHandoff: true, Focus: { } step } && step.StartsWith("Task/", StringComparison.Ordinal))
            Moved(session, task.PatientId, step);
    }

    /// <summary>Something that was made for a step changed.</summary>
    /// <param name="resource"><c>Type/id</c>.</param>
    public static void Moved(DbSession session, PatientId patient, string resource)
    {
        foreach (var step in PathwaySql.StepsOf(session, patient, resource))
        {
            if (step.State == (int)StepState.Skipped)
                continue;
            Follow(session, step);
            PathwaySql.Moved(session, step);
        }
    }

    /// <summary>Takes over how far what was made is.</summary>
    public static void Follow(DbSession session, PathwayStepRow step)
    {
        if (step.Resource is not { } made || EntryReference.Split(made) is not var (type, id))
            return;
        if (type == "ServiceRequest")
            step.State = (int)(PathwaySql.StatusOf(session, step.PatientId, type, id) == "active" ? StepState.Running : StepState.Dropped);
        else if (type == "Task" && PathwaySql.IsClosed(session, step.PatientId, id, step.Repeats, step.Audience, step.Category))
            (step.State, step.DoneAt) = ((int)StepState.Running, null); // whoever sees the step but not the task learns nothing of how far it is
        else if (type == "Task")
            Take(session, step, id);
    }

    /// <summary>How far a step is for somebody who sees what was made for it, where its row keeps that from others.</summary>
    public static PathwayStepRow Open(DbSession session, PathwayStepRow step)
    {
        if (step.State == (int)StepState.Running && step.Resource is { } made && EntryReference.Split(made) is ("Task", var id))
            Take(session, step, id);
        return step;
    }

    private static void Take(DbSession session, PathwayStepRow step, string task)
    {
        if (Of(PathwaySql.Series(session, step.PatientId, task, step.Repeats)) is var (state, due, done))
            (step.State, step.DueAt, step.DoneAt) = ((int)(step.Kind == (int)StepKind.Handoff && IsOffered(session, step, task) ? Offered(state) : state), due ?? step.DueAt, done);
    }

    /// <summary>What a step is whose hand-off waits for somebody to accept it.</summary>
    public static StepState Offered(StepState state) => state is StepState.Waiting or StepState.Open ? StepState.Offered : state;

    /// <summary>What was made for a step is closed to others who see the step, and to this room.</summary>
    public static bool IsClosed(DbSession session, PatientRoom room, string made, PathwayStep step) =>
        EntryReference.Split(made) is ("Task", var id) && TaskSql.One(session, room, id) is null && PathwaySql.Series(session, room.Patient, id, step.Repeat is not null).Count > 0;

    // A hand-off that is protected, or kept to fewer than see the step, says nothing here: who sees both reads it beside the step.
    private static bool IsOffered(DbSession session, PathwayStepRow step, string task) => PathwaySql.HandoffOf(session, step.PatientId, task) is { } handoff && ((TaskState)handoff.Status).IsAsked()
        && !PathwaySql.IsClosed(session, step.PatientId, handoff.Id, false, step.Audience, step.Category);

    /// <summary>How far one task, or a series of them, is; null when there is none.</summary>
    internal static (StepState State, DateTime? Due, DateTime? Done)? Of(IReadOnlyList<(string Id, int Status, bool Open, DateTime? DueAt, DateTime? ClosedAt, bool Comes)> series)
    {
        if (series.Count == 0)
            return null;
        var done = series.Where(t => t.Status == (int)TaskState.Completed).Select(t => t.ClosedAt).Max();
        var open = series.Where(t => t.Open).ToList();
        if (open.Count > 0)
            return (open.TrueForAll(t => ((TaskState)t.Status).IsAsked() || t.Status == (int)TaskState.Draft) ? StepState.Waiting : StepState.Open, open[0].DueAt, done);
        if (series.Any(t => t.Comes))
            return (StepState.Running, null, done);
        return (done is not null ? StepState.Done : series[^1].Status == (int)TaskState.Rejected ? StepState.Refused : StepState.Dropped, null, done);
    }
}
