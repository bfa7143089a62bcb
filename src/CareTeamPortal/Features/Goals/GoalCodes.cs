using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Features.Goals;

/// <summary>Systems and extensions of goals in FHIR.</summary>
public static class GoalCodes
{
    /// <summary>Category of a Goal: <c>life</c> or <c>care</c>.</summary>
    public const string Kind = PortalCodes.Base + "CodeSystem/goal-kind";

    /// <summary>Of a Goal: the life goal that it serves.</summary>
    public const string Serves = PortalCodes.Base + "StructureDefinition/serves-goal";

    /// <summary>Of a Goal: who sees to it.</summary>
    public const string Owner = PortalCodes.Base + "StructureDefinition/goal-owner";

    /// <summary>Of a Goal or a note: who wrote down what the patient said.</summary>
    public const string WrittenBy = PortalCodes.Base + "StructureDefinition/written-down-by";

    /// <summary>FHIR's codes of how near a goal is.</summary>
    public const string Achievement = "http://terminology.hl7.org/CodeSystem/goal-achievement";
}
