using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What was committed after a cursor: new entries and changed ones, in the order of the commits. Viewers with the same reach share one read.</summary>
internal sealed class ReadArrivals(CareDesk desk, SharedReads shared) : PatientUseCase<ReadArrivals.Request, ReadArrivals.Arrivals>(desk)
{
    private const int Most = 200;

    /// <param name="After">The cursor up to which the caller knows everything.</param>
    internal sealed record Request(long After);

    /// <param name="Cursor">Ask after this the next time.</param>
    /// <param name="Reach">By what right it was read: when it is another one, what stands on the page has to be read anew.</param>
    /// <param name="HasMore">More has come than fits; ask again at once.</param>
    internal sealed record Arrivals(IReadOnlyList<TimelineEntry> Entries, long Cursor, bool HasMore, Reach Reach = default);

    protected override CareAction Needs => CareAction.Read;

    protected override async Task<Arrivals> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var read = await shared.GetAsync((room.Patient, room.Reach, request.After), () => room.ReadAsync((reader, _) =>
        {
            var rows = TimelineSql.After(reader.Session, room.Patient, room.Reach, request.After, Most);
            return ValueTask.FromResult(new SharedReads.Read(
                [.. rows.Select(row => TimelineEntry.From(row, default, row.AnswerCount))]));
        }, CancellationToken.None));
        return new Arrivals(
            read.For(room.Actor.Person),
            read.Entries.Count == 0 ? request.After : read.Entries[^1].Cursor,
            read.Entries.Count == Most,
            room.Reach);
    }
}

/// <summary>
/// One read for all viewers who ask the same at the same moment: two hundred open pages woken by one commit read once. A read is shared only with
/// callers whose news it surely holds: it began when the newest commit that woke this node was the same as now, and it is a moment old at most
/// (a commit of another node, which has not woken anybody here yet, brings its own wake-up and with it a new read).
/// </summary>
internal sealed class SharedReads(LiveFeed live, TimeProvider clock)
{
    private const int MostKept = 256;
    private static readonly TimeSpan Lasts = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(PatientId Patient, Reach Reach, long After), Shared> _reads = new();

    /// <param name="Entries">As they are for whoever did not write them.</param>
    internal sealed record Read(IReadOnlyList<TimelineEntry> Entries)
    {
        private volatile Tuple<PersonId, IReadOnlyList<TimelineEntry>>? _own;

        /// <summary>As they are for one reader. Who wrote none of them shares the list itself; the windows of who did share theirs.</summary>
        public IReadOnlyList<TimelineEntry> For(PersonId reader)
        {
            if (_own is { } own && own.Item1 == reader)
                return own.Item2;
            for (var i = 0; i < Entries.Count; i++)
            {
                if (Entries[i].AuthorId != reader)
                    continue;
                IReadOnlyList<TimelineEntry> theirs = [.. Entries.Select(e => e.AuthorId == reader ? e with { IsOwn = true } : e)];
                _own = new(reader, theirs);
                return theirs;
            }

            return Entries;
        }
    }

    /// <summary>The running or just finished read for this key when it holds all that the caller was woken for, else a new one.</summary>
    public Task<Read> GetAsync((PatientId Patient, Reach Reach, long After) key, Func<Task<Read>> read)
    {
        // The number is taken before anything is read: every commit up to it was durable when it was published.
        if (live.Newest(key.Patient) is not { } newest)
            return read(); // nobody was woken, so nothing tells how new a shared read would be
        while (true)
        {
            if (_reads.TryGetValue(key, out var present) && present.Newest == newest && clock.GetElapsedTime(present.Begun) < Lasts && !present.Task.Value.IsFaulted)
                return present.Task.Value;
            if (_reads.Count >= MostKept)
                _reads.Clear();
            var mine = new Shared(newest, clock.GetTimestamp(), new Lazy<Task<Read>>(read));
            if (present is null ? _reads.TryAdd(key, mine) : _reads.TryUpdate(key, mine, present))
                return mine.Task.Value;
        }
    }

    private sealed record Shared((long Watch, long Cursor) Newest, long Begun, Lazy<Task<Read>> Task);
}
