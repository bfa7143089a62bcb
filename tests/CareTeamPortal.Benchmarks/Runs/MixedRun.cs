using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Benchmarks.Load;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>
/// #12: a mixed shift. 200 people look at 40 files, 50 of them write a note a second, an import of Synthea runs in a process of its own, and one program reads lists: how much longer
/// than alone, and how long until what is written is seen.
/// </summary>
internal static class MixedRun
{
    private const int Writers = 50;
    private const int BundlesPerShift = 16;
    private static readonly TimeSpan Think = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Settings settings, Report report)
    {
        var load = new LoadSettings { People = settings.Quick ? 20 : 200, ProgramsPerFile = 0 };
        var database = Path.Combine(settings.Scratch, "mixed.db");
        IReadOnlyList<FileOfLoad> files;
        await using (var seed = await InProcessPortal.OpenAsync(database))
            files = await DataSet.EnsureAsync(seed, settings, load, settings.Scratch);
        await using var portal = await ServerProcess.NodeAsync(["--ConnectionStrings:CareTeam", $"Data Source={database}", "--SignIn:Mode", "Demo", "--Limits:RequestsPerSecond", "1000000", "--Limits:SignInsPerSecond", "10000"], new Dictionary<string, string>(), probe: false);
        using var http = PortalClient.NewHttp(portal.Address);
        var posts = new Posts();
        var tokens = new Dictionary<string, string>();
        var viewers = new List<Viewer>();
        using var stop = new CancellationTokenSource();
        try
        {
            for (var i = 0; i < load.People; i++)
            {
                var (file, place) = (i % files.Count, i / files.Count);
                var person = files[file].Team[place];
                tokens[person] = await LoadRun.SignInAsync(http, person);
                viewers.Add(new PageViewer(person, file) { Node = portal.Address });
                await viewers[^1].OpenAsync(http, files[file].Patient, tokens[person], posts);
            }

            var pinging = LoadRun.PingAsync(viewers, stop.Token);
            var bundles = Bundles.Read(settings, BundlesPerShift);
            List<double> alone = [], mixed = [], rates = [];
            var answered = new ConcurrentBag<double>();
            await ListsAsync(settings.WarmUp / 2, []);
            for (var round = 0; round < settings.Rounds; round++)
            {
                await ListsAsync(settings.Seconds, alone);
                rates.Add(await ShiftAsync(mixed));
            }

            var kept = posts.All.Where(p => p.Acknowledged).ToList();
            var waited = Stopwatch.StartNew();
            var byFile = viewers.ToLookup(v => v.File);
            int missing;
            do
            {
                await Task.Delay(100);
                missing = kept.Sum(p => byFile[p.File].Count(v => !v.Has(p)));
            }
            while (missing > 0 && waited.Elapsed.TotalSeconds < 30);
            var live = viewers.SelectMany(v => v.Latencies).ToList();
            var (slow, usual) = (Comparison.Quantile(mixed, 0.99), Comparison.Quantile(alone, 0.99));
            report.Add(new Line("12", $"list of 50 by FHIR during a mixed shift (import, {load.People} open pages, {Writers} writers of a note a second), p99", "the same list with nothing else", "≤ 3 times", $"p50 {Report.Num(Comparison.Quantile(alone, 0.5))}, p99 {Report.Num(usual)} ms",
                $"p50 {Report.Num(Comparison.Quantile(mixed, 0.5))}, p99 {Report.Num(slow)} ms", Report.Num(slow / usual), slow / usual <= 3));
            report.Add(new Line("12", "post to seen during the shift", "-", "p99 150 ms, nothing missed", "-", $"p50 {Report.Num(Comparison.Quantile(live, 0.5))}, p95 {Report.Num(Comparison.Quantile(live, 0.95))}, p99 {Report.Num(Comparison.Quantile(live, 0.99))} ms over {live.Count} arrivals; posts answered in p50 {Report.Num(Comparison.Quantile(answered, 0.5))}, p99 {Report.Num(Comparison.Quantile(answered, 0.99))} ms; the import took in {Report.Num(Comparison.Median(rates))} resources/s",
                $"{missing} missed, {posts.All.Count - kept.Count} of {posts.All.Count} posts refused", Comparison.Quantile(live, 0.99) <= 150 && missing == 0 && kept.Count == posts.All.Count));
            await stop.CancelAsync();
            await pinging;

            // Lists of one file after the other, until told otherwise.
            async Task ListsAsync(double seconds, List<double> latencies, Task? until = null)
            {
                var clock = Stopwatch.StartNew();
                for (var n = 0; until is null ? clock.Elapsed.TotalSeconds < seconds : !until.IsCompleted; n++)
                {
                    var file = files[n % files.Count];
                    var begun = Stopwatch.GetTimestamp();
                    using var request = new HttpRequestMessage(HttpMethod.Get, $"fhir/Patient/{file.Patient}/$timeline?_count=50");
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[file.Team[0]]);
                    using var answer = await http.SendAsync(request);
                    if ((await answer.Content.ReadAsByteArrayAsync()).Length < 1_000 || !answer.IsSuccessStatusCode)
                        throw new InvalidOperationException($"$timeline answered {(int)answer.StatusCode}");
                    latencies.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
            }

            // As long as the import takes.
            async Task<double> ShiftAsync(List<double> latencies)
            {
                var folder = Path.Combine(settings.Scratch, "shift");
                Bundles.Write(bundles, folder);
                var importing = ImportAsync(folder);
                var writing = Enumerable.Range(0, Math.Min(Writers, viewers.Count)).Select(i => WriteAsync(viewers[i * viewers.Count / Math.Min(Writers, viewers.Count)], i, importing)).ToList();
                await ListsAsync(0, latencies, importing);
                await Task.WhenAll(writing);
                Directory.Delete(folder, recursive: true);
                return await importing;
            }

            async Task WriteAsync(Viewer who, int number, Task until)
            {
                await Task.Delay(Think * number / Writers); // not all in the same moment
                while (!until.IsCompleted)
                {
                    var post = posts.Next(who.File, Stopwatch.GetTimestamp(), counts: true);
                    using var request = new HttpRequestMessage(HttpMethod.Post, "fhir/Communication") { Content = new StringContent(PortalClient.Note(files[who.File].Patient, CircuitClient.Mark + post.Number.ToString(CultureInfo.InvariantCulture) + "x"), Encoding.UTF8, "application/fhir+json") };
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[who.Person]);
                    using var answer = await http.SendAsync(request);
                    post.Acknowledged = answer.IsSuccessStatusCode;
                    answered.Add(post.Elapsed);
                    await Task.Delay(Think);
                }
            }

            async Task<double> ImportAsync(string folder)
            {
                var clock = Stopwatch.StartNew();
                var start = new ProcessStartInfo(Environment.ProcessPath!, [ServerProcess.PortalDll, "import", folder, "--ConnectionStrings:CareTeam", $"Data Source={database}", "--SignIn:Mode", "Demo"]) { RedirectStandardOutput = true, RedirectStandardError = true };
                using var verb = Process.Start(start)!;
                var (output, errors) = (verb.StandardOutput.ReadToEndAsync(), verb.StandardError.ReadToEndAsync());
                await verb.WaitForExitAsync();
                if (verb.ExitCode != 0)
                    throw new InvalidOperationException($"import answered {verb.ExitCode}: {await errors} {await output}");
                return s_resources.GetOrAdd(bundles, static b => b.Sum(x => CountOf(x, "\"fullUrl\""))) / clock.Elapsed.TotalSeconds;
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var viewer in viewers)
                viewer.Dispose();
        }
    }

    private static readonly ConcurrentDictionary<IReadOnlyList<byte[]>, int> s_resources = [];

    private static int CountOf(byte[] text, string part) => Encoding.UTF8.GetString(text).Split(part).Length - 1;
}
