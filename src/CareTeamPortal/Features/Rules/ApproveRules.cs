using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Rules;

/// <summary>
/// An officer approves what another officer proposed. From the commit on it decides for everyone: this node takes it over at once and wakes every open page,
/// other nodes at their next look, at most a second later. What it takes away changes hands in the same transaction (<see cref="SettleRules"/>). The version before it becomes
/// an older one and stays readable.
/// </summary>
internal sealed class ApproveRules(CareDesk desk, SettleRules settle, RuleBook rules)
{
    /// <param name="seen">Its text as it was read: nobody approves what they did not see.</param>
    public async Task<RuleResult> RunAsync(Actor actor, int number, string seen, CancellationToken ct)
    {
        if (!RuleOfficers.IsOfficer(actor))
            return new RuleResult.NotYours();
        if (await desk.ReadForTheClockAsync(session => Why(session, actor, number, seen), ct) is { } refused)
            return refused;
        await settle.AheadAsync(number, ct);
        var result = await desk.KeepWithFilesAsync<RuleResult>((session, now, open) =>
        {
            if (Why(session, actor, number, seen) is { } why)
                return why;
            if (RuleSql.CurrentNumber(session) is { } current)
                RuleSql.Move(session, current, RuleState.Current, RuleState.Older);
            RuleSql.Move(session, number, RuleState.Proposed, RuleState.Current);
            RuleSql.SetApproved(session, number, actor.Person, now);
            RuleSql.Record(session, actor.Person, number, RuleStep.Approved, seen, now);
            settle.Together(session, number, open);
            return new RuleResult.Done(number);
        }, ct);
        if (result is RuleResult.Done)
            await desk.ReadForTheClockAsync(session => rules.Follow(session, number), CancellationToken.None); // it is published: who approved may go, this goes on
        return result;
    }

    /// <summary>Why it cannot be approved as it stands; null when it can.</summary>
    private static RuleResult? Why(DbSession session, Actor actor, int number, string seen)
    {
        if (RuleSql.Find(session, number) is not { State: RuleState.Proposed } proposal || proposal.Json != seen)
            return new RuleResult.ChangedMeanwhile();
        if (proposal.ProposedBy is not { } by || by == actor.Person)
            return new RuleResult.OwnProposal();
        return RuleSql.CurrentNumber(session) is { } current && (number < current || RuleOfficers.IsStale(RuleDocuments.Parse(proposal.Json), current)) ? new RuleResult.Stale(current) : null;
    }
}
