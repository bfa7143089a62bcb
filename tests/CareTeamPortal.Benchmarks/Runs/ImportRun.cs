using System.Diagnostics;
using CareTeamPortal.Benchmarks.Floors;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#9: Synthea bundles taken in, against slicing them straight into two tables; and whether memory stays flat from 1 to 100 bundles.</summary>
internal static class ImportRun
{
    public static async Task RunAsync(Settings settings, Report report)
    {
        var bundles = Bundles.Read(settings);
        await using var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "import.db"));
        using var floor = new ThinStore(Path.Combine(settings.Scratch, "import-floor.db"));

        async Task<Slice> SliceAsync(double seconds, Func<IReadOnlyList<string>, ValueTask<int>> takeIn)
        {
            // Renewing the bundles is not part of the slice.
            var slices = new List<Slice>();
            do
            {
                var folder = Path.Combine(settings.Scratch, "bundles");
                var files = Bundles.Write(bundles, folder);
                slices.Add(await Slices.InProcessAsync(0, () => takeIn(files)));
                Directory.Delete(folder, recursive: true);
            }
            while (slices.Sum(s => s.Wall) < seconds);
            return new Slice(slices.Sum(s => s.Operations), slices.Sum(s => s.Cpu), slices.Sum(s => s.Wall), []);
        }

        var comparison = await Slices.AlternateAsync(settings,
            seconds => SliceAsync(seconds, async files =>
            {
                var n = 0;
                foreach (var file in files)
                    n += await floor.ImportAsync(await File.ReadAllBytesAsync(file));
                return n;
            }),
            seconds => SliceAsync(seconds, async files => await portal.ImportAsync(files)));
        var rate = Comparison.Median(comparison.Product.Select(s => s.Operations / s.Wall));
        var floorRate = Comparison.Median(comparison.Floor.Select(s => s.Operations / s.Wall));
        report.Add(new Line("9", $"import of {bundles.Count} Synthea bundles from files, in process, all rules on, per resource", "slice, rewrite ids, insert, one transaction per bundle (FULL)", "≥ 1/3 of its rate, ≥ 5,000/s",
            $"{Report.Num(floorRate)}/s, {Report.Num(comparison.FloorCpu)} µs of processor", $"{Report.Num(rate)}/s, {Report.Num(comparison.ProductCpu)} µs", $"{Report.Num(1 / comparison.WallRatio)} of the rate; processor {Report.Num(comparison.CpuRatio)} times",
            1 / comparison.WallRatio >= 1.0 / 3 && rate >= 5_000));
    }

    /// <summary>The highest resident memory of the import verb with 1, 10 and 100 bundles.</summary>
    public static async Task MemoryAsync(Settings settings, Report report)
    {
        var bundles = Bundles.Read(settings);
        var peaks = new List<(int Count, double MiB)>();
        foreach (var count in settings.Quick ? new[] { 1, 2 } : [1, 10, 100])
        {
            var folder = Path.Combine(settings.Scratch, "flat");
            Bundles.Write([.. Enumerable.Range(0, count).Select(i => bundles[^((i % bundles.Count) + 1)])], folder);
            peaks.Add((count, await PeakAsync(settings, folder, count)));
            Directory.Delete(folder, recursive: true);
        }

        var growth = peaks[^1].MiB / peaks[0].MiB;
        report.Add(new Line("9", "memory of the import verb, 1 to 100 bundles (the largest, 3.9 MB, is in each)", "itself", "flat", $"{peaks[0].Count}: {Report.Num(peaks[0].MiB)} MiB",
            string.Join(", ", peaks.Skip(1).Select(p => $"{p.Count}: {Report.Num(p.MiB)} MiB")), Report.Num(growth), growth <= 1.3));
    }

    private static async Task<double> PeakAsync(Settings settings, string folder, int count)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [ServerProcess.PortalDll, "import", folder, "--ConnectionStrings:CareTeam", $"Data Source={Path.Combine(settings.Scratch, $"flat-{count}.db")}", "--SignIn:Mode", "Demo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var verb = Process.Start(start)!;
        var (output, errors) = (verb.StandardOutput.ReadToEndAsync(), verb.StandardError.ReadToEndAsync());
        var peak = 0.0;
        while (!verb.HasExited)
        {
            try
            {
                peak = Math.Max(peak, ServerProcess.ResidentKiB(verb.Id, peak: true) / 1024);
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
            {
            }

            await Task.Delay(50);
        }

        if (verb.ExitCode != 0)
            throw new InvalidOperationException($"import answered {verb.ExitCode}: {await errors} {string.Join(" / ", (await output).Split((char)10).TakeLast(4))}");
        return peak;
    }
}
