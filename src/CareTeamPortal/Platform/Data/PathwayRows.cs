using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>A pathway of a patient as lists need it: a projection of its CarePlan. What its steps came to is kept beside them, so that an overview reads one row per pathway.</summary>
public sealed class PathwayRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }

    /// <summary>FHIR id of the CarePlan.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the CarePlan.</summary>
    public required int Version { get; init; }

    /// <summary>FHIR id of the PlanDefinition that it follows.</summary>
    public required string Template { get; init; }
    public required int TemplateVersion { get; init; }
    public required string Title { get; init; }

    /// <summary>PathwayStatus of the pathways feature, as a number.</summary>
    public required int Status { get; init; }

    /// <summary>Id of the phase that it is in; null when it is over.</summary>
    public string? Phase { get; init; }

    /// <summary>Which one that is, from 1; 0 when it is over.</summary>
    public required int PhaseNumber { get; init; }
    public required int PhaseCount { get; init; }
    public DateTime? PhaseSince { get; init; }

    /// <summary>Last moment of the plan for the phase that it is in; past it the pathway slips.</summary>
    public DateTime? PhaseUntil { get; init; }
    public required DateTime StartedAt { get; init; }
    public DateTime? EndedAt { get; init; }

    /// <summary>Who started it and answers for what nobody else does.</summary>
    public PersonId? LeadId { get; init; }

    /// <summary>Earliest moment by which something that has to be done and that everyone sees is not done; null when nothing waits.</summary>
    public DateTime? SlipAt { get; set; }

    /// <summary>The same with what only professionals see.</summary>
    public DateTime? SlipInside { get; set; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}

/// <summary>One step of a pathway of a patient, and how far what was made for it is.</summary>
public sealed class PathwayStepRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }

    /// <summary>Id of the pathway (its CarePlan that everyone sees).</summary>
    public required string PathwayId { get; init; }
    public required string StepId { get; init; }

    /// <summary>Id of the CarePlan in which it stands: the pathway's own, or its part for professionals.</summary>
    public required string Part { get; init; }
    public required string Phase { get; init; }

    /// <summary>Place in the pathway.</summary>
    public required int Position { get; init; }

    /// <summary>StepKind of the pathways feature, as a number.</summary>
    public required int Kind { get; init; }
    public required bool IsOptional { get; init; }

    /// <summary>It comes back.</summary>
    public required bool Repeats { get; init; }

    /// <summary>What was made or taken over for it, <c>Task/x</c> or <c>ServiceRequest/x</c>; of a series the first. Null: planned.</summary>
    public string? Resource { get; init; }

    /// <summary>By when it was to be done when the pathway started.</summary>
    public required DateTime PlannedAt { get; init; }

    /// <summary>By when it has to be done now.</summary>
    public required DateTime DueAt { get; set; }
    public DateTime? DoneAt { get; set; }

    /// <summary>StepState of the pathways feature, as a number.</summary>
    public required int State { get; set; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}

/// <summary>A phase of a pathway of a patient: when it began and ended, and who said so.</summary>
public sealed class PathwayPhaseRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }
    public required string PathwayId { get; init; }
    public required string Phase { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }
    public required DateTime PlannedFrom { get; init; }
    public DateTime? PlannedUntil { get; init; }
    public DateTime? EnteredAt { get; init; }
    public DateTime? LeftAt { get; init; }

    /// <summary>Who said that it ended.</summary>
    public PersonId? LeftBy { get; init; }

    /// <summary>Its criteria were met; false: a person decided otherwise, with a reason.</summary>
    public required bool ByCriteria { get; init; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}

/// <summary>That somebody did otherwise than the pathway says. The words stay in the CarePlan.</summary>
public sealed class PathwayDeviationRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }

    /// <summary>Of the pathway.</summary>
    public required string PathwayId { get; init; }

    /// <summary>Unique in the pathway.</summary>
    public required string Id { get; init; }

    /// <summary>CarePlan in which it stands.</summary>
    public required string Part { get; init; }

    /// <summary>Step that it is about; null: the pathway as a whole, or a phase.</summary>
    public string? StepId { get; init; }

    /// <summary>DeviationKind of the pathways feature, as a number.</summary>
    public required int Kind { get; init; }

    /// <summary>DeviationReason of the pathways feature, as a number.</summary>
    public required int Reason { get; init; }
    public required DateTime At { get; init; }
    public PersonId? By { get; init; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}

/// <summary>What a questionnaire came to: a projection of its QuestionnaireResponse, for plots and figures.</summary>
public sealed class OutcomeRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }

    /// <summary>FHIR id of the QuestionnaireResponse.</summary>
    public required string ResponseId { get; init; }

    /// <summary>Id of the Questionnaire.</summary>
    public required string Questionnaire { get; init; }

    /// <summary>Pathway that asked for it; null when none did.</summary>
    public string? PathwayId { get; init; }

    /// <summary>Days after the start for which it stands (0, 90, 180); null outside a pathway.</summary>
    public int? Moment { get; init; }

    /// <summary>Null when it was not answered far enough to be scored.</summary>
    public decimal? Score { get; init; }
    public required DateTime At { get; init; }
    public PersonId? By { get; init; }
    public Discipline? ByDiscipline { get; init; }
    public CareLine? Line { get; init; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}
