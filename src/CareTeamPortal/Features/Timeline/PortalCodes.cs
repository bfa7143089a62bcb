namespace CareTeamPortal.Features.Timeline;

/// <summary>Systems, extensions and codes of the portal's own FHIR.</summary>
public static class PortalCodes
{
    /// <summary>System of a role of the team as whom something is asked of: the name of the discipline.</summary>
    public const string TeamRole = Base + "NamingSystem/team-role";

    public const string Base = "https://careteamportal.example/fhir/";
    public const string EntryKind = Base + "CodeSystem/entry-kind";
    public const string TaskKind = Base + "CodeSystem/task-kind";

    /// <summary>Activity of a Provenance that stands for a step of a task or hand-off.</summary>
    public const string TaskStep = Base + "CodeSystem/task-step";

    /// <summary>The same for a hand-off.</summary>
    public const string HandoffStep = Base + "CodeSystem/handoff-step";
    public const string ReplyBy = Base + "StructureDefinition/reply-by";
    /// <summary>Whose words a note holds, when its sender wrote down what somebody else said.</summary>
    public const string SaidBy = Base + "StructureDefinition/said-by";
    public const string Mention = Base + "StructureDefinition/mention";

    /// <summary>Care line of the author: <c>0</c> home, <c>1</c> first, <c>2</c> second, <c>3</c> third, <c>Z</c> support.</summary>
    public const string CareLine = Base + "StructureDefinition/care-line";

    /// <summary>The code of a care line in <see cref="CareLine"/>.</summary>
    public static string CodeOf(Platform.Access.CareLine line) => line switch
    {
        Platform.Access.CareLine.Home => "0",
        Platform.Access.CareLine.First => "1",
        Platform.Access.CareLine.Second => "2",
        Platform.Access.CareLine.Third => "3",
        _ => "Z",
    };

    /// <summary>Confidential for professionals and the patient, on resources that have no recipient.</summary>
    public const string SharedWithPatient = Base + "StructureDefinition/shared-with-patient";

    /// <summary>Of a Task that was dropped before it was asked.</summary>
    public const string NeverAsked = Base + "StructureDefinition/never-asked";

    /// <summary>Category of a ServiceRequest that plans something of the portal's own.</summary>
    public const string PlanKind = Base + "CodeSystem/plan-kind";

    /// <summary>Code of a measuring plan in <see cref="PlanKind"/>.</summary>
    public const string MeasuringPlan = "measuring";

    /// <summary>Code of a CarePlan that is a running pathway in <see cref="PlanKind"/>.</summary>
    public const string Pathway = "pathway";

    /// <summary>Activity of a Provenance that stands for an event of a pathway: a phase, a deviation, its end.</summary>
    public const string PathwayStep = Base + "CodeSystem/pathway-step";

    /// <summary>Of a QuestionnaireResponse: what it came to, in a line ("PHQ-2: 3 van 6").</summary>
    public const string OutcomeWords = Base + "StructureDefinition/outcome-words";

    /// <summary>Code of a DetectedIssue that a broken limit made: which kind of limit.</summary>
    public const string ThresholdKind = Base + "CodeSystem/threshold-kind";
    public const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    public const string Loinc = "http://loinc.org";
    public const string Ucum = "http://unitsofmeasure.org";
    public const string ObservationCategory = "http://terminology.hl7.org/CodeSystem/observation-category";
}
