using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Reads from one FHIR R4 resource what the store indexes. Strict about what is FHIR at all, forgiving about everything that real data gets wrong.</summary>
public static class ResourceReader
{
    /// <summary>Reads the facts alone.</summary>
    /// <exception cref="FhirFormatException">The bytes are not a FHIR R4 resource.</exception>
    public static ResourceFacts Read(ReadOnlyMemory<byte> json)
    {
        using var document = new FhirDocument();
        return Read(json, document);
    }

    /// <summary>Reads the facts and gives the resource taken apart too. The document points into <paramref name="json"/> and is the caller's to dispose.</summary>
    /// <exception cref="FhirFormatException">The bytes are not a FHIR R4 resource.</exception>
    public static ResourceFacts Read(ReadOnlyMemory<byte> json, out FhirDocument document)
    {
        document = new FhirDocument();
        try
        {
            return Read(json, document);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>The facts of an item of an input. What the input has taken apart already is not read again.</summary>
    /// <exception cref="FhirFormatException">The bytes are not a FHIR R4 resource.</exception>
    public static ResourceFacts Read(FhirItem item) => item.Document is { } document ? Facts(document) : Read(item.Json);

    /// <summary>The content hash alone, of a resource that was accepted and changed in its bytes.</summary>
    /// <param name="json">The changed resource.</param>
    /// <param name="document">Takes it apart; one serves many, one after the other.</param>
    internal static byte[] HashOf(ReadOnlyMemory<byte> json, FhirDocument document)
    {
        ContentScan.Run(json, document);
        return document.Hash;
    }

    private static ResourceFacts Read(ReadOnlyMemory<byte> json, FhirDocument document)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        ContentScan.Run(json, document);
        if (document.TwiceAt >= 0) throw new FhirFormatException(ContentScan.Where(json.Span, document.TwiceAt), "a property stands twice in one object");
        return Facts(document);
    }

    /// <summary>The id under which a resource is kept: its own, else the uuid of its <c>urn:uuid:</c> full URL, else one made of its content's hash (contract.md, "Identity on import").</summary>
    public static string IdentityOf(ResourceFacts facts, string? fullUrl) => facts.Id ?? UuidOf(fullUrl) ?? HashId(facts.Hash);

    /// <summary>The uuid of a <c>urn:uuid:</c> URL when it can be a FHIR id, else null.</summary>
    public static string? UuidOf(string? fullUrl) =>
        fullUrl is not null && fullUrl.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) && IsId(fullUrl.AsSpan(9)) ? fullUrl[9..] : null;

    /// <summary>A FHIR id made of a content hash.</summary>
    public static string HashId(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash[..20]);

    /// <summary>Whether a text can be a FHIR id: 1 to 64 of A-Z a-z 0-9 - .</summary>
    public static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) return false;
        return true;
    }

    /// <summary>The facts of a resource that was taken apart.</summary>
    private static ResourceFacts Facts(FhirDocument document)
    {
        if (document.Facts is { } known) return known;
        var (root, references, oddities) = (document.RootElement, document.References, document.Oddities);
        var type = TypeOf(root);
        string? id = null;
        if (root.TryGetProperty("id"u8, out var idElement))
        {
            id = idElement.ValueKind == JsonValueKind.String ? idElement.GetString() : null;
            if (id is null || !IsId(id)) throw new FhirFormatException($"{type}.id", "is not a FHIR id (1 to 64 of A-Z a-z 0-9 - .)");
        }
        if (root.TryGetProperty("meta"u8, out var meta) && meta.ValueKind != JsonValueKind.Object) throw new FhirFormatException($"{type}.meta", "is not an object");

        var patient = PatientOf(type, root);
        var statusName = type == "Goal" ? "lifecycleStatus" : "status";
        var status = type == "Goal" ? root.Code("lifecycleStatus"u8) : root.Code("status"u8);
        if (status is not null && !FhirTypes.Allows($"{type}.{statusName}", status)) oddities.Add($"{statusName}: not a code of its value set");
        if (root.Code("gender"u8) is { } gender && !FhirTypes.Allows($"{type}.gender", gender)) oddities.Add("gender: not a code of its value set");
        CheckReferences(root, references, oddities);

        return document.Facts = new ResourceFacts
        {
            Type = type,
            Id = id,
            Hash = document.Hash,
            Patient = patient,
            References = references,
            Date = DateOf(type, root),
            Status = status ?? StatusConcept(type, root),
            Codes = Codes(type, root),
            Categories = Tokens(root, type == "Appointment" ? "serviceCategory"u8 : "category"u8, type),
            Identifiers = Identifiers(root),
            SecurityLabels = meta.ValueKind == JsonValueKind.Object ? Codings(meta, "security"u8) : [],
            Oddities = oddities,
        };
    }

    private static string TypeOf(FhirNode root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new FhirFormatException("", "is not a JSON object");
        if (!root.TryGetProperty("resourceType"u8, out var element)) throw new FhirFormatException("", "has no resourceType, so it is not FHIR");
        if (element.ValueKind != JsonValueKind.String) throw new FhirFormatException("resourceType", "is not a string");
        return FhirTypes.Intern(element.GetString()) ?? throw new FhirFormatException("resourceType", "is not a resource type of FHIR R4");
    }

    /// <summary>Conditions and allergies have their status as a concept: the code that counts is the clinical one, or entered-in-error.</summary>
    private static string? StatusConcept(string type, FhirNode root)
    {
        if (type is not ("Condition" or "AllergyIntolerance")) return null;
        var verification = FirstCode(root, "verificationStatus"u8);
        return verification == "entered-in-error" ? verification : FirstCode(root, "clinicalStatus"u8) ?? verification;
    }

    private static string? FirstCode(FhirNode root, ReadOnlySpan<byte> name)
    {
        if (root.First(name) is not { } concept) return null;
        foreach (var coding in concept.Each("coding"u8))
            if (coding.Words("code"u8) is { } code) return code;
        return concept.Words("text"u8);
    }

    private static void CheckReferences(FhirNode root, List<FhirReference> references, List<string> oddities)
    {
        HashSet<string>? contained = null;
        foreach (var reference in references)
        {
            if (reference.Literal is not { } literal) continue;
            if (literal.StartsWith('#'))
            {
                contained ??= root.Each("contained"u8).Select(c => c.Text("id"u8)).OfType<string>().ToHashSet(StringComparer.Ordinal);
                if (literal.Length > 1 && !contained.Contains(literal[1..])) oddities.Add($"{reference.Path}: points to a contained resource that is not there");
            }
            else if (!literal.Contains('/') && !literal.Contains(':') && !literal.Contains('?'))
            {
                oddities.Add($"{reference.Path}: is neither Type/id nor a URL");
            }
        }
    }

    // ---- the patient -------------------------------------------------------------------------------------------------

    /// <summary>Types whose way into the Patient compartment is not <c>subject</c> (FHIR R4, compartment definition Patient).</summary>
    private static readonly FrozenDictionary<string, string> PatientElement = new Dictionary<string, string>
    {
        ["AllergyIntolerance"] = "patient", ["BodyStructure"] = "patient", ["Claim"] = "patient", ["ClaimResponse"] = "patient", ["Consent"] = "patient",
        ["Coverage"] = "beneficiary", ["CoverageEligibilityRequest"] = "patient", ["CoverageEligibilityResponse"] = "patient", ["DetectedIssue"] = "patient",
        ["Device"] = "patient", ["EnrollmentRequest"] = "candidate", ["EpisodeOfCare"] = "patient", ["ExplanationOfBenefit"] = "patient",
        ["FamilyMemberHistory"] = "patient", ["Immunization"] = "patient", ["ImmunizationEvaluation"] = "patient", ["ImmunizationRecommendation"] = "patient",
        ["MolecularSequence"] = "patient", ["NutritionOrder"] = "patient", ["RelatedPerson"] = "patient", ["ResearchSubject"] = "individual",
        ["SupplyDelivery"] = "patient", ["SupplyRequest"] = "deliverTo", ["Task"] = "for", ["VisionPrescription"] = "patient", ["AppointmentResponse"] = "actor",
        ["Schedule"] = "actor", ["Provenance"] = "target",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FhirReference? PatientOf(string type, FhirNode root)
    {
        switch (type)
        {
            case "Patient":
                return null;
            case "Appointment":
                return FirstPatient(root, "participant"u8, "actor"u8, "participant.actor");
            case "AuditEvent":
                return FirstPatient(root, "entity"u8, "what"u8, "entity.what") ?? FirstPatient(root, "agent"u8, "who"u8, "agent.who");
            case "Person":
                return FirstPatient(root, "link"u8, "target"u8, "link.target");
            case "Group":
                // A group of several people is nobody's own file.
                return root.Child("member"u8) is { ValueKind: JsonValueKind.Array } members && members.GetArrayLength() == 1
                    ? FirstPatient(root, "member"u8, "entity"u8, "member.entity") : null;
            case "Provenance" or "Schedule":
                foreach (var item in root.Each(type == "Schedule" ? "actor"u8 : "target"u8))
                    if (item.AsReference(PatientElement[type]) is { } reference && NamesPatient(reference)) return reference;
                return null;
        }
        var element = PatientElement.GetValueOrDefault(type, "subject");
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(element, out var found)) return null;
        foreach (var item in found.AsItems())
            if (item.AsReference(element) is { } reference && MayBePatient(root, reference)) return reference;
        return null;
    }

    private static FhirReference? FirstPatient(FhirNode root, ReadOnlySpan<byte> list, ReadOnlySpan<byte> child, string path)
    {
        foreach (var item in root.Each(list))
            if (item.Child(child)?.AsReference(path) is { } reference && NamesPatient(reference)) return reference;
        return null;
    }

    /// <summary>The reference says itself that it is a Patient.</summary>
    private static bool NamesPatient(FhirReference reference) => TargetType(reference) == "Patient";

    /// <summary>Nothing says that the reference is something else than a Patient (a Group, a Location, a Device).</summary>
    private static bool MayBePatient(FhirNode root, FhirReference reference)
    {
        if (reference.Literal is { Length: > 1 } literal && literal[0] == '#')
        {
            foreach (var contained in root.Each("contained"u8))
                if (contained.Text("id"u8) == literal[1..]) return contained.Text("resourceType"u8) == "Patient";
            return false;
        }
        return TargetType(reference) is null or "Patient";
    }

    /// <summary>The resource type that a reference names, in its literal or its type; null when it does not say.</summary>
    public static string? TargetType(FhirReference reference)
    {
        if (reference.Literal is { } literal && !literal.StartsWith("urn:", StringComparison.Ordinal) && literal.Length > 0 && literal[0] != '#')
        {
            var text = literal.AsSpan();
            var query = text.IndexOf('?');
            if (query >= 0) return FhirTypes.Intern(text[(text[..query].LastIndexOf('/') + 1)..query]) ?? reference.Type;
            var history = text.IndexOf("/_history/");
            if (history >= 0) text = text[..history];
            var slash = text.LastIndexOf('/');
            if (slash > 0) return FhirTypes.Intern(text[(text[..slash].LastIndexOf('/') + 1)..slash]) ?? reference.Type;
        }
        return reference.Type;
    }

    // ---- dates -------------------------------------------------------------------------------------------------------

    /// <summary>Where a type keeps the date that its search parameter <c>date</c> (or the nearest) means, best first. A dot descends once.</summary>
    private static readonly FrozenDictionary<string, DateElement[]> DateElements = new Dictionary<string, string>
    {
        ["AdverseEvent"] = "date detected recordedDate",
        ["AllergyIntolerance"] = "recordedDate onsetDateTime onsetPeriod lastOccurrence",
        ["Appointment"] = "start requestedPeriod created",
        ["AppointmentResponse"] = "start",
        ["AuditEvent"] = "recorded",
        ["Basic"] = "created",
        ["Bundle"] = "timestamp",
        ["CarePlan"] = "period created",
        ["CareTeam"] = "period",
        ["ChargeItem"] = "occurrenceDateTime occurrencePeriod occurrenceTiming enteredDate",
        ["Claim"] = "created billablePeriod",
        ["ClaimResponse"] = "created",
        ["ClinicalImpression"] = "date effectiveDateTime effectivePeriod",
        ["Communication"] = "sent received",
        ["CommunicationRequest"] = "occurrenceDateTime occurrencePeriod authoredOn",
        ["Composition"] = "date",
        ["Condition"] = "onsetDateTime onsetPeriod recordedDate abatementDateTime abatementPeriod",
        ["Consent"] = "dateTime",
        ["Coverage"] = "period",
        ["DetectedIssue"] = "identifiedDateTime identifiedPeriod",
        ["DeviceRequest"] = "occurrenceDateTime occurrencePeriod occurrenceTiming authoredOn",
        ["DeviceUseStatement"] = "timingDateTime timingPeriod timingTiming recordedOn",
        ["DiagnosticReport"] = "effectiveDateTime effectivePeriod issued",
        ["DocumentManifest"] = "created",
        ["DocumentReference"] = "date context.period",
        ["Encounter"] = "period",
        ["EpisodeOfCare"] = "period",
        ["ExplanationOfBenefit"] = "created billablePeriod",
        ["FamilyMemberHistory"] = "date",
        ["Flag"] = "period",
        ["Goal"] = "startDate statusDate",
        ["GuidanceResponse"] = "occurrenceDateTime",
        ["ImagingStudy"] = "started",
        ["Immunization"] = "occurrenceDateTime recorded",
        ["ImmunizationEvaluation"] = "date",
        ["ImmunizationRecommendation"] = "date",
        ["Invoice"] = "date",
        ["List"] = "date",
        ["MeasureReport"] = "date period",
        ["Media"] = "createdDateTime createdPeriod issued",
        ["MedicationAdministration"] = "effectiveDateTime effectivePeriod",
        ["MedicationDispense"] = "whenHandedOver whenPrepared",
        ["MedicationRequest"] = "authoredOn",
        ["MedicationStatement"] = "effectiveDateTime effectivePeriod dateAsserted",
        ["NutritionOrder"] = "dateTime",
        ["Observation"] = "effectiveDateTime effectivePeriod effectiveInstant effectiveTiming issued",
        ["PlanDefinition"] = "date",
        ["Procedure"] = "performedDateTime performedPeriod",
        ["Provenance"] = "occurredDateTime occurredPeriod recorded",
        ["Questionnaire"] = "date",
        ["QuestionnaireResponse"] = "authored",
        ["RequestGroup"] = "authoredOn",
        ["ResearchSubject"] = "period",
        ["RiskAssessment"] = "occurrenceDateTime occurrencePeriod",
        ["Schedule"] = "planningHorizon",
        ["ServiceRequest"] = "occurrenceDateTime occurrencePeriod occurrenceTiming authoredOn",
        ["Slot"] = "start",
        ["Specimen"] = "collection.collectedDateTime collection.collectedPeriod receivedTime",
        ["SupplyDelivery"] = "occurrenceDateTime occurrencePeriod occurrenceTiming",
        ["SupplyRequest"] = "occurrenceDateTime occurrencePeriod occurrenceTiming authoredOn",
        ["Task"] = "authoredOn executionPeriod lastModified",
        ["VisionPrescription"] = "dateWritten created",
    }.ToFrozenDictionary(p => p.Key, p => p.Value.Split(' ').Select(DateElement.Of).ToArray(), StringComparer.Ordinal);

    /// <summary>The date in one of several elements, the first that can be read. Used by the store's index and by the timeline.</summary>
    internal static FhirDate? FirstDate(FhirNode root, DateElement[] elements)
    {
        foreach (var element in elements)
            if (element.Read(root) is { } date) return date;
        return null;
    }

    private static FhirDate? DateOf(string type, FhirNode root)
    {
        if (!DateElements.TryGetValue(type, out var elements)) return null;
        var date = FirstDate(root, elements);
        if (type is "Appointment" or "Slot" && date is { Precision: DatePrecision.Instant } start && root.Date("end"u8) is { } end && end.End > start.Start && root.Date("start"u8) is not null)
            return start with { End = end.End };
        return date;
    }

    // ---- tokens ------------------------------------------------------------------------------------------------------

    private static IReadOnlyList<FhirToken> Codes(string type, FhirNode root)
    {
        var tokens = new List<FhirToken>(2);
        switch (type)
        {
            case "Encounter":
                AddConcepts(root, "type"u8, tokens);
                AddConcepts(root, "class"u8, tokens);
                AddConcepts(root, "serviceType"u8, tokens);
                break;
            case "Immunization":
                AddConcepts(root, "vaccineCode"u8, tokens);
                break;
            case "MedicationRequest" or "MedicationStatement" or "MedicationDispense" or "MedicationAdministration":
                AddConcepts(root, "medicationCodeableConcept"u8, tokens);
                if (root.Child("medicationReference"u8)?.Text("reference"u8) is ['#', .. var local])
                    foreach (var contained in root.Each("contained"u8))
                        if (contained.Text("id"u8) == local) AddConcepts(contained, "code"u8, tokens);
                break;
            case "Goal":
                AddConcepts(root, "description"u8, tokens);
                break;
            case "Appointment":
                AddConcepts(root, "serviceType"u8, tokens);
                AddConcepts(root, "appointmentType"u8, tokens);
                break;
            case "Consent":
                AddConcepts(root, "scope"u8, tokens);
                break;
            default:
                AddConcepts(root, "code"u8, tokens);
                AddConcepts(root, "type"u8, tokens);
                break;
        }
        return tokens.Count == 0 ? [] : tokens;
    }

    private static IReadOnlyList<FhirToken> Tokens(FhirNode root, ReadOnlySpan<byte> name, string type)
    {
        var tokens = new List<FhirToken>(1);
        AddConcepts(root, name, tokens);
        if (type == "AllergyIntolerance")
            for (var i = 0; i < tokens.Count; i++)
                if (tokens[i].System is null) tokens[i] = tokens[i] with { System = "http://hl7.org/fhir/allergy-intolerance-category" };
        return tokens.Count == 0 ? [] : tokens;
    }

    private static IReadOnlyList<FhirToken> Codings(FhirNode parent, ReadOnlySpan<byte> name)
    {
        if (!parent.TryGetProperty(name, out _)) return [];
        var tokens = new List<FhirToken>(1);
        foreach (var coding in parent.Each(name)) AddCoding(coding, tokens);
        return tokens;
    }

    /// <summary>CodeableConcepts, Codings and plain codes of one element, repeating or not.</summary>
    private static void AddConcepts(FhirNode root, ReadOnlySpan<byte> name, List<FhirToken> tokens)
    {
        if (!root.TryGetProperty(name, out var found)) return;
        foreach (var item in found.AsItems()) AddConcept(item, tokens);
    }

    private static void AddConcept(FhirNode concept, List<FhirToken> tokens)
    {
        if (concept.ValueKind == JsonValueKind.String)
        {
            if (concept.AsCode() is { } code) tokens.Add(new FhirToken(null, code));
        }
        else if (concept.ValueKind == JsonValueKind.Object)
        {
            if (concept.TryGetProperty("coding"u8, out var codings) && codings.ValueKind == JsonValueKind.Array)
                foreach (var coding in codings.AsItems()) AddCoding(coding, tokens);
            else
                AddCoding(concept, tokens);
        }
    }

    private static void AddCoding(FhirNode coding, List<FhirToken> tokens)
    {
        if (coding.Code("code"u8) is { } code) tokens.Add(new FhirToken(coding.Code("system"u8), code, coding.Code("display"u8)));
    }

    private static IReadOnlyList<FhirToken> Identifiers(FhirNode root)
    {
        var tokens = new List<FhirToken>(1);
        foreach (var identifier in root.Each("identifier"u8)) Add(identifier);
        foreach (var identifier in root.Each("masterIdentifier"u8)) Add(identifier);
        return tokens.Count == 0 ? [] : tokens;

        void Add(FhirNode identifier)
        {
            if (identifier.Words("value"u8) is { } value) tokens.Add(new FhirToken(identifier.Code("system"u8), value));
        }
    }
}

/// <summary>One element that may hold a date, and how to read it.</summary>
internal sealed class DateElement
{
    private enum Shape { Date, Period, Timing }

    private readonly byte[]? _parent;
    private readonly byte[] _name;
    private readonly Shape _shape;

    private DateElement(byte[]? parent, byte[] name, Shape shape) => (_parent, _name, _shape) = (parent, name, shape);

    /// <summary>From <c>effectivePeriod</c> or <c>collection.collectedDateTime</c>; the name tells the datatype.</summary>
    public static DateElement Of(string path)
    {
        var dot = path.IndexOf('.');
        var name = dot < 0 ? path : path[(dot + 1)..];
        var shape = name.EndsWith("eriod", StringComparison.Ordinal) || name == "planningHorizon" ? Shape.Period
            : name.EndsWith("Timing", StringComparison.Ordinal) ? Shape.Timing : Shape.Date;
        return new DateElement(dot < 0 ? null : Encoding.UTF8.GetBytes(path[..dot]), Encoding.UTF8.GetBytes(name), shape);
    }

    public FhirDate? Read(FhirNode root)
    {
        var parent = _parent is null ? root : root.Child(_parent);
        return parent is not { } element ? null : _shape switch
        {
            Shape.Period => element.Period(_name),
            Shape.Timing => element.Timing(_name),
            _ => element.Date(_name),
        };
    }
}
