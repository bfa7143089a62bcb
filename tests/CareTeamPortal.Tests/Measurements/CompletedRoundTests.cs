using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Measurements;

/// <summary>NEWS2 on the row of the timeline that completes it, and the whole chart against a table read from the paper.</summary>
public sealed class CompletedRoundTests
{
    private static Task AddAsync(Ward ward, PersonRow who, string line) => ward.RunAsync(ward.Get<AddMeasurements>(), who, ward.Maria, new(Guid.NewGuid().ToString(), QuickEntry.Parse(line).Measurements, null));

    /// <summary>The scores of the rows that begin at each entry, as the feed makes them.</summary>
    private static async Task<IReadOnlyList<News2Set?>> RowsAsync(Ward ward)
    {
        var entries = (await ward.PageAsync(Who.Karel, ward.Maria)).ToList();
        var scale2 = (await ward.RunAsync(ward.Get<ReadScalePeriods>(), Who.Karel, ward.Maria, new()))!;
        var rows = entries.Index().GroupBy(e => e.Item.Time).Select(g => (Start: g.First().Index, End: g.Last().Index + 1));
        return [.. rows.Select(r => CompletedRound.Of(entries, r.Start, r.End, scale2))];
    }

    [Fact]
    public async Task The_row_that_completes_the_round_tells_it_and_the_rows_around_do_not()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await AddAsync(ward, Who.Sofie, "ah 22 sat 93 o2 2 bd 105/70 p 112");
        ward.Clock.Advance(TimeSpan.FromMinutes(20));
        await AddAsync(ward, Who.Sofie, "bewustzijn A t 38,5");
        ward.Clock.Advance(TimeSpan.FromMinutes(20));
        await AddAsync(ward, Who.Sofie, "p 90");
        var rows = await RowsAsync(ward);
        Assert.Equal([null, 10, null], rows.Take(3).Select(r => r?.Score?.Score));
    }

    [Fact]
    public async Task A_round_that_goes_on_in_the_part_of_the_feed_below_is_told_as_well()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await AddAsync(ward, Who.Sofie, "ah 22 sat 93 o2 2 bd 105/70 p 112");
        ward.Clock.Advance(TimeSpan.FromMinutes(20));
        await AddAsync(ward, Who.Sofie, "bewustzijn A t 38,5");
        var all = (await ward.PageAsync(Who.Karel, ward.Maria)).ToList();
        var cut = all.FindIndex(e => e.Time < all[0].Time);
        var (above, known) = (all[..cut], new Lazy<Dictionary<long, TimelineEntry>>(() => all.ToDictionary(e => e.Seq)));
        Assert.Null(CompletedRound.Of(above, 0, cut, []));
        Assert.Equal(10, CompletedRound.Of(above, 0, cut, [], all[cut], known)!.Score!.Score);
        var untouched = new Lazy<Dictionary<long, TimelineEntry>>(() => throw new InvalidOperationException("Looked at without need."));
        Assert.Null(CompletedRound.Of(all[cut..], 0, all.Count - cut, [], null, untouched));
    }

    [Fact]
    public async Task What_is_older_than_an_hour_does_not_count_and_what_was_taken_back_neither()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await AddAsync(ward, Who.Sofie, "ah 22 sat 93 o2 2 bd 105/70 p 112");
        ward.Clock.Advance(TimeSpan.FromMinutes(61));
        await AddAsync(ward, Who.Sofie, "bewustzijn A t 38,5");
        Assert.All(await RowsAsync(ward), Assert.Null);
        await AddAsync(ward, Who.Sofie, "ah 22 sat 93 o2 2 bd 105/70 p 112");
        Assert.Single(await RowsAsync(ward), r => r is not null);
        var pulse = (await ward.PageAsync(Who.Sofie, ward.Maria)).First(e => e.Values.Any(v => v.Loinc == "8867-4"));
        await ward.RunAsync(ward.Get<RetractEntry>(), Who.Sofie, ward.Maria, new(pulse.Reference, pulse.Version, "verkeerde arm"));
        Assert.All(await RowsAsync(ward), Assert.Null);
    }

    [Fact]
    public async Task The_scale_is_the_one_that_held_when_it_was_measured()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        const string round = "ah 18 sat 90 kamerlucht bd 125/70 p 80 bewustzijn A t 37";
        await AddAsync(ward, Who.Sofie, round);
        ward.Clock.Advance(TimeSpan.FromHours(3));
        await ward.RunAsync(ward.Get<SetSaturationScale>(), Who.Karel, ward.Maria, new(true, "hypercapnie"));
        ward.Clock.Advance(TimeSpan.FromHours(3));
        await AddAsync(ward, Who.Sofie, round);
        ward.Clock.Advance(TimeSpan.FromHours(3));
        await ward.RunAsync(ward.Get<SetSaturationScale>(), Who.Karel, ward.Maria, new(false, "vergissing"));
        ward.Clock.Advance(TimeSpan.FromHours(3));
        await AddAsync(ward, Who.Sofie, round);
        Assert.Equal([3, 0, 3], (await RowsAsync(ward)).OfType<News2Set>().Select(r => r.Score!.Score));
        Assert.Null(await ward.RunAsync(ward.Get<ReadScalePeriods>(), Who.An, ward.Maria, new()));
    }

    [Fact]
    public void Every_value_of_every_part_on_both_scales_scores_as_the_table_says()
    {
        // The table of clinical.md, as (from, to, points) per part; what lies outside is the last line.
        (int From, int To, int Points)[] rate = [(0, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 80, 3)], systolic = [(30, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 300, 3)], pulse = [(10, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 250, 3)],
            scale1 = [(40, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)], air2 = [(40, 83, 3), (84, 85, 2), (86, 87, 1), (88, 100, 0)], oxygen2 = [(40, 83, 3), (84, 85, 2), (86, 87, 1), (88, 92, 0), (93, 94, 1), (95, 96, 2), (97, 100, 3)],
            tenths = [(280, 350, 3), (351, 360, 1), (361, 380, 0), (381, 390, 1), (391, 430, 2)];
        static int Said((int From, int To, int Points)[] table, int value) => table.Single(t => value >= t.From && value <= t.To).Points;
        static int At(string part, News2 score) => score.Parts.Single(p => p.Key == part).Points;
        for (var v = 0; v <= 80; v++)
            Assert.Equal(Said(rate, v), At("RespiratoryRate", News2.Of(v, 97, false, false, 120, 70, Consciousness.Alert, 37)));
        for (var v = 30; v <= 300; v++)
            Assert.Equal(Said(systolic, v), At("Systolic", News2.Of(16, 97, false, false, v, 70, Consciousness.Alert, 37)));
        for (var v = 10; v <= 250; v++)
            Assert.Equal(Said(pulse, v), At("HeartRate", News2.Of(16, 97, false, false, 120, v, Consciousness.Alert, 37)));
        for (var v = 280; v <= 430; v++)
            Assert.Equal(Said(tenths, v), At("Temperature", News2.Of(16, 97, false, false, 120, 70, Consciousness.Alert, v / 10m)));
        for (var v = 40; v <= 100; v++)
        {
            foreach (var oxygen in new[] { false, true })
            {
                Assert.Equal(Said(scale1, v), At("OxygenSaturation", News2.Of(16, v, false, oxygen, 120, 70, Consciousness.Alert, 37)));
                Assert.Equal(Said(oxygen ? oxygen2 : air2, v), At("OxygenSaturation", News2.Of(16, v, true, oxygen, 120, 70, Consciousness.Alert, 37)));
                Assert.Equal(oxygen ? 2 : 0, At("Oxygen", News2.Of(16, v, true, oxygen, 120, 70, Consciousness.Alert, 37)));
            }
        }

        foreach (var level in Enum.GetValues<Consciousness>())
            Assert.Equal(level == Consciousness.Alert ? 0 : 3, At("Consciousness", News2.Of(16, 97, false, false, 120, 70, level, 37)));
        // The total with its risk, over a coarse grid of everything.
        foreach (var r in new[] { 8, 10, 16, 22, 25 })
            foreach (var s in new[] { 90, 92, 94, 97 })
                foreach (var b in new[] { 85, 95, 105, 120, 225 })
                    foreach (var p in new[] { 35, 45, 70, 100, 120, 140 })
                        foreach (var level in new[] { Consciousness.Alert, Consciousness.Voice })
                        {
                            var points = new[] { Said(rate, r), Said(scale1, s), Said(systolic, b), Said(pulse, p), level == Consciousness.Alert ? 0 : 3, 0, 0 };
                            var score = News2.Of(r, s, false, false, b, p, level, 37);
                            var total = points.Sum();
                            Assert.Equal((total, total >= 7 ? News2Risk.High : total >= 5 ? News2Risk.Medium : points.Contains(3) ? News2Risk.LowMedium : News2Risk.Low), (score.Score, score.Risk));
                        }
    }
}
