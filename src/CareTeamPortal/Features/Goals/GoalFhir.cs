using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Goals;

/// <summary>Goals to and from FHIR R4 Goal. What the portal does not know of a resource stays as it came.</summary>
internal static class GoalFhir
{
    private static readonly string[] Own = [GoalCodes.Serves, GoalCodes.Owner, GoalCodes.WrittenBy, PortalCodes.CareLine, PortalCodes.SharedWithPatient];

    /// <summary>The goal that a Goal says. Nothing is required of it: what a source left out is left out.</summary>
    /// <param name="person">Who of the portal a reference means.</param>
    public static CareGoal Read(FhirNode root, PatientId patient, string id, int version, Audience audience, Func<string?, PersonRow?> person)
    {
        var by = TaskFhir.Party(root.First("expressedBy"u8), person);
        var serves = Reference(root, GoalCodes.Serves);
        var kind = root.Each("category"u8).SelectMany(c => c.Each("coding"u8)).Where(c => c.Text("system"u8) == GoalCodes.Kind).Select(c => c.Text("code"u8)).FirstOrDefault();
        var targets = root.Each("target"u8).ToList();
        return new CareGoal
        {
            Id = id,
            Patient = patient,
            Version = version,
            Kind = kind switch { "life" => GoalKind.Life, "care" => GoalKind.Care, _ => serves is null && by?.Reference is { } who && (who.StartsWith("Patient/", StringComparison.Ordinal) || who.StartsWith("RelatedPerson/", StringComparison.Ordinal)) ? GoalKind.Life : GoalKind.Care },
            Words = SafeText.Lines(root.Child("description"u8)?.ConceptWords() ?? root.First("category"u8)?.ConceptWords() ?? "", 2_000).Trim(),
            State = StateOf(root),
            Reason = root.Words("statusReason"u8) is { } reason ? SafeText.Lines(reason, TaskLimits.LongestReason) : null,
            By = by,
            WrittenBy = TaskFhir.Party(TimelineFhir.Extension(root, GoalCodes.WrittenBy)?.Child("valueReference"u8), person),
            Owner = TaskFhir.Party(TimelineFhir.Extension(root, GoalCodes.Owner)?.Child("valueReference"u8), person),
            Serves = serves,
            Target = targets.Count == 0 ? null : Target(targets[0]),
            Further = [.. targets.Skip(1).Select(t => GoalPhrases.Target(Target(t))).Concat(root.Each("addresses"u8).Select(a => a.Words("display"u8))).OfType<string>().Where(w => w.Length > 0).Select(w => SafeText.Line(w, 200)).Take(20)],
            Remarks = [.. root.Each("note"u8).Select(n => new GoalRemark(SafeText.Lines(n.Words("text"u8) ?? "", KeepGoal.LongestRemark), n.Child("authorReference"u8)?.Words("display"u8) ?? n.Words("authorString"u8), n.Date("time"u8)?.Start)).Where(n => n.Words.Length > 0).TakeLast(CareGoal.MostRemarks).Reverse()],
            Start = Day(root.Date("startDate"u8)),
            StateSince = Day(root.Date("statusDate"u8)),
            Audience = audience,
        };
    }

    private static GoalState StateOf(FhirNode root)
    {
        var achieved = root.Child("achievementStatus"u8)?.Each("coding"u8).Select(c => c.Text("code"u8)).FirstOrDefault(c => c is not null);
        return root.Text("lifecycleStatus"u8) switch
        {
            "proposed" or "planned" => GoalState.Proposed,
            "on-hold" => GoalState.OnHold,
            "completed" => achieved is "not-achieved" or "no-progress" or "not-attainable" ? GoalState.NotAchieved : GoalState.Achieved,
            "cancelled" or "rejected" => GoalState.Cancelled,
            "entered-in-error" => GoalState.Mistaken,
            _ => GoalState.Active,
        };
    }

    private static GoalTarget Target(FhirNode target)
    {
        var loinc = target.Child("measure"u8)?.Each("coding"u8).Where(c => c.Text("system"u8) == PortalCodes.Loinc || c.Text("system"u8) == GoalMeasure.ScoreSystem && GoalMeasure.Find(c.Text("code"u8) ?? "")?.System == GoalMeasure.ScoreSystem).Select(c => c.Text("code"u8)).FirstOrDefault();
        var quantity = target.Child("detailQuantity"u8);
        var range = target.Child("detailRange"u8);
        var (low, high) = (range?.Child("low"u8), range?.Child("high"u8));
        var (value, unit) = Number(quantity ?? low ?? high);
        var (top, _) = range is null ? (null, null) : Number(high);
        var side = quantity?.Text("comparator"u8) switch { ">" or ">=" => TargetSide.AtLeast, "<" or "<=" => TargetSide.AtMost, _ => range is null || low is null ? TargetSide.AtMost : high is null ? TargetSide.AtLeast : TargetSide.Between };
        if (loinc is not null && MeasurementCatalogue.Find(loinc) is { } known)
        {
            // In the unit in which it is drawn; what cannot be converted stays words.
            value = value is { } v && known.InOwnUnit(v, unit) is { } own ? known.InGroupUnit(own) : null;
            top = top is { } t && known.InOwnUnit(t, unit) is { } end ? known.InGroupUnit(end) : null;
        }

        if (side == TargetSide.Between && !(top > value))
            (side, top) = (TargetSide.AtMost, null);
        var measured = loinc is not null && value is not null;
        var words = target.Words("detailString"u8) ?? target.Child("detailCodeableConcept"u8)?.ConceptWords() ?? (measured && (MeasurementCatalogue.Find(loinc!) is not null || GoalMeasure.Find(loinc!)?.System == GoalMeasure.ScoreSystem) ? null : target.Child("measure"u8)?.ConceptWords());
        return new GoalTarget
        {
            Loinc = measured ? loinc : null, Value = measured ? value : null, High = measured && side == TargetSide.Between ? top : null, Side = side, Unit = measured ? unit : null,
            Words = words is null ? null : SafeText.Line(words, 300), Due = Day(target.Date("dueDate"u8)),
        };
    }

    private static (decimal?, string?) Number(FhirNode? quantity) =>
        quantity is { } q && q.Child("value"u8) is { } value && value.TryGetDecimal(out var number) && decimal.Abs(number) <= Threshold.Largest ? (number, q.Text("code"u8) ?? q.Text("unit"u8)) : (null, null);

    private static string? Reference(FhirNode root, string url) =>
        TimelineFhir.Extension(root, url)?.Child("valueReference"u8)?.Text("reference"u8) is { } literal && literal.StartsWith("Goal/", StringComparison.Ordinal) ? literal : null;

    private static DateOnly? Day(FhirDate? date) => date is { } d ? Platform.Time.BelgianTime.DayOf(d.Start) : null;

    // ---- write -------------------------------------------------------------------------------------------------------

    /// <summary>The goal as a Goal: ours in place of what stood there, the rest of the present resource as it is.</summary>
    /// <param name="present">The stored resource; null for a new one.</param>
    /// <param name="before">The goal as it stood; null for a new one.</param>
    /// <param name="remark">What is said about how it goes; null for nothing.</param>
    public static byte[] Write(CareGoal goal, byte[]? present, CareGoal? before, (string Words, TaskParty By, DateTime At)? remark = null)
    {
        var root = present is not null ? (JsonObject)JsonNode.Parse(present)! : new JsonObject { ["resourceType"] = "Goal" };
        TaskFhir.WriteAudience(root, goal.Audience);
        var extensions = new JsonArray();
        foreach (var extension in root["extension"] as JsonArray ?? [])
        {
            if (!Own.Contains(extension?["url"]?.GetValue<string>()))
                extensions.Add(extension!.DeepClone());
        }

        void Add(string url, string type, JsonNode? value)
        {
            if (value is not null)
                extensions.Add(new JsonObject { ["url"] = url, [type] = value });
        }

        if ((goal.WrittenBy ?? goal.By)?.Line is { } line)
            Add(PortalCodes.CareLine, "valueCode", PortalCodes.CodeOf(line));
        Add(GoalCodes.Serves, "valueReference", goal.Serves is null ? null : new JsonObject { ["reference"] = goal.Serves });
        Add(GoalCodes.Owner, "valueReference", TaskFhir.Reference(goal.Owner));
        Add(GoalCodes.WrittenBy, "valueReference", TaskFhir.Reference(goal.WrittenBy));
        if (goal.Audience == Audience.ProfessionalsAndPatient)
            Add(PortalCodes.SharedWithPatient, "valueBoolean", true);
        TaskFhir.Put(root, "extension", extensions.Count == 0 ? null : extensions);
        if (before is null || before.State != goal.State || root["lifecycleStatus"] is null)
            PutState(root, goal);
        TaskFhir.Put(root, "statusReason", goal.Reason);
        if (present is null || before?.Kind != goal.Kind)
            PutKind(root, goal.Kind);
        if (before?.Words != goal.Words)
            root["description"] = new JsonObject { ["text"] = goal.Words };
        root["subject"] ??= new JsonObject { ["reference"] = $"Patient/{goal.Patient}" };
        if (root["startDate"] is null && root["startCodeableConcept"] is null && goal.Start is { } start)
            root["startDate"] = Text(start);
        if (before?.Target != goal.Target)
            PutTarget(root, goal.Target);
        if (goal.StateSince is { } since && before?.State != goal.State)
            root["statusDate"] = Text(since);
        if (before is null || before.By != goal.By)
            TaskFhir.Put(root, "expressedBy", TaskFhir.Reference(goal.By));
        if (remark is var (words, by, at))
        {
            var notes = root["note"] as JsonArray ?? [];
            notes.Add(new JsonObject { ["authorReference"] = TaskFhir.Reference(by), ["time"] = FhirDates.BelgianDateTime(at), ["text"] = words });
            root["note"] = notes.Parent is null ? notes : notes.DeepClone();
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>
    /// A Goal as a program sent it, made ready to be ours: who speaks is the portal's to say, what was remarked before stays as it stood, and a remark that it adds is the caller's.
    /// </summary>
    /// <param name="stored">The stored resource; null for a new one.</param>
    public static byte[] AsSent(byte[] sent, byte[]? stored, TaskParty by, DateTime now)
    {
        var root = (JsonObject)JsonNode.Parse(sent)!;
        var before = stored is null ? null : (JsonObject)JsonNode.Parse(stored)!;
        foreach (var name in (ReadOnlySpan<string>)["expressedBy", "startDate", "startCodeableConcept", "statusDate"])
        {
            if (before is not null)
                TaskFhir.Put(root, name, before[name]?.DeepClone());
        }

        if (root["meta"] is JsonObject meta)
        {
            meta.Remove("versionId");
            meta.Remove("lastUpdated");
            // What is closed stays closed: an update opens nothing.
            if (before is not null)
                TaskFhir.Put(meta, "security", before["meta"]?["security"]?.DeepClone());
        }
        else if (before?["meta"]?["security"] is { } labels)
        {
            root["meta"] = new JsonObject { ["security"] = labels.DeepClone() };
        }

        var notes = before?["note"] is JsonArray kept ? (JsonArray)kept.DeepClone() : [];
        foreach (var note in (root["note"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (note["text"] is JsonValue said && said.TryGetValue(out string? text) && !string.IsNullOrWhiteSpace(text) && !notes.Any(n => n?["text"] is JsonValue old && old.TryGetValue(out string? was) && was == text))
                notes.Add(new JsonObject { ["authorReference"] = TaskFhir.Reference(by), ["time"] = FhirDates.BelgianDateTime(now), ["text"] = text });
        }

        TaskFhir.Put(root, "note", notes.Count == 0 ? null : notes);
        root.Remove("id");
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    private static void PutState(JsonObject root, CareGoal goal)
    {
        var (status, achievement) = goal.State switch
        {
            GoalState.Proposed => ("proposed", null),
            GoalState.OnHold => ("on-hold", null),
            GoalState.Achieved => ("completed", "achieved"),
            GoalState.NotAchieved => ("completed", "not-achieved"),
            GoalState.Cancelled => ("cancelled", null),
            GoalState.Mistaken => ("entered-in-error", null),
            _ => ("active", "in-progress"),
        };
        root["lifecycleStatus"] = status;
        if (achievement is not null)
            root["achievementStatus"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = GoalCodes.Achievement, ["code"] = achievement }), ["text"] = GoalPhrases.Get($"Achievement.{achievement}") };
    }

    private static void PutKind(JsonObject root, GoalKind kind)
    {
        var categories = new JsonArray();
        foreach (var category in root["category"] as JsonArray ?? [])
        {
            if ((category?["coding"] as JsonArray)?.Any(c => c?["system"]?.GetValue<string>() == GoalCodes.Kind) != true)
                categories.Add(category!.DeepClone());
        }

        categories.Add(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = GoalCodes.Kind, ["code"] = kind == GoalKind.Life ? "life" : "care" }) });
        root["category"] = categories;
    }

    private static void PutTarget(JsonObject root, GoalTarget? target)
    {
        var targets = new JsonArray();
        foreach (var other in (root["target"] as JsonArray ?? []).Skip(1))
            targets.Add(other!.DeepClone());
        if (target is not null)
        {
            var json = new JsonObject();
            if (target.IsMeasured)
            {
                var measure = GoalMeasure.Find(target.Loinc!);
                json["measure"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = measure?.System ?? PortalCodes.Loinc, ["code"] = target.Loinc }), ["text"] = measure?.Name ?? target.Words ?? target.Loinc };
                JsonObject Quantity(decimal value)
                {
                    var quantity = new JsonObject { ["value"] = value };
                    if ((measure?.Ucum ?? target.Unit) is { Length: > 0 } ucum)
                    {
                        quantity["unit"] = measure is { Unit.Length: > 0 } ? measure.Unit : ucum;
                        quantity["system"] = PortalCodes.Ucum;
                        quantity["code"] = ucum;
                    }

                    return quantity;
                }

                if (target.Side == TargetSide.Between)
                {
                    json["detailRange"] = new JsonObject { ["low"] = Quantity(target.Value!.Value), ["high"] = Quantity(target.High!.Value) };
                }
                else
                {
                    var quantity = Quantity(target.Value!.Value);
                    quantity.Insert(1, "comparator", target.Side == TargetSide.AtMost ? "<=" : ">=");
                    json["detailQuantity"] = quantity;
                }
            }
            else if (target.Words is { } words)
            {
                json["measure"] = new JsonObject { ["text"] = words };
            }

            if (target.Due is { } due)
                json["dueDate"] = Text(due);
            if (json.Count > 0)
                targets.Insert(0, json);
        }

        TaskFhir.Put(root, "target", targets.Count == 0 ? null : targets);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
