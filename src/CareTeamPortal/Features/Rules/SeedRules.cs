using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Rules;

/// <summary>Keeps the table that comes with the program as version 1, once: older versions stay readable when a newer program brings another one.</summary>
internal sealed class SeedRules(CareDesk desk)
{
    public Task RunAsync(CancellationToken ct) => desk.KeepOwnAsync(Actor.Portal, (session, _, now) => RuleSql.CurrentNumber(session) is null
        && RuleSql.Add(session, new RuleVersionRow { Number = 1, State = RuleState.Current, Json = RuleDocuments.First(), MadeAt = now, ApprovedAt = now }), ct);
}
