using System.Globalization;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Tests.Measurements;

public sealed class PlotShapeTests
{
    private static readonly DateOnly First = new(2026, 11, 1);
    private static readonly DateOnly Last = new(2026, 11, 30);

    public PlotShapeTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("nl-BE");

    private static MeasuredSeries Of(IEnumerable<(DateTime At, decimal Value)> values, SeriesBand? band = null, int decimals = 0) => new()
    {
        Key = "x", Name = "X", Unit = "u", Band = band, Decimals = decimals,
        Points = [.. values.Select((v, i) => new MeasuredPoint(i.ToString(CultureInfo.InvariantCulture), v.At, DatePrecision.Instant, v.Value, null, "", null, null, BandPlace.Usual, null))],
    };

    private static DateTime Utc(int day, int hour = 11) => new(2026, 11, day, hour, 0, 0, DateTimeKind.Utc);

    private static double N(string text) => double.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture);

    [Fact]
    public void Places_follow_time_and_value()
    {
        var shape = PlotShape.Of(Of([(Utc(1), 70), (Utc(15), 80), (Utc(30), 75)]), First, Last);
        Assert.Equal(3, shape.Marks.Count);
        Assert.True(N(shape.Marks[0].X) < 3 && N(shape.Marks[1].X) is > 47 and < 50 && N(shape.Marks[2].X) > 97);
        Assert.True(N(shape.Marks[1].Y) < N(shape.Marks[2].Y) && N(shape.Marks[2].Y) < N(shape.Marks[0].Y));
        Assert.All(shape.Marks, m => Assert.InRange(N(m.Y), 0, PlotShape.Height));
    }

    [Theory]
    [InlineData(130, 132, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(78.4, 78.4, 1)]
    [InlineData(0.001, 0.002, 3)]
    [InlineData(-5, 100000, 0)]
    [InlineData(1, 79228162514264337593543950335.0, 0)]
    public void Levels_are_few_rising_and_around_the_values(double low, double high, int decimals)
    {
        var shape = PlotShape.Of(Of([(Utc(2), Safe(low)), (Utc(3), Safe(high))], decimals: decimals), First, Last);
        Assert.InRange(shape.Levels.Count, 2, 8);
        Assert.Equal(shape.Levels.Count, shape.Levels.Select(l => l.Label).Distinct().Count());
        var ys = shape.Levels.Select(l => N(l.Y)).ToList();
        Assert.Equal(ys.OrderDescending(), ys);

        static decimal Safe(double value) => value > 7.9e28 ? decimal.MaxValue : (decimal)value;
    }

    [Fact]
    public void Small_differences_stay_small()
    {
        var shape = PlotShape.Of(Of([(Utc(2), 77.2m), (Utc(3), 77.4m)], decimals: 1), First, Last);
        Assert.True(N(shape.Marks[0].Y) - N(shape.Marks[1].Y) < PlotShape.Height / 8.0);
    }

    [Fact]
    public void The_usual_range_is_drawn_to_the_edge_when_one_end_is_open()
    {
        var shape = PlotShape.Of(Of([(Utc(2), 94), (Utc(3), 97)], new(96, null, BandOrigin.Published, "s")), First, Last);
        Assert.Equal("0", shape.Usual!.Y);
        Assert.True(N(shape.Usual.Height) > 10);
    }

    [Fact]
    public void A_far_range_does_not_flatten_the_values()
    {
        var shape = PlotShape.Of(Of([(Utc(2), 5), (Utc(3), 6)], new(500, 600, BandOrigin.Published, "s")), First, Last);
        Assert.True(N(shape.Marks[0].Y) - N(shape.Marks[1].Y) > 20);
        Assert.Null(shape.Usual);
        Assert.Null(PlotShape.Of(Of([(Utc(2), 2310), (Utc(3), 8950)], new(null, 450, BandOrigin.WithMeasurement, null)), First, Last).Usual);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(30, 5)]
    [InlineData(365, 7)]
    [InlineData(3650, 7)]
    [InlineData(36500, 8)]
    public void Dates_are_few_in_every_period(int days, int most)
    {
        var shape = PlotShape.Of(Of([(Utc(2), 5)]), Last.AddDays(1 - days), Last);
        Assert.InRange(shape.Dates.Count, 1, most);
        Assert.Equal(shape.Dates.Count, shape.Dates.Select(d => d.X).Distinct().Count());
    }

    [Fact]
    public void Many_points_are_thinned_and_keep_their_lowest_and_highest()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 20_000).Select(i => (Utc(1).AddMinutes(i), (decimal)random.Next(60, 90))).ToList();
        values[777] = (values[777].Item1, 20);
        values[9_999] = (values[9_999].Item1, 200);
        var shape = PlotShape.Of(Of(values), First, Last);
        Assert.InRange(shape.Marks.Count, 20, PlotShape.MostPoints);
        Assert.Contains(shape.Marks, m => m.Point.Value == 20);
        Assert.Contains(shape.Marks, m => m.Point.Value == 200);
        Assert.Equal(shape.Marks.OrderBy(m => m.Point.At), shape.Marks);
    }

    [Fact]
    public void Any_series_draws_finite_numbers()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var days = random.Next(1, 40_000);
            var last = new DateOnly(1950, 1, 1).AddDays(random.Next(0, 40_000) + days);
            var scale = (decimal)Math.Pow(10, random.Next(-4, 12));
            var points = Enumerable.Range(0, random.Next(1, 30)).Select(_ => (last.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddMinutes(-random.NextInt64(0, days * 1440L)), (decimal)(random.NextDouble() - 0.3) * scale)).OrderBy(p => p.Item1);
            var shape = PlotShape.Of(Of(points, random.Next(2) == 0 ? null : new(random.Next(10), random.Next(10, 200), BandOrigin.Published, "s"), random.Next(4)), last.AddDays(-days), last);
            Assert.True(shape.Marks.All(m => double.IsFinite(N(m.X)) && N(m.Y) is >= 0 and <= PlotShape.Height) && shape.Levels.Count is >= 2 and <= 8 && shape.Dates.Count <= 8 && !shape.Line.Contains("NaN", StringComparison.Ordinal), $"seed {seed}, round {round}: {shape.Levels.Count} levels, {shape.Dates.Count} dates");
        }
    }

    [Fact]
    public void The_last_date_has_no_words_where_they_would_stand_on_those_of_the_one_before()
    {
        var long_ago = PlotShape.Of(Of([(new(1986, 11, 1, 8, 0, 0, DateTimeKind.Utc), 70), (new(1996, 1, 19, 8, 0, 0, DateTimeKind.Utc), 80)]), new(1986, 11, 1), new(1996, 1, 19));
        Assert.Equal(["1988", "1990", "1992", "1994", ""], long_ago.Dates.Select(d => d.Label));
        Assert.True(long_ago.Dates[^1].AtEnd);
    }
}
