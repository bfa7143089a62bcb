using System.Diagnostics;
using CareTeamPortal.Benchmarks.Clients;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>Many open pages: sent away, opened and closed again and again, one that does not read.</summary>
[Collection(DrillCollection.Name)]
[Trait(Drill.Trait, Drill.Value)]
public sealed class CircuitDrills
{
    [Fact]
    public async Task Asked_to_end_with_many_open_pages_and_writers_it_ends_in_time_and_the_pages_open_again()
    {
        var count = Drill.Size(40, 100);
        await using var portal = await PortalProcess.StartAsync("--Session:MostPages", "1000");
        var notes = new NoteWriters(portal);
        await notes.BeginAsync();
        var token = await portal.TokenAsync("karel.janssens");
        var pages = await OpenAsync(portal, token, count);
        await notes.StartAsync(10);
        await notes.UntilAsync(30, TimeSpan.FromSeconds(60));
        var (code, took) = await portal.TerminateAsync();
        await notes.StopAsync();
        pages.ForEach(p => p.Dispose());
        Assert.Equal(0, code);
        Assert.True(took < TimeSpan.FromSeconds(25), $"ended after {took.TotalSeconds:0.0} s");
        Assert.Matches(@"This node ends: \d+ open pages and programs are sent away", portal.Output);
        Assert.Contains("0 requests and 0 writes were still under way", portal.Output, StringComparison.Ordinal);

        await portal.RunAsync();
        var watch = Stopwatch.StartNew();
        pages = await OpenAsync(portal, await portal.TokenAsync("karel.janssens"), count);
        var reopened = watch.Elapsed;
        pages.ForEach(p => p.Dispose());
        await notes.ExpectEachOnceAsync();
        var audit = await NoteWriters.ExpectAuditAsync(portal);
        Drill.Say($"SIGTERM with {count} open pages and 10 writers: ended with code 0 after {took.TotalSeconds:0.0} s; {notes.Acknowledged.Count} notes acknowledged, none lost; all pages open again in {reopened.TotalSeconds:0.0} s; {audit}");
    }

    [Fact]
    public async Task Pages_that_are_opened_and_closed_again_and_again_leave_nothing_in_memory()
    {
        var (count, rounds) = (Drill.Size(40, 200), Drill.Size(6, 20));
        await using var receiver = new OtlpReceiver();
        await using var portal = PortalProcess.Prepare("--Circuits:KeepDisconnectedMinutes", "0.01", "--Session:MostPages", "1000");
        foreach (var (name, value) in receiver.Variables)
            portal.Environment[name] = value;
        await portal.RunAsync();
        var token = await portal.TokenAsync("karel.janssens");
        var megabytes = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var pages = await OpenAsync(portal, token, count);
            await receiver.UntilAsync(() => receiver.Number("careteam.pages.open") == count, TimeSpan.FromSeconds(30));
            pages.ForEach(p => p.Dispose());
            await receiver.UntilAsync(() => receiver.Number("careteam.pages.open") == 0 && receiver.Number("careteam.watchers") == 0, TimeSpan.FromSeconds(60));
            megabytes.Add(portal.Megabytes());
        }

        // The collector takes its time: the first third of the rounds is its warming up.
        var (early, late) = (megabytes.Skip(rounds / 3).Take(rounds / 3).Average(), megabytes.TakeLast(rounds / 3).Average());
        Drill.Say($"{count} pages opened and closed {rounds} times: {megabytes[0]:0} MB after the first round, {early:0} MB in the second third, {late:0} MB in the last (ratio {late / early:0.00}); no page and no watcher left after any round");
        Assert.True(late / early < 1.15, $"{early:0} MB grew to {late:0} MB: {string.Join(' ', megabytes.Select(m => m.ToString("0", System.Globalization.CultureInfo.InvariantCulture)))}");
    }

    [Fact]
    public async Task A_browser_that_does_not_read_holds_up_nobody_and_piles_up_nothing()
    {
        var commits = Drill.Size(300, 1_500);
        await using var portal = await PortalProcess.StartAsync("--Limits:RequestsPerSecond", "100000");
        var notes = new NoteWriters(portal);
        await notes.BeginAsync();
        var token = await portal.TokenAsync("karel.janssens");
        var slow = new List<CircuitClient>();
        for (var i = 0; i < 10; i++)
        {
            var page = await CircuitClient.OpenAsync(portal.Http, "/patients/" + NoteWriters.Maria, token);
            page.Stall();
            slow.Add(page);
        }

        var before = portal.Megabytes();
        await notes.StartAsync(10);
        await notes.UntilAsync(commits, TimeSpan.FromSeconds(180));
        await notes.FinishAsync();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CircuitClient.Awaited = "777";
        using var quick = await CircuitClient.OpenAsync(portal.Http, "/patients/" + NoteWriters.Maria, token, () => seen.TrySetResult());
        var watch = Stopwatch.StartNew();
        Assert.True(await notes.WriteAsync($"{CircuitClient.Mark}777x-n0000"));
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(5));
        var after = portal.Megabytes();
        slow.ForEach(p => p.Dispose());
        await notes.ExpectEachOnceAsync();
        Drill.Say($"10 browsers that stopped reading, {commits} commits: {before:0} MB before and {after:0} MB after; another open page showed a note {watch.Elapsed.TotalSeconds:0.00} s after it was posted; slowest write {notes.Seconds.Max():0.00} s");
        Assert.True(after - before < 150, $"{before:0} MB grew to {after:0} MB");
    }

    private static async Task<List<CircuitClient>> OpenAsync(PortalProcess portal, string token, int count)
    {
        var pages = new List<CircuitClient>();
        foreach (var some in Enumerable.Range(0, count).Chunk(8))
            pages.AddRange(await Task.WhenAll(some.Select(_ => CircuitClient.OpenAsync(portal.Http, "/patients/" + NoteWriters.Maria, token))));
        return pages;
    }
}
