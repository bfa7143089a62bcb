using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>Extensions of questionnaires and their answers in FHIR.</summary>
public static class OutcomeCodes
{
    /// <summary>Of a Questionnaire: who made it, and under which licence.</summary>
    public const string Source = PortalCodes.Base + "StructureDefinition/questionnaire-source";

    /// <summary>Of a Questionnaire: its wording is still to be held against the official one.</summary>
    public const string ToCheck = PortalCodes.Base + "StructureDefinition/translation-note";

    /// <summary>Of a question for a number: what its two ends mean, divided by a bar.</summary>
    public const string ScaleEnds = PortalCodes.Base + "StructureDefinition/scale-ends";

    /// <summary>Of a QuestionnaireResponse: what it came to, in a line.</summary>
    public const string Words = PortalCodes.OutcomeWords;

    /// <summary>Of a QuestionnaireResponse: what it came to.</summary>
    public const string Score = PortalCodes.Base + "StructureDefinition/outcome-score";

    /// <summary>Of a QuestionnaireResponse: days after the start of the pathway for which it stands.</summary>
    public const string Moment = PortalCodes.Base + "StructureDefinition/outcome-moment";

    /// <summary>Of a QuestionnaireResponse: why its answers were corrected.</summary>
    public const string Correction = PortalCodes.Base + "StructureDefinition/correction-reason";
}
