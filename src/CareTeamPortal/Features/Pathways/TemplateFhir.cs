using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Pathways;

/// <summary>
/// Pathway templates to and from FHIR R4 PlanDefinition: the phases are its actions, the steps the actions in them. What the portal does not know of a resource
/// stays as it came when the template is changed.
/// </summary>
internal static class TemplateFhir
{
    private const string PlainText = "text/plain";
    private static readonly JsonSerializerOptions Indented = new(TaskFhir.Relaxed) { WriteIndented = true };

    /// <summary>The template that a PlanDefinition says; null when it is none.</summary>
    /// <exception cref="FhirFormatException">The bytes are not FHIR.</exception>
    public static PathwayTemplate? Read(ReadOnlyMemory<byte> json)
    {
        var facts = ResourceReader.Read(json, out var document);
        using (document)
            return facts is { Type: "PlanDefinition", Id: { } id } ? Read(document.RootElement, id) : null;
    }

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    public static PathwayTemplate Read(FhirNode root, string id)
    {
        var phases = root.Each("action"u8).Index().Select(a => (Node: a.Item, Id: IdOf(a.Item, a.Index, null))).ToList();
        var firstDay = phases.Count == 0 ? 0 : FromDay(phases[0].Node);
        var days = phases.DistinctBy(p => p.Id).ToDictionary(p => p.Id, p => FromDay(p.Node), StringComparer.Ordinal);
        return new PathwayTemplate
        {
            Id = id,
            Version = int.TryParse(root.Text("version"u8), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : 1,
            Title = root.Text("title"u8) ?? root.Text("name"u8) ?? "",
            Purpose = root.Text("description"u8),
            Status = root.Text("status"u8) switch { "active" => TemplateStatus.Active, "retired" => TemplateStatus.Retired, _ => TemplateStatus.Draft },
            Sources = [.. root.Each("relatedArtifact"u8).Where(IsCitation).Select(a => new TemplateSource(a.Text("label"u8)!, a.Text("display"u8) ?? "", a.Text("url"u8)))],
            Roles = [.. root.Each("extension"u8).Where(e => e.Text("url"u8) == TemplateCodes.Role).Select(Role).OfType<TemplateRole>()],
            Goals = [.. root.Each("goal"u8).Index().Select(g => Goal(g.Item, g.Index))],
            Phases = [.. phases.Index().Select(p => Phase(p.Item.Node, p.Item.Id, p.Index, days, firstDay))],
        };
    }

    private static TemplatePhase Phase(FhirNode action, string id, int index, Dictionary<string, int> days, int firstDay) => new()
    {
        Id = id,
        Title = action.Text("title"u8) ?? "",
        FromDay = FromDay(action),
        UntilDay = action.Child("timingRange"u8)?.Child("high"u8) is { } high ? Whole(high) : null,
        Entry = Condition(action, "start"),
        Exit = Condition(action, "stop"),
        Steps = [.. action.Each("action"u8).Index().Select(s => Step(s.Item, IdOf(s.Item, index, s.Index), days, firstDay))],
    };

    private static TemplateStep Step(FhirNode action, string id, Dictionary<string, int> days, int firstDay)
    {
        var codings = action.Each("code"u8).SelectMany(c => c.Each("coding"u8)).Select(c => (System: c.Text("system"u8), Code: c.Text("code"u8))).ToList();
        var canonical = action.Text("definitionCanonical"u8);
        var questionnaire = canonical?.StartsWith(TemplateCodes.Questionnaire, StringComparison.Ordinal) == true ? canonical[TemplateCodes.Questionnaire.Length..] : null;
        var kind = Array.IndexOf(TemplateCodes.StepKinds, codings.FirstOrDefault(c => c.System == TemplateCodes.StepKind).Code);
        var timing = action.Child("timingTiming"u8);
        var due = Due(action, days, firstDay);
        var repeat = timing is { } t ? TaskFhir.ReadRepeat(t) : null;
        var bounds = timing?.Child("repeat"u8)?.Child("boundsDuration"u8);
        return new TemplateStep
        {
            Id = id,
            Kind = kind >= 0 ? (StepKind)kind : questionnaire is not null ? StepKind.Questionnaire : StepKind.Task,
            Title = action.Text("title"u8) ?? "",
            Detail = action.Text("description"u8),
            Role = action.Each("participant"u8).Select(RoleOf).OfType<string>().FirstOrDefault() ?? "",
            Due = due,
            Repeat = repeat is null ? null : repeat with { Until = null },
            RepeatUntilDay = repeat is not null && bounds is { } b && b.Text("code"u8) is "d" or null && Whole(bounds) is { } length ? due.Day + length : null,
            Checklist = [.. action.Each("extension"u8).Where(e => e.Text("url"u8) == TemplateCodes.Check).Select(e => e.Text("valueString"u8)).OfType<string>()],
            IsOptional = action.Text("requiredBehavior"u8) == "could",
            Priority = Array.IndexOf(TaskCodes.Priorities, action.Text("priority"u8)) is >= 0 and var priority ? (TaskPriority)priority : TaskPriority.Routine,
            ForProfessionals = IsTrue(action, TemplateCodes.ForProfessionals),
            Goal = action.Each("goalId"u8).Select(g => g.ValueKind == JsonValueKind.String ? g.GetString() : null).FirstOrDefault(),
            Source = action.Each("documentation"u8).Where(IsCitation).Select(d => d.Text("label"u8)).FirstOrDefault(),
            ToConfirm = IsTrue(action, TemplateCodes.ToConfirm),
            Loinc = codings.FirstOrDefault(c => c.System == PortalCodes.Loinc).Code,
            Limits = [.. action.Each("extension"u8).Where(e => e.Text("url"u8) == AlertCodes.Threshold).Select(Limit).OfType<TemplateLimit>()],
            ToRole = TimelineFhir.Extension(action, TemplateCodes.Receiver)?.Text("valueCode"u8),
            Scope = TimelineFhir.Extension(action, TemplateCodes.Scope)?.Text("valueString"u8),
            Questionnaire = questionnaire,
            Worse = TimelineFhir.Extension(action, TemplateCodes.Worse) is { } worse ? Worse(worse) : null,
        };
    }

    private static TemplateWorse Worse(FhirNode extension)
    {
        var canonical = TimelineFhir.Extension(extension, "questionnaire")?.Text("valueCanonical"u8);
        return new(TimelineFhir.Extension(extension, "contact")?.Text("valueCode"u8), canonical?.StartsWith(TemplateCodes.Questionnaire, StringComparison.Ordinal) == true ? canonical[TemplateCodes.Questionnaire.Length..].Split('|')[0] : canonical, TimelineFhir.Extension(extension, "step")?.Text("valueCode"u8));
    }

    private static JsonObject Extension(TemplateWorse worse)
    {
        var parts = new JsonArray();
        MeasuringPlanFhir.Add(parts, "contact", "valueCode", worse.Contact);
        MeasuringPlanFhir.Add(parts, "questionnaire", "valueCanonical", worse.Questionnaire is { } id ? TemplateCodes.Questionnaire + id : null);
        MeasuringPlanFhir.Add(parts, "step", "valueCode", worse.Step);
        // That it may be said at all is said by the extension: without a part of its own it says so.
        if (parts.Count == 0)
            parts.Add(new JsonObject { ["url"] = "asked", ["valueBoolean"] = true });
        return new JsonObject { ["url"] = TemplateCodes.Worse, ["extension"] = parts };
    }

    /// <summary>When a step is due: so long after the start of a phase, which is so many days after the start of the pathway.</summary>
    private static StepTime Due(FhirNode action, Dictionary<string, int> days, int firstDay)
    {
        foreach (var related in action.Each("relatedAction"u8))
        {
            if (!IsAfterStart(related.Text("relationship"u8)) || related.Child("offsetDuration"u8) is not { } offset || related.Text("actionId"u8) is not { } id || !days.TryGetValue(id, out var from) || Whole(offset) is not { } length)
                continue;
            switch (offset.Text("code"u8))
            {
                case "h":
                    return new(0, length + (24 * from));
                case "wk":
                    return new((7 * length) + from);
                case "d" or null:
                    return new(length + from);
            }
        }

        return new(firstDay);
    }

    private static TemplateLimit? Limit(FhirNode extension)
    {
        FhirNode? Part(string url) => TimelineFhir.Extension(extension, url);
        return MeasuringPlanFhir.ReadThreshold(extension) is not { } t ? null : new TemplateLimit
        {
            Id = t.Id, Quantity = t.Quantity, Kind = t.Kind, Side = t.Side, Limit = t.Limit, OrEqual = t.OrEqual, InPercent = t.InPercent, Window = t.Window, Severity = t.Severity,
            Role = Part("owner-role")?.Text("valueCode"u8),
            ToDo = Part("to-do")?.Text("valueString"u8),
            Source = Part("source-id")?.Text("valueCode"u8),
            ToConfirm = Part("to-confirm")?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True,
        };
    }

    private static TemplateRole? Role(FhirNode extension) => TimelineFhir.Extension(extension, "id")?.Text("valueCode"u8) is not { } id ? null
        : new(id, TimelineFhir.Extension(extension, "title")?.Text("valueString"u8) ?? "",
            [.. extension.Each("extension"u8).Where(e => e.Text("url"u8) == "discipline").Select(e => Enum.TryParse<Discipline>(e.Text("valueCode"u8), out var d) && Enum.IsDefined(d) ? d : Discipline.Unknown).Where(d => d != Discipline.Unknown)]);

    private static TemplateGoal Goal(FhirNode goal, int index)
    {
        var target = goal.First("target"u8);
        return new(goal.Text("id"u8) ?? $"doel-{index + 1}", goal.Child("description"u8)?.Text("text"u8) ?? goal.Child("description"u8)?.ConceptWords() ?? "",
            target?.Child("measure"u8)?.Each("coding"u8).Where(c => c.Text("system"u8) == TemplateCodes.Quantity).Select(c => c.Text("code"u8)).FirstOrDefault(),
            target?.Child("detailCodeableConcept"u8)?.Text("text"u8));
    }

    private static bool IsCitation(FhirNode artifact) => artifact.Text("type"u8) == "citation" && artifact.Text("label"u8) is not null;

    private static bool IsAfterStart(string? relationship) => relationship is "after-start" or "after";

    private static bool IsTrue(FhirNode node, string url) => TimelineFhir.Extension(node, url)?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True;

    private static string? RoleOf(FhirNode participant) => participant.Child("role"u8)?.Each("coding"u8).Where(c => c.Text("system"u8) == TemplateCodes.RoleCode).Select(c => c.Text("code"u8)).FirstOrDefault();

    private static int FromDay(FhirNode action) => action.Child("timingRange"u8)?.Child("low"u8) is { } low ? Whole(low) ?? 0 : 0;

    private static int? Whole(FhirNode? quantity) => quantity?.Child("value"u8) is { } value && value.TryGetDecimal(out var number) && decimal.Truncate(number) == number && number is >= -100_000 and <= 100_000 ? (int)number : null;

    private static string? Condition(FhirNode action, string kind) => action.Each("condition"u8).Where(c => c.Text("kind"u8) == kind && c.Child("expression"u8)?.Text("language"u8) == PlainText)
        .Select(c => c.Child("expression"u8)?.Text("expression"u8)).FirstOrDefault();

    private static string IdOf(FhirNode action, int phase, int? step) => action.Text("id"u8) ?? MadeId(phase, step);

    private static string MadeId(int phase, int? step) => step is { } s ? $"fase-{phase + 1}-stap-{s + 1}" : $"fase-{phase + 1}";

    /// <summary>The template as a PlanDefinition: ours in place of what stood there, the rest of the present resource as it is.</summary>
    /// <param name="present">The resource that it comes from; null for a new one.</param>
    public static byte[] Write(PathwayTemplate template, byte[]? present) => JsonSerializer.SerializeToUtf8Bytes(Node(template, present), TaskFhir.Relaxed);

    /// <summary>The same for people who read it as a file.</summary>
    internal static string Text(PathwayTemplate template, byte[]? present) => Node(template, present).ToJsonString(Indented) + "\n";

    internal static JsonObject Node(PathwayTemplate template, byte[]? present)
    {
        var root = present is not null ? (JsonObject)JsonNode.Parse(present)! : new JsonObject { ["resourceType"] = "PlanDefinition" };
        var before = present is not null ? Read(present) : null;
        root["id"] = template.Id;
        Extensions(root, [TemplateCodes.Role], [.. template.Roles.Select(Extension)]);
        root["url"] ??= TemplateCodes.Canonical + template.Id;
        root["version"] = template.Version.ToString(CultureInfo.InvariantCulture);
        Put(root, "title", template.Title);
        root["type"] ??= Concept("http://terminology.hl7.org/CodeSystem/plan-definition-type", "clinical-protocol", "Clinical Protocol");
        root["status"] = template.Status switch { TemplateStatus.Active => "active", TemplateStatus.Retired => "retired", _ => "draft" };
        Put(root, "description", template.Purpose);
        Replace(root, "relatedArtifact", IsCitation, template.Sources.Select(Citation));
        WriteGoals(root, template);
        WritePhases(root, template, before);
        return root;
    }

    private static void WriteGoals(JsonObject root, PathwayTemplate template)
    {
        var present = Objects(root["goal"]).Index().DistinctBy(g => Id(g.Item) ?? $"doel-{g.Index + 1}").ToDictionary(g => Id(g.Item) ?? $"doel-{g.Index + 1}", g => g.Item, StringComparer.Ordinal);
        TaskFhir.Put(root, "goal", ListOf(template.Goals.Select(goal =>
        {
            var node = present.TryGetValue(goal.Id, out var old) ? (JsonObject)old.DeepClone() : [];
            node["id"] = goal.Id;
            var description = node["description"] as JsonObject ?? [];
            Put(description, "text", goal.Text);
            node["description"] = description.Parent is null ? description : description.DeepClone();
            if (goal is { Quantity: null, Target: null })
            {
                node.Remove("target");
            }
            else
            {
                var target = Objects(node["target"]).FirstOrDefault() is { } first ? (JsonObject)first.DeepClone() : [];
                TaskFhir.Put(target, "measure", goal.Quantity is null ? null : Measure(goal.Quantity));
                if (goal.Target is not null)
                {
                    target.Remove("detailQuantity");
                    target.Remove("detailRange");
                    target["detailCodeableConcept"] = new JsonObject { ["text"] = goal.Target };
                }
                else
                {
                    target.Remove("detailCodeableConcept");
                }

                node["target"] = new JsonArray([target, .. Objects(node["target"]).Skip(1).Select(t => t.DeepClone())]);
            }

            return node;
        })));
    }

    private static JsonObject Measure(string quantity)
    {
        var codings = new JsonArray();
        if (Measured.QuantityOf(quantity) is { } known)
            codings.Add(new JsonObject { ["system"] = PortalCodes.Loinc, ["code"] = known.Loinc });
        codings.Add(new JsonObject { ["system"] = TemplateCodes.Quantity, ["code"] = quantity });
        return new JsonObject { ["coding"] = codings };
    }

    private static void WritePhases(JsonObject root, PathwayTemplate template, PathwayTemplate? before)
    {
        var phases = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var steps = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var (p, phase) in Objects(root["action"]).Index())
        {
            phases.TryAdd(Id(phase) ?? MadeId(p, null), phase);
            foreach (var (s, step) in Objects(phase["action"]).Index())
                steps.TryAdd(Id(step) ?? MadeId(p, s), step);
        }

        var understood = before?.Steps.Select(s => s.Step).DistinctBy(s => s.Id).ToDictionary(s => s.Id, StringComparer.Ordinal) ?? [];
        var names = phases.Keys.Concat(template.Phases.Select(p => p.Id)).ToHashSet(StringComparer.Ordinal);
        TaskFhir.Put(root, "action", ListOf(template.Phases.Select(phase =>
        {
            var node = phases.TryGetValue(phase.Id, out var old) ? (JsonObject)old.DeepClone() : [];
            node["id"] = phase.Id;
            Put(node, "title", phase.Title);
            var conditions = new List<JsonObject>();
            if (phase.Entry is not null)
                conditions.Add(Condition("start", phase.Entry));
            if (phase.Exit is not null)
                conditions.Add(Condition("stop", phase.Exit));
            Replace(node, "condition", c => c["kind"]?.ToString() is "start" or "stop" && (c["expression"] as JsonObject)?["language"]?.ToString() == PlainText, conditions);
            var range = new JsonObject { ["low"] = Days(phase.FromDay) };
            if (phase.UntilDay is { } until)
                range["high"] = Days(until);
            RemoveChoice(node, "timing", "timingRange");
            node["timingRange"] = range;
            TaskFhir.Put(node, "action", ListOf(phase.Steps.Select(step => Step(step, template, steps.GetValueOrDefault(step.Id), understood.GetValueOrDefault(step.Id), names))));
            return node;
        })));
    }

    private static JsonObject Step(TemplateStep step, PathwayTemplate template, JsonObject? present, TemplateStep? before, HashSet<string> phases)
    {
        var node = (JsonObject?)present?.DeepClone() ?? [];
        node["id"] = step.Id;
        var extensions = new List<JsonObject>(step.Checklist.Select(check => new JsonObject { ["url"] = TemplateCodes.Check, ["valueString"] = check }));
        extensions.AddRange(step.Limits.Select(Extension));
        if (step.ToRole is not null)
            extensions.Add(new JsonObject { ["url"] = TemplateCodes.Receiver, ["valueCode"] = step.ToRole });
        if (step.Scope is not null)
            extensions.Add(new JsonObject { ["url"] = TemplateCodes.Scope, ["valueString"] = step.Scope });
        if (step.ForProfessionals)
            extensions.Add(new JsonObject { ["url"] = TemplateCodes.ForProfessionals, ["valueBoolean"] = true });
        if (step.ToConfirm)
            extensions.Add(new JsonObject { ["url"] = TemplateCodes.ToConfirm, ["valueBoolean"] = true });
        if (step.Worse is not null)
            extensions.Add(Extension(step.Worse));
        // A limit that could not be understood is nobody's here: it stays.
        Extensions(node, [TemplateCodes.Check, TemplateCodes.Receiver, TemplateCodes.Scope, TemplateCodes.ForProfessionals, TemplateCodes.ToConfirm, TemplateCodes.Worse], extensions,
            e => e["url"]?.ToString() == AlertCodes.Threshold && Objects(e["extension"]).FirstOrDefault(p => p["url"]?.ToString() == "id")?["valueId"]?.ToString() is { } limit && before?.Limits.Any(l => l.Id == limit) == true);
        Put(node, "title", step.Title);
        Put(node, "description", step.Detail);
        node["priority"] = TaskCodes.Priorities[(int)step.Priority];
        var codes = new List<JsonObject> { Concept(TemplateCodes.StepKind, TemplateCodes.StepKinds[(int)step.Kind], null) };
        if (step.Loinc is not null)
            codes.Add(Concept(PortalCodes.Loinc, step.Loinc, null));
        Replace(node, "code", c => Objects(c["coding"]).Any(k => k["system"]?.ToString() is TemplateCodes.StepKind or PortalCodes.Loinc), codes);
        Replace(node, "documentation", IsCitation, step.Source is null ? [] : [Citation(template.Sources.FirstOrDefault(s => s.Id == step.Source) ?? new(step.Source, ""))]);
        TaskFhir.Put(node, "goalId", step.Goal is null ? null : new JsonArray(step.Goal));
        WriteTime(node, step, template, before, phases);
        Replace(node, "participant", IsRole, step.Role.Length == 0 ? [] : [Participant(step.Role, template)]);
        node["requiredBehavior"] = step.IsOptional ? "could" : "must";
        if (step.Questionnaire is not null)
        {
            node.Remove("definitionUri");
            node["definitionCanonical"] = TemplateCodes.Questionnaire + step.Questionnaire;
        }
        else if (node["definitionCanonical"]?.ToString().StartsWith(TemplateCodes.Questionnaire, StringComparison.Ordinal) == true)
        {
            node.Remove("definitionCanonical");
        }

        return node;
    }

    private static void WriteTime(JsonObject node, TemplateStep step, PathwayTemplate template, TemplateStep? before, HashSet<string> phases)
    {
        var first = template.Phases[0];
        var (length, unit) = step.Due.Hours is { } hours ? (hours - (24 * first.FromDay), "h") : (step.Due.Day - first.FromDay, "d");
        Replace(node, "relatedAction", r => IsAfterStart(r["relationship"]?.ToString()) && r["offsetDuration"] is not null && r["actionId"]?.ToString() is { } id && phases.Contains(id),
            [new JsonObject { ["actionId"] = first.Id, ["relationship"] = "after-start", ["offsetDuration"] = Duration(length, unit) }]);
        // A timing that could not be understood stays until somebody sets another.
        if (before is not null && before.Repeat == step.Repeat && before.RepeatUntilDay == step.RepeatUntilDay && before.Due == step.Due)
            return;
        RemoveChoice(node, "timing", "timingTiming");
        if (step.Repeat is not { } repeat)
        {
            node.Remove("timingTiming");
            return;
        }

        var timing = TaskFhir.Timing(repeat with { Until = null });
        if (step.RepeatUntilDay is { } until)
            timing["repeat"]!["boundsDuration"] = Duration(until - step.Due.Day, "d");
        node["timingTiming"] = timing;
    }

    private static JsonObject Participant(string role, PathwayTemplate template)
    {
        var known = template.Roles.FirstOrDefault(r => r.Id == role);
        var type = known?.Disciplines.FirstOrDefault() switch { Discipline.Patient => "patient", Discipline.InformalCaregiver => "related-person", _ => "practitioner" };
        return new JsonObject { ["type"] = type, ["role"] = Concept(TemplateCodes.RoleCode, role, known?.Title) };
    }

    private static JsonObject Extension(TemplateRole role)
    {
        var parts = new JsonArray(new JsonObject { ["url"] = "id", ["valueCode"] = role.Id });
        if (role.Title.Length > 0)
            parts.Add(new JsonObject { ["url"] = "title", ["valueString"] = role.Title });
        foreach (var discipline in role.Disciplines)
            parts.Add(new JsonObject { ["url"] = "discipline", ["valueCode"] = discipline.ToString() });
        return new JsonObject { ["url"] = TemplateCodes.Role, ["extension"] = parts };
    }

    private static JsonObject Extension(TemplateLimit limit)
    {
        var parts = MeasuringPlanFhir.ThresholdParts(limit.At(DateTime.UnixEpoch));
        MeasuringPlanFhir.Add(parts, "owner-role", "valueCode", limit.Role);
        MeasuringPlanFhir.Add(parts, "to-do", "valueString", limit.ToDo);
        MeasuringPlanFhir.Add(parts, "source-id", "valueCode", limit.Source);
        if (limit.ToConfirm)
            MeasuringPlanFhir.Add(parts, "to-confirm", "valueBoolean", true);
        return new JsonObject { ["url"] = AlertCodes.Threshold, ["extension"] = parts };
    }

    private static bool IsCitation(JsonObject artifact) => artifact["type"]?.ToString() == "citation" && artifact["label"] is not null;

    private static bool IsRole(JsonObject participant) => Objects((participant["role"] as JsonObject)?["coding"]).Any(c => c["system"]?.ToString() == TemplateCodes.RoleCode);

    private static JsonObject Citation(TemplateSource source)
    {
        var node = new JsonObject { ["type"] = "citation", ["label"] = source.Id };
        Put(node, "display", source.Label);
        Put(node, "url", source.Url);
        return node;
    }

    private static JsonObject Condition(string kind, string words) => new() { ["kind"] = kind, ["expression"] = new JsonObject { ["language"] = PlainText, ["expression"] = words } };

    private static JsonObject Concept(string system, string code, string? display)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        Put(coding, "display", display is { Length: > 0 } ? display : null);
        return new JsonObject { ["coding"] = new JsonArray(coding) };
    }

    private static JsonObject Days(int value) => Duration(value, "d");

    private static JsonObject Duration(int value, string unit) => new() { ["value"] = value, ["unit"] = unit, ["system"] = PortalCodes.Ucum, ["code"] = unit };

    /// <summary>Takes away the other forms of an element that may have several.</summary>
    private static void RemoveChoice(JsonObject node, string element, string keep)
    {
        foreach (var name in node.Select(p => p.Key).Where(k => k != keep && k.StartsWith(element, StringComparison.Ordinal) && k.Length > element.Length && char.IsAsciiLetterUpper(k[element.Length])).ToList())
            node.Remove(name);
    }

    /// <summary>Ours in place of what was ours; what others put there comes first and stays.</summary>
    private static void Replace(JsonObject node, string name, Func<JsonObject, bool> isOurs, IEnumerable<JsonObject> ours) =>
        TaskFhir.Put(node, name, ListOf(Objects(node[name]).Where(o => !isOurs(o)).Select(o => (JsonObject)o.DeepClone()).Concat(ours)));

    private static void Extensions(JsonObject node, string[] urls, IReadOnlyList<JsonObject> ours, Func<JsonObject, bool>? isOurs = null) =>
        Replace(node, "extension", e => urls.Contains(e["url"]?.ToString()) || isOurs?.Invoke(e) == true, ours);

    /// <summary>FHIR has no empty text: what says nothing is not there.</summary>
    private static void Put(JsonObject node, string name, string? text) => TaskFhir.Put(node, name, string.IsNullOrEmpty(text) ? null : JsonValue.Create(text));

    private static JsonArray? ListOf(IEnumerable<JsonObject> items) => items.ToArray() is { Length: > 0 } array ? new JsonArray([.. array]) : null;

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? (node is JsonObject one ? [one] : []);

    private static string? Id(JsonObject node) => node["id"] is JsonValue value && value.TryGetValue<string>(out var id) ? id : null;
}
