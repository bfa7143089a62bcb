using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Live;

/// <summary>What a commit may concern; says nothing about its content that a watcher could not see.</summary>
[Flags]
internal enum Topics
{
    None = 0,

    /// <summary>Lines of the timeline.</summary>
    Timeline = 1,

    /// <summary>Tasks and hand-offs.</summary>
    Tasks = 2,

    /// <summary>Who may see what.</summary>
    Rights = 4,

    /// <summary>What stands in the file.</summary>
    Content = Timeline | Tasks,

    /// <summary>Nothing is known of it: everybody looks.</summary>
    All = Content | Rights,
}

/// <summary>
/// Wakes whoever watches a patient on this node. Carries a cursor and no content: each subscriber re-reads through its own room,
/// so order and exactly-once come from the cursor, never from here.
/// </summary>
internal sealed class LiveFeed
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<PatientId, Watchers> _watched = new();
    private readonly Lock _beats = new();
    private ImmutableArray<Action> _onBeat = [];
    private ITimer? _beat;
    private long _watches;

    /// <summary>Patients that somebody on this node watches.</summary>
    public IReadOnlyCollection<PatientId> Watched => (IReadOnlyCollection<PatientId>)_watched.Keys;

    /// <summary>Called with how long it took from the asking for a write to the waking of its watchers. Must not wait.</summary>
    public Action<TimeSpan>? Told { get; set; }

    /// <summary>How many watch; tests assert zero after disposal.</summary>
    public int SubscriberCount => _watched.Values.Sum(w => w.Subscriptions.Length);

    /// <summary>
    /// The newest commit for which the watchers of this patient were woken; null when nobody watches. Who was woken for a commit finds at least that number here.
    /// The watch tells one time of watching from another, because the number begins again when everybody has left.
    /// </summary>
    public (long Watch, long Cursor)? Newest(PatientId patient) => _watched.TryGetValue(patient, out var watchers) ? (watchers.Watch, watchers.Newest) : null;

    /// <summary>After each commit of this node, for whoever tells the other nodes; must not wait.</summary>
    public event Action<PatientId, long, Topics>? Committed;

    /// <summary>Another node may have changed who sees what in this file: what is remembered of it here no longer counts. Comes before anybody is woken.</summary>
    public event Action<PatientId>? RightsChangedElsewhere;

    /// <summary>Called after a commit on this node. Never waits; who watches here is woken before the other nodes hear of it.</summary>
    /// <param name="topics">What it may concern. Two hundred open pages that a note wakes need not each look at their tasks.</param>
    public void Publish(PatientId patient, long cursor, Topics topics = Topics.All)
    {
        Wake(patient, cursor, topics);
        Committed?.Invoke(patient, cursor, topics);
    }

    /// <summary>Called when a commit of another node or process is heard of, or found in the database. Never waits; hearing of it twice wakes once.</summary>
    /// <param name="topics">What it may concern, when that is known.</param>
    public void PublishFromElsewhere(PatientId patient, long cursor, Topics topics = Topics.All)
    {
        if (_watched.TryGetValue(patient, out var watchers) && watchers.Newest < cursor)
            Wake(patient, cursor, topics, elsewhere: true);
    }

    private void Wake(PatientId patient, long cursor, Topics topics, bool elsewhere = false)
    {
        while (_watched.TryGetValue(patient, out var watchers))
        {
            if (watchers.Newest < cursor && !_watched.TryUpdate(patient, watchers with { Newest = cursor }, watchers))
                continue;
            if (watchers.Newest != cursor - 1)
                topics = Topics.All; // there was a commit in between of which nobody here heard yet (another node's), and nothing is known of it
            if (topics.HasFlag(Topics.Rights) && (elsewhere || watchers.Newest != cursor - 1))
                RightsChangedElsewhere?.Invoke(patient);
            Wake(watchers.Subscriptions, cursor, topics);
            return;
        }
    }

    /// <summary>Everyone who watches anything looks again: what they may see changed, not what is there.</summary>
    public void WakeAll()
    {
        foreach (var watchers in _watched.Values)
            Wake(watchers.Subscriptions, watchers.Newest, Topics.All);
    }

    private static void Wake(ImmutableArray<Subscription> subscriptions, long cursor, Topics topics)
    {
        var called = 0;
        foreach (var subscription in subscriptions)
            called += subscription.Wake(cursor, topics) ? 1 : 0;
        if (called == 0)
            return;
        for (var from = 0; from < subscriptions.Length; from += Carrier.Most)
            ThreadPool.UnsafeQueueUserWorkItem(new Carrier(subscriptions, from, topics), preferLocal: false);
    }

    /// <summary>Takes the news round to some of the open pages, one after the other on one thread: an item of the thread pool for each page would cost a tenth of what the page draws.</summary>
    private sealed class Carrier(ImmutableArray<Subscription> subscriptions, int from, Topics topics) : IThreadPoolWorkItem
    {
        /// <summary>Few enough that the pages of a file are spread over the processors.</summary>
        public const int Most = 32;

        public void Execute()
        {
            for (var i = from; i < Math.Min(from + Most, subscriptions.Length); i++)
                subscriptions[i].Call(topics);
        }
    }

    /// <summary>Begins to watch; dispose to stop. Subscribe first, load then, so that nothing falls in between.</summary>
    /// <param name="topics">Wakes for these alone.</param>
    public Subscription Subscribe(PatientId patient, Topics topics = Topics.All)
    {
        var subscription = new Subscription(this, topics, patient);
        Add(patient, subscription);
        return subscription;
    }

    /// <summary>Begins to watch and is called, on any thread, after each commit; the call must not wait.</summary>
    /// <param name="topics">Called for these alone.</param>
    public Subscription Subscribe(PatientId patient, Topics topics, Action woken)
    {
        var subscription = new Subscription(this, topics, patient) { Woken = woken };
        Add(patient, subscription);
        return subscription;
    }

    /// <summary>Begins to watch several files through one slot, for lists; which of them changed the list finds out by reading.</summary>
    public Subscription Subscribe(IReadOnlyCollection<PatientId> patients, Topics topics = Topics.All)
    {
        var subscription = new Subscription(this, topics, [.. patients.Distinct()]);
        foreach (var patient in subscription.Patients)
            Add(patient, subscription);
        return subscription;
    }

    /// <summary>Every five seconds, for what no commit wakes. One timer for all open pages: a thread that wakes for each of hundreds of them costs more than what they look up.</summary>
    /// <param name="beat">Called on any thread, one beat at a time; must not wait.</param>
    public void JoinBeat(TimeProvider clock, Action beat)
    {
        lock (_beats)
        {
            _onBeat = _onBeat.Add(beat);
            if (_beat is not null)
                return;
            using (ExecutionContext.SuppressFlow()) // it is nobody's in particular
                _beat = clock.CreateTimer(_ => Beat(), null, BeatEvery, BeatEvery);
        }
    }

    /// <summary>Ends what <see cref="JoinBeat"/> began.</summary>
    public void LeaveBeat(Action beat)
    {
        lock (_beats)
        {
            _onBeat = _onBeat.Remove(beat);
            if (!_onBeat.IsEmpty)
                return;
            _beat?.Dispose();
            _beat = null;
        }
    }

    private void Beat()
    {
        foreach (var beat in _onBeat)
            beat();
    }

    private void Add(PatientId patient, Subscription subscription) =>
        _watched.AddOrUpdate(patient, _ => new Watchers([subscription], Interlocked.Increment(ref _watches), 0), (_, present) => present with { Subscriptions = present.Subscriptions.Add(subscription) });

    private void Remove(Subscription subscription)
    {
        foreach (var patient in subscription.Patients)
            Remove(patient, subscription);
    }

    private void Remove(PatientId patient, Subscription subscription)
    {
        while (_watched.TryGetValue(patient, out var present))
        {
            var rest = present.Subscriptions.Remove(subscription);
            if (rest.IsEmpty
                ? _watched.TryRemove(new(patient, present))
                : _watched.TryUpdate(patient, present with { Subscriptions = rest }, present))
                return;
        }
    }

    private sealed record Watchers(ImmutableArray<Subscription> Subscriptions, long Watch, long Newest);

    /// <summary>One watcher: a slot for the newest cursor; what was not read yet is overwritten.</summary>
    internal sealed class Subscription : IDisposable
    {
        private readonly LiveFeed _feed;
        private readonly Channel<long> _slot = Channel.CreateBounded<long>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        private int _disposed;

        private readonly Topics _topics;

        internal Subscription(LiveFeed feed, Topics topics, params ImmutableArray<PatientId> patients) => (_feed, _topics, Patients) = (feed, topics, patients);

        public ImmutableArray<PatientId> Patients { get; }

        /// <summary>The first of them; most watch one.</summary>
        public PatientId Patient => Patients[0];

        /// <summary>The wake-ups, newest only.</summary>
        public ChannelReader<long> Wakes => _slot.Reader;

        /// <summary>Is called instead of finding wake-ups in the slot.</summary>
        internal Action? Woken { get; init; }

        /// <summary>Leaves the wake-up in the slot; true when it is to be called instead.</summary>
        internal bool Wake(long cursor, Topics topics)
        {
            if ((topics & _topics) == 0)
                return false;
            if (Woken is not null)
                return true;
            _slot.Writer.TryWrite(cursor);
            return false;
        }

        internal void Call(Topics topics)
        {
            if ((topics & _topics) != 0 && Volatile.Read(ref _disposed) == 0)
                Woken?.Invoke();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            _feed.Remove(this);
            _slot.Writer.TryComplete();
        }
    }
}
