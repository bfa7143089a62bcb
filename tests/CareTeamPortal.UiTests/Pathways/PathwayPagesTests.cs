using Bunit;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Pathways;

/// <summary>The pathways of a patient: the line of phases, several on one axis, what is done otherwise, the form that starts one, and the plan that they make.</summary>
public sealed class PathwayPagesTests : WardContext
{
    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    private protected override Task BeginAsync() => Services.GetRequiredService<SeedTemplates>().RunAsync(CancellationToken.None);

    private IRenderedComponent<PatientPathwaysPage> Board(PersonRow who, string query = "")
    {
        As(who);
        Nav.NavigateTo($"/patients/{Ward.Maria}/pathways{query}");
        var page = Render<PatientPathwaysPage>(p => p.Add(x => x.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => Assert.Null(page.Find("main").GetAttribute("aria-busy")), Soon);
        return page;
    }

    private IRenderedComponent<StartPathwayPage> Form(string template)
    {
        As(Who.Karel);
        Nav.NavigateTo($"/patients/{Ward.Maria}/pathways/start");
        var page = Render<StartPathwayPage>(p => p.Add(x => x.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".zps-t li")), Soon);
        Do(page, () => page.FindAll(".zps-t li").Single(l => l.TextContent.Contains(template, StringComparison.Ordinal)).QuerySelector("input")!.Change("on"));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".zps-b")), Soon);
        return page;
    }

    [Fact]
    public async Task The_line_of_phases_says_which_one_it_is_and_which_day()
    {
        await PathwayWorld.StartAsync(Ward, Who.Karel);
        var page = Board(Who.Karel);
        var current = page.Find(".ph.cur");
        Assert.Equal("step", current.GetAttribute("aria-current"));
        Assert.Equal("1", current.QuerySelector(".ph-n")!.TextContent.Trim());
        Assert.Equal("vandaag, dag 0", current.QuerySelector(".ph-now")!.TextContent);
        Assert.Single(page.FindAll("[aria-current=step]"));
        Assert.Empty(page.FindAll(".ph.done"));
        Assert.All(page.FindAll(".zp-sum > span"), part => Assert.Matches(@"^\d+ \S", part.TextContent));
        Assert.Empty(Board(Who.An).FindAll("main button.btn"));
    }

    [Fact]
    public async Task Two_pathways_are_on_one_axis_with_today_on_it()
    {
        await PathwayWorld.StartAsync(Ward, Who.Karel);
        await PathwayWorld.StartAsync(Ward, Who.Karel, "copd-opstoot");
        var page = Board(Who.Karel, "?path=all");
        page.WaitForAssertion(() => page.Find("svg.zp-axis"), Soon);
        Assert.Equal("2 zorgpaden op één tijdlijn", page.Find("svg.zp-axis").GetAttribute("aria-label"));
        Assert.Equal(2, page.FindAll(".zx-name").Count);
        Assert.Equal(2, page.FindAll(".zx-cur").Count);
        Assert.Single(page.FindAll(".zx-now"));
        Assert.Equal(2, page.FindAll("table.thr tbody td:last-child").Select(c => c.TextContent).Distinct().Count());
    }

    [Fact]
    public async Task Something_done_otherwise_needs_a_reason_in_words()
    {
        await PathwayWorld.StartAsync(Ward, Who.Karel);
        var page = Board(Who.Karel);
        Do(page, () => page.FindAll("button").First(b => b.TextContent.Trim() == "Afwijking noteren").Click());
        page.WaitForAssertion(() => page.Find("dialog form"), Soon);
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => page.Find("dialog [role=alert]"), Soon);
        Assert.Empty(page.FindAll(".dev li"));
    }

    [Fact]
    public void The_form_counts_what_it_makes_and_asks_why_a_step_is_left_out()
    {
        var page = Form("Hartfalen na ontslag");
        var before = page.Find(".zps-b b").TextContent;
        Assert.Matches(@"\d+ taken, \d+ metingen, \d+ overdrachten", before);
        Assert.NotEmpty(page.FindAll(".zps-l input[inputmode=decimal]"));
        Do(page, () => page.FindAll(".zps-s > li").First(l => l.TextContent.Contains("Thuisverpleegkundige langs", StringComparison.Ordinal)).QuerySelector("input[type=checkbox]")!.Change(false));
        page.WaitForAssertion(() => Assert.NotEqual(before, page.Find(".zps-b b").TextContent), Soon);
        Assert.Single(page.FindAll(".zps-s li.off input[placeholder='Waarom valt dit weg?']"));
        Do(page, () => page.Find("form.zps-f").Submit());
        page.WaitForAssertion(() => page.Find("form.zps-f [role=alert]"), Soon);
    }

    [Fact]
    public async Task The_family_reads_when_somebody_is_told_without_sources_and_versions()
    {
        await PathwayWorld.StartAsync(Ward, Who.Karel);
        var (an, karel) = (Plan(Who.An), Plan(Who.Karel));
        Assert.NotEmpty(karel.FindAll(".ml-r"));
        Assert.Contains("Bron:", karel.Find(".ml").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(an.FindAll(".ml-s li"));
        Assert.Empty(an.FindAll(".ml-r"));
        foreach (var word in new[] { "Bron:", "versie", "standaard", "bevestig" })
            Assert.DoesNotContain(word, an.Find(".ml").TextContent, StringComparison.Ordinal);
        Assert.Empty(an.FindAll("#h-orphans, #h-alerts"));
    }

    private IRenderedComponent<PlanPage> Plan(PersonRow who)
    {
        As(who);
        var page = Render<PlanPage>(p => p.Add(t => t.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => page.Find("#h-measuring"), Soon);
        return page;
    }
}
