using Bunit;
using CareTeamPortal.Features.Rules;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.UiTests.Rules;

public sealed class RulesTableTests : UiContext
{
    private static RuleDocument Table => RuleDocuments.Parse(RuleDocuments.First());

    private static RuleDocument Without(Discipline role, InformationCategory category) =>
        Table with { Lines = [.. Table.Lines.Select(l => l.Role == role ? l with { Read = l.Read & ~category } : l)] };

    [Fact]
    public void Every_cell_says_in_words_what_its_signs_mean()
    {
        var table = Render<RulesTable>(p => p.Add(x => x.Table, Table));
        Assert.Equal(15, table.FindAll("tbody tr").Count);
        Assert.Equal(15 * 13, table.FindAll("tbody td").Count);
        var nurse = table.FindAll("tbody tr").Single(r => r.QuerySelector("b")!.TextContent == "Thuisverpleegkundige");
        var cells = nurse.QuerySelectorAll("td .vh").Select(c => c.TextContent).ToList();
        Assert.Equal("lezen, schrijven", cells[0]);
        Assert.Equal("lezen, schrijven, uitnodigen in het team", cells[1]);
        Assert.Equal("lezen, schrijven, verantwoordelijkheid overdragen", cells[2]);
        var manager = table.FindAll("tbody tr").Single(r => r.QuerySelector("b")!.TextContent.StartsWith("Casemanager", StringComparison.Ordinal));
        Assert.Equal("mag dit niet", manager.QuerySelectorAll("td .vh").Last().TextContent);
        Assert.All(table.FindAll("tbody svg, .rr"), s => Assert.True(s.Closest("[aria-hidden=true]") is not null));
        Assert.DoesNotContain("style=", table.Markup, StringComparison.Ordinal);
        Assert.Empty(table.FindAll("button"));
    }

    [Fact]
    public void What_a_draft_changes_is_marked_in_its_place_and_said()
    {
        var table = Render<RulesTable>(p => p.Add(x => x.Table, Without(Discipline.HomeNurse, InformationCategory.Measurements)).Add(x => x.Before, Table));
        var changed = Assert.Single(table.FindAll("td.diff"));
        Assert.Equal("verliest: lezen, schrijven", changed.QuerySelector(".vh")!.TextContent);
        Assert.Single(changed.QuerySelectorAll(".rr.lose"));
        Assert.Empty(Render<RulesTable>(p => p.Add(x => x.Table, Table).Add(x => x.Before, Table)).FindAll("td.diff"));
    }

    [Fact]
    public void The_rule_that_a_refusal_named_is_marked()
    {
        var table = Render<RulesTable>(p => p.Add(x => x.Table, Table).Add(x => x.Cited, "3.6"));
        Assert.Equal("Thuisverpleegkundige", Assert.Single(table.FindAll("tr.cited")).QuerySelector("b")!.TextContent);
        Assert.Equal("Metingen", Assert.Single(table.FindAll("td.here")).QuerySelector(".rt-c")!.TextContent);
        Assert.Empty(Render<RulesTable>(p => p.Add(x => x.Table, Table).Add(x => x.Cited, "<b>99")).FindAll(".cited, .here"));
    }

    [Theory]
    [InlineData("3.6", "/rules/2?rule=3.6")]
    [InlineData(null, "/rules/2")]
    public void A_refusal_leads_to_the_rule_that_it_cites(string? rule, string href)
    {
        var told = Render<Told>(p => p.Add(x => x.Text, $"Dat mag niet. {RuleWords.Cite(new RuleCitation(rule, 2))}"));
        var link = told.Find("a");
        Assert.Equal((href, "_blank"), (link.GetAttribute("href"), link.GetAttribute("target")));
        Assert.StartsWith("Dat mag niet.", told.Markup.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bewaard.")]
    [InlineData("<a href='/x'>Regel</a>, versie twee")]
    [InlineData(null)]
    public void What_cites_no_rule_is_told_as_it_is(string? text)
    {
        var told = Render<Told>(p => p.Add(x => x.Text, text));
        Assert.Empty(told.FindAll("a"));
        Assert.Equal(text ?? "", told.Nodes.Length == 0 ? "" : told.Nodes[0].TextContent);
    }
}
