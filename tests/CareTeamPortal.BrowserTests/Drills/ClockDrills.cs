using System.Diagnostics;
using System.Globalization;
using System.Net;
using CareTeamPortal.Benchmarks.Clients;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>The clock of one node goes wrong: the order of a file is its cursor's and not a clock's.</summary>
[Collection(DrillCollection.Name)]
[Trait(Drill.Trait, Drill.Value)]
public sealed class ClockDrills
{
    private const double LongestUnseen = 20; // this machine may be busy

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_node_whose_clock_is_an_hour_off_writes_and_reads_with_the_others_and_nothing_is_lost_or_out_of_order(int hours)
    {
        var count = Drill.Size(60, 400);
        await using var right = await PortalProcess.StartAsync();
        // Only the time of day is wrong: without the last two, libfaketime also makes waits last as long as the clock is off.
        await using var wrong = await right.StartBesideAsync(("LD_PRELOAD", Library()), ("FAKETIME", $"{(hours * 3600).ToString("+0;-0", CultureInfo.InvariantCulture)}"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_FORCE_MONOTONIC_FIX", "0"));
        using (var answer = await wrong.Http.GetAsync("/health/live"))
        {
            var off = (answer.Headers.Date!.Value - DateTimeOffset.UtcNow).TotalHours;
            Assert.True(Math.Abs(off - hours) < 0.1, $"its clock is {off:0.00} hours off"); // the drill itself works
        }

        NoteWriters[] all = [new(right, "right-"), new(wrong, "wrong-")];
        foreach (var notes in all)
            await notes.BeginAsync();
        // A sign-in lasts by a clock: at a node that is later by an hour it has been idle for too long, and one signs in there again. Never the other way round.
        var (early, late) = hours > 0 ? (right, wrong) : (wrong, right);
        using (var read = await early.FhirAsync(await late.TokenAsync("sofie.maes"), HttpMethod.Get, $"Patient/{NoteWriters.Maria}/$timeline?_count=1"))
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using (var read = await late.FhirAsync(await early.TokenAsync("sofie.maes"), HttpMethod.Get, $"Patient/{NoteWriters.Maria}/$timeline?_count=1"))
            Assert.Equal(HttpStatusCode.Unauthorized, read.StatusCode);

        // What is written at each is in the open page at the other. (Before the many: a line stands where its clock says, so an hour of others' notes would be above it.)
        var shown = 0.0;
        foreach (var (from, to, number) in new[] { (all[0], wrong, 701), (all[1], right, 702) })
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CircuitClient.Awaited = number.ToString(CultureInfo.InvariantCulture);
            using var page = await CircuitClient.OpenAsync(to.Http, "/patients/" + NoteWriters.Maria, await to.TokenAsync("karel.janssens"), () => seen.TrySetResult());
            var watch = Stopwatch.StartNew();
            Assert.True(await from.WriteAsync($"{from.Name}{CircuitClient.Mark}{number}x-n0000"));
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(LongestUnseen));
            shown = Math.Max(shown, watch.Elapsed.TotalSeconds);
        }

        foreach (var notes in all)
            await notes.StartAsync(10);
        foreach (var notes in all)
            await notes.UntilAsync(count, TimeSpan.FromSeconds(120));
        foreach (var notes in all)
            await notes.FinishAsync();

        foreach (var notes in all)
        {
            Assert.Empty(notes.Refused);
            await notes.ExpectEachOnceAsync();
        }

        var audit = await NoteWriters.ExpectAuditAsync(right);
        Drill.Say($"clock of one of two nodes {hours:+0;-0} h off, 10 writers at each: {all.Sum(n => n.Acknowledged.Count)} notes acknowledged, none lost, none twice, each writer's in order; an open page at the other node showed a note within {shown:0.0} s; who signed in at the earlier node is asked to sign in again at the later one; slowest write {all.Max(n => n.Seconds.Max()):0.00} s; {audit}");
    }

    private static string Library()
    {
        Machine.Need("faketime");
        var library = Directory.EnumerateDirectories("/usr/lib").Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);
        Skip.If(library is null, "needs libfaketime (./test.sh installs it)");
        return library!;
    }
}
