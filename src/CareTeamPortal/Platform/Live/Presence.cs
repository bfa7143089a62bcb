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
        var file = _files.GetOrAdd(patient, _ => new File());
        var stay = new Stay(this, patient, actor, changed, connection);
        lock (file.Stays)
            file.Stays.Add(stay);
        Tell(file, except: stay);
        return stay;
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
                g.Any(s => s.TypingUntil > now && (s.TypingFor & viewer.Audience) != 0)))];
        }
    }

    private void Leave(Stay stay)
    {
        if (!_files.TryGetValue(stay.Patient, out var file))
            return;
        lock (file.Stays)
        {
            file.Stays.Remove(stay);
            if (file.Stays.Count == 0)
                _files.TryRemove(new(stay.Patient, file));
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
        internal DateTimeOffset TypingUntil { get; private set; }
        internal Audience TypingFor { get; private set; }

        /// <summary>A key was struck in a text meant for this audience.</summary>
        public void Typing(Audience audience)
        {
            var now = _presence.Now;
            var tell = TypingUntil < now + TypingLasts / 2 || TypingFor != audience;
            TypingUntil = now + TypingLasts;
            TypingFor = audience;
            if (tell && _presence._files.TryGetValue(_patient, out var file))
                Tell(file, except: this);
        }

        /// <summary>The text was sent or left.</summary>
        public void StopTyping()
        {
            if (TypingUntil == default)
                return;
            TypingUntil = default;
            if (_presence._files.TryGetValue(_patient, out var file))
                Tell(file, except: this);
        }

        public void Dispose()
        {
            if (_connection is not null)
                _connection.Changed -= TellOthers;
            _presence.Leave(this);
        }

        private void TellOthers()
        {
            if (_presence._files.TryGetValue(_patient, out var file))
                Tell(file, except: this);
        }
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private sealed class File
    {
        public List<Stay> Stays { get; } = [];
    }
}

/// <summary>Somebody who has the file open.</summary>
internal sealed record PersonHere(Actor Actor, bool IsTyping);
