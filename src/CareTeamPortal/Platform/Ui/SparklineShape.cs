using System.Globalization;
using System.Text;

namespace CareTeamPortal.Platform.Ui;

/// <summary>Geometry of a sparkline of 290 by 50: the points, an optional reference band and threshold, as SVG attributes.</summary>
public sealed record SparklineShape(string Points, IReadOnlyList<(string X, string Y)> Dots, (string X, string Y) Last, (string Y, string Height)? Band, string? Threshold)
{
    public const int Width = 290;
    public const int Height = 50;
    private const double Margin = 7;

    /// <summary>Null when there are fewer than two points: one point is not a trend.</summary>
    public static SparklineShape? Of(IReadOnlyList<double> values, double? low = null, double? high = null, double? threshold = null)
    {
        if (values.Count < 2 || values.Any(v => !double.IsFinite(v)))
            return null;
        var all = values.Concat(new[] { low, high, threshold }.OfType<double>());
        var (min, max) = (all.Min(), all.Max());
        if (max - min < 1e-9)
            (min, max) = (min - 1, max + 1);
        double Y(double v) => Margin + (Height - 2 * Margin) * (max - v) / (max - min);
        double X(int i) => 4 + (Width - 10.0) * i / (values.Count - 1);
        var line = new StringBuilder();
        var dots = new List<(string, string)>(values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            var (x, y) = (Number(X(i)), Number(Y(values[i])));
            line.Append(x).Append(',').Append(y).Append(' ');
            dots.Add((x, y));
        }
        (string, string)? band = low is { } l && high is { } h && h > l ? (Number(Y(h)), Number(Y(l) - Y(h))) : null;
        return new(line.ToString().TrimEnd(), dots, dots[^1], band, threshold is { } t ? Number(Y(t)) : null);
    }

    private static string Number(double d) => d.ToString("0.#", CultureInfo.InvariantCulture);
}
