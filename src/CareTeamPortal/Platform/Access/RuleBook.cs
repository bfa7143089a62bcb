
namespace CareTeamPortal.Platform.Access;

/// <summary>Holds the sharing rules that are in force.</summary>
internal sealed class RuleBook
{
    private static readonly Lazy<SharingRules> First = new(() => new SharingRules(1, RuleDocuments.Parse(RuleDocuments.First())));

    private volatile SharingRules _current = First.Value;

    /// <summary>The version in force, at most a second old.</summary>
    public SharingRules Current => _current;
}
