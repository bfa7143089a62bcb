using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Live;

/// <summary>Who has a file open now, and who is typing for whom. In memory: it is about this moment only. What other nodes say of theirs is kept until they say something else, or nothing any more.</summary>
internal sealed class Presence(TimeProvider clock)
{
    /// <summary>What another node said counts for this long; it says it again well before.</summary>
    public static readonly TimeSpan ElsewhereLasts = TimeSpan.FromSeconds(15);

    /// <summary>Somebody types until this long after the last key.</summary>
    public static readonly TimeSpan TypingLasts = TimeSpan.FromSeconds(6);

    private readonly ConcurrentDictionary<PatientId, File> _files = new();
    private readonly ConcurrentDictionary<PatientId, ImmutableDictionary<string, Said>> _elsewhere = new();

    /// <summary>Somebody on this node came, went, or began or stopped typing; for whoever tells the other nodes. Must not wait.</summary>
    public event Action<PatientId>? ChangedHere;

    /// <summary>Files that somebody on this node has open.</summary>
    public IEnumerable<PatientId> Open => _files.Select(f => f.Key);

    /// <summary>Who has this file open on this node, each person once, with the audience of what they type.</summary>
    public IReadOnlyList<PersonHere> OnThisNode(PatientId patient)
    {
        if (!_files.TryGetValue(patient, out var file))
            return [];
        var now = clock.GetUtcNow();
        lock (file.Stays)
            return [.. file.Stays.Where(s => s.IsHere).GroupBy(s => s.Actor.Person).Select(g => new PersonHere(g.First().Actor, g.Aggregate(Audience.None, (all, s) => s.TypingNow is var typing && typing.Until > now ? all | typing.For : all)))];
    }

    /// <summary>Another node says who has this file open there now.</summary>
    public void Heard(string node, PatientId patient, IReadOnlyList<PersonHere> people)
    {
        var said = new Said(clock.GetUtcNow() + ElsewhereLasts, people);
        while (true)
        {
            var before = _elsewhere.GetValueOrDefault(patient, NobodySaid);
            var after = people.Count == 0 ? before.Remove(node) : before.SetItem(node, said);
            if (!Replace(patient, before, after))
                continue;
            if (!(before.TryGetValue(node, out var known) ? known.People : []).SequenceEqual(people))
                Tell(patient);
            return;
        }
    }

    /// <summary>Forgets what nodes said that say nothing any more. Called every few seconds where there are other nodes.</summary>
    public void ForgetSilentNodes()
    {
        var now = clock.GetUtcNow();
        foreach (var (patient, before) in _elsewhere)
        {
            var after = before.RemoveRange(before.Where(said => said.Value.Until <= now).Select(said => said.Key));
            if (after != before && Replace(patient, before, after))
                Tell(patient);
        }
    }

    private bool Replace(PatientId patient, ImmutableDictionary<string, Said> before, ImmutableDictionary<string, Said> after) =>
        after.IsEmpty ? before.IsEmpty || _elsewhere.TryRemove(new(patient, before))
        : before.IsEmpty ? _elsewhere.TryAdd(patient, after)
        : _elsewhere.TryUpdate(patient, after, before);

    private void Tell(PatientId patient)
    {
        if (_files.TryGetValue(patient, out var file))
            Tell(file, except: null);
    }

    /// <summary>Enters a file; dispose to leave. <paramref name="changed"/> is called, on any thread, when somebody comes, goes, or begins or stops typing.</summary>
    /// <param name="connection">The page's own connection; while it is down nobody is here.</param>
    public Stay Enter(PatientId patient, Actor actor, Action changed, CircuitConnection? connection = null)
    {
        var stay = new Stay(this, patient, actor, changed, connection);
        while (true)
        {
            var file = _files.GetOrAdd(patient, _ => new File());
            lock (file.Stays)
            {
                if (file.IsClosed)
                    continue; // the last one left in between; the next round makes a new one
                file.Stays.Add(stay);
            }

            Tell(file, except: stay);
            ChangedHere?.Invoke(patient);
            return stay;
        }
    }

    /// <summary>Who else is here, each person once. Typing shows only to those for whom the text is meant.</summary>
    public IReadOnlyList<PersonHere> Here(PatientId patient, PersonId notThis, Reach viewer)
    {
        var here = OnThisNode(patient);
        if (_elsewhere.TryGetValue(patient, out var elsewhere))
        {
            var now = clock.GetUtcNow();
            here = [.. here.Concat(elsewhere.Values.Where(said => said.Until > now).SelectMany(said => said.People))
                .GroupBy(p => p.Actor.Person).Select(g => new PersonHere(g.First().Actor, g.Aggregate(Audience.None, (all, p) => all | p.TypesFor)))];
        }

        return [.. here.Where(p => p.Actor.Person != notThis).Select(p => p with { TypesFor = p.TypesFor & viewer.Audience })];
    }

    private void Leave(Stay stay)
    {
        if (!_files.TryGetValue(stay.Patient, out var file))
            return;
        lock (file.Stays)
        {
            if (!file.Stays.Remove(stay))
                return;
            if (file.Stays.Count == 0)
            {
                file.IsClosed = true;
                _files.TryRemove(new(stay.Patient, file));
            }
        }

        Tell(file, except: stay);
        ChangedHere?.Invoke(stay.Patient);
    }

    private static void Tell(File file, Stay? except)
    {
        Stay[] others;
        lock (file.Stays)
            others = [.. file.Stays.Where(s => s != except)];
        foreach (var other in others)
            other.Changed();
    }

    /// <summary>One open page.</summary>
    internal sealed class Stay : IDisposable
    {
        private readonly Presence _presence;
        private readonly PatientId _patient;
        private readonly Actor _actor;
        private readonly Action _changed;
        private readonly CircuitConnection? _connection;
        private readonly Lock _gate = new();
        private (DateTimeOffset Until, Audience For) _typing;
        private ITimer? _ends; // made at the first key and gone with the page
        private bool _gone;

        internal Stay(Presence presence, PatientId patient, Actor actor, Action changed, CircuitConnection? connection)
        {
            (_presence, _patient, _actor, _changed, _connection) = (presence, patient, actor, changed, connection);
            if (_connection is not null)
                _connection.Changed += TellOthers;
        }

        internal bool IsHere => _connection?.IsUp ?? true;
        public PatientId Patient => _patient;
        public Actor Actor => _actor;
        internal Action Changed => _changed;

        /// <summary>Until when, and for whom, this page counts as typing.</summary>
        internal (DateTimeOffset Until, Audience For) TypingNow
        {
            get
            {
                lock (_gate)
                    return _typing;
            }
        }

        /// <summary>A key was struck in a text meant for this audience.</summary>
        public void Typing(Audience audience)
        {
            bool tell;
            lock (_gate)
            {
                if (_gone)
                    return;
                var now = _presence.Now;
                tell = _typing.Until <= now || _typing.For != audience;
                _typing = (now + TypingLasts, audience);
                _ends ??= _presence.Timer(Lapse);
                _ends.Change(TypingLasts, Timeout.InfiniteTimeSpan);
            }

            if (tell)
                TellOthers();
        }

        /// <summary>The text was sent or left.</summary>
        public void StopTyping()
        {
            lock (_gate)
            {
                if (_typing.Until <= _presence.Now)
                    return;
                _typing = default;
                _ends?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            TellOthers();
        }

        // Nobody strikes a key any more: those who look on are told, or they would see "is typing" until something else happens.
        private void Lapse()
        {
            lock (_gate)
            {
                if (_typing.Until > _presence.Now)
                    return;
            }

            TellOthers();
        }

        public void Dispose()
        {
            if (_connection is not null)
                _connection.Changed -= TellOthers;
            lock (_gate)
            {
                _gone = true;
                _typing = default;
                _ends?.Dispose();
            }

            _presence.Leave(this);
        }

        private void TellOthers()
        {
            if (!_presence._files.TryGetValue(_patient, out var file))
                return;
            Tell(file, except: this);
            _presence.ChangedHere?.Invoke(_patient);
        }
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private ITimer Timer(Action lapse) => clock.CreateTimer(_ => lapse(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private static readonly ImmutableDictionary<string, Said> NobodySaid = ImmutableDictionary<string, Said>.Empty;

    /// <summary>What another node said, and until when it counts.</summary>
    private sealed record Said(DateTimeOffset Until, IReadOnlyList<PersonHere> People);

    private sealed class File
    {
        public List<Stay> Stays { get; } = [];
        public bool IsClosed { get; set; }
    }
}

/// <summary>Somebody who has the file open.</summary>
/// <param name="TypesFor">For whom what they are typing is meant; nobody when they type nothing.</param>
internal sealed record PersonHere(Actor Actor, Audience TypesFor)
{
    /// <summary>They type something that the viewer may read.</summary>
    public bool IsTyping => TypesFor != Audience.None;
}
