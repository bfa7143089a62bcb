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
    private readonly ConcurrentDictionary<PatientId, Watchers> _watched = new();
    private long _watches;

    /// <summary>Patients that somebody on this node watches.</summary>
    public IReadOnlyCollection<PatientId> Watched => (IReadOnlyCollection<PatientId>)_watched.Keys;

    /// <summary>How many watch; tests assert zero after disposal.</summary>
    public int SubscriberCount => _watched.Values.Sum(w => w.Subscriptions.Length);

    /// <summary>
    /// The newest commit for which the watchers of this patient were woken; null when nobody watches. Who was woken for a commit finds at least that number here.
    /// The watch tells one time of watching from another, because the number begins again when everybody has left.
    /// </summary>
    public (long Watch, long Cursor)? Newest(PatientId patient) => _watched.TryGetValue(patient, out var watchers) ? (watchers.Watch, watchers.Newest) : null;

    /// <summary>Called after a commit. Never waits.</summary>
    /// <param name="topics">What it may concern. Two hundred open pages that a note wakes need not each look at their tasks.</param>
    public void Publish(PatientId patient, long cursor, Topics topics = Topics.All)
    {
        while (_watched.TryGetValue(patient, out var watchers))
        {
            if (watchers.Newest < cursor && !_watched.TryUpdate(patient, watchers with { Newest = cursor }, watchers))
                continue;
            if (watchers.Newest != cursor - 1)
                topics = Topics.All; // there was a commit in between of which nobody here heard yet (another node's), and nothing is known of it
            foreach (var subscription in watchers.Subscriptions)
                subscription.Wake(cursor, topics);
            return;
        }
    }

    /// <summary>Everyone who watches anything looks again: what they may see changed, not what is there.</summary>
    public void WakeAll()
    {
        foreach (var watchers in _watched.Values)
        {
            foreach (var subscription in watchers.Subscriptions)
                subscription.Wake(watchers.Newest, Topics.All);
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

    /// <summary>Begins to watch several files through one slot, for lists; which of them changed the list finds out by reading.</summary>
    public Subscription Subscribe(IReadOnlyCollection<PatientId> patients, Topics topics = Topics.All)
    {
        var subscription = new Subscription(this, topics, [.. patients.Distinct()]);
        foreach (var patient in subscription.Patients)
            Add(patient, subscription);
        return subscription;
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

        internal void Wake(long cursor, Topics topics)
        {
            if ((topics & _topics) != 0)
                _slot.Writer.TryWrite(cursor);
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
