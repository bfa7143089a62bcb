using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>How a hand-off is told.</summary>
public enum HandoffProtocol
{
    /// <summary>Illness severity, patient summary, action list, situation awareness, synthesis by the receiver.</summary>
    IPass,

    /// <summary>Identification, situation, background, assessment, recommendation: for urgent calls.</summary>
    Isbar,
}

/// <summary>I-PASS: illness severity.</summary>
public enum IllnessSeverity
{
    Stable,
    Watcher,
    Unstable,
}

/// <summary>Situation awareness: if this happens, then do that.</summary>
public sealed record Contingency(string If, string Then);

/// <summary>An open task that travels along, with who is proposed to have it afterwards; null: the receiver.</summary>
public sealed record TravellingTask(string TaskId, string Title, TaskParty? NewOwner);

/// <summary>An entry of the timeline from which a fragment came.</summary>
/// <param name="Reference">Entry, <c>Type/id</c>.</param>
public sealed record HandoffSource(string Reference, string Display);

/// <summary>A question of the receiver and the sender's answer.</summary>
public sealed record Clarification(string Question, string AskedBy, DateTime AskedAt, string? Answer = null, string? AnsweredBy = null, DateTime? AnsweredAt = null);

/// <summary>States of a hand-off (standards.md): the business status of its Task.</summary>
public static class HandoffStatus
{
    public const string Offered = "offered";
    public const string Opened = "opened";
    public const string ClarificationAsked = "clarification-asked";
    public const string ClarificationAnswered = "clarification-answered";
    public const string Accepted = "accepted";
    public const string Declined = "declined";
    public const string Withdrawn = "withdrawn";
    public const string Escalated = "escalated";
    public const string Ended = "ended";

    public static IReadOnlyList<string> All { get; } = [Offered, Opened, ClarificationAsked, ClarificationAnswered, Accepted, Declined, Withdrawn, Escalated, Ended];
}

/// <summary>The parts of a hand-off.</summary>
public sealed record HandoffContent
{
    public HandoffProtocol Protocol { get; init; }

    /// <summary>The defined part of care; null: all of this patient's care.</summary>
    public string? Scope { get; init; }

    /// <summary>When that part ends, UTC; null: until it is handed on.</summary>
    public DateTime? ScopeUntil { get; init; }
    /// <remarks>Null when the sender did not say: a program may leave it out, and nothing is said in the sender's name.</remarks>
    public IllnessSeverity? Severity { get; init; }

    /// <summary>Why that severity, in a sentence.</summary>
    public string? SeverityNote { get; init; }
    public string Summary { get; init; } = "";

    /// <summary>What has to be done, beside the tasks that travel.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];
    public IReadOnlyList<Contingency> Contingencies { get; init; } = [];
    public string? Identification { get; init; }

    /// <summary>ISBAR: what is going on; I-PASS: what to be aware of.</summary>
    public string? Situation { get; init; }
    public string? Background { get; init; }
    public string? Assessment { get; init; }
    public string? Recommendation { get; init; }
    public IReadOnlyList<TravellingTask> Tasks { get; init; } = [];

    /// <summary>Who is asked when the first declines.</summary>
    public TaskParty? SecondReceiver { get; init; }

    /// <summary>The receiver becomes the care coordinator.</summary>
    public bool MovesCoordinator { get; init; }
    public IReadOnlyList<Clarification> Clarifications { get; init; } = [];

    /// <summary>Entries behind what is told.</summary>
    public IReadOnlyList<HandoffSource> Sources { get; init; } = [];

    /// <summary>What the sender could not fill in; the receiver sees that it is open.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>The referral that it carries out, <c>ServiceRequest/x</c>.</summary>
    public string? BasedOn { get; init; }

    /// <summary>The hand-off that this one follows (it was declined, or care is given back), its id.</summary>
    public string? Follows { get; init; }

    /// <summary>What it tells of: whoever may not see all of it cannot take it.</summary>
    public InformationCategory Tells { get; init; } = DefaultTells;

    /// <summary>What every hand-off tells of.</summary>
    public const InformationCategory DefaultTells = InformationCategory.Tasks | InformationCategory.Notes;

    /// <summary>Whether two name the same part of care (or both all of it).</summary>
    public static bool IsSamePart(string? one, string? other) => string.Equals(one?.Trim(), other?.Trim(), StringComparison.CurrentCultureIgnoreCase);

    /// <summary>Whether another content tells the same: what the sender said, not what was asked about it since, nor what the portal adds.</summary>
    public bool TellsTheSame(HandoffContent other) =>
        (Protocol, Scope, ScopeUntil, Severity, SeverityNote, MovesCoordinator) == (other.Protocol, other.Scope, other.ScopeUntil, other.Severity, other.SeverityNote, other.MovesCoordinator)
        && (Summary, Identification, Situation, Background, Assessment, Recommendation) == (other.Summary, other.Identification, other.Situation, other.Background, other.Assessment, other.Recommendation)
        && Actions.SequenceEqual(other.Actions) && Contingencies.SequenceEqual(other.Contingencies) && Tasks.Select(t => t.TaskId).SequenceEqual(other.Tasks.Select(t => t.TaskId))
        && Tasks.Zip(other.Tasks).All(t => IsSame(t.First.NewOwner, t.Second.NewOwner)) && IsSame(SecondReceiver, other.SecondReceiver);

    private static bool IsSame(TaskParty? one, TaskParty? other) => one is null ? other is null : one.IsSame(other);

    /// <summary>Synthesis by the receiver, in the receiver's words.</summary>
    public string? ReadBack { get; init; }
}
