using System.Globalization;
using Bunit;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.UiTests.Measurements;

public sealed class MeasurementPlotTests : UiContext
{
    private static readonly DateTime Now = new(2026, 11, 24, 7, 4, 0, DateTimeKind.Utc);

    public MeasurementPlotTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("nl-BE");

    private static MeasuredPoint Point(int daysAgo, decimal value, CareLine? line, string? who, BandPlace place = BandPlace.Usual, decimal? second = null, string? shown = null, string? written = null) =>
        new($"seq-{daysAgo}", Now.AddDays(-daysAgo), DatePrecision.Instant, value, second, shown ?? value.ToString(CultureInfo.CurrentCulture), line, who, place, written);

    private static MeasuredSeries Weight(params MeasuredPoint[] points) => new() { Key = "Weight", Name = "Gewicht", Unit = "kg", Decimals = 1, Points = points };

    private IRenderedComponent<MeasurementPlot> Plot(MeasuredSeries series) => Render<MeasurementPlot>(p => p
        .Add(c => c.Series, series).Add(c => c.First, new DateOnly(2026, 10, 25)).Add(c => c.Last, new DateOnly(2026, 11, 24)).Add(c => c.Now, Now));

    private IRenderedComponent<MeasurementTable> Table(MeasuredSeries series) => Render<MeasurementTable>(p => p.Add(c => c.Series, series).Add(c => c.Now, Now));

    [Fact]
    public void The_shape_of_a_point_says_who_measured()
    {
        var plot = Plot(Weight(Point(5, 76, CareLine.Home, "An"), Point(4, 77, CareLine.First, "Sofie Maes"), Point(3, 78, CareLine.Second, "Nadia"), Point(2, 78, CareLine.Support, "Hanne"), Point(1, 79, null, null)));
        var points = plot.FindAll("[data-pt]");
        Assert.Equal(["circle.pt", "rect.pt", "path.pt", "path.pt", "circle.pt.open"], points.Select(p => p.Children.Last(c => c.ClassList.Contains("pt"))).Select(s => s.LocalName + "." + string.Join('.', s.ClassList)));
        Assert.Equal(["l0", "l1", "l2", "lz", "lx"], points.Select(p => p.ClassList.First(c => c.Length == 2)));
    }

    [Fact]
    public void A_point_tells_everything_in_one_sentence()
    {
        var plot = Plot(Weight(Point(1, 78.4m, CareLine.First, "Sofie Maes", BandPlace.Higher, written: "172,8 lb")));
        Assert.Equal("gisteren 8:04: 78,4 kg, hoger dan gewoonlijk, geschreven als 172,8 lb, Sofie Maes, eerste lijn", plot.Find("[data-pt]").GetAttribute("aria-label"));
    }

    [Fact]
    public void One_point_is_in_the_tab_order_the_last()
    {
        var plot = Plot(Weight(Point(3, 76, CareLine.Home, "An"), Point(2, 77, CareLine.Home, "An"), Point(1, 78, CareLine.Home, "An")));
        Assert.Equal(["-1", "-1", "0"], plot.FindAll("[data-pt]").Select(p => p.GetAttribute("tabindex")));
    }

    [Fact]
    public void A_blood_pressure_is_drawn_as_a_pair()
    {
        var series = Weight(Point(1, 130, CareLine.First, "Sofie", second: 80, shown: "130/80")) with { Name = "Bloeddruk", Unit = "mmHg", SecondBand = new(null, 90, BandOrigin.ToConfirm, "s"), Band = new(95, 140, BandOrigin.ToConfirm, "s") };
        var plot = Plot(series);
        Assert.Equal(2, plot.FindAll("rect.pt").Count);
        Assert.NotNull(plot.Find("line.mq-pair"));
        Assert.Contains("Gewoonlijk 95 tot 140; onderste tot 90 (standaard, te bevestigen)", plot.Markup, StringComparison.Ordinal);
        Assert.Contains("130/80", plot.Find(".mq-now").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_styled_inline_and_no_number_of_the_file_is_shown()
    {
        var plot = Plot(Weight(Point(2, 76, CareLine.Home, "<i>An</i>"), Point(1, 77, CareLine.Home, "An")));
        Assert.DoesNotContain("style=", plot.Markup, StringComparison.Ordinal);
        Assert.Empty(plot.FindAll("i"));
        Assert.DoesNotContain("seq-", plot.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plot_is_drawn_again_for_another_series()
    {
        var plot = Plot(Weight(Point(2, 76, CareLine.Home, "An")));
        Assert.Single(plot.FindAll("[data-pt]"));
        plot.Render(p => p.Add(c => c.Series, Weight(Point(2, 76, CareLine.Home, "An"), Point(1, 77, CareLine.First, "Sofie"))));
        Assert.Equal(2, plot.FindAll("[data-pt]").Count);
        Assert.Contains("77", plot.Find(".mq-now b").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_says_the_same_newest_first()
    {
        var table = Table(Weight(Point(2, 76, CareLine.Home, "An De Smedt"), Point(1, 78.4m, CareLine.First, "Sofie Maes", BandPlace.Higher)));
        var rows = table.FindAll("tbody tr");
        Assert.Equal(2, rows.Count);
        Assert.Contains("gisteren 8:04", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("hoger dan gewoonlijk", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Sofie Maes", rows[0].TextContent, StringComparison.Ordinal);
        Assert.NotNull(rows[0].QuerySelector("svg[aria-label='eerste lijn']"));
        Assert.Contains("An De Smedt", rows[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_table_shows_the_rest_when_asked()
    {
        var table = Table(Weight([.. Enumerable.Range(1, 40).Reverse().Select(i => Point(i, 70 + i, CareLine.Home, "An"))]));
        Assert.Equal(12, table.FindAll("tbody tr").Count);
        table.Find("button").Click();
        Assert.Equal(40, table.FindAll("tbody tr").Count);
    }
}
