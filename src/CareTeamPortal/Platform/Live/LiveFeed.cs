using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// Wakes whoever watches a patient on this node. Carries a cursor and no content: each subscriber re-reads through its own room,
/// so order and exactly-once come from the cursor, never from here.
/// </summary>
internal sealed class LiveFeed
{
    private readonly ConcurrentDictionary<PatientId, ImmutableArray<Subscription>> _watched = new();

    /// <summary>Patients that somebody on this node watches, with the newest cursor known here.</summary>
    public IReadOnlyCollection<PatientId> Watched => (IReadOnlyCollection<PatientId>)_watched.Keys;

    /// <summary>How many watch; tests assert zero after disposal.</summary>
    public int SubscriberCount => _watched.Values.Sum(s => s.Length);

    /// <summary>Called after a commit. Never waits.</summary>
    public void Publish(PatientId patient, long cursor)
    {
        if (_watched.TryGetValue(patient, out var subscriptions))
        {
            foreach (var subscription in subscriptions)
                subscription.Wake(cursor);
        }
    }

    /// <summary>Begins to watch; dispose to stop. Subscribe first, load then, so that nothing falls in between.</summary>
    public Subscription Subscribe(PatientId patient)
    {
        var subscription = new Subscription(this, patient);
        _watched.AddOrUpdate(patient, [subscription], (_, present) => present.Add(subscription));
        return subscription;
    }

    /// <summary>Begins to watch several files through one slot, for lists; which of them changed the list finds out by reading.</summary>
    public Subscription Subscribe(IReadOnlyCollection<PatientId> patients)
    {
        var subscription = new Subscription(this, [.. patients.Distinct()]);
        foreach (var patient in subscription.Patients)
            _watched.AddOrUpdate(patient, [subscription], (_, present) => present.Add(subscription));
        return subscription;
    }

    private void Remove(Subscription subscription)
    {
        foreach (var patient in subscription.Patients)
            Remove(patient, subscription);
    }

    private void Remove(PatientId patient, Subscription subscription)
    {
        while (_watched.TryGetValue(patient, out var present))
        {
            var rest = present.Remove(subscription);
            if (rest.IsEmpty
                ? ((ICollection<KeyValuePair<PatientId, ImmutableArray<Subscription>>>)_watched).Remove(new(patient, present))
                : _watched.TryUpdate(patient, rest, present))
                return;
        }
    }

    /// <summary>One watcher: a slot for the newest cursor; what was not read yet is overwritten.</summary>
    internal sealed class Subscription : IDisposable
    {
        private readonly LiveFeed _feed;
        private readonly Channel<long> _slot = Channel.CreateBounded<long>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        private int _disposed;

        internal Subscription(LiveFeed feed, params ImmutableArray<PatientId> patients) => (_feed, Patients) = (feed, patients);

        public ImmutableArray<PatientId> Patients { get; }

        /// <summary>The first of them; most watch one.</summary>
        public PatientId Patient => Patients[0];

        /// <summary>The wake-ups, newest only.</summary>
        public ChannelReader<long> Wakes => _slot.Reader;

        internal void Wake(long cursor) => _slot.Writer.TryWrite(cursor);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            _feed.Remove(this);
            _slot.Writer.TryComplete();
        }
    }
}
