using System.Diagnostics;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#14: from the start of the process to its first page, the database being there.</summary>
internal static class ColdStartRun
{
    public static async Task RunAsync(Settings settings, Report report)
    {
        var database = Path.Combine(settings.Scratch, "cold.db");
        // The first start migrates and loads the demo; that is not what is measured.
        await using (await ServerProcess.PortalAsync(database, probe: false))
        {
        }

        var rounds = settings with { WarmUp = 0, Seconds = 0 };
        var comparison = await Slices.AlternateAsync(rounds,
            _ => StartAsync(() => ServerProcess.FloorAsync("pages", probe: false), "head"),
            _ => StartAsync(() => ServerProcess.PortalAsync(database, probe: false, wait: false), "sign-in"));
        report.Add(new Line("14", "start to first page (sign-in), database migrated, demo loaded", "bare Blazor app", "≤ 1.5", $"{Report.Num(Comparison.Median(comparison.Floor.Select(s => s.Wall)) * 1000)} ms, {Report.Num(comparison.FloorCpu / 1000)} ms of processor",
            $"{Report.Num(Comparison.Median(comparison.Product.Select(s => s.Wall)) * 1000)} ms, {Report.Num(comparison.ProductCpu / 1000)} ms", $"{Report.Num(comparison.WallRatio)} (processor {Report.Num(comparison.CpuRatio)})", comparison.WallRatio <= 1.5));
    }

    private static async Task<Slice> StartAsync(Func<Task<ServerProcess>> start, string path)
    {
        var clock = Stopwatch.StartNew();
        await using var server = await start();
        using var http = PortalClient.NewHttp(server.Address);
        await server.WaitAsync(http, path);
        return new Slice(1, server.Cpu(), clock.Elapsed.TotalSeconds, []);
    }
}
