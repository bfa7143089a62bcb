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
        using var alone = await Alone.ConnectAsync(floor, portal, client);
        foreach (var viewers in new[] { 1, 50, 200, 1_000, 2_000 }.Where(n => n <= settings.Viewers || n == 1 || (settings.All && !settings.Quick)))
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

            Task<Slice> FloorAsync(double seconds) => FanOutAsync(floor, viewers, seconds, onFloor, () => Post(clients[0], "g", patient));
            Task<Slice> PortalAsync(double seconds) => FanOutAsync(portal, viewers, seconds, onPortal, () => PortalClient.SendAsync(client.Http, "fhir/Communication", PortalClient.Note(patient)));
            Task<Slice> FloorToOneAsync(double seconds) => FanOutAsync(floor, 1, seconds, alone.OnFloor, () => Post(alone.Floor, "alone", alone.Patient));
            Task<Slice> PortalToOneAsync(double seconds) => FanOutAsync(portal, 1, seconds, alone.OnPortal, () => PortalClient.SendAsync(client.Http, "fhir/Communication", PortalClient.Note(alone.Patient)));
            if (viewers == 1)
            {
                var one = await Slices.AlternateAsync(settings, FloorAsync, PortalAsync);
                Add(report, viewers, one);
            }
            else
            {
                // The same rounds hold the post to one viewer too: what each further delivery adds is all that more viewers cost.
                var (toOne, toAll) = await Slices.AlternatePairsAsync(settings, (FloorToOneAsync, PortalToOneAsync), (FloorAsync, PortalAsync));
                Add(report, viewers, toAll);
                double More(IReadOnlyList<Slice> all, IReadOnlyList<Slice> one) => Comparison.Median(all.Zip(one, (n, o) => ((n.CpuMicroseconds * viewers) - o.CpuMicroseconds) / (viewers - 1)));
                var (onFloorMore, onPortalMore) = (More(toAll.Floor, toOne.Floor), More(toAll.Product, toOne.Product));
                report.Add(new Line("4", $"delivery alone: what each of {viewers.ToString("N0", CultureInfo.InvariantCulture)} viewers adds to a post that one sees", "the same difference on bare SignalR", "≤ 1.3",
                    $"{Report.Num(onFloorMore)} µs (post to one {Report.Num(toOne.FloorCpu)})", $"{Report.Num(onPortalMore)} µs (post to one {Report.Num(toOne.ProductCpu)})", Report.Num(onPortalMore / onFloorMore), onPortalMore / onFloorMore <= 1.3));
            }

            foreach (var viewer in clients)
                viewer.Dispose();
        }
    }

    private static void Add(Report report, int viewers, Comparison comparison)
    {
        var p50 = Comparison.Quantile(comparison.Product.SelectMany(s => s.Latencies), 0.5);
        report.Add(new Line("4", $"post to seen by {viewers.ToString("N0", CultureInfo.InvariantCulture)} hub clients, durable, per delivery", "bare SignalR, nothing stored", viewers == 200 ? "≤ 1.3; p50 10 ms" : "≤ 1.3",
            $"{Report.Num(comparison.FloorCpu)} µs, {HttpLoad.Latency(comparison.Floor)}", $"{Report.Num(comparison.ProductCpu)} µs, {HttpLoad.Latency(comparison.Product)}", Report.Num(comparison.CpuRatio), comparison.CpuRatio <= 1.3 && (viewers != 200 || p50 <= 10)));
    }

    private static Task Post(HubClient poster, string group, string patient)
    {
        poster.Send("Post", $$"""
            "{{group}}",{"patient":"{{patient}}","at":"2026-11-22T01:00:00Z","kind":"note","author":"sofie.maes","text":"Huisbezoek: bloeddruk 132/84, wonde zuiver, volgende verzorging over twee dagen."}
            """);
        return Task.CompletedTask;
    }

    /// <summary>A patient (on the floor a group) that one client watches.</summary>
    private sealed record Alone(string Patient, HubClient Floor, HubClient Portal, Arrivals OnFloor, Arrivals OnPortal) : IDisposable
    {
        public static async Task<Alone> ConnectAsync(ServerProcess floor, ServerProcess portal, PortalClient client)
        {
            Arrivals onFloor = new(), onPortal = new();
            var patient = await client.NewPatientAsync();
            var onBare = await HubClient.ConnectAsync(floor.Address, "/hub", null, "Entry", onFloor.Arrived);
            await onBare.InvokeAsync("Join", "\"alone\"");
            var watching = await HubClient.ConnectAsync(portal.Address, "/hubs/patient", client.Token, "Advanced", onPortal.Arrived);
            await watching.InvokeAsync("Watch", $"\"{patient}\",null");
            return new Alone(patient, onBare, watching, onFloor, onPortal);
        }

        public void Dispose()
        {
            Floor.Dispose();
            Portal.Dispose();
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
