using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Brings a task into another state: takes it on, begins, puts it on hold, finishes, refuses, cancels.</summary>
internal sealed class MoveTask(CareDesk desk, TaskFiling tasks) : PatientUseCase<MoveTask.Request, TaskResult>(desk)
{
    /// <param name="To">The state.</param>
    /// <param name="Reason">Why; required to refuse, fail, cancel, hold or retract.</param>
    /// <param name="SeenVersion">The version that the person saw; null: whatever stands there now.</param>
    internal sealed record Request(string Id, TaskState To, string? Reason = null, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            if (stored.Task.IsHandoff)
                throw new TaskRefusal(TaskRule.IllegalTransition, stored.Task.State, request.To); // hand-offs have their own use cases
            var reason = TaskChange.Reason(request.Reason);
            var next = stored.Task.MoveTo(request.To, actor, reason, room.Now);
            TaskChange.MayBeAsked(writer, tasks, stored.Task, next);
            TaskChange.MayBeTicked(writer, next);
            return (next, new TaskStep(request.To.Code(), TaskWords.Moved(next, request.To), reason));
        }, ct);
}

/// <summary>Ticks a task off in one gesture: what has to come before (taking it on, beginning) comes with it.</summary>
internal sealed class FinishTask(CareDesk desk, TaskFiling tasks) : PatientUseCase<FinishTask.Request, TaskResult>(desk)
{
    /// <param name="Remark">What has to be said about it, if anything.</param>
    internal sealed record Request(string Id, string? Remark = null, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            var finished = Finished(stored, actor, request.Remark, room.Now);
            TaskChange.MayBeTicked(writer, finished.Next);
            return finished;
        }, ct);

    /// <summary>The task as it is when it is finished, with the step; inside a transaction that does more.</summary>
    internal static (CareTask Next, TaskStep Step) Finished(StoredTask stored, TaskActor actor, string? remark, DateTime now)
    {
        if (stored.Task.IsHandoff)
            throw new TaskRefusal(TaskRule.IllegalTransition, stored.Task.State, TaskState.Completed);
        var task = stored.Task;
        foreach (var state in Way(task.State))
            task = task.MoveTo(state, actor, null, now);
        return (task, new TaskStep(TaskState.Completed.Code(), TaskWords.Moved(task, TaskState.Completed), TaskChange.Reason(remark)));
    }

    private static TaskState[] Way(TaskState from) => from switch
    {
        TaskState.Requested or TaskState.Received => [TaskState.Accepted, TaskState.InProgress, TaskState.Completed],
        TaskState.Accepted or TaskState.Ready or TaskState.OnHold => [TaskState.InProgress, TaskState.Completed],
        _ => [TaskState.Completed],
    };
}

/// <summary>Asks somebody else to do a task: at once while nobody took it on, else when that person takes it over.</summary>
internal sealed class AssignTask(CareDesk desk, TaskFiling tasks) : PatientUseCase<AssignTask.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, TaskParty To, string? Remark = null, DateTime? AcceptBy = null, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            return To(writer, tasks, stored, actor, request.To, request.AcceptBy, request.Remark);
        }, ct);

    /// <summary>The task as it is when somebody else is asked, with the step; inside a transaction that does more.</summary>
    internal static (CareTask Next, TaskStep Step) To(RoomWriter writer, TaskFiling tasks, StoredTask stored, TaskActor actor, TaskParty to, DateTime? acceptBy, string? remark)
    {
        var now = writer.Room.Now;
        if (stored.Task.IsHandoff)
            throw new TaskRefusal(TaskRule.NotYours, stored.Task.State);
        if (tasks.Eligible(writer.Session, writer.Room.Patient, to, stored.Task.Audience, stored.Task.Needs, now).Count == 0)
            throw new TaskRefusal(TaskRule.MayNotSee, stored.Task.State);
        var next = stored.Task.Assign(to, actor, acceptBy ?? now + Reminders.AcceptWithin(stored.Task.Priority));
        var delegated = next.Delegate is not null;
        return (next, new TaskStep(delegated ? "delegated" : "reassigned", TaskWords.Get(delegated ? "Step.Delegated" : "Step.Reassigned", next.Title, to.Display), TaskChange.Reason(remark)));
    }
}

/// <summary>Answers the question to take a task over: yes, no; or the owner takes the question back.</summary>
internal sealed class AnswerDelegation(CareDesk desk, TaskFiling tasks) : PatientUseCase<AnswerDelegation.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, bool TakeOver, string? Reason = null, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            var reason = TaskChange.Reason(request.Reason);
            return request.TakeOver
                ? (stored.Task.TakeOver(actor, room.Now), new TaskStep("taken-over", TaskWords.Get("Step.TakenOver", stored.Task.Title), reason))
                : (stored.Task.KeepWithOwner(actor), new TaskStep("kept", TaskWords.Get("Step.Kept", stored.Task.Title, stored.Task.Owner?.Display), reason));
        }, ct);
}

/// <summary>Changes what a task says: its words, deadline, priority, checklist.</summary>
internal sealed class EditTask(CareDesk desk, TaskFiling tasks) : PatientUseCase<EditTask.Request, TaskResult>(desk)
{
    /// <param name="DueAt">Another deadline; null: as it is.</param>
    /// <param name="Checklist">The whole list as it has to be; items that stay keep their tick. Null: as it is.</param>
    /// <param name="NoDeadline">Take the deadline away. Not of a task that repeats: its series hangs on it.</param>
    /// <param name="Repeat">How it comes back from here on; null: as it is.</param>
    internal sealed record Request(string Id, string? Title = null, DateTime? DueAt = null, TaskPriority? Priority = null, IReadOnlyList<string>? Checklist = null, int? SeenVersion = null, string? Detail = null, bool NoDeadline = false, RepeatChange? Repeat = null);

    /// <summary>Another rule by which it comes back from here on.</summary>
    /// <param name="To">Null: not any more.</param>
    internal sealed record RepeatChange(RepeatRule? To);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            TaskChange.MayBeEdited(stored, actor);
            if (TaskLimits.Broken(request.Title ?? "-", request.Detail, request.Checklist) is { } broken)
                throw new TaskRefusal(broken, stored.Task.State);
            var title = request.Title is null ? stored.Task.Title : SafeText.Line(request.Title, CreateTask.LongestTitle);
            if (request.DueAt <= room.Now && request.DueAt != stored.Task.DueAt)
                throw new TaskRefusal(TaskRule.BadDeadline, stored.Task.State);
            if (request.NoDeadline && (request.Repeat is { } rule ? rule.To : stored.Task.Repeat) is not null)
                throw new TaskRefusal(TaskRule.RepeatNeedsDeadline, stored.Task.State);
            var next = stored.Task with
            {
                Title = title,
                Detail = request.Detail is null ? stored.Task.Detail : SafeText.Lines(request.Detail, CreateTask.LongestDetail).Trim() is { Length: > 0 } detail ? detail : null,
                DueAt = request.NoDeadline ? null : request.DueAt ?? stored.Task.DueAt,
                Priority = request.Priority ?? stored.Task.Priority,
                Checklist = request.Checklist is null ? stored.Task.Checklist
                    : [.. request.Checklist.Select(c => SafeText.Line(c, TaskLimits.LongestCheck)).Where(c => c.Length > 0).Select(c => stored.Task.Checklist.FirstOrDefault(i => i.Text == c) ?? new ChecklistItem(c))],
            };
            if (request.Repeat is { } other)
                next = next.RepeatBy(other.To);
            return (next, new TaskStep("edited", TaskWords.Get("Step.Edited", next.Title)));
        }, ct);
}

/// <summary>Ticks a line of a task's checklist, or takes the tick away.</summary>
internal sealed class TickChecklist(CareDesk desk, TaskFiling tasks) : PatientUseCase<TickChecklist.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, int Item, bool Done);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, null, (writer, stored, actor) =>
        {
            var list = stored.Task.Checklist.ToList();
            if (!stored.Task.IsOpen || request.Item < 0 || request.Item >= list.Count)
                throw new TaskRefusal(TaskRule.Closed, stored.Task.State);
            if (!actor.IsIn(stored.Task.Owner ?? stored.Task.Requester) && !actor.MayAssign(stored.Task))
                throw new TaskRefusal(TaskRule.NotYours, stored.Task.State);
            if (list[request.Item].DoneAt is not null == request.Done)
                return (stored.Task, null);
            list[request.Item] = request.Done ? list[request.Item] with { DoneAt = room.Now, DoneBy = room.Actor.DisplayName } : new ChecklistItem(list[request.Item].Text);
            return (stored.Task with { Checklist = list }, null); // a tick is no line on the timeline: the task's own line shows how far it is
        }, ct);
}

/// <summary>The road that every change of a task takes.</summary>
internal static class TaskChange
{
    /// <summary>Finds the task, lets the domain decide, writes; a refusal of the domain is a result.</summary>
    public static Task<TaskResult> RunAsync(PatientRoom room, TaskFiling tasks, string id, int? seen, Func<RoomWriter, StoredTask, TaskActor, (CareTask Next, TaskStep? Step)> change, CancellationToken ct, byte[]? source = null) =>
        room.CommitAsync((writer, _) => ValueTask.FromResult(Run(writer, tasks, id, seen, change, source)), ct);

    /// <summary>The same inside a transaction that does more.</summary>
    /// <param name="source">The Task as a program sent it, in place of the stored one.</param>
    public static TaskResult Run(RoomWriter writer, TaskFiling tasks, string id, int? seen, Func<RoomWriter, StoredTask, TaskActor, (CareTask Next, TaskStep? Step)> change, byte[]? source = null)
    {
        return tasks.Find(writer.Session, writer.Room, id) is { } stored ? Run(writer, tasks, stored, seen, change, source) : new TaskNotFound();
    }

    /// <summary>The same with a task that was read in this transaction.</summary>
    public static TaskResult Run(RoomWriter writer, TaskFiling tasks, StoredTask stored, int? seen, Func<RoomWriter, StoredTask, TaskActor, (CareTask Next, TaskStep? Step)> change, byte[]? source = null)
    {
        var room = writer.Room;
        if (seen is not null && seen != stored.Task.Version)
            return new TaskChangedMeanwhile(stored.Task);
        try
        {
            var actor = tasks.ActorOf(writer.Session, room);
            var (next, step) = change(writer, stored, actor);
            if (next == stored.Task && source is null)
                return new TaskDone(stored.Task);
            var isLost = stored.Task is { DueAt: not null, IsHandoff: false } && next is { DueAt: null, IsOpen: true };
            if (isLost && step?.Code == "edited")
                step = step with { Words = TaskWords.Get("Step.NoDeadline", next.Title) };
            if (tasks.Change(writer, stored, next, actor.Party, step, source) is not { } written)
                return new TaskChangedMeanwhile(stored.Task);
            if (isLost)
                TellNoDeadline(writer, next.Id);
            return new TaskDone(written);
        }
        catch (TaskRefusal refusal)
        {
            // Somebody else took it a moment ago: say who, rather than that the step is not possible.
            if (refusal.Rule is TaskRule.IllegalTransition or TaskRule.NotYours && refusal.To is TaskState.Accepted or TaskState.Received && stored.Task.State.IsTaken() && stored.Task.Owner?.Person != room.Actor.Person)
                return new TakenAlready(stored.Task.Owner?.Display ?? "", stored.Task.AcceptedAt);
            return new TaskRefused(refusal.Rule, refusal.From, refusal.To);
        }
    }

    /// <summary>Without a deadline nothing reminds of a task and nothing escalates it: who has it and who answers for it are told, once each time.</summary>
    private static void TellNoDeadline(RoomWriter writer, string id)
    {
        if (TaskSql.Find(writer.Session, writer.Room.Patient, id) is not { } row)
            return;
        foreach (var person in new[] { row.OwnerId, row.AccountableId }.OfType<PersonId>().Distinct().Where(p => p != writer.Room.Actor.Person))
            TaskSql.Tell(writer.Session, row, person, (int)NoticeKind.NoDeadline, writer.Room.Now);
    }

    /// <summary>Whom a concept names may have left since: nobody is asked who is not there or may not see it.</summary>
    /// <exception cref="TaskRefusal">There is nobody to ask.</exception>
    public static void MayBeAsked(RoomWriter writer, TaskFiling tasks, CareTask before, CareTask next)
    {
        if (before.State == TaskState.Draft && next.State == TaskState.Requested && (next.Owner ?? next.Requester) is { } owner
            && tasks.Eligible(writer.Session, writer.Room.Patient, owner, next.Audience, next.Needs, writer.Room.Now).Count == 0)
            throw new TaskRefusal(TaskRule.MayNotSee, before.State, next.State);
    }

    /// <summary>
    /// Work that came of an alert is done when somebody says what was done about it: that is Alerts.AnswerAlert. The hand-off step of a pathway is done when the
    /// hand-off is accepted; that it happened elsewhere is said in the pathway, with a reason.
    /// </summary>
    /// <exception cref="TaskRefusal">It ends otherwise than by ticking it off.</exception>
    public static void MayBeTicked(RoomWriter writer, CareTask next)
    {
        if (next.State != TaskState.Completed)
            return;
        if (AlertSql.Waits(writer.Session, next.Id))
            throw new TaskRefusal(TaskRule.AlertNeedsAnswer, next.State);
        if (PathwaySql.IsHandoffStep(writer.Session, writer.Room.Patient, next.Id))
            throw new TaskRefusal(TaskRule.HandoffStep, next.State);
    }

    /// <summary>What a task says is changed while it is open, by who answers for it.</summary>
    /// <exception cref="TaskRefusal">It is over, a hand-off, or somebody else's.</exception>
    public static void MayBeEdited(StoredTask stored, TaskActor actor)
    {
        if (stored.Task.IsHandoff || !stored.Task.IsOpen)
            throw new TaskRefusal(TaskRule.Closed, stored.Task.State);
        if (!actor.MayAssign(stored.Task))
            throw new TaskRefusal(TaskRule.NotYours, stored.Task.State);
    }

    /// <summary>A reason as it is kept, or null when it says nothing.</summary>
    /// <exception cref="TaskRefusal">It is too long to be kept whole.</exception>
    public static string? Reason(string? text) => text is null || SafeText.Lines(text, TaskLimits.LongestReason + 1).Trim() is not { Length: > 0 } reason ? null
        : reason.Length > TaskLimits.LongestReason ? throw new TaskRefusal(TaskRule.TextTooLong) : reason;
}
