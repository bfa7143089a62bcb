using Bunit;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.UiTests.Ui;

public sealed class DateTimeFieldTests : UiContext
{
    [Theory]
    [InlineData("3-12-2026", "14:05", "2026-12-03T14:05")]
    [InlineData("03122026", "1405", "2026-12-03T14:05")]
    [InlineData("3/12/2026", "14u", "2026-12-03T14:00")]
    [InlineData("31-1-2026", "905", "2026-01-31T09:05")]
    public void What_people_type_becomes_a_moment(string date, string time, string expected)
    {
        DateTime? value = null;
        var field = Render<DateTimeField>(p => p.Add(f => f.Label, "Wanneer").Add(f => f.ValueChanged, v => value = v));
        field.Find(".dtf-d").Change(date);
        field.Find(".dtf-t").Change(time);
        Assert.Equal(DateTime.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("31-2-2026")]
    [InlineData("ooit")]
    [InlineData("0")]
    public void What_is_no_date_is_said_and_gives_no_value(string date)
    {
        DateTime? value = DateTime.UnixEpoch;
        var field = Render<DateTimeField>(p => p.Add(f => f.Label, "Wanneer").Add(f => f.ValueChanged, v => value = v));
        field.Find(".dtf-d").Change(date);
        Assert.Null(value);
        Assert.Equal("true", field.Find(".dtf-d").GetAttribute("aria-invalid"));
        Assert.NotEmpty(field.Find("[role=alert]").TextContent);
    }
}
