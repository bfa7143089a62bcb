using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Load;

/// <summary>
/// Drives the portal as many people at once: open pages (real circuits), programs (hub and FHIR), and posts at a steady rate that nobody waits for. Says how long it took
/// from the moment at which a post was due until each viewer had it, what failed, what was missed, doubled or out of order, and what the portal took of memory and processor.
/// </summary>
internal static class LoadRun
{
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);

    /// <summary>A node of the portal: started here or running already.</summary>
    private sealed record Node(Uri Address, int? Process, ServerProcess? Own, HttpClient Http)
    {
        public double Cpu => Process is { } id ? ServerProcess.Cpu(id) : 0;

        public double MiB(bool peak) => Process is { } id ? ServerProcess.ResidentKiB(id, peak) / 1024 : double.NaN;
    }

    public static async Task<int> MainAsync(IReadOnlyList<string> args)
    {
        LoadSettings load;
        try
        {
            load = LoadSettings.Parse(args);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or IndexOutOfRangeException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }

        var settings = Settings.Parse([]);
        Directory.CreateDirectory(settings.Scratch);
        try
        {
            var line = await RunAsync(settings, load);
            if (line is null)
                return 0;
            var report = new Report();
            report.Add(line);
            return line.Met == true ? 0 : 1;
        }
        finally
        {
            Directory.Delete(settings.Scratch, recursive: true);
        }
    }

    /// <summary>The load as one of the benchmarks: 2,000 people for as long as asked.</summary>
    public static async Task RunAsync(Settings settings, Report report)
    {
        var load = new LoadSettings { People = settings.Quick ? 20 : settings.All ? 2_000 : settings.Viewers, Minutes = settings.Quick ? 0.1 : settings.LoadMinutes, Heap = false };
        report.Add((await RunAsync(settings, load))!);
    }

    /// <summary>The line of the report; null when only the data set was made.</summary>
    public static async Task<Line?> RunAsync(Settings settings, LoadSettings load)
    {
        var file = load.Database ?? Path.Combine(settings.Scratch, "load.db");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // What the command line says of the database holds for the seed and the nodes alike.
        string[] portal = [.. load.Portal.Contains("--ConnectionStrings:CareTeam") ? [] : (string[])["--ConnectionStrings:CareTeam", $"Data Source={file}"], "--SignIn:Mode", "Demo", .. load.Portal];
        IReadOnlyList<FileOfLoad> files;
        await using (var seed = await InProcessPortal.OpenAsync(portal, file))
            files = await DataSet.EnsureAsync(seed, settings, load, settings.Scratch);
        GC.Collect();
        Console.WriteLine($"{files.Count} files, teams of {load.ViewersPerFile}");
        if (load.SeedOnly)
            return null;

        var nodes = new List<Node>();
        try
        {
            foreach (var (address, i) in load.Addresses.Select((a, i) => (a, i)))
                nodes.Add(new(address, i < load.Processes.Count ? load.Processes[i] : null, null, PortalClient.NewHttp(address)));
            for (var i = load.Addresses.Count > 0 ? load.Nodes : 0; i < load.Nodes; i++)
            {
                var own = await ServerProcess.NodeAsync([.. portal, "--Limits:SignInsPerSecond", "10000"], load.Environment, probe: load.Heap);
                nodes.Add(new(own.Address, own.ProcessId, own, PortalClient.NewHttp(own.Address)));
            }

            return await DriveAsync(load, files, nodes);
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Http.Dispose();
                if (node.Own is { } own)
                    await own.DisposeAsync();
            }
        }
    }

    private static async Task<Line> DriveAsync(LoadSettings load, IReadOnlyList<FileOfLoad> files, List<Node> nodes)
    {
        var posts = new Posts();
        var tokens = new ConcurrentDictionary<string, string>();
        var failures = new ConcurrentDictionary<string, int>();
        void Failed(string what, Exception fault) => failures.AddOrUpdate($"{what}: {fault.Message.ReplaceLineEndings(" ")}", 1, (_, n) => n + 1);

        // ---- people come in
        var before = nodes.Sum(n => n.MiB(false));
        var viewers = Enumerable.Range(0, files.Count * load.ViewersPerFile).Select(i =>
        {
            var (file, place) = (i % files.Count, i / files.Count); // neighbours of a file come apart, on nodes in turn
            var (person, node) = (files[file].Team[place], nodes[(file + place) % nodes.Count].Address);
            return place >= load.ViewersPerFile - load.ProgramsPerFile ? (Viewer)new ProgramViewer(person, file) { Node = node } : new PageViewer(person, file) { Node = node };
        }).Take(load.People).ToList();
        using var stop = new CancellationTokenSource();
        var pinging = PingAsync(viewers, stop.Token);
        var peakMiB = 0.0;
        var watching = WatchAsync();
        var opening = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        var cpuBefore = nodes.Sum(n => n.Cpu);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, load.AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < viewers.Count)
            {
                if (TimeSpan.FromSeconds(i / load.Ramp) - clock.Elapsed is { Ticks: > 0 } early)
                    await Task.Delay(early);
                var viewer = viewers[i];
                var http = nodes.First(n => n.Address == viewer.Node).Http;
                var begun = Stopwatch.GetTimestamp();
                try
                {
                    await viewer.OpenAsync(http, files[viewer.File].Patient, tokens[viewer.Person] = await SignInAsync(http, viewer.Person), posts);
                    opening.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
                catch (Exception fault)
                {
                    Failed(viewer is PageViewer ? "open a page" : "connect a program", fault);
                }
            }
        })));
        var open = viewers.Where(v => v.OpenedAt != long.MaxValue).ToList();
        Console.WriteLine($"{open.Count} of {viewers.Count} people are in after {clock.Elapsed.TotalSeconds:0} s ({open.Count(v => v is PageViewer)} pages, {open.Count(v => v is ProgramViewer)} programs): opening {Latency([.. opening])}, {Report.Num((nodes.Sum(n => n.Cpu) - cpuBefore) * 1000 / Math.Max(1, open.Count))} ms of processor each; resident {Report.Num(before)} to {Report.Num(nodes.Sum(n => n.MiB(false)))} MiB");
        foreach (var (what, count) in failures)
            Console.WriteLine($"   {count} times {what}");

        // ---- posts
        var busy = new ConcurrentDictionary<int, bool>();
        var answers = new ConcurrentBag<double>();
        var running = new ConcurrentBag<Task>();
        var turns = Random.Shared.GetItems(Enumerable.Range(0, files.Count).ToArray(), 4096);
        var (turn, skipped) = (0, 0);
        clock.Restart();
        var (total, minute) = (TimeSpan.FromSeconds(load.WarmUp) + TimeSpan.FromMinutes(load.Minutes), 1);
        double cpuFrom = 0, selfFrom = 0, wallFrom = 0, lateness = 0;
        using var self = Process.GetCurrentProcess();
        for (var n = 0; ; n++)
        {
            var due = TimeSpan.FromSeconds(n / load.PostsPerSecond);
            if (due >= total)
                break;
            if (due - clock.Elapsed is { Ticks: > 0 } early)
                await Task.Delay(early);
            lateness = Math.Max(lateness, (clock.Elapsed - due).TotalMilliseconds);
            var counts = due.TotalSeconds >= load.WarmUp;
            if (counts && wallFrom == 0)
                (cpuFrom, selfFrom, wallFrom) = (nodes.Sum(x => x.Cpu), self.TotalProcessorTime.TotalSeconds, clock.Elapsed.TotalSeconds);
            // One post of a file at a time: of two at once nobody could say which is first.
            var file = -1;
            for (var tries = 0; tries < 20 && file < 0; tries++)
            {
                var candidate = turns[turn++ % turns.Length];
                if (busy.TryAdd(candidate, true))
                    file = candidate;
            }

            if (file < 0)
            {
                skipped++;
                continue;
            }

            var post = posts.Next(file, Stopwatch.GetTimestamp() - (long)(Math.Max(0, (clock.Elapsed - due).TotalSeconds) * Stopwatch.Frequency), counts);
            running.Add(PostAsync(post));
            if (due.TotalMinutes < minute)
                continue;
            Console.WriteLine($"   minute {minute++}: {Latency(Recent(open))}, resident {Report.Num(nodes.Sum(x => x.MiB(false)))} MiB, {posts.All.Count(p => p.Acknowledged)} posts kept, {open.Count(v => v.Dropped is not null)} viewers gone");
            foreach (var own in nodes.Select(x => x.Own).OfType<ServerProcess>().Where(_ => load.HeapEachMinute))
                Console.WriteLine($"      heap after a collection {Report.Num((await own.ProbeAsync()).Heap / 1024.0 / 1024)} MiB, resident then {Report.Num(own.ResidentKiB() / 1024)} MiB");
        }

        var cpu = nodes.Sum(x => x.Cpu) - cpuFrom;
        self.Refresh();
        var ownCpu = self.TotalProcessorTime.TotalSeconds - selfFrom;
        var wall = clock.Elapsed.TotalSeconds - wallFrom;
        await Task.WhenAll(running);

        // ---- the last ones come
        var kept = posts.All.Where(p => p.Acknowledged).ToList();
        var waited = Stopwatch.StartNew();
        var perFile = open.ToLookup(v => v.File);
        // A post that was due before somebody was in was in their page already.
        List<(Viewer Viewer, Post Post)> missing;
        do
        {
            await Task.Delay(200);
            missing = [.. kept.SelectMany(p => perFile[p.File].Where(v => v.OpenedAt < p.Due && !v.Has(p)).Select(v => (v, p)))];
        }
        while (missing.Count > 0 && waited.Elapsed < LastChance);
        await stop.CancelAsync();
        await watching;
        await pinging;
        var (peak, highest) = (Math.Max(peakMiB, nodes.Max(n => n.MiB(false))), nodes.Max(n => n.MiB(true)));
        var heaps = new List<double>();
        foreach (var own in nodes.Select(n => n.Own).OfType<ServerProcess>().Where(_ => load.Heap))
            heaps.Add((await own.ProbeAsync()).Heap / 1024.0 / 1024);
        var stored = await StoredAsync(nodes[0].Http, files, kept, tokens);

        // ---- what it came to
        List<double> all = [.. open.SelectMany(v => v.Latencies)], pages = [.. open.OfType<PageViewer>().SelectMany(v => v.Latencies)], programs = [.. open.OfType<ProgramViewer>().SelectMany(v => v.Latencies)];
        var gone = open.Count(v => v.Dropped is not null);
        var programFaults = open.OfType<ProgramViewer>().Sum(v => v.Faults.Count);
        var doubled = open.OfType<ProgramViewer>().Sum(v => v.Again);
        Console.WriteLine($"posts: {posts.All.Count} sent ({skipped} not, their files were busy), {kept.Count} kept, answered in {Latency([.. answers])}; the generator was at most {Report.Num(lateness)} ms late");
        Console.WriteLine($"post to visible, all: {Latency(all)}; pages: {Latency(pages)}; programs (hub, then FHIR): {Latency(programs)}");
        Console.WriteLine($"missed {missing.Count(m => m.Viewer.Dropped is null)} (and {missing.Count(m => m.Viewer.Dropped is not null)} of viewers that were gone), doubled for programs {doubled}, out of order {open.Sum(v => v.Misordered)}, of other files {open.Sum(v => v.Strange)}; rows drawn again by pages {open.OfType<PageViewer>().Sum(v => v.Again)}; {stored}");
        Console.WriteLine($"viewers that could not come in {viewers.Count - open.Count}, gone {gone}, reads refused {programFaults}");
        foreach (var (what, count) in failures)
            Console.WriteLine($"   {count} times {what}");
        foreach (var group in open.Where(v => v.Dropped is not null).GroupBy(v => v.Dropped))
            Console.WriteLine($"   {group.Count()} times gone: {group.Key}");
        Console.WriteLine($"portal: {Report.Num(cpu / wall * 100)} % of a processor ({Report.Num(cpu * 1e6 / Math.Max(1, all.Count))} µs per viewer and post, {Report.Num(cpu * 1e3 / Math.Max(1, posts.All.Count(p => p.Counts)))} ms per post), generator {Report.Num(ownCpu / wall * 100)} %; resident at most {Report.Num(peak)} MiB a node (kernel's highest {Report.Num(highest)}){(heaps.Count == 0 ? "" : $"; heap after a collection {string.Join(" and ", heaps.Select(Report.Num))} MiB, {Report.Num(heaps.Sum() * 1024 / Math.Max(1, open.Count))} KiB a viewer")}");
        var faults = viewers.Count - open.Count + gone + programFaults + doubled + missing.Count + open.Sum(v => v.Misordered + v.Strange) + failures.Values.Sum() + (stored.EndsWith("once", StringComparison.Ordinal) ? 0 : 1);
        var p95 = Comparison.Quantile(all, 0.95);
        return new Line("load", $"{viewers.Count} people ({open.Count(v => v is PageViewer)} open pages, {open.Count(v => v is ProgramViewer)} programs) over {files.Count} files, {load.PostsPerSecond} posts a second for {Report.Num(load.Minutes)} minutes, {nodes.Count} node{(nodes.Count == 1 ? "" : "s")}", "-", "p95 < 1 s; 2 GB; nothing missed", "-",
            $"{Latency(all)}; {Report.Num(peak)} MiB; {Report.Num(cpu / wall * 100)} % of a processor", $"{faults} faults", p95 < 1000 && peak < 2048 && faults == 0);

        async Task PostAsync(Post post)
        {
            try
            {
                var author = perFileAuthor(post);
                var begun = Stopwatch.GetTimestamp();
                using var request = new HttpRequestMessage(HttpMethod.Post, "fhir/Communication") { Content = new StringContent(PortalClient.Note(files[post.File].Patient, CircuitClient.Mark + post.Number.ToString(CultureInfo.InvariantCulture) + "x"), Encoding.UTF8, "application/fhir+json") };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[author]);
                using var answer = await nodes[post.Number % nodes.Count].Http.SendAsync(request);
                if (!answer.IsSuccessStatusCode)
                    throw new InvalidOperationException($"answered {(int)answer.StatusCode}");
                post.Acknowledged = true;
                if (post.Counts)
                    answers.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            catch (Exception fault)
            {
                Failed("post", fault);
            }
            finally
            {
                busy.TryRemove(post.File, out _);
            }
        }

        // Whoever of the team is in writes, in turn.
        string perFileAuthor(Post post)
        {
            var team = files[post.File].Team.Where(tokens.ContainsKey).ToList();
            return team[post.Number % team.Count];
        }

        async Task WatchAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                peakMiB = Math.Max(peakMiB, nodes.Max(n => n.MiB(false)));
                try
                {
                    await Task.Delay(500, stop.Token);
                }
                catch (OperationCanceledException)
                {
                }
            }
        }
    }

    /// <summary>Looks in the files themselves: is every post that was acknowledged there once?</summary>
    private static async Task<string> StoredAsync(HttpClient http, IReadOnlyList<FileOfLoad> files, List<Post> kept, ConcurrentDictionary<string, string> tokens)
    {
        var (lost, twice) = (0, 0);
        foreach (var posts in kept.GroupBy(p => p.File))
        {
            var file = files[posts.Key];
            // From the newest on, as far back as there are entries: a long run writes more than a page of them.
            var read = new StringBuilder();
            for (var next = $"Patient/{file.Patient}/$timeline?_count=200"; next is not null;)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "fhir/" + next);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[file.Team.First(tokens.ContainsKey)]);
                using var answer = await http.SendAsync(request);
                var page = await answer.Content.ReadAsStringAsync();
                read.Append(page);
                using var bundle = System.Text.Json.JsonDocument.Parse(page);
                next = page.Contains(CircuitClient.Mark, StringComparison.Ordinal) && bundle.RootElement.TryGetProperty("link", out var links)
                    ? links.EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()!.Split("/fhir/")[1]).FirstOrDefault() : null;
            }

            var text = read.ToString();
            foreach (var post in posts)
            {
                var mark = $"{CircuitClient.Mark}{post.Number.ToString(CultureInfo.InvariantCulture)}x";
                var times = text.Split(mark).Length - 1;
                lost += times == 0 ? 1 : 0;
                twice += times > 1 ? 1 : 0;
            }
        }

        return lost + twice == 0 ? $"in the files all {kept.Count} are there once" : $"in the files {lost} of {kept.Count} ARE NOT THERE and {twice} ARE THERE TWICE";
    }

    public static async Task<string> SignInAsync(HttpClient http, string person)
    {
        using var answer = await http.PostAsync("sign-in/demo/token", new FormUrlEncodedContent([new("user", person)]));
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"sign-in answered {(int)answer.StatusCode}");
        using var json = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>Keeps all that are connected alive until it is cancelled.</summary>
    public static async Task PingAsync(List<Viewer> viewers, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await Task.Delay(PingEvery, ct);
                foreach (var viewer in viewers.Where(v => v.OpenedAt != long.MaxValue && v.Dropped is null))
                {
                    try
                    {
                        viewer.Ping();
                    }
                    catch (Exception gone) when (gone is System.Net.Sockets.SocketException or ObjectDisposedException)
                    {
                        // its own reader says so
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>The last of each viewer.</summary>
    private static List<double> Recent(IEnumerable<Viewer> viewers) => [.. viewers.SelectMany(v => v.Latencies.TakeLast(1))];

    private static string Latency(IReadOnlyList<double> all) => all.Count == 0 ? "nothing" : $"p50 {Report.Num(Comparison.Quantile(all, 0.5))}, p95 {Report.Num(Comparison.Quantile(all, 0.95))}, p99 {Report.Num(Comparison.Quantile(all, 0.99))}, most {Report.Num(all.Max())} ms";
}
