using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Goals;

/// <summary>
/// Accepts or declines what the portal proposes. The proposal is derived anew for whoever answers: what the data do not say cannot be accepted. An acceptance takes effect by the use case that does it anywhere;
/// the answer is kept as a GuidanceResponse with its evidence, who answered and why. The first answer stands.
/// </summary>
internal sealed class AnswerSuggestion(CareDesk desk, ReadPlan readPlan, ReadMeasuring readMeasuring, MoveGoal moveGoal, CreateTask createTask, Filing filing) : PatientUseCase<AnswerSuggestion.Request, AnswerSuggestion.Result>(desk)
{
    internal sealed record Request(string Key, bool Accept, string? Reason = null);

    internal enum Result
    {
        Done = 0,

        /// <summary>The data do not say it any more, or somebody answered it.</summary>
        Gone = 1,
        NotYours = 2,

        /// <summary>To decline is explained.</summary>
        NeedsReason = 3,
        TooLong = 4,

        /// <summary>What it asks for was refused; nothing was written.</summary>
        Refused = 5,
    }

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (request.Reason?.Length > TaskLimits.LongestReason)
            return Result.TooLong;
        var reason = SafeText.Lines(request.Reason ?? "", TaskLimits.LongestReason).Trim();
        if (!request.Accept && reason.Length == 0)
            return Result.NeedsReason;
        return await room.CommitAsync((writer, _) => ValueTask.FromResult(Answer(writer, request, reason)), ct);
    }

    private Result Answer(RoomWriter writer, Request request, string reason)
    {
        var (session, room) = (writer.Session, writer.Room);
        var id = SuggestionRecord.IdOf(room.Patient, request.Key);
        if (CareStore.Find(session, "GuidanceResponse", id) is not null)
            return Result.Gone;
        var measuring = readMeasuring.Read(session, room);
        if (Suggestions.All(readPlan.Read(session, room), measuring, room.Now).FirstOrDefault(s => s.Key == request.Key) is not { } suggestion)
            return Result.Gone;
        if (!suggestion.MayAnswer)
            return Result.NotYours;
        var (audience, category) = SightOf(session, room, suggestion, measuring);
        if (request.Accept && suggestion is { Kind: SuggestionKind.GoalMet, Goal: { } goal } && !moveGoal.Move(writer, new(goal.Id, goal.Version, GoalState.Achieved, reason)).IsDone)
            return Result.Refused;
        if (request.Accept && suggestion is { Kind: SuggestionKind.NotMeasured, Plan: { } missed } && !AskForValue(writer, missed))
            return Result.Refused;
        var prepared = filing.Prepare(SuggestionRecord.Write(room, suggestion, request.Accept, reason, audience, category), "urn:uuid:" + id, "portal");
        CareStore.Insert(session, prepared.Resource with { Id = id, Category = category, Audience = audience }, room.Patient, null, room.Now);
        writer.NextCursor(); // open pages show that it is answered
        writer.Record(CareAction.Write, $"GuidanceResponse/{id}/_history/1");
        return Result.Done;
    }

    /// <summary>For whom the answer is kept: it tells what it is about and the values behind it, so for nobody who does not see all of these.</summary>
    private static (Audience Audience, InformationCategory Category) SightOf(DbSession session, PatientRoom room, Suggestion suggestion, MeasuringView measuring)
    {
        var seen = suggestion.EvidenceReferences.Append(suggestion.Subject).Select(EntryReference.Split).Select(r => r is var (type, id) ? CareStore.Find(session, type, id) : null)
            .Select(s => s is null ? (Audience.Professionals, InformationCategory.None) : (s.Audience, s.Category)).ToList();
        if (suggestion is { Kind: SuggestionKind.ReviewLimit, Plan: { } limits })
            seen.AddRange(measuring.Alerts.Where(a => a.PlanId == limits.Id).Select(a => (a.Audience, a.Category)));
        if (suggestion is { Kind: SuggestionKind.NotMeasured, Plan: { } plan } && measuring.Plans.FirstOrDefault(p => p.Plan.Id == plan.Id)?.Last is var (_, at))
            seen.AddRange(AlertSql.ValuesBetween(session, room.Patient, [.. Measured.KeysOf(plan.Loinc).SelectMany(Measured.CodesOf)], at, at).Where(v => room.Reach.Sees(v.Audience, v.Category)).Select(v => (v.Audience, v.Category)));
        var audience = seen.Aggregate(Audience.WholeTeam, (all, s) => all & s.Item1);
        var closed = seen.Select(s => ClinicalCodes.Protected(s.Item2)).FirstOrDefault(c => c != InformationCategory.None);
        return (audience == Audience.None ? Audience.Professionals : audience, closed != InformationCategory.None ? closed : suggestion.Goal is null ? InformationCategory.Measurements : InformationCategory.Goals);
    }

    /// <summary>A task for who measures, else for who accepts: with an owner, like any; for who sees the plan.</summary>
    private bool AskForValue(RoomWriter writer, MeasuringPlan plan)
    {
        var stored = CareStore.Find(writer.Session, "ServiceRequest", plan.Id);
        foreach (var owner in plan.By.Where(p => p.Person is not null).Select(p => (TaskParty?)p).Append(null))
        {
            if (createTask.Create(writer, new()
            {
                Id = Guid.CreateVersion7(new DateTimeOffset(writer.Room.Now)).ToString(), Title = GoalPhrases.Get("Suggest.NotMeasured.Task", plan.Name.ToLower(Platform.Time.BelgianTime.Culture)), Owner = owner, Goal = plan.Goal,
                Audience = stored?.Audience ?? Audience.WholeTeam, Protection = stored is null ? InformationCategory.None : ClinicalCodes.Protected(stored.Category),
            }) is TaskDone)
                return true;
        }

        return false;
    }
}

/// <summary>Answered proposals as FHIR GuidanceResponse.</summary>
internal static class SuggestionRecord
{
    private const string Answer = PortalCodes.Base + "StructureDefinition/suggestion-answer";

    /// <summary>One proposal of one file has one answer: its id follows from what it is about.</summary>
    public static string IdOf(PatientId patient, string key) => ResourceReader.HashId(SHA256.HashData(Encoding.UTF8.GetBytes($"{patient}|{key}")));

    public static byte[] Write(PatientRoom room, Suggestion suggestion, bool accepted, string reason, Audience audience, InformationCategory category)
    {
        var evidence = suggestion.EvidenceReferences.Append(suggestion.Subject).Select(r => (JsonNode)new JsonObject { ["reference"] = r }).ToArray();
        var root = new JsonObject
        {
            ["resourceType"] = "GuidanceResponse",
            ["extension"] = new JsonArray(new JsonObject { ["url"] = Answer, ["valueCode"] = accepted ? "accepted" : "declined" }),
            ["identifier"] = new JsonArray(new JsonObject { ["system"] = PortalCodes.Base + "NamingSystem/suggestion", ["value"] = suggestion.Key }),
            ["moduleUri"] = PortalCodes.Base + "suggestion/" + suggestion.Kind.ToString().ToLowerInvariant(),
            ["status"] = "success",
            ["subject"] = new JsonObject { ["reference"] = $"Patient/{room.Patient}" },
            ["occurrenceDateTime"] = FhirDates.BelgianDateTime(room.Now),
            ["reasonCode"] = new JsonArray(new JsonObject { ["text"] = suggestion.Words }, new JsonObject { ["text"] = suggestion.Rule }, new JsonObject { ["text"] = string.Join("; ", suggestion.Evidence) }),
            ["reasonReference"] = new JsonArray(evidence),
            ["note"] = new JsonArray(new JsonObject { ["authorReference"] = TaskFhir.Reference(TaskParty.Of(room.Actor)), ["time"] = FhirDates.BelgianDateTime(room.Now), ["text"] = reason.Length > 0 ? reason : GoalPhrases.Get("Suggest.Accepted") }),
        };
        TaskFhir.WriteAudience(root, audience);
        TaskFhir.WriteSensitivity(root, category);
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>The answers that a room may see, newest first; what is no answer of ours is passed over.</summary>
    public static List<(string Key, AnsweredSuggestion Answer)> All(DbSession session, PatientRoom room, int most)
    {
        var found = new List<(string, AnsweredSuggestion)>();
        foreach (var row in GoalSql.OfType(session, room, "GuidanceResponse", most))
        {
            ResourceReader.Read(row.Json, out var document);
            using (document)
            {
                var root = document.RootElement;
                if (TimelineFhir.Extension(root, Answer)?.Text("valueCode"u8) is not { } said || said is not ("accepted" or "declined") || root.First("identifier"u8)?.Text("value"u8) is not { } key || root.First("note"u8) is not { } note)
                    continue;
                found.Add((key, new(root.First("reasonCode"u8)?.Words("text"u8) ?? "", said == "accepted", note.Child("authorReference"u8)?.Words("display"u8), row.LastUpdated, note.Words("text"u8))));
            }
        }

        return found;
    }
}
