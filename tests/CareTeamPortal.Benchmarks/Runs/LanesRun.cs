using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>Issue 3: the care lines of a patient with 5,000 entries against one with 500, in process: read, laid out and rendered as HTML.</summary>
internal static class LanesRun
{
    private const int Small = 500;
    private const int Large = 5_000;

    public static async Task RunAsync(Settings settings, Report report)
    {
        await using var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "lanes.db"));
        await GrownTimeline.SeedAsync(portal, [Small, Large]);
        foreach (var size in new[] { Small, Large })
            await SpreadAsync(portal, size);
        foreach (var size in new[] { Small, Large })
        {
            var shown = (await portal.Get<ReadLanes>().RunAsync(portal.Actor, GrownTimeline.Patient(size), new ReadLanes.Request(LanesZoom.Year), CancellationToken.None))!.Picture.Entries.Sum(e => e.Count);
            if (shown < size * 9 / 10)
                throw new InvalidOperationException($"the year should hold nearly all of {size} entries, it holds {shown}");
        }

        Func<double, Task<Slice>> Month(int size) => Rendered(portal, size, LanesZoom.Month);
        Func<double, Task<Slice>> Year(int size) => Rendered(portal, size, LanesZoom.Year);
        report.AddCpu("i3", "care lines of 5,000 entries, month, read and rendered, in process", "of 500 entries", 2, await Slices.AlternateAsync(settings, Month(Small), Month(Large)));
        report.AddCpu("i3", "care lines of 5,000 entries, all in the year that is shown", "of 500 entries", 2, await Slices.AlternateAsync(settings, Year(Small), Year(Large)));
    }

    private static Func<double, Task<Slice>> Rendered(InProcessPortal portal, int size, LanesZoom zoom) => seconds => Slices.InProcessAsync(seconds, async () =>
    {
        var html = await portal.RenderAsync(typeof(LanesPage), GrownTimeline.Patient(size).Value, "lanes?zoom=" + zoom.ToString().ToLowerInvariant());
        return html.Contains("class=\"lanes-axis\"", StringComparison.Ordinal) ? 1 : throw new InvalidOperationException("the page shows no care lines");
    });

    // Over 260 days, the three lines and the kinds that files are full of.
    private static Task SpreadAsync(InProcessPortal portal, int size) => portal.Get<CareDatabase>().WriteAsync((session, _) =>
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime.Ticks;
        return ValueTask.FromResult(session.Sql("UPDATE \"TimelineEntries\" SET \"Time\" = @p1 - (\"Seq\" * 7919 % @p2) * @p3, \"Line\" = \"Seq\" % 3, \"Kind\" = CASE \"Seq\" % 5 WHEN 0 THEN 0 WHEN 1 THEN 3 WHEN 2 THEN 4 WHEN 3 THEN 8 ELSE 11 END WHERE \"PatientId\" = @p0")
            .With(GrownTimeline.Patient(size).Value, now, size, TimeSpan.FromDays(260).Ticks / size).Run());
    }, CancellationToken.None);
}
