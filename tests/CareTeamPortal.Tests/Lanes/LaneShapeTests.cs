using System.Globalization;
using System.Text.RegularExpressions;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Tests.Lanes;

/// <summary>The geometry without a page.</summary>
public sealed partial class LaneShapeTests
{
    private static readonly DateTime Now = new(2026, 11, 25, 8, 0, 0, DateTimeKind.Utc);
    private static readonly LanesPeriod Month = LanesPeriod.Of(LanesZoom.Month, new DateOnly(2026, 11, 25));

    public LaneShapeTests() => BelgianTime.UseAsDefault();

    private static LanesPicture Picture() => new() { Period = Month, Now = Now };

    private static LaneHolder Holder(string name, CareLine line, int sinceDay, int? untilDay) => new(name, "", line, Now.AddDays(sinceDay), untilDay is { } u ? Now.AddDays(u) : null);

    private static LaneHandoff Handoff(string id, LaneHandoffState state, CareLine from, CareLine to, double offered, double? ended, string? scope = "deel") =>
        new(id, state, "Opvolging " + id, scope, "Tom", from, "Sofie", to, Now.AddDays(offered), ended is { } e ? Now.AddDays(e) : null, null, false);

    [Fact]
    public void The_month_of_the_design_starts_three_weeks_back_and_ends_two_and_a_half_ahead()
    {
        Assert.Equal((new DateOnly(2026, 11, 2), new DateOnly(2026, 12, 13)), (Month.First, Month.Last));
        Assert.Equal(new DateOnly(2026, 11, 23), LanesPeriod.Of(LanesZoom.Week, new DateOnly(2026, 11, 25)).First);
        Assert.Equal((new DateOnly(2026, 2, 1), new DateOnly(2027, 1, 31)), LanesPeriod.Of(LanesZoom.Year, new DateOnly(2026, 11, 25)) is var year ? (year.First, year.Last) : default);
    }

    [Theory]
    [InlineData(LanesZoom.Week)]
    [InlineData(LanesZoom.Month)]
    [InlineData(LanesZoom.Year)]
    public void Any_day_that_can_be_written_is_a_period(LanesZoom zoom)
    {
        foreach (var day in new[] { DateOnly.MinValue, DateOnly.MaxValue, new DateOnly(2, 1, 1), new DateOnly(2000, 2, 29) })
        {
            var period = LanesPeriod.Of(zoom, day);
            Assert.True(period.Earlier.First <= period.First && period.Later.Last >= period.Last);
            Assert.NotEmpty(LaneShape.Of(new LanesPicture { Period = period, Now = Now }).Ticks);
        }
    }

    [Fact]
    public void The_ribbon_is_one_line_that_starts_where_the_picture_starts_and_ends_now()
    {
        var shape = LaneShape.Of(Picture() with { Holders = [Holder("Karel", CareLine.First, -60, -13), Holder("Nadia", CareLine.Second, -13, -2), Holder("Karel", CareLine.First, -2, null)] });
        Assert.Single(MoveTo().Matches(shape.Ribbon)); // never lifted
        Assert.StartsWith("M138 ", shape.Ribbon, StringComparison.Ordinal);
        Assert.EndsWith(FormattableString.Invariant($"H{shape.Now}"), shape.Ribbon, StringComparison.Ordinal);
        Assert.Equal(2, CurveTo().Matches(shape.Ribbon).Count);
        Assert.Equal(shape.Now, shape.Ahead!.Value.X);
        Assert.Equal(LaneShape.Right, shape.Ahead.Value.X + shape.Ahead.Value.Width);
    }

    [Fact]
    public void The_ribbon_never_goes_back_in_time_however_fast_it_changes_hands()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 200; round++)
        {
            var moments = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Now.AddMinutes(-random.Next(1, 60_000))).Order().ToList();
            var holders = moments.Select((m, i) => new LaneHolder($"p{i}", "", (CareLine)random.Next(0, 5), m, i + 1 < moments.Count ? moments[i + 1] : null)).ToList();
            var shape = LaneShape.Of(Picture() with { Holders = holders });
            Assert.Single(MoveTo().Matches(shape.Ribbon));
            var ends = Ends().Matches(shape.Ribbon).Select(m => double.Parse(m.Groups["x"].Value, CultureInfo.InvariantCulture)).ToList();
            Assert.True(ends.Zip(ends.Skip(1)).All(p => p.Second >= p.First - 0.11), $"seed 20261122, round {round}: {shape.Ribbon}");
            Assert.Equal(shape.Now!.Value, ends[^1], 1);
        }
    }

    [Fact]
    public void Arrows_end_on_the_receivers_rail_and_start_on_the_senders()
    {
        var shape = LaneShape.Of(Picture() with
        {
            Holders = [Holder("Karel", CareLine.First, -60, null)],
            Handoffs =
            [
                Handoff("a", LaneHandoffState.Accepted, CareLine.Second, CareLine.First, -10, -9), Handoff("b", LaneHandoffState.Waiting, CareLine.Third, CareLine.First, -1, null),
                Handoff("c", LaneHandoffState.Declined, CareLine.First, CareLine.Home, -5, -4), Handoff("d", LaneHandoffState.Withdrawn, CareLine.First, CareLine.Second, -15, -14),
                Handoff("e", LaneHandoffState.Accepted, CareLine.First, CareLine.First, -8, -7), Handoff("f", LaneHandoffState.Accepted, CareLine.Support, CareLine.First, -3, -3),
            ],
        });
        Assert.Equal(6, shape.Arrows.Count);
        foreach (var arrow in shape.Arrows)
        {
            var (from, to) = (shape.Lanes.Single(l => l.Key == LaneShape.KeyOf(arrow.Handoff.FromLine)), shape.Lanes.Single(l => l.Key == LaneShape.KeyOf(arrow.Handoff.ToLine)));
            Assert.InRange(arrow.Y1, from.Y, from.Bottom);
            Assert.InRange(arrow.Row, to.Y, to.Bottom);
            Assert.Equal(shape.X(arrow.Handoff.Offered), arrow.X1, 1);
            Assert.Equal(arrow.Handoff.Ended is { } ended ? shape.X(ended) : shape.Now!.Value, arrow.X2, 1);
        }
    }

    [Fact]
    public void A_hand_off_of_all_care_is_the_crossing_of_the_ribbon_itself()
    {
        var shape = LaneShape.Of(Picture() with
        {
            Holders = [Holder("Nadia", CareLine.Second, -60, -2), Holder("Sofie", CareLine.First, -2, null)],
            Handoffs = [Handoff("a", LaneHandoffState.Accepted, CareLine.Second, CareLine.First, -2.2, -2, scope: null)],
        });
        Assert.True(shape.Arrows[0].OnRibbon);
        Assert.NotNull(shape.Arrows[0].Pill);
    }

    [Fact]
    public void Nothing_of_one_kind_stands_on_another_and_everything_stays_in_the_picture()
    {
        var random = new Random(1145);
        for (var round = 0; round < 60; round++)
        {
            DateTime At() => Now.AddMinutes(random.Next(-60_000, 40_000));
            CareLine? Line() => random.Next(6) is var l and < 5 ? (CareLine)l : null;
            var picture = Picture() with
            {
                Holders = [Holder("Karel Janssens", CareLine.First, -60, -13), Holder("Nadia", CareLine.Second, -13, -2), Holder("Karel Janssens", CareLine.First, -2, null)],
                Episodes = [.. Enumerable.Range(0, random.Next(60)).Select(i => At() is var at ? new LaneEpisode($"Encounter/{i}", "Een verblijf met een naam " + i, LaneEpisodeKind.Contact, Line(), at, random.Next(4) == 0 ? null : at.AddHours(random.Next(10, 900))) : null!)],
                Entries = [.. Enumerable.Range(0, random.Next(300)).Select(i => At() is var at ? new LaneEntry(random.Next(0, 26), Line(), random.Next(1, 9), at, at, "Iets dat gebeurde " + i, $"Observation/{i}") : null!).OrderBy(e => e.First)],
                Tasks = [.. Enumerable.Range(0, random.Next(60)).Select(i => At() is var at ? new LaneTask((LaneTaskState)random.Next(4), Line(), random.Next(1, 3), at, at, "Een taak " + i, $"Task/{i}") : null!).OrderBy(t => t.First)],
                Handoffs = [.. Enumerable.Range(0, random.Next(14)).Select(i => -random.Next(1, 22) is var offered ? Handoff("h" + i, (LaneHandoffState)random.Next(4), (CareLine)random.Next(5), (CareLine)random.Next(5), offered, offered + .5) : null!).Select(h => h.State == LaneHandoffState.Waiting ? h with { Ended = null } : h)],
            };
            var shape = LaneShape.Of(picture);
            var why = $"seed 1145, round {round}";
            foreach (var (one, other) in Pairs(shape.Bars.Where(b => b.Width > 0).ToList(), b => (b.Lane, b.Y)))
                Assert.True(one.X + one.Width <= other.X + .11 || other.X + other.Width <= one.X + .11, $"{why}: bars");
            foreach (var (one, other) in Pairs(shape.Marks, m => (m.Lane, m.Y)))
                Assert.True(Math.Abs(one.X - other.X) >= 2 * LaneMark.Reach, $"{why}: marks {one.X} {other.X}");
            foreach (var (one, other) in Pairs(shape.Marks.Where(m => m.Label is not null).ToList(), m => (m.Lane, m.Y)))
                Assert.True(Apart(Box(one), Box(other)), $"{why}: labels {one.Label} {other.Label}");
            foreach (var (mark, other) in Pairs(shape.Marks, m => (m.Lane, m.Y)).SelectMany(p => new[] { p, (p.Item2, p.Item1) }).Where(p => p.Item1.Label is not null))
                Assert.True(LaneShape.LabelSpan(mark).To <= other.X - 11 || other.X + 11 <= LaneShape.LabelSpan(mark).From, $"{why}: label {mark.Label} over a mark");
            foreach (var mark in shape.Marks.Where(m => m.Label is not null))
                Assert.True(LaneShape.LabelSpan(mark).To < shape.Now || shape.Now < LaneShape.LabelSpan(mark).From, $"{why}: label {mark.Label} over now");
            foreach (var (one, other) in Pairs(shape.Arrows.Where(a => a.Pill is not null).ToList(), a => (a.To, a.Row)))
                Assert.True(one.PillX + one.PillWidth <= other.PillX || other.PillX + other.PillWidth <= one.PillX, $"{why}: pills");
            foreach (var bar in shape.Bars)
                Assert.InRange(bar.Y + LaneBar.Height, shape.Lanes.Single(l => l.Key == bar.Lane).Y, shape.Lanes.Single(l => l.Key == bar.Lane).Bottom);
            foreach (var mark in shape.Marks)
                Assert.InRange(mark.Y, shape.Lanes.Single(l => l.Key == mark.Lane).Y + LaneMark.Reach, shape.Lanes.Single(l => l.Key == mark.Lane).Bottom - LaneMark.Reach);
            Assert.All(shape.Lanes.Zip(shape.Lanes.Skip(1)), p => Assert.True(p.First.Bottom < p.Second.Y));
            Assert.Equal(picture.Entries.Sum(e => e.Count) + picture.Tasks.Sum(t => t.Count), shape.Marks.Sum(m => m.Count)); // merged, never dropped
            Assert.True(shape.Marks.Count <= shape.Lanes.Count * 2 * 48, why);
        }

        static (double, double) Box(LaneMark mark) => LaneShape.LabelSpan(mark) is var (from, to) && mark.Side > 0 ? (mark.X - 11, to) : (LaneShape.LabelSpan(mark).From, mark.X + 11);
        static bool Apart((double From, double To) one, (double From, double To) other) => one.To <= other.From + .11 || other.To <= one.From + .11;
    }

    [Fact]
    public void What_has_no_line_gets_a_thin_rail_of_its_own_and_rails_that_nobody_needs_stay_away()
    {
        Assert.Equal([LaneKey.Home, LaneKey.First, LaneKey.Hospital], LaneShape.Of(Picture()).Lanes.Select(l => l.Key));
        var shape = LaneShape.Of(Picture() with { Entries = [new LaneEntry(0, null, 1, Now, Now, "zonder lijn", "Communication/x")] });
        Assert.Equal(LaneKey.Unknown, shape.Lanes[^1].Key);
        Assert.True(shape.Lanes[^1].Height < shape.Lanes[0].Height);
        Assert.Equal(LaneKey.Unknown, Assert.Single(shape.Marks).Lane);
    }

    [Fact]
    public void The_third_line_is_on_the_hospitals_rail_and_marked()
    {
        var shape = LaneShape.Of(Picture() with { Holders = [Holder("Prof", CareLine.Third, -60, null)] });
        Assert.True(shape.Lanes.Single(l => l.Key == LaneKey.Hospital).HasThird);
        Assert.True(Assert.Single(shape.Names).Third);
    }

    [Fact]
    public void A_stay_that_goes_on_is_solid_until_now_and_hatched_after()
    {
        var shape = LaneShape.Of(Picture() with { Episodes = [new LaneEpisode("Encounter/a", "Opname", LaneEpisodeKind.Contact, CareLine.Second, Now.AddDays(-5), null)] });
        Assert.Equal([false, true], shape.Bars.Select(b => b.Planned));
        Assert.Equal(shape.Now, shape.Bars[1].X);
        Assert.Equal(LaneShape.Right, shape.Bars[1].X + shape.Bars[1].Width);
        Assert.Single(shape.Bars, b => b.Label is not null);
    }

    [Fact]
    public void A_day_is_as_wide_as_any_other_when_the_clock_changes()
    {
        var october = LaneShape.Of(new LanesPicture { Period = LanesPeriod.Of(LanesZoom.Week, new DateOnly(2026, 10, 25)), Now = Now });
        double Noon(int day) => october.X(BelgianTime.ToUtc(new DateOnly(2026, 10, day), new TimeOnly(12, 0)));
        Assert.Equal(Noon(24) - Noon(23), Noon(25) - Noon(24), 1);
        var (at, ticks) = Assert.Single(ReadLanes.Shifts(new DateTime(2026, 10, 18, 22, 0, 0, DateTimeKind.Utc), new DateTime(2026, 10, 25, 23, 0, 0, DateTimeKind.Utc)));
        Assert.Equal((new DateTime(2026, 10, 25, 1, 0, 0, DateTimeKind.Utc), -TimeSpan.TicksPerHour), (at, ticks));
    }

    [Theory]
    [InlineData("Opname cardiologie, elf nachten", 1000, "Opname cardiologie, elf nachten")]
    [InlineData("Opname cardiologie, elf nachten", 130, "Opname cardiologie…")]
    [InlineData("Opname cardiologie", 30, null)]
    public void A_label_is_cut_at_a_word_or_left_out(string text, double room, string? expected) => Assert.Equal(expected, LaneShape.Fitting(text, room));

    private static IEnumerable<(T, T)> Pairs<T, TKey>(IReadOnlyList<T> items, Func<T, TKey> key) =>
        items.GroupBy(key).SelectMany(g => g.SelectMany((a, i) => g.Skip(i + 1).Select(b => (a, b))));

    [GeneratedRegex("M")]
    private static partial Regex MoveTo();

    [GeneratedRegex("C")]
    private static partial Regex CurveTo();

    [GeneratedRegex(@"(?:[MH]|C\S+ \S+ \S+ \S+ )(?<x>-?[\d.]+)")]
    private static partial Regex Ends();
}
