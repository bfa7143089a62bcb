using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Tests.Tasks;

public sealed class RepeatRuleTests
{
    private static DateTime At(string local) => BelgianTime.ToUtc(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture));

    private static string[] Local(IEnumerable<DateTime> moments) => [.. moments.Select(m => BelgianTime.ToLocal(m).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))];

    [Fact]
    public void Daily_stays_at_eight_over_both_changes_of_the_clock()
    {
        var autumn = At("2026-10-24 08:00");
        Assert.Equal(["2026-10-25 08:00", "2026-10-26 08:00"], Local(RepeatRule.Daily.Following(autumn, autumn, 2)));
        Assert.Equal(TimeSpan.FromHours(25), RepeatRule.Daily.Next(autumn, autumn) - autumn);
        var spring = At("2027-03-27 08:00");
        Assert.Equal(["2027-03-28 08:00", "2027-03-29 08:00"], Local(RepeatRule.Daily.Following(spring, spring, 2)));
        Assert.Equal(TimeSpan.FromHours(23), RepeatRule.Daily.Next(spring, spring) - spring);
    }

    [Fact]
    public void A_time_that_the_night_skips_comes_back_the_next_day()
    {
        var due = At("2027-03-27 02:30");
        var next = RepeatRule.Daily.Following(due, due, 2).ToList();
        Assert.Equal("2027-03-28", Local(next)[0][..10]);
        Assert.Equal("2027-03-29 02:30", Local(next)[1]);
    }

    [Fact]
    public void Monday_Wednesday_and_Friday_follow_each_other()
    {
        var monday = At("2026-11-23 09:00");
        Assert.Equal(["2026-11-25 09:00", "2026-11-27 09:00", "2026-11-30 09:00"], Local(RepeatRule.Weekly(DayOfWeek.Monday, DayOfWeek.Wednesday, DayOfWeek.Friday).Following(monday, monday, 3)));
        Assert.Equal(["2026-12-07 09:00", "2026-12-21 09:00"], Local(new RepeatRule(2, RepeatUnit.Week, [DayOfWeek.Monday]).Following(monday, monday, 2)));
    }

    [Fact]
    public void Every_three_months_keeps_the_last_day_of_the_month()
    {
        var due = At("2026-08-31 10:00");
        Assert.Equal(["2026-11-30 10:00", "2027-02-28 10:00", "2027-05-31 10:00"], Local(RepeatRule.Monthly(3).Following(due, due, 3)));
    }

    [Fact]
    public void A_series_ends_after_its_last_day()
    {
        var due = At("2026-11-23 09:00");
        Assert.Single((RepeatRule.Daily with { Until = new DateOnly(2026, 11, 24) }).Following(due, due, 9));
    }
}
