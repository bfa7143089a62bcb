using System.Globalization;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#3: a page of 50 of a patient with 100 entries against one with 1,000,000, newest and deep; in process.</summary>
internal static class GrowthRun
{
    public static async Task RunAsync(Settings settings, Report report)
    {
        int[] sizes = settings.Quick ? [10, 100, 10_000] : [10, 100, 1_000, 10_000, 100_000, 1_000_000];
        int small = 100, large = sizes[^1];
        await using var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "growth.db"));
        await GrownTimeline.SeedAsync(portal, sizes);
        var read = portal.Get<ReadTimeline>();

        async Task<ReadTimeline.Page> PageAsync(int size, ReadTimeline.Place? before)
        {
            var page = await read.RunAsync(portal.Actor, GrownTimeline.Patient(size), new ReadTimeline.Request(Before: before), CancellationToken.None);
            return page.Entries.Count == Math.Min(50, size) ? page : throw new InvalidOperationException($"expected 50 entries, got {page.Entries.Count}");
        }

        var newest = (await PageAsync(large, null)).Entries[0].Time;
        ReadTimeline.Place[] deep = [.. new[] { 0.25, 0.5, 0.75, 0.99 }.Select(share => ReadTimeline.Place.UpTo(newest - (share * large * TimeSpan.FromSeconds(97))))];
        var turn = 0;
        Func<double, Task<Slice>> First(int size) => seconds => Slices.InProcessAsync(seconds, async () => (await PageAsync(size, null)).Entries.Count > 0 ? 1 : 0);
        Task<Slice> Deep(double seconds) => Slices.InProcessAsync(seconds, async () => (await PageAsync(large, deep[turn++ % deep.Length])).Entries.Count / 50);

        var shown = large.ToString("N0", CultureInfo.InvariantCulture);
        report.AddCpu("3", $"newest page of 50 of {shown} entries, in process", "of 100 entries", 1.3, await Slices.AlternateAsync(settings, First(small), First(large)));
        report.AddCpu("3", $"deep page of 50 of {shown} entries (25 to 99 % down), in process", "newest page of 100 entries", 1.3, await Slices.AlternateAsync(settings, First(small), Deep));
        report.AddCurve("3", "newest page of 50, growth, in process", 1.3, sizes, 1, await Slices.CurveAsync(settings, [.. sizes.Select(First)]));

        // What a person waits for is more than those fifty: banner, team, questions, what is pinned, goals.
        Func<double, Task<Slice>> Rendered(int size) => seconds => Slices.InProcessAsync(seconds, async () =>
            (await portal.RenderAsync(typeof(TimelinePage), GrownTimeline.Patient(size).Value)).Contains("Huisbezoek", StringComparison.Ordinal) ? 1 : throw new InvalidOperationException("the page shows no timeline"));
        report.AddCurve("3", "the whole timeline page read and rendered, growth, in process", 1.3, sizes, 1, await Slices.CurveAsync(settings, [.. sizes.Select(Rendered)]));
    }
}
