using System.Text.Json;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Handoffs;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Lanes;

/// <summary>The use case on a real database.</summary>
public sealed class ReadLanesTests
{
    public ReadLanesTests() => Platform.Time.BelgianTime.UseAsDefault();

    private static async Task<LanesPicture> ReadAsync(Ward ward, PersonRow who, LanesZoom? zoom = null, DateOnly? around = null) =>
        (await ward.RunAsync(ward.Get<ReadLanes>(), who, ward.Maria, new(zoom, around)))!.Picture;

    private static string Stay(string id, string from, string? until, string status = "finished", bool hidden = false)
    {
        var meta = hidden ? """ "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},""" : "";
        var period = until is null ? $"\"start\":\"{from}\"" : $"\"start\":\"{from}\",\"end\":\"{until}\"";
        return $$$"""{"resourceType":"Encounter","id":"{{{id}}}",{{{meta}}}"status":"{{{status}}}","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"type":[{"text":"Opname {{{id}}}"}],"subject":{"reference":"Patient/maria-verhoeven"},"period":{ {{{period}}} } }""";
    }

    [Fact]
    public async Task A_hand_off_waits_crosses_and_moves_the_ribbon()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        ward.Clock.Advance(TimeSpan.FromHours(1));
        var request = HandoffLifeTests.Offer(TaskParty.Of(Who.Nadia));
        var handoff = await HandoffLifeTests.OfferAsync(ward, Who.Karel, request with { Content = request.Content with { Scope = null } });
        var waiting = Assert.Single((await ReadAsync(ward, Who.Sofie)).Handoffs);
        Assert.Equal((LaneHandoffState.Waiting, (CareLine?)CareLine.First, (CareLine?)CareLine.Second, (DateTime?)null), (waiting.State, waiting.FromLine, waiting.ToLine, waiting.Ended));

        ward.Clock.Advance(TimeSpan.FromMinutes(25));
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), Who.Nadia, ward.Maria, new(handoff.Id, "Ik neem het over.")));
        ward.Clock.Advance(TimeSpan.FromHours(2));
        var picture = await ReadAsync(ward, Who.Sofie);
        Assert.Equal([CareLine.First, CareLine.Second], picture.Holders.Select(h => h.Line));
        Assert.Equal(picture.Holders[0].Until, picture.Holders[1].Since);
        Assert.Null(picture.Holders[1].Until);
        Assert.Equal((LaneHandoffState.Accepted, TimeSpan.FromMinutes(25)), Assert.Single(picture.Handoffs) is { Ended: { } ended } accepted ? (accepted.State, ended - accepted.Offered) : default);
        Assert.True(Assert.Single(LaneShape.Of(picture).Arrows).OnRibbon);
    }

    [Fact]
    public async Task An_open_page_reads_again_only_when_something_it_shows_changed()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Karel, ward.Maria, "voor iedereen");
        var first = (await ward.RunAsync(ward.Get<ReadLanes>(), Who.An, ward.Maria, new()))!;
        await ward.NoteAsync(Who.Karel, ward.Maria, "onder ons", Audience.Professionals);
        Assert.Null(await ward.RunAsync(ward.Get<ReadLanes>(), Who.An, ward.Maria, new(After: first.Mark)));
        await ward.NoteAsync(Who.Karel, ward.Maria, "nog iets voor iedereen");
        Assert.Equal(2, (await ward.RunAsync(ward.Get<ReadLanes>(), Who.An, ward.Maria, new(After: first.Mark)))!.Picture.Entries.Sum(e => e.Count));
    }

    [Fact]
    public async Task What_lasts_is_a_bar_what_is_short_a_mark_and_what_began_long_ago_is_still_there()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([], Stay("lang", "2026-11-09T10:00:00+01:00", "2026-11-20T12:00:00+01:00"), Stay("kort", "2026-11-10T10:00:00+01:00", "2026-11-10T10:30:00+01:00"), Stay("bezig", "2019-01-01T10:00:00+01:00", null, "in-progress"), Stay("voorbij", "2019-01-01T10:00:00+01:00", "2019-02-01T10:00:00+01:00"), Stay("open-einde", "2026-11-11T10:00:00+01:00", null));
        var picture = await ReadAsync(ward, Who.Karel);
        Assert.Equal(["Opname bezig", "Opname lang"], picture.Episodes.Select(e => e.Title.Split(" · ")[0]).Order());
        Assert.Equal(["Opname kort", "Opname open-einde"], picture.Entries.Select(e => e.Title.Split(" · ")[0]).Order());
    }

    [Fact]
    public async Task A_contact_without_status_or_end_is_a_mark()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([], Stay("zonder", "2026-11-11T10:00:00+01:00", null));
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("UPDATE \"TimelineEntries\" SET \"Status\" = NULL WHERE \"ResourceId\" = @p0").With("zonder").Run()), CancellationToken.None);
        var picture = await ReadAsync(ward, Who.Karel);
        Assert.Empty(picture.Episodes);
        Assert.Equal(1, Assert.Single(picture.Entries).Count);
    }

    [Fact]
    public async Task A_file_that_has_been_quiet_for_years_opens_where_something_happened()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([], Stay("toen", "2012-03-09T10:00:00+01:00", "2012-03-20T12:00:00+01:00"));
        var picture = await ReadAsync(ward, Who.Karel);
        Assert.Equal((LanesZoom.Year, new DateOnly(2012, 3, 9)), (picture.Period.Zoom, picture.Period.Around));
        Assert.Single(picture.Episodes);
        var empty = await ReadAsync(ward, Who.Karel, LanesZoom.Month, new DateOnly(2020, 1, 1));
        Assert.True(empty.IsEmpty);
        Assert.Equal((new DateOnly(2012, 3, 9), (DateOnly?)null), (empty.EarlierDay, empty.LaterDay));
    }

    [Fact]
    public async Task Measurements_of_one_day_are_one_mark_and_a_series_on_the_axis()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var line in new[] { "g78,4", "g78,6", "p72" })
            await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse(line).Measurements], null));
        var picture = await ReadAsync(ward, Who.An);
        Assert.Equal(3, Assert.Single(picture.Entries).Count);
        Assert.Equal(("Weight", "78,6"), (picture.Series!.Key, Assert.Single(picture.Series.Points).Shown));
        Assert.Equal(["Weight", "HeartRate"], picture.SeriesToChoose.Select(s => s.Key));
    }

    [Fact]
    public async Task Tasks_stand_where_they_are_due_or_where_they_ended()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Tom, "Bloedname") with { DueAt = ward.Clock.Utc.AddDays(2) });
        Assert.Equal((LaneTaskState.Open, ward.Clock.Utc.AddDays(2)), Assert.Single((await ReadAsync(ward, Who.Karel)).Tasks) is var open ? (open.State, open.First) : default);
        ward.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(LaneTaskState.Late, Assert.Single((await ReadAsync(ward, Who.Karel)).Tasks).State);
        await ward.MoveAsync(Who.Tom, task.Id, TaskState.InProgress);
        await ward.MoveAsync(Who.Tom, task.Id, TaskState.Completed);
        Assert.Equal((LaneTaskState.Done, ward.Clock.Utc), Assert.Single((await ReadAsync(ward, Who.Karel)).Tasks) is var done ? (done.State, done.First) : default);
    }

    /// <summary>Two files that differ only in what a limited viewer may not see: the picture is the same, to the letter.</summary>
    [Fact]
    public async Task What_is_hidden_leaves_no_mark_no_count_and_no_gap()
    {
        var plain = await LimitedAsync(withHidden: false);
        var full = await LimitedAsync(withHidden: true);
        Assert.Equal(plain, full);
    }

    private static async Task<List<string>> LimitedAsync(bool withHidden)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        async Task HideAsync()
        {
            if (!withHidden)
                return;
            await ward.NoteAsync(Who.Karel, ward.Maria, "onder ons", Audience.Professionals);
            await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("p180 g99 t39").Measurements], null, Audience.Professionals));
            await ward.TakeAsync([], Stay("geheim" + Guid.NewGuid(), "2026-11-09T10:00:00+01:00", "2026-11-20T12:00:00+01:00", hidden: true));
            await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Tom, "Onder ons te doen") with { DueAt = ward.Clock.Utc.AddDays(1), Audience = Audience.Professionals });
            await HandoffLifeTests.OfferAsync(ward, Who.Tom, HandoffLifeTests.Offer(TaskParty.Of(Who.Sofie)) with { Audience = Audience.Professionals });
        }

        await HideAsync();
        await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("voor iedereen") with { Id = "00000001-0000-0000-0000-000000000000" });
        await HideAsync();
        var told = new List<string>();
        foreach (var who in new[] { Who.An, Who.Fatima, Who.MariaHerself })
        {
            foreach (var zoom in Enum.GetValues<LanesZoom>().Cast<LanesZoom?>().Append(null))
            {
                told.Add(Said(await ReadAsync(ward, who, zoom, zoom is null ? null : new DateOnly(2026, 11, 12))));
            }
            told.Add(Said(await ReadAsync(ward, who, LanesZoom.Week, new DateOnly(2021, 1, 1))));
        }
        Assert.Contains(told, t => t.Contains("Communication/", StringComparison.Ordinal));
        Assert.DoesNotContain(told, t => t.Contains("geheim", StringComparison.Ordinal));
        return told;
    }

    // A period knows the one before it, and so on for ever: only where it starts and ends counts.
    private static string Said(LanesPicture picture) =>
        $"{picture.Period.First} {picture.Period.Last} {JsonSerializer.Serialize(new { picture.Now, picture.Holders, picture.YearHolders, picture.Episodes, picture.Entries, picture.Tasks, picture.Handoffs, picture.Series, picture.SeriesToChoose.Count, picture.EarlierDay, picture.LaterDay })}";

    [Theory]
    [InlineData(500)]
    [InlineData(5_000)]
    public async Task A_picture_takes_the_same_statements_and_no_more_rows_than_it_has_places(int entries)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Sofie, ward.Maria, "de eerste");
        await ward.Database.WriteAsync((session, _) =>
        {
            // The same note again and again, over 40 days, lines and kinds.
            var columns = string.Join(", ", TimelineSql.Columns.Split(", ").Append("\"Search\"").Except(["\"Seq\"", "\"Cursor\"", "\"Time\"", "\"Kind\"", "\"Line\"", "\"ResourceId\""]));
            return ValueTask.FromResult(session.Sql($"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < @p0) INSERT INTO \"TimelineEntries\" (\"Seq\", \"Cursor\", \"Time\", \"Kind\", \"Line\", \"ResourceId\", {columns}) SELECT n.i, n.i, \"Time\" - (n.i % 2000) * @p1, CASE n.i % 4 WHEN 0 THEN 0 WHEN 1 THEN 3 WHEN 2 THEN 4 ELSE 8 END, n.i % 3, \"ResourceId\" || '-' || n.i, {columns} FROM n, \"TimelineEntries\" WHERE \"Seq\" = 1")
                .With(entries, TimeSpan.FromDays(18).Ticks / 2000).Run());
        }, CancellationToken.None);
        await ReadAsync(ward, Who.Karel);
        var before = await AskedAsync(ward);
        var picture = await ReadAsync(ward, Who.Karel);
        Assert.InRange(await AskedAsync(ward) - before, 10, 11); // one less where every mark is a number and needs no title
        Assert.Equal(entries, picture.Entries.Sum(e => e.Count));
        Assert.InRange(picture.Entries.Count, 1, 20 * 3 * 4); // days by lines by kinds
        Assert.InRange(LaneShape.Of(picture).Marks.Count, 1, 3 * 48);
    }

    [Fact]
    public async Task More_than_there_are_titles_for_is_counted_all_the_same()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Sofie, ward.Maria, "de eerste");
        await ward.Database.WriteAsync((session, _) =>
        {
            var columns = string.Join(", ", TimelineSql.Columns.Split(", ").Append("\"Search\"").Except(["\"Seq\"", "\"Cursor\"", "\"Time\"", "\"Kind\"", "\"Line\"", "\"ResourceId\""]));
            return ValueTask.FromResult(session.Sql($"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO \"TimelineEntries\" (\"Seq\", \"Cursor\", \"Time\", \"Kind\", \"Line\", \"ResourceId\", {columns}) SELECT n.i, n.i, \"Time\" - n.i * @p0, CASE WHEN n.i % 14 < 7 THEN n.i % 7 % 2 ELSE 8 + n.i % 5 END, n.i % 5, \"ResourceId\" || '-' || n.i, {columns} FROM n, \"TimelineEntries\" WHERE \"Seq\" = 1")
                .With(TimeSpan.FromDays(250).Ticks / 3000).Run());
        }, CancellationToken.None);
        Assert.Equal(3000, (await ReadAsync(ward, Who.Karel, LanesZoom.Year)).Entries.Sum(e => e.Count));
    }

    /// <summary>Statements of the reading session so far: there is one, because nothing reads at the same time.</summary>
    private static async Task<long> AskedAsync(Ward ward)
    {
        using var session = await ward.Database.RentAsync(CancellationToken.None);
        return session.StatementCount;
    }
}
