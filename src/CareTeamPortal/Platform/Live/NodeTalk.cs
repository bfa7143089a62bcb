using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// What this node has to tell the others, and what it does with what they tell. A file is mentioned once, with its newest commit, however many commits wait to be told: nothing queues up while
/// a broker is away, and nobody who commits ever waits here. Whatever is lost on the way is found by <see cref="CursorRelay"/> in the database.
/// </summary>
internal sealed class NodeTalk : IDisposable
{
    /// <summary>So many files at most in one message.</summary>
    private const int MostFiles = 500;

    private readonly LiveFeed _live;
    private readonly Presence _presence;
    private readonly PeopleDirectory _people;
    private readonly ConcurrentDictionary<PatientId, (long Cursor, Topics Topics)> _commits = new();
    private readonly ConcurrentDictionary<PatientId, bool> _visits = new();
    private readonly SemaphoreSlim _something = new(0, 1);

    public NodeTalk(LiveFeed live, Presence presence, PeopleDirectory people)
    {
        (_live, _presence, _people) = (live, presence, people);
        live.Committed += OnCommit;
        presence.ChangedHere += OnVisit;
    }

    /// <summary>This node among the others; another at each start.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Waits until there is something to tell.</summary>
    public Task WaitAsync(CancellationToken ct) => _something.WaitAsync(ct);

    /// <summary>Takes what is to be told now; null when nothing is.</summary>
    public NodeMessage? Take()
    {
        var commits = new List<NodeMessage.Commit>();
        foreach (var (patient, _) in _commits)
        {
            if (commits.Count < MostFiles && _commits.TryRemove(patient, out var newest))
                commits.Add(new(patient.Value, newest.Cursor, newest.Topics));
        }

        var visits = new List<NodeMessage.OpenFile>();
        foreach (var (patient, _) in _visits)
        {
            if (visits.Count < MostFiles && _visits.TryRemove(patient, out var _))
                visits.Add(new(patient.Value, [.. _presence.OnThisNode(patient).Select(p => new NodeMessage.Visitor(p.Actor.Person.Value, (int)p.TypesFor))]));
        }

        if (!_commits.IsEmpty || !_visits.IsEmpty)
            Wake();
        return commits.Count == 0 && visits.Count == 0 ? null : new(Node, commits, visits);
    }

    /// <summary>Tells again who has which files open here: others forget it otherwise, and who joins now does not know it yet.</summary>
    public void SayAgain()
    {
        foreach (var patient in _presence.Open)
            _visits[patient] = true;
        _presence.ForgetSilentNodes();
        Wake();
    }

    /// <summary>Takes in what another node says.</summary>
    public void Hear(NodeMessage message)
    {
        if (message.Node == Node)
            return;
        foreach (var (patient, cursor, topics) in message.Commits)
            _live.PublishFromElsewhere(new PatientId(patient), cursor, topics);
        foreach (var (patient, people) in message.Here)
        {
            // Whom this node does not know yet (an account made a moment ago) is named the next time it is said.
            _presence.Heard(message.Node, new PatientId(patient), [.. people.Select(p => (Actor: _people.ActorFor(new PersonId(p.Person)), p.TypesFor)).Where(p => p.Actor is not null).Select(p => new PersonHere(p.Actor!, (Audience)p.TypesFor & Audience.WholeTeam))]);
        }
    }

    private void OnCommit(PatientId patient, long cursor, Topics topics)
    {
        _commits.AddOrUpdate(patient, (cursor, topics), (_, waiting) => (Math.Max(waiting.Cursor, cursor), waiting.Topics | topics));
        Wake();
    }

    private void OnVisit(PatientId patient)
    {
        _visits[patient] = true;
        Wake();
    }

    private void Wake()
    {
        if (_something.CurrentCount > 0)
            return;
        try
        {
            _something.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in between.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _live.Committed -= OnCommit;
        _presence.ChangedHere -= OnVisit;
        _something.Dispose();
    }
}
