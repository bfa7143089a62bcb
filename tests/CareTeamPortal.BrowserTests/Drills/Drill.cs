using System.Globalization;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>
/// Faults that are sure to come, brought about on purpose. Each drill prints its figure to <c>artifacts/drills.txt</c>; <c>./test.sh</c> runs them small, <c>./test.sh --drills</c> at full size
/// (variable <c>CARETEAM_DRILLS=full</c>).
/// </summary>
internal static class Drill
{
    /// <summary>The trait by which they are told from the other tests.</summary>
    public const string Trait = "Kind";
    public const string Value = "drill";

    private static readonly string Report = Path.Combine(Machine.Root, "artifacts", "drills.txt");
    private static readonly Lock Gate = new();

    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("CARETEAM_DRILLS") == "full";

    /// <summary>How many rounds, or how large, in this run.</summary>
    public static int Size(int small, int full) => IsFull ? full : small;

    /// <summary>Leaves a line with the figure.</summary>
    public static void Say(FormattableString line)
    {
        lock (Gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Report)!);
            File.AppendAllText(Report, line.ToString(CultureInfo.InvariantCulture) + "\n");
        }
    }

    public static double Quantile(IEnumerable<double> values, double q) => values.Order().ToList() is { Count: > 0 } all ? all[Math.Min(all.Count - 1, (int)Math.Ceiling(q * all.Count) - 1)] : 0;
}

/// <summary>Names the collection: one drill at a time.</summary>
[CollectionDefinition(Name)]
public sealed class DrillCollection
{
    public const string Name = "drills";
}
