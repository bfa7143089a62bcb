using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#5, #6, #7: the timeline page, opened by headless viewers that hold real circuits.</summary>
internal static class PagesRun
{
    /// <summary>A page shows at most ten updates a second; posts come slower, so that what is measured is the update and not the waiting for its turn.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(120);

    /// <summary>#5: one posts, N open pages show it.</summary>
    public static async Task FanOutAsync(Settings settings, Report report)
    {
        await using var floor = settings.Against is { } other ? await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "other.db"), program: other) : await ServerProcess.FloorAsync("pages");
        await using var portal = await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "pages.db"));
        using var client = await PortalClient.SignInAsync(portal.Address, "karel.janssens");
        using var otherClient = settings.Against is null ? null : await PortalClient.SignInAsync(floor.Address, "karel.janssens");
        using var bare = PortalClient.NewHttp(floor.Address);
        foreach (var viewers in new[] { 1, 50, 200, 500, 1_000 }.Where(n => n < settings.Viewers).Append(settings.Viewers).Where(n => settings.Only.Count == 0 || n == settings.Viewers))
        {
            var patient = await PatientWithEntriesAsync(client, 60);
            var otherPatient = otherClient is null ? "" : await PatientWithEntriesAsync(otherClient, 60);
            var circuits = new List<CircuitClient>();
            Arrivals onFloor = new(), onPortal = new();
            for (var i = 0; i < viewers; i++)
            {
                circuits.Add(otherClient is null ? await CircuitClient.OpenAsync(bare, "head", null, onFloor.Arrived) : await CircuitClient.OpenAsync(otherClient.Http, $"patients/{otherPatient}", otherClient.Token, onFloor.Arrived));
                circuits.Add(await CircuitClient.OpenAsync(client.Http, $"patients/{patient}", client.Token, onPortal.Arrived));
            }

            var number = 0;
            string NextMark()
            {
                CircuitClient.Awaited = (++number).ToString(CultureInfo.InvariantCulture);
                return CircuitClient.Mark + CircuitClient.Awaited + "x";
            }

            Task OnFloorAsync() => otherClient is null
                ? PortalClient.SendAsync(bare, "post", NextMark() + " Huisbezoek: bloeddruk 132/84, wonde zuiver. Familie vraagt naar vervoer naar de kinesist.")
                : PortalClient.SendAsync(otherClient.Http, "fhir/Communication", PortalClient.Note(otherPatient, NextMark()));
            Task OnPortalAsync() => PortalClient.SendAsync(client.Http, "fhir/Communication", PortalClient.Note(patient, NextMark()));
            var comparison = await Slices.AlternateAsync(settings,
                seconds => HubRun.FanOutAsync(floor, viewers, seconds, onFloor, OnFloorAsync, Apart),
                seconds => HubRun.FanOutAsync(portal, viewers, seconds, onPortal, OnPortalAsync, Apart));
            var p99 = Comparison.Quantile(comparison.Product.SelectMany(s => s.Latencies), 0.99);
            var allocated = $"{Report.Num(await AllocatedAsync(floor, 20, viewers, onFloor, OnFloorAsync))} / {Report.Num(await AllocatedAsync(portal, 20, viewers, onPortal, OnPortalAsync))} KiB allocated";
            report.Add(new Line("5", $"post to seen in {viewers.ToString("N0", CultureInfo.InvariantCulture)} open pages, per update of a page", settings.Against ?? "bare page, arrivals split off", viewers == 200 ? "≤ 1.3; p99 100 ms" : "≤ 1.3",
                $"{Report.Num(comparison.FloorCpu)} µs, {HttpLoad.Latency(comparison.Floor)}", $"{Report.Num(comparison.ProductCpu)} µs, {HttpLoad.Latency(comparison.Product)} ({allocated})", Report.Num(comparison.CpuRatio), comparison.CpuRatio <= 1.3 && (viewers != 200 || p99 <= 100)));
            foreach (var circuit in circuits)
                circuit.Dispose();
        }
    }

    /// <summary>KiB that the server allocates per update of a page, the post itself shared among them.</summary>
    private static async Task<double> AllocatedAsync(ServerProcess server, int posts, int viewers, Arrivals arrivals, Func<Task> post)
    {
        var before = (await server.ProbeAsync()).Allocated;
        for (var i = 0; i < posts; i++)
        {
            await Task.Delay(Apart);
            var all = arrivals.Expect(viewers);
            await post();
            await all.WaitAsync(TimeSpan.FromSeconds(20));
        }

        return ((await server.ProbeAsync()).Allocated - before) / 1024.0 / posts / viewers;
    }

    /// <summary>#6: what an open timeline keeps, while it is updated and after it is gone.</summary>
    public static async Task MemoryAsync(Settings settings, Report report)
    {
        await using var portal = await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "memory.db"));
        using var client = await PortalClient.SignInAsync(portal.Address, "karel.janssens");
        var patient = await PatientWithEntriesAsync(client, 60);
        var path = $"patients/{patient}";
        await using var floor = await ServerProcess.FloorAsync("pages", "--markup", await MarkupAsync(settings));
        using var bare = PortalClient.NewHttp(floor.Address);
        var viewers = settings.Viewers;
        var (floorHeap, floorResident, _, floorGone) = await GrowthAsync(floor, viewers, () => CircuitClient.OpenAsync(bare, "same", null), null);
        var number = 1_000_000;
        var arrivals = new Arrivals();
        var (heap, resident, updated, gone) = await GrowthAsync(portal, viewers, () => CircuitClient.OpenAsync(client.Http, path, client.Token, arrivals.Arrived), async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                CircuitClient.Awaited = (++number).ToString(CultureInfo.InvariantCulture);
                var all = arrivals.Expect(viewers);
                await PortalClient.SendAsync(client.Http, "fhir/Communication", PortalClient.Note(patient, CircuitClient.Mark + CircuitClient.Awaited + "x"));
                await all.WaitAsync(TimeSpan.FromSeconds(30));
            }
        });
        report.Add(new Line("6", $"memory per open timeline, {viewers} circuits: managed heap", "bare page of the same markup in one component", "≤ 1.5", $"{Report.Num(floorHeap)} KiB (resident {Report.Num(floorResident)})", $"{Report.Num(heap)} KiB (resident {Report.Num(resident)})", Report.Num(heap / floorHeap), heap / floorHeap <= 1.5));
        report.Add(new Line("6", "the same after 40 updates of each page (40 more rows shown)", "before the updates", "flat", $"{Report.Num(heap)} KiB", $"{Report.Num(updated)} KiB", Report.Num(updated / heap), null));
        report.Add(new Line("6", "managed heap that stays per page after all are gone (without the shell's retained circuits)", "bare page", "flat", $"{Report.Num(floorGone)} KiB", $"{Report.Num(gone)} KiB", "", null));
    }

    /// <summary>KiB per viewer: heap and resident memory when open, heap after the updates, heap after all left.</summary>
    private static async Task<(double Heap, double Resident, double Updated, double Gone)> GrowthAsync(ServerProcess server, int viewers, Func<Task<CircuitClient>> open, Func<Task>? update)
    {
        for (var i = 0; i < 5; i++)
            (await open()).Dispose();
        await Task.Delay(500);
        var before = (await server.ProbeAsync()).Heap;
        var residentBefore = server.ResidentKiB();
        var circuits = new List<CircuitClient>();
        for (var i = 0; i < viewers; i++)
            circuits.Add(await open());
        var heap = ((await server.ProbeAsync()).Heap - before) / 1024.0 / viewers;
        var resident = (server.ResidentKiB() - residentBefore) / viewers;
        var updated = heap;
        if (update is not null)
        {
            await update();
            updated = ((await server.ProbeAsync()).Heap - before) / 1024.0 / viewers;
        }

        foreach (var circuit in circuits)
            circuit.Dispose();
        await Task.Delay(1_000);
        return (heap, resident, updated, ((await server.ProbeAsync()).Heap - before) / 1024.0 / viewers);
    }

    /// <summary>#7: the first byte of the page, and the circuit behind it.</summary>
    public static async Task FirstPageAsync(Settings settings, Report report)
    {
        await using var portal = await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "first.db"));
        using var client = await PortalClient.SignInAsync(portal.Address, "karel.janssens");
        var patient = await PatientWithEntriesAsync(client, 60);
        var path = $"patients/{patient}";
        await using var floor = await ServerProcess.FloorAsync("pages", "--markup", await MarkupAsync(settings));
        using var bare = PortalClient.NewHttp(floor.Address);
        var first = await Slices.AlternateAsync(settings,
            seconds => HttpLoad.RunAsync(floor, 1, seconds, () => FirstByteAsync(bare, "same")),
            seconds => HttpLoad.RunAsync(portal, 1, seconds, () => FirstByteAsync(client.Http, path)));
        report.Add(new Line("7", "timeline page: first byte, one connection", "bare page of the same markup", "≤ 2", $"{HttpLoad.Latency(first.Floor)}, {Report.Num(first.FloorCpu)} µs", $"{HttpLoad.Latency(first.Product)}, {Report.Num(first.ProductCpu)} µs",
            $"{Report.Num(LatencyRatio(first))} (processor {Report.Num(first.CpuRatio)})", LatencyRatio(first) <= 2));
        var circuit = await Slices.AlternateAsync(settings,
            seconds => HttpLoad.RunAsync(floor, 1, seconds, async () => (await CircuitClient.OpenAsync(bare, "same", null)).Dispose()),
            seconds => HttpLoad.RunAsync(portal, 1, seconds, async () => (await CircuitClient.OpenAsync(client.Http, path, client.Token)).Dispose()));
        report.Add(new Line("7", "timeline page: page loaded, circuit open, entries shown", "bare page of the same markup", "≤ 2", $"{HttpLoad.Latency(circuit.Floor)}, {Report.Num(circuit.FloorCpu)} µs", $"{HttpLoad.Latency(circuit.Product)}, {Report.Num(circuit.ProductCpu)} µs",
            $"{Report.Num(LatencyRatio(circuit))} (processor {Report.Num(circuit.CpuRatio)})", LatencyRatio(circuit) <= 2));
    }

    private static double LatencyRatio(Comparison comparison) => Comparison.Median(comparison.Floor.Zip(comparison.Product, (f, p) => Comparison.Median(p.Latencies) / Comparison.Median(f.Latencies)));

    private static async Task FirstByteAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"GET {path} answered {(int)answer.StatusCode}");
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.CopyToAsync(Stream.Null);
    }

    /// <summary>The whole timeline page with 50 rows, rendered by its own components into HTML (the portal itself renders it only in circuits).</summary>
    private static async Task<string> MarkupAsync(Settings settings)
    {
        await using var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "markup.db"));
        await GrownTimeline.SeedAsync(portal, [60]);
        var file = Path.Combine(settings.Scratch, "page.html");
        await File.WriteAllTextAsync(file, $"<body>{await portal.RenderAsync(typeof(TimelinePage), GrownTimeline.Patient(60).Value)}</body>");
        return file;
    }

    private static async Task<string> PatientWithEntriesAsync(PortalClient client, int entries)
    {
        var patient = await client.NewPatientAsync();
        for (var i = 0; i < entries; i++)
            await PortalClient.SendAsync(client.Http, "fhir/Communication", PortalClient.Note(patient));
        return patient;
    }
}
