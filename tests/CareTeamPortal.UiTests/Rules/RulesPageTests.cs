using Bunit;
using CareTeamPortal.Features.Rules;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Rules;

public sealed class RulesPageTests : WardContext
{
    private static readonly PersonRow Wim = new() { Id = new("wim.aerts"), DisplayName = "Wim Aerts", Discipline = Discipline.GovernanceOfficer, Line = CareLine.Support, RoleTitle = "spelregelaar", FhirType = "Practitioner" };

    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    private protected override async Task BeginAsync()
    {
        await Ward.People.KeepAsync([Wim], CancellationToken.None);
        await Services.GetRequiredService<SeedRules>().RunAsync(CancellationToken.None);
    }

    private IRenderedComponent<RulesPage> Open(PersonRow who, int? number = null, string query = "")
    {
        As(who);
        Nav.NavigateTo($"/rules{(number is { } n ? $"/{n}" : null)}{query}");
        var page = Render<RulesPage>(p => p.Add(x => x.Number, number));
        page.WaitForAssertion(() => Assert.Null(page.Find("main").GetAttribute("aria-busy")), Soon);
        return page;
    }

    private static string[] Buttons(IRenderedComponent<RulesPage> page) => [.. page.FindAll("main button").Where(b => b.ClassList.Contains("btn")).Select(b => b.TextContent.Trim())];

    private static void Press(IRenderedComponent<RulesPage> page, string words, string within = "") => Do(page, () => page.FindAll($"{within} button").First(b => b.TextContent.Trim() == words).Click());

    [Fact]
    public void Everyone_reads_the_rules_and_only_officers_can_begin_a_draft()
    {
        foreach (var who in new[] { Who.Sofie, Who.An, Who.MariaHerself, Who.Ilse })
        {
            var page = Open(who);
            Assert.Empty(Buttons(page));
            Assert.Contains("Versie 1", page.Find("h2").TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("style=", page.Markup, StringComparison.Ordinal);
        }

        Assert.Equal(["Nieuw ontwerp"], Buttons(Open(Who.Piet)));
        Assert.Contains("bestaat niet", Open(Who.Sofie, 7).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void From_a_draft_over_a_table_that_cannot_be_to_a_version_that_another_officer_approves()
    {
        var began = Open(Who.Piet);
        Press(began, "Nieuw ontwerp");
        began.WaitForAssertion(() => Assert.EndsWith("/rules/2", Nav.Uri, StringComparison.Ordinal), Soon);
        Reads(Open(Who.Sofie, 2), "bestaat niet"); // a draft is the officers'

        var draft = Open(Who.Piet, 2);
        Do(draft, () => draft.Find("button[aria-label='Patiënt wijzigen']").Click());
        Do(draft, () => draft.Find("input[aria-label='Doelen: lezen']").Change(false));
        Do(draft, () => draft.Find("dialog form").Submit());
        draft.WaitForAssertion(() => Assert.Contains("zonder inzage", draft.Find("dialog [role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(draft, () => draft.Find("input[aria-label='Doelen: lezen']").Change(true));
        Do(draft, () => draft.Find("input[aria-label='Uitkomsten: lezen']").Change(false));
        Do(draft, () => draft.Find("dialog form").Submit());
        draft.WaitForAssertion(() => Assert.Empty(draft.FindAll("dialog")), Soon);
        draft.WaitForAssertion(() => Assert.Contains("de patiënt verliest inzage", draft.Find("section[aria-labelledby=ru-c]").TextContent, StringComparison.Ordinal), Soon); // allowed, and said
        Press(draft, "Voorleggen aan een andere spelregelaar");
        draft.WaitForAssertion(() => Assert.Equal(["Terughalen als ontwerp"], Buttons(draft)), Soon);

        var proposal = Open(Wim, 2);
        Press(proposal, "Goedkeuren en laten gelden", "main");
        Do(proposal, () => proposal.Find("dialog form").Submit());
        proposal.WaitForAssertion(() => Assert.Contains("geldt nu", proposal.Find("main").TextContent, StringComparison.Ordinal), Soon);
        Reads(proposal, "Wim Aerts keurde het goed");
        Reads(Open(Who.Sofie), "Voorgesteld door Piet Claeys, goedgekeurd door Wim Aerts");
        Reads(Open(Who.Sofie, 1), "Vandaag geldt versie 2");
    }

    /// <summary>The page says it, once it has read.</summary>
    private static void Reads(IRenderedComponent<RulesPage> page, string words) => page.WaitForAssertion(() => Assert.Contains(words, page.Markup, StringComparison.Ordinal), Soon);

    [Fact]
    public async Task A_draft_that_another_officer_changed_meanwhile_is_shown_as_it_is_now()
    {
        var save = Services.GetRequiredService<SaveRuleDraft>();
        var read = Services.GetRequiredService<ReadRules>();
        var table = RuleDocuments.Parse(RuleDocuments.First());
        await save.RunAsync(Who.Piet.Actor(), new(null, null, table, null), CancellationToken.None);
        var page = Open(Who.Piet, 2);
        var seen = (await read.RunAsync(Wim.Actor(), CancellationToken.None)).Versions.Single(v => v.Number == 2);
        Assert.IsType<RuleResult.Done>(await save.RunAsync(Wim.Actor(), new(2, seen.Json, table with { Lines = [.. table.Lines.Select(l => l.Number == 5 ? l with { Invite = 0 } : l)] }, null), CancellationToken.None));
        Press(page, "Voorleggen aan een andere spelregelaar");
        page.WaitForAssertion(() => Assert.Contains("Iemand anders wijzigde deze versie intussen", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Single(page.FindAll("td.diff"));
    }

    [Fact]
    public void A_rule_that_was_cited_is_explained_and_one_that_is_not_there_too()
    {
        Assert.Contains("Regel 12.8: Mantelzorger, Diagnoses en allergieën. In versie 1 mag deze rol hier: schrijven.", Open(Who.An, null, "?rule=12.8").Markup, StringComparison.Ordinal);
        Assert.Contains("Regel 99.1 staat niet in versie 1.", Open(Who.An, null, "?rule=99.1").Markup, StringComparison.Ordinal);
        Assert.Single(Open(Who.An, null, "?role=Pharmacist").FindAll("tbody tr"));
        Assert.Equal(15, Open(Who.An, null, "?role=%3Cscript%3E").FindAll("tbody tr").Count);
    }
}
