using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>The receiver reads the offer: the sender sees that it was opened.</summary>
internal sealed class OpenHandoff(CareDesk desk, TaskFiling tasks) : PatientUseCase<OpenHandoff.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        HandoffChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) => stored.Task.State != TaskState.Requested
            ? (stored.Task, null)
            : (stored.Task.MoveTo(TaskState.Received, actor, null, room.Now) with { Business = stored.Task.Business == HandoffStatus.Escalated ? HandoffStatus.Escalated : HandoffStatus.Opened },
                new TaskStep(HandoffStatus.Opened, HandoffWords.Get("Step.Opened", stored.Task.Title))), ct);
}

/// <summary>The receiver asks the sender something before accepting.</summary>
internal sealed class AskClarification(CareDesk desk, TaskFiling tasks) : PatientUseCase<AskClarification.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, string Question, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        HandoffChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            var question = TaskChange.Reason(request.Question) ?? throw new TaskRefusal(TaskRule.Incomplete, stored.Task.State);
            if (!stored.Task.State.IsAsked())
                throw new TaskRefusal(TaskRule.Closed, stored.Task.State, TaskState.Received);
            if (!actor.IsIn(stored.Task.Owner))
                throw new TaskRefusal(TaskRule.NotYours, stored.Task.State);
            var content = stored.Task.Handoff!;
            if (content.Clarifications.Any(c => c.Answer is null))
                throw new TaskRefusal(TaskRule.Closed, stored.Task.State); // one question at a time: the first waits for its answer
            var task = stored.Task.State == TaskState.Requested ? stored.Task.MoveTo(TaskState.Received, actor, null, room.Now) : stored.Task;
            return (task with { Business = HandoffStatus.ClarificationAsked, Handoff = content with { Clarifications = [.. content.Clarifications, new Clarification(question, room.Actor.DisplayName, room.Now)] } },
                new TaskStep(HandoffStatus.ClarificationAsked, HandoffWords.Get("Step.Asked", stored.Task.Title), question));
        }, ct);
}

/// <summary>The sender answers the receiver's question.</summary>
internal sealed class AnswerClarification(CareDesk desk, TaskFiling tasks) : PatientUseCase<AnswerClarification.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, string Answer, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        HandoffChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            var answer = TaskChange.Reason(request.Answer) ?? throw new TaskRefusal(TaskRule.Incomplete, stored.Task.State);
            var content = stored.Task.Handoff!;
            var open = content.Clarifications.ToList().FindIndex(c => c.Answer is null);
            if (!stored.Task.State.IsAsked() || open < 0)
                throw new TaskRefusal(TaskRule.Closed, stored.Task.State);
            if (stored.Task.Requester?.Person != room.Actor.Person && !actor.IsAccountableForPatient)
                throw new TaskRefusal(TaskRule.NotYours, stored.Task.State);
            var all = content.Clarifications.ToList();
            all[open] = all[open] with { Answer = answer, AnsweredBy = room.Actor.DisplayName, AnsweredAt = room.Now };
            return (stored.Task with { Business = HandoffStatus.ClarificationAnswered, Handoff = content with { Clarifications = all } },
                new TaskStep(HandoffStatus.ClarificationAnswered, HandoffWords.Get("Step.Answered", stored.Task.Title), answer));
        }, ct);
}

/// <summary>The receiver has read what came in since the offer.</summary>
internal sealed class AcknowledgeNews(CareDesk desk, TaskFiling tasks) : PatientUseCase<AcknowledgeNews.Request, bool>(desk)
{
    /// <param name="UpTo">Commit of the newest that was shown.</param>
    internal sealed record Request(string Id, long UpTo);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        if (tasks.Find(writer.Session, room, request.Id) is not { Task: { IsHandoff: true } task } || !tasks.ActorOf(writer.Session, room).IsIn(task.Owner))
            return ValueTask.FromResult(false);
        TaskSql.Acknowledge(writer.Session, room.Patient, request.Id, request.UpTo);
        return ValueTask.FromResult(true);
    }, ct);
}

/// <summary>The receiver declines, with a reason. When the sender named a second receiver, the offer goes there in the same transaction.</summary>
internal sealed class DeclineHandoff(CareDesk desk, TaskFiling tasks) : PatientUseCase<DeclineHandoff.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, string Reason, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync<TaskResult>((writer, _) =>
    {
        var result = HandoffChange.Run(writer, tasks, request.Id, request.SeenVersion, (w, stored, actor) =>
        {
            var reason = TaskChange.Reason(request.Reason);
            return (stored.Task.MoveTo(TaskState.Rejected, actor, reason, room.Now) with { Business = HandoffStatus.Declined }, new TaskStep(HandoffStatus.Declined, HandoffWords.Get("Step.Declined", stored.Task.Title), reason));
        });
        if (result is TaskDone { Task: { Handoff: { SecondReceiver: { } second } content } declined } && declined.Requester is { } sender
            && OfferHandoff.Receivers(writer.Session, tasks, room.Patient, second, declined.Audience, content.Tells, room.Now).Any(p => p.Id != room.Actor.Person))
        {
            var again = declined with
            {
                Id = Guid.CreateVersion7(new DateTimeOffset(room.Now)).ToString(), Version = 0, State = TaskState.Requested, Business = HandoffStatus.Offered, Owner = second, AuthoredOn = room.Now, ClosedAt = null, Reason = null,
                AcceptBy = room.Now + Reminders.AcceptWithin(declined.Priority), DueAt = room.Now + Reminders.AcceptWithin(declined.Priority), Handoff = content with { SecondReceiver = null, Clarifications = [], Follows = declined.Id },
            };
            var entry = tasks.Add(writer, again, sender, "portal");
            TaskSql.SetOffered(writer.Session, room.Patient, again.Id, entry.Cursor);
        }

        return ValueTask.FromResult(result);
    }, ct);
}

/// <summary>The sender takes the offer back.</summary>
internal sealed class WithdrawHandoff(CareDesk desk, TaskFiling tasks) : PatientUseCase<WithdrawHandoff.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, string Reason, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        HandoffChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            if (stored.Task.State.IsTaken())
                throw new TaskRefusal(TaskRule.IllegalTransition, stored.Task.State, TaskState.Cancelled); // no undo of an acceptance: it is given back by a new hand-off
            return Withdrawn(stored, actor, TaskChange.Reason(request.Reason), room.Now);
        }, ct);

    /// <summary>What it becomes, and its step.</summary>
    private static (CareTask Next, TaskStep? Step) Withdrawn(StoredTask stored, TaskActor actor, string? reason, DateTime now) =>
        (stored.Task.MoveTo(TaskState.Cancelled, actor, reason, now) with { Business = HandoffStatus.Withdrawn }, new TaskStep(HandoffStatus.Withdrawn, HandoffWords.Get("Step.Withdrawn", stored.Task.Title), reason));

    /// <summary>The same in a transaction of another change that makes the offer pointless; false when the person may not take it back.</summary>
    internal static bool Within(RoomWriter writer, TaskFiling tasks, string id, string reason) =>
        writer.Room.May(CareAction.HandOff) && HandoffChange.Run(writer, tasks, id, null, (_, stored, actor) => Withdrawn(stored, actor, reason, writer.Room.Now)) is TaskDone;
}

/// <summary>The road of a change of a hand-off.</summary>
internal static class HandoffChange
{
    public static Task<TaskResult> RunAsync(PatientRoom room, TaskFiling tasks, string id, int? seen, Func<RoomWriter, StoredTask, TaskActor, (CareTask Next, TaskStep? Step)> change, CancellationToken ct) =>
        room.CommitAsync((writer, _) => ValueTask.FromResult(Run(writer, tasks, id, seen, change)), ct);

    public static TaskResult Run(RoomWriter writer, TaskFiling tasks, string id, int? seen, Func<RoomWriter, StoredTask, TaskActor, (CareTask Next, TaskStep? Step)> change) =>
        TaskSql.One(writer.Session, writer.Room, id) is { IsHandoff: true } ? TaskChange.Run(writer, tasks, id, seen, change) : new TaskNotFound();
}
