using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using Parts = CareTeamPortal.Features.Tasks.TaskCodes.Parts;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// Tasks and hand-offs to and from FHIR R4 Task (profiles patient-care/be-task, referral/be-referral-task). The Task is the record: what we do not
/// know of it stays as it came.
/// </summary>
internal static class TaskFhir
{
    private static readonly string[] OwnExtensions = [PortalCodes.CareLine, TaskCodes.AcceptBy, TaskCodes.AcceptedAt, TaskCodes.Repeat, TaskCodes.SeriesStart, TaskCodes.NextIsMade, TaskCodes.Delegate, TaskCodes.NeverAsked];

    // ---- read --------------------------------------------------------------------------------------------------------

    /// <summary>The task that a resource says; null when it has no status that R4 knows.</summary>
    /// <param name="person">Who of the portal a reference means.</param>
    /// <remarks>For whom it is written is not said here: <see cref="TimelineFhir"/> says that of every resource, and the row keeps it.</remarks>
    public static CareTask? Read(FhirNode root, PatientId patient, string id, int version, Func<string?, PersonRow?> person)
    {
        if (TaskStates.Parse(root.Text("status"u8)) is not { } state)
            return null;
        var isHandoff = root.Child("code"u8) is { } code && code.Each("coding"u8).Any(c => c.Text("code"u8) == TaskCodes.Handoff && c.Text("system"u8) == PortalCodes.TaskKind);
        var authored = root.Date("authoredOn"u8)?.Start ?? root.Date("lastModified"u8)?.Start ?? root.Period("executionPeriod"u8)?.Start;
        var title = isHandoff || root.Words("description"u8) is not null ? FirstLine(root.Words("description"u8)) : null;
        title ??= root.Child("code"u8)?.ConceptWords() ?? root.Child("reasonCode"u8)?.ConceptWords() ?? root.Child("focus"u8)?.Words("display"u8) ?? "Task";
        var inputs = Inputs(root);
        var notes = root.Each("note"u8).Select(n => n.Words("text"u8)).OfType<string>().ToList();
        return new CareTask
        {
            Id = id,
            Patient = patient,
            Protection = ProtectionOf(root),
            Version = version,
            State = state,
            Title = title,
            Detail = Join(Rest(root.Words("description"u8)), isHandoff ? null : notes.FirstOrDefault()),
            Priority = Array.IndexOf(TaskCodes.Priorities, root.Text("priority"u8)) is > 0 and var p ? (TaskPriority)p : TaskPriority.Routine,
            Requester = Party(root.First("requester"u8), person),
            Owner = Party(root.First("owner"u8), person),
            Delegate = Party(TimelineFhir.Extension(root, TaskCodes.Delegate)?.Child("valueReference"u8), person),
            AuthoredOn = authored ?? DateTime.UnixEpoch,
            // A day without an hour means before that day is over, as on the page: the next midnight would be read, and listed, as the day after.
            DueAt = root.Child("restriction"u8)?.Child("period"u8)?.Date("end"u8) is { } end ? end.Precision == DatePrecision.Instant ? end.Start : end.End.AddMinutes(-1) : null,
            AcceptBy = TimelineFhir.Extension(root, TaskCodes.AcceptBy)?.Date("valueDateTime"u8)?.Start,
            AcceptedAt = TimelineFhir.Extension(root, TaskCodes.AcceptedAt)?.Date("valueDateTime"u8)?.Start ?? root.Child("executionPeriod"u8)?.Date("start"u8)?.Start,
            ClosedAt = state.IsOpen() ? null : root.Child("executionPeriod"u8)?.Date("end"u8)?.Start ?? root.Date("lastModified"u8)?.Start,
            Reason = root.Child("statusReason"u8)?.ConceptWords(),
            Business = root.Child("businessStatus"u8) is { } business ? business.Each("coding"u8).Where(c => c.Text("system"u8) == TaskCodes.HandoffStatus).Select(c => c.Text("code"u8)).FirstOrDefault() : null,
            IsHandoff = isHandoff,
            Checklist = [.. inputs[Parts.Checklist].Where(i => i.Words("valueString"u8) is not null).Select(i => new ChecklistItem(i.Words("valueString"u8)!, TimelineFhir.Extension(i, TaskCodes.DoneAt)?.Date("valueDateTime"u8)?.Start, TimelineFhir.Extension(i, TaskCodes.DoneBy)?.Words("valueString"u8)))],
            Repeat = TimelineFhir.Extension(root, TaskCodes.Repeat)?.Child("valueTiming"u8) is { } timing ? ReadRepeat(timing) : null,
            SeriesStart = TimelineFhir.Extension(root, TaskCodes.SeriesStart)?.Date("valueDateTime"u8)?.Start,
            NextIsMade = TimelineFhir.Extension(root, TaskCodes.NextIsMade)?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True,
            NeverAsked = TimelineFhir.Extension(root, TaskCodes.NeverAsked)?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True && !state.IsOpen(),
            Series = isHandoff ? null : root.Each("partOf"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("Task/", StringComparison.Ordinal) == true)?[5..],
            Focus = root.Child("focus"u8)?.Text("reference"u8),
            Goal = root.Each("basedOn"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("Goal/", StringComparison.Ordinal) == true)
                ?? root.Each("extension"u8).Where(e => e.Text("url"u8) == PortalCodes.Base + "StructureDefinition/goal").Select(e => e.Child("valueReference"u8)?.Text("reference"u8)).FirstOrDefault(),
            Attachments = [.. inputs[Parts.Attachment].Select(i => i.Child("valueReference"u8)).OfType<FhirNode>().Where(r => r.Text("reference"u8)?.StartsWith("Binary/", StringComparison.Ordinal) == true).Select(r => (r.Text("reference"u8)![7..], r.Words("display"u8) ?? ""))],
            Handoff = isHandoff ? ReadHandoff(root, inputs, title, person) : null,
        };
    }

    private static HandoffContent ReadHandoff(FhirNode root, Parted inputs, string title, Func<string?, PersonRow?> person)
    {
        var ifs = inputs[Parts.If].Select(i => i.Words("valueString"u8) ?? "").ToList();
        var thens = inputs[Parts.Then].Select(i => i.Words("valueString"u8) ?? "").ToList();
        var answers = inputs[Parts.Answer].ToList();
        string? Word(string part) => inputs[part].Select(i => i.Words("valueString"u8)).FirstOrDefault();
        var severity = inputs[Parts.Severity].Select(i => i.Text("valueCode"u8)).FirstOrDefault();
        return new HandoffContent
        {
            Protocol = inputs[Parts.Protocol].Any(i => i.Text("valueCode"u8) == "isbar") ? HandoffProtocol.Isbar : HandoffProtocol.IPass,
            // A hand-off of another source never means all of a patient's care: it is the part that its title names.
            Scope = Word(Parts.Scope) ?? (inputs[Parts.Protocol].Any() ? null : title),
            ScopeUntil = inputs[Parts.ScopeUntil].Select(i => i.Date("valueDateTime"u8) ?? i.Date("valueDate"u8)).FirstOrDefault() is { } until ? until.Precision == DatePrecision.Instant ? until.Start : until.End : null,
            Severity = severity switch { "watcher" => IllnessSeverity.Watcher, "unstable" => IllnessSeverity.Unstable, "stable" => IllnessSeverity.Stable, _ => null },
            // A hand-off of another source tells its story in notes.
            Summary = Word(Parts.Summary) ?? string.Join("\n", root.Each("note"u8).Select(n => n.Words("text"u8)).OfType<string>()),
            Actions = [.. inputs[Parts.Action].Select(i => i.Words("valueString"u8)).OfType<string>()],
            Contingencies = [.. ifs.Zip(thens, (i, t) => new Contingency(i, t))],
            Identification = Word(Parts.Identification),
            Situation = Word(Parts.Situation),
            SeverityNote = Word(Parts.SeverityNote),
            Background = Word(Parts.Background),
            Assessment = Word(Parts.Assessment),
            Recommendation = Word(Parts.Recommendation),
            Tasks = [.. inputs[Parts.Task].Where(i => i.Child("valueReference"u8)?.Text("reference"u8)?.StartsWith("Task/", StringComparison.Ordinal) == true)
                .Select(i => new TravellingTask(i.Child("valueReference"u8)!.Value.Text("reference"u8)![5..], i.Child("valueReference"u8)!.Value.Words("display"u8) ?? "", Party(TimelineFhir.Extension(i, TaskCodes.NewOwner)?.Child("valueReference"u8), person)))],
            SecondReceiver = Party(inputs[Parts.SecondReceiver].Select(i => i.Child("valueReference"u8)).FirstOrDefault(), person),
            MovesCoordinator = inputs[Parts.MovesCoordinator].Any(i => i.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True),
            Clarifications = [.. inputs[Parts.Question].Select((q, i) => new Clarification(
                q.Words("valueString"u8) ?? "", TimelineFhir.Extension(q, TaskCodes.By)?.Words("valueString"u8) ?? "", TimelineFhir.Extension(q, TaskCodes.At)?.Date("valueDateTime"u8)?.Start ?? DateTime.UnixEpoch,
                i < answers.Count ? answers[i].Words("valueString"u8) : null, i < answers.Count ? TimelineFhir.Extension(answers[i], TaskCodes.By)?.Words("valueString"u8) : null, i < answers.Count ? TimelineFhir.Extension(answers[i], TaskCodes.At)?.Date("valueDateTime"u8)?.Start : null))],
            Sources = [.. inputs[Parts.Source].Select(i => i.Child("valueReference"u8)).OfType<FhirNode>().Where(r => r.Text("reference"u8) is not null).Select(r => new HandoffSource(r.Text("reference"u8)!, r.Words("display"u8) ?? ""))],
            Gaps = [.. inputs[Parts.Gap].Select(i => i.Words("valueString"u8)).OfType<string>()],
            BasedOn = root.Each("basedOn"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("ServiceRequest/", StringComparison.Ordinal) == true),
            Follows = root.Each("partOf"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("Task/", StringComparison.Ordinal) == true)?[5..],
            Tells = inputs[Parts.Tells].Select(i => i.Text("valueCode"u8)).Aggregate(HandoffContent.DefaultTells, (all, code) => Enum.TryParse<InformationCategory>(code, out var one) && Enum.IsDefined(one) ? all | one : all) | ProtectionOf(root),
            ReadBack = root.Each("output"u8).Select(o => o.Words("valueString"u8)).FirstOrDefault(w => w is not null),
        };
    }

    /// <summary>Whom a reference means.</summary>
    internal static TaskParty? Party(FhirNode? element, Func<string?, PersonRow?> person)
    {
        if (element?.AsReference("party") is not { } reference)
            return null;
        if (person(reference.Literal) is { } known)
            return TaskParty.Of(known);
        var identifier = element.Value.Child("identifier"u8);
        var value = identifier?.Words("value"u8);
        return identifier?.Text("system"u8) switch
        {
            TaskCodes.Role when Enum.TryParse<Discipline>(value, out var role) => TaskParty.OfRole(role, reference.Display ?? value),
            TaskCodes.Queue when value is not null => TaskParty.OfOrganisation(value),
            _ when reference.Literal is null && reference.Display is null && value is null => null,
            _ => new TaskParty { Kind = OwnerKind.Person, Reference = reference.Literal, Display = reference.Display },
        };
    }

    /// <summary>A party as it will be read back from the resource: of a person of the portal what the directory says.</summary>
    internal static TaskParty? AsRead(TaskParty? party, Func<string?, PersonRow?> person)
    {
        if (Reference(party) is not { } reference)
            return null;
        using var document = new FhirDocument();
        ContentScan.Run(JsonSerializer.SerializeToUtf8Bytes(reference, Relaxed), document);
        return Party(document.RootElement, person);
    }

    /// <summary>How often something comes back; null when a Timing says it in a way that the portal does not.</summary>
    internal static RepeatRule? ReadRepeat(FhirNode timing)
    {
        if (timing.Child("repeat"u8) is not { } repeat || repeat.Child("period"u8) is not { } period || !period.TryGetDecimal(out var number) || number is < 1 or > 1_000 || decimal.Truncate(number) != number)
            return null;
        var every = (int)number;
        RepeatUnit? unit = repeat.Text("periodUnit"u8) switch { "d" => RepeatUnit.Day, "wk" => RepeatUnit.Week, "mo" => RepeatUnit.Month, _ => null };
        var until = repeat.Child("boundsPeriod"u8)?.Text("end"u8) is { } end && DateOnly.TryParseExact(end, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null;
        return unit is { } u ? new RepeatRule(every, u, [.. repeat.Each("dayOfWeek"u8).Select(d => Array.IndexOf(Days, d.AsCode())).Where(d => d >= 0).Distinct().Select(d => (DayOfWeek)d)], until) : null;
    }

    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The inputs by part, in one pass: a hand-off may carry a thousand tasks and has two dozen parts.</summary>
    private static Parted Inputs(FhirNode root)
    {
        var parted = new Parted();
        foreach (var input in root.Each("input"u8))
        {
            if (input.Child("type"u8) is not { } type)
                continue;
            string? last = null;
            foreach (var coding in type.Each("coding"u8))
            {
                if (coding.Code("system"u8) == TaskCodes.Part && coding.Code("code"u8) is { } part && part != last)
                    parted[last = part].Add(input);
            }
        }

        return parted;
    }

    private sealed class Parted
    {
        private readonly Dictionary<string, List<FhirNode>> _parts = [];

        public List<FhirNode> this[string part] => _parts.TryGetValue(part, out var inputs) ? inputs : _parts[part] = [];
    }

    private static string? FirstLine(string? text) => text?.Split('\n', 2)[0].Trim();

    private static string? Rest(string? text) => text?.Split('\n', 2) is [_, var rest] && rest.Trim() is { Length: > 0 } more ? more : null;

    private static string? Join(string? a, string? b) => a is null ? b : b is null ? a : $"{a}\n{b}";

    // ---- write -------------------------------------------------------------------------------------------------------

    /// <summary>The task as a Task: ours in place of what stood there, the rest of the present resource as it is.</summary>
    /// <param name="present">The stored resource; null for a new one.</param>
    /// <param name="partsStay">The stored inputs are ours and say what the task says: a thousand of them are not written anew for another state.</param>
    public static byte[] Write(CareTask task, byte[]? present, DateTime now, bool partsStay = false)
    {
        // A thousand inputs that stay are not taken apart: they are cut out, and put back as they were.
        var parts = partsStay && present is not null ? PartsIn(present) : null;
        var root = present is null ? new JsonObject { ["resourceType"] = "Task" } : (JsonObject)JsonNode.Parse(parts is { } cut ? With(present, cut, "[]"u8) : present)!;
        WriteAudience(root, task.Audience);
        WriteSensitivity(root, task);
        WriteExtensions(root, task);
        root["status"] = task.State.Code();
        root["intent"] ??= "order";
        Put(root, "statusReason", task.Reason is null ? null : new JsonObject { ["text"] = task.Reason });
        if (task.IsHandoff)
        {
            Put(root, "businessStatus", task.Business is null ? null : Business(task.Business));
            root["code"] = Concept(PortalCodes.TaskKind, TaskCodes.Handoff, null);
        }

        if (task.Priority != TaskPriority.Routine || root.ContainsKey("priority"))
            root["priority"] = TaskCodes.Priorities[(int)task.Priority];
        if (root["description"] is not JsonValue said || FirstLine(said.GetValue<string>()) != task.Title)
            root["description"] = task.Title;
        Put(root, "focus", task.Focus is null ? null : root["focus"]?.DeepClone() ?? new JsonObject { ["reference"] = task.Focus });
        root["for"] ??= new JsonObject { ["reference"] = $"Patient/{task.Patient}" };
        root["authoredOn"] ??= FhirDates.BelgianDateTime(task.AuthoredOn);
        root["lastModified"] = FhirDates.BelgianDateTime(now);
        Put(root, "requester", Reference(task.Requester));
        Put(root, "owner", Reference(task.Owner));
        if (task.Owner is { Kind: OwnerKind.Role, Role: { } role } && HcPartyCode(role) is { } hcParty)
            root["performerType"] = new JsonArray(Concept(HcParty.System, hcParty, task.Owner.Display));
        PutGoal(root, task.Goal);
        if (task.Handoff?.BasedOn is { } referral && present is null)
            root["basedOn"] = new JsonArray(new JsonObject { ["reference"] = referral });
        if (task.Handoff?.Follows is { } follows)
            root["partOf"] = new JsonArray(new JsonObject { ["reference"] = $"Task/{follows}" });
        if (task.Series is not null)
            root["partOf"] = new JsonArray(new JsonObject { ["reference"] = $"Task/{task.Series}" });
        if (task.DueAt is null && root["restriction"] is JsonObject limited && limited["period"] is JsonObject during)
        {
            // The deadline was taken away; what else a source restricts stays.
            during.Remove("end");
            if (during.Count == 0)
                limited.Remove("period");
            if (limited.Count == 0)
                root.Remove("restriction");
        }

        if (task.DueAt is { } due)
        {
            var restriction = root["restriction"] as JsonObject ?? [];
            var period = restriction["period"] as JsonObject ?? [];
            period["end"] = FhirDates.BelgianDateTime(due);
            restriction["period"] = period.Parent is null ? period : period.DeepClone();
            root["restriction"] = restriction.Parent is null ? restriction : restriction.DeepClone();
        }

        if (task.ClosedAt is { } closed)
            root["executionPeriod"] = Carried(task.AcceptedAt, closed);
        WriteNote(root, task, present is not null);
        if (task.Handoff?.ReadBack is { } readBack && root["output"] is not JsonArray { Count: > 0 })
            root["output"] = new JsonArray(Part(Parts.ReadBack, "valueString", readBack));
        if (!partsStay)
            WriteParts(root, task);
        var json = JsonSerializer.SerializeToUtf8Bytes(root, Relaxed);
        return parts is { } kept && PartsIn(json) is { } place ? With(json, place, present.AsSpan(kept)) : json;
    }

    /// <summary>The goal that it serves, in the place of another; what else it is based on stays.</summary>
    private static void PutGoal(JsonObject root, string? goal)
    {
        static string? Named(JsonNode? reference) => reference?["reference"] is JsonValue value && value.TryGetValue(out string? literal) && literal.StartsWith("Goal/", StringComparison.Ordinal) ? literal : null;
        static bool IsLink(JsonNode? extension) => extension?["url"]?.GetValue<string>() == PortalCodes.Base + "StructureDefinition/goal";
        var based = root["basedOn"] as JsonArray ?? [];
        var links = (root["extension"] as JsonArray ?? []).Where(IsLink).ToList();
        if ((based.Select(Named).FirstOrDefault(n => n is not null) ?? links.Select(l => Named(l?["valueReference"])).FirstOrDefault()) == goal)
            return;
        var others = based.Where(b => Named(b) is null).Select(b => b!.DeepClone());
        var next = new JsonArray([.. goal is null ? others : others.Prepend(new JsonObject { ["reference"] = goal })]);
        Put(root, "basedOn", next.Count == 0 ? null : next);
        foreach (var link in links)
            ((JsonArray)root["extension"]!).Remove(link);
        if (root["extension"] is JsonArray { Count: 0 })
            root.Remove("extension");
    }

    /// <summary>From when to when it was carried out.</summary>
    internal static JsonObject Carried(DateTime? accepted, DateTime closed) => accepted is { } began && began <= closed
        ? new JsonObject { ["start"] = FhirDates.BelgianDateTime(began), ["end"] = FhirDates.BelgianDateTime(closed) }
        : new JsonObject { ["end"] = FhirDates.BelgianDateTime(closed) };

    /// <summary>How a hand-off stands.</summary>
    internal static JsonObject Business(string status) => Concept(TaskCodes.HandoffStatus, status, HandoffWords.Status(status));

    /// <summary>Where the inputs stand in the bytes of a Task; null when it has none.</summary>
    private static Range? PartsIn(ReadOnlySpan<byte> json)
    {
        var members = new JsonMembers(json, json.IndexOf((byte)'{') + 1);
        while (members.Next())
        {
            if (members.Name.SequenceEqual("input"u8))
                return members.At..members.End;
        }

        return null;
    }

    private static byte[] With(ReadOnlySpan<byte> json, Range place, ReadOnlySpan<byte> value) => [.. json[..place.Start], .. value, .. json[place.End..]];

    /// <summary>A Task as a program sent it, with what is not its to change: when it was asked, and how long it has been carried out.</summary>
    public static byte[] KeepOrigin(byte[] sent, byte[] stored)
    {
        var (root, before) = ((JsonObject)JsonNode.Parse(sent)!, (JsonObject)JsonNode.Parse(stored)!);
        foreach (var name in (ReadOnlySpan<string>)["authoredOn", "executionPeriod", "partOf"])
            Put(root, name, before[name]?.DeepClone());
        return JsonSerializer.SerializeToUtf8Bytes(root, Relaxed);
    }

    internal static readonly JsonSerializerOptions Relaxed = new() { Encoder = NativeJson.Options.Encoder };

    private static void WriteNote(JsonObject root, CareTask task, bool isPresent)
    {
        // What people read on the timeline: of a hand-off its story, of a task its detail.
        var text = task.Handoff is { } handoff ? HandoffWords.Story(handoff, task.Requester?.Person) : task.Detail;
        if (isPresent && task.Handoff is null && root["note"] is JsonArray { Count: > 0 } notes)
        {
            // What a source said stays as it is; only words that a person changed here take the place of what was shown.
            var said = root["description"] is JsonValue description ? Rest(description.GetValue<string>()) : null;
            var shown = Join(said, notes[0]?["text"]?.GetValue<string>());
            if (Letters(shown) == Letters(text))
                return;
            root["description"] = task.Title;
            if (string.IsNullOrEmpty(text))
                notes.RemoveAt(0);
            else if (notes[0] is JsonObject first)
                first["text"] = text;
            if (notes.Count == 0)
                root.Remove("note");
            return;
        }

        Put(root, "note", string.IsNullOrEmpty(text) ? null : new JsonArray(new JsonObject { ["text"] = text }));
    }

    private static string Letters(string? text) => string.Concat((text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Labels a resource with for whom it is written.</summary>
    internal static void WriteAudience(JsonObject root, Audience audience)
    {
        if (audience.HasFlag(Audience.CaregiverCircle))
            return;
        var meta = root["meta"] as JsonObject;
        if (meta is null)
            root["meta"] = meta = [];
        if (meta["security"] is not JsonArray labels)
            meta["security"] = labels = [];
        if (!labels.Any(l => l?["code"]?.GetValue<string>() is "R" or "V"))
            labels.Add(new JsonObject { ["system"] = PortalCodes.Confidentiality, ["code"] = "R" });
    }

    private static InformationCategory ProtectionOf(FhirNode root) =>
        root.Child("meta"u8) is { } meta ? ClinicalCodes.ProtectedBy(meta.Each("security"u8).Select(l => new FhirToken(l.Text("system"u8), l.Text("code"u8) ?? ""))) : InformationCategory.None;

    /// <summary>What is labelled as mental or sexual health, or a hand-off that tells of it, is protected as a whole, and its steps are.</summary>
    private static void WriteSensitivity(JsonObject root, CareTask task) => WriteSensitivity(root, task.Protection | (task.Handoff?.Tells ?? 0));

    /// <summary>Labels a resource with the specially protected categories that it tells of.</summary>
    internal static void WriteSensitivity(JsonObject root, InformationCategory tells)
    {
        foreach (var category in new[] { InformationCategory.MentalHealth, InformationCategory.SexualHealth })
        {
            if ((tells & category) == 0)
                continue;
            var meta = root["meta"] as JsonObject;
            if (meta is null)
                root["meta"] = meta = [];
            if (meta["security"] is not JsonArray labels)
                meta["security"] = labels = [];
            if (ClinicalCodes.ProtectedBy(labels.Select(l => new FhirToken(null, l?["code"]?.GetValue<string>() ?? ""))) != category)
                labels.Add(new JsonObject { ["system"] = ClinicalCodes.Labels, ["code"] = ClinicalCodes.LabelOf(category) });
        }
    }

    private static void WriteExtensions(JsonObject root, CareTask task)
    {
        var kept = new JsonArray();
        var shared = false;
        foreach (var extension in root["extension"] as JsonArray ?? [])
        {
            var url = extension?["url"]?.GetValue<string>();
            shared |= url == PortalCodes.SharedWithPatient;
            if (!OwnExtensions.Contains(url))
                kept.Add(extension!.DeepClone());
        }

        void Add(string url, string value, JsonNode node) => kept.Add(new JsonObject { ["url"] = url, [value] = node });
        if (task.Requester?.Line is { } line)
            Add(PortalCodes.CareLine, "valueCode", PortalCodes.CodeOf(line));
        if (task.AcceptBy is { } acceptBy)
            Add(TaskCodes.AcceptBy, "valueDateTime", FhirDates.BelgianDateTime(acceptBy));
        if (task.AcceptedAt is { } accepted)
            Add(TaskCodes.AcceptedAt, "valueDateTime", FhirDates.BelgianDateTime(accepted));
        if (task.Delegate is not null)
            Add(TaskCodes.Delegate, "valueReference", Reference(task.Delegate)!);
        if (task.Repeat is { } repeat)
            Add(TaskCodes.Repeat, "valueTiming", Timing(repeat));
        if (task.SeriesStart is { } start)
            Add(TaskCodes.SeriesStart, "valueDateTime", FhirDates.BelgianDateTime(start));
        if (task.NextIsMade)
            Add(TaskCodes.NextIsMade, "valueBoolean", true);
        if (task.NeverAsked)
            Add(TaskCodes.NeverAsked, "valueBoolean", true);
        if (task.Audience == Audience.ProfessionalsAndPatient && !shared)
            Add(PortalCodes.SharedWithPatient, "valueBoolean", true);
        Put(root, "extension", kept.Count == 0 ? null : kept);
    }

    /// <summary>The same as a Timing.</summary>
    internal static JsonObject Timing(RepeatRule rule)
    {
        var repeat = new JsonObject { ["frequency"] = 1, ["period"] = rule.Every, ["periodUnit"] = rule.Unit switch { RepeatUnit.Day => "d", RepeatUnit.Week => "wk", _ => "mo" } };
        if (rule.Days.Count > 0)
            repeat["dayOfWeek"] = new JsonArray([.. rule.Days.Select(d => (JsonNode)Days[(int)d])]);
        if (rule.Until is { } until)
            repeat["boundsPeriod"] = new JsonObject { ["end"] = until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        return new JsonObject { ["repeat"] = repeat };
    }

    private static void WriteParts(JsonObject root, CareTask task)
    {
        var inputs = new JsonArray();
        foreach (var input in root["input"] as JsonArray ?? [])
        {
            if (!IsOurs(input))
                inputs.Add(input!.DeepClone());
        }

        void Words(string part, string? text)
        {
            if (!string.IsNullOrWhiteSpace(text))
                inputs.Add(Part(part, "valueString", text));
        }

        foreach (var item in task.Checklist)
        {
            var part = Part(Parts.Checklist, "valueString", item.Text);
            if (item.DoneAt is { } done)
            {
                part["extension"] = new JsonArray(
                    new JsonObject { ["url"] = TaskCodes.DoneAt, ["valueDateTime"] = FhirDates.BelgianDateTime(done) },
                    new JsonObject { ["url"] = TaskCodes.DoneBy, ["valueString"] = item.DoneBy ?? "" });
            }

            inputs.Add(part);
        }

        foreach (var (id, name) in task.Attachments)
            inputs.Add(Part(Parts.Attachment, "valueReference", new JsonObject { ["reference"] = $"Binary/{id}", ["display"] = name }));
        if (task.Handoff is { } h)
        {
            inputs.Add(Part(Parts.Protocol, "valueCode", h.Protocol == HandoffProtocol.Isbar ? "isbar" : "ipass"));
            Words(Parts.Scope, h.Scope);
            if (h.ScopeUntil is { } until)
                inputs.Add(Part(Parts.ScopeUntil, "valueDateTime", FhirDates.BelgianDateTime(until)));
            if (h.Severity is { } severity)
                inputs.Add(Part(Parts.Severity, "valueCode", severity switch { IllnessSeverity.Watcher => "watcher", IllnessSeverity.Unstable => "unstable", _ => "stable" }));
            Words(Parts.SeverityNote, h.SeverityNote);
            Words(Parts.Summary, h.Summary);
            foreach (var action in h.Actions)
                Words(Parts.Action, action);
            foreach (var contingency in h.Contingencies.Where(c => c.If.Length > 0 && c.Then.Length > 0))
            {
                Words(Parts.If, contingency.If);
                Words(Parts.Then, contingency.Then);
            }

            Words(Parts.Identification, h.Identification);
            Words(Parts.Situation, h.Situation);
            Words(Parts.Background, h.Background);
            Words(Parts.Assessment, h.Assessment);
            Words(Parts.Recommendation, h.Recommendation);
            foreach (var travelling in h.Tasks)
            {
                var part = Part(Parts.Task, "valueReference", new JsonObject { ["reference"] = $"Task/{travelling.TaskId}", ["display"] = travelling.Title });
                if (Reference(travelling.NewOwner) is { } owner)
                    part["extension"] = new JsonArray(new JsonObject { ["url"] = TaskCodes.NewOwner, ["valueReference"] = owner });
                inputs.Add(part);
            }

            foreach (var source in h.Sources)
                inputs.Add(Part(Parts.Source, "valueReference", new JsonObject { ["reference"] = source.Reference, ["display"] = source.Display }));
            foreach (var gap in h.Gaps)
                Words(Parts.Gap, gap);
            foreach (var category in Enum.GetValues<InformationCategory>().Where(c => System.Numerics.BitOperations.IsPow2((int)c) && (h.Tells & c) != 0))
                inputs.Add(Part(Parts.Tells, "valueCode", category.ToString()));
            if (Reference(h.SecondReceiver) is { } second)
                inputs.Add(Part(Parts.SecondReceiver, "valueReference", second));
            if (h.MovesCoordinator)
                inputs.Add(Part(Parts.MovesCoordinator, "valueBoolean", true));
            foreach (var clarification in h.Clarifications)
            {
                inputs.Add(Said(Part(Parts.Question, "valueString", clarification.Question), clarification.AskedBy, clarification.AskedAt));
                if (clarification is { Answer: { } answer, AnsweredBy: { } by, AnsweredAt: { } at })
                    inputs.Add(Said(Part(Parts.Answer, "valueString", answer), by, at));
            }
        }

        Put(root, "input", inputs.Count == 0 ? null : inputs);
    }

    private static JsonObject Part(string part, string value, JsonNode node) => new() { ["type"] = Concept(TaskCodes.Part, part, null), [value] = node };

    /// <summary>Whether two states of a task have the same inputs: nothing of the lists was replaced.</summary>
    internal static bool SameParts(CareTask before, CareTask after) =>
        before.Checklist == after.Checklist && before.Attachments == after.Attachments && (after.Handoff is { } handoff ? handoff with { ReadBack = before.Handoff?.ReadBack } : null) == before.Handoff;

    private static JsonObject Said(JsonObject part, string by, DateTime at)
    {
        part["extension"] = new JsonArray(new JsonObject { ["url"] = TaskCodes.By, ["valueString"] = by }, new JsonObject { ["url"] = TaskCodes.At, ["valueDateTime"] = FhirDates.BelgianDateTime(at) });
        return part;
    }

    private static bool IsOurs(JsonNode? input) => (input?["type"]?["coding"] as JsonArray)?.Any(c => c?["system"]?.GetValue<string>() == TaskCodes.Part) == true;

    internal static JsonObject? Reference(TaskParty? party)
    {
        if (party is null)
            return null;
        var reference = new JsonObject();
        if (party.Kind == OwnerKind.Role)
        {
            reference["type"] = "PractitionerRole";
            reference["identifier"] = new JsonObject { ["system"] = TaskCodes.Role, ["value"] = party.Role.ToString() };
        }
        else if (party.Kind == OwnerKind.Organisation)
        {
            reference["type"] = "Organization";
            reference["identifier"] = new JsonObject { ["system"] = TaskCodes.Queue, ["value"] = party.Organisation };
        }
        else if (party.Reference is not null)
        {
            reference["reference"] = party.Reference;
        }

        if (party.Display is not null)
            reference["display"] = party.Display;
        return reference;
    }

    private static string? HcPartyCode(Discipline role) => role switch
    {
        Discipline.GeneralPractitioner or Discipline.Specialist => "persphysician",
        Discipline.HomeNurse or Discipline.HospitalNurse => "persnurse",
        Discipline.Pharmacist => "perspharmacist",
        Discipline.Physiotherapist => "persphysiotherapist",
        Discipline.SocialWorker => "perssocialworker",
        Discipline.Psychologist => "perspsychologist",
        Discipline.Dietician => "persdietician",
        Discipline.OccupationalTherapist => "persoccupationaltherapist",
        Discipline.HomeCareAide => "perspracticalnurse",
        Discipline.InformalCaregiver => "perscaregiver",
        _ => null,
    };

    private static JsonObject Concept(string system, string code, string? display)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        if (display is not null)
            coding["display"] = display;
        return new JsonObject { ["coding"] = new JsonArray(coding) };
    }

    /// <summary>Sets a property, or leaves it out.</summary>
    internal static void Put(JsonObject root, string name, JsonNode? value)
    {
        if (value is null)
            root.Remove(name);
        else
            root[name] = value;
    }

    /// <summary>A step of a task as a Provenance: who did what to which version, when and why.</summary>
    public static byte[] Step(CareTask task, int version, TaskParty by, string code, string words, string? text, DateTime at)
    {
        var root = new JsonObject { ["resourceType"] = "Provenance" };
        WriteAudience(root, task.Audience);
        WriteSensitivity(root, task);
        var extensions = new JsonArray();
        if (by.Line is { } line)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.CareLine, ["valueCode"] = PortalCodes.CodeOf(line) });
        if (task.Audience == Audience.ProfessionalsAndPatient)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.SharedWithPatient, ["valueBoolean"] = true });
        if (extensions.Count > 0)
            root["extension"] = extensions;
        root["target"] = new JsonArray(new JsonObject { ["reference"] = $"Task/{task.Id}/_history/{version.ToString(CultureInfo.InvariantCulture)}", ["display"] = task.Title }, new JsonObject { ["reference"] = $"Patient/{task.Patient}" });
        root["occurredDateTime"] = FhirDates.BelgianDateTime(at);
        root["recorded"] = FhirDates.Instant(at);
        if (text is { Length: > 0 })
            root["reason"] = new JsonArray(new JsonObject { ["text"] = text });
        var activity = Concept(task.IsHandoff ? PortalCodes.HandoffStep : PortalCodes.TaskStep, code, null);
        activity["text"] = words;
        root["activity"] = activity;
        root["agent"] = new JsonArray(new JsonObject { ["who"] = Reference(by) });
        return JsonSerializer.SerializeToUtf8Bytes(root, Relaxed);
    }
}
