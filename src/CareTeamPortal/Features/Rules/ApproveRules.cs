using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Rules;

/// <summary>
/// An officer approves what another officer proposed. From the commit on it decides for everyone: this node takes it over at once and wakes every open page,
/// other nodes at their next look, at most a second later. The version before it becomes an older one and stays readable.
/// </summary>
internal sealed class ApproveRules(CareDesk desk, SettleRules settle)
{
    /// <param name="seen">Its text as it was read: nobody approves what they did not see.</param>
    public async Task<RuleResult> RunAsync(Actor actor, int number, string seen, CancellationToken ct)
    {
        if (!RuleOfficers.IsOfficer(actor))
            return new RuleResult.NotYours();
        var result = await desk.KeepOwnAsync<RuleResult>(actor, (session, _, now) =>
        {
            if (RuleSql.Find(session, number) is not { State: RuleState.Proposed } proposal || proposal.Json != seen)
                return new RuleResult.ChangedMeanwhile();
            if (proposal.ProposedBy is not { } by || by == actor.Person)
                return new RuleResult.OwnProposal();
            var table = RuleDocuments.Parse(proposal.Json);
            if (RuleSql.CurrentNumber(session) is { } current)
            {
                if (number < current || RuleOfficers.IsStale(table, current))
                    return new RuleResult.Stale(current);
                RuleSql.Move(session, current, RuleState.Current, RuleState.Older);
            }

            RuleSql.Move(session, number, RuleState.Proposed, RuleState.Current);
            RuleSql.SetApproved(session, number, actor.Person, now);
            RuleSql.Record(session, actor.Person, number, RuleStep.Approved, proposal.Json, now);
            return new RuleResult.Done(number);
        }, ct);
        if (result is RuleResult.Done)
            await settle.RunAsync(number, CancellationToken.None); // it is published: who approved may go, this goes on
        return result;
    }
}
