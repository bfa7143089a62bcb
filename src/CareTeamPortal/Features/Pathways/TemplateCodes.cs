using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Systems and extensions of pathway templates in FHIR.</summary>
public static class TemplateCodes
{
    /// <summary>Codes of a step, by <see cref="StepKind"/>: the same in a template and in a running pathway.</summary>
    internal static readonly string[] StepKinds = ["task", "measuring", "handoff", "questionnaire", "information"];

    /// <summary>Canonical address of a template, before its id.</summary>
    public const string Canonical = PortalCodes.Base + "PlanDefinition/";

    /// <summary>Canonical address of a questionnaire, before its id.</summary>
    public const string Questionnaire = PortalCodes.Base + "Questionnaire/";

    /// <summary>What a step asks for.</summary>
    public const string StepKind = PortalCodes.Base + "CodeSystem/pathway-step-kind";

    /// <summary>System of the roles of a template: each template has its own.</summary>
    public const string RoleCode = PortalCodes.Base + "CodeSystem/pathway-role";

    /// <summary>System of the quantities that the portal knows by name.</summary>
    public const string Quantity = PortalCodes.Base + "CodeSystem/quantity";

    /// <summary>A role of the template: id, title, who may play it.</summary>
    public const string Role = PortalCodes.Base + "StructureDefinition/pathway-role";

    /// <summary>Of a template that stands as the program brought it: the version of the file.</summary>
    public const string File = PortalCodes.Base + "StructureDefinition/pathway-template-file";

    /// <summary>Why a version was published, in the words of who did.</summary>
    public const string Reason = PortalCodes.Base + "StructureDefinition/pathway-version-reason";

    /// <summary>The published version that a draft began from.</summary>
    public const string BeganFrom = PortalCodes.Base + "StructureDefinition/pathway-draft-of";

    /// <summary>One line of a checklist.</summary>
    public const string Check = PortalCodes.Base + "StructureDefinition/checklist-item";

    /// <summary>Of a hand-off: the role that receives.</summary>
    public const string Receiver = PortalCodes.Base + "StructureDefinition/handoff-receiver";

    /// <summary>Of a hand-off: which part of care.</summary>
    public const string Scope = PortalCodes.Base + "StructureDefinition/handoff-scope";

    /// <summary>Of a step: patient and family may say that it goes worse while it runs, and what that leads to.</summary>
    public const string Worse = PortalCodes.Base + "StructureDefinition/worse-report";

    /// <summary>The patient and family are not shown this step.</summary>
    public const string ForProfessionals = PortalCodes.Base + "StructureDefinition/for-professionals";

    /// <summary>Comes from general knowledge: a clinician confirms it.</summary>
    public const string ToConfirm = PortalCodes.Base + "StructureDefinition/to-confirm";
}
