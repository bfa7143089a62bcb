using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>Geometry of a small plot from baseline to target as SVG attributes: across in per cent, so that it fills any width; down in pixels.</summary>
/// <param name="Line">Points of the line in a box of 1000 by <see cref="Height"/>.</param>
/// <param name="Met">Where values reach the target.</param>
/// <param name="Due">Where the last day is; null when there is none.</param>
public sealed record GoalPlotShape(string Line, (string X, string Y) First, (string X, string Y) Last, (string Y, string Height) Met, IReadOnlyList<string> Limits, string? Due)
{
    /// <summary>Height of the drawing.</summary>
    public const int Height = 72;
    private const double Margin = 8;
    private const int MostPoints = 120;

    /// <summary>The plot of a goal's progress.</summary>
    public static GoalPlotShape Of(GoalProgress progress, DateTime now)
    {
        var due = progress.Target.Due is { } day ? BelgianTime.BoundsOf(day).End : (DateTime?)null;
        var (from, until) = (progress.Baseline.Time, new[] { progress.Last.Time, now, due ?? now }.Max());
        var span = Math.Max(1, (until - from).TotalMinutes);
        double X(DateTime at) => Math.Clamp((at - from).TotalMinutes / span, 0, 1);

        var limits = new[] { progress.Target.Value, progress.Target.High }.OfType<decimal>().Select(v => (double)v).ToList();
        var values = progress.Readings.Select(r => (double)r.Value).Concat(limits).ToList();
        var (low, high) = (values.Min(), values.Max());
        var room = Math.Max((high - low) * 0.12, Math.Max(Math.Abs(high) * 0.01, 0.1));
        (low, high) = (low - room, high + room);
        double Y(double value) => Margin + (Height - (2 * Margin)) * (high - value) / (high - low);

        var step = Math.Max(1, (int)Math.Ceiling(progress.Readings.Count / (double)MostPoints));
        var line = new StringBuilder();
        for (var i = 0; i < progress.Readings.Count; i++)
        {
            if (i % step == 0 || i == progress.Readings.Count - 1)
                line.Append(Number(X(progress.Readings[i].Time) * 1000)).Append(',').Append(Number(Y((double)progress.Readings[i].Value))).Append(' ');
        }

        var (top, bottom) = progress.Target.Side switch
        {
            TargetSide.AtMost => (Y(limits[0]), Height),
            TargetSide.AtLeast => (0.0, Y(limits[0])),
            _ => (Y(limits[1]), Y(limits[0])),
        };
        return new(line.ToString().TrimEnd(), Place(progress.Baseline), Place(progress.Last), (Number(top), Number(bottom - top)), limits.ConvertAll(l => Number(Y(l))), due is { } end ? Percent(X(end)) : null);

        (string, string) Place(GoalReading reading) => (Percent(X(reading.Time)), Number(Y((double)reading.Value)));
    }

    private static string Percent(double part) => (part * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Number(double d) => d.ToString("0.#", CultureInfo.InvariantCulture);
}
