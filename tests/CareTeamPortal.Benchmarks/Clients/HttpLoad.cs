using System.Collections.Concurrent;
using System.Diagnostics;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Clients;

/// <summary>Sends requests over some connections for some time and counts what the server spent.</summary>
internal static class HttpLoad
{
    public static async Task<Slice> RunAsync(ServerProcess server, int connections, double seconds, Func<Task> operation)
    {
        var latencies = new ConcurrentBag<List<double>>();
        var cpu = server.Cpu();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            latencies.Add(mine);
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var begun = Stopwatch.GetTimestamp();
                await operation();
                mine.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        })));
        var wall = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(l => l).ToList();
        return new Slice(all.Count, server.Cpu() - cpu, wall, all);
    }

    /// <summary>Median and 99th percentile over all slices, in milliseconds.</summary>
    public static string Latency(IEnumerable<Slice> slices)
    {
        var all = slices.SelectMany(s => s.Latencies).ToList();
        return $"p50 {Report.Num(Comparison.Quantile(all, 0.5))} ms, p99 {Report.Num(Comparison.Quantile(all, 0.99))} ms";
    }
}
