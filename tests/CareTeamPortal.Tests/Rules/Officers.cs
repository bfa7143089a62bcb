using CareTeamPortal.Features.Rules;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Rules;

/// <summary>What governance officers do, in words.</summary>
internal static class Officers
{
    public static readonly PersonRow Wim = new() { Id = new("wim.aerts"), DisplayName = "Wim Aerts", Discipline = Discipline.GovernanceOfficer, Line = CareLine.Support, RoleTitle = "spelregelaar", FhirType = "Practitioner" };

    public static RuleDocument First => RuleDocuments.Parse(RuleDocuments.First());

    public static RuleDocument Without(this RuleDocument table, Discipline role, InformationCategory category) =>
        table with { Lines = [.. table.Lines.Select(l => l.Role == role ? l with { Read = l.Read & ~category, Write = l.Write & ~category } : l)] };

    public static RuleDocument With(this RuleDocument table, Discipline role, InformationCategory category) =>
        table with { Lines = [.. table.Lines.Select(l => l.Role == role ? l with { Read = l.Read | category, Write = l.Write | category } : l)] };

    /// <summary>A ward whose table is in the database.</summary>
    public static async Task<Ward> SeededAsync(params A.PatientBuilder[] patients)
    {
        var ward = await Ward.WithAsync(patients);
        await ward.Get<SeedRules>().RunAsync(CancellationToken.None);
        return ward;
    }

    public static Task<RuleResult> DraftAsync(this Ward ward, PersonRow who, RuleDocument table, int? number = null, string? seen = null, string? note = null) =>
        ward.Get<SaveRuleDraft>().RunAsync(who.Actor(), new(number, seen, table, note), CancellationToken.None);

    public static async Task<RuleVersion> VersionAsync(this Ward ward, int number) =>
        (await ward.Get<ReadRules>().RunAsync(Who.Piet.Actor(), CancellationToken.None)).Versions.Single(v => v.Number == number);

    public static async Task<RuleResult> ProposeAsync(this Ward ward, PersonRow who, int number) =>
        await ward.Get<ProposeRules>().RunAsync(who.Actor(), number, (await ward.VersionAsync(number)).Json, CancellationToken.None);

    public static async Task<RuleResult> ApproveAsync(this Ward ward, PersonRow who, int number) =>
        await ward.Get<ApproveRules>().RunAsync(who.Actor(), number, (await ward.VersionAsync(number)).Json, CancellationToken.None);

    /// <summary>Piet drafts and proposes, Wim approves.</summary>
    public static async Task<int> PublishAsync(this Ward ward, RuleDocument table)
    {
        var number = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, table)).Number;
        Assert.IsType<RuleResult.Done>(await ward.ProposeAsync(Who.Piet, number));
        Assert.IsType<RuleResult.Done>(await ward.ApproveAsync(Wim, number));
        return number;
    }
}
