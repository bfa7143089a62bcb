using Bunit;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Ui;

public sealed class PartsTests : UiContext
{
    [Theory]
    [InlineData("dr. Karel Janssens", "KJ")]
    [InlineData("An De Smedt", "AD")]
    [InlineData("Fatima El Idrissi", "FE")]
    [InlineData("élodie", "É")]
    [InlineData("", "?")]
    [InlineData("123 456", "?")]
    public void Initials_leave_titles_out(string name, string expected) => Assert.Equal(expected, Initials.Of(name));

    [Fact]
    public void The_third_line_has_the_hospitals_shape_and_its_own_figure()
    {
        var marker = Render<CareLineMarker>(p => p.Add(m => m.Line, CareLine.Third));
        Assert.Contains("m2", marker.Find("svg").ClassName, StringComparison.Ordinal);
        Assert.EndsWith("#m-3", marker.Find("use").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("derde lijn", marker.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void A_toast_is_shown_and_can_be_closed()
    {
        var host = Render<ToastHost>();
        Services.GetRequiredService<Toasts>().Show("Bewaard");
        host.WaitForElement(".toast").QuerySelector("button")!.Click();
        Assert.Empty(host.FindAll(".toast"));
    }

    [Fact]
    public void One_value_is_no_trend() => Assert.Null(SparklineShape.Of([5]));

    [Fact]
    public void Equal_values_are_a_level_line()
    {
        var shape = SparklineShape.Of([5, 5, 5])!;
        Assert.Single(shape.Dots.Select(d => d.Y).Distinct());
    }

    [Fact]
    public void A_tab_is_chosen_by_a_click()
    {
        var active = 0;
        var tabs = Render<Tabs>(p => p.Add(t => t.Label, "Weergave").Add(t => t.Titles, ["Grafiek", "Tabel"]).Add(t => t.ActiveChanged, n => active = n));
        tabs.FindAll("[role=tab]")[1].Click();
        Assert.Equal(1, active);
        Assert.Equal("-1", tabs.FindAll("[role=tab]")[1].GetAttribute("tabindex"));
    }

    [Fact]
    public void Retry_is_offered_only_when_something_can_be_retried()
    {
        Assert.Empty(Render<ErrorState>(p => p.Add(e => e.Title, "Fout")).FindAll("button"));
        var tried = false;
        Render<ErrorState>(p => p.Add(e => e.Title, "Fout").Add(e => e.OnRetry, () => tried = true)).Find("button").Click();
        Assert.True(tried);
    }
}
