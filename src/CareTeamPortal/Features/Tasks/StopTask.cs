using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Ends a task that is not needed any more, with its series: none comes after it. Whoever may cancel it decides, with a reason.</summary>
internal sealed class StopTask(CareDesk desk, TaskFiling tasks) : PatientUseCase<StopTask.Request, TaskResult>(desk)
{
    /// <param name="SeenVersion">The version that the person saw; null: whatever stands there now.</param>
    internal sealed record Request(string Id, string Reason, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            if (stored.Task.IsHandoff)
                throw new TaskRefusal(TaskRule.IllegalTransition, stored.Task.State, TaskState.Cancelled);
            var reason = TaskChange.Reason(request.Reason);
            var next = stored.Task.MoveTo(TaskState.Cancelled, actor, reason, room.Now);
            if (!next.NextIsMade)
                next = next with { Repeat = null, SeriesStart = null };
            return (next, new TaskStep(TaskState.Cancelled.Code(), TaskWords.Moved(next, TaskState.Cancelled), reason));
        }, ct);
}
