using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Goals;

/// <summary>What is decided about something that served a goal which is closed.</summary>
public enum ServantDecision
{
    /// <summary>It is not needed any more.</summary>
    Stop = 0,

    /// <summary>It goes on, for no goal.</summary>
    Keep = 1,

    /// <summary>It goes on, for another goal.</summary>
    Give = 2,
}

/// <summary>One decision about one thing.</summary>
/// <param name="To">The other goal, <c>Goal/x</c>, when it is given to one.</param>
public sealed record ServantSettlement(PlanServant Servant, ServantDecision Decision, string? Reason = null, string? To = null);

/// <summary>
/// Carries out one decision about one thing that served a goal: by the same use cases, and so by the same rights, as anywhere else. Nothing stops by itself.
/// </summary>
internal sealed class SettleServant(StopTask stopTask, LinkTask linkTask, SetMeasuringPlan setPlan, KeepGoal keepGoal, MoveGoal moveGoal)
{
    /// <summary>Does it.</summary>
    /// <returns>Null when done, else what refused it.</returns>
    public async Task<object?> RunAsync(Actor actor, PatientId patient, ServantSettlement request, CancellationToken ct)
    {
        var to = request.Decision == ServantDecision.Give ? request.To : null;
        var reason = request.Reason ?? "";
        switch (request.Servant)
        {
            case { Task: { } task }:
                var result = request.Decision == ServantDecision.Stop ? await stopTask.RunAsync(actor, patient, new(task.Id, reason, task.Version), ct) : await linkTask.RunAsync(actor, patient, new(task.Id, to, task.Version), ct);
                return result is TaskDone ? null : result;
            case { Measuring: { } plan }:
                var set = await setPlan.RunAsync(actor, patient, new()
                {
                    Id = plan.Id, SeenVersion = plan.Version, Loinc = plan.Loinc, Repeat = plan.Repeat, By = plan.By, Rules = plan.Rules,
                    Goal = request.Decision == ServantDecision.Stop ? plan.Goal : to, StopBecause = request.Decision == ServantDecision.Stop ? reason : null,
                }, ct);
                return set.Outcome == SetMeasuringPlan.Outcome.Done ? null : set.Outcome;
            case { Goal: { } goal }:
                var kept = request.Decision == ServantDecision.Stop
                    ? await moveGoal.RunAsync(actor, patient, new(goal.Id, goal.Version, GoalState.Cancelled, reason), ct)
                    : await keepGoal.RunAsync(actor, patient, new() { Id = goal.Id, SeenVersion = goal.Version, Kind = goal.Kind, Serves = to, Target = goal.Target, Owner = goal.Owner }, ct);
                return kept.IsDone ? null : kept.Outcome;
            default:
                return new TaskNotFound();
        }
    }
}
