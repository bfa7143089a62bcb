using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Rules;

/// <summary>One version of the sharing rules, as people read it.</summary>
/// <param name="Json">The text by which whoever acts on it says which one they saw.</param>
/// <param name="IsStale">A draft or proposal that began from another version than the one in force: somebody published meanwhile.</param>
public sealed record RuleVersion(int Number, RuleState State, RuleDocument Table, string Json, string? MadeBy, DateTime MadeAt, PersonId? ProposedById, string? ProposedBy, DateTime? ProposedAt, string? ApprovedBy, DateTime? ApprovedAt, string? Note, bool IsStale);

/// <summary>What became of something that an officer did with the rules.</summary>
public abstract record RuleResult
{
    /// <summary>It is done.</summary>
    /// <param name="Number">The version.</param>
    public sealed record Done(int Number) : RuleResult;

    /// <summary>Only governance officers write rules.</summary>
    public sealed record NotYours : RuleResult;

    /// <summary>It is not there any more, or not in the state in which it was seen.</summary>
    public sealed record ChangedMeanwhile : RuleResult;

    /// <summary>Another version was published since it was begun: it would take that one back unseen.</summary>
    /// <param name="Current">The version in force.</param>
    public sealed record Stale(int Current) : RuleResult;

    /// <summary>Who proposed it does not approve it: that is for another officer.</summary>
    public sealed record OwnProposal : RuleResult;

    /// <summary>It says the same as the version in force.</summary>
    public sealed record NothingChanges : RuleResult;

    /// <summary>Too long a note.</summary>
    public sealed record NoteTooLong(int Most) : RuleResult;

    /// <summary>A table that cannot decide.</summary>
    public sealed record Nonsense(IReadOnlyList<RuleFault> Faults) : RuleResult;
}

/// <summary>Who writes the rules.</summary>
internal static class RuleOfficers
{
    /// <summary>Longest reason that goes with a version.</summary>
    public const int LongestNote = 1_000;

    public static bool IsOfficer(Actor actor) => actor.Discipline == Discipline.GovernanceOfficer;

    /// <summary>Whether a version began from another one than is in force.</summary>
    public static bool IsStale(RuleDocument table, int current) => (table.BasedOn ?? 0) != current;
}
