using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Systems and extensions of measuring plans and alerts in FHIR.</summary>
public static class AlertCodes
{
    /// <summary>Category of a ServiceRequest that is a measuring plan.</summary>
    public const string PlanKind = PortalCodes.PlanKind;

    /// <inheritdoc cref="PortalCodes.MeasuringPlan"/>
    public const string Measuring = PortalCodes.MeasuringPlan;

    /// <summary>A limit of a measuring plan.</summary>
    public const string Threshold = PortalCodes.Base + "StructureDefinition/threshold";

    /// <summary>Code of a DetectedIssue: which kind of limit was broken.</summary>
    public const string Alert = PortalCodes.ThresholdKind;

    /// <summary>Of a DetectedIssue: the limit that was broken, <c>ServiceRequest/id/_history/version</c> and its id.</summary>
    public const string BrokenRule = PortalCodes.Base + "StructureDefinition/broken-threshold";

    /// <summary>Of a DetectedIssue: how often it came within a day.</summary>
    public const string Count = PortalCodes.Base + "StructureDefinition/alert-count";

    /// <summary>Code of what was done about an alert.</summary>
    public const string Outcome = PortalCodes.Base + "CodeSystem/alert-outcome";
}

/// <summary>What became of an alert. Stored as a number: append, never renumber.</summary>
public enum AlertOutcome
{
    /// <summary>Something was done.</summary>
    Acted = 0,

    /// <summary>It was known and needed nothing more.</summary>
    Known = 1,

    /// <summary>It was no reason for an alert.</summary>
    FalseAlarm = 2,

    /// <summary>The value was corrected or taken back.</summary>
    Withdrawn = 3,
}
