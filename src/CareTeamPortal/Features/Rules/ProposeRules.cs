using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Rules;

/// <summary>An officer puts a draft before the other officers.</summary>
internal sealed class ProposeRules(CareDesk desk)
{
    /// <param name="seen">Its text as it was read.</param>
    public async Task<RuleResult> RunAsync(Actor actor, int number, string seen, CancellationToken ct)
    {
        if (!RuleOfficers.IsOfficer(actor))
            return new RuleResult.NotYours();
        return await desk.KeepOwnAsync<RuleResult>(actor, (session, _, now) =>
        {
            if (RuleSql.Find(session, number) is not { State: RuleState.Draft } draft || draft.Json != seen)
                return new RuleResult.ChangedMeanwhile();
            var table = RuleDocuments.Parse(draft.Json);
            if (RuleSql.CurrentNumber(session) is { } current)
            {
                if (RuleOfficers.IsStale(table, current))
                    return new RuleResult.Stale(current);
                if (RuleChanges.Between(RuleDocuments.Parse(RuleSql.Find(session, current)!.Json), table).Count == 0)
                    return new RuleResult.NothingChanges();
            }

            RuleSql.Move(session, number, RuleState.Draft, RuleState.Proposed);
            RuleSql.SetProposed(session, number, actor.Person, now);
            RuleSql.Record(session, actor.Person, number, RuleStep.Proposed, draft.Json, now);
            return new RuleResult.Done(number);
        }, ct);
    }
}

/// <summary>Takes a proposal back into a draft, or puts a draft aside. Nothing is thrown away.</summary>
internal sealed class TakeBackRules(CareDesk desk)
{
    /// <param name="from">The state in which it was seen: a second click never puts aside what the first took back.</param>
    public async Task<RuleResult> RunAsync(Actor actor, int number, RuleState from, CancellationToken ct)
    {
        if (!RuleOfficers.IsOfficer(actor))
            return new RuleResult.NotYours();
        return await desk.KeepOwnAsync<RuleResult>(actor, (session, _, now) =>
        {
            if (from is not (RuleState.Draft or RuleState.Proposed) || RuleSql.Find(session, number) is not { } row || row.State != from)
                return new RuleResult.ChangedMeanwhile();
            var back = from == RuleState.Proposed;
            RuleSql.Move(session, number, from, back ? RuleState.Draft : RuleState.PutAside);
            if (back)
                RuleSql.SetProposed(session, number, null, null);
            RuleSql.Record(session, actor.Person, number, back ? RuleStep.TakenBack : RuleStep.PutAside, row.Json, now);
            return new RuleResult.Done(number);
        }, ct);
    }
}
