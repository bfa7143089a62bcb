using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What a step of a pathway asks for.</summary>
public enum StepKind
{
    /// <summary>Somebody does something, once or again and again.</summary>
    Task = 0,

    /// <summary>A quantity is measured, with limits.</summary>
    Measuring = 1,

    /// <summary>Responsibility moves from one role to another.</summary>
    Handoff = 2,

    /// <summary>A questionnaire is filled in.</summary>
    Questionnaire = 3,

    /// <summary>The patient or family is told something: a text, no action.</summary>
    Information = 4,
}

/// <summary>FHIR publication-status of a template.</summary>
public enum TemplateStatus
{
    Draft = 0,
    Active = 1,
    Retired = 2,
}

/// <summary>
/// A care pathway as a team agrees on it before there is a patient: a FHIR PlanDefinition, versioned. It says who does what when, in the terms of roles
/// and of days after the start; starting it makes tasks, measuring plans and hand-offs of people and dates.
/// </summary>
public sealed record PathwayTemplate
{
    /// <summary>FHIR id of the PlanDefinition; stays over its versions.</summary>
    public required string Id { get; init; }

    /// <summary>Counts from 1; every published change is the next.</summary>
    public required int Version { get; init; }
    public required string Title { get; init; }

    /// <summary>For whom it is meant and what it is to bring, in a sentence or two.</summary>
    public string? Purpose { get; init; }
    public TemplateStatus Status { get; init; }

    /// <summary>Guidelines and trials that the numbers come from; a step names one by its id.</summary>
    public IReadOnlyList<TemplateSource> Sources { get; init; } = [];
    public IReadOnlyList<TemplateRole> Roles { get; init; } = [];
    public IReadOnlyList<TemplateGoal> Goals { get; init; } = [];

    /// <summary>In the order in which a patient goes through them.</summary>
    public IReadOnlyList<TemplatePhase> Phases { get; init; } = [];

    /// <summary>Every step with its phase, in order.</summary>
    public IEnumerable<(TemplatePhase Phase, TemplateStep Step)> Steps => Phases.SelectMany(p => p.Steps.Select(s => (p, s)));
}

/// <summary>Where something comes from.</summary>
/// <param name="Url">https address of the publication; null when there is none.</param>
public sealed record TemplateSource(string Id, string Label, string? Url = null);

/// <summary>A part to play in a pathway; who plays it is chosen when it starts.</summary>
/// <param name="Disciplines">Who may play it, the most fitting first.</param>
public sealed record TemplateRole(string Id, string Title, IReadOnlyList<Discipline> Disciplines);

/// <summary>A care goal that steps serve.</summary>
/// <param name="Quantity">Key of the measured quantity that shows progress (<see cref="Threshold.Quantity"/>); null when it is not measured.</param>
/// <param name="Target">What is aimed at, in words.</param>
public sealed record TemplateGoal(string Id, string Text, string? Quantity = null, string? Target = null);

/// <summary>What "I feel worse" leads to.</summary>
/// <param name="Contact">Id of the role whose person gets the alert; null: who is accountable for the patient.</param>
/// <param name="Questionnaire">Id of the questionnaire that is offered next; null: none.</param>
/// <param name="Step">Id of the step whose text is shown, such as an action plan; null: the step that asks.</param>
public sealed record TemplateWorse(string? Contact = null, string? Questionnaire = null, string? Step = null);

/// <summary>A part of the pathway between two moments.</summary>
public sealed record TemplatePhase
{
    public required string Id { get; init; }
    public required string Title { get; init; }

    /// <summary>First day, counted from the start of the pathway (day 0).</summary>
    public required int FromDay { get; init; }

    /// <summary>Last day; null: as long as it takes.</summary>
    public int? UntilDay { get; init; }

    /// <summary>What has to be so before it begins, in words.</summary>
    public string? Entry { get; init; }

    /// <summary>What has to be so before it ends, in words. A phase also has to be through with its mandatory steps.</summary>
    public string? Exit { get; init; }
    public IReadOnlyList<TemplateStep> Steps { get; init; } = [];
}

/// <summary>When something is due: before the end of a day in Belgium, or so many hours after the start.</summary>
/// <param name="Day">Days after the start; 0 is the day on which the pathway starts.</param>
/// <param name="Hours">Hours after the moment of the start; then <paramref name="Day"/> is 0.</param>
public readonly record struct StepTime(int Day, int? Hours = null);

/// <summary>One step of a phase.</summary>
public sealed record TemplateStep
{
    public required string Id { get; init; }
    public required StepKind Kind { get; init; }
    public required string Title { get; init; }

    /// <summary>More words, or the whole text of an information step. Markdown.</summary>
    public string? Detail { get; init; }

    /// <summary>Id of the role that does it, measures, fills in, or hands on; of an information step: who tells it.</summary>
    public required string Role { get; init; }
    public StepTime Due { get; init; }

    /// <summary>How often it comes back; null: once. Of a measurement: how often.</summary>
    public RepeatRule? Repeat { get; init; }

    /// <summary>Last day on which it may come back; null: until the pathway ends.</summary>
    public int? RepeatUntilDay { get; init; }
    public IReadOnlyList<string> Checklist { get; init; } = [];

    /// <summary>While it runs, patient and family may say that it goes worse whatever the measurements are; null: this step does not ask for it.</summary>
    public TemplateWorse? Worse { get; init; }

    /// <summary>It may be left out without a reason.</summary>
    public bool IsOptional { get; init; }
    public TaskPriority Priority { get; init; }

    /// <summary>Professionals only, or the whole team with patient and family.</summary>
    public bool ForProfessionals { get; init; }

    /// <summary>Id of the goal that it serves.</summary>
    public string? Goal { get; init; }

    /// <summary>Id of its source.</summary>
    public string? Source { get; init; }

    /// <summary>Comes from general knowledge: shown as "standaard, bevestig" until a clinician confirms it.</summary>
    public bool ToConfirm { get; init; }

    /// <summary>LOINC code of what is measured, also of the result that makes a task superfluous (a blood test that was done last week).</summary>
    public string? Loinc { get; init; }
    public IReadOnlyList<TemplateLimit> Limits { get; init; } = [];

    /// <summary>Of a hand-off: id of the role that receives.</summary>
    public string? ToRole { get; init; }

    /// <summary>Of a hand-off: which part of care; null for all of it.</summary>
    public string? Scope { get; init; }

    /// <summary>Of a questionnaire: its id (<c>Questionnaire/id</c>).</summary>
    public string? Questionnaire { get; init; }
}

/// <summary>A limit as the template has it; starting makes an <see cref="AlertRule"/> of it.</summary>
public sealed record TemplateLimit
{
    public required string Id { get; init; }

    /// <summary>As <see cref="Threshold.Quantity"/>.</summary>
    public required string Quantity { get; init; }
    public required ThresholdKind Kind { get; init; }
    public Side Side { get; init; }
    public decimal? Limit { get; init; }
    public bool OrEqual { get; init; }
    public bool InPercent { get; init; }
    public Window? Window { get; init; }
    public AlertSeverity Severity { get; init; }

    /// <summary>Id of the role that looks at it; null: who is accountable for the patient.</summary>
    public string? Role { get; init; }
    public string? ToDo { get; init; }

    /// <summary>Id of its source.</summary>
    public string? Source { get; init; }
    public bool ToConfirm { get; init; }

    /// <summary>The same as a limit of a patient.</summary>
    /// <param name="since">Since when it is in force, UTC.</param>
    public Threshold At(DateTime since) => new()
    {
        Id = Id, Quantity = Quantity, Kind = Kind, Side = Side, Limit = Limit, OrEqual = OrEqual, InPercent = InPercent, Window = Window, Severity = Severity, Since = since,
    };
}
