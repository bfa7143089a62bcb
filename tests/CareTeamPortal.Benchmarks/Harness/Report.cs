using System.Globalization;
using System.Text;

namespace CareTeamPortal.Benchmarks.Harness;

/// <summary>One measured line beside its target.</summary>
/// <param name="Met">Whether the target was reached; null when it cannot be said (not measured, or there is no target for this line).</param>
internal sealed record Line(string Number, string What, string Against, string Target, string Floor, string Product, string Ratio, bool? Met);

/// <summary>Collects the lines and prints them as a Markdown table.</summary>
internal sealed class Report
{
    private readonly List<Line> _lines = [];

    public void Add(Line line)
    {
        _lines.Add(line);
        Console.WriteLine($"#{line.Number} {line.What}: floor {line.Floor}, product {line.Product}, ratio {line.Ratio} (target {line.Target}) {Verdict(line)}");
    }

    public void AddCpu(string number, string what, string against, double target, Comparison c, string? more = null) => Add(new Line(number, what, against,
        $"≤ {Num(target)}", $"{Num(c.FloorCpu)} µs", $"{Num(c.ProductCpu)} µs{(more is null ? "" : "; " + more)}", $"{Num(c.CpuRatio)} (clock {Num(c.WallRatio)})", c.CpuRatio <= target));

    /// <summary>A growth curve: the cost at each size, and the largest over one of them.</summary>
    public void AddCurve(string number, string what, double target, IReadOnlyList<int> sizes, int over, IReadOnlyList<double> costs)
    {
        var ratio = costs[^1] / costs[over];
        Add(new Line(number, what, $"itself at {Whole(sizes[over])}", $"≤ {Num(target)}", $"{Num(costs[over])} µs", string.Join(", ", sizes.Select((s, i) => $"{Whole(s)}: {Num(costs[i])}")) + " µs", Num(ratio), ratio <= target));
    }

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public void Missing(string number, string what, string why) => Add(new Line(number, what, "", "", "", "", "not measured: " + why, null));

    public string ToMarkdown(Settings settings)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} processors, .NET {Environment.Version}, {settings.Rounds} rounds of {settings.Seconds} s slices{(settings.Quick ? ", QUICK: the figures mean nothing" : "")}\n\n");
        text.Append("| # | what | against | target | floor | product | median ratio | met |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var l in _lines)
            text.Append(CultureInfo.InvariantCulture, $"| {l.Number} | {l.What} | {l.Against} | {l.Target} | {l.Floor} | {l.Product} | {l.Ratio} | {Verdict(l)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"\n{_lines.Count(l => l.Met == true)} met, {_lines.Count(l => l.Met == false)} missed, {_lines.Count(l => l.Met is null)} without a verdict.\n");
        return text.ToString();
    }

    private static string Verdict(Line line) => line.Met switch { true => "yes", false => "NO", null => "" };

    /// <summary>Three significant digits.</summary>
    public static string Num(double value) => double.IsNaN(value) ? "?" : Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
        _ => value.ToString("N2", CultureInfo.InvariantCulture),
    };
}
