using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Goals;

/// <summary>What a goal is for.</summary>
public enum GoalKind
{
    /// <summary>What the patient wants of life: "te voet naar de nachtmis".</summary>
    Life = 0,

    /// <summary>What care aims at so that a life goal comes nearer: "gewicht hoogstens 77 kg".</summary>
    Care = 1,
}

/// <summary>Where a goal stands: FHIR goal-status, with achievementStatus where it says more.</summary>
public enum GoalState
{
    Proposed = 0,
    Active = 1,
    OnHold = 2,
    Achieved = 3,
    NotAchieved = 4,
    Cancelled = 5,

    /// <summary>It was never meant: entered in error.</summary>
    Mistaken = 6,
}

/// <summary>Which values reach a target.</summary>
public enum TargetSide
{
    /// <summary>This value or less.</summary>
    AtMost = 0,

    /// <summary>This value or more.</summary>
    AtLeast = 1,

    /// <summary>From one value to the other, both included.</summary>
    Between = 2,
}

/// <summary>When a goal is reached: a quantity that is measured, or words.</summary>
public sealed record GoalTarget
{
    /// <summary>LOINC code of what is measured; null when words say it.</summary>
    public string? Loinc { get; init; }
    public TargetSide Side { get; init; }

    /// <summary>In the unit in which the quantity is drawn: the limit, or the low end of a range.</summary>
    public decimal? Value { get; init; }

    /// <summary>High end of a range.</summary>
    public decimal? High { get; init; }

    /// <summary>Unit as its source wrote it, for what the portal does not know.</summary>
    public string? Unit { get; init; }

    /// <summary>What is aimed at in words: "400 meter met rollator"; or the name of what is measured, when the portal does not know it.</summary>
    public string? Words { get; init; }

    /// <summary>By when, a day on the Belgian calendar.</summary>
    public DateOnly? Due { get; init; }

    /// <summary>It can be measured.</summary>
    public bool IsMeasured => Loinc is not null && Value is not null;

    /// <summary>Does this value reach it?</summary>
    public bool IsMet(decimal value) => Side switch
    {
        TargetSide.AtMost => value <= Value,
        TargetSide.AtLeast => value >= Value,
        _ => value >= Value && value <= High,
    };

    /// <summary>Does it say something that can be reached?</summary>
    internal bool IsSound => Loinc is null ? Value is null && High is null : Value is not null && (Side == TargetSide.Between ? High > Value : High is null);
}

/// <summary>A remark on how it goes.</summary>
public sealed record GoalRemark(string Words, string? By, DateTime? At);

/// <summary>A goal of a patient. Kept as a FHIR Goal; every change is a version with its author. Immutable.</summary>
public sealed record CareGoal
{
    /// <summary>Most remarks that are shown; all are kept.</summary>
    internal const int MostRemarks = 20;

    public required string Id { get; init; }
    public required PatientId Patient { get; init; }
    public int Version { get; init; }
    public required GoalKind Kind { get; init; }

    /// <summary>The goal, of a life goal in the patient's own words.</summary>
    public required string Words { get; init; }
    public GoalState State { get; init; }

    /// <summary>Why it is where it is: of a goal that rests, failed or was dropped.</summary>
    public string? Reason { get; init; }

    /// <summary>Whose words they are.</summary>
    public TaskParty? By { get; init; }

    /// <summary>Who wrote them down, when that was somebody else.</summary>
    public TaskParty? WrittenBy { get; init; }

    /// <summary>Who sees to it; null for a goal that nobody carries in particular.</summary>
    public TaskParty? Owner { get; init; }

    /// <summary>The life goal that a care goal serves, <c>Goal/x</c>.</summary>
    public string? Serves { get; init; }
    public GoalTarget? Target { get; init; }

    /// <summary>Words of what else its source says: more targets, what it addresses.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];
    public IReadOnlyList<GoalRemark> Remarks { get; init; } = [];

    /// <summary>From when on, a day on the Belgian calendar.</summary>
    public DateOnly? Start { get; init; }

    /// <summary>When it came where it stands.</summary>
    public DateOnly? StateSince { get; init; }
    public Audience Audience { get; init; } = Audience.WholeTeam;

    /// <summary>The goal as others name it.</summary>
    public string Reference => $"Goal/{Id}";
    public bool IsOpen => State is GoalState.Proposed or GoalState.Active or GoalState.OnHold;

    /// <summary>Steps that a goal may take from where it stands; closed goals can be taken up again.</summary>
    public static IReadOnlyList<GoalState> After(GoalState state) => state switch
    {
        GoalState.Proposed => [GoalState.Active, GoalState.Cancelled],
        GoalState.Active => [GoalState.Achieved, GoalState.NotAchieved, GoalState.OnHold, GoalState.Cancelled],
        GoalState.OnHold => [GoalState.Active, GoalState.Achieved, GoalState.NotAchieved, GoalState.Cancelled],
        GoalState.Mistaken => [],
        _ => [GoalState.Active],
    };

    /// <summary>To rest, to fail or to be dropped is explained.</summary>
    public static bool NeedsReason(GoalState to) => to is GoalState.OnHold or GoalState.NotAchieved or GoalState.Cancelled or GoalState.Mistaken;
}

/// <summary>Somebody with what decides their part in a goal.</summary>
/// <param name="SpeaksForPatient">The patient, or a proxy whom the patient named.</param>
/// <param name="MayCare">A professional who answers for care and may write goals.</param>
public sealed record GoalActor(PersonId Person, bool SpeaksForPatient, bool MayCare)
{
    /// <summary>May write a goal at all.</summary>
    public bool MayAdd => SpeaksForPatient || MayCare;

    /// <summary>May say this goal otherwise: the patient all of it; a professional what is no word of the patient's, or what they wrote down for the patient themselves.</summary>
    public bool MayChange(CareGoal goal) => goal.State != GoalState.Mistaken && (SpeaksForPatient || (MayCare && (goal.Kind == GoalKind.Care || goal.WrittenBy?.Person == Person)));

    /// <summary>May say where this goal stands. A life goal ends by who set it; that it was reached a professional may say too.</summary>
    public bool MayMove(CareGoal goal, GoalState to) => to == GoalState.Mistaken
        ? (goal.WrittenBy ?? goal.By)?.Person == Person && goal.State != GoalState.Mistaken
        : CareGoal.After(goal.State).Contains(to) && (SpeaksForPatient || (MayCare && (goal.Kind == GoalKind.Care || goal.WrittenBy?.Person == Person || to == GoalState.Achieved)));
}
