using System.Globalization;
using System.Text.Json;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>What a Communication, an Observation, a Task, a Goal, a ServiceRequest, a DetectedIssue or a Flag must be to be written here: the elements and cardinalities of R4 and, for a Communication, of the Belgian profile.</summary>
internal static class NativeRules
{
    private enum Kind { Code, Text, Date, Reference, Concept, Identifier, Annotation, Boolean, Integer, Quantity, Object, Any }

    private readonly record struct Element(Kind Kind, bool Repeats = false, bool Required = false);

    private static readonly Dictionary<string, Element> Shared = new(StringComparer.Ordinal)
    {
        ["resourceType"] = new(Kind.Code, Required: true), ["id"] = new(Kind.Code), ["meta"] = new(Kind.Object), ["implicitRules"] = new(Kind.Text), ["language"] = new(Kind.Code), ["text"] = new(Kind.Object),
        ["contained"] = new(Kind.Object, true), ["extension"] = new(Kind.Object, true),
        ["identifier"] = new(Kind.Identifier, true), ["basedOn"] = new(Kind.Reference, true), ["partOf"] = new(Kind.Reference, true), ["status"] = new(Kind.Code, Required: true),
        ["category"] = new(Kind.Concept, true), ["subject"] = new(Kind.Reference, Required: true), ["encounter"] = new(Kind.Reference), ["note"] = new(Kind.Annotation, true),
    };

    private static readonly Dictionary<string, Element> Communication = new(Shared, StringComparer.Ordinal)
    {
        ["instantiatesCanonical"] = new(Kind.Text, true), ["instantiatesUri"] = new(Kind.Text, true), ["inResponseTo"] = new(Kind.Reference, true), ["statusReason"] = new(Kind.Concept), ["priority"] = new(Kind.Code),
        ["medium"] = new(Kind.Concept, true), ["topic"] = new(Kind.Concept), ["about"] = new(Kind.Reference, true), ["sent"] = new(Kind.Date), ["received"] = new(Kind.Date), ["recipient"] = new(Kind.Reference, true),
        ["sender"] = new(Kind.Reference), ["reasonCode"] = new(Kind.Concept, true), ["reasonReference"] = new(Kind.Reference, true), ["payload"] = new(Kind.Object, true, Required: true),
    };

    private static readonly Dictionary<string, Element> Values = new(StringComparer.Ordinal)
    {
        ["valueQuantity"] = new(Kind.Quantity), ["valueCodeableConcept"] = new(Kind.Concept), ["valueString"] = new(Kind.Text), ["valueBoolean"] = new(Kind.Boolean), ["valueInteger"] = new(Kind.Integer),
        ["valueRange"] = new(Kind.Object), ["valueRatio"] = new(Kind.Object), ["valueSampledData"] = new(Kind.Object), ["valueTime"] = new(Kind.Text), ["valueDateTime"] = new(Kind.Date), ["valuePeriod"] = new(Kind.Object),
        ["dataAbsentReason"] = new(Kind.Concept), ["interpretation"] = new(Kind.Concept, true), ["referenceRange"] = new(Kind.Object, true),
    };

    private static readonly Dictionary<string, Element> Component = new(Values, StringComparer.Ordinal) { ["id"] = new(Kind.Text), ["extension"] = new(Kind.Object, true), ["code"] = new(Kind.Concept, Required: true) };

    private static readonly Dictionary<string, Element> Observation = new(Shared.Concat(Values), StringComparer.Ordinal)
    {
        ["code"] = new(Kind.Concept, Required: true), ["focus"] = new(Kind.Reference, true), ["effectiveDateTime"] = new(Kind.Date), ["effectivePeriod"] = new(Kind.Object), ["effectiveTiming"] = new(Kind.Object),
        ["effectiveInstant"] = new(Kind.Date), ["issued"] = new(Kind.Date), ["performer"] = new(Kind.Reference, true), ["bodySite"] = new(Kind.Concept), ["method"] = new(Kind.Concept), ["specimen"] = new(Kind.Reference),
        ["device"] = new(Kind.Reference), ["hasMember"] = new(Kind.Reference, true), ["derivedFrom"] = new(Kind.Reference, true), ["component"] = new(Kind.Object, true),
    };

    private static readonly Dictionary<string, Element> Task = new(StringComparer.Ordinal)
    {
        ["resourceType"] = new(Kind.Code, Required: true), ["id"] = new(Kind.Code), ["meta"] = new(Kind.Object), ["implicitRules"] = new(Kind.Text), ["language"] = new(Kind.Code), ["text"] = new(Kind.Object),
        ["contained"] = new(Kind.Object, true), ["extension"] = new(Kind.Object, true), ["identifier"] = new(Kind.Identifier, true), ["instantiatesCanonical"] = new(Kind.Text), ["instantiatesUri"] = new(Kind.Text),
        ["basedOn"] = new(Kind.Reference, true), ["groupIdentifier"] = new(Kind.Identifier), ["partOf"] = new(Kind.Reference, true), ["status"] = new(Kind.Code, Required: true), ["statusReason"] = new(Kind.Concept),
        ["businessStatus"] = new(Kind.Concept), ["intent"] = new(Kind.Code, Required: true), ["priority"] = new(Kind.Code), ["code"] = new(Kind.Concept), ["description"] = new(Kind.Text), ["focus"] = new(Kind.Reference),
        ["for"] = new(Kind.Reference, Required: true), ["encounter"] = new(Kind.Reference), ["executionPeriod"] = new(Kind.Object), ["authoredOn"] = new(Kind.Date), ["lastModified"] = new(Kind.Date), ["requester"] = new(Kind.Reference),
        ["performerType"] = new(Kind.Concept, true), ["owner"] = new(Kind.Reference), ["location"] = new(Kind.Reference), ["reasonCode"] = new(Kind.Concept), ["reasonReference"] = new(Kind.Reference), ["insurance"] = new(Kind.Reference, true),
        ["note"] = new(Kind.Annotation, true), ["relevantHistory"] = new(Kind.Reference, true), ["restriction"] = new(Kind.Object), ["input"] = new(Kind.Object, true), ["output"] = new(Kind.Object, true),
    };

    private static readonly Dictionary<string, Element> Goal = new(StringComparer.Ordinal)
    {
        ["resourceType"] = new(Kind.Code, Required: true), ["id"] = new(Kind.Code), ["meta"] = new(Kind.Object), ["implicitRules"] = new(Kind.Text), ["language"] = new(Kind.Code), ["text"] = new(Kind.Object),
        ["contained"] = new(Kind.Object, true), ["extension"] = new(Kind.Object, true), ["identifier"] = new(Kind.Identifier, true), ["lifecycleStatus"] = new(Kind.Code, Required: true), ["achievementStatus"] = new(Kind.Concept),
        ["category"] = new(Kind.Concept, true), ["priority"] = new(Kind.Concept), ["description"] = new(Kind.Concept, Required: true), ["subject"] = new(Kind.Reference, Required: true), ["startDate"] = new(Kind.Date), ["startCodeableConcept"] = new(Kind.Concept),
        ["target"] = new(Kind.Object, true), ["statusDate"] = new(Kind.Date), ["statusReason"] = new(Kind.Text), ["expressedBy"] = new(Kind.Reference), ["addresses"] = new(Kind.Reference, true), ["note"] = new(Kind.Annotation, true),
        ["outcomeCode"] = new(Kind.Concept, true), ["outcomeReference"] = new(Kind.Reference, true),
    };

    private static readonly Dictionary<string, Element> Target = new(StringComparer.Ordinal)
    {
        ["id"] = new(Kind.Text), ["extension"] = new(Kind.Object, true), ["measure"] = new(Kind.Concept), ["detailQuantity"] = new(Kind.Quantity), ["detailRange"] = new(Kind.Object), ["detailCodeableConcept"] = new(Kind.Concept), ["detailString"] = new(Kind.Text),
        ["detailBoolean"] = new(Kind.Boolean), ["detailInteger"] = new(Kind.Integer), ["detailRatio"] = new(Kind.Object), ["dueDate"] = new(Kind.Date), ["dueDuration"] = new(Kind.Quantity),
    };

    private static readonly Dictionary<string, Element> ServiceRequest = new(Shared, StringComparer.Ordinal)
    {
        ["instantiatesCanonical"] = new(Kind.Text, true), ["instantiatesUri"] = new(Kind.Text, true), ["replaces"] = new(Kind.Reference, true), ["requisition"] = new(Kind.Identifier), ["intent"] = new(Kind.Code, Required: true),
        ["priority"] = new(Kind.Code), ["doNotPerform"] = new(Kind.Boolean), ["code"] = new(Kind.Concept), ["orderDetail"] = new(Kind.Concept, true), ["quantityQuantity"] = new(Kind.Quantity), ["quantityRatio"] = new(Kind.Object), ["quantityRange"] = new(Kind.Object),
        ["occurrenceDateTime"] = new(Kind.Date), ["occurrencePeriod"] = new(Kind.Object), ["occurrenceTiming"] = new(Kind.Object), ["asNeededBoolean"] = new(Kind.Boolean), ["asNeededCodeableConcept"] = new(Kind.Concept), ["authoredOn"] = new(Kind.Date),
        ["requester"] = new(Kind.Reference), ["performerType"] = new(Kind.Concept), ["performer"] = new(Kind.Reference, true), ["locationCode"] = new(Kind.Concept, true), ["locationReference"] = new(Kind.Reference, true), ["reasonCode"] = new(Kind.Concept, true),
        ["reasonReference"] = new(Kind.Reference, true), ["insurance"] = new(Kind.Reference, true), ["supportingInfo"] = new(Kind.Reference, true), ["specimen"] = new(Kind.Reference, true), ["bodySite"] = new(Kind.Concept, true),
        ["patientInstruction"] = new(Kind.Text), ["relevantHistory"] = new(Kind.Reference, true),
    };

    private static readonly Dictionary<string, Element> Bare = Shared.Where(e => e.Key is not ("basedOn" or "partOf" or "category" or "subject" or "encounter" or "note")).ToDictionary(StringComparer.Ordinal);

    private static readonly Dictionary<string, Element> DetectedIssue = new(Bare, StringComparer.Ordinal)
    {
        ["code"] = new(Kind.Concept), ["severity"] = new(Kind.Code), ["patient"] = new(Kind.Reference, Required: true), ["identifiedDateTime"] = new(Kind.Date), ["identifiedPeriod"] = new(Kind.Object), ["author"] = new(Kind.Reference),
        ["implicated"] = new(Kind.Reference, true), ["evidence"] = new(Kind.Object, true), ["detail"] = new(Kind.Text), ["reference"] = new(Kind.Text), ["mitigation"] = new(Kind.Object, true),
    };

    private static readonly Dictionary<string, Element> Flag = new(Bare, StringComparer.Ordinal)
    {
        ["category"] = new(Kind.Concept, true), ["code"] = new(Kind.Concept, Required: true), ["subject"] = new(Kind.Reference, Required: true), ["period"] = new(Kind.Object), ["encounter"] = new(Kind.Reference), ["author"] = new(Kind.Reference),
    };

    /// <summary>The types that a program may create and update one by one.</summary>
    public static bool Knows(string type) => type is "Communication" or "Observation" or "Task" or "Goal";

    /// <summary>The types that a program may update one by one; a DetectedIssue is answered so, a PlanDefinition published.</summary>
    public static bool Updates(string type) => Knows(type) || type is "DetectedIssue" or "PlanDefinition";

    /// <summary>
    /// Whether what is sent is something that the caller does now: types of <see cref="Knows"/>, and of others what has not ended. A request that is done, an alert that was
    /// called off or a flag that no longer holds is history of some source, and comes in by the rules of import.
    /// </summary>
    public static bool Creates(JsonElement root, string type) => Knows(type) || type switch
    {
        "ServiceRequest" => root.Text("status"u8) is not ("on-hold" or "revoked" or "completed" or "entered-in-error" or "unknown"),
        "DetectedIssue" => root.Text("status"u8) is not ("cancelled" or "entered-in-error" or "unknown"),
        "Flag" => root.Text("status"u8) is not ("inactive" or "entered-in-error"),
        _ => false,
    };

    /// <summary>The element that names the patient.</summary>
    public static string PatientElement(string type) => type switch { "Task" => "Task.for", "DetectedIssue" => "DetectedIssue.patient", _ => $"{type}.subject" };

    /// <summary>What is wrong with a resource that somebody wants to write; nothing when it may be stored.</summary>
    public static List<FhirIssue> Check(JsonElement root, string type)
    {
        var issues = new List<FhirIssue>();
        CheckObject(root, type, type switch { "Communication" => Communication, "Task" => Task, "Goal" => Goal, "ServiceRequest" => ServiceRequest, "DetectedIssue" => DetectedIssue, "Flag" => Flag, _ => Observation }, issues);
        if (root.Text("status"u8) is { } status && !FhirTypes.Allows($"{type}.status", status)) issues.Add(FhirIssue.Error("code-invalid", "This is not a status that R4 knows.", $"{type}.status"));
        CheckMeta(root, type, issues);
        if (type == "Communication") CheckCommunication(root, issues);
        else if (type == "Goal") CheckGoal(root, issues);
        else if (type == "Task") CheckTask(root, issues);
        else if (type == "ServiceRequest") CheckServiceRequest(root, issues);
        else if (type == "DetectedIssue") CheckDetectedIssue(root, issues);
        else if (type == "Flag") CheckFlag(root, issues);
        else CheckObservation(root, issues);
        return issues.Count > 20 ? issues[..20] : issues;
    }

    /// <summary>A label of confidentiality that cannot be read would open what its writer meant to close.</summary>
    private static void CheckMeta(JsonElement root, string type, List<FhirIssue> issues)
    {
        if (root.Each("extension"u8).Any(e => e.ValueKind == JsonValueKind.Object && e.Words("url"u8) is null)) issues.Add(FhirIssue.Error("required", "An extension has a url.", $"{type}.extension"));
        if (root.Child("meta"u8) is not { ValueKind: JsonValueKind.Object } meta) return;
        foreach (var name in (ReadOnlySpan<string>)["security", "tag"])
        {
            if (!meta.TryGetProperty(name, out var codings)) continue;
            var legal = codings.ValueKind == JsonValueKind.Array && codings.GetArrayLength() > 0 && codings.EnumerateArray().All(c => c.ValueKind == JsonValueKind.Object && c.Words("code"u8) is not null);
            if (!legal) issues.Add(FhirIssue.Error("structure", "This element is an array of Codings, each with a code.", $"{type}.meta.{name}"));
        }
    }

    private static void CheckCommunication(JsonElement root, List<FhirIssue> issues)
    {
        if (root.Text("priority"u8) is { } priority && priority is not ("routine" or "urgent" or "asap" or "stat")) issues.Add(FhirIssue.Error("code-invalid", "priority is routine, urgent, asap or stat.", "Communication.priority"));
        var index = 0;
        foreach (var payload in root.Each("payload"u8))
        {
            var place = $"Communication.payload[{index++}]";
            if (payload.ValueKind != JsonValueKind.Object) continue;
            var contents = payload.EnumerateObject().Count(m => m.Name is "contentString" or "contentAttachment" or "contentReference");
            if (contents != 1) issues.Add(FhirIssue.Error(contents == 0 ? "required" : "invalid", "A payload has exactly one of contentString, contentAttachment and contentReference.", place));
            foreach (var member in payload.EnumerateObject())
                if (member.Name is not ("contentString" or "contentAttachment" or "contentReference" or "extension" or "id" or "_contentString")) issues.Add(FhirIssue.Error("structure", "R4 has no such element.", place));
            if (payload.Child("contentString"u8) is { } text)
            {
                if (text.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(text.GetString())) issues.Add(FhirIssue.Error("value", "contentString is text and not empty.", place + ".contentString"));
                else if (text.GetString()!.Length > Timeline.AddNote.LongestText) issues.Add(FhirIssue.Error("too-long", $"contentString is at most {Timeline.AddNote.LongestText} characters.", place + ".contentString"));
            }
        }
        if (index == 0 && root.TryGetProperty("payload"u8, out _)) issues.Add(FhirIssue.Error("required", "A Communication has a payload.", "Communication.payload"));
    }

    private static void CheckTask(JsonElement root, List<FhirIssue> issues)
    {
        if (root.Text("intent"u8) is { } intent && intent is not ("unknown" or "proposal" or "plan" or "order" or "original-order" or "reflex-order" or "filler-order" or "instance-order" or "option")) issues.Add(FhirIssue.Error("code-invalid", "This is not an intent that R4 knows.", "Task.intent"));
        if (root.Text("priority"u8) is { } priority && priority is not ("routine" or "urgent" or "asap" or "stat")) issues.Add(FhirIssue.Error("code-invalid", "priority is routine, urgent, asap or stat.", "Task.priority"));
        foreach (var name in (ReadOnlySpan<string>)["input", "output"])
        {
            var index = 0;
            foreach (var part in root.Each(System.Text.Encoding.UTF8.GetBytes(name)))
            {
                var place = $"Task.{name}[{index++}]";
                if (part.ValueKind != JsonValueKind.Object) continue;
                if (part.Child("type"u8) is null) issues.Add(FhirIssue.Error("required", "A part says of what type it is.", place + ".type"));
                if (part.EnumerateObject().Count(m => m.Name.StartsWith("value", StringComparison.Ordinal)) != 1) issues.Add(FhirIssue.Error("required", "A part has exactly one value.", place + ".value[x]"));
            }
        }
        CheckRepeat(root, issues);
        if (root.Child("restriction"u8)?.Child("period"u8) is { } period && (period.ValueKind != JsonValueKind.Object || period.Child("end"u8) is { } end && end.AsDate() is null)) issues.Add(FhirIssue.Error("value", "restriction.period.end is a FHIR date.", "Task.restriction.period"));
    }

    private static void CheckServiceRequest(JsonElement root, List<FhirIssue> issues)
    {
        if (root.Text("intent"u8) is { } intent && intent is not ("proposal" or "plan" or "directive" or "order" or "original-order" or "reflex-order" or "filler-order" or "instance-order" or "option")) issues.Add(FhirIssue.Error("code-invalid", "This is not an intent that R4 knows.", "ServiceRequest.intent"));
        if (root.Text("priority"u8) is { } priority && priority is not ("routine" or "urgent" or "asap" or "stat")) issues.Add(FhirIssue.Error("code-invalid", "priority is routine, urgent, asap or stat.", "ServiceRequest.priority"));
        if (root.Child("doNotPerform"u8)?.ValueKind == JsonValueKind.True) issues.Add(FhirIssue.Error("not-supported", "That something is not to be done is said in a note: a request that means its opposite would be read as one.", "ServiceRequest.doNotPerform"));
        if (new[] { "code", "orderDetail", "reasonCode", "category" }.All(name => !root.TryGetProperty(name, out _))) issues.Add(FhirIssue.Error("required", "A request says what is asked for.", "ServiceRequest.code"));
        if (root.Child("code"u8) is { ValueKind: JsonValueKind.Object } code && code.ConceptWords() is null) issues.Add(FhirIssue.Error("required", "code names what is asked for: a coding or a text.", "ServiceRequest.code"));
        foreach (var name in (ReadOnlySpan<string>)["occurrence", "quantity", "asNeeded"])
            if (root.EnumerateObject().Count(m => m.Name.StartsWith(name, StringComparison.Ordinal)) > 1) issues.Add(FhirIssue.Error("invalid", "Only one of these can be given.", $"ServiceRequest.{name}[x]"));
        CheckPeriod(root, "occurrencePeriod", "ServiceRequest.occurrencePeriod", issues);
    }

    private static void CheckDetectedIssue(JsonElement root, List<FhirIssue> issues)
    {
        if (root.Text("severity"u8) is { } severity && severity is not ("high" or "moderate" or "low")) issues.Add(FhirIssue.Error("code-invalid", "severity is high, moderate or low.", "DetectedIssue.severity"));
        if (root.Child("code"u8)?.ConceptWords() is null && root.Text("detail"u8) is null) issues.Add(FhirIssue.Error("required", "code or detail says what was seen.", "DetectedIssue.code"));
        if (root.TryGetProperty("identifiedDateTime"u8, out _) && root.TryGetProperty("identifiedPeriod"u8, out _)) issues.Add(FhirIssue.Error("invalid", "Only one of these can be given.", "DetectedIssue.identified[x]"));
        CheckPeriod(root, "identifiedPeriod", "DetectedIssue.identifiedPeriod", issues);
        var done = root.Each("mitigation"u8).ToList();
        foreach (var (i, mitigation) in done.Index())
            if (mitigation.ValueKind == JsonValueKind.Object && mitigation.Child("action"u8)?.ConceptWords() is null) issues.Add(FhirIssue.Error("required", "A mitigation says what was done.", $"DetectedIssue.mitigation[{i}].action"));
        if (root.Text("status"u8) is "final" or "amended" or "corrected" && done.Count == 0) issues.Add(FhirIssue.Error("required", "What is final was looked at: mitigation says what was done. What somebody still has to look at is preliminary.", "DetectedIssue.mitigation"));
    }

    private static void CheckFlag(JsonElement root, List<FhirIssue> issues)
    {
        if (root.Child("code"u8) is { ValueKind: JsonValueKind.Object } code && code.ConceptWords() is null) issues.Add(FhirIssue.Error("required", "code says what has to be known: a coding or a text.", "Flag.code"));
        CheckPeriod(root, "period", "Flag.period", issues);
    }

    private static void CheckPeriod(JsonElement root, string name, string place, List<FhirIssue> issues)
    {
        if (!root.TryGetProperty(name, out var period) || period.ValueKind != JsonValueKind.Object) return;
        foreach (var end in (ReadOnlySpan<string>)["start", "end"])
            if (period.TryGetProperty(end, out var moment) && moment.AsDate() is null) issues.Add(FhirIssue.Error("value", "This element is a FHIR date.", $"{place}.{end}"));
    }

    private static void CheckGoal(JsonElement root, List<FhirIssue> issues)
    {
        if (root.Text("lifecycleStatus"u8) is { } status && !FhirTypes.Allows("Goal.lifecycleStatus", status)) issues.Add(FhirIssue.Error("code-invalid", "This is not a lifecycleStatus that R4 knows.", "Goal.lifecycleStatus"));
        if (root.Child("description"u8) is { ValueKind: JsonValueKind.Object } description && description.ConceptWords() is null) issues.Add(FhirIssue.Error("required", "description says what the goal is: a coding or a text.", "Goal.description"));
        foreach (var name in (ReadOnlySpan<string>)["start", "expressedBy"])
            if (root.EnumerateObject().Count(m => m.Name == name || (name == "start" && m.Name is "startDate" or "startCodeableConcept")) > 1) issues.Add(FhirIssue.Error("invalid", "Only one of these can be given.", $"Goal.{name}"));
        var index = 0;
        foreach (var target in root.Each("target"u8))
        {
            var place = $"Goal.target[{index++}]";
            if (target.ValueKind != JsonValueKind.Object) continue;
            CheckObject(target, place, Target, issues);
            var details = target.EnumerateObject().Count(m => m.Name.StartsWith("detail", StringComparison.Ordinal));
            if (details > 1) issues.Add(FhirIssue.Error("invalid", "Only one detail can be given.", place + ".detail[x]"));
            if (details > 0 && target.Child("measure"u8) is null) issues.Add(FhirIssue.Error("invariant", "gol-1: a target with a detail says what is measured.", place + ".measure"));
        }
    }

    /// <summary>A repeat rule is kept whole or refused: one that comes back on other days than its writer meant is worse than none.</summary>
    private static void CheckRepeat(JsonElement root, List<FhirIssue> issues)
    {
        var rules = root.Each("extension"u8).Where(e => e.ValueKind == JsonValueKind.Object && e.Text("url"u8) == TaskCodes.Repeat).ToList();
        if (rules.Count > 1) issues.Add(FhirIssue.Error("structure", "A task has one repeat rule.", "Task.extension"));
        foreach (var rule in rules)
        {
            const string place = "Task.extension.valueTiming.repeat";
            if (rule.Child("valueTiming"u8) is not { ValueKind: JsonValueKind.Object } timing || timing.Child("repeat"u8) is not { ValueKind: JsonValueKind.Object } repeat)
            {
                issues.Add(FhirIssue.Error("structure", "A repeat rule is a Timing with repeat.", "Task.extension.valueTiming"));
                continue;
            }
            if (timing.EnumerateObject().Any(m => m.Name is not ("repeat" or "id")) || repeat.EnumerateObject().Any(m => m.Name is not ("frequency" or "period" or "periodUnit" or "dayOfWeek" or "boundsPeriod" or "id")))
                issues.Add(FhirIssue.Error("not-supported", "Of a repeat rule only frequency, period, periodUnit, dayOfWeek and boundsPeriod.end are kept.", place));
            if (repeat.Child("frequency"u8) is { } frequency && !(frequency.ValueKind == JsonValueKind.Number && frequency.TryGetInt32(out var times) && times == 1))
                issues.Add(FhirIssue.Error("not-supported", "A task comes back once in each period: frequency is 1.", place + ".frequency"));
            if (!(repeat.Child("period"u8) is { ValueKind: JsonValueKind.Number } period && period.TryGetDecimal(out var every) && every is >= 1 and <= 1_000 && decimal.Truncate(every) == every))
                issues.Add(FhirIssue.Error("value", "period is a whole number from 1 to 1000.", place + ".period"));
            var unit = repeat.Text("periodUnit"u8);
            if (unit is not ("d" or "wk" or "mo")) issues.Add(FhirIssue.Error("not-supported", "A task comes back every so many days, weeks or months: periodUnit is d, wk or mo.", place + ".periodUnit"));
            if (repeat.TryGetProperty("dayOfWeek"u8, out var days) && (unit != "wk" || days.ValueKind != JsonValueKind.Array || days.EnumerateArray().Any(d => d.ValueKind != JsonValueKind.String || d.GetString() is not ("mon" or "tue" or "wed" or "thu" or "fri" or "sat" or "sun"))))
                issues.Add(FhirIssue.Error("value", "dayOfWeek is an array of mon, tue, wed, thu, fri, sat, sun, and goes with weeks.", place + ".dayOfWeek"));
            if (repeat.Child("boundsPeriod"u8) is { } bounds && !(bounds.ValueKind == JsonValueKind.Object && bounds.EnumerateObject().All(m => m.Name is "end" or "id") && bounds.Text("end"u8) is { } end && DateOnly.TryParseExact(end, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)))
                issues.Add(FhirIssue.Error("value", "boundsPeriod has an end alone, which is a day; the series begins with its first task.", place + ".boundsPeriod"));
        }
    }

    private static void CheckObservation(JsonElement root, List<FhirIssue> issues)
    {
        foreach (var (name, place) in new[] { ("effective", "Observation.effective[x]"), ("value", "Observation.value[x]") })
            if (root.EnumerateObject().Count(m => m.Name.StartsWith(name, StringComparison.Ordinal)) > 1) issues.Add(FhirIssue.Error("invalid", "Only one of these can be given.", place));
        var index = 0;
        foreach (var component in root.Each("component"u8))
        {
            if (component.ValueKind == JsonValueKind.Object) CheckObject(component, $"Observation.component[{index}]", Component, issues);
            index++;
        }
        var says = index > 0 || root.TryGetProperty("hasMember"u8, out _) || root.TryGetProperty("dataAbsentReason"u8, out _) || root.EnumerateObject().Any(m => m.Name.StartsWith("value", StringComparison.Ordinal));
        if (!says) issues.Add(FhirIssue.Error("required", "An Observation has a value, a component or a reason why there is none.", "Observation.value[x]"));
        if (root.Child("code"u8) is { ValueKind: JsonValueKind.Object } code && code.ConceptWords() is null) issues.Add(FhirIssue.Error("required", "code names what was observed: a coding or a text.", "Observation.code"));
    }

    private static void CheckObject(JsonElement root, string place, Dictionary<string, Element> elements, List<FhirIssue> issues)
    {
        foreach (var (name, element) in elements)
            if (element.Required && !root.TryGetProperty(name, out _)) issues.Add(FhirIssue.Error("required", $"{name} is required.", $"{place}.{name}"));
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name.StartsWith('_') && elements.ContainsKey(member.Name[1..])) continue;
            if (!elements.TryGetValue(member.Name, out var element))
            {
                // A modifier extension may turn the meaning round; what nobody here understands is not taken.
                issues.Add(member.NameEquals("modifierExtension"u8)
                    ? FhirIssue.Error("not-supported", "No modifier extension is understood here.", $"{place}.modifierExtension")
                    : FhirIssue.Error("structure", "R4 has no such element.", place));
                continue;
            }
            var where = $"{place}.{member.Name}";
            if (element.Repeats != (member.Value.ValueKind == JsonValueKind.Array))
            {
                issues.Add(FhirIssue.Error("structure", element.Repeats ? "This element is an array." : "This element is not an array.", where));
                continue;
            }
            if (!element.Repeats) CheckValue(member.Value, element.Kind, where, issues);
            else if (member.Value.GetArrayLength() == 0) issues.Add(FhirIssue.Error("structure", "An array is not empty.", where));
            else foreach (var (i, item) in member.Value.EnumerateArray().Index()) CheckValue(item, element.Kind, $"{where}[{i}]", issues);
        }
    }

    private static void CheckValue(JsonElement value, Kind kind, string place, List<FhirIssue> issues)
    {
        var wrong = kind switch
        {
            Kind.Code => value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(value.GetString()) ? "is a code" : null,
            Kind.Text => value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(value.GetString()) ? "is text and not empty" : null,
            Kind.Date => value.AsDate() is null ? "is a FHIR date" : null,
            Kind.Boolean => value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) ? "is true or false" : null,
            Kind.Integer => value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out _) ? "is a whole number" : null,
            Kind.Quantity => value.ValueKind != JsonValueKind.Object || value.Child("value"u8) is { ValueKind: not JsonValueKind.Number } || value.Child("value"u8) is { } n && !n.TryGetDecimal(out _)
                || value.Text("comparator"u8) is { } c && c is not ("<" or "<=" or ">=" or ">") ? "is a Quantity with a number as its value" : null,
            Kind.Concept => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(m => m.Name is not ("coding" or "text" or "id" or "extension" or "_text")) ? "is a CodeableConcept" : null,
            Kind.Reference => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(m => m.Name is not ("reference" or "type" or "identifier" or "display" or "id" or "extension" or "_reference" or "_display" or "_type")) ? "is a Reference" : null,
            Kind.Any => null,
            _ => value.ValueKind != JsonValueKind.Object ? "is an object" : null,
        };
        if (wrong is not null) issues.Add(FhirIssue.Error(kind == Kind.Date ? "value" : "structure", $"This element {wrong}.", place));
    }
}
