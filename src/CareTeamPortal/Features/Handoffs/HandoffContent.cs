using CareTeamPortal.Features.Tasks;

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
    public IllnessSeverity Severity { get; init; }
    public string Summary { get; init; } = "";

    /// <summary>What has to be done, beside the tasks that travel.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];
    public IReadOnlyList<Contingency> Contingencies { get; init; } = [];
    public string? Identification { get; init; }
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

    /// <summary>Synthesis by the receiver, in the receiver's words.</summary>
    public string? ReadBack { get; init; }
}
