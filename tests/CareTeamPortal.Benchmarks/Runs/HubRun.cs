using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#4: one posts, N clients of the hub see it. The portal's post is a durable FHIR create; the floor's is a message and nothing else.</summary>
internal static class HubRun
{
    public static async Task RunAsync(Settings settings, Report report)
    {
        await using var floor = await ServerProcess.FloorAsync("hub");
        await using var portal = await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "hub.db"));
        using var client = await PortalClient.SignInAsync(portal.Address, "karel.janssens");
        foreach (var viewers in new[] { 1, 50, 200, 1_000, 2_000 }.Where(n => n <= settings.Viewers || n == 1))
        {
            var patient = await client.NewPatientAsync();
            var clients = new List<HubClient>();
            Arrivals onFloor = new(), onPortal = new();
            for (var i = 0; i < viewers; i++)
            {
                clients.Add(await HubClient.ConnectAsync(floor.Address, "/hub", null, "Entry", onFloor.Arrived));
                await clients[^1].InvokeAsync("Join", "\"g\"");
                clients.Add(await HubClient.ConnectAsync(portal.Address, "/hubs/patient", client.Token, "Advanced", onPortal.Arrived));
                await clients[^1].InvokeAsync("Watch", $"\"{patient}\",null");
            }

            var comparison = await Slices.AlternateAsync(settings,
                seconds => FanOutAsync(floor, viewers, seconds, onFloor, () =>
                {
                    clients[0].Send("Post", $$"""
                        "g",{"patient":"{{patient}}","at":"2026-11-22T01:00:00Z","kind":"note","author":"sofie.maes","text":"Huisbezoek: bloeddruk 132/84, wonde zuiver, volgende verzorging over twee dagen."}
                        """);
                    return Task.CompletedTask;
                }),
                seconds => FanOutAsync(portal, viewers, seconds, onPortal, () => PortalClient.SendAsync(client.Http, "fhir/Communication", PortalClient.Note(patient))));
            var p50 = Comparison.Quantile(comparison.Product.SelectMany(s => s.Latencies), 0.5);
            report.Add(new Line("4", $"post to seen by {viewers.ToString("N0", CultureInfo.InvariantCulture)} hub clients, per delivery", "bare SignalR, nothing stored", viewers == 200 ? "≤ 1.3; p50 10 ms" : "≤ 1.3",
                $"{Report.Num(comparison.FloorCpu)} µs, {HttpLoad.Latency(comparison.Floor)}", $"{Report.Num(comparison.ProductCpu)} µs, {HttpLoad.Latency(comparison.Product)}", Report.Num(comparison.CpuRatio), comparison.CpuRatio <= 1.3 && (viewers != 200 || p50 <= 10)));
            foreach (var viewer in clients)
                viewer.Dispose();
        }
    }

    /// <summary>Posts one after the other, each when all have the one before, and not sooner than <paramref name="apart"/> after it.</summary>
    public static async Task<Slice> FanOutAsync(ServerProcess server, int viewers, double seconds, Arrivals arrivals, Func<Task> post, TimeSpan apart = default)
    {
        arrivals.Take();
        var cpu = server.Cpu();
        var clock = Stopwatch.StartNew();
        long posts = 0;
        while (clock.Elapsed.TotalSeconds < seconds || posts == 0)
        {
            if (apart > TimeSpan.Zero)
                await Task.Delay(apart);
            var all = arrivals.Expect(viewers);
            await post();
            await all.WaitAsync(TimeSpan.FromSeconds(20));
            posts++;
        }

        return new Slice(posts * viewers, server.Cpu() - cpu, clock.Elapsed.TotalSeconds, arrivals.Take());
    }
}
