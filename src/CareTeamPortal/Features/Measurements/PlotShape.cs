using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Measurements;

/// <summary>
/// Geometry of a plot as SVG attributes: horizontal places in per cent and vertical ones in pixels, so that a plot fills any width
/// without script and without distorting its points and letters.
/// </summary>
public sealed record PlotShape
{
    /// <summary>Height of the drawing without the dates under it.</summary>
    public const int Height = 150;

    /// <summary>More points than this cannot be told apart on a plot; of each stretch the lowest and the highest are drawn.</summary>
    public const int MostPoints = 240;

    /// <summary>Part of the width, in per cent, after which a date has no room at its right.</summary>
    private const double NearEnd = 90;

    /// <summary>Room that two dates need side by side, in hundredths of the narrowest plot.</summary>
    private const double TwoLabels = 26;

    private const double Top = 10;
    private const double Bottom = Height - 10;

    /// <summary>A line across with its value.</summary>
    public sealed record Level(string Y, string Label);

    /// <summary>A date under the plot.</summary>
    /// <param name="AtEnd">So near the right edge that its word stands before it.</param>
    public sealed record Date(string X, string Label, bool AtEnd);

    /// <summary>A drawn measurement: place of its value, and how far below it the second one lies.</summary>
    public sealed record Mark(MeasuredPoint Point, string X, string Y, string? SecondBelow);

    /// <summary>The usual range.</summary>
    public sealed record Band(string Y, string Height);

    public required IReadOnlyList<Level> Levels { get; init; }
    public required IReadOnlyList<Date> Dates { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<Mark> Marks { get; init; }

    /// <summary>Points of the line through the values, in a box of 1000 by <see cref="Height"/>.</summary>
    public required string Line { get; init; }
    public Band? Usual { get; init; }

    /// <summary>Top of the usual range of the second value.</summary>
    public string? SecondUsual { get; init; }

    /// <summary>The plot of a series in a period.</summary>
    /// <param name="series">At least one point.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, included.</param>
    public static PlotShape Of(MeasuredSeries series, DateOnly first, DateOnly last)
    {
        var from = BelgianTime.BoundsOf(first).Start;
        var until = BelgianTime.BoundsOf(last).End;
        var width = Math.Max(1, (until - from).TotalMinutes);
        double X(DateTime at) => Math.Clamp((at - from).TotalMinutes / width * 100, 0, 100);

        var values = series.Points.Select(p => (double)p.Value).Concat(series.Points.Where(p => p.Second is not null).Select(p => (double)p.Second!.Value)).ToList();
        var (low, high) = (values.Min(), values.Max());

        // Values that hardly differ stay nearly level: a plot must not make a mountain of 200 g.
        var least = Math.Max(Math.Abs(low + high) / 2 * 0.05, 5 * Math.Pow(10, -series.Decimals));
        if (high - low < least)
            (low, high) = ((low + high - least) / 2, (low + high + least) / 2);
        if (low < 0 && values.Min() >= 0)
            low = 0;
        Widen(series.Band, ref low, ref high);
        Widen(series.SecondBand, ref low, ref high);
        var step = Step(high - low, series.Decimals);
        var bottom = Math.Floor(low / step) * step;
        var top = Math.Ceiling(high / step) * step;
        if (top - bottom < step / 2)
            (bottom, top) = (bottom - step, top + step);
        double Y(double value) => Bottom - (Math.Clamp(value, bottom, top) - bottom) / (top - bottom) * (Bottom - Top);

        var marks = Drawn(series.Points, from, until)
            .Select(p => new Mark(p, Percent(X(p.At)), Pixels(Y((double)p.Value)), p.Second is { } second ? Pixels(Y((double)second) - Y((double)p.Value)) : null)).ToList();
        var line = new StringBuilder();
        foreach (var mark in marks)
            line.Append(CultureInfo.InvariantCulture, $"{X(mark.Point.At) * 10:0.##},{mark.Y} ");

        return new()
        {
            Levels = [.. Enumerable.Range(0, (int)Math.Round((top - bottom) / step) + 1).Select(i => bottom + i * step).Select(v => new Level(Pixels(Y(v)), Label(v, step)))],
            Dates = [.. Dates()],
            Marks = marks,
            Line = line.ToString().TrimEnd(),
            Usual = series.Band is { } band ? Stretch(band) : null,
            SecondUsual = series.SecondBand?.High is { } second && (double)second > bottom && (double)second < top ? Pixels(Y((double)second)) : null,
        };

        // A label near the end stands before its line, where the one before it may still be.
        IEnumerable<Date> Dates()
        {
            var before = double.NegativeInfinity;
            foreach (var (day, label) in Ticks(first, last))
            {
                var at = X(BelgianTime.BoundsOf(day).Start);
                yield return new(Percent(at), at > NearEnd && at - before < TwoLabels ? "" : label, at > NearEnd);
                before = at;
            }
        }

        Band? Stretch(SeriesBand usual)
        {
            if ((double?)usual.High < bottom || (double?)usual.Low > top)
                return null; // too far away to be on the plot
            var y = usual.High is { } h ? Y((double)h) : 0;
            var end = usual.Low is { } l ? Y((double)l) : Height;
            return end - y < 1 ? null : new(Pixels(y), Pixels(end - y));
        }
    }

    /// <summary>The plot reaches to the edge of the usual range when that does not flatten the values to a line.</summary>
    private static void Widen(SeriesBand? band, ref double low, ref double high)
    {
        if (band is null)
            return;
        var spread = Math.Max(high - low, Math.Abs(high) * 0.1);
        if (band.Low is { } l && (double)l < low && low - (double)l <= spread * 3)
            low = (double)l;
        if (band.High is { } h && (double)h > high && (double)h - high <= spread * 3)
            high = (double)h;
    }

    /// <summary>1, 2 or 5 times a power of ten: three to six levels, and not finer than the quantity is measured.</summary>
    private static double Step(double range, int decimals)
    {
        var finest = Math.Pow(10, -decimals);
        if (range <= 0)
            return Math.Max(finest, 1e-6);
        var raw = range / 4;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var nice = (raw / magnitude) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return Math.Max(nice * magnitude, Math.Min(finest, range));
    }

    private static IEnumerable<MeasuredPoint> Drawn(IReadOnlyList<MeasuredPoint> points, DateTime from, DateTime until)
    {
        if (points.Count <= MostPoints)
            return points;
        var buckets = MostPoints / 2;
        var span = (until - from).Ticks / buckets + 1;
        return points.GroupBy(p => Math.Clamp((p.At - from).Ticks / span, 0, buckets - 1))
            .SelectMany(g => new[] { g.MinBy(p => p.Value)!, g.MaxBy(p => p.Value)! }.Distinct().OrderBy(p => p.At));
    }

    /// <summary>Up to eight dates where people expect them: days, Mondays, firsts of the month, first of January.</summary>
    private static IEnumerable<(DateOnly Day, string Label)> Ticks(DateOnly first, DateOnly last)
    {
        var days = last.DayNumber - first.DayNumber + 1;
        var culture = BelgianTime.Culture;
        if (days <= 8)
            return Days(1).Select(d => (d, d.ToString("ddd d", culture)));
        if (days <= 45)
            return Days(1).Where(d => d.DayOfWeek == DayOfWeek.Monday).Select(d => (d, d.ToString("d MMM", culture)));
        var months = days / 30.4;
        if (months <= 30)
        {
            var every = months <= 7 ? 1 : months <= 14 ? 2 : 4;
            return Firsts().Where(d => (d.Month - 1) % every == 0).Select(d => (d, d.Month == 1 ? d.ToString("yyyy", culture) : d.ToString("MMM", culture)));
        }
        var years = last.Year - first.Year + 1;
        var apart = new[] { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000 }.First(a => years / a <= 7);
        return Enumerable.Range(first.Year, years).Where(y => y % apart == 0).Select(y => new DateOnly(y, 1, 1)).Where(d => d >= first).Select(d => (d, d.ToString("yyyy", culture)));

        IEnumerable<DateOnly> Days(int step)
        {
            for (var day = first.DayNumber; day <= last.DayNumber; day += step)
                yield return DateOnly.FromDayNumber(day);
        }

        IEnumerable<DateOnly> Firsts()
        {
            for (var month = first.Year * 12 + first.Month - 1; month <= last.Year * 12 + last.Month - 1; month++)
            {
                var day = new DateOnly(month / 12, month % 12 + 1, 1);
                if (day >= first)
                    yield return day;
            }
        }
    }

    private static string Label(double value, double step)
    {
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 6);
        var text = value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture);
        return text is "-0" ? "0" : text;
    }

    private static string Percent(double x) => x.ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Pixels(double y) => y.ToString("0.#", CultureInfo.InvariantCulture);
}
