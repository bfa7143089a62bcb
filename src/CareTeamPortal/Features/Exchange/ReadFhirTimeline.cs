using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Features.Exchange;

/// <summary>The timeline as resources, for programs: pages by (clinical time, number), news by commit.</summary>
internal sealed class ReadFhirTimeline(CareDesk desk, CursorCodec cursors, EntryBytes bytes) : PatientUseCase<ReadFhirTimeline.Request, ReadFhirTimeline.Page>(desk)
{
    /// <param name="Cursor">Where the page before ended; null for the newest.</param>
    /// <param name="After">Instead: what was committed after this, as the hub and the pages give it.</param>
    internal sealed record Request(string? Cursor, string? After, int Count);

    /// <param name="Next">Cursor of the next page in the direction that was read; null at the end.</param>
    /// <param name="News">Ask after this for what comes from now on; null where only older pages were read.</param>
    /// <param name="BadCursor">The cursor is not one of this file.</param>
    internal sealed record Page(IReadOnlyList<byte[]> Entries, string? Next, string? News, bool BadCursor = false);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Page> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var bad = new Page([], null, null, BadCursor: true);
        if (request.After is not null)
        {
            if (cursors.Reveal(room.Patient, request.After) is not (var after, 0)) return ValueTask.FromResult(bad);
            var news = FhirSql.TimelineAfter(reader.Session, room, after, request.Count + 1);
            var moreNews = news.Count > request.Count;
            if (moreNews) news.RemoveAt(request.Count);
            var upTo = news.Count == 0 ? request.After : cursors.Hide(room.Patient, news[^1].Cursor);
            return ValueTask.FromResult(new Page(bytes.Of(reader.Session, room, news), moreNews ? upTo : null, upTo));
        }

        (DateTime, long)? before = null;
        if (request.Cursor is not null)
        {
            if (cursors.Reveal(room.Patient, request.Cursor) is not var (ticks, seq) || ticks < 0 || ticks > DateTime.MaxValue.Ticks) return ValueTask.FromResult(bad);
            before = (new DateTime(ticks, DateTimeKind.Utc), seq);
        }

        // The cursor before the page: what is committed in between comes twice, never not at all.
        var now = before is null ? cursors.Hide(room.Patient, TimelineSql.VisibleCursor(reader.Session, room.Patient, room.Reach)) : null;
        var rows = FhirSql.Timeline(reader.Session, room, before, request.Count + 1);
        var more = rows.Count > request.Count;
        if (more) rows.RemoveAt(request.Count);
        return ValueTask.FromResult(new Page(bytes.Of(reader.Session, room, rows), more ? cursors.Hide(room.Patient, rows[^1].TimeTicks, rows[^1].Seq) : null, now));
    }, ct);
}
