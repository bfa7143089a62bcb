using Bunit;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.UiTests.Lanes;

public sealed class LanesPlotTests : UiContext
{
    private static readonly DateTime Now = new(2026, 11, 25, 8, 0, 0, DateTimeKind.Utc);

    public LanesPlotTests() => BelgianTime.UseAsDefault();

    private static LanesPicture Picture(LanesZoom zoom) => new()
    {
        Period = LanesPeriod.Of(zoom, new DateOnly(2026, 11, 25)), Now = Now,
        Holders = [new("Nadia", "cardioloog", CareLine.Second, Now.AddDays(-40), Now.AddDays(-2)), new("Karel", "huisarts", CareLine.First, Now.AddDays(-2), null)],
        Episodes = [new("Encounter/a", "Opname", LaneEpisodeKind.Contact, CareLine.Second, Now.AddDays(-13), Now.AddDays(-2)), new("CarePlan/b", "Zorgpad", LaneEpisodeKind.Pathway, CareLine.First, Now.AddDays(-2), null)],
        Entries = [.. Enumerable.Range(0, 30).Select(i => new LaneEntry(i % 5, (CareLine)(i % 4), 1 + i % 3, Now.AddDays(i - 25), Now.AddDays(i - 25), $"Iets {i}", $"Observation/{i}"))],
        Tasks = [new(LaneTaskState.Late, CareLine.First, 1, Now.AddDays(-1), Now.AddDays(-1), "Bloedname", "Task/t")],
        Handoffs = [new("h1", LaneHandoffState.Waiting, "Opvolging", "deel", "Tom", CareLine.Second, "Sofie", CareLine.First, Now.AddDays(-1), null, null, false), new("h2", LaneHandoffState.Declined, "Opvolging", "deel", "Karel", CareLine.First, "An", CareLine.Home, Now.AddDays(-5), Now.AddDays(-4), null, false)],
        Series = new("Weight", "Gewicht", "kg", 70, 80, true, [.. Enumerable.Range(0, 10).Select(i => new LanePoint(Now.AddDays(-i), 77 + i, $"{77 + i}", CareLine.First, $"Observation/w{i}"))]),
    };

    private IRenderedComponent<LanesPlot> Plot(LanesPicture picture, string? selected = null) => Render<LanesPlot>(p => p
        .Add(c => c.Picture, picture).Add(c => c.Shape, LaneShape.Of(picture)).Add(c => c.Patient, "maria").Add(c => c.Selected, selected)
        .Add(c => c.HandoffHref, id => "?handoff=" + id).Add(c => c.NearerHref, _ => "?zoom=week"));

    [Fact]
    public void One_picture_becomes_the_other_when_the_zoom_changes()
    {
        var plot = Plot(Picture(LanesZoom.Month));
        foreach (var zoom in new[] { LanesZoom.Year, LanesZoom.Week, LanesZoom.Month, LanesZoom.Year })
        {
            var picture = Picture(zoom);
            plot.Render(p => p.Add(c => c.Picture, picture).Add(c => c.Shape, LaneShape.Of(picture)));
            Assert.NotEmpty(plot.FindAll("a.mk"));
        }
    }

    [Fact]
    public void Everything_that_can_be_opened_has_a_name_an_address_and_one_stop_for_the_tab_key()
    {
        var plot = Plot(Picture(LanesZoom.Month));
        var items = plot.FindAll("[data-lane-item]");
        Assert.All(items, i => Assert.False(string.IsNullOrWhiteSpace(i.GetAttribute("aria-label"))));
        Assert.All(items, i => Assert.False(string.IsNullOrWhiteSpace(i.GetAttribute("href"))));
        Assert.Single(items, i => i.GetAttribute("tabindex") == "0");
        Assert.DoesNotContain("style=", plot.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_stops_at_a_hollow_square_and_what_was_declined_at_a_cross()
    {
        var plot = Plot(Picture(LanesZoom.Month), "h1");
        Assert.Equal("?handoff=h1", plot.Find("a.pl.wait:has(.hollow)").GetAttribute("href"));
        Assert.Equal("true", plot.Find("a.pl.wait").GetAttribute("aria-current"));
        Assert.NotNull(plot.Find("a.pl.declined .stop"));
        Assert.Equal("Overdracht “Opvolging” van Karel aan An: geweigerd na 1 d", plot.Find("a.pl.declined").GetAttribute("aria-label"));
    }
}
