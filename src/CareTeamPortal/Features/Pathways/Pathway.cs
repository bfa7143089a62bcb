using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What has become of a pathway. Stored as a number: append, never renumber.</summary>
public enum PathwayStatus
{
    Active = 0,
    Completed = 1,

    /// <summary>Somebody stopped it, with a reason.</summary>
    Stopped = 2,

    /// <summary>It should never have been there.</summary>
    Mistaken = 3,
}

/// <summary>How far a step is. Stored as a number: append, never renumber.</summary>
public enum StepState
{
    /// <summary>Nothing was made for it yet; whoever plays its role, or who leads the pathway, answers for it.</summary>
    Planned = 0,

    /// <summary>Asked of somebody who has not taken it on.</summary>
    Waiting = 1,
    Open = 2,

    /// <summary>It goes on: a quantity is measured, or the next of a series is still to come.</summary>
    Running = 3,
    Done = 4,

    /// <summary>Left out, with a reason unless it was optional.</summary>
    Skipped = 5,

    /// <summary>Whoever was asked refused: somebody else has to be found.</summary>
    Refused = 6,

    /// <summary>What was made for it was cancelled or failed.</summary>
    Dropped = 7,

    /// <summary>Of a hand-off: it was offered and waits for its acceptance.</summary>
    Offered = 8,
}

/// <summary>In what a pathway was not followed. Stored as a number: append, never renumber.</summary>
public enum DeviationKind
{
    Skip = 0,
    Delay = 1,

    /// <summary>Something else was done or chosen.</summary>
    Other = 2,

    /// <summary>A phase ended or began otherwise than its criteria say.</summary>
    Phase = 3,

    /// <summary>A step that the template does not have.</summary>
    Added = 4,

    /// <summary>A hand-off that was done outside the portal: nobody accepted it here.</summary>
    Outside = 5,
}

/// <summary>Why, in one of a few kinds that can be counted; the words say the rest. Stored as a number: append, never renumber.</summary>
public enum DeviationReason
{
    /// <summary>The patient wants it otherwise.</summary>
    PatientWish = 0,

    /// <summary>The patient's condition.</summary>
    Condition = 1,

    /// <summary>It was done elsewhere, or is not needed.</summary>
    NotNeeded = 2,

    /// <summary>Nobody or nothing was available.</summary>
    NotAvailable = 3,

    /// <summary>Something else has to be known or done first.</summary>
    WaitsForOther = 4,
    Other = 5,
}

/// <summary>A part to play, and who plays it for this patient.</summary>
public sealed record PathwayRole(string Id, string Title, TaskParty Party);

/// <summary>A phase of this patient's pathway. Times are UTC.</summary>
public sealed record PathwayPhase
{
    public required string Id { get; init; }
    public required string Title { get; init; }
    public required DateTime PlannedFrom { get; init; }

    /// <summary>Null: as long as it takes.</summary>
    public DateTime? PlannedUntil { get; init; }
    public string? Entry { get; init; }
    public string? Exit { get; init; }
    public DateTime? EnteredAt { get; init; }
    public DateTime? LeftAt { get; init; }

    /// <summary>Who said that it ended.</summary>
    public TaskParty? LeftBy { get; init; }

    /// <summary>Its criteria were met when it ended.</summary>
    public bool ByCriteria { get; init; }

    public bool IsCurrent => EnteredAt is not null && LeftAt is null;
}

/// <summary>A step of this patient's pathway: as the template has it, adapted. Times are UTC.</summary>
public sealed record PathwayStep
{
    public required string Id { get; init; }
    public required string Phase { get; init; }
    public required StepKind Kind { get; init; }
    public required string Title { get; init; }
    public string? Detail { get; init; }

    /// <summary>Id of its role; of a step that a person added none.</summary>
    public string? Role { get; init; }

    /// <summary>Who does it.</summary>
    public required TaskParty Owner { get; init; }

    /// <summary>By when when the pathway started: what a delay is measured by.</summary>
    public required DateTime Planned { get; init; }

    /// <summary>By when now.</summary>
    public required DateTime Due { get; init; }
    public RepeatRule? Repeat { get; init; }
    public IReadOnlyList<string> Checklist { get; init; } = [];
    public bool IsOptional { get; init; }
    public TaskPriority Priority { get; init; }
    public bool ForProfessionals { get; init; }

    /// <summary>The goal that it serves, <c>Goal/x</c>.</summary>
    public string? Goal { get; init; }

    /// <summary>Of a measurement: what; of a task: the result that it brings.</summary>
    public string? Loinc { get; init; }
    public IReadOnlyList<AlertRule> Limits { get; init; } = [];

    /// <summary>Of a hand-off: who receives, and which part of care.</summary>
    public TaskParty? Receiver { get; init; }
    public string? Scope { get; init; }
    public string? Questionnaire { get; init; }

    /// <summary>Where its numbers come from.</summary>
    public string? Source { get; init; }
    public bool ToConfirm { get; init; }

    /// <summary>What was made for it or taken over, <c>Type/id</c>; of a series the first. Null: planned.</summary>
    public string? Made { get; init; }

    /// <summary>It was there before the pathway.</summary>
    public bool Reused { get; init; }

    /// <summary>Left out.</summary>
    public bool Skipped { get; init; }

    /// <summary>It is not in the template: a person added it.</summary>
    public bool Added { get; init; }

    /// <summary>When it was done, where that is the pathway's to say: a result that was there, a text that was told.</summary>
    public DateTime? DoneAt { get; init; }
}

/// <summary>That somebody did otherwise than planned: what it was, what it became, why, who and when.</summary>
public sealed record Deviation
{
    public required string Id { get; init; }
    public required DeviationKind Kind { get; init; }

    /// <summary>Step that it is about; null: the pathway or a phase.</summary>
    public string? Step { get; init; }

    /// <summary>What it is about, in words.</summary>
    public required string About { get; init; }

    /// <summary>As it was, and as it became.</summary>
    public string? Old { get; init; }
    public string? New { get; init; }
    public required DeviationReason Reason { get; init; }
    public required string Words { get; init; }
    public required TaskParty By { get; init; }
    public required DateTime At { get; init; }

    /// <summary>The step is not shown to the patient and family; nor is this.</summary>
    public bool ForProfessionals { get; init; }
}

/// <summary>
/// A pathway that runs for one patient: which phase, who plays which part, what was made for each step, where it was done otherwise. Kept as a FHIR CarePlan;
/// what only professionals see stands in a second one that is part of it, so that nothing of it is in what family and patient can read. Immutable.
/// </summary>
public sealed record Pathway
{
    public required string Id { get; init; }
    public required PatientId Patient { get; init; }
    public int Version { get; init; }

    /// <summary>Version of the part for professionals; 0: there is none.</summary>
    public int PartVersion { get; init; }
    public required string Template { get; init; }
    public required int TemplateVersion { get; init; }
    public required string Title { get; init; }
    public string? Purpose { get; init; }
    public PathwayStatus Status { get; init; }
    public required DateTime StartedAt { get; init; }
    public DateTime? EndedAt { get; init; }
    public string? EndReason { get; init; }

    /// <summary>Who started it, and answers for what nobody else does.</summary>
    public required TaskParty Lead { get; init; }
    public IReadOnlyList<PathwayPhase> Phases { get; init; } = [];
    public IReadOnlyList<PathwayRole> Roles { get; init; } = [];
    public IReadOnlyList<PathwayStep> Steps { get; init; } = [];
    public IReadOnlyList<Deviation> Deviations { get; init; } = [];

    /// <summary>The goals that it serves, <c>Goal/x</c>.</summary>
    public IReadOnlyList<string> Goals { get; init; } = [];

    /// <summary>Whole team; professionals when there is nothing in it for anybody else.</summary>
    public Audience Audience { get; init; } = Audience.WholeTeam;

    public bool IsActive => Status == PathwayStatus.Active;
    public PathwayPhase? Current => Phases.FirstOrDefault(p => p.IsCurrent);

    /// <summary>Id of the CarePlan that holds what only professionals see.</summary>
    public static string PartOf(string id) => id + "-p";

    /// <summary>The id of the pathway that a CarePlan belongs to.</summary>
    public static string IdOf(string plan) => plan.EndsWith("-p", StringComparison.Ordinal) ? plan[..^2] : plan;

    /// <summary>When something of a template is due, UTC: so many hours after the start, or before a day in Belgium is over.</summary>
    public static DateTime DueOf(StepTime time, DateTime start) => time.Hours is { } hours ? start.AddHours(hours) : EndOf(BelgianTime.DayOf(start).AddDays(time.Day));

    /// <summary>The last minute of a day in Belgium, UTC: how the portal writes "before that day is over".</summary>
    public static DateTime EndOf(DateOnly day) => BelgianTime.ToUtc(day, new TimeOnly(23, 59));
}
