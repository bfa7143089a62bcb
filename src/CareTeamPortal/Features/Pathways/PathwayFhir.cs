using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>
/// A running pathway to and from FHIR R4 CarePlan: one that the whole team reads, and one that is part of it with what only professionals see. What the portal does
/// not know of a resource stays as it came.
/// </summary>
internal static class PathwayFhir
{
    private static readonly string[] Statuses = ["active", "completed", "revoked", "entered-in-error"];
    private static readonly string[] DeviationKinds = ["skip", "delay", "other", "phase", "added", "outside"];
    private static readonly string[] Reasons = ["patient-wish", "condition", "not-needed", "not-available", "waits-for-other", "other"];
    private static readonly string[] Ours = [PathwayCodes.Phase, PathwayCodes.Role, PathwayCodes.Deviation, PathwayCodes.Lead, PathwayCodes.EndReason, PortalCodes.CareLine];

    /// <summary>Whether a CarePlan is a pathway of the portal, or the part of one.</summary>
    public static bool IsPathway(FhirNode root) => root.Each("category"u8).SelectMany(c => c.Each("coding"u8)).Any(c => c.Text("system"u8) == PortalCodes.PlanKind && c.Text("code"u8) == PathwayCodes.Pathway);

    /// <summary>The pathway that a CarePlan is part of; null when it is none of ours or stands by itself.</summary>
    public static string? PartOf(FhirNode root) => root.Each("partOf"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("CarePlan/", StringComparison.Ordinal) == true)?[9..];

    /// <summary>The pathway that a CarePlan says; null when it is none. Of a part: its steps, roles and deviations.</summary>
    /// <param name="person">Who of the portal a reference means.</param>
    public static Pathway? Read(FhirNode root, PatientId patient, string id, int version, Func<string?, PersonRow?> person)
    {
        if (!IsPathway(root))
            return null;
        var canonical = root.Each("instantiatesCanonical"u8).Select(c => c.ValueKind == JsonValueKind.String ? c.GetString() : null).FirstOrDefault(c => c?.StartsWith(PathwayCodes.Template, StringComparison.Ordinal) == true)?[PathwayCodes.Template.Length..].Split('|', 2);
        var inside = PartOf(root) is not null;
        var extensions = root.Each("extension"u8).ToLookup(e => e.Text("url"u8));
        var start = root.Child("period"u8)?.Date("start"u8)?.Start ?? DateTime.UnixEpoch;
        return new Pathway
        {
            Id = PartOf(root) ?? id,
            Patient = patient,
            Version = version,
            Template = canonical is [var template, ..] ? template : "",
            TemplateVersion = canonical is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0,
            Title = root.Words("title"u8) ?? "",
            Purpose = root.Words("description"u8),
            Status = Array.IndexOf(Statuses, root.Text("status"u8)) is >= 0 and var status ? (PathwayStatus)status : PathwayStatus.Active,
            StartedAt = start,
            EndedAt = root.Child("period"u8)?.Date("end"u8)?.Start,
            EndReason = extensions[PathwayCodes.EndReason].Select(e => e.Words("valueString"u8)).FirstOrDefault(),
            Lead = Party(extensions[PathwayCodes.Lead].FirstOrNull()?.Child("valueReference"u8), person) ?? Party(root.First("author"u8), person) ?? Unknown,
            Audience = root.Child("meta"u8)?.Each("security"u8).Any(l => l.Text("code"u8) is "R" or "V") == true ? Audience.Professionals : Audience.WholeTeam,
            Phases = [.. extensions[PathwayCodes.Phase].Select(e => Phase(e, person)).OfType<PathwayPhase>().DistinctBy(p => p.Id)],
            Roles = [.. extensions[PathwayCodes.Role].Select(e => Role(e, person)).OfType<PathwayRole>().DistinctBy(r => r.Id)],
            Steps = [.. root.Each("activity"u8).Select(a => Step(a, inside, person)).OfType<PathwayStep>().DistinctBy(s => s.Id)],
            Deviations = [.. extensions[PathwayCodes.Deviation].Select(e => Deviation(e, inside, person)).OfType<Deviation>().DistinctBy(d => d.Id)],
            Goals = [.. root.Each("goal"u8).Select(g => g.Text("reference"u8)).OfType<string>().Where(g => g.StartsWith("Goal/", StringComparison.Ordinal))],
        };
    }

    /// <summary>Both CarePlans as one pathway, steps in the order of its phases.</summary>
    public static Pathway Together(Pathway whole, Pathway? part)
    {
        if (part is null)
            return whole;
        var order = whole.Phases.Select((p, i) => (p.Id, i)).ToDictionary(p => p.Id, p => p.i);
        return whole with
        {
            PartVersion = part.Version,
            Roles = [.. whole.Roles.Concat(part.Roles).DistinctBy(r => r.Id)],
            Steps = [.. whole.Steps.Concat(part.Steps).DistinctBy(s => s.Id).OrderBy(s => order.GetValueOrDefault(s.Phase, int.MaxValue)).ThenBy(s => s.Planned)],
            Deviations = [.. whole.Deviations.Concat(part.Deviations).OrderBy(d => d.At)],
        };
    }

    private static readonly TaskParty Unknown = new() { Kind = OwnerKind.Person };

    private static TaskParty? Party(FhirNode? element, Func<string?, PersonRow?> person) => TaskFhir.Party(element, person);

    private static FhirNode? FirstOrNull(this IEnumerable<FhirNode> nodes)
    {
        foreach (var node in nodes)
            return node;
        return null;
    }

    private static PathwayPhase? Phase(FhirNode e, Func<string?, PersonRow?> person)
    {
        FhirNode? Part(string url) => TimelineFhir.Extension(e, url);
        return Part("id")?.Text("valueId"u8) is not { Length: > 0 and <= 64 } id || Part("planned")?.Child("valuePeriod"u8)?.Date("start"u8) is not { } from ? null : new PathwayPhase
        {
            Id = id, Title = Part("title")?.Words("valueString"u8) ?? id, PlannedFrom = from.Start, PlannedUntil = Part("planned")?.Child("valuePeriod"u8)?.Date("end"u8)?.Start, Entry = Part("entry")?.Words("valueString"u8), Exit = Part("exit")?.Words("valueString"u8),
            EnteredAt = Part("entered")?.Date("valueDateTime"u8)?.Start, LeftAt = Part("left")?.Date("valueDateTime"u8)?.Start, LeftBy = Party(Part("left-by")?.Child("valueReference"u8), person), ByCriteria = IsTrue(Part("by-criteria")),
        };
    }

    private static PathwayRole? Role(FhirNode e, Func<string?, PersonRow?> person) =>
        TimelineFhir.Extension(e, "id")?.Text("valueId"u8) is { Length: > 0 and <= 64 } id && Party(TimelineFhir.Extension(e, "party")?.Child("valueReference"u8), person) is { } party ? new(id, TimelineFhir.Extension(e, "title")?.Words("valueString"u8) ?? id, party) : null;

    private static bool IsTrue(FhirNode? e) => e?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True;

    private static PathwayStep? Step(FhirNode activity, bool inside, Func<string?, PersonRow?> person)
    {
        if (TimelineFhir.Extension(activity, PathwayCodes.Step) is not { } e)
            return null;
        FhirNode? Part(string url) => TimelineFhir.Extension(e, url);
        if (Part("id")?.Text("valueId"u8) is not { Length: > 0 and <= 64 } id || Part("phase")?.Text("valueId"u8) is not { } phase || Array.IndexOf(TemplateCodes.StepKinds, Part("kind")?.Text("valueCode"u8)) is not (>= 0 and var kind) || Part("planned")?.Date("valueDateTime"u8) is not { } planned)
            return null;
        var detail = activity.Child("detail"u8);
        return new PathwayStep
        {
            Id = id, Phase = phase, Kind = (StepKind)kind, ForProfessionals = inside,
            Title = detail?.Child("code"u8)?.Words("text"u8) ?? activity.Child("reference"u8)?.Words("display"u8) ?? id, Detail = detail?.Words("description"u8) ?? Part("description")?.Words("valueString"u8),
            Role = Part("role")?.Text("valueId"u8), Owner = Party(Part("owner")?.Child("valueReference"u8), person) ?? Unknown, Planned = planned.Start, Due = Part("due")?.Date("valueDateTime"u8)?.Start ?? planned.Start,
            Repeat = Part("repeat")?.Child("valueTiming"u8) is { } timing ? TaskFhir.ReadRepeat(timing) : null,
            Checklist = [.. e.Each("extension"u8).Where(p => p.Text("url"u8) == "check").Select(p => p.Words("valueString"u8)).OfType<string>()],
            IsOptional = IsTrue(Part("optional")), Priority = Array.IndexOf(TaskCodes.Priorities, Part("priority")?.Text("valueCode"u8)) is >= 0 and var priority ? (TaskPriority)priority : TaskPriority.Routine,
            Goal = Part("goal")?.Child("valueReference"u8)?.Text("reference"u8), Loinc = Part("loinc")?.Text("valueCode"u8),
            Limits = [.. e.Each("extension"u8).Where(p => p.Text("url"u8) == AlertCodes.Threshold).Select(p => MeasuringPlanFhir.Rule(p, person)).OfType<AlertRule>().Take(MeasuringPlan.MostRules)],
            Receiver = Party(Part("receiver")?.Child("valueReference"u8), person), Scope = Part("scope")?.Words("valueString"u8), Questionnaire = Part("questionnaire")?.Text("valueId"u8), Source = Part("source")?.Words("valueString"u8), ToConfirm = IsTrue(Part("to-confirm")),
            Made = activity.Child("reference"u8)?.Text("reference"u8), Reused = IsTrue(Part("reused")), Skipped = detail?.Text("status"u8) == "cancelled" || IsTrue(Part("skipped")), Added = IsTrue(Part("added")), DoneAt = Part("done")?.Date("valueDateTime"u8)?.Start,
        };
    }

    private static Deviation? Deviation(FhirNode e, bool inside, Func<string?, PersonRow?> person)
    {
        FhirNode? Part(string url) => TimelineFhir.Extension(e, url);
        return Part("id")?.Text("valueId"u8) is not { Length: > 0 and <= 64 } id || Array.IndexOf(DeviationKinds, Part("kind")?.Text("valueCode"u8)) is not (>= 0 and var kind) || Part("at")?.Date("valueDateTime"u8) is not { } at ? null : new Deviation
        {
            Id = id, Kind = (DeviationKind)kind, Step = Part("step")?.Text("valueId"u8), About = Part("about")?.Words("valueString"u8) ?? "", Old = Part("old")?.Words("valueString"u8), New = Part("new")?.Words("valueString"u8),
            Reason = Array.IndexOf(Reasons, Part("reason")?.Text("valueCode"u8)) is >= 0 and var reason ? (DeviationReason)reason : DeviationReason.Other, Words = Part("words")?.Words("valueString"u8) ?? "", By = Party(Part("by")?.Child("valueReference"u8), person) ?? Unknown, At = at.Start, ForProfessionals = inside,
        };
    }

    // ---- writing -----------------------------------------------------------------------------------------------------

    /// <summary>The CarePlan that everyone who sees the pathway reads.</summary>
    /// <param name="present">The stored resource; null for a new one.</param>
    public static byte[] Write(Pathway pathway, TaskParty by, byte[]? present, DateTime now)
    {
        var inside = pathway.Audience == Audience.Professionals;
        var steps = pathway.Steps.Where(s => inside || !s.ForProfessionals).ToList();
        var root = Begin(pathway, by, present, now, inside, out var extensions);
        foreach (var phase in pathway.Phases)
            extensions.Add(Extension(phase));
        Content(root, extensions, pathway, steps, pathway.Deviations.Where(d => inside || !d.ForProfessionals), RolesOf(pathway, steps));
        TaskFhir.Put(root, "goal", pathway.Goals.Count == 0 ? null : new JsonArray([.. pathway.Goals.Select(g => (JsonNode)new JsonObject { ["reference"] = g })]));
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>The CarePlan with what only professionals see; null when there is nothing of that.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[]? WritePart(Pathway pathway, TaskParty by, byte[]? present, DateTime now)
    {
        var steps = pathway.Steps.Where(s => s.ForProfessionals).ToList();
        if (pathway.Audience == Audience.Professionals || steps.Count == 0 && present is null)
            return null;
        var root = Begin(pathway, by, present, now, true, out var extensions);
        root["partOf"] = new JsonArray(new JsonObject { ["reference"] = $"CarePlan/{pathway.Id}" });
        Content(root, extensions, pathway, steps, pathway.Deviations.Where(d => d.ForProfessionals), RolesOf(pathway, steps));
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>Who plays a part in these steps: a role that only hidden steps have is not told of.</summary>
    private static IEnumerable<PathwayRole> RolesOf(Pathway pathway, List<PathwayStep> steps)
    {
        var used = steps.Select(s => s.Role).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return pathway.Roles.Where(r => used.Contains(r.Id) || steps.Any(s => r.Party.IsSame(s.Receiver) || s.Limits.Any(l => r.Party.IsSame(l.Owner))));
    }

    private static JsonObject Begin(Pathway pathway, TaskParty by, byte[]? present, DateTime now, bool inside, out JsonArray extensions)
    {
        var root = present is not null ? (JsonObject)JsonNode.Parse(present)! : new JsonObject { ["resourceType"] = "CarePlan" };
        if (inside)
            TaskFhir.WriteAudience(root, Audience.Professionals);
        extensions = [];
        foreach (var extension in root["extension"] as JsonArray ?? [])
        {
            if (!Ours.Contains(extension?["url"]?.GetValue<string>()))
                extensions.Add(extension!.DeepClone());
        }

        if (by.Line is { } line)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.CareLine, ["valueCode"] = PortalCodes.CodeOf(line) });
        extensions.Add(new JsonObject { ["url"] = PathwayCodes.Lead, ["valueReference"] = TaskFhir.Reference(pathway.Lead) });
        if (pathway.EndReason is { } why && !(inside && pathway.Audience != Audience.Professionals))
            extensions.Add(new JsonObject { ["url"] = PathwayCodes.EndReason, ["valueString"] = why });
        root["instantiatesCanonical"] = new JsonArray(PathwayCodes.Template + pathway.Template + "|" + pathway.TemplateVersion.ToString(CultureInfo.InvariantCulture));
        root["status"] = Statuses[(int)pathway.Status];
        root["intent"] = "plan";
        root["category"] ??= new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = PortalCodes.PlanKind, ["code"] = PathwayCodes.Pathway }) });
        root["title"] = pathway.Title;
        TaskFhir.Put(root, "description", pathway.Purpose);
        root["subject"] ??= new JsonObject { ["reference"] = $"Patient/{pathway.Patient}" };
        var period = new JsonObject { ["start"] = FhirDates.BelgianDateTime(pathway.StartedAt) };
        if (pathway.EndedAt is { } ended)
            period["end"] = FhirDates.BelgianDateTime(ended);
        root["period"] = period;
        root["created"] ??= FhirDates.BelgianDateTime(now);
        root["author"] ??= TaskFhir.Reference(by);
        return root;
    }

    private static void Content(JsonObject root, JsonArray extensions, Pathway pathway, IEnumerable<PathwayStep> steps, IEnumerable<Deviation> deviations, IEnumerable<PathwayRole> roles)
    {
        var parties = roles.ToList();
        foreach (var role in parties)
            extensions.Add(Parts(PathwayCodes.Role, ("id", "valueId", role.Id), ("title", "valueString", role.Title), ("party", "valueReference", TaskFhir.Reference(role.Party))));
        foreach (var d in deviations)
        {
            extensions.Add(Parts(PathwayCodes.Deviation, ("id", "valueId", d.Id), ("kind", "valueCode", DeviationKinds[(int)d.Kind]), ("step", "valueId", d.Step), ("about", "valueString", d.About), ("old", "valueString", d.Old), ("new", "valueString", d.New),
                ("reason", "valueCode", Reasons[(int)d.Reason]), ("words", "valueString", d.Words), ("by", "valueReference", TaskFhir.Reference(d.By)), ("at", "valueDateTime", FhirDates.BelgianDateTime(d.At))));
        }

        root["extension"] = extensions;
        TaskFhir.Put(root, "contributor", parties.Count == 0 ? null : new JsonArray([.. parties.Select(r => r.Party).DistinctBy(p => (p.Kind, p.Person, p.Role, p.Organisation)).Select(p => (JsonNode?)TaskFhir.Reference(p))]));
        var activities = steps.Select(s => (JsonNode)Activity(s, pathway)).ToArray();
        TaskFhir.Put(root, "activity", activities.Length == 0 ? null : new JsonArray(activities));
    }

    private static JsonObject Parts(string url, params ReadOnlySpan<(string Url, string Type, JsonNode? Value)> parts)
    {
        var list = new JsonArray();
        foreach (var (part, type, value) in parts)
        {
            if (value is not null)
                list.Add(new JsonObject { ["url"] = part, [type] = value });
        }

        return new JsonObject { ["url"] = url, ["extension"] = list };
    }

    private static JsonObject Extension(PathwayPhase p)
    {
        var planned = new JsonObject { ["start"] = FhirDates.BelgianDateTime(p.PlannedFrom) };
        if (p.PlannedUntil is { } until)
            planned["end"] = FhirDates.BelgianDateTime(until);
        return Parts(PathwayCodes.Phase, ("id", "valueId", p.Id), ("title", "valueString", p.Title), ("planned", "valuePeriod", planned), ("entry", "valueString", p.Entry), ("exit", "valueString", p.Exit), ("entered", "valueDateTime", Date(p.EnteredAt)), ("left", "valueDateTime", Date(p.LeftAt)),
            ("left-by", "valueReference", TaskFhir.Reference(p.LeftBy)), ("by-criteria", "valueBoolean", p.ByCriteria ? true : null));
    }

    private static string? Date(DateTime? at) => at is { } when ? FhirDates.BelgianDateTime(when) : null;

    private static JsonObject Activity(PathwayStep s, Pathway pathway)
    {
        var e = Parts(PathwayCodes.Step, ("id", "valueId", s.Id), ("phase", "valueId", s.Phase), ("kind", "valueCode", TemplateCodes.StepKinds[(int)s.Kind]), ("role", "valueId", s.Role), ("owner", "valueReference", TaskFhir.Reference(s.Owner)), ("planned", "valueDateTime", Date(s.Planned)), ("due", "valueDateTime", Date(s.Due)),
            ("repeat", "valueTiming", s.Repeat is null ? null : TaskFhir.Timing(s.Repeat)), ("optional", "valueBoolean", s.IsOptional ? true : null), ("priority", "valueCode", s.Priority == TaskPriority.Routine ? null : TaskCodes.Priorities[(int)s.Priority]), ("goal", "valueReference", s.Goal is null ? null : new JsonObject { ["reference"] = s.Goal }),
            ("loinc", "valueCode", s.Loinc), ("receiver", "valueReference", TaskFhir.Reference(s.Receiver)), ("scope", "valueString", s.Scope), ("questionnaire", "valueId", s.Questionnaire), ("source", "valueString", s.Source), ("to-confirm", "valueBoolean", s.ToConfirm ? true : null),
            ("reused", "valueBoolean", s.Reused ? true : null), ("skipped", "valueBoolean", s.Skipped ? true : null), ("added", "valueBoolean", s.Added ? true : null), ("done", "valueDateTime", Date(s.DoneAt)), ("description", "valueString", s.Made is null ? null : s.Detail));
        var parts = (JsonArray)e["extension"]!;
        foreach (var check in s.Checklist)
            parts.Add(new JsonObject { ["url"] = "check", ["valueString"] = check });
        foreach (var limit in s.Limits)
            parts.Add(MeasuringPlanFhir.Extension(limit));
        var activity = new JsonObject { ["extension"] = new JsonArray(e) };
        if (s.Made is not null)
        {
            activity["reference"] = new JsonObject { ["reference"] = s.Made, ["display"] = s.Title };
            return activity;
        }

        var detail = new JsonObject();
        if (s.Kind is StepKind.Task or StepKind.Handoff or StepKind.Questionnaire)
            detail["kind"] = "Task";
        else if (s.Kind == StepKind.Measuring)
            detail["kind"] = "ServiceRequest";
        else
            detail["kind"] = "CommunicationRequest";
        detail["code"] = new JsonObject { ["text"] = s.Title };
        if (s.Goal is not null)
            detail["goal"] = new JsonArray(new JsonObject { ["reference"] = s.Goal });
        detail["status"] = s.Skipped ? "cancelled" : s.DoneAt is not null ? "completed" : !pathway.IsActive ? "stopped" : "not-started";
        detail["scheduledPeriod"] = new JsonObject { ["end"] = FhirDates.BelgianDateTime(s.Due) };
        detail["performer"] = new JsonArray(TaskFhir.Reference(s.Owner));
        TaskFhir.Put(detail, "description", s.Detail);
        activity["detail"] = detail;
        return activity;
    }

    /// <summary>An event of a pathway as a Provenance: who did what to which version, when and why.</summary>
    /// <param name="inside">It tells of what only professionals see.</param>
    public static byte[] Event(Pathway pathway, bool inside, TaskParty by, string code, string words, string? said, DateTime at)
    {
        var root = new JsonObject { ["resourceType"] = "Provenance" };
        TaskFhir.WriteAudience(root, inside || pathway.Audience == Audience.Professionals ? Audience.Professionals : Audience.WholeTeam);
        if (by.Line is { } line)
            root["extension"] = new JsonArray(new JsonObject { ["url"] = PortalCodes.CareLine, ["valueCode"] = PortalCodes.CodeOf(line) });
        var plan = inside && pathway.Audience != Audience.Professionals ? Pathway.PartOf(pathway.Id) : pathway.Id;
        root["target"] = new JsonArray(new JsonObject { ["reference"] = $"CarePlan/{plan}", ["display"] = pathway.Title }, new JsonObject { ["reference"] = $"Patient/{pathway.Patient}" });
        root["occurredDateTime"] = FhirDates.BelgianDateTime(at);
        root["recorded"] = FhirDates.Instant(at);
        if (said is { Length: > 0 })
            root["reason"] = new JsonArray(new JsonObject { ["text"] = said });
        root["activity"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = PortalCodes.PathwayStep, ["code"] = code }), ["text"] = words };
        root["agent"] = new JsonArray(new JsonObject { ["who"] = TaskFhir.Reference(by) });
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }
}
