using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Pathways;

/// <summary>A hand-off as a step shows it.</summary>
/// <param name="To">Who is asked, or accepted.</param>
public sealed record StepHandoff(string Id, TaskState State, string? To);

/// <summary>A step as a page shows it.</summary>
/// <param name="Owner">Who has it, or is asked; of a planned step who will.</param>
/// <param name="Accountable">Who answers for it now.</param>
/// <param name="Asked">Who was asked and has not taken it on, when that is not the owner.</param>
/// <param name="Task">Id of the task that it is now; null when there is none that the viewer may see.</param>
/// <param name="IsMine">The viewer has it or is asked.</param>
/// <param name="Handoff">The hand-off that was offered for it last, when the viewer may see it.</param>
public sealed record StepView(PathwayStep Step, string Pathway, string PathwayTitle, StepState State, DateTime Due, DateTime? DoneAt, string? Owner, CareLine? Line, string? Accountable, string? Asked, string? Task, bool IsMine, bool Late, bool Today, bool Deviates, StepHandoff? Handoff = null)
{
    /// <summary>The other running pathways that count on the same task or measuring plan.</summary>
    public IReadOnlyList<string> AlsoFor { get; init; } = [];

    public string Key => $"{Pathway}/{Step.Id}";

    /// <summary>Nothing more has to be done for it before its phase may end.</summary>
    public bool IsThrough => State is StepState.Done or StepState.Skipped || Step.IsOptional || Step.Kind == StepKind.Information || State == StepState.Running || Step.Repeat is not null && DoneAt is not null;
}

/// <summary>A phase as a page shows it.</summary>
/// <param name="Progress">How much of the planned time is over, 0 to 1; null outside the present phase.</param>
public sealed record PhaseView(PathwayPhase Phase, IReadOnlyList<StepView> Steps, double? Progress)
{
    /// <summary>Steps that count: what is told and what was left out do not.</summary>
    public IEnumerable<StepView> Counted => Steps.Where(s => s.Step.Kind != StepKind.Information && s.State != StepState.Skipped);

    /// <summary>Everything that has to be done before it ends is done.</summary>
    public bool IsThrough => Steps.All(s => s.IsThrough);
}

/// <summary>One pathway as a page shows it.</summary>
/// <param name="NewVersion">A newer version of its template; null: it follows the newest.</param>
public sealed record PathwayView(Pathway Pathway, IReadOnlyList<PhaseView> Phases, DateTime? SlipAt, int? NewVersion)
{
    public IEnumerable<StepView> Steps => Phases.SelectMany(p => p.Steps);

    /// <summary>Day of the pathway, from 0.</summary>
    public int DayOf(DateTime now) => Platform.Time.BelgianTime.DayOf(now).DayNumber - Platform.Time.BelgianTime.DayOf(Pathway.StartedAt).DayNumber;
}

/// <summary>Two things that get in each other's way.</summary>
/// <param name="Quantity">Two limits for this quantity; null: two tasks of one kind in a week.</param>
public sealed record PathwayConflict(string What, string First, string Second, DateTime? At, string? Quantity = null)
{
    /// <summary>Two targets of goals, not two limits.</summary>
    public bool IsTarget { get; init; }
}

/// <summary>Pathways of one patient.</summary>
/// <param name="MayChange">The viewer may start and change pathways here.</param>
/// <param name="Shared">The viewer is shown goals and plans at all.</param>
public sealed record PathwaysView(IReadOnlyList<PathwayView> Pathways, IReadOnlyList<PathwayConflict> Conflicts, bool MayChange, bool Shared);
