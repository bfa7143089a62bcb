using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Live;

/// <summary>Who has a file open now, and who is typing for whom. In memory: it is about this moment only.</summary>
internal sealed class Presence(TimeProvider clock)
{
    /// <summary>Somebody types until this long after the last key.</summary>
    public static readonly TimeSpan TypingLasts = TimeSpan.FromSeconds(6);

    private readonly ConcurrentDictionary<PatientId, File> _files = new();

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
            return stay;
        }
    }

    /// <summary>Who else is here, each person once. Typing shows only to those for whom the text is meant.</summary>
    public IReadOnlyList<PersonHere> Here(PatientId patient, PersonId notThis, Reach viewer)
    {
        if (!_files.TryGetValue(patient, out var file))
            return [];
        var now = clock.GetUtcNow();
        lock (file.Stays)
        {
            return [.. file.Stays.Where(s => s.IsHere && s.Actor.Person != notThis).GroupBy(s => s.Actor.Person).Select(g => new PersonHere(
                g.First().Actor,
                g.Any(s => s.TypingNow is var typing && typing.Until > now && (typing.For & viewer.Audience) != 0)))];
        }
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
    }

    private static void Tell(File file, Stay except)
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
            if (_presence._files.TryGetValue(_patient, out var file))
                Tell(file, except: this);
        }
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private ITimer Timer(Action lapse) => clock.CreateTimer(_ => lapse(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private sealed class File
    {
        public List<Stay> Stays { get; } = [];
        public bool IsClosed { get; set; }
    }
}

/// <summary>Somebody who has the file open.</summary>
internal sealed record PersonHere(Actor Actor, bool IsTyping);
