using System.Collections.Frozen;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>The resource types of FHIR R4 (4.0.1) and the value sets with required binding that are checked on reading.</summary>
internal static class FhirTypes
{
    private static readonly FrozenSet<string> Known = """
        Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary BiologicallyDerivedProduct
        BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression
        CodeSystem Communication CommunicationRequest CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage
        CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement
        DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare
        EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse
        HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library
        Linkage List Location Measure MeasureReport Media Medication MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest
        MedicationStatement MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
        MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical
        MedicinalProductUndesirableEffect MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition
        OperationDefinition OperationOutcome Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person
        PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup
        ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter
        ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer
        SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task
        TerminologyCapabilities TestReport TestScript ValueSet VerificationResult VisionPrescription
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private const string EventStatus = "preparation in-progress not-done on-hold stopped completed entered-in-error unknown";
    private const string RequestStatus = "draft active on-hold revoked completed entered-in-error unknown";
    private const string ReportStatus = "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown";
    private const string ObservationStatus = "registered preliminary final amended corrected cancelled entered-in-error unknown";
    private const string FinancialStatus = "active cancelled draft entered-in-error";
    private const string Gender = "male female other unknown";

    /// <summary>Required value sets of <c>status</c> (Goal: lifecycleStatus) and <c>gender</c>, from the R4 definitions.</summary>
    private static readonly FrozenDictionary<string, FrozenSet<string>> Required = new Dictionary<string, string>
    {
        ["Account.status"] = "active inactive entered-in-error on-hold unknown",
        ["Appointment.status"] = "proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist",
        ["CarePlan.status"] = RequestStatus,
        ["CareTeam.status"] = "proposed active suspended inactive entered-in-error",
        ["Claim.status"] = FinancialStatus,
        ["ClinicalImpression.status"] = "in-progress completed entered-in-error",
        ["Communication.status"] = EventStatus,
        ["CommunicationRequest.status"] = RequestStatus,
        ["Composition.status"] = "preliminary final amended entered-in-error",
        ["Consent.status"] = "draft proposed active rejected inactive entered-in-error",
        ["Coverage.status"] = FinancialStatus,
        ["DetectedIssue.status"] = ObservationStatus,
        ["Device.status"] = "active inactive entered-in-error unknown",
        ["DeviceRequest.status"] = RequestStatus,
        ["DeviceUseStatement.status"] = "active completed entered-in-error intended stopped on-hold",
        ["DiagnosticReport.status"] = ReportStatus,
        ["DocumentReference.status"] = "current superseded entered-in-error",
        ["Encounter.status"] = "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
        ["EpisodeOfCare.status"] = "planned waitlist active onhold finished cancelled entered-in-error",
        ["ExplanationOfBenefit.status"] = FinancialStatus,
        ["FamilyMemberHistory.status"] = "partial completed entered-in-error health-unknown",
        ["Flag.status"] = "active inactive entered-in-error",
        ["Goal.lifecycleStatus"] = "proposed planned accepted active on-hold completed cancelled entered-in-error rejected",
        ["ImagingStudy.status"] = "registered available cancelled entered-in-error unknown",
        ["Immunization.status"] = "completed entered-in-error not-done",
        ["List.status"] = "current retired entered-in-error",
        ["Location.status"] = "active suspended inactive",
        ["Media.status"] = EventStatus,
        ["Medication.status"] = "active inactive entered-in-error",
        ["MedicationAdministration.status"] = "in-progress not-done on-hold completed entered-in-error stopped unknown",
        ["MedicationDispense.status"] = "preparation in-progress cancelled on-hold completed entered-in-error stopped declined unknown",
        ["MedicationRequest.status"] = "active on-hold cancelled completed entered-in-error stopped draft unknown",
        ["MedicationStatement.status"] = "active completed entered-in-error intended stopped on-hold unknown not-taken",
        ["NutritionOrder.status"] = RequestStatus,
        ["Observation.status"] = ObservationStatus,
        ["Patient.gender"] = Gender,
        ["Practitioner.gender"] = Gender,
        ["Procedure.status"] = EventStatus,
        ["Questionnaire.status"] = "draft active retired unknown",
        ["QuestionnaireResponse.status"] = "in-progress completed amended entered-in-error stopped",
        ["RelatedPerson.gender"] = Gender,
        ["RequestGroup.status"] = RequestStatus,
        ["RiskAssessment.status"] = ObservationStatus,
        ["ServiceRequest.status"] = RequestStatus,
        ["Specimen.status"] = "available unavailable unsatisfactory entered-in-error",
        ["Task.status"] = "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error",
    }.ToFrozenDictionary(p => p.Key, p => p.Value.Split(' ').ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KnownBySpan = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for the name of a concrete R4 resource type.</summary>
    public static bool IsKnown(string? type) => type is not null && Known.Contains(type);

    /// <summary>True for the name of a concrete R4 resource type.</summary>
    public static bool IsKnown(ReadOnlySpan<char> type) => KnownBySpan.Contains(type);

    /// <summary>Every concrete R4 resource type.</summary>
    public static IReadOnlyCollection<string> All => Known;

    /// <summary>The shared instance of a type's name, so that a million resources do not hold a million copies; null when unknown.</summary>
    public static string? Intern(ReadOnlySpan<char> type) => KnownBySpan.TryGetValue(type, out var name) ? name : null;

    /// <summary>Whether a code may stand in an element such as <c>Task.status</c>; true for elements without a required value set here.</summary>
    public static bool Allows(string element, string code) => !Required.TryGetValue(element, out var codes) || codes.Contains(code);
}
