using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>Offers a hand-off that a program kept as a draft Task. The same has to hold as for one that is offered at once.</summary>
internal sealed class OfferDraft(CareDesk desk, TaskFiling tasks) : PatientUseCase<OfferDraft.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        if (tasks.Find(writer.Session, room, request.Id) is { Task: { IsHandoff: true, State: TaskState.Draft } draft } && draft.Requester?.Person == room.Actor.Person)
        {
            if (draft.Handoff!.ScopeUntil <= room.Now)
                return ValueTask.FromResult<TaskResult>(new TaskRefused(TaskRule.BadDeadline));
            if (OfferHandoff.Refuses(writer.Session, tasks, room, draft) is { } refused)
                return ValueTask.FromResult<TaskResult>(refused);
        }

        var result = HandoffChange.Run(writer, tasks, request.Id, request.SeenVersion, (_, stored, actor) =>
        {
            var task = stored.Task.MoveTo(TaskState.Requested, actor, null, room.Now) with { Business = HandoffStatus.Offered };
            return (task with { DueAt = task.AcceptBy }, new TaskStep(HandoffStatus.Offered, HandoffWords.Get("Step.Offered", task.Title, task.Owner?.Display)));
        });
        if (result is TaskDone && TaskSql.Find(writer.Session, room.Patient, request.Id) is { } row)
            TaskSql.SetOffered(writer.Session, room.Patient, row.Id, writer.NextCursor());
        return ValueTask.FromResult(result);
    }, ct);
}
