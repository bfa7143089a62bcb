using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Rules;

/// <summary>The versions of the sharing rules, newest first: anyone signed in reads what is and was in force, officers also what is being written.</summary>
internal sealed class ReadRules(CareDesk desk, RuleBook rules, PeopleDirectory people)
{
    /// <param name="Current">The number of the version in force.</param>
    /// <param name="Steps">Who did what with which version, oldest first; for officers.</param>
    internal sealed record View(int Current, IReadOnlyList<RuleVersion> Versions, IReadOnlyList<Step> Steps, bool MayWrite);

    internal sealed record Step(int Number, RuleStep What, string By, DateTime At);

    public async Task<View> RunAsync(Actor actor, CancellationToken ct)
    {
        var officer = RuleOfficers.IsOfficer(actor);
        var (current, rows, steps) = await desk.ReadForTheClockAsync(session =>
        {
            var inForce = rules.Follow(session, RuleSql.CurrentNumber(session) ?? 0).Number;
            return (inForce, RuleSql.All(session), officer ? RuleSql.Steps(session) : []);
        }, ct);
        return new(current,
            [.. rows.Where(v => officer || v.State is RuleState.Current or RuleState.Older).Select(v => Of(v, current))],
            [.. steps.Select(s => new Step(s.Number, s.Step, Name(s.By)!, s.At))], officer);
    }

    private RuleVersion Of(RuleVersionRow v, int current)
    {
        var table = RuleDocuments.Parse(v.Json);
        return new(v.Number, v.State, table, v.Json, Name(v.MadeBy), v.MadeAt, v.ProposedBy, Name(v.ProposedBy), v.ProposedAt, Name(v.ApprovedBy), v.ApprovedAt, v.Note,
            v.State is RuleState.Draft or RuleState.Proposed && RuleOfficers.IsStale(table, current));
    }

    private string? Name(PersonId? person) => person is { } id ? people.Find(id)?.DisplayName ?? id.Value : null;
}
