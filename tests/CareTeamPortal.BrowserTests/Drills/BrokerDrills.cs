using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CareTeamPortal.Benchmarks.Clients;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>The broker goes away in the middle of the work: the look in the database carries on, nobody who writes notices.</summary>
[Collection(DrillCollection.Name)]
[Trait(Drill.Trait, Drill.Value)]
public sealed partial class BrokerDrills
{
    // While nobody wakes them the other nodes look twice a second; this machine may be busy.
    private const double LongestUnseen = 5;
    private const double LongestWrite = 5;

    [SkippableFact]
    public async Task The_broker_is_stopped_in_the_middle_of_the_writing_and_every_note_is_on_the_other_node_once_and_in_order()
    {
        const int count = 200;
        var away = TimeSpan.FromSeconds(Drill.Size(4, 20));
        await using var broker = await BrokerProcess.StartAsync();
        await using var first = await PortalProcess.StartAsync("--ConnectionStrings:Broker", broker.Address);
        await using var second = await first.StartBesideAsync();
        await Wait.UntilAsync(() => Task.FromResult(new[] { first, second }.All(n => n.Output.Contains("The broker wakes the other nodes.", StringComparison.Ordinal))), TimeSpan.FromSeconds(30), "both nodes reach the broker");
        var notes = new NoteWriters(first);
        await notes.BeginAsync();

        // An open page at the other node; when each note came into it first.
        var seen = new ConcurrentDictionary<int, long>();
        using var page = await CircuitClient.OpenAsync(second.Http, "/patients/" + NoteWriters.Maria, await second.TokenAsync("karel.janssens"), seen: batch =>
        {
            foreach (var mark in Marked().Matches(Encoding.Latin1.GetString(batch)).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)))
                seen.TryAdd(mark, Stopwatch.GetTimestamp());
        });

        // As many before as after, half of them while it is away, at an even pace.
        var pace = away / (count / 2);
        var due = new long[count];
        async Task WriteAsync(int from, int to)
        {
            var watch = Stopwatch.StartNew();
            for (var i = from; i < to; i++)
            {
                if ((pace * (i - from)) - watch.Elapsed is { Ticks: > 0 } early)
                    await Task.Delay(early);
                due[i] = Stopwatch.GetTimestamp();
                Assert.True(await notes.WriteAsync($"broker-n{i:0000}"));
            }

            page.Ping();
            await Wait.UntilAsync(() => Task.FromResult(Enumerable.Range(from, to - from).All(seen.ContainsKey)), TimeSpan.FromSeconds(LongestUnseen), "the other node shows what was written");
        }

        await WriteAsync(0, count / 4);
        await broker.KillAsync();
        var gone = Stopwatch.StartNew();
        await WriteAsync(count / 4, count * 3 / 4);
        Assert.True(gone.Elapsed >= away * 0.9, $"it was away for {gone.Elapsed.TotalSeconds:0.0} s only");
        var said = first.Output.Split("The broker wakes the other nodes.").Length;
        await broker.RunAsync();
        var back = gone.Elapsed;
        await Wait.UntilAsync(() => Task.FromResult(first.Output.Split("The broker wakes the other nodes.").Length > said), TimeSpan.FromSeconds(60), "the node reaches the broker again");
        await WriteAsync(count * 3 / 4, count);

        await notes.ExpectEachOnceAsync();
        var audit = await NoteWriters.ExpectAuditAsync(first);
        Assert.Empty(notes.Refused);
        Assert.True(notes.Seconds.Max() < LongestWrite, $"somebody waited {notes.Seconds.Max():0.0} s for a write");
        double Late(int from, int to, double q) => Drill.Quantile(Enumerable.Range(from, to - from).Select(i => (seen[i] - due[i]) * 1000.0 / Stopwatch.Frequency), q);
        Assert.True(Late(0, count, 1) < LongestUnseen * 1000, $"a note was seen after {Late(0, count, 1):0} ms");
        Drill.Say($"broker stopped for {back.TotalSeconds:0.0} s in the middle of {count} writes: none lost, none twice, in order; slowest write {notes.Seconds.Max():0.00} s; a page on the other node showed them after p50/max {Late(0, count / 4, 0.5):0}/{Late(0, count / 4, 1):0} ms before, {Late(count / 4, count * 3 / 4, 0.5):0}/{Late(count / 4, count * 3 / 4, 1):0} ms without it, {Late(count * 3 / 4, count, 0.5):0}/{Late(count * 3 / 4, count, 1):0} ms after; {audit}");
    }

    [GeneratedRegex("broker-n([0-9]{4})")]
    private static partial Regex Marked();
}
