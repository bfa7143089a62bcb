using CareTeamPortal.Features.Goals;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Goals that a program writes: through the same use cases as the plan's page, so that who may say what, the reason and the audit are the same. What we do not know of a Goal is kept as it came.</summary>
internal sealed class GoalExchange(ReadResource readResource, LookOnce look, KeepGoal keep, MoveGoal move, GoalFiling goals)
{
    /// <summary>create. A life goal is the patient's; whoever else sends it wrote it down.</summary>
    public async Task<FhirAnswer> CreateAsync(Actor actor, PatientId patient, byte[] body, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        if (ifNoneExist is not null && await look.RunAsync(actor, patient, ifNoneExist, ct, AccessSource.Fhir))
            return ifNoneExist.Found;

        var id = Guid.CreateVersion7().ToString();
        var goal = goals.Read(body, patient, id, Audience.WholeTeam);
        if (goal.State is not (GoalState.Proposed or GoalState.Active))
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "A goal begins proposed or active.", "Goal.lifecycleStatus"));
        var result = await keep.RunAsync(actor, patient, Request(goal, body) with { Id = id, Audience = GoalFiling.AudienceOf(body), IsProposal = goal.State == GoalState.Proposed, Unless = ifNoneExist is null ? null : ifNoneExist.IsThere }, ct, AccessSource.Fhir);
        return result.Outcome == GoalOutcome.ThereAlready ? ifNoneExist!.Found : await AnswerAsync(actor, patient, id, result, 201, ct);
    }

    /// <summary>update: content or state, each by its own rules.</summary>
    public async Task<FhirAnswer> UpdateAsync(Actor actor, PatientId patient, string id, byte[] body, int seen, CancellationToken ct)
    {
        if ((await readResource.RunAsync(actor, patient, new ReadResource.Request("Goal", id), ct, AccessSource.Fhir))?.Versions[0] is not { } stored)
            return FhirAnswer.NotFound();
        if (stored.Version != seen)
            return FhirAnswer.Stale(stored.Version);
        var (present, wanted) = (goals.Read(stored.Json.ToArray(), patient, id, Audience.WholeTeam), goals.Read(body, patient, id, Audience.WholeTeam));
        if (wanted.State == present.State)
            return await AnswerAsync(actor, patient, id, await keep.RunAsync(actor, patient, Request(wanted with { Kind = present.Kind }, body) with { Id = id, SeenVersion = seen }, ct, AccessSource.Fhir), 200, ct);
        if (wanted.Words != present.Words || wanted.Target != present.Target || wanted.Serves != present.Serves || wanted.Owner?.IsSame(present.Owner) == false)
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "An update changes what a goal says or where it stands, not both.", "Goal.lifecycleStatus"));
        return await AnswerAsync(actor, patient, id, await move.RunAsync(actor, patient, new(id, seen, wanted.State, wanted.Reason), ct, AccessSource.Fhir), 200, ct);
    }

    private static KeepGoal.Request Request(CareGoal goal, byte[] body) => new() { Id = "", Kind = goal.Kind, Words = goal.Words, Serves = goal.Serves, Target = goal.Target, Owner = goal.Owner, Source = body };

    private async Task<FhirAnswer> AnswerAsync(Actor actor, PatientId patient, string id, GoalResult result, int status, CancellationToken ct)
    {
        static FhirAnswer Refused(string why, string place, string code = "business-rule") => FhirAnswer.Refuse(422, FhirIssue.Error(code, why, place));
        switch (result.Outcome)
        {
            case GoalOutcome.Done:
                var row = (await readResource.RunAsync(actor, patient, new ReadResource.Request("Goal", id), ct, AccessSource.Fhir))?.Versions[0];
                return row is null ? FhirAnswer.NotFound() : FhirAnswer.Resource(status, "Goal", id, row.Version, row.LastUpdated, row.Json, written: true);
            case GoalOutcome.ChangedMeanwhile:
                return FhirAnswer.Stale(result.Goal!.Version);
            case GoalOutcome.NotYours:
                return FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "Rule: the patient's own words are changed by the patient, a named proxy, or who wrote them down."));
            case GoalOutcome.NothingSaid:
                return Refused("description says nothing.", "Goal.description", "required");
            case GoalOutcome.TooLong:
                return Refused($"description is at most {SetGoal.LongestWords} characters, a target {KeepGoal.LongestTarget}, a reason 2000.", "Goal", "too-long");
            case GoalOutcome.TargetNotSound:
                return Refused("The target cannot be reached by any value, or its unit is not one of what it measures.", "Goal.target");
            case GoalOutcome.NeedsReason:
                return Refused("To rest, fail or drop a goal is explained: statusReason.", "Goal.statusReason", "required");
            case GoalOutcome.ServesNothing:
                return Refused("A care goal serves an open life goal of this file, and one that everybody sees who sees the care goal.", "Goal.extension");
            case GoalOutcome.OwnerMayNotSee:
                return Refused("Who sees to it is not on the team, or may not see it.", "Goal.extension");
            case GoalOutcome.IllegalStep:
                return Refused($"From {result.Goal?.State} a goal goes to {string.Join(", ", CareGoal.After(result.Goal?.State ?? GoalState.Active))}.", "Goal.lifecycleStatus");
            case GoalOutcome.AudienceWithoutWriter:
                return Refused("You would not be able to read this yourself.", "Goal.meta.security");
            default:
                return FhirAnswer.NotFound();
        }
    }
}
