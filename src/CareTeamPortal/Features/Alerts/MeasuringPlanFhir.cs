using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Measuring plans to and from FHIR R4 ServiceRequest. What the portal does not know of a resource stays as it came.</summary>
internal static class MeasuringPlanFhir
{
    private static readonly string[] Kinds = ["value", "sustained", "change", "trend", "baseline", "missing"];
    private static readonly string[] Severities = ["low", "moderate", "high"];

    /// <summary>The plan that a ServiceRequest says; null when it is none.</summary>
    /// <param name="person">Who of the portal a reference means.</param>
    public static MeasuringPlan? Read(FhirNode root, PatientId patient, string id, int version, Func<string?, PersonRow?> person)
    {
        if (!root.Each("category"u8).SelectMany(c => c.Each("coding"u8)).Any(c => c.Text("system"u8) == AlertCodes.PlanKind && c.Text("code"u8) == AlertCodes.Measuring))
            return null;
        var code = root.Child("code"u8);
        var loinc = code?.Each("coding"u8).Where(c => c.Text("system"u8) == PortalCodes.Loinc).Select(c => c.Text("code"u8)).FirstOrDefault();
        return new MeasuringPlan
        {
            Id = id,
            Patient = patient,
            Version = version,
            IsActive = root.Text("status"u8) == "active",
            Loinc = loinc ?? "",
            Repeat = root.Child("occurrenceTiming"u8) is { } timing ? TaskFhir.ReadRepeat(timing) : null,
            By = [.. root.Each("performer"u8).Select(p => TaskFhir.Party(p, person)).OfType<TaskParty>()],
            Goal = root.Each("supportingInfo"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("Goal/", StringComparison.Ordinal) == true),
            Requester = TaskFhir.Party(root.First("requester"u8), person),
            AuthoredOn = root.Date("authoredOn"u8)?.Start ?? DateTime.UnixEpoch,
            Reason = root.Each("note"u8).Select(n => n.Words("text"u8)).FirstOrDefault(),
            Rules = [.. root.Each("extension"u8).Where(e => e.Text("url"u8) == AlertCodes.Threshold).Select(e => Rule(e, person)).OfType<AlertRule>().DistinctBy(r => r.Threshold.Id).Take(MeasuringPlan.MostRules)],
        };
    }

    /// <summary>A limit with what follows; null when it cannot be judged.</summary>
    internal static AlertRule? Rule(FhirNode extension, Func<string?, PersonRow?> person)
    {
        FhirNode? Part(string url) => TimelineFhir.Extension(extension, url);
        return ReadThreshold(extension) is not { IsSound: true } threshold || Measured.QuantityOf(threshold.Quantity) is null ? null : new AlertRule
        {
            Threshold = threshold,
            Owner = TaskFhir.Party(Part("owner")?.Child("valueReference"u8), person),
            ToDo = Part("to-do")?.Words("valueString"u8),
            Source = Part("source")?.Words("valueString"u8),
            ToConfirm = Part("to-confirm")?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True,
            Kept = Part("kept-at")?.Date("valueDateTime"u8)?.Start is { } kept ? new(kept, Part("kept-by")?.Words("valueString"u8), Part("kept-because")?.Words("valueString"u8) ?? "") : null,
        };
    }

    /// <summary>The limit that an extension says, sound or not; null when it lacks an id, a kind or a quantity.</summary>
    internal static Threshold? ReadThreshold(FhirNode extension)
    {
        FhirNode? Part(string url) => TimelineFhir.Extension(extension, url);
        var limit = Part("limit")?.Child("valueQuantity"u8)?.Child("value"u8);
        var window = Part("window")?.Child("valueDuration"u8);
        var count = window?.Child("value"u8);
        return Array.IndexOf(Kinds, Part("kind")?.Text("valueCode"u8)) is not (>= 0 and var kind) || Part("quantity")?.Text("valueCode"u8) is not { } quantity || Part("id")?.Text("valueId"u8) is not { Length: > 0 and <= 64 } id ? null : new Threshold
        {
            Id = id,
            Quantity = quantity,
            Kind = (ThresholdKind)kind,
            Side = Part("side")?.Text("valueCode"u8) == "below" ? Side.Below : Side.Above,
            Limit = limit is { } l && l.TryGetDecimal(out var number) ? number : null,
            OrEqual = Part("or-equal")?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True,
            InPercent = Part("in-percent")?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True,
            Window = count is { } c && c.TryGetDecimal(out var long_) && long_ is >= 1 and <= 1_000 ? new Window((int)long_, window!.Value.Text("code"u8) == "h") : null,
            Severity = Array.IndexOf(Severities, Part("severity")?.Text("valueCode"u8)) is >= 0 and var severity ? (AlertSeverity)severity : AlertSeverity.Moderate,
            Since = Part("since")?.Date("valueDateTime"u8)?.Start ?? DateTime.UnixEpoch,
        };
    }

    /// <summary>The plan as a ServiceRequest: ours in place of what stood there, the rest of the present resource as it is.</summary>
    /// <param name="present">The stored resource; null for a new one.</param>
    public static byte[] Write(MeasuringPlan plan, byte[]? present)
    {
        var root = present is not null ? (JsonObject)JsonNode.Parse(present)! : new JsonObject { ["resourceType"] = "ServiceRequest" };
        var extensions = new JsonArray();
        foreach (var extension in root["extension"] as JsonArray ?? [])
        {
            if (extension?["url"]?.GetValue<string>() is not (AlertCodes.Threshold or PortalCodes.CareLine))
                extensions.Add(extension!.DeepClone());
        }

        if (plan.Requester?.Line is { } line)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.CareLine, ["valueCode"] = PortalCodes.CodeOf(line) });
        foreach (var rule in plan.Rules)
            extensions.Add(Extension(rule));
        TaskFhir.Put(root, "extension", extensions.Count == 0 ? null : extensions);
        root["status"] = plan.IsActive ? "active" : "revoked";
        root["intent"] = "plan";
        root["category"] ??= new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = AlertCodes.PlanKind, ["code"] = AlertCodes.Measuring }) });
        root["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = PortalCodes.Loinc, ["code"] = plan.Loinc }), ["text"] = AlertWords.Get("Plan.Name", plan.Name.ToLower(BelgianTime.Culture)) };
        root["patientInstruction"] = AlertWords.Plan(plan);
        root["subject"] ??= new JsonObject { ["reference"] = $"Patient/{plan.Patient}" };
        TaskFhir.Put(root, "occurrenceTiming", plan.Repeat is null ? null : TaskFhir.Timing(plan.Repeat));
        root["authoredOn"] = FhirDates.BelgianDateTime(plan.AuthoredOn);
        TaskFhir.Put(root, "requester", TaskFhir.Reference(plan.Requester));
        TaskFhir.Put(root, "performer", plan.By.Count == 0 ? null : new JsonArray([.. plan.By.Select(p => (JsonNode?)TaskFhir.Reference(p))]));
        TaskFhir.Put(root, "supportingInfo", plan.Goal is null ? null : new JsonArray(new JsonObject { ["reference"] = plan.Goal }));
        TaskFhir.Put(root, "note", plan.Reason is null ? null : new JsonArray(new JsonObject { ["text"] = plan.Reason }));
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>A limit with what follows, as an extension.</summary>
    internal static JsonObject Extension(AlertRule rule)
    {
        var parts = ThresholdParts(rule.Threshold);
        Add(parts, "since", "valueDateTime", FhirDates.BelgianDateTime(rule.Threshold.Since));
        Add(parts, "owner", "valueReference", TaskFhir.Reference(rule.Owner));
        Add(parts, "to-do", "valueString", rule.ToDo);
        Add(parts, "source", "valueString", rule.Source);
        if (rule.ToConfirm)
            Add(parts, "to-confirm", "valueBoolean", true);
        if (rule.Kept is { } kept)
        {
            Add(parts, "kept-at", "valueDateTime", FhirDates.BelgianDateTime(kept.At));
            Add(parts, "kept-by", "valueString", kept.By);
            Add(parts, "kept-because", "valueString", kept.Reason);
        }

        return new JsonObject { ["url"] = AlertCodes.Threshold, ["extension"] = parts };
    }

    /// <summary>The parts of the extension that say from where a value is worth an alert.</summary>
    internal static JsonArray ThresholdParts(Threshold t)
    {
        var parts = new JsonArray();
        Add(parts, "id", "valueId", t.Id);
        Add(parts, "quantity", "valueCode", t.Quantity);
        Add(parts, "kind", "valueCode", Kinds[(int)t.Kind]);
        Add(parts, "side", "valueCode", t.Side == Side.Below ? "below" : "above");
        if (t.Limit is { } limit)
        {
            var quantity = new JsonObject { ["value"] = limit };
            if (t.InPercent || Measured.QuantityOf(t.Quantity) is { } known && known.Ucum.Length > 0)
            {
                var (unit, ucum) = t.InPercent ? ("%", "%") : (Measured.QuantityOf(t.Quantity)!.Unit, Measured.QuantityOf(t.Quantity)!.Ucum);
                quantity["unit"] = unit.Length > 0 ? unit : ucum;
                quantity["system"] = PortalCodes.Ucum;
                quantity["code"] = ucum;
            }

            Add(parts, "limit", "valueQuantity", quantity);
        }

        if (t.OrEqual)
            Add(parts, "or-equal", "valueBoolean", true);
        if (t.InPercent)
            Add(parts, "in-percent", "valueBoolean", true);
        if (t.Window is { } window)
            Add(parts, "window", "valueDuration", new JsonObject { ["value"] = window.Count, ["unit"] = window.InHours ? "h" : "d", ["system"] = PortalCodes.Ucum, ["code"] = window.InHours ? "h" : "d" });
        Add(parts, "severity", "valueCode", Severities[(int)t.Severity]);
        return parts;
    }

    /// <summary>Adds a part of an extension, when it says something.</summary>
    internal static void Add(JsonArray parts, string url, string type, JsonNode? value)
    {
        if (value is not null)
            parts.Add(new JsonObject { ["url"] = url, [type] = value });
    }
}
