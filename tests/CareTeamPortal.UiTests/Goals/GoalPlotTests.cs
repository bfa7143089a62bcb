using Bunit;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Measurements;

namespace CareTeamPortal.UiTests.Goals;

/// <summary>The picture of how far a goal is, and the sentence that says the same.</summary>
public sealed class GoalPlotTests : UiContext
{
    private static readonly DateTime Now = new(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);

    private IRenderedComponent<GoalPlot> Plot(GoalTarget target, params decimal[] values)
    {
        var readings = values.Select((v, i) => new GoalReading(Now.AddDays(i - values.Length), v)).ToList();
        return Render<GoalPlot>(p => p.Add(x => x.Progress, GoalProgress.Of(target, readings, readings[0].Time)!).Add(x => x.Now, Now));
    }

    [Fact]
    public void The_picture_and_its_sentence_say_the_same()
    {
        var plot = Plot(new() { Loinc = MeasurementCatalogue.Weight.Loinc, Side = TargetSide.AtMost, Value = 77, Due = new(2026, 12, 24) }, 80, 79, 78);
        Assert.Equal(plot.Find("figcaption").TextContent, plot.Find("svg.gp-s").GetAttribute("aria-label"));
        Assert.Contains("80", plot.Find("figcaption").TextContent, StringComparison.Ordinal);
        Assert.Equal(3, plot.Find(".gp-line").GetAttribute("points")!.Split(' ').Length);
        Assert.Single(plot.FindAll(".gp-lim"));
        Assert.Single(plot.FindAll(".gp-due"));
    }

    [Fact]
    public void A_range_has_two_limits_and_a_goal_without_a_day_no_last_day()
    {
        var plot = Plot(new() { Loinc = MeasurementCatalogue.Weight.Loinc, Side = TargetSide.Between, Value = 76, High = 78 }, 77);
        Assert.Equal(2, plot.FindAll(".gp-lim").Count);
        Assert.Empty(plot.FindAll(".gp-due"));
        Assert.DoesNotContain("NaN", plot.Markup, StringComparison.Ordinal);
    }
}
