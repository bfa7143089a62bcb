using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Alerts;

/// <summary>What the limits of a patient mean, by example and against a plain second implementation.</summary>
public sealed class JudgeTests(ITestOutputHelper output)
{
    private static readonly DateTime Monday = new(2026, 11, 16, 7, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Two_kilos_in_three_days_is_an_alert_with_its_evidence()
    {
        var rule = Rise(2, 3);
        Reading[] earlier = [new(Monday, 76.0m), new(Monday.AddDays(1), 76.4m), new(Monday.AddDays(2), 77.1m)];
        var breach = Judge.Breaks(rule, earlier, new(Monday.AddDays(3), 78.4m));
        Assert.NotNull(breach);
        Assert.Equal((2.4m, 76.0m, Monday), (breach.By, breach.Against, breach.From));
    }

    [Fact]
    public void A_limit_that_is_reached_is_not_passed_unless_the_rule_says_so()
    {
        Reading[] earlier = [new(Monday, 76)];
        Assert.Null(Judge.Breaks(Rise(2, 3), earlier, new(Monday.AddDays(2), 78)));
        Assert.NotNull(Judge.Breaks(Rise(2, 3) with { OrEqual = true }, earlier, new(Monday.AddDays(2), 78)));
    }

    [Fact]
    public void What_was_measured_later_is_not_held_against_a_value_that_came_late()
    {
        Reading[] all = [new(Monday, 76), new(Monday.AddDays(2), 70)];
        Assert.Null(Judge.Breaks(Rise(2, 3), all, new(Monday.AddDays(1), 77)));
    }

    [Theory]
    [InlineData(2026, 3, 29)]
    [InlineData(2026, 10, 25)]
    public void Three_days_ago_at_the_same_hour_counts_also_when_the_clocks_changed(int year, int month, int day)
    {
        var eight = new TimeOnly(8, 0);
        var change = new DateOnly(year, month, day);
        Reading[] earlier = [new(BelgianTime.ToUtc(change.AddDays(-2), eight), 76)];
        Assert.NotNull(Judge.Breaks(Rise(2, 3), earlier, new(BelgianTime.ToUtc(change.AddDays(1), eight), 78.1m)));
        Assert.Null(Judge.Breaks(Rise(2, 3), earlier, new(BelgianTime.ToUtc(change.AddDays(1), new TimeOnly(8, 1)), 78.1m)));
    }

    [Fact]
    public void A_low_kidney_function_counts_only_when_it_stayed_low()
    {
        var rule = new Threshold { Id = "x", Quantity = "Egfr", Kind = ThresholdKind.Sustained, Side = Side.Below, Limit = 45, Window = new(90), Since = Monday };
        Assert.NotNull(Judge.Breaks(rule, [new(Monday.AddDays(-95), 44), new(Monday.AddDays(-30), 40)], new(Monday, 43)));
        Assert.Null(Judge.Breaks(rule, [new(Monday.AddDays(-95), 44), new(Monday.AddDays(-30), 46)], new(Monday, 43)));
        Assert.Null(Judge.Breaks(rule, [new(Monday.AddDays(-60), 44)], new(Monday, 43)));
    }

    [Fact]
    public void What_is_usual_for_a_person_needs_five_values()
    {
        var rule = new Threshold { Id = "x", Quantity = "OxygenSaturation", Kind = ThresholdKind.Baseline, Side = Side.Below, Limit = 3, Window = new(28), Since = Monday };
        var usual = Enumerable.Range(1, 5).Select(d => new Reading(Monday.AddDays(-6 + d), 91)).ToArray();
        Assert.Equal(91, Judge.Breaks(rule, usual, new(Monday, 87))!.Against);
        Assert.Null(Judge.Breaks(rule, usual, new(Monday, 88)));
        Assert.Null(Judge.Breaks(rule, usual[1..], new(Monday, 80)));
    }

    [Fact]
    public void A_trend_is_a_speed_per_week_over_at_least_half_the_window()
    {
        var rule = new Threshold { Id = "x", Quantity = "Weight", Kind = ThresholdKind.Trend, Side = Side.Below, Limit = 0.5m, Window = new(28), Since = Monday };
        Reading[] falling = [new(Monday.AddDays(-21), 62), new(Monday.AddDays(-14), 61), new(Monday.AddDays(-7), 60)];
        Assert.Equal(1m, Judge.Breaks(rule, falling, new(Monday, 59))!.By);
        Assert.Null(Judge.Breaks(rule with { Side = Side.Above }, falling, new(Monday, 59)));
        Assert.Null(Judge.Breaks(rule, [new(Monday.AddDays(-5), 62), new(Monday.AddDays(-3), 61)], new(Monday, 59)));
    }

    [Fact]
    public void A_measurement_is_missing_when_the_window_passed_since_the_last_one_or_since_the_rule()
    {
        var rule = new Threshold { Id = "x", Quantity = "Weight", Kind = ThresholdKind.Missing, Window = new(2), Since = Monday };
        Assert.Equal(Monday.AddDays(2), Judge.MissingFrom(rule, null));
        Assert.Equal(Monday.AddDays(2), Judge.MissingFrom(rule, Monday.AddDays(-10)));
        Assert.Equal(Monday.AddDays(3), Judge.MissingFrom(rule, Monday.AddDays(1)));
    }

    [Fact]
    public void Any_series_is_judged_as_a_plain_reading_of_the_rule_judges_it()
    {
        var dice = new Dice(output);
        var broken = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var rule = Rule(dice);
            Assert.True(rule.IsSound);
            var series = Series(dice);
            var value = series[dice.Next(series.Length)];
            var expected = Plain(rule, series, value);
            var found = Judge.Breaks(rule, series, value);
            Assert.True(expected == found?.By || (expected is { } e && found is { } f && Math.Abs(e - f.By) < 0.0001m),
                $"round {round}: {rule} of {value} among {string.Join(", ", series)}: expected {expected?.ToString() ?? "nothing"}, found {found}");
            broken += found is null ? 0 : 1;
        }

        output.WriteLine($"{broken} of 20,000 broke their rule");
        Assert.InRange(broken, 1_000, 19_000);
    }

    /// <summary>The rules once more, as one would write them on paper: no order, no search, all values looked at.</summary>
    private static decimal? Plain(Threshold rule, IReadOnlyList<Reading> series, Reading value)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");
        var start = rule.Window is { } w ? w.InHours ? value.Time.AddHours(-w.Count) : BelgianTime.ToUtc(TimeZoneInfo.ConvertTimeFromUtc(value.Time, zone).AddDays(-w.Count)) : DateTime.MinValue;
        var before = series.Where(r => r.Time < value.Time).ToList();
        var window = before.Where(r => r.Time >= start).ToList();
        bool Wrong(decimal v) => rule.Side == Side.Above ? rule.OrEqual ? v >= rule.Limit : v > rule.Limit : rule.OrEqual ? v <= rule.Limit : v < rule.Limit;
        decimal? Held(decimal? by) => by is { } b && (rule.OrEqual ? b >= rule.Limit : b > rule.Limit) ? b : null;
        decimal? Away(decimal from) => (rule.Side == Side.Above ? value.Value - from : from - value.Value) is var by && !rule.InPercent ? by : from > 0 ? by / from * 100 : null;
        switch (rule.Kind)
        {
            case ThresholdKind.Value:
                return Wrong(value.Value) ? value.Value : null;
            case ThresholdKind.Sustained:
                var old = before.Where(r => r.Time <= start).ToList();
                return Wrong(value.Value) && old.Count > 0 && before.Where(r => r.Time > old.Max(o => o.Time)).All(r => Wrong(r.Value)) && Wrong(old.Last(o => o.Time == old.Max(m => m.Time)).Value) ? value.Value : null;
            case ThresholdKind.Change:
                return window.Count == 0 ? null : Held(Away(rule.Side == Side.Above ? window.Min(r => r.Value) : window.Max(r => r.Value)));
            case ThresholdKind.Baseline:
                var sorted = window.Select(r => r.Value).Order().ToList();
                return sorted.Count < 5 ? null : Held(Away((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2));
            case ThresholdKind.Trend:
                if (window.Count < 2 || value.Time - window.Min(r => r.Time) < (value.Time - start) / 2)
                    return null;
                var points = window.Append(value).Select(r => (X: (r.Time - start).TotalDays / 7, Y: (double)r.Value)).ToList();
                var (x, y) = (points.Average(p => p.X), points.Average(p => p.Y));
                var slope = points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
                // At the very limit the last digit of a sum decides: both answers are right.
                var speed = decimal.Round((decimal)(rule.Side == Side.Above ? slope : -slope), 6);
                return Held(speed);
            default:
                return null;
        }
    }

    private static Threshold Rule(Dice dice)
    {
        var kind = dice.Of([ThresholdKind.Value, ThresholdKind.Sustained, ThresholdKind.Change, ThresholdKind.Trend, ThresholdKind.Baseline, ThresholdKind.Missing]);
        var percent = kind is ThresholdKind.Change or ThresholdKind.Baseline && dice.OneIn(3);
        return new()
        {
            Id = "x", Quantity = "Weight", Kind = kind, Side = dice.Of([Side.Above, Side.Below]), OrEqual = dice.OneIn(2), InPercent = percent, Since = Monday,
            Limit = kind == ThresholdKind.Missing ? null : kind is ThresholdKind.Value or ThresholdKind.Sustained ? 74 + dice.Next(8) : (1 + dice.Next(percent ? 60 : 40)) / 10m,
            Window = kind == ThresholdKind.Value ? null : dice.OneIn(4) ? new(1 + dice.Next(72), InHours: true) : new(1 + dice.Next(40)),
        };
    }

    /// <summary>Irregular times with several at one moment, some days nothing, across a night on which the clocks change.</summary>
    private static Reading[] Series(Dice dice)
    {
        var at = new DateTime(2026, dice.Of([3, 10]), 10, 6, 0, 0, DateTimeKind.Utc);
        var readings = new List<Reading>();
        for (var n = 1 + dice.Next(40); n > 0; n--)
        {
            at = dice.Next(4) switch { 0 => at, 1 => at.AddMinutes(dice.Next(300)), 2 => at.AddDays(1), _ => at.AddHours(dice.Next(72)) };
            readings.Add(new(at, 74 + (dice.Next(80) / 10m)));
        }

        return [.. readings];
    }

    private static Threshold Rise(decimal kilos, int days) => new() { Id = "x", Quantity = "Weight", Kind = ThresholdKind.Change, Side = Side.Above, Limit = kilos, Window = new(days), Since = Monday };
}
