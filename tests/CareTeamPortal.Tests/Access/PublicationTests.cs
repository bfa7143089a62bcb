using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Access;

/// <summary>From draft to published: what is approved decides at once, here and on other nodes.</summary>
public sealed class PublicationTests
{
    private static readonly PersonRow Wim = new() { Id = new("wim.aerts"), DisplayName = "Wim Aerts", Discipline = Discipline.GovernanceOfficer, Line = CareLine.Support, RoleTitle = "spelregelaar", FhirType = "Practitioner" };

    private static RuleDocument Without(RuleDocument table, Discipline role, InformationCategory category) =>
        table with { Lines = [.. table.Lines.Select(l => l.Role == role ? l with { Read = l.Read & ~category, Write = l.Write & ~category } : l)] };

    [Fact]
    public async Task A_version_that_another_officer_approved_decides_at_once_here_and_within_a_second_elsewhere()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var node = await ward.AnotherNodeAsync();
        await ward.NoteAsync(Who.Karel, ward.Maria, "nota");
        var versions = ward.Get<RuleVersions>();
        await versions.SeedAsync(CancellationToken.None);
        await versions.SeedAsync(CancellationToken.None);
        var table = RuleDocuments.Parse(RuleDocuments.First());
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.Single(await node.PageAsync(Who.Sofie, ward.Maria));

        Assert.IsType<RuleVersions.NotPossible>(await versions.DraftAsync(Who.Karel.Actor(), null, table, null, CancellationToken.None));
        Assert.IsType<RuleVersions.BadTable>(await versions.DraftAsync(Who.Piet.Actor(), null, Without(table, Discipline.HomeNurse, InformationCategory.Tasks), null, CancellationToken.None));
        var draft = Assert.IsType<RuleVersions.Done>(await versions.DraftAsync(Who.Piet.Actor(), null, Without(table, Discipline.HomeNurse, InformationCategory.Notes), "proef", CancellationToken.None)).Number;
        Assert.IsType<RuleVersions.NotPossible>(await versions.ApproveAsync(Wim.Actor(), draft, CancellationToken.None));
        Assert.IsType<RuleVersions.Done>(await versions.ProposeAsync(Who.Piet.Actor(), draft, CancellationToken.None));
        Assert.IsType<RuleVersions.NotPossible>(await versions.ApproveAsync(Who.Piet.Actor(), draft, CancellationToken.None)); // not one's own
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.IsType<RuleVersions.Done>(await versions.ApproveAsync(Wim.Actor(), draft, CancellationToken.None));

        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
        var refused = await Assert.ThrowsAsync<ActionRefused>(() => ward.NoteAsync(Who.Sofie, ward.Maria, "mag niet meer"));
        Assert.Equal(new RuleCitation("3.5", 2), refused.Rule);
        ward.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await node.PageAsync(Who.Sofie, ward.Maria));
        Assert.Single(await node.PageAsync(Who.Karel, ward.Maria));
        Assert.Equal([(2, RuleState.Current), (1, RuleState.Older)], (await versions.ReadAsync(Who.Karel.Actor(), CancellationToken.None)).Select(v => (v.Number, v.State)));
    }

    [Fact]
    public async Task A_writer_on_another_node_writes_nothing_by_rules_that_are_over()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var node = await ward.AnotherNodeAsync();
        var versions = ward.Get<RuleVersions>();
        await versions.SeedAsync(CancellationToken.None);
        await node.NoteAsync(Who.Sofie, ward.Maria, "mag nog");
        var draft = Assert.IsType<RuleVersions.Done>(await versions.DraftAsync(Who.Piet.Actor(), null, Without(RuleDocuments.Parse(RuleDocuments.First()), Discipline.HomeNurse, InformationCategory.Notes), null, CancellationToken.None)).Number;
        await versions.ProposeAsync(Who.Piet.Actor(), draft, CancellationToken.None);
        await versions.ApproveAsync(Wim.Actor(), draft, CancellationToken.None);
        await Assert.ThrowsAsync<ActionRefused>(() => node.NoteAsync(Who.Sofie, ward.Maria, "mag niet meer")); // in the same second
    }

    [Fact]
    public async Task An_open_subscription_is_woken_when_rules_or_consent_change()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var versions = ward.Get<RuleVersions>();
        await versions.SeedAsync(CancellationToken.None);
        using var watching = ward.Live.Subscribe(ward.Maria);
        var draft = Assert.IsType<RuleVersions.Done>(await versions.DraftAsync(Who.Piet.Actor(), null, Without(RuleDocuments.Parse(RuleDocuments.First()), Discipline.HomeNurse, InformationCategory.Notes), null, CancellationToken.None)).Number;
        await versions.ProposeAsync(Who.Piet.Actor(), draft, CancellationToken.None);
        Assert.False(watching.Wakes.TryRead(out _));
        await versions.ApproveAsync(Wim.Actor(), draft, CancellationToken.None);
        Assert.True(watching.Wakes.TryRead(out _));
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Category, false, InformationCategory.Social));
        Assert.True(watching.Wakes.TryRead(out _));
    }

    [Fact]
    public void A_comparison_says_what_changes_for_whom()
    {
        var table = RuleDocuments.Parse(RuleDocuments.First());
        var changes = RuleVersions.Compare(table, Without(table, Discipline.Pharmacist, InformationCategory.Social));
        Assert.All(changes, c => Assert.Equal((Discipline.Pharmacist, InformationCategory.Social, false, "5.11"), (c.Role, c.Category, c.Gains, c.Rule)));
        Assert.Equal(2 * Enum.GetValues<CareLine>().Length, changes.Count);
        Assert.Empty(RuleVersions.Compare(table, table));
    }
}
