using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Timeline;

/// <summary>A page of the timeline, newest first, from a place on (keyset), or around a date.</summary>
internal sealed class ReadTimeline(CareDesk desk) : PatientUseCase<ReadTimeline.Request, ReadTimeline.Page>(desk)
{
    /// <param name="Before">Older than this place; null for the newest.</param>
    /// <param name="After">Newer than this place (scrolling up after a jump); then oldest of those first is turned round, so the page is newest first too.</param>
    /// <param name="Count">How many, 1 to 200.</param>
    internal sealed record Request(Place? Before = null, Place? After = null, TimelineFilter? Filter = null, int Count = 50);

    /// <summary>Where a page ends: clinical time and number.</summary>
    internal readonly record struct Place(DateTime Time, long Seq)
    {
        /// <summary>The last moment of a day or instant: everything up to there comes before.</summary>
        public static Place UpTo(DateTime utc) => new(utc, long.MaxValue);
    }

    /// <param name="Cursor">Everything committed up to here is in the pages read from now on; ask for changes after it.</param>
    /// <param name="Reach">By what right it was read: with another one everything is read anew.</param>
    /// <param name="HasMore">There is more in the direction that was read.</param>
    internal sealed record Page(IReadOnlyList<TimelineEntry> Entries, long Cursor, bool HasMore, Reach Reach = default);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Page> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var count = Math.Clamp(request.Count, 1, 200);
        var filter = request.Filter ?? TimelineFilter.None;
        // The cursor first: what is committed in between comes twice, never not at all.
        var cursor = TimelineSql.VisibleCursor(reader.Session, room.Patient, room.Reach);
        var rows = request.After is { } after
            ? TimelineSql.PageUp(reader.Session, room, (after.Time, after.Seq), filter, count + 1)
            : TimelineSql.Page(reader.Session, room, request.Before is { } before ? (before.Time, before.Seq) : null, filter, count + 1);
        var hasMore = rows.Count > count;
        if (hasMore)
            rows.RemoveAt(count);
        if (request.After is not null)
            rows.Reverse();
        return ValueTask.FromResult(new Page([.. rows.Select(row => TimelineEntry.From(row, room.Actor.Person, row.AnswerCount))], cursor, hasMore, room.Reach));
    }, ct);
}
