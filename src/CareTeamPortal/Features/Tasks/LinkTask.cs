using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Says which goal a task serves, or that it serves none.</summary>
internal sealed class LinkTask(CareDesk desk, TaskFiling tasks) : PatientUseCase<LinkTask.Request, TaskResult>(desk)
{
    /// <param name="Goal"><c>Goal/x</c>; null: none.</param>
    /// <param name="SeenVersion">The version that the person saw; null: whatever stands there now.</param>
    internal sealed record Request(string Id, string? Goal, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            TaskChange.MayBeEdited(stored, actor);
            if (request.Goal is { } goal && (!goal.StartsWith("Goal/", StringComparison.Ordinal) || !CreateTask.IsInFile(writer.Session, room, goal)))
                throw new TaskRefusal(TaskRule.NotInFile, stored.Task.State);
            if (request.Goal is { } served && !CreateTask.IsSeenWith(writer.Session, served, stored.Task))
                throw new TaskRefusal(TaskRule.GoalForFewer, stored.Task.State);
            return (stored.Task with { Goal = request.Goal }, new TaskStep("edited", TaskWords.Get(request.Goal is null ? "Step.Unlinked" : "Step.Linked", stored.Task.Title)));
        }, ct);
}
