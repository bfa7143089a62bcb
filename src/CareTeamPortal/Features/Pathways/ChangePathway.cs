using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What became of a change of a pathway.</summary>
internal enum PathwayOutcome
{
    Done = 0,
    NotFound = 1,

    /// <summary>Somebody changed it meanwhile; nothing was written.</summary>
    ChangedMeanwhile = 2,
    NeedsReason = 3,
    TooLong = 4,

    /// <summary>It is over, or the step is.</summary>
    Over = 5,

    /// <summary>What was made for the step is somebody else's to end or to move.</summary>
    NotYours = 6,

    /// <summary>Nobody of whom was asked is on the team and may see it.</summary>
    Nobody = 7,

    /// <summary>The day lies in the past or too far away, or is the day that it has.</summary>
    BadDay = 8,

    /// <summary>Steps that have to be done are not.</summary>
    NotThrough = 9,

    /// <summary>A title is missing or too long, or a measurement cannot be judged.</summary>
    NotSound = 10,

    /// <summary>A hand-off was offered for the step, by somebody else: who offered it takes it back.</summary>
    HandoffOffered = 11,
}

/// <summary>The road that every change of a running pathway takes.</summary>
internal static class PathwayChange
{
    /// <summary>Thrown inside the transaction, so that nothing of it is written.</summary>
    private sealed class Stopped(PathwayOutcome outcome) : Exception(outcome.ToString())
    {
        public PathwayOutcome Outcome { get; } = outcome;
    }

    /// <summary>Ends the change; nothing is written.</summary>
    public static Exception Refuse(PathwayOutcome outcome) => new Stopped(outcome);

    /// <summary>Finds the pathway, lets the change decide, writes.</summary>
    /// <param name="seen">The version that the person saw.</param>
    public static async Task<PathwayOutcome> RunAsync(PatientRoom room, PathwayFiling pathways, string id, int seen, Func<RoomWriter, StoredPathway, TaskParty, (Pathway Next, IReadOnlyList<PathwayEvent> Events)> change, CancellationToken ct)
    {
        if (!SharingRules.AnswersForCare(room.Role) || !ReadStart.MayStart(room))
            throw room.Refusal(CareAction.Write, InformationCategory.Goals);
        try
        {
            return await room.CommitAsync((writer, _) =>
            {
                writer.RequireWrite(InformationCategory.Goals);
                if (pathways.Find(writer.Session, room, id) is not { } stored)
                    return ValueTask.FromResult(PathwayOutcome.NotFound);
                if (!stored.Pathway.IsActive)
                    return ValueTask.FromResult(PathwayOutcome.Over);
                if (stored.Pathway.Version != seen)
                    return ValueTask.FromResult(PathwayOutcome.ChangedMeanwhile);
                var by = TaskParty.Of(room.Actor);
                var (next, events) = change(writer, stored, by);
                return pathways.Change(writer, stored, next, by, events) ? ValueTask.FromResult(PathwayOutcome.Done) : throw Refuse(PathwayOutcome.ChangedMeanwhile);
            }, ct);
        }
        catch (Stopped stopped)
        {
            return stopped.Outcome;
        }
    }

    /// <summary>A reason as it is kept.</summary>
    public static string Reason(string? text)
    {
        var reason = SafeText.Lines(text ?? "", TaskLimits.LongestReason + 1).Trim();
        return reason.Length == 0 ? throw Refuse(PathwayOutcome.NeedsReason) : reason.Length > TaskLimits.LongestReason ? throw Refuse(PathwayOutcome.TooLong) : reason;
    }

    /// <summary>A day as it is told.</summary>
    public static string Day(DateTime at, DateTime now) => BelgianTime.Day(BelgianTime.DayOf(at), BelgianTime.DayOf(now));

    /// <summary>An id for a deviation.</summary>
    public static string NewId(DateTime now) => Guid.CreateVersion7(new DateTimeOffset(now)).ToString();

    /// <summary>
    /// Takes back the hand-off that is still offered for a step: nobody is asked any more for what is not done. One that the person does not see stays with who offered it, and
    /// nothing tells that it is there.
    /// </summary>
    public static void Withdraw(RoomWriter writer, TaskFiling tasks, string task, string reason)
    {
        if (PathwaySql.HandoffOf(writer.Session, writer.Room.Patient, task) is { } offered && ((TaskState)offered.Status).IsAsked()
            && TaskSql.One(writer.Session, writer.Room, offered.Id) is not null && !WithdrawHandoff.Within(writer, tasks, offered.Id, reason))
            throw Refuse(PathwayOutcome.HandoffOffered);
    }

    /// <summary>Ends what was made for a step: its open tasks are cancelled, its measuring plan is stopped; but not what another pathway counts on too. Whoever may not is refused.</summary>
    public static void End(RoomWriter writer, TaskFiling tasks, SetMeasuringPlan plans, Pathway pathway, PathwayStep step, string reason)
    {
        if (step.Made is not { } made || EntryReference.Split(made) is not var (type, id) || PathwaySql.IsShared(writer.Session, writer.Room.Patient, made, pathway.Id))
            return;
        if (type == "ServiceRequest")
        {
            if (!plans.Stop(writer, id, reason))
                throw Refuse(PathwayOutcome.NotYours);
            return;
        }

        if (type != "Task" || StepProgress.IsClosed(writer.Session, writer.Room, made, step))
            return; // what the person does not see stays with its owners, and nothing tells that it is there
        Withdraw(writer, tasks, id, reason);
        var actor = tasks.ActorOf(writer.Session, writer.Room);
        foreach (var one in PathwaySql.Series(writer.Session, writer.Room.Patient, id, step.Repeat is not null))
        {
            if (!one.Open && !one.Comes)
                continue;
            if (tasks.Find(writer.Session, writer.Room, one.Id) is not { } stored)
                throw Refuse(PathwayOutcome.NotYours);
            if (!one.Open)
            {
                // The next of a series would still come of it.
                tasks.Change(writer, stored, stored.Task with { Repeat = null, SeriesStart = null }, actor.Party, null);
                continue;
            }

            try
            {
                var next = stored.Task.MoveTo(TaskState.Cancelled, actor, reason, writer.Room.Now) with { Repeat = null, SeriesStart = null };
                if (tasks.Change(writer, stored, next, actor.Party, new TaskStep(TaskState.Cancelled.Code(), TaskWords.Moved(next, TaskState.Cancelled), reason)) is null)
                    throw Refuse(PathwayOutcome.ChangedMeanwhile);
            }
            catch (TaskRefusal)
            {
                throw Refuse(PathwayOutcome.NotYours);
            }
        }
    }
}

/// <summary>Ends a phase and begins another: by its criteria, which a person confirms, or otherwise, with a reason.</summary>
internal sealed class MovePhase(CareDesk desk, PathwayFiling pathways) : PatientUseCase<MovePhase.Request, PathwayOutcome>(desk)
{
    /// <param name="To">The phase that begins.</param>
    /// <param name="CriteriaMet">The person says that the words of the exit criterion hold.</param>
    /// <param name="Why">Needed when criteria are not met or it is not the next phase.</param>
    internal sealed record Request(string Id, int SeenVersion, string To, bool CriteriaMet, DeviationReason Reason = DeviationReason.Other, string? Why = null);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<PathwayOutcome> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => PathwayChange.RunAsync(room, pathways, request.Id, request.SeenVersion, (writer, stored, by) =>
    {
        var (pathway, now) = (stored.Pathway, room.Now);
        var phases = pathway.Phases.ToList();
        var from = phases.FindIndex(p => p.IsCurrent);
        var to = phases.FindIndex(p => p.Id == request.To);
        if (from < 0 || to < 0 || to == from)
            throw PathwayChange.Refuse(PathwayOutcome.Over);
        if (!Enum.IsDefined(request.Reason))
            throw PathwayChange.Refuse(PathwayOutcome.NotSound);
        var states = PathwaySql.Steps(writer.Session, room, pathway.Id).ToDictionary(s => s.StepId, StringComparer.Ordinal);
        var through = Phases.IsThrough(pathway, phases[from].Id, states);
        var byCriteria = request.CriteriaMet && through && to == from + 1;
        var why = byCriteria ? null : PathwayChange.Reason(request.Why);
        phases[from] = phases[from] with { LeftAt = now, LeftBy = by, ByCriteria = byCriteria };
        phases[to] = phases[to] with { EnteredAt = now, LeftAt = null, LeftBy = null, ByCriteria = false };
        // Whoever begins a phase later has its steps later: what is not made yet moves along.
        var late = BelgianTime.DayOf(now).DayNumber - BelgianTime.DayOf(phases[to].PlannedFrom).DayNumber;
        var next = pathway with { Phases = phases };
        var steps = pathway.Steps.Select(s =>
        {
            var moved = s.Phase == request.To && s is { Made: null, Skipped: false, DoneAt: null } && late > 0 ? s with { Due = s.Planned.AddDays(late) > s.Due ? s.Planned.AddDays(late) : s.Due } : s;
            return PathwayPlan.IsMadeNow(next, moved, now) && moved.Phase == request.To ? pathways.Make(writer, next, moved, share: true) : moved;
        }).ToList();
        next = next with { Steps = steps };
        var words = PathwayWords.Get("Event.Phase", phases[to].Title, pathway.Title);
        if (why is null)
            return (next, [new PathwayEvent("phase", words)]);
        next = next with
        {
            Deviations = [.. next.Deviations, new Deviation { Id = PathwayChange.NewId(now), Kind = DeviationKind.Phase, About = PathwayWords.Get("About.Phase", phases[from].Title), Old = phases[from].Title, New = phases[to].Title, Reason = request.Reason, Words = why, By = by, At = now }],
        };
        return (next, [new PathwayEvent("deviation", words, why)]);
    }, ct);
}

/// <summary>When a phase may end. Pure.</summary>
internal static class Phases
{
    /// <summary>Every step of it that has to be done is: what is measured goes on, what comes back was done once.</summary>
    public static bool IsThrough(Pathway pathway, string phase, IReadOnlyDictionary<string, PathwayStepRow> states) => pathway.Steps.Where(s => s.Phase == phase).All(s => IsThrough(s, states.GetValueOrDefault(s.Id)));

    private static bool IsThrough(PathwayStep step, PathwayStepRow? row) => step.IsOptional || step.Skipped || step.Kind == StepKind.Information || step.DoneAt is not null
        || row is not null && ((StepState)row.State is StepState.Done or StepState.Skipped or StepState.Running || row.Repeats && row.DoneAt is not null);
}

/// <summary>Notes that a step is left out, done later, or done otherwise; always with a reason that stays visible.</summary>
internal sealed class DeviateStep(CareDesk desk, PathwayFiling pathways, TaskFiling tasks, SetMeasuringPlan plans) : PatientUseCase<DeviateStep.Request, PathwayOutcome>(desk)
{
    internal const int LongestWords = 200;

    /// <param name="Step">Id of the step; null: about the pathway as a whole, which can only be <see cref="DeviationKind.Other"/>.</param>
    /// <param name="Day">Of a delay: the new day in Belgium.</param>
    /// <param name="Old">Of another choice: what the pathway says.</param>
    /// <param name="New">Of another choice: what is done.</param>
    internal sealed record Request(string Id, int SeenVersion, string? Step, DeviationKind Kind, DeviationReason Reason, string Why, DateOnly? Day = null, string? Old = null, string? New = null);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<PathwayOutcome> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => PathwayChange.RunAsync(room, pathways, request.Id, request.SeenVersion, (writer, stored, by) =>
    {
        var (pathway, now) = (stored.Pathway, room.Now);
        var why = PathwayChange.Reason(request.Why);
        var step = request.Step is null ? null : pathway.Steps.FirstOrDefault(s => s.Id == request.Step) ?? throw PathwayChange.Refuse(PathwayOutcome.NotFound);
        var row = step is null ? null : PathwaySql.Steps(writer.Session, room, pathway.Id).Find(s => s.StepId == step.Id);
        if (!Enum.IsDefined(request.Reason) || request.Kind is not (DeviationKind.Skip or DeviationKind.Delay or DeviationKind.Other or DeviationKind.Outside) || step is null && request.Kind != DeviationKind.Other)
            throw PathwayChange.Refuse(PathwayOutcome.NotSound);
        var deviation = new Deviation { Id = PathwayChange.NewId(now), Kind = request.Kind, Step = step?.Id, About = step?.Title ?? pathway.Title, Reason = request.Reason, Words = why, By = by, At = now, ForProfessionals = step?.ForProfessionals == true };
        switch (request.Kind)
        {
            case DeviationKind.Skip:
                if (step!.Skipped || row?.State == (int)StepState.Done)
                    throw PathwayChange.Refuse(PathwayOutcome.Over);
                PathwayChange.End(writer, tasks, plans, pathway, step, why);
                step = step with { Skipped = true };
                deviation = deviation with { Old = PathwayChange.Day(row?.DueAt ?? step.Due, now), New = PathwayWords.Get("Deviation.Not") };
                break;
            case DeviationKind.Delay:
                step = Delayed(writer, step!, row, request.Day, now);
                deviation = deviation with { Old = PathwayChange.Day(row?.DueAt ?? step.Due, now), New = PathwayChange.Day(step.Due, now) };
                break;
            case DeviationKind.Outside:
                step = Outside(writer, step!, row, why);
                deviation = deviation with { New = PathwayWords.Get("Deviation.Outside") };
                break;
            default:
                if ((request.Old?.Length ?? 0) > LongestWords || (request.New?.Length ?? 0) > LongestWords)
                    throw PathwayChange.Refuse(PathwayOutcome.TooLong);
                deviation = deviation with { Old = Words(request.Old), New = Words(request.New) ?? throw PathwayChange.Refuse(PathwayOutcome.NotSound) };
                break;
        }

        var next = pathway with { Deviations = [.. pathway.Deviations, deviation], Steps = step is null ? pathway.Steps : [.. pathway.Steps.Select(s => s.Id == step.Id ? step : s)] };
        return (next, [new PathwayEvent("deviation", PathwayWords.Get("Event." + request.Kind, deviation.About, deviation.New), why, deviation.ForProfessionals)]);
    }, ct);

    /// <summary>A hand-off that happened elsewhere: what asked for it is done, and everybody sees that nobody accepted it here.</summary>
    private PathwayStep Outside(RoomWriter writer, PathwayStep step, PathwayStepRow? row, string why)
    {
        if (step.Kind != StepKind.Handoff || step.Skipped || row?.State is (int)StepState.Done or (int)StepState.Dropped)
            throw PathwayChange.Refuse(PathwayOutcome.Over);
        var now = writer.Room.Now;
        if (step.Made is not { } made || EntryReference.Split(made) is not ("Task", var id))
            return step with { DoneAt = now };
        if (StepProgress.IsClosed(writer.Session, writer.Room, made, step))
            return step with { DoneAt = now, Made = null };
        PathwayChange.Withdraw(writer, tasks, id, why);
        if (tasks.Find(writer.Session, writer.Room, id) is not { Task.IsOpen: true } stored)
            return step with { DoneAt = now, Made = null }; // whoever was asked refused: there is nothing that is open
        var actor = tasks.ActorOf(writer.Session, writer.Room);
        if (!actor.IsIn(stored.Task.Owner) && !actor.MayAssign(stored.Task))
            throw PathwayChange.Refuse(PathwayOutcome.NotYours);
        var done = stored.Task with { State = TaskState.Completed, AcceptedAt = stored.Task.AcceptedAt ?? now, ClosedAt = now, AcceptBy = null, Delegate = null };
        if (tasks.Change(writer, stored, done, actor.Party, new TaskStep(TaskState.Completed.Code(), TaskWords.Moved(done, TaskState.Completed), why)) is null)
            throw PathwayChange.Refuse(PathwayOutcome.ChangedMeanwhile);
        return step;
    }

    private static string? Words(string? text) => SafeText.Line(text ?? "", LongestWords) is { Length: > 0 } words ? words : null;

    private PathwayStep Delayed(RoomWriter writer, PathwayStep step, PathwayStepRow? row, DateOnly? day, DateTime now)
    {
        if (step.Skipped || row?.State is (int)StepState.Done or (int)StepState.Dropped || step.Kind is StepKind.Measuring or StepKind.Information)
            throw PathwayChange.Refuse(PathwayOutcome.Over);
        var today = BelgianTime.DayOf(now);
        if (day is not { } to || to < today || to > today.AddYears(5) || Pathway.EndOf(to) <= now || to == BelgianTime.DayOf(row?.DueAt ?? step.Due))
            throw PathwayChange.Refuse(PathwayOutcome.BadDay);
        var due = Pathway.EndOf(to);
        if (step.Made is { } made && EntryReference.Split(made) is ("Task", var first))
        {
            var open = PathwaySql.Series(writer.Session, writer.Room.Patient, first, step.Repeat is not null).Find(t => t.Open);
            if (open.Id is not { } id || tasks.Find(writer.Session, writer.Room, id) is not { } stored)
                throw PathwayChange.Refuse(PathwayOutcome.Over);
            var actor = tasks.ActorOf(writer.Session, writer.Room);
            if (!actor.MayAssign(stored.Task))
                throw PathwayChange.Refuse(PathwayOutcome.NotYours);
            var later = stored.Task with { DueAt = due };
            if (tasks.Change(writer, stored, later, actor.Party, new TaskStep("edited", TaskWords.Get("Step.Edited", later.Title))) is null)
                throw PathwayChange.Refuse(PathwayOutcome.ChangedMeanwhile);
        }

        return step with { Due = due };
    }
}

/// <summary>Adds a step that the template does not have, or asks somebody else to do one that was refused or dropped.</summary>
internal sealed class AddStep(CareDesk desk, PathwayFiling pathways, TaskFiling tasks) : PatientUseCase<AddStep.Request, PathwayOutcome>(desk)
{
    /// <param name="NewId">Id of the step to come, chosen when the form was opened; sending it twice makes one.</param>
    /// <param name="Again">The step that is asked of somebody else; null: a new one.</param>
    internal sealed record Request(string Id, int SeenVersion, string NewId, string Phase, string Title, TaskParty Owner, DateOnly Day, bool ForProfessionals, string? Detail = null, string? Again = null);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<PathwayOutcome> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => PathwayChange.RunAsync(room, pathways, request.Id, request.SeenVersion, (writer, stored, by) =>
    {
        var (pathway, now) = (stored.Pathway, room.Now);
        var again = request.Again is null ? null : pathway.Steps.FirstOrDefault(s => s.Id == request.Again) ?? throw PathwayChange.Refuse(PathwayOutcome.NotFound);
        if (again is not null && PathwaySql.Steps(writer.Session, room, pathway.Id).Find(s => s.StepId == again.Id) is not { State: (int)StepState.Refused or (int)StepState.Dropped or (int)StepState.Planned })
            throw PathwayChange.Refuse(PathwayOutcome.Over);
        if (again is null && (pathway.Steps.Any(s => s.Id == request.NewId) || !Guid.TryParse(request.NewId, out _) || !pathway.Phases.Any(p => p.Id == request.Phase && p.LeftAt is null)))
            throw PathwayChange.Refuse(PathwayOutcome.NotSound);
        if (TaskLimits.Broken(again?.Title ?? request.Title, request.Detail, null) is not null)
            throw PathwayChange.Refuse(PathwayOutcome.NotSound);
        var today = BelgianTime.DayOf(now);
        if (request.Day < today || request.Day > today.AddYears(5) || Pathway.EndOf(request.Day) <= now)
            throw PathwayChange.Refuse(PathwayOutcome.BadDay);
        var inside = again?.ForProfessionals ?? (request.ForProfessionals || pathway.Audience == Audience.Professionals);
        if (tasks.Eligible(writer.Session, room.Patient, request.Owner, inside ? Audience.Professionals : pathway.Audience, InformationCategory.Tasks, now).Count == 0)
            throw PathwayChange.Refuse(PathwayOutcome.Nobody);
        var due = Pathway.EndOf(request.Day);
        var step = again is not null ? again with { Owner = request.Owner, Due = due, Made = null, Reused = false }
            : new PathwayStep { Id = request.NewId, Phase = request.Phase, Kind = StepKind.Task, Title = SafeText.Line(request.Title, CreateTask.LongestTitle), Detail = SafeText.Lines(request.Detail ?? "", CreateTask.LongestDetail).Trim() is { Length: > 0 } detail ? detail : null, Owner = request.Owner, Planned = due, Due = due, ForProfessionals = inside, Added = true };
        step = pathways.Make(writer, pathway, step);
        var next = pathway with { Steps = again is null ? [.. pathway.Steps, step] : [.. pathway.Steps.Select(s => s.Id == step.Id ? step : s)] };
        return (next, [new PathwayEvent("step", PathwayWords.Get(again is null ? "Event.Added" : "Event.Given", step.Title, step.Owner.Display), null, inside)]);
    }, ct);
}

/// <summary>Says that something was told to patient or family.</summary>
internal sealed class TellStep(CareDesk desk, PathwayFiling pathways) : PatientUseCase<TellStep.Request, PathwayOutcome>(desk)
{
    internal sealed record Request(string Id, int SeenVersion, string Step);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<PathwayOutcome> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => PathwayChange.RunAsync(room, pathways, request.Id, request.SeenVersion, (_, stored, _) =>
        stored.Pathway.Steps.FirstOrDefault(s => s.Id == request.Step) is { Kind: StepKind.Information, DoneAt: null } step
            ? (stored.Pathway with { Steps = [.. stored.Pathway.Steps.Select(s => s == step ? step with { DoneAt = room.Now } : s)] }, [new PathwayEvent("told", PathwayWords.Get("Event.Told", step.Title), null, step.ForProfessionals)])
            : throw PathwayChange.Refuse(PathwayOutcome.Over), ct);
}

/// <summary>Ends a pathway: it is completed, or stopped with a reason. What was made for it stays with its owners, but for what the person says is to stop.</summary>
internal sealed class EndPathway(CareDesk desk, PathwayFiling pathways, TaskFiling tasks, SetMeasuringPlan plans) : PatientUseCase<EndPathway.Request, PathwayOutcome>(desk)
{
    /// <param name="Completed">Completed; false: stopped.</param>
    /// <param name="Why">Needed to stop, and to complete what is not through.</param>
    /// <param name="StopSteps">Steps of which the work that is still open is to stop: each is somebody's decision.</param>
    internal sealed record Request(string Id, int SeenVersion, bool Completed, string? Why, IReadOnlyList<string> StopSteps);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<PathwayOutcome> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => PathwayChange.RunAsync(room, pathways, request.Id, request.SeenVersion, (writer, stored, by) =>
    {
        var (pathway, now) = (stored.Pathway, room.Now);
        var states = PathwaySql.Steps(writer.Session, room, pathway.Id).ToDictionary(s => s.StepId, StringComparer.Ordinal);
        var through = pathway.Phases.All(p => Phases.IsThrough(pathway, p.Id, states));
        var why = request.Completed && through ? null : PathwayChange.Reason(request.Why);
        foreach (var step in pathway.Steps.Where(s => request.StopSteps.Contains(s.Id)))
            PathwayChange.End(writer, tasks, plans, pathway, step, why ?? PathwayWords.Get("Completed.Why", pathway.Title));
        var next = pathway with
        {
            Status = request.Completed ? PathwayStatus.Completed : PathwayStatus.Stopped, EndedAt = now, EndReason = why, Phases = [.. pathway.Phases.Select(p => p.IsCurrent ? p with { LeftAt = now, LeftBy = by, ByCriteria = request.Completed && through } : p)],
        };
        return (next, [new PathwayEvent(request.Completed ? "completed" : "stopped", PathwayWords.Get(request.Completed ? "Event.Completed" : "Event.Stopped", pathway.Title), why)]);
    }, ct);
}
