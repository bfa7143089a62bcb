using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// The entries of an open feed, in the parts in which they are drawn: what is planned, what arrived since the first read, and the pages that were
/// read. What arrives goes to its place in time once, however often it is told; a part is drawn again only when it changed.
/// </summary>
internal sealed class FeedList(TimeProvider clock)
{
    /// <summary>A part is drawn as a whole, so parts stay small: arrivals go to a part of their own, and what was read is cut.</summary>
    private const int MostArrived = 8;
    private const int CutAfter = 10;

    /// <summary>So many parts above a page that came may show longer courses because of it.</summary>
    private const int PartsToPutLonger = 10;

    /// <summary>A page that stays open for days holds about this much while the reader is at its top: the oldest go and are read again by scrolling.</summary>
    private const int LeastHeld = 50;

    private readonly List<TimelineEntry> _waiting = [];
    private readonly HashSet<Part> _stale = [];

    /// <summary>A run of entries that is drawn as one.</summary>
    internal sealed class Part
    {
        /// <summary>Newest first.</summary>
        public List<TimelineEntry> Entries { get; init; } = [];
        public IReadOnlyList<RowView> Rows { get; set; } = [];

        /// <summary>Where on the page it is drawn. A part that begins takes over the place of the one that leaves, with what its component has allocated.</summary>
        public object Place { get; init; } = new();

        /// <summary>The component that draws it.</summary>
        public TimelineChunk? DrawnBy { get; set; }
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

    // What answers refer to and no part holds; null for what the reader may not see or what was taken back.
    private readonly Dictionary<long, TimelineEntry?> _asked = [];

    /// <summary>Measurements that the reader wants one by one.</summary>
    public HashSet<string> Apart { get; } = new(StringComparer.Ordinal);

    /// <summary>The reader is at the top of the feed and not typing: nothing below is being read.</summary>
    public bool AtTop { get; set; } = true;

    private List<Part> _pages = [];
    private long _newestHeld; // the highest number that was ever taken in: what is higher is held nowhere

    /// <summary>All parts, newest first.</summary>
    public IEnumerable<Part> Parts => _pages.Prepend(Arrived).Prepend(Planned);

    // The same by number: hundreds of open pages go through their parts with each commit.
    private int PartCount => _pages.Count + 2;

    private Part PartAt(int number) => number switch { 0 => Planned, 1 => Arrived, _ => _pages[number - 2] };

    public bool IsEmpty
    {
        get
        {
            for (var i = 0; i < PartCount; i++)
            {
                if (PartAt(i).Entries.Count > 0)
                    return false;
            }
            return true;
        }
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Starts with a page that was read.</summary>
    /// <param name="jumped">It does not begin at the newest entry.</param>
    public void Begin(IReadOnlyList<TimelineEntry> entries, bool hasOlder, bool jumped)
    {
        Hold(entries);
        var now = Now;
        var ahead = jumped ? 0 : entries.TakeWhile(e => e.Time > now).Count();
        Planned = new() { Entries = [.. entries.Take(ahead)] };
        Arrived = new();
        _pages = Cut([.. entries.Skip(ahead)]);
        HasOlder = hasOlder;
        HasNewer = jumped;
        _waiting.Clear();
        Threads.Clear();
        _asked.Clear();
        _stale.Clear();
        _stale.UnionWith(Parts);
    }

    /// <summary>Numbers of what answers refer to, of which nothing is known yet.</summary>
    public IReadOnlyCollection<long> Unnamed()
    {
        HashSet<long>? unnamed = null;
        for (var i = 0; i < PartCount; i++)
        {
            if (!_stale.Contains(PartAt(i)))
                continue; // what is drawn was named then
            foreach (var entry in PartAt(i).Entries)
            {
                if (entry.AnswersSeq is { } root && !_asked.ContainsKey(root) && !Holds(root))
                    (unnamed ??= []).Add(root);
            }
        }

        return unnamed ?? [];
    }

    /// <summary>Takes in what was read about them.</summary>
    public void Name(IReadOnlyCollection<long> unnamed, IReadOnlyList<TimelineEntry> found)
    {
        foreach (var number in unnamed)
            _asked[number] = null;
        foreach (var entry in found)
            _asked[entry.Seq] = entry.Retracted ? null : entry;
    }

    /// <summary>Every entry of which the words are known, by number: also those that only answers name.</summary>
    public Dictionary<long, TimelineEntry> Known()
    {
        var known = BySeq();
        foreach (var (number, entry) in _asked)
        {
            if (entry is not null)
                known.TryAdd(number, entry);
        }

        return known;
    }

    private bool Holds(long seq)
    {
        for (var i = 0; i < PartCount; i++)
        {
            if (IndexOf(PartAt(i), seq) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>The last entry in reading order, below which the next page goes; null when nothing was read.</summary>
    public TimelineEntry? Oldest => Parts.Reverse().FirstOrDefault(p => p.Entries.Count > 0)?.Entries[^1];

    /// <summary>The first entry of the pages, above which the page of newer entries goes.</summary>
    public TimelineEntry? Newest
    {
        get
        {
            foreach (var page in _pages)
            {
                if (page.Entries.Count > 0)
                    return page.Entries[0];
            }
            return null;
        }
    }

    /// <summary>Puts a page of older entries below.</summary>
    public void AddOlder(IReadOnlyList<TimelineEntry> entries, bool hasOlder)
    {
        var above = _pages[^1];
        var pages = Cut(NotHeld(entries));
        _pages.AddRange(pages);
        HasOlder = hasOlder;
        _stale.UnionWith(pages);
        _stale.Add(above); // who was accountable, and the course of its last values, go on in the page that came
        foreach (var page in _pages.SkipLast(pages.Count).TakeLast(PartsToPutLonger).Where(p => p.Rows.Any(r => r.Values.Count > 0 && (r.Trend is null || r.Trend.Shape.Dots.Count < RowViews.LongestCourse))))
            _stale.Add(page);
    }

    /// <summary>Puts a page of newer entries above, after a jump.</summary>
    public void AddNewer(IReadOnlyList<TimelineEntry> entries, bool hasNewer)
    {
        var pages = Cut(NotHeld(entries));
        _pages.InsertRange(0, pages);
        HasNewer = hasNewer;
        _stale.UnionWith(pages);
    }

    private List<TimelineEntry> NotHeld(IReadOnlyList<TimelineEntry> entries)
    {
        Hold(entries);
        var known = BySeq();
        return [.. entries.Where(e => !known.ContainsKey(e.Seq))];
    }

    private void Hold(IReadOnlyList<TimelineEntry> entries)
    {
        foreach (var entry in entries)
            _newestHeld = Math.Max(_newestHeld, entry.Seq);
    }

    /// <summary>Small parts, none of which ends within a card; one empty part when there is nothing.</summary>
    private static List<Part> Cut(IReadOnlyList<TimelineEntry> entries)
    {
        var parts = new List<Part> { new() };
        for (var i = 0; i < entries.Count; i++)
        {
            if (parts[^1].Entries.Count >= CutAfter && !RowViews.MayShareCard(entries[i - 1], entries[i]))
                parts.Add(new());
            parts[^1].Entries.Add(entries[i]);
        }
        return parts;
    }

    /// <summary>Takes in an entry that was committed or changed.</summary>
    /// <param name="hold">The reader is elsewhere or typing: what is new waits, what changed changes where it stands.</param>
    /// <param name="fits">The entry passes the filter.</param>
    /// <returns>Whether a pin was set or taken away.</returns>
    public bool Take(TimelineEntry entry, bool hold, bool fits)
    {
        var pins = entry.PinnedAt is not null;
        if (_asked.Count > 0 && _asked.ContainsKey(entry.Seq))
        {
            _asked[entry.Seq] = entry.Retracted ? null : entry;
            Touch(e => e.AnswersSeq == entry.Seq);
        }

        var mayBeHeld = entry.Seq <= _newestHeld;
        _newestHeld = Math.Max(_newestHeld, entry.Seq);
        for (var i = 0; mayBeHeld && i < PartCount; i++)
        {
            var part = PartAt(i);
            var at = IndexOf(part, entry.Seq);
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
        var waits = _waiting.Count == 0 ? -1 : _waiting.FindIndex(e => e.Seq == entry.Seq);
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
        var stale = new List<Part>(_stale.Count);
        for (var i = 0; i < PartCount; i++)
        {
            if (_stale.Contains(PartAt(i)))
                stale.Add(PartAt(i));
        }
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
            var at = IndexOf(part, root);
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
        if (Arrived.Entries.Count >= MostArrived && IsNewer(entry, Arrived.Entries[0]))
            CloseArrived();
        if (Newest is not { } newest || IsNewer(entry, newest))
        {
            Insert(Arrived, entry);
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
        Arrived = new() { Place = AtTop && Shorten() is { } left ? left.Place : new() };
    }

    /// <summary>Lets the oldest parts go; the last of them, null when all stay.</summary>
    private Part? Shorten()
    {
        Part? left = null;
        var held = Planned.Entries.Count + _pages.Sum(p => p.Entries.Count);
        while (_pages.Count > 2 && held - _pages[^1].Entries.Count >= LeastHeld)
        {
            left = _pages[^1];
            held -= left.Entries.Count;
            _stale.Remove(left);
            foreach (var entry in left.Entries)
                Threads.Remove(RowViews.KeyOf(entry));
            _pages.RemoveAt(_pages.Count - 1); // still there: it is read again by scrolling
            HasOlder = true;
        }
        return left;
    }

    private void Insert(Part part, TimelineEntry entry)
    {
        var at = 0;
        while (at < part.Entries.Count && !IsNewer(entry, part.Entries[at]))
            at++;
        part.Entries.Insert(at, entry);
        _stale.Add(part);
        if (at == 0 && _pages.IndexOf(part) is > 0 and var index)
            _stale.Add(_pages[index - 1]); // another entry follows its last one now
    }

    private static int IndexOf(Part part, long seq)
    {
        for (var i = 0; i < part.Entries.Count; i++)
        {
            if (part.Entries[i].Seq == seq)
                return i;
        }
        return -1;
    }

    /// <summary>The first entry below a part; null at the end.</summary>
    public TimelineEntry? Below(Part part)
    {
        var found = false;
        for (var i = 0; i < PartCount; i++)
        {
            var here = PartAt(i);
            if (found && here.Entries.Count > 0)
                return here.Entries[0];
            found |= here == part;
        }
        return null;
    }

    private static bool IsNewer(TimelineEntry one, TimelineEntry other) => one.Time != other.Time ? one.Time > other.Time : one.Seq > other.Seq;
}
