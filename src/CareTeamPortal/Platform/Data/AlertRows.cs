using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>One limit of a measuring plan: a projection of its ServiceRequest, so that a new value is held against rows instead of documents.</summary>
public sealed class ThresholdRow : IPatientOwned
{
    public required PatientId PatientId { get; init; }

    /// <summary>FHIR id of the ServiceRequest.</summary>
    public required string PlanId { get; init; }

    /// <summary>Id of the limit in the plan; stays over its versions.</summary>
    public required string RuleId { get; init; }

    /// <summary>Version of the plan.</summary>
    public required int Version { get; init; }

    /// <summary>Key of the measured quantity, as <c>Threshold.Quantity</c> of the alerts feature.</summary>
    public required string Quantity { get; init; }

    /// <summary>ThresholdKind of the alerts feature, as a number.</summary>
    public required int Kind { get; init; }
    public required int Side { get; init; }
    public decimal? Limit { get; init; }
    public required bool OrEqual { get; init; }
    public required bool InPercent { get; init; }
    public int? WindowCount { get; init; }
    public required bool WindowInHours { get; init; }
    public required int Severity { get; init; }
    public required DateTime Since { get; init; }

    /// <summary>From when a measurement is missing; null: it is not asked, or it was told.</summary>
    public DateTime? MissingAt { get; set; }
}

/// <summary>A measured value that has still to be held against the limits: written with the value, gone with the judgement.</summary>
public sealed class UnjudgedRow : IPatientOwned
{
    public required PatientId PatientId { get; init; }

    /// <summary>Number of the entry.</summary>
    public required long Seq { get; init; }
}

/// <summary>An alert beside its DetectedIssue: what merging, lists and the alert budget count by.</summary>
public sealed class AlertRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }

    /// <summary>FHIR id of the DetectedIssue.</summary>
    public required string Id { get; init; }
    public required string PlanId { get; init; }
    public required string RuleId { get; init; }
    public required int RuleVersion { get; init; }
    public required string Quantity { get; init; }
    public required int Severity { get; init; }

    /// <summary>The task of whoever has to look at it.</summary>
    public required string TaskId { get; init; }
    public required DateTime At { get; init; }

    /// <summary>When it last came again, and by which entry; repeats within a day are one alert.</summary>
    public required DateTime LastAt { get; set; }
    public long? LastSeq { get; set; }

    /// <summary>What was held against the limit the last time.</summary>
    public decimal? LastBy { get; set; }
    public required int Count { get; set; }

    /// <summary>AlertOutcome of the alerts feature, as a number; null while nobody answered.</summary>
    public int? Outcome { get; set; }
    public DateTime? AnsweredAt { get; set; }
    public PersonId? AnsweredBy { get; set; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}
