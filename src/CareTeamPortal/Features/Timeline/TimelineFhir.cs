using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// What a FHIR R4 resource says on a patient's timeline. One pure function; titles are the source's own words, nothing is invented, and a resource without a clinical date is not an entry.
/// </summary>
public static partial class TimelineFhir
{
    /// <summary>
    /// Types that are never timeline entries, whatever dates they carry: billing (Account, ChargeItem, Claim, ClaimResponse, Coverage*, Enrollment*, ExplanationOfBenefit, Invoice, Payment*),
    /// the record of the record (AuditEvent, Provenance, Basic, Linkage, MessageHeader, Parameters, OperationOutcome, Bundle, Subscription), directory and definitions (Patient, Practitioner,
    /// Organization, Location, Questionnaire, PlanDefinition, ...), things without an event of their own (Binary, Device, Medication, Substance, Group, Slot, Schedule, BodyStructure,
    /// MolecularSequence), and answers that belong to another entry (AppointmentResponse, ImmunizationEvaluation, GuidanceResponse, MeasureReport). Every type that is not in this table is left out.
    /// </summary>
    private static readonly FrozenDictionary<string, Recipe> Recipes = new Dictionary<string, Recipe>
    {
        // type: kind, category, clinical time best first, author elements, source elements
        ["AdverseEvent"] = new(EntryKind.Alert, InformationCategory.ProblemsAndAllergies, "date detected recordedDate", "recorder contributor", ""),
        ["AllergyIntolerance"] = new(EntryKind.Allergy, InformationCategory.ProblemsAndAllergies, "onsetDateTime onsetPeriod recordedDate lastOccurrence", "recorder asserter", ""),
        ["Appointment"] = new(EntryKind.Appointment, InformationCategory.TeamAndAgenda, "start requestedPeriod created", "", ""),
        ["CarePlan"] = new(EntryKind.Pathway, InformationCategory.Goals, "period created", "author contributor", ""),
        ["CareTeam"] = new(EntryKind.Team, InformationCategory.TeamAndAgenda, "period", "", "managingOrganization"),
        ["ClinicalImpression"] = new(EntryKind.Note, InformationCategory.Notes, "date effectiveDateTime effectivePeriod", "assessor", ""),
        ["Communication"] = new(EntryKind.Note, InformationCategory.Notes, "sent received", "sender", ""),
        ["CommunicationRequest"] = new(EntryKind.Other, InformationCategory.Notes, "authoredOn occurrenceDateTime occurrencePeriod", "requester sender", ""),
        ["Composition"] = new(EntryKind.Document, InformationCategory.Documents, "date", "author", "custodian"),
        ["Condition"] = new(EntryKind.Problem, InformationCategory.ProblemsAndAllergies, "onsetDateTime onsetPeriod recordedDate abatementDateTime abatementPeriod", "recorder asserter", ""),
        ["Consent"] = new(EntryKind.Consent, InformationCategory.Administrative, "dateTime", "performer", "organization"),
        ["Contract"] = new(EntryKind.Document, InformationCategory.Administrative, "issued applies", "author", "authority"),
        ["DetectedIssue"] = new(EntryKind.Alert, InformationCategory.ProblemsAndAllergies, "identifiedDateTime identifiedPeriod", "author", ""),
        ["DeviceRequest"] = new(EntryKind.Referral, InformationCategory.Tasks, "authoredOn occurrenceDateTime occurrencePeriod occurrenceTiming", "requester", ""),
        ["DeviceUseStatement"] = new(EntryKind.Device, InformationCategory.ProblemsAndAllergies, "timingDateTime timingPeriod timingTiming recordedOn", "source", ""),
        ["DiagnosticReport"] = new(EntryKind.Document, InformationCategory.Documents, "effectiveDateTime effectivePeriod issued", "resultsInterpreter performer", "performer"),
        ["DocumentManifest"] = new(EntryKind.Document, InformationCategory.Documents, "created", "author", ""),
        ["DocumentReference"] = new(EntryKind.Document, InformationCategory.Documents, "date context.period", "author authenticator", "custodian"),
        ["Encounter"] = new(EntryKind.Encounter, InformationCategory.Administrative, "period", "", "serviceProvider"),
        ["EpisodeOfCare"] = new(EntryKind.Encounter, InformationCategory.Administrative, "period", "careManager", "managingOrganization"),
        ["FamilyMemberHistory"] = new(EntryKind.Other, InformationCategory.ProblemsAndAllergies, "date", "", ""),
        ["Flag"] = new(EntryKind.Alert, InformationCategory.ProblemsAndAllergies, "period", "author", ""),
        ["Goal"] = new(EntryKind.Goal, InformationCategory.Goals, "startDate statusDate", "expressedBy", ""),
        ["ImagingStudy"] = new(EntryKind.Document, InformationCategory.Documents, "started", "interpreter referrer", ""),
        ["Immunization"] = new(EntryKind.Immunization, InformationCategory.Medication, "occurrenceDateTime recorded", "", "manufacturer"),
        ["ImmunizationRecommendation"] = new(EntryKind.Immunization, InformationCategory.Medication, "date", "", "authority"),
        ["List"] = new(EntryKind.Other, InformationCategory.Documents, "date", "source", ""),
        ["Media"] = new(EntryKind.Document, InformationCategory.Documents, "createdDateTime createdPeriod issued", "operator", "device"),
        ["MedicationAdministration"] = new(EntryKind.Medication, InformationCategory.Medication, "effectiveDateTime effectivePeriod", "", ""),
        ["MedicationDispense"] = new(EntryKind.Medication, InformationCategory.Medication, "whenHandedOver whenPrepared", "", ""),
        ["MedicationRequest"] = new(EntryKind.Medication, InformationCategory.Medication, "authoredOn", "requester recorder", ""),
        ["MedicationStatement"] = new(EntryKind.Medication, InformationCategory.Medication, "effectiveDateTime effectivePeriod dateAsserted", "informationSource", ""),
        ["NutritionOrder"] = new(EntryKind.Referral, InformationCategory.Tasks, "dateTime", "orderer", ""),
        ["Observation"] = new(EntryKind.Measurement, InformationCategory.Measurements, "effectiveDateTime effectivePeriod effectiveInstant effectiveTiming issued", "performer", "device"),
        // Only the steps of our own tasks: every other Provenance is the record of the record.
        ["Provenance"] = new(EntryKind.TaskStep, InformationCategory.Tasks, "occurredDateTime", "", ""),
        ["Procedure"] = new(EntryKind.Procedure, InformationCategory.ProblemsAndAllergies, "performedDateTime performedPeriod", "recorder asserter", ""),
        ["QuestionnaireResponse"] = new(EntryKind.Questionnaire, InformationCategory.Outcomes, "authored", "author source", ""),
        ["RequestGroup"] = new(EntryKind.Referral, InformationCategory.Tasks, "authoredOn", "author", ""),
        ["ResearchSubject"] = new(EntryKind.Other, InformationCategory.Administrative, "period", "", ""),
        ["RiskAssessment"] = new(EntryKind.Questionnaire, InformationCategory.Outcomes, "occurrenceDateTime occurrencePeriod", "performer", ""),
        ["ServiceRequest"] = new(EntryKind.Referral, InformationCategory.Tasks, "authoredOn occurrenceDateTime occurrencePeriod occurrenceTiming", "requester", ""),
        ["Specimen"] = new(EntryKind.Other, InformationCategory.Measurements, "collection.collectedDateTime collection.collectedPeriod receivedTime", "", ""),
        ["SupplyDelivery"] = new(EntryKind.Other, InformationCategory.TeamAndAgenda, "occurrenceDateTime occurrencePeriod occurrenceTiming", "supplier", ""),
        ["SupplyRequest"] = new(EntryKind.Referral, InformationCategory.Tasks, "authoredOn occurrenceDateTime occurrencePeriod occurrenceTiming", "requester", ""),
        ["Task"] = new(EntryKind.Task, InformationCategory.Tasks, "authoredOn executionPeriod lastModified", "requester owner", ""),
        ["VisionPrescription"] = new(EntryKind.Referral, InformationCategory.Medication, "dateWritten created", "prescriber", ""),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private sealed class Recipe(EntryKind kind, InformationCategory category, string times, string authors, string sources)
    {
        public EntryKind Kind { get; } = kind;
        public InformationCategory Category { get; } = category;
        public DateElement[] Times { get; } = [.. times.Split(' ').Select(DateElement.Of)];
        public string[] Authors { get; } = authors.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        public string[] Sources { get; } = sources.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The types that can be timeline entries.</summary>
    public static IReadOnlyCollection<string> Types => Recipes.Keys;

    /// <summary>Whether a type can be a timeline entry at all; the table in this file is the list.</summary>
    public static bool IsTimelineType(string type) => Recipes.ContainsKey(type);

    /// <summary>What the resource says on the timeline, or null when it is not clinically dated.</summary>
    /// <param name="resource">The resource, as accepted by <see cref="ResourceReader"/>.</param>
    /// <param name="facts">Its facts.</param>
    /// <param name="words">What a referenced resource is called, for references that carry no display (a medication, a device): <see cref="WordsOf"/> of the target, or null.</param>
    public static EntryFacts? Describe(FhirNode resource, ResourceFacts facts, Func<FhirReference, string?>? words = null)
    {
        if (!Recipes.TryGetValue(facts.Type, out var recipe)) return null;
        if (facts.Type == "Provenance" && StepSystem(resource) is null) return null;
        if (ResourceReader.FirstDate(resource, recipe.Times) is not { } time) return null;

        var look = new Look(resource, facts, words);
        var body = Body(look);
        var title = Title(look, body);
        var kind = Kind(look, recipe.Kind);
        var (author, source) = AuthorAndSource(look, recipe);
        var target = author is null ? null : look.TypeOf(author);
        return new EntryFacts
        {
            Kind = kind,
            Category = Category(look, recipe.Category, kind, title),
            Time = time with { End = time.End == FhirElements.OpenEnd ? time.Start : time.End },
            Until = Until(look, time),
            Title = Clip(title, 500),
            Text = Beside(look, title, body) is { } text ? Clip(text, 100_000) : null,
            Author = author,
            Source = source,
            Line = Line(look, target),
            Discipline = DisciplineOf(look, author, target),
            Audience = AudienceOf(look),
            Values = Values(resource, facts.Type),
            Answers = facts.Type switch { "Communication" => Answers(resource) ?? (HasCode(facts.Categories, PortalCodes.EntryKind, "reply") ? WithTarget(resource, "about"u8, "about") : null), "Provenance" => StepOf(resource), _ => null },
            Status = facts.Status,
            EnteredInError = facts.Status == "entered-in-error" || resource.First("verificationStatus"u8)?.First("coding"u8)?.Text("code"u8) == "entered-in-error",
            ReplyBy = facts.Type == "Communication" ? Extension(resource, PortalCodes.ReplyBy)?.Date("valueDateTime"u8)?.Start : null,
        };
    }

    /// <summary>What a resource is called by those that point at it: a medication, a device, a person, an organisation, a place. Null when it has no name.</summary>
    public static string? WordsOf(FhirNode resource)
    {
        switch (resource.Text("resourceType"u8))
        {
            case "Medication": return MedicationName(resource);
            case "Device": return DeviceName(resource);
            case "Practitioner" or "Patient" or "RelatedPerson" or "Person": return HumanName(resource);
            case "PractitionerRole":
                return resource.Child("practitioner"u8)?.Words("display"u8) ?? resource.First("code"u8)?.ConceptDisplay() ?? resource.Child("organization"u8)?.Words("display"u8);
            default: return resource.Words("name"u8) ?? resource.Words("title"u8) ?? (resource.Child("code"u8) ?? resource.First("type"u8) ?? resource.Child("vaccineCode"u8))?.ConceptDisplay();
        }
    }

    /// <summary>The resource with what surrounds it, so that the small functions below stay small.</summary>
    private readonly record struct Look(FhirNode Root, ResourceFacts Facts, Func<FhirReference, string?>? Words)
    {
        public string Type => Facts.Type;

        public FhirNode? Contained(FhirReference? reference)
        {
            if (reference?.Literal is not ['#', .. var id]) return null;
            foreach (var contained in Root.Each("contained"u8))
                if (contained.Text("id"u8) == id) return contained;
            return null;
        }

        /// <summary>Resource type of what a reference points at, as far as the resource itself tells.</summary>
        public string? TypeOf(FhirReference reference) => Contained(reference)?.Text("resourceType"u8) ?? ResourceReader.TargetType(reference);

        /// <summary>What a reference is called: its display, the contained resource's name, or what the caller knows.</summary>
        public string? NameOf(FhirReference? reference) =>
            reference is null ? null : reference.Display ?? (Contained(reference) is { } contained ? WordsOf(contained) : Words?.Invoke(reference));
    }

    // ---- kind and category -------------------------------------------------------------------------------------------

    private static EntryKind Kind(in Look look, EntryKind kind)
    {
        var root = look.Root;
        switch (look.Type)
        {
            case "Communication":
                var code = HasCode(look.Facts.Categories, PortalCodes.EntryKind, "question") ? EntryKind.Question
                    : HasCode(look.Facts.Categories, PortalCodes.EntryKind, "reply") || Answers(root) is not null ? EntryKind.Reply : EntryKind.Note;
                return code;
            case "Observation":
                return IsLaboratory(look.Facts.Categories) ? EntryKind.LabResult : IsScore(look) ? EntryKind.Questionnaire : EntryKind.Measurement;
            case "DiagnosticReport":
                return IsLaboratory(look.Facts.Categories) ? EntryKind.LabResult : EntryKind.Document;
            case "Task":
                return HasCode(look.Facts.Codes, PortalCodes.TaskKind, "handoff") ? EntryKind.Handoff : look.Facts.Status == "completed" ? EntryKind.TaskDone : EntryKind.Task;
            case "Provenance":
                return StepSystem(root) == PortalCodes.PathwayStep ? root.Child("activity"u8)!.Value.Each("coding"u8).Any(c => c.Text("code"u8) == "deviation") ? EntryKind.Deviation : EntryKind.Pathway
                    : StepSystem(root) == PortalCodes.HandoffStep ? EntryKind.HandoffStep : root.Child("activity"u8)!.Value.Each("coding"u8).Any(c => c.Text("code"u8) == "completed") ? EntryKind.TaskDone : EntryKind.TaskStep;
            case "ServiceRequest":
                return HasCode(look.Facts.Categories, PortalCodes.PlanKind, PortalCodes.MeasuringPlan) ? EntryKind.Pathway : kind;
            case "Composition" or "DocumentReference":
                // LOINC 18842-5 discharge summary, 34105-7 hospital discharge summary, 11490-0 physician's.
                return look.Facts.Codes.Any(c => c.System == PortalCodes.Loinc && c.Code is "18842-5" or "34105-7" or "11490-0" or "28655-9") ? EntryKind.Discharge : kind;
            default:
                return kind;
        }
    }

    private static InformationCategory Category(in Look look, InformationCategory category, EntryKind kind, string title)
    {
        if (look.Type == "Observation")
        {
            if (look.Facts.Categories.Any(c => c.Code is "social-history")) category = InformationCategory.Social;
            else if (kind == EntryKind.Questionnaire) category = InformationCategory.Outcomes;
            else if (look.Facts.Categories.Any(c => c.Code is "survey") && !look.Facts.Categories.Any(c => c.Code is "vital-signs" or "laboratory")) category = InformationCategory.Social;
        }
        else if (look.Type == "DiagnosticReport" && kind == EntryKind.LabResult) category = InformationCategory.Measurements;
        else if (look.Type == "ServiceRequest" && kind == EntryKind.Pathway) category = InformationCategory.Measurements; // what is measured, and from where it is too much
        else if (look.Type == "Provenance" && kind is EntryKind.Deviation or EntryKind.Pathway) category = InformationCategory.Goals;
        else if (look.Type == "DetectedIssue" && look.Facts.Codes.Any(c => c.System == PortalCodes.ThresholdKind)) category = InformationCategory.Measurements;
        else if (look.Type == "Flag" && look.Facts.Categories.Any(c => c.Code is "admin" or "contact")) category = InformationCategory.Administrative;

        // What a label says is about mental or sexual health is that, whatever shape it has: a note or a task as much as an observation.
        var labels = look.Type == "DocumentReference" ? [.. look.Facts.SecurityLabels, .. Codings(look.Root, "securityLabel"u8)] : look.Facts.SecurityLabels;
        if (ClinicalCodes.ProtectedBy(labels) is not InformationCategory.None and var protection) return protection;

        // A hand-off tells the patient's story: who sees only that there is work to do does not read it.
        if (kind is EntryKind.Handoff or EntryKind.HandoffStep) return InformationCategory.Notes;

        // Without a label the team's own words keep their category, whatever they are about: their author chooses the audience.
        if (kind is EntryKind.Note or EntryKind.Question or EntryKind.Reply or EntryKind.Task or EntryKind.TaskDone or EntryKind.TaskStep or EntryKind.Appointment or EntryKind.Team) return category;
        var codes = look.Facts.Codes;
        if (look.Type is "Encounter" or "MedicationRequest" or "MedicationStatement" or "Procedure" or "CarePlan") codes = [.. codes, .. ReasonCodes(look.Root)];
        if (look.Type == "CarePlan") codes = [.. codes, .. look.Facts.Categories];
        if (ClinicalCodes.IsMentalHealth(codes, title)) return InformationCategory.MentalHealth;
        return ClinicalCodes.IsSexualHealth(codes, title) ? InformationCategory.SexualHealth : category;
    }

    private static List<FhirToken> ReasonCodes(FhirNode root) => Codings(root, "reasonCode"u8);

    private static List<FhirToken> Codings(FhirNode root, ReadOnlySpan<byte> concepts)
    {
        var tokens = new List<FhirToken>();
        foreach (var reason in root.Each(concepts))
            foreach (var coding in reason.Each("coding"u8))
                if (coding.Words("code"u8) is { } code) tokens.Add(new FhirToken(coding.Words("system"u8), code));
        return tokens;
    }

    private static bool IsLaboratory(IReadOnlyList<FhirToken> categories) =>
        categories.Any(c => c.Code is "laboratory" || c.System is "http://terminology.hl7.org/CodeSystem/v2-0074" or "http://hl7.org/fhir/v2/0074"
            && c.Code is "LAB" or "CH" or "HM" or "MB" or "IMM" or "SR" or "TX" or "URN" or "VR" or "BLB" or "CG" or "GE" or "MCB" or "MYC" or "PAR");

    /// <summary>A questionnaire's result: a survey whose value is a score.</summary>
    private static bool IsScore(in Look look) =>
        look.Facts.Categories.Any(c => c.Code is "survey")
        && (look.Root.Child("valueQuantity"u8)?.Text("code"u8) is "{score}" or "{Score}" or "{#}" or "{T-score}" or "{QALY}" or "{DALY}" || look.Root.Child("valueInteger"u8) is not null);

    private static bool HasCode(IReadOnlyList<FhirToken> tokens, string system, string code)
    {
        foreach (var token in tokens)
            if (token.Code == code && token.System == system) return true;
        return false;
    }

    /// <summary>The entry that this message answers, or the thread that it belongs to.</summary>
    private static FhirReference? Answers(FhirNode root) => WithTarget(root, "inResponseTo"u8, "inResponseTo") ?? WithTarget(root, "partOf"u8, "partOf");

    private static FhirReference? WithTarget(FhirNode root, ReadOnlySpan<byte> name, string path)
    {
        foreach (var item in root.Each(name))
            if (item.AsReference(path) is { } reference && (reference.Literal is not null || reference.Identifier is not null)) return reference;
        return null;
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    private static DateTime? Until(in Look look, FhirDate time)
    {
        var root = look.Root;
        var end = look.Type switch
        {
            "Condition" => LastOf(root.Date("abatementDateTime"u8)) ?? root.Period("abatementPeriod"u8)?.Start,
            "Appointment" => LastOf(root.Date("end"u8)),
            "MedicationRequest" => root.Child("dispenseRequest"u8)?.Child("validityPeriod"u8) is { } valid ? LastOf(valid.Date("end"u8)) : null,
            "Goal" => LastOf(root.First("target"u8)?.Date("dueDate"u8)),
            "Task" => LastOf(root.Child("restriction"u8)?.Child("period"u8)?.Date("end"u8)),
            _ => PeriodEnd(root) ?? (time.End > time.Start && time.End != FhirElements.OpenEnd && time.Precision == DatePrecision.Instant ? time.End : null),
        };
        return end is { } e && e >= time.Start ? e : null;
    }

    /// <summary>The last moment that an end names: a day that is named belongs to the time, to its last microsecond.</summary>
    private static DateTime? LastOf(FhirDate? end) => end is not { } e ? null : e.Precision == DatePrecision.Instant ? e.Start : e.End.AddMicroseconds(-1);

    private static DateTime? PeriodEnd(FhirNode root) =>
        LastOf((root.Child("period"u8) ?? root.Child("performedPeriod"u8) ?? root.Child("effectivePeriod"u8) ?? root.Child("timingPeriod"u8) ?? root.Child("occurrencePeriod"u8))?.Date("end"u8));

    /// <summary>The code system of a step of a task or of an event of a pathway; null for a Provenance that is neither.</summary>
    private static string? StepSystem(FhirNode root) =>
        root.Child("activity"u8)?.Each("coding"u8).Select(c => c.Text("system"u8)).FirstOrDefault(s => s is PortalCodes.TaskStep or PortalCodes.HandoffStep or PortalCodes.PathwayStep);

    /// <summary>The task that a step belongs to.</summary>
    private static FhirReference? StepOf(FhirNode root)
    {
        var target = root.First("target"u8)?.AsReference("target");
        return target?.Literal is { } literal && literal.StartsWith("Task/", StringComparison.Ordinal) ? target with { Literal = literal.Split("/_history", 2)[0] } : null;
    }

    // ---- who ---------------------------------------------------------------------------------------------------------

    private static (FhirReference? Author, FhirReference? Source) AuthorAndSource(in Look look, Recipe recipe)
    {
        FhirReference? author = null, source = null;
        foreach (var (candidate, asSource) in Candidates(look, recipe))
        {
            var reference = candidate.Display is null && look.NameOf(candidate) is { } name ? candidate with { Display = name } : candidate;

            // Elements that hold organisations say it by their place when the reference (a urn:uuid) does not.
            if (look.TypeOf(reference) is "Organization" or "Device" or "HealthcareService" or "Location" || asSource && look.TypeOf(reference) is null) source ??= reference;
            else author ??= reference;
        }
        return (author, source);
    }

    private static List<(FhirReference Reference, bool AsSource)> Candidates(in Look look, Recipe recipe)
    {
        var root = look.Root;
        var found = new List<(FhirReference, bool)>(2);
        switch (look.Type)
        {
            case "Encounter":
                // Who carried it out before who was merely there.
                foreach (var wanted in (ReadOnlySpan<bool>)[true, false])
                    foreach (var participant in root.Each("participant"u8))
                        if (participant.Each("type"u8).SelectMany(t => t.Each("coding"u8)).Any(c => c.Text("code"u8) is "PPRF" or "ATND" or "CON") == wanted)
                            Add(participant.Child("individual"u8)?.AsReference("participant.individual"), found);
                break;
            case "Appointment":
                foreach (var participant in root.Each("participant"u8))
                    if (participant.Child("actor"u8)?.AsReference("participant.actor") is { } actor && look.TypeOf(actor) is not ("Patient" or "RelatedPerson" or "Location" or null)) found.Add((actor, false));
                break;
            case "Procedure" or "MedicationDispense" or "MedicationAdministration" or "Immunization":
                foreach (var performer in root.Each("performer"u8)) Add(performer.Child("actor"u8)?.AsReference("performer.actor"), found);
                break;
            case "Provenance":
                Add(root.First("agent"u8)?.Ref("who"u8, "agent.who"), found);
                break;
            case "Specimen":
                Add(root.Child("collection"u8)?.Ref("collector"u8, "collection.collector"), found);
                break;
        }
        foreach (var name in recipe.Authors) AddAll(root, name, false, found);
        foreach (var name in recipe.Sources) AddAll(root, name, true, found);
        return found;
    }

    private static void AddAll(FhirNode root, string name, bool asSource, List<(FhirReference, bool)> found)
    {
        if (!root.TryGetProperty(name, out var element)) return;
        foreach (var item in element.AsItems()) Add(item.AsReference(name), found, asSource);
    }

    private static void Add(FhirReference? reference, List<(FhirReference, bool)> found, bool asSource = false)
    {
        if (reference is not null) found.Add((reference, asSource));
    }

    private static CareLine? Line(in Look look, string? authorType)
    {
        switch (Extension(look.Root, PortalCodes.CareLine)?.Text("valueCode"u8))
        {
            case "0": return CareLine.Home;
            case "1": return CareLine.First;
            case "2": return CareLine.Second;
            case "3": return CareLine.Third;
            case "Z": return CareLine.Support;
        }
        if (look.Type == "Encounter")
            // Stays, emergencies and short stays happen in a hospital; home health is first-line care by its meaning. Ambulatory and virtual contacts happen anywhere.
            return look.Root.Child("class"u8)?.Text("code"u8) switch
            {
                "IMP" or "ACUTE" or "NONAC" or "EMER" or "SS" or "OBSENC" or "PRENC" => CareLine.Second,
                "HH" => CareLine.First,
                _ => null,
            };
        return authorType is "Patient" or "RelatedPerson" ? CareLine.Home : null;
    }

    private static Discipline DisciplineOf(in Look look, FhirReference? author, string? authorType)
    {
        switch (authorType)
        {
            case "Patient": return Discipline.Patient;
            case "RelatedPerson": return Discipline.InformalCaregiver;
            case "Organization": return Discipline.Organisation;
        }
        if (look.Contained(author) is { } role)
            foreach (var concept in role.Each("code"u8))
                foreach (var coding in concept.Each("coding"u8))
                    if (HcParty.DisciplineOf(coding.Text("code"u8), Line(look, authorType)) is { } discipline) return discipline;
        return Discipline.Unknown;
    }

    /// <summary>For whom a resource is written: one rule for all that comes in.</summary>
    internal static Audience AudienceOf(FhirNode resource, ResourceFacts facts) => AudienceOf(new Look(resource, facts, null));

    private static Audience AudienceOf(in Look look)
    {
        // Whatever system it is written under (older versions of the code system have other names): closing too much can be mended, opening too much cannot.
        var closed = look.Facts.SecurityLabels.Any(l => l.Code is "R" or "V" or "TBOO");
        closed |= look.Type == "Composition" && look.Root.Text("confidentiality"u8) is "R" or "V";
        closed |= look.Type == "DocumentReference" && look.Root.Each("securityLabel"u8).SelectMany(l => l.Each("coding"u8)).Any(c => c.Text("code"u8) is "R" or "V");
        if (!closed) return Audience.WholeTeam;
        if (Extension(look.Root, PortalCodes.SharedWithPatient)?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True) return Audience.ProfessionalsAndPatient;
        if (look.Type != "Communication" || !look.Facts.SecurityLabels.Any(l => l.Code == "R")) return Audience.Professionals;
        foreach (var recipient in look.Root.Each("recipient"u8))
            if (recipient.AsReference("recipient") is { Literal: { } literal } reference && (literal == look.Facts.Patient?.Literal || look.TypeOf(reference) == "Patient")) return Audience.ProfessionalsAndPatient;
        return Audience.Professionals;
    }

    internal static FhirNode? Extension(FhirNode root, string url)
    {
        foreach (var extension in root.Each("extension"u8))
            if (extension.Text("url"u8) == url) return extension;
        return null;
    }

    private static string Clip(string text, int length)
    {
        if (text.Length <= length) return text;
        // Never through the middle of a surrogate pair.
        var cut = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, cut), "…");
    }
}
