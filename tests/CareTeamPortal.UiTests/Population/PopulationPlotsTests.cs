using AngleSharp.Dom;
using Bunit;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.UiTests.Population;

public sealed class PopulationPlotsTests : UiContext
{
    private static readonly DateTime Now = new(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);
    private static readonly DateOnly Monday = PopulationFigures.FirstMonday(Now);
    private static readonly LinePair ToHome = new(CareLine.Second, CareLine.First);

    private static FiguresView None { get; } = new(Now, default, default, default, default, [], [], [], 0, [], 0, [.. Enumerable.Range(0, PopulationFigures.Weeks).Select(w => Monday.AddDays(7 * w))]);

    private static FiguresView Some { get; } = None with
    {
        Waits = [new(ToHome, Figure.Of(63), TimeSpan.FromHours(11), TimeSpan.FromHours(39), [.. Enumerable.Range(0, PopulationFigures.Weeks).Select(w => w == 4 ? new WaitWeek(Monday.AddDays(28), default, null, null) : new WaitWeek(Monday.AddDays(7 * w), Figure.Of(5), TimeSpan.FromHours(10), w == 2 ? TimeSpan.FromHours(60) : null))])],
        OnTime = [new(CareLine.First, new(default, Figure.Of(90), Figure.Of(10), 0.9), [.. Enumerable.Range(0, PopulationFigures.Weeks).Select(w => new OnTimeWeek(Monday.AddDays(7 * w), Figure.Of(9), Figure.Of(w == 6 ? 2 : 5), w == 6 ? null : 0.5 + (w / 40.0)))])],
        Owners = [new("Thuisverpleging Dijleland", Figure.Of(37), Figure.Of(12)), new("Apotheek Wouters", Figure.Of(5), default)],
        Regions = [new("Mechelen", Figure.Of(14), default, default)],
        Handoffs = Figure.Of(14),
    };

    [Fact]
    public void Too_few_people_are_a_hatched_place_and_not_a_point()
    {
        var waits = Render<WaitsPlot>(p => p.Add(w => w.Figures, None));
        Assert.Equal(4, waits.FindAll("svg.cp .supp").Count);
        Assert.Empty(waits.FindAll(".md_"));
        Assert.Contains("tweede lijn naar eerste lijn: minder dan 5 leden", waits.Find("svg.cp").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.NotEmpty(Render<OnTimePlot>(p => p.Add(w => w.Figures, None)).FindAll(".supp"));
        Assert.NotEmpty(Render<OwnersPlot>(p => p.Add(w => w.Figures, None)).FindAll(".supp"));
        Assert.Equal(["<5", "<5", "<5"], Render<RegionTable>(p => p.Add(w => w.Figures, None)).FindAll("td.s").Select(c => c.TextContent));
    }

    [Fact]
    public void Waits_have_a_scale_from_nought_that_holds_the_longest_and_weeks_without_figures_are_gaps()
    {
        var plot = Render<WaitsPlot>(p => p.Add(w => w.Figures, Some));
        Assert.Equal(PopulationFigures.Weeks - 1, plot.FindAll(".md_").Count);
        Assert.Equal(72, PlotGeometry.TopHours(Some.Waits));
        Assert.Equal("M145.2 25.8V5", plot.Find(".wh.hot").GetAttribute("d")); // 60 of 72 hours
        Assert.Contains("mediaan 11 u, negen op tien binnen 39 u", plot.Find("svg.cp").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_go_from_0_to_100_and_a_line_stops_where_the_share_would_tell_of_few()
    {
        var plot = Render<OnTimePlot>(p => p.Add(w => w.Figures, Some));
        Assert.Equal(["0", "20", "40", "60", "80", "100"], plot.FindAll("text.axs").Take(6).Select(t => t.TextContent));
        Assert.Equal(2, plot.FindAll("polyline.ts").Count);
        Assert.Equal("90 %", plot.Find(".dlb").TextContent);
    }

    [Theory]
    [InlineData(typeof(WaitsPlot))]
    [InlineData(typeof(OnTimePlot))]
    [InlineData(typeof(OwnersPlot))]
    public void Each_plot_says_the_same_in_a_table(Type plot)
    {
        var rendered = Render<Microsoft.AspNetCore.Components.DynamicComponent>(p => p.Add(d => d.Type, plot).Add(d => d.Parameters, new Dictionary<string, object> { ["Figures"] = Some }));
        var table = rendered.Find("details table");
        Assert.All(table.QuerySelectorAll("thead th"), h => Assert.Equal("col", h.GetAttribute("scope")));
        Assert.All(table.QuerySelectorAll("tbody tr"), r => Assert.NotNull(r.QuerySelector("th[scope=row]")));
        Assert.DoesNotContain("style=", rendered.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_at_the_end_of_lines_never_lie_over_each_other()
    {
        var placed = PlotGeometry.Apart([180, 181, 182, 40], 18, 186);
        Assert.Equal([150, 168, 186, 40], placed);
    }

    [Fact]
    public void A_member_is_a_row_with_what_coordination_knows_and_what_is_not_shared_says_so()
    {
        var waits = new WaitingHandoff("h", "dr. Nadia Benali", CareLine.Second, "Joke Hermans", CareLine.First, Now.AddHours(-41), Now.AddHours(-17), true, false, false, "dr. Nadia Benali");
        var member = new MemberLine(new("georges"), "Georges Pauwels", "pauwels georges", "65–74", "Mechelen", "dr. Els Peeters", "huisarts", CareLine.First, null, Now.AddDays(-6), true, true, [waits], 2, 3, Now.AddDays(-1), [], new HashSet<string>(), new HashSet<LinePair>());
        var closed = member with { Patient = new("jef"), Name = "Jef Claes", SharesTasks = false, SharesTeam = false, AccountableLine = null, Handoffs = [], Late = 0, Open = 0 };
        var table = Render<MemberTable>(p => p.Add(t => t.Members, [member, closed]).Add(t => t.Query, new()).Add(t => t.Now, Now));
        var rows = table.FindAll("tbody tr");
        Assert.Equal("/patients/georges/coordination", rows[0].QuerySelector("th a")!.GetAttribute("href"));
        Assert.Contains("vast, 1 d 17 u", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("2 van 3", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Equal(3, rows[1].TextContent.Split("niet gedeeld").Length - 1);
        Assert.Equal("descending", table.Find("thead th[aria-sort]").GetAttribute("aria-sort"));
        Assert.Contains(table.FindAll("thead a"), a => a.GetAttribute("href") == "/population?sort=late");
    }
}
