using CareTeamPortal.Benchmarks.Clients;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>A node whose clock is wrong.</summary>
[Collection(DrillCollection.Name)]
[Trait(Drill.Trait, Drill.Value)]
public sealed class WrongClockDrill
{
    [SkippableTheory]
    [InlineData("+1h")]
    [InlineData("-1h")]
    public async Task A_node_whose_clock_is_an_hour_off_writes_and_reads_in_the_same_order_as_the_other(string off)
    {
        var faketime = Machine.Need("faketime");
        await using var right = await PortalProcess.StartAsync();
        await using var wrong = PortalProcess.Prepare("--ConnectionStrings:CareTeam", "Data Source=" + right.Database);
        wrong.DatabaseFolder = right.Folder;
        wrong.Before = [faketime, "-f", off];
        wrong.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"; // the clock on the wall is wrong, a second is a second
        await wrong.RunAsync();

        var seen = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        CircuitClient.Awaited = off == "+1h" ? "601" : "602";
        using var here = await CircuitClient.OpenAsync(right.Http, "/patients/" + NoteWriters.Maria, await right.TokenAsync("karel.janssens"), () => seen[0].TrySetResult());
        using var there = await CircuitClient.OpenAsync(wrong.Http, "/patients/" + NoteWriters.Maria, await wrong.TokenAsync("karel.janssens"), () => seen[1].TrySetResult());
        var (atRight, atWrong) = (new NoteWriters(right), new NoteWriters(wrong));
        await atRight.BeginAsync();
        await atRight.StartAsync(5);
        await atRight.UntilAsync(30, TimeSpan.FromSeconds(60));
        await atRight.FinishAsync();
        await atRight.ExpectEachOnceAsync();
        await atRight.ExpectEachOnceAsync(wrong); // read through the other node: the same, once, in the same order
        await atWrong.BeginAsync();
        await atWrong.StartAsync(5);
        await atWrong.UntilAsync(30, TimeSpan.FromSeconds(60));
        await atWrong.FinishAsync();
        await atWrong.ExpectEachOnceAsync();
        await atWrong.ExpectEachOnceAsync(right);
        Assert.True(await atWrong.WriteAsync($"{CircuitClient.Mark}{CircuitClient.Awaited}x-n0000"));
        await Task.WhenAll(seen.Select(s => s.Task.WaitAsync(TimeSpan.FromSeconds(10))));
        var audit = await NoteWriters.ExpectAuditAsync(right);
        Drill.Say($"clock of one node {off}: {atRight.Acknowledged.Count + atWrong.Acknowledged.Count} notes through both nodes, each there once and in order at either; a note of the wrong node stood on open pages of both; {audit}");
    }
}
