using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// Alerts (DetectedIssue) and warnings (Flag) that a program writes as its caller. What somebody still has to look at is preliminary and becomes an alert with an owner, as in
/// the portal; what was looked at is kept as the caller's record. Saturation scale 2 is a doctor's choice, as on the page.
/// </summary>
internal sealed class AlertExchange(ReadResource readResource, LookOnce look, CreateResource create, RaiseAlert raise, AnswerAlert answer, ReportWorse worse, SetSaturationScale scale, ReadNews2 readScale)
{
    /// <summary>create of a DetectedIssue.</summary>
    public async Task<FhirAnswer> IssueAsync(Actor actor, PatientId patient, JsonElement root, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        if (root.Child("code"u8)?.Each("coding"u8).Any(c => c.Text("system"u8) == AlertCodes.Alert) == true)
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Codes of this system are given by the portal when a limit is broken.", "DetectedIssue.code"));
        if (root.Each("mitigation"u8).Any(m => m.ValueKind == JsonValueKind.Object && m.Child("author"u8)?.Text("reference"u8) is { } by && by != actor.Reference))
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Who did something about it says so themselves.", "DetectedIssue.mitigation.author"));
        if (ifNoneExist is not null && await look.RunAsync(actor, patient, ifNoneExist, ct, AccessSource.Fhir))
            return ifNoneExist.Found;
        if (root.Text("status"u8) is "final" or "amended" or "corrected")
            return await create.RunAsync(actor, patient, new CreateResource.Request(root, "DetectedIssue", ifNoneExist), ct, AccessSource.Fhir);

        var words = root.Child("code"u8)?.ConceptWords() ?? root.Text("detail"u8)!.Split('\n', 2)[0];
        var called = root.Each("mitigation"u8).Any();
        var severity = root.Text("severity"u8) switch { "high" => AlertSeverity.High, "low" => AlertSeverity.Low, _ => AlertSeverity.Moderate };
        if (actor.IsLimited)
        {
            var said = await worse.RunAsync(actor, patient, new ReportWorse.Request(severity == AlertSeverity.High, called, root.Text("detail"u8) ?? words), ct, AccessSource.Fhir);
            return said.Outcome switch
            {
                WorseOutcome.Told => await AnswerAsync(actor, patient, said.Id!, 201, ct),
                WorseOutcome.CallFirst => CallFirst(),
                _ => FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "Rule: patient and family raise an alert by \"I feel worse\", when a pathway that runs asks for it; a note or a question reaches the team always.")),
            };
        }

        var (audience, protection) = Labels(root);
        var result = await raise.RunAsync(actor, patient, new RaiseAlert.Request
        {
            Words = words, Detail = root.Text("detail"u8), Severity = severity, Audience = audience, Protection = protection, Called = called, Evidence = root.First("implicated"u8)?.Text("reference"u8), Source = JsonNode.Parse(root.GetRawText()) as JsonObject, Unless = ifNoneExist is null ? null : ifNoneExist.IsThere,
        }, ct, AccessSource.Fhir);
        return result.Problem switch
        {
            RaiseAlert.Problem.None => await AnswerAsync(actor, patient, result.Alert!.Id, result.Alert.IsNew ? 201 : 200, ct),
            RaiseAlert.Problem.ThereAlready => ifNoneExist!.Found,
            RaiseAlert.Problem.CallFirst => CallFirst(),
            RaiseAlert.Problem.NoEvidence => FhirAnswer.Refuse(422, FhirIssue.Error("not-found", "What this leans on is not in this file for you.", "DetectedIssue.implicated")),
            RaiseAlert.Problem.OutOfReach => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "You would not be able to read this yourself.", "DetectedIssue.meta.security")),
            RaiseAlert.Problem.TooLong => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"An alert says in {RaiseAlert.LongestWords} characters what was seen; detail is at most {RaiseAlert.LongestDetail}.", "DetectedIssue.code")),
            _ => FhirAnswer.Refuse(422, FhirIssue.Error("required", "code or detail says what was seen.", "DetectedIssue.code")),
        };
    }

    private static readonly string[] Kept = ["resourceType", "id", "meta", "text", "status", "mitigation"];

    /// <summary>
    /// update of a DetectedIssue: its alert is answered, as on the page. The body is what was read, with status final and one mitigation more: action.coding of the portal's
    /// system (acted, known, false-alarm) and action.text, what was done. Nothing else changes.
    /// </summary>
    public async Task<FhirAnswer> UpdateAsync(Actor actor, PatientId patient, string id, JsonElement root, int seen, CancellationToken ct)
    {
        if ((await readResource.RunAsync(actor, patient, new ReadResource.Request("DetectedIssue", id), ct, AccessSource.Fhir))?.Versions[0] is not { } stored)
            return FhirAnswer.NotFound();
        if (stored.Version != seen)
            return FhirAnswer.Stale(stored.Version);
        static FhirAnswer Rule(string why, string place) => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", why, place));
        var (before, wanted) = ((JsonObject)JsonNode.Parse(stored.Json)!, (JsonObject)JsonNode.Parse(root.GetRawText())!);
        if ((string?)before["status"] != "preliminary")
            return Rule("This alert is answered, or was the record of something that is over: it stays as it is.", "DetectedIssue.status");
        foreach (var name in before.Select(m => m.Key).Union(wanted.Select(m => m.Key)).Except(Kept))
        {
            if (!JsonNode.DeepEquals(before[name], wanted[name]))
                return Rule("To answer an alert changes its status and adds what was done; everything else stays as it was read.", $"DetectedIssue.{name}");
        }

        if (wanted["meta"] is JsonObject meta && !JsonNode.DeepEquals(meta["security"], before["meta"]?["security"]))
            return Rule("For whom an alert is stays as it was.", "DetectedIssue.meta.security");
        if ((string?)wanted["status"] != "final")
            return Rule("An alert that is answered is final.", "DetectedIssue.status");
        var (was, now) = (before["mitigation"] as JsonArray ?? [], wanted["mitigation"] as JsonArray ?? []);
        if (now.Count != was.Count + 1 || !was.Zip(now).All(pair => JsonNode.DeepEquals(pair.First, pair.Second)) || now[^1] is not JsonObject)
            return Rule("An answer is one mitigation more, after those that are there.", "DetectedIssue.mitigation");
        var place = $"DetectedIssue.mitigation[{was.Count}]";
        var said = root.Each("mitigation"u8).Last();
        if (said.Child("author"u8)?.Text("reference"u8) is { } by && by != actor.Reference)
            return Rule("Who did something about it says so themselves.", place + ".author");
        if (said.Child("date"u8) is not null)
            return Rule("When it was answered is said by the portal.", place + ".date");
        var action = said.Child("action"u8);
        var codes = action?.Each("coding"u8).Where(c => c.Text("system"u8) == AlertCodes.Outcome).Select(c => c.Text("code"u8)).ToList() ?? [];
        if (codes is not ([] or ["acted"] or ["known"] or ["false-alarm"]))
            return Rule($"The outcome is acted, known or false-alarm, of {AlertCodes.Outcome}.", place + ".action.coding");
        var outcome = codes is [var code] ? code switch { "known" => AlertOutcome.Known, "false-alarm" => AlertOutcome.FalseAlarm, _ => AlertOutcome.Acted } : AlertOutcome.Acted;
        return await answer.RunAsync(actor, patient, new AnswerAlert.Request(id, outcome, action?.Text("text"u8) ?? "", seen), ct, AccessSource.Fhir) switch
        {
            TaskDone => await AnswerAsync(actor, patient, id, 200, ct),
            AlertChangedMeanwhile => FhirAnswer.Stale((await readResource.RunAsync(actor, patient, new ReadResource.Request("DetectedIssue", id), ct, AccessSource.Fhir))?.Versions[0].Version ?? 0),
            TaskRefused { Rule: TaskRule.NeedsReason } => FhirAnswer.Refuse(422, FhirIssue.Error("required", "What was done is said in words.", place + ".action.text")),
            TaskRefused { Rule: TaskRule.TextTooLong } => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"What was done is at most {AnswerAlert.LongestWords} characters.", place + ".action.text")),
            TaskRefused { Rule: TaskRule.NotYours } => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Rule: an alert is answered by whose it is, or by who answers for it; you are neither.", "DetectedIssue")),
            TaskRefused => Rule("Its task is closed, or may not be finished by you.", "DetectedIssue.status"),
            TaskNotFound => Rule("This is no alert that somebody has to answer: it is kept as its source wrote it.", "DetectedIssue"),
            _ => FhirAnswer.Stale(stored.Version),
        };
    }

    /// <summary>create of a Flag.</summary>
    public async Task<FhirAnswer> FlagAsync(Actor actor, PatientId patient, JsonElement root, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        if (!SaturationScaleFhir.Is(root))
            return await create.RunAsync(actor, patient, new CreateResource.Request(root, "Flag", ifNoneExist), ct, AccessSource.Fhir);
        var why = root.Each("extension"u8).Where(e => e.ValueKind == JsonValueKind.Object && e.Text("url"u8) == SaturationScaleFhir.WhyUrl).Select(e => e.Words("valueString"u8)).FirstOrDefault();
        if (string.IsNullOrWhiteSpace(why))
            return FhirAnswer.Refuse(422, FhirIssue.Error("required", $"Scale 2 is chosen with a reason: extension {SaturationScaleFhir.WhyUrl} with valueString.", "Flag.extension"));
        if (!SetSaturationScale.MayBeSetBy(actor.Discipline))
            return FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "Rule: saturation scale 2 of NEWS2 is chosen by a doctor."));
        var changed = await scale.RunAsync(actor, patient, new SetSaturationScale.Request(Scale2: true, why), ct, AccessSource.Fhir);
        return (await readScale.RunAsync(actor, patient, new(), ct, AccessSource.Fhir))?.Scale2 is { } held && (await readResource.RunAsync(actor, patient, new ReadResource.Request("Flag", held.Id), ct, AccessSource.Fhir))?.Versions[0] is { } row
            ? FhirAnswer.Resource(changed ? 201 : 200, "Flag", held.Id, row.Version, row.LastUpdated, row.Json, written: true)
            : FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "The scale was not changed.", "Flag"));
    }

    private async Task<FhirAnswer> AnswerAsync(Actor actor, PatientId patient, string id, int status, CancellationToken ct) =>
        (await readResource.RunAsync(actor, patient, new ReadResource.Request("DetectedIssue", id), ct, AccessSource.Fhir))?.Versions[0] is { } row ? FhirAnswer.Resource(status, "DetectedIssue", id, row.Version, row.LastUpdated, row.Json, written: true) : FhirAnswer.NotFound();

    private static FhirAnswer CallFirst() =>
        FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "This speaks of danger to life: call 112 now, nothing was written. To tell the team afterwards as well, say in mitigation.action that 112 was called or is not needed.", "DetectedIssue.mitigation"));

    private static (Audience, InformationCategory) Labels(JsonElement root)
    {
        using var document = new FhirDocument();
        ContentScan.Run(JsonSerializer.SerializeToUtf8Bytes(root), document);
        var facts = ResourceReader.Read(JsonSerializer.SerializeToUtf8Bytes(root));
        return (TimelineFhir.AudienceOf(document.RootElement, facts), ClinicalCodes.ProtectedBy(facts.SecurityLabels));
    }
}
