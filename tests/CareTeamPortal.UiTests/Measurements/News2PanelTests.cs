using Bunit;
using CareTeamPortal.Features.Figures;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.UiTests.Measurements;

/// <summary>The early warning score of the last round, what is missing from it, and figures that say when they are too few.</summary>
public sealed class News2PanelTests : WardContext
{
    private static readonly string[] Parts = ["RespiratoryRate", "OxygenSaturation", "Oxygen", "Systolic", "HeartRate", "Consciousness", "Temperature"];

    private IRenderedComponent<News2Panel> Panel(News2Set? newest, News2Set? complete)
    {
        As(Who.Karel);
        return Render<News2Panel>(p => p.Add(x => x.Patient, Ward.Maria).Add(x => x.Read, new News2View(newest, complete, null, true)).Add(x => x.Now, Ward.Clock.Utc));
    }

    [Fact]
    public void A_score_of_seven_or_more_shows_each_part_and_a_way_to_call_112()
    {
        var score = News2.Of(26, 90, false, true, 88, 132, Consciousness.Confusion, 39.4m);
        var set = new News2Set(Ward.Clock.Utc, [.. Parts.Select(p => new VitalSign(Ward.Clock.Utc, p, 1, "1"))], [], score);
        var panel = Panel(set, set);
        Assert.Equal(7, panel.FindAll(".n2-t tbody tr").Count);
        Assert.Equal(score.Score.ToString(BelgianTimeCulture), panel.Find(".n2-n b").TextContent);
        Assert.NotNull(panel.Find("a[href='tel:112']"));
    }

    [Fact]
    public void A_round_that_is_not_complete_names_what_is_missing_and_makes_no_score()
    {
        var panel = Panel(new News2Set(Ward.Clock.Utc, [], ["Temperature"], null), null);
        Assert.Empty(panel.FindAll(".n2-n, .n2-t"));
        Assert.Contains("ontbreekt nog", panel.Find(".n2").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_a_few_people_are_not_shown()
    {
        As(Who.Karel);
        var page = Render<FiguresPage>();
        page.WaitForAssertion(() => Assert.Null(page.Find("main").GetAttribute("aria-busy")), Soon);
        Assert.Contains("Nog te weinig om te tonen", page.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Contains("<5", page.Find(".fg-say").TextContent, StringComparison.Ordinal);
    }

    private static System.Globalization.CultureInfo BelgianTimeCulture => Platform.Time.BelgianTime.Culture;
}
