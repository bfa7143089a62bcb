using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Timeline;

public sealed class PagingTests(ITestOutputHelper log)
{
    [Fact]
    public async Task Pages_and_what_came_after_them_make_up_the_whole_visible_file_in_order()
    {
        var seed = Random.Shared.Next();
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 6; round++)
        {
            await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
            await HistoryAsync(ward, random, random.Next(1, 60));
            foreach (var who in new[] { Who.Karel, Who.An, Who.MariaHerself, Who.Pieter })
            {
                // A first page, and pages before it, while others go on writing.
                var pages = new List<TimelineEntry>();
                ReadTimeline.Request request = new(Count: random.Next(1, 9));
                var first = await ward.RunAsync(ward.Get<ReadTimeline>(), who, ward.Maria, request);
                var cursor = first.Cursor;
                pages.AddRange(first.Entries);
                await HistoryAsync(ward, random, random.Next(0, 12));
                for (var page = first; page.HasMore;)
                {
                    request = new(Before: new(pages[^1].Time, pages[^1].Seq), Count: random.Next(1, 9));
                    page = await ward.RunAsync(ward.Get<ReadTimeline>(), who, ward.Maria, request);
                    pages.AddRange(page.Entries);
                }

                await HistoryAsync(ward, random, random.Next(0, 12));
                var merged = pages.ToDictionary(e => e.Seq);
                Assert.Equal(pages.Count, merged.Count); // no page says what another said
                for (var more = true; more;)
                {
                    var arrivals = await ward.RunAsync(ward.Get<ReadArrivals>(), who, ward.Maria, new ReadArrivals.Request(cursor));
                    Assert.Equal(arrivals.Entries.Select(e => e.Cursor).Order(), arrivals.Entries.Select(e => e.Cursor));
                    foreach (var entry in arrivals.Entries)
                        merged[entry.Seq] = entry;
                    more = arrivals.HasMore || arrivals.Cursor != cursor;
                    cursor = arrivals.Cursor;
                }

                var all = await ward.PageAsync(who, ward.Maria);
                Assert.Equal(all.Select(e => (e.Reference, e.Version, e.Cursor, e.PinnedAt)), merged.Values.OrderByDescending(e => e.Time).ThenByDescending(e => e.Seq).Select(e => (e.Reference, e.Version, e.Cursor, e.PinnedAt)));

                // And upwards from somewhere in the middle.
                if (all.Count > 0)
                {
                    var middle = all[random.Next(all.Count)];
                    var up = new List<TimelineEntry>();
                    for (var more = true; more;)
                    {
                        var from = up.Count == 0 ? middle : up[^1];
                        var page = await ward.RunAsync(ward.Get<ReadTimeline>(), who, ward.Maria, new(After: new(from.Time, from.Seq), Count: random.Next(1, 9)));
                        up.AddRange(page.Entries.Reverse());
                        more = page.HasMore;
                    }

                    Assert.Equal(all.TakeWhile(e => e.Seq != middle.Seq).Select(e => e.Reference), Enumerable.Reverse(up).Select(e => e.Reference));
                }
            }
        }
    }

    private static async Task HistoryAsync(Ward ward, Random random, int steps)
    {
        PersonRow[] writers = [Who.Sofie, Who.Karel, Who.Nadia];
        Audience[] audiences = [Audience.WholeTeam, Audience.Professionals, Audience.ProfessionalsAndPatient];
        for (var i = 0; i < steps; i++)
        {
            if (random.Next(3) == 0)
                ward.Clock.Advance(TimeSpan.FromSeconds(random.Next(0, 3)));
            var who = writers[random.Next(writers.Length)];
            var own = (await ward.PageAsync(who, ward.Maria)).Where(e => e is { IsOwn: true, Retracted: false, ResourceType: "Communication" }).ToList();
            var any = own.Count == 0 ? null : own[random.Next(own.Count)];
            switch (random.Next(8))
            {
                case 0 when any is not null:
                    await ward.RunAsync(ward.Get<CorrectNote>(), who, ward.Maria, new CorrectNote.Request(any.Reference, any.Version, "verbeterd " + random.Next()));
                    break;
                case 1 when any is not null:
                    await ward.RunAsync(ward.Get<RetractEntry>(), who, ward.Maria, new RetractEntry.Request(any.Reference, any.Version, "fout"));
                    break;
                case 2 when any is not null:
                    await ward.RunAsync(ward.Get<PinEntry>(), who, ward.Maria, new PinEntry.Request(any.Reference, any.PinnedAt is null));
                    break;
                case 3 when any is not null:
                    await ward.ReplyAsync(who, ward.Maria, any, "antwoord");
                    break;
                case 4:
                    // Something that happened long ago comes in now, without a date more exact than the day.
                    await ward.TakeAsync([], $$"""{"resourceType":"Condition","id":"c{{random.Next(40)}}","subject":{"reference":"Patient/{{Who.Maria}}"},"code":{"text":"kwaal {{random.Next()}}"},"onsetDateTime":"20{{random.Next(10, 26)}}-0{{random.Next(1, 9)}}"}""");
                    break;
                default:
                    await ward.NoteAsync(who, ward.Maria, "nota " + random.Next(), audiences[random.Next(3)]);
                    break;
            }
        }
    }
}
