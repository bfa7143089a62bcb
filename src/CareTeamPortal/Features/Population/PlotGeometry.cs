using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Population;

/// <summary>Places in the drawings of the case manager's page, in their own units; every axis begins at nought.</summary>
internal static class PlotGeometry
{
    public const int Width = 424;

    /// <summary>Left and right end of the weeks of the waits.</summary>
    public const int WaitLeft = 96;
    public const int WaitRight = 332;

    /// <summary>Height of the drawing of one pair, and of the room it takes.</summary>
    public const int WaitHeight = 30;
    public const int WaitStep = 44;
    public const int WaitTop = 12;

    public const int ShareLeft = 34;
    public const int ShareRight = 300;
    public const int ShareTop = 34;
    public const int ShareBottom = 186;

    private static readonly int[] HourScales = [24, 48, 72, 96, 168, 336, 504, 720, 1440, 2160, 4380, 8760];

    /// <summary>The hours at the top of the scale: a day or more, and what is drawn fits.</summary>
    public static int TopHours(IEnumerable<PairWait> waits)
    {
        var most = waits.SelectMany(w => w.Weeks).Select(w => (w.Ninth ?? w.Median ?? default).TotalHours).DefaultIfEmpty().Max();
        return HourScales.FirstOrDefault(h => h >= most) is > 0 and var top ? top : (int)Math.Ceiling(most);
    }

    /// <summary>Middle of a week.</summary>
    public static double WaitX(int week) => WaitLeft + ((week + 0.5) * (WaitRight - WaitLeft) / PopulationFigures.Weeks);

    /// <summary>Height of a wait, from the bottom of its row.</summary>
    public static double WaitY(TimeSpan wait, int top) => WaitHeight * (1 - (Math.Min(wait.TotalHours, top) / top));

    public static double ShareX(int week) => ShareLeft + (week * (double)(ShareRight - ShareLeft) / (PopulationFigures.Weeks - 1));

    public static double ShareY(double share) => ShareBottom - (share * (ShareBottom - ShareTop));

    /// <summary>The stretches of weeks whose share is known, as lines.</summary>
    public static IEnumerable<string> ShareLines(LineOnTime line)
    {
        var points = new StringBuilder();
        var count = 0;
        for (var week = 0; week <= line.Weeks.Length; week++)
        {
            if (week < line.Weeks.Length && line.Weeks[week].Share is { } share)
            {
                points.Append(CultureInfo.InvariantCulture, $"{N(ShareX(week))},{N(ShareY(share))} ");
                count++;
                continue;
            }

            if (count > 1)
                yield return points.ToString().TrimEnd();
            points.Clear();
            count = 0;
        }
    }

    /// <summary>Places for words at the end of the lines: none over another, each as near to its line as can be.</summary>
    public static IReadOnlyList<double> Apart(IReadOnlyList<double> wanted, double least, double lowest)
    {
        var order = Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]).ToList();
        var placed = new double[wanted.Count];
        for (var i = 0; i < order.Count; i++)
            placed[order[i]] = i == 0 ? wanted[order[i]] : Math.Max(wanted[order[i]], placed[order[i - 1]] + least);
        // What ran off at the bottom moves up again.
        for (var i = order.Count - 1; i >= 0; i--)
            placed[order[i]] = Math.Min(placed[order[i]], i == order.Count - 1 ? lowest : placed[order[i + 1]] - least);
        return placed;
    }

    /// <summary>A round number at or above, for the end of a scale of counts.</summary>
    public static int TopCount(int most)
    {
        var power = 1;
        while (power * 10 < most)
            power *= 10;
        return Math.Max(10, new[] { 1, 2, 3, 4, 5, 6, 8, 10 }.First(n => n * power >= most) * power);
    }

    /// <summary>A number as SVG takes it.</summary>
    public static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>"11 u", "3 d".</summary>
    public static string Hours(TimeSpan wait) => wait.TotalHours < 1 ? PopulationText.Get("Hours.None") : wait.TotalHours < 72 ? PopulationText.Get("Hours", Math.Round(wait.TotalHours)) : PopulationText.Get("Days", (wait.TotalDays).ToString("0.#", CultureInfo.CurrentCulture));

    /// <summary>"wk 47".</summary>
    public static string Week(DateOnly monday) => PopulationText.Get("Week", ISOWeek.GetWeekOfYear(monday.ToDateTime(default)));

    /// <summary>A week in a table: "wk 47, ma 16 nov".</summary>
    public static string LongWeek(DateOnly monday, DateTime now) => $"{Week(monday)}, {BelgianTime.Day(monday, BelgianTime.DayOf(now))}";
}
