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
    public Stay Enter(PatientId patient, Actor actor, Action changed)
    {
        var file = _files.GetOrAdd(patient, _ => new File());
        var stay = new Stay(this, patient, actor, changed);
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
            return [.. file.Stays.Where(s => s.Actor.Person != notThis).GroupBy(s => s.Actor.Person).Select(g => new PersonHere(
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
    internal sealed class Stay(Presence presence, PatientId patient, Actor actor, Action changed) : IDisposable
    {
        public PatientId Patient => patient;
        public Actor Actor => actor;
        internal Action Changed => changed;
        internal DateTimeOffset TypingUntil { get; private set; }
        internal Audience TypingFor { get; private set; }

        /// <summary>A key was struck in a text meant for this audience.</summary>
        public void Typing(Audience audience)
        {
            var now = presence.Now;
            var tell = TypingUntil < now + TypingLasts / 2 || TypingFor != audience;
            TypingUntil = now + TypingLasts;
            TypingFor = audience;
            if (tell && presence._files.TryGetValue(patient, out var file))
                Tell(file, except: this);
        }

        /// <summary>The text was sent or left.</summary>
        public void StopTyping()
        {
            if (TypingUntil == default)
                return;
            TypingUntil = default;
            if (presence._files.TryGetValue(patient, out var file))
                Tell(file, except: this);
        }

        public void Dispose() => presence.Leave(this);
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private sealed class File
    {
        public List<Stay> Stays { get; } = [];
    }
}

/// <summary>Somebody who has the file open.</summary>
internal sealed record PersonHere(Actor Actor, bool IsTyping);
