using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What was committed after a cursor: new entries and changed ones, in the order of the commits. Viewers with the same reach share one read.</summary>
internal sealed class ReadArrivals(CareDesk desk, SharedReads shared) : PatientUseCase<ReadArrivals.Request, ReadArrivals.Arrivals>(desk)
{
    private const int Most = 200;

    /// <param name="After">The cursor up to which the caller knows everything.</param>
    internal sealed record Request(long After);

    /// <param name="Cursor">Ask after this the next time.</param>
    /// <param name="HasMore">More has come than fits; ask again at once.</param>
    internal sealed record Arrivals(IReadOnlyList<TimelineEntry> Entries, long Cursor, bool HasMore);

    protected override CareAction Needs => CareAction.Read;

    protected override async Task<Arrivals> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var read = await shared.GetAsync((room.Patient, room.Reach, request.After), () => room.ReadAsync((reader, _) =>
        {
            var rows = TimelineSql.After(reader.Session, room.Patient, room.Reach, request.After, Most);
            return ValueTask.FromResult(new SharedReads.Read(
                [.. rows.Select(row => (row, row.ResourceType == "Communication" ? TimelineSql.CountAnswers(reader.Session, room.Patient, room.Reach, row.Seq) : 0))]));
        }, CancellationToken.None));
        return new Arrivals(
            [.. read.Rows.Select(r => TimelineEntry.From(r.Row, room.Actor.Person, r.Answers))],
            read.Rows.Count == 0 ? request.After : read.Rows[^1].Row.Cursor,
            read.Rows.Count == Most);
    }
}

/// <summary>
/// One read for all viewers who ask the same at the same moment. A result is kept only while it can still be the newest: the next commit in the
/// file, or a tenth of a second, ends it.
/// </summary>
internal sealed class SharedReads(TimeProvider clock)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(PatientId, Reach, long), (long Begun, Lazy<Task<Read>> Task)> _reads = new();

    internal sealed record Read(IReadOnlyList<(EntryRow Row, int Answers)> Rows);

    /// <summary>The running or just finished read for this key, else a new one.</summary>
    public async Task<Read> GetAsync((PatientId, Reach, long) key, Func<Task<Read>> read)
    {
        while (true)
        {
            if (_reads.TryGetValue(key, out var present) && clock.GetElapsedTime(present.Begun) < Lasts)
            {
                var result = await present.Task.Value;
                // An empty answer may be older than the commit that woke this caller: look for oneself.
                if (result.Rows.Count > 0)
                    return result;
                return await read();
            }

            if (_reads.Count > 1_000)
                _reads.Clear();
            var mine = (clock.GetTimestamp(), new Lazy<Task<Read>>(read));
            if (present.Task is null ? _reads.TryAdd(key, mine) : _reads.TryUpdate(key, mine, present))
                return await mine.Item2.Value;
        }
    }
}
