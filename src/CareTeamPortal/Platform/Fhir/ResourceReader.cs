using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Reads from one FHIR R4 resource what the store indexes. Strict about what is FHIR at all, forgiving about everything that real data gets wrong.</summary>
public static class ResourceReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = ContentScan.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads the facts alone.</summary>
    /// <exception cref="FhirFormatException">The bytes are not a FHIR R4 resource.</exception>
    public static ResourceFacts Read(ReadOnlyMemory<byte> json)
    {
        var facts = Read(json, out var document);
        document.Dispose();
        return facts;
    }

    /// <summary>Reads the facts and gives the parsed document too. The document points into <paramref name="json"/> and is the caller's to dispose.</summary>
    /// <exception cref="FhirFormatException">The bytes are not a FHIR R4 resource.</exception>
    public static ResourceFacts Read(ReadOnlyMemory<byte> json, out JsonDocument document)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        var references = new List<FhirReference>(6);
        var oddities = new List<string>(0);
        var hash = ContentScan.Run(json.Span, references, oddities);
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException e)
        {
            // The scan has already accepted the grammar: what is left is a property that stands twice.
            throw new FhirFormatException(ContentScan.Where(e), "a property stands twice in one object");
        }
        try
        {
            return Facts(document.RootElement, hash, references, oddities);
        }
        catch
        {
            document.Dispose();
            throw;
        }
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

    private static ResourceFacts Facts(JsonElement root, byte[] hash, List<FhirReference> references, List<string> oddities)
    {
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
        var status = type == "Goal" ? root.Words("lifecycleStatus"u8) : root.Words("status"u8);
        if (status is not null && !FhirTypes.Allows($"{type}.{statusName}", status)) oddities.Add($"{statusName}: not a code of its value set");
        if (root.Words("gender"u8) is { } gender && !FhirTypes.Allows($"{type}.gender", gender)) oddities.Add("gender: not a code of its value set");
        CheckReferences(root, references, oddities);

        return new ResourceFacts
        {
            Type = type,
            Id = id,
            Hash = hash,
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

    private static string TypeOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new FhirFormatException("", "is not a JSON object");
        if (!root.TryGetProperty("resourceType"u8, out var element)) throw new FhirFormatException("", "has no resourceType, so it is not FHIR");
        if (element.ValueKind != JsonValueKind.String) throw new FhirFormatException("resourceType", "is not a string");
        return FhirTypes.Intern(element.GetString()) ?? throw new FhirFormatException("resourceType", "is not a resource type of FHIR R4");
    }

    /// <summary>Conditions and allergies have their status as a concept: the code that counts is the clinical one, or entered-in-error.</summary>
    private static string? StatusConcept(string type, JsonElement root)
    {
        if (type is not ("Condition" or "AllergyIntolerance")) return null;
        var verification = FirstCode(root, "verificationStatus"u8);
        return verification == "entered-in-error" ? verification : FirstCode(root, "clinicalStatus"u8) ?? verification;
    }

    private static string? FirstCode(JsonElement root, ReadOnlySpan<byte> name)
    {
        if (root.First(name) is not { } concept) return null;
        foreach (var coding in concept.Each("coding"u8))
            if (coding.Words("code"u8) is { } code) return code;
        return concept.Words("text"u8);
    }

    private static void CheckReferences(JsonElement root, List<FhirReference> references, List<string> oddities)
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

    private static FhirReference? PatientOf(string type, JsonElement root)
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
        foreach (var item in found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().AsEnumerable() : [found])
            if (item.AsReference(element) is { } reference && MayBePatient(root, reference)) return reference;
        return null;
    }

    private static FhirReference? FirstPatient(JsonElement root, ReadOnlySpan<byte> list, ReadOnlySpan<byte> child, string path)
    {
        foreach (var item in root.Each(list))
            if (item.Child(child)?.AsReference(path) is { } reference && NamesPatient(reference)) return reference;
        return null;
    }

    /// <summary>The reference says itself that it is a Patient.</summary>
    private static bool NamesPatient(FhirReference reference) => TargetType(reference) == "Patient";

    /// <summary>Nothing says that the reference is something else than a Patient (a Group, a Location, a Device).</summary>
    private static bool MayBePatient(JsonElement root, FhirReference reference)
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
    internal static FhirDate? FirstDate(JsonElement root, DateElement[] elements)
    {
        foreach (var element in elements)
            if (element.Read(root) is { } date) return date;
        return null;
    }

    private static FhirDate? DateOf(string type, JsonElement root)
    {
        if (!DateElements.TryGetValue(type, out var elements)) return null;
        var date = FirstDate(root, elements);
        if (type is "Appointment" or "Slot" && date is { Precision: DatePrecision.Instant } start && root.Date("end"u8) is { } end && end.End > start.Start && root.Date("start"u8) is not null)
            return start with { End = end.End };
        return date;
    }

    // ---- tokens ------------------------------------------------------------------------------------------------------

    private static IReadOnlyList<FhirToken> Codes(string type, JsonElement root)
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

    private static IReadOnlyList<FhirToken> Tokens(JsonElement root, ReadOnlySpan<byte> name, string type)
    {
        var tokens = new List<FhirToken>(1);
        AddConcepts(root, name, tokens);
        if (type == "AllergyIntolerance")
            for (var i = 0; i < tokens.Count; i++)
                if (tokens[i].System is null) tokens[i] = tokens[i] with { System = "http://hl7.org/fhir/allergy-intolerance-category" };
        return tokens.Count == 0 ? [] : tokens;
    }

    private static IReadOnlyList<FhirToken> Codings(JsonElement parent, ReadOnlySpan<byte> name)
    {
        if (!parent.TryGetProperty(name, out _)) return [];
        var tokens = new List<FhirToken>(1);
        foreach (var coding in parent.Each(name)) AddCoding(coding, tokens);
        return tokens;
    }

    /// <summary>CodeableConcepts, Codings and plain codes of one element, repeating or not.</summary>
    private static void AddConcepts(JsonElement root, ReadOnlySpan<byte> name, List<FhirToken> tokens)
    {
        if (!root.TryGetProperty(name, out var found)) return;
        if (found.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in found.EnumerateArray()) AddConcept(item, tokens);
        }
        else
        {
            AddConcept(found, tokens);
        }
    }

    private static void AddConcept(JsonElement concept, List<FhirToken> tokens)
    {
        if (concept.ValueKind == JsonValueKind.String)
        {
            if (concept.GetString()?.Trim() is { Length: > 0 } code) tokens.Add(new FhirToken(null, code));
        }
        else if (concept.ValueKind == JsonValueKind.Object)
        {
            if (concept.TryGetProperty("coding"u8, out var codings) && codings.ValueKind == JsonValueKind.Array)
                foreach (var coding in codings.EnumerateArray()) AddCoding(coding, tokens);
            else
                AddCoding(concept, tokens);
        }
    }

    private static void AddCoding(JsonElement coding, List<FhirToken> tokens)
    {
        if (coding.Words("code"u8) is { } code) tokens.Add(new FhirToken(coding.Words("system"u8), code, coding.Words("display"u8)));
    }

    private static IReadOnlyList<FhirToken> Identifiers(JsonElement root)
    {
        var tokens = new List<FhirToken>(1);
        foreach (var identifier in root.Each("identifier"u8)) Add(identifier);
        foreach (var identifier in root.Each("masterIdentifier"u8)) Add(identifier);
        return tokens.Count == 0 ? [] : tokens;

        void Add(JsonElement identifier)
        {
            if (identifier.Words("value"u8) is { } value) tokens.Add(new FhirToken(identifier.Words("system"u8), value));
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

    public FhirDate? Read(JsonElement root)
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
