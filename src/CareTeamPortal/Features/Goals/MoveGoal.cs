using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>Says where a goal stands: agreed, at rest, reached, not reached, dropped, taken up again. What served it is not touched: each of that is somebody's own decision.</summary>
internal sealed class MoveGoal(CareDesk desk, GoalFiling goals) : PatientUseCase<MoveGoal.Request, GoalResult>(desk)
{
    /// <param name="Id">Without its type.</param>
    /// <param name="SeenVersion">The version that the person saw.</param>
    /// <param name="Reason">Why; required to let it rest, fail or drop.</param>
    internal sealed record Request(string Id, int SeenVersion, GoalState To, string? Reason = null);

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<GoalResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        request.Reason?.Length > TaskLimits.LongestReason ? new(GoalOutcome.TooLong) : await room.CommitAsync((writer, _) => ValueTask.FromResult(Move(writer, request)), ct);

    /// <summary>The same inside a transaction that does more.</summary>
    internal GoalResult Move(RoomWriter writer, Request request)
    {
        var room = writer.Room;
        var reason = SafeText.Lines(request.Reason ?? "", TaskLimits.LongestReason).Trim();
        var actor = GoalFiling.ActorOf(writer.Session, room);
        if (!actor.MayAdd)
            throw room.Refusal(CareAction.Write, InformationCategory.Goals);
        if (goals.Find(writer.Session, room, request.Id) is not { } present)
            return new(GoalOutcome.NotFound);
        var goal = present.Goal;
        if (goal.Version != request.SeenVersion)
            return new(GoalOutcome.ChangedMeanwhile, goal);
        if (request.To == GoalState.Mistaken ? goal.State == GoalState.Mistaken : !CareGoal.After(goal.State).Contains(request.To))
            return new(GoalOutcome.IllegalStep, goal);
        if (!actor.MayMove(goal, request.To))
            return new(GoalOutcome.NotYours, goal);
        if (CareGoal.NeedsReason(request.To) && reason.Length == 0)
            return new(GoalOutcome.NeedsReason, goal);
        var next = goal with { State = request.To, Reason = reason.Length > 0 ? reason : null, StateSince = BelgianTime.DayOf(room.Now) };
        return goals.Put(writer, next, present) ? new(GoalOutcome.Done, next with { Version = goal.Version + 1 }) : new(GoalOutcome.ChangedMeanwhile, goal);
    }
}
