using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>
/// #11: one posts at the first node, 200 open pages spread over all nodes of one database show it; against one node with as many pages. By default the nodes share an embedded
/// database and find each other's commits by looking (no broker); <c>--node-settings</c> names a server and a broker.
/// </summary>
internal static class NodesRun
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(Settings settings, Report report)
    {
        var viewers = settings.Quick ? 8 : 200;
        var kind = settings.Nodes.Count == 0 ? "embedded database, look-ups" : string.Join(' ', settings.Nodes.Where(s => !s.Contains('=', StringComparison.Ordinal) && !s.Contains("://", StringComparison.Ordinal)));
        await using var alone = await Cluster.StartAsync(settings, "alone", 1, viewers);
        foreach (var count in settings.Quick ? new[] { 2 } : [2, 4])
        {
            await using var several = await Cluster.StartAsync(settings, $"several-{count}", count, viewers);
            // As many posts on both sides, however long each takes: code that ran seldom is slow code.
            var posts = settings.Quick ? 2 : 10;
            // In turns: pages that say nothing for half a minute are closed.
            for (var turn = 0; turn < 12; turn++)
            {
                await alone.PostsAsync(posts);
                await several.PostsAsync(posts);
            }

            List<Round> one = [], many = [];
            for (var round = 0; round < settings.Rounds; round++)
            {
                one.Add(await alone.PostsAsync(posts));
                many.Add(await several.PostsAsync(posts));
            }

            static double P50(IEnumerable<double> latencies) => Comparison.Quantile(latencies, 0.5);
            var local = Comparison.Median(one.Zip(many, (o, m) => P50(m.Local) / P50(o.Local)));
            var cpu = Comparison.Median(one.Zip(many, (o, m) => m.Cpu / o.Cpu));
            var (all, far) = (Comparison.Median(one.Zip(many, (o, m) => P50(m.Local.Concat(m.Far)) / P50(o.Local))), many.SelectMany(m => m.Far).ToList());
            report.Add(new Line("11", $"post to seen in {viewers} open pages over {count} nodes ({kind}): pages of the node that was posted to", "one node with all pages", "p50 ≤ 1.2", $"p50 {Report.Num(P50(one.SelectMany(o => o.Local)))} ms", $"p50 {Report.Num(P50(many.SelectMany(m => m.Local)))} ms", Report.Num(local), local <= 1.2));
            report.Add(new Line("11", $"the same, all pages", "one node", "p50 ≤ 1.2", $"p50 {Report.Num(P50(one.SelectMany(o => o.Local)))} ms", $"other nodes p50 {Report.Num(P50(far))}, p99 {Report.Num(Comparison.Quantile(far, 0.99))} ms", Report.Num(all), all <= 1.2));
            report.Add(new Line("11", $"the same, processor time of all nodes per update", "one node", "≤ 1.2", $"{Report.Num(Comparison.Median(one.Select(o => o.Cpu)) * 1e6)} µs", $"{Report.Num(Comparison.Median(many.Select(m => m.Cpu)) * 1e6)} µs", Report.Num(cpu), cpu <= 1.2));
        }
    }

    /// <param name="Cpu">Seconds of all nodes per page and post.</param>
    private sealed record Round(IReadOnlyList<double> Local, IReadOnlyList<double> Far, double Cpu);

    private sealed class Cluster : IAsyncDisposable
    {
        private static int s_number;
        private readonly List<ServerProcess> _nodes = [];
        private readonly List<CircuitClient> _pages = [];
        private readonly Arrivals _local = new(), _far = new();
        private (int Local, int Far) _viewers;
        private PortalClient _client = null!;
        private string _patient = "";

        public static async Task<Cluster> StartAsync(Settings settings, string name, int nodes, int viewers)
        {
            var cluster = new Cluster();
            string[] portal = [.. settings.Nodes.Contains("--ConnectionStrings:CareTeam") ? [] : (string[])["--ConnectionStrings:CareTeam", $"Data Source={Path.Combine(settings.Scratch, $"nodes-{name}.db")}"], "--SignIn:Mode", "Demo", "--Limits:RequestsPerSecond", "1000000", "--Session:MostPages", "1000000", .. settings.Nodes];
            for (var i = 0; i < nodes; i++)
                cluster._nodes.Add(await ServerProcess.NodeAsync(portal, new Dictionary<string, string>(), probe: false));
            cluster._client = await PortalClient.SignInAsync(cluster._nodes[0].Address, "karel.janssens");
            cluster._patient = await cluster._client.NewPatientAsync();
            for (var i = 0; i < 60; i++)
                await PortalClient.SendAsync(cluster._client.Http, "fhir/Communication", PortalClient.Note(cluster._patient));
            for (var i = 0; i < viewers; i++)
            {
                var node = cluster._nodes[i % nodes];
                using var there = await PortalClient.SignInAsync(node.Address, "karel.janssens");
                cluster._pages.Add(await CircuitClient.OpenAsync(there.Http, $"patients/{cluster._patient}", there.Token, i % nodes == 0 ? cluster._local.Arrived : cluster._far.Arrived));
                cluster._viewers = i % nodes == 0 ? (cluster._viewers.Local + 1, cluster._viewers.Far) : (cluster._viewers.Local, cluster._viewers.Far + 1);
            }

            return cluster;
        }

        /// <summary>Posts one after the other, each when all pages have the one before. What the nodes spend while nothing happens is not the posts'.</summary>
        public async Task<Round> PostsAsync(int most)
        {
            _local.Take();
            _far.Take();
            // The other cluster's turn may have been long: its pages said nothing meanwhile.
            foreach (var page in _pages)
                page.Ping();
            var (cpu, posts) = (_nodes.Sum(n => n.Cpu()), 0);
            await Task.Delay(TimeSpan.FromSeconds(1));
            var idle = _nodes.Sum(n => n.Cpu()) - cpu;
            cpu += idle;
            var clock = Stopwatch.StartNew();
            do
            {
                await Task.Delay(Apart);
                CircuitClient.Awaited = (++s_number).ToString(CultureInfo.InvariantCulture);
                var (local, far) = (_local.Expect(_viewers.Local), _viewers.Far == 0 ? Task.CompletedTask : _far.Expect(_viewers.Far));
                await PortalClient.SendAsync(_client.Http, "fhir/Communication", PortalClient.Note(_patient, CircuitClient.Mark + CircuitClient.Awaited + "x"));
                await local.WaitAsync(Patience);
                await far.WaitAsync(Patience);
                posts++;
            }
            while (posts < most);
            return new Round(_local.Take(), _far.Take(), Math.Max(0.001, _nodes.Sum(n => n.Cpu()) - cpu - (idle * clock.Elapsed.TotalSeconds)) / posts / _pages.Count);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var page in _pages)
                page.Dispose();
            _client.Dispose();
            foreach (var node in _nodes)
                await node.DisposeAsync();
        }
    }
}
