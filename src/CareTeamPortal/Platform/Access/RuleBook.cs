using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Platform.Access;

/// <summary>
/// Holds the sharing rules that are in force on this node. Every look at a right brings the number of the published version with it, and lists across files
/// look at most once a second, so that a publication elsewhere is followed.
/// </summary>
internal sealed class RuleBook
{
    private static readonly Lazy<SharingRules> First = new(() => new SharingRules(1, RuleDocuments.Parse(RuleDocuments.First())));
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile SharingRules _current = First.Value;
    private long _lookedAt;

    // Only a publication sets it, inside its own transaction; everybody else sees what is committed.
    private readonly AsyncLocal<SharingRules?> _coming = new();
    private volatile bool _publishing;

    /// <summary>The version in force, at most a second old. Within <see cref="As{T}"/> the one that is being published.</summary>
    public SharingRules Current => _publishing && _coming.Value is { } coming ? coming : _current;

    /// <summary>Does what follows from a version in the transaction that publishes it: until that is committed, it decides for this work and for nobody else.</summary>
    public T As<T>(SharingRules coming, Func<T> work)
    {
        (_publishing, _coming.Value) = (true, coming);
        try
        {
            return work();
        }
        finally
        {
            _coming.Value = null;
        }
    }

    /// <summary>Another version is in force: what is open has to be read again.</summary>
    public event Action? Changed;

    /// <summary>Takes over the version with this number when it is another one than ours; 0 when the database keeps none.</summary>
    public SharingRules Follow(DbSession session, int number)
    {
        var current = _current;
        return number == 0 || number == current.Number || RuleSql.Find(session, number) is not { } row ? current : Hold(new SharingRules(row.Number, RuleDocuments.Parse(row.Json)));
    }

    /// <summary>The version in force, looked up when the last look is a second old.</summary>
    public SharingRules Look(DbSession session, DateTime now)
    {
        var last = Interlocked.Read(ref _lookedAt);
        if (now.Ticks - last < LookEvery.Ticks && now.Ticks >= last)
            return _current;
        Interlocked.Exchange(ref _lookedAt, now.Ticks);
        return Follow(session, RuleSql.CurrentNumber(session) ?? 0);
    }

    private SharingRules Hold(SharingRules rules)
    {
        lock (_gate)
        {
            if (_current.Number >= rules.Number)
                return _current; // versions only go on
            _current = rules;
        }

        Changed?.Invoke();
        return rules;
    }
}
