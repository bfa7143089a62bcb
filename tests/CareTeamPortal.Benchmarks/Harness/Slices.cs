using System.Diagnostics;

namespace CareTeamPortal.Benchmarks.Harness;

/// <summary>What one slice of one side did.</summary>
/// <param name="Operations">How many operations.</param>
/// <param name="Cpu">Processor seconds that the measured process spent.</param>
/// <param name="Wall">Seconds on the clock.</param>
/// <param name="Latencies">Milliseconds per operation, when they were taken.</param>
internal sealed record Slice(long Operations, double Cpu, double Wall, IReadOnlyList<double> Latencies)
{
    public double CpuMicroseconds => Cpu * 1e6 / Math.Max(1, Operations);
    public double WallMicroseconds => Wall * 1e6 / Math.Max(1, Operations);
}

/// <summary>Floor and product over all rounds.</summary>
internal sealed record Comparison(IReadOnlyList<Slice> Floor, IReadOnlyList<Slice> Product)
{
    /// <summary>Median over the rounds of product over floor, in processor time per operation.</summary>
    public double CpuRatio => Median(Floor.Zip(Product, (f, p) => p.CpuMicroseconds / f.CpuMicroseconds));

    /// <summary>The same in time on the clock.</summary>
    public double WallRatio => Median(Floor.Zip(Product, (f, p) => p.WallMicroseconds / f.WallMicroseconds));

    public double FloorCpu => Median(Floor.Select(s => s.CpuMicroseconds));
    public double ProductCpu => Median(Product.Select(s => s.CpuMicroseconds));

    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    public static double Quantile(IEnumerable<double> values, double q)
    {
        var sorted = values.Where(v => !double.IsNaN(v)).Order().ToList();
        if (sorted.Count == 0)
            return double.NaN;
        if (q == 0.5 && sorted.Count % 2 == 0)
            return (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
        return sorted[Math.Min(sorted.Count - 1, (int)(q * sorted.Count))];
    }
}

/// <summary>Alternates slices A B A B, so that whatever else the machine does hits both alike.</summary>
internal static class Slices
{
    /// <summary>Warms both sides up, then alternates.</summary>
    public static async Task<Comparison> AlternateAsync(Settings settings, Func<double, Task<Slice>> floor, Func<double, Task<Slice>> product)
    {
        await floor(settings.WarmUp);
        await product(settings.WarmUp);
        var (floors, products) = (new List<Slice>(), new List<Slice>());
        for (var round = 0; round < settings.Rounds; round++)
        {
            floors.Add(await floor(settings.Seconds));
            products.Add(await product(settings.Seconds));
        }

        return new Comparison(floors, products);
    }

    /// <summary>Two comparisons in the same rounds: A B C D A B C D.</summary>
    public static async Task<(Comparison First, Comparison Second)> AlternatePairsAsync(Settings settings, (Func<double, Task<Slice>> Floor, Func<double, Task<Slice>> Product) first, (Func<double, Task<Slice>> Floor, Func<double, Task<Slice>> Product) second)
    {
        Func<double, Task<Slice>>[] sides = [first.Floor, first.Product, second.Floor, second.Product];
        var slices = sides.Select(_ => new List<Slice>()).ToArray();
        foreach (var side in sides)
            await side(settings.WarmUp / 2);
        for (var round = 0; round < settings.Rounds; round++)
        {
            for (var i = 0; i < sides.Length; i++)
                slices[i].Add(await sides[i](settings.Seconds));
        }

        return (new Comparison(slices[0], slices[1]), new Comparison(slices[2], slices[3]));
    }

    /// <summary>How the cost grows: every size in each round, and the median processor time of each in microseconds.</summary>
    public static async Task<IReadOnlyList<double>> CurveAsync(Settings settings, IReadOnlyList<Func<double, Task<Slice>>> sizes)
    {
        var slices = sizes.Select(_ => new List<Slice>()).ToList();
        foreach (var size in sizes)
            await size(settings.WarmUp / sizes.Count);
        for (var round = 0; round < settings.Rounds; round++)
        {
            for (var i = 0; i < sizes.Count; i++)
                slices[i].Add(await sizes[i](settings.Seconds));
        }

        return [.. slices.Select(s => Comparison.Median(s.Select(x => x.CpuMicroseconds)))];
    }

    /// <summary>A slice of operations in this process, one after the other.</summary>
    public static async Task<Slice> InProcessAsync(double seconds, Func<ValueTask<int>> operation)
    {
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        long operations = 0;
        do
            operations += await operation();
        while (clock.Elapsed.TotalSeconds < seconds);
        self.Refresh();
        return new Slice(operations, (self.TotalProcessorTime - cpu).TotalSeconds, clock.Elapsed.TotalSeconds, []);
    }
}
