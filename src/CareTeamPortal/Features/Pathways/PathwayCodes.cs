using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Systems and extensions of a running pathway in FHIR.</summary>
public static class PathwayCodes
{
    /// <summary>Code of a CarePlan that is a pathway, in <see cref="PortalCodes.PlanKind"/>.</summary>
    public const string Pathway = PortalCodes.Pathway;

    /// <summary>Canonical address of a template, before its id and version.</summary>
    public const string Template = PortalCodes.Base + "PlanDefinition/";

    /// <summary>A phase: title, plan, when it began and ended, who said so.</summary>
    public const string Phase = PortalCodes.Base + "StructureDefinition/running-phase";

    /// <summary>A part to play and who plays it.</summary>
    public const string Role = PortalCodes.Base + "StructureDefinition/running-role";

    /// <summary>Of an activity: which step it is and what was adapted.</summary>
    public const string Step = PortalCodes.Base + "StructureDefinition/running-step";

    /// <summary>Where it was done otherwise.</summary>
    public const string Deviation = PortalCodes.Base + "StructureDefinition/deviation";

    /// <summary>Who started it and answers for what nobody else does.</summary>
    public const string Lead = PortalCodes.Base + "StructureDefinition/pathway-lead";

    /// <summary>Why it was stopped.</summary>
    public const string EndReason = PortalCodes.Base + "StructureDefinition/end-reason";
}
