using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// The entries of an open feed, in the parts in which they are drawn: what is planned, what arrived since the first read, and the pages that were
/// read. What arrives goes to its place in time once, however often it is told; a part is drawn again only when it changed.
/// </summary>
internal sealed class FeedList(TimeProvider clock)
{
    /// <summary>An arrival draws its part again, so that part stays small: what is full becomes a page.</summary>
    private const int MostArrived = 6;

    /// <summary>A page that stays open for days holds no more than this while the reader is at the top.</summary>
    private const int MostHeld = 400;

    private readonly List<TimelineEntry> _waiting = [];
    private readonly HashSet<Part> _stale = [];

    /// <summary>A run of entries that is drawn as one.</summary>
    internal sealed class Part
    {
        /// <summary>Newest first.</summary>
        public List<TimelineEntry> Entries { get; init; } = [];
        public IReadOnlyList<RowView> Rows { get; set; } = [];
    }

    /// <summary>Still to come, newest first; empty after a jump to a date.</summary>
    public Part Planned { get; private set; } = new();

    /// <summary>Newer than all that was read at first.</summary>
    public Part Arrived { get; private set; } = new();
    public IReadOnlyList<Part> Pages => _pages;

    /// <summary>Came while the reader was elsewhere or typing.</summary>
    public IReadOnlyList<TimelineEntry> Waiting => _waiting;

    /// <summary>There is older.</summary>
    public bool HasOlder { get; private set; }

    /// <summary>The reader jumped to a date: there is newer that was not read.</summary>
    public bool HasNewer { get; private set; }

    /// <summary>Answers under a root that is open, by the root's key, oldest first.</summary>
    public Dictionary<string, IReadOnlyList<TimelineEntry>> Threads { get; } = new(StringComparer.Ordinal);

    /// <summary>Measurements that the reader wants one by one.</summary>
    public HashSet<string> Apart { get; } = new(StringComparer.Ordinal);

    private List<Part> _pages = [];

    /// <summary>All parts, newest first.</summary>
    public IEnumerable<Part> Parts => _pages.Prepend(Arrived).Prepend(Planned);

    public bool IsEmpty => Parts.All(p => p.Entries.Count == 0);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Starts with a page that was read.</summary>
    /// <param name="jumped">It does not begin at the newest entry.</param>
    public void Begin(IReadOnlyList<TimelineEntry> entries, bool hasOlder, bool jumped)
    {
        var now = Now;
        var ahead = jumped ? 0 : entries.TakeWhile(e => e.Time > now).Count();
        Planned = new() { Entries = [.. entries.Take(ahead)] };
        Arrived = new();
        _pages = [new() { Entries = [.. entries.Skip(ahead)] }];
        HasOlder = hasOlder;
        HasNewer = jumped;
        _waiting.Clear();
        Threads.Clear();
        _stale.Clear();
        _stale.UnionWith(Parts);
    }

    /// <summary>The last entry in reading order, below which the next page goes; null when nothing was read.</summary>
    public TimelineEntry? Oldest => Parts.Reverse().FirstOrDefault(p => p.Entries.Count > 0)?.Entries[^1];

    /// <summary>The first entry of the pages, above which the page of newer entries goes.</summary>
    public TimelineEntry? Newest => _pages.FirstOrDefault(p => p.Entries.Count > 0)?.Entries[0];

    /// <summary>Puts a page of older entries below.</summary>
    public void AddOlder(IReadOnlyList<TimelineEntry> entries, bool hasOlder)
    {
        var known = BySeq();
        var above = _pages[^1];
        var page = new Part { Entries = [.. entries.Where(e => !known.ContainsKey(e.Seq))] };
        _pages.Add(page);
        HasOlder = hasOlder;
        _stale.Add(page);
        if (above.Rows.Any(r => r.Values.Count > 0 && r.Trend is null))
            _stale.Add(above); // the course of its last values goes on in the page that came
    }

    /// <summary>Puts a page of newer entries above, after a jump.</summary>
    public void AddNewer(IReadOnlyList<TimelineEntry> entries, bool hasNewer)
    {
        var known = BySeq();
        var page = new Part { Entries = [.. entries.Where(e => !known.ContainsKey(e.Seq))] };
        _pages.Insert(0, page);
        HasNewer = hasNewer;
        _stale.Add(page);
    }

    /// <summary>Takes in an entry that was committed or changed.</summary>
    /// <param name="hold">The reader is elsewhere or typing: what is new waits, what changed changes where it stands.</param>
    /// <param name="fits">The entry passes the filter.</param>
    /// <returns>Whether a pin was set or taken away.</returns>
    public bool Take(TimelineEntry entry, bool hold, bool fits)
    {
        var pins = entry.PinnedAt is not null;
        foreach (var part in Parts)
        {
            var at = part.Entries.FindIndex(e => e.Seq == entry.Seq);
            if (at < 0)
                continue;
            pins = part.Entries[at].PinnedAt != entry.PinnedAt;
            _stale.Add(part);
            if (part.Entries[at].Time == entry.Time)
            {
                part.Entries[at] = entry;
                TellThread(entry, isNew: false);
                return pins;
            }
            part.Entries.RemoveAt(at); // moved in time: it goes to its new place below
            break;
        }
        var waits = _waiting.FindIndex(e => e.Seq == entry.Seq);
        if (waits >= 0)
        {
            _waiting[waits] = entry;
            return pins;
        }
        TellThread(entry, isNew: entry.Version == 1 && !entry.Retracted);
        if (!fits)
            return pins;
        if (HasNewer || (hold && !entry.IsOwn))
            _waiting.Add(entry);
        else
            Put(entry);
        return pins;
    }

    /// <summary>Puts what waited in its place.</summary>
    public void Release()
    {
        foreach (var entry in _waiting)
            Put(entry);
        _waiting.Clear();
    }

    /// <summary>Marks the part that holds an entry for drawing again.</summary>
    public void Touch(long seq) => _stale.UnionWith(Parts.Where(p => p.Entries.Any(e => e.Seq == seq)));

    /// <summary>Marks the parts that hold such an entry for drawing again.</summary>
    public void Touch(Func<TimelineEntry, bool> which) => _stale.UnionWith(Parts.Where(p => p.Entries.Any(which)));

    /// <summary>The parts that changed since the last time.</summary>
    public IReadOnlyList<Part> TakeStale()
    {
        List<Part> stale = [.. Parts.Where(_stale.Contains)];
        _stale.Clear();
        return stale;
    }

    /// <summary>Every entry that is held, by number.</summary>
    public Dictionary<long, TimelineEntry> BySeq()
    {
        var known = new Dictionary<long, TimelineEntry>();
        foreach (var entry in Parts.SelectMany(p => p.Entries))
            known[entry.Seq] = entry;
        return known;
    }

    /// <summary>The entry behind a row or an answer; null when it is not held.</summary>
    public TimelineEntry? Find(string key) => Parts.SelectMany(p => p.Entries).Concat(Threads.Values.SelectMany(t => t)).FirstOrDefault(e => RowViews.KeyOf(e) == key);

    /// <summary>An answer belongs to a thread that may be open, and counts at its root.</summary>
    private void TellThread(TimelineEntry entry, bool isNew)
    {
        if (entry.AnswersSeq is not { } root)
            return;
        foreach (var (key, answers) in Threads)
        {
            if (answers.Count > 0 && answers[0].AnswersSeq == root)
            {
                Threads[key] = [.. answers.Where(a => a.Seq != entry.Seq).Append(entry).OrderBy(a => a.Time).ThenBy(a => a.Seq)];
                break;
            }
        }
        foreach (var part in Parts)
        {
            var at = part.Entries.FindIndex(e => e.Seq == root);
            if (at < 0)
                continue;
            if (isNew)
                part.Entries[at] = part.Entries[at] with { AnswerCount = part.Entries[at].AnswerCount + 1 };
            _stale.Add(part);
        }
    }

    /// <summary>At its place in time; what is older than all that was read comes by scrolling.</summary>
    private void Put(TimelineEntry entry)
    {
        if (!HasNewer && entry.Time > Now)
        {
            Insert(Planned, entry);
            return;
        }
        if (Newest is not { } newest || IsNewer(entry, newest))
        {
            Insert(Arrived, entry);
            if (Arrived.Entries.Count >= MostArrived)
                CloseArrived();
            return;
        }
        var page = _pages.FirstOrDefault(p => p.Entries.Count > 0 && IsNewer(entry, p.Entries[^1]));
        if (page is not null)
            Insert(page, entry);
        else if (!HasOlder)
            Insert(_pages[^1], entry);
    }

    private void CloseArrived()
    {
        _pages.Insert(0, Arrived);
        Arrived = new();
        while (_pages.Count > 2 && _pages.Sum(p => p.Entries.Count) > MostHeld)
        {
            _stale.Remove(_pages[^1]);
            _pages.RemoveAt(_pages.Count - 1); // still there: it is read again by scrolling
            HasOlder = true;
        }
    }

    private void Insert(Part part, TimelineEntry entry)
    {
        var at = part.Entries.FindIndex(e => IsNewer(entry, e));
        part.Entries.Insert(at < 0 ? part.Entries.Count : at, entry);
        _stale.Add(part);
    }

    private static bool IsNewer(TimelineEntry one, TimelineEntry other) => one.Time != other.Time ? one.Time > other.Time : one.Seq > other.Seq;
}
