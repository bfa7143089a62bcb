using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Alerts as FHIR R4 DetectedIssue.</summary>
internal static class AlertFhir
{
    private const int MostImplicated = 50;
    private static readonly string[] Severities = ["low", "moderate", "high"];

    /// <summary>A new alert.</summary>
    /// <param name="words">What happened, in a line.</param>
    /// <param name="detail">The limit, and what is to be done.</param>
    /// <param name="implicated">The measurements that show it, with their words.</param>
    public static byte[] Write(PatientId patient, AlertRule rule, (string Plan, int Version) of, string words, string detail, IReadOnlyList<(string Reference, string Words)> implicated, TaskParty? author, Audience audience, InformationCategory category, DateTime at)
    {
        var root = new JsonObject { ["resourceType"] = "DetectedIssue" };
        TaskFhir.WriteAudience(root, audience);
        TaskFhir.WriteSensitivity(root, category);
        var extensions = new JsonArray(
            new JsonObject { ["url"] = AlertCodes.BrokenRule, ["valueReference"] = new JsonObject { ["reference"] = $"ServiceRequest/{of.Plan}/_history/{of.Version}", ["identifier"] = new JsonObject { ["value"] = rule.Threshold.Id } } },
            new JsonObject { ["url"] = AlertCodes.Count, ["valuePositiveInt"] = 1 });
        if (audience == Audience.ProfessionalsAndPatient)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.SharedWithPatient, ["valueBoolean"] = true });
        root["extension"] = extensions;
        root["status"] = "preliminary";
        root["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = AlertCodes.Alert, ["code"] = rule.Threshold.Kind.ToString().ToLowerInvariant() }), ["text"] = words };
        root["severity"] = Severities[(int)rule.Threshold.Severity];
        root["patient"] = new JsonObject { ["reference"] = $"Patient/{patient}" };
        root["identifiedDateTime"] = FhirDates.BelgianDateTime(at);
        if (TaskFhir.Reference(author) is { } by && author!.Reference is not null)
            root["author"] = by;
        if (implicated.Count > 0)
            root["implicated"] = new JsonArray([.. implicated.Select(i => (JsonNode)new JsonObject { ["reference"] = i.Reference, ["display"] = i.Words })]);
        root["detail"] = detail;
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>The same alert, come again: counted, with the new measurement beside the others.</summary>
    public static byte[] Repeat(byte[] present, int count, string words, (string Reference, string Words) implicated)
    {
        var root = (JsonObject)JsonNode.Parse(present)!;
        foreach (var extension in root["extension"] as JsonArray ?? [])
        {
            if (extension?["url"]?.GetValue<string>() == AlertCodes.Count)
                extension["valuePositiveInt"] = count;
        }

        root["code"]!["text"] = words;
        if (root["implicated"] is not JsonArray all)
            root["implicated"] = all = [];
        if (all.Count < MostImplicated)
            all.Add(new JsonObject { ["reference"] = implicated.Reference, ["display"] = implicated.Words });
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>The same alert, answered.</summary>
    public static byte[] Answer(byte[] present, AlertOutcome outcome, string words, TaskParty? by, DateTime at)
    {
        var root = (JsonObject)JsonNode.Parse(present)!;
        root["status"] = outcome == AlertOutcome.Withdrawn ? "cancelled" : "final";
        var mitigation = new JsonObject
        {
            ["action"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = AlertCodes.Outcome, ["code"] = outcome switch { AlertOutcome.Acted => "acted", AlertOutcome.Known => "known", AlertOutcome.FalseAlarm => "false-alarm", _ => "withdrawn" } }), ["text"] = words },
            ["date"] = FhirDates.BelgianDateTime(at),
        };
        if (by?.Reference is not null)
            mitigation["author"] = TaskFhir.Reference(by);
        var all = root["mitigation"] as JsonArray ?? [];
        all.Add(mitigation);
        root["mitigation"] = all.Parent is null ? all : all.DeepClone();
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }
}
