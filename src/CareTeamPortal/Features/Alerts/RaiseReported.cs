using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Something that somebody said, and that somebody else has to look at now: an answer that worries, "I feel worse".</summary>
/// <param name="Key">What it is; the same within a day is one alert with a counter.</param>
/// <param name="Words">What happened, in a line.</param>
/// <param name="Detail">What else is known of it.</param>
/// <param name="ToDo">What is to be done.</param>
/// <param name="Evidence">The entry that shows it, <c>Type/id</c>, with its words; null when there is none.</param>
/// <param name="Category">Of what it tells: a specially protected one closes the alert too.</param>
internal sealed record ReportedAlert(string Key, string Words, string Detail, string ToDo, AlertSeverity Severity, Audience Audience, InformationCategory Category, (string Reference, string Words)? Evidence)
{
    /// <summary>Who has to look at it, when they are on the team and may see it; else who is accountable does.</summary>
    public TaskParty? Owner { get; init; }

    /// <summary>The DetectedIssue as a program sent it: its identifiers, codes and evidence are kept beside what the portal writes.</summary>
    public JsonObject? Source { get; init; }
}

/// <summary>An alert that was made, or counted up.</summary>
/// <param name="Id">FHIR id of the DetectedIssue.</param>
/// <param name="Owner">Who has to look at it, by name; null when nobody is accountable.</param>
/// <param name="IsNew">False: the same within a day, counted.</param>
internal sealed record RaisedAlert(string Id, string? Owner, bool IsNew);

/// <summary>Makes an alert of what somebody said, in the transaction in which it is written: with an owner, a time to be taken on, and the same merging as a limit's.</summary>
internal sealed class RaiseReported(Filing filing, TaskFiling tasks, PeopleDirectory people)
{
    /// <summary>In place of a measuring plan.</summary>
    internal const string Plan = "reported";

    /// <summary>Makes the alert, or counts up the one of today.</summary>
    public RaisedAlert Raise(RoomWriter writer, ReportedAlert report)
    {
        var (session, patient, now) = (writer.Session, writer.Room.Patient, writer.Room.Now);
        var owner = (report.Owner is { } asked ? tasks.Eligible(session, patient, asked, report.Audience, report.Category, now).FirstOrDefault() : null) ?? (Filing.AccountableWho(session, people, tasks.Rules, patient, report.Audience, report.Category, now) is { } id ? people.Find(id) : null);
        var protection = ClinicalCodes.Protected(report.Category);
        if (AlertSql.Newest(session, patient, Plan, report.Key, report.Audience, ClinicalCodes.Protected(report.Category) is InformationCategory.None ? InformationCategory.Measurements : ClinicalCodes.Protected(report.Category)) is { Outcome: null } newest && now - newest.LastAt < AlertClock.OneAlert && newest.Severity >= (int)report.Severity)
        {
            newest.Count++;
            newest.LastAt = now;
            AlertSql.Repeat(session, newest);
            AlertFiling.Change(writer, filing, newest.Id, writer.Room.Actor.Person, json => AlertFhir.Repeat(json, newest.Count, report.Words, report.Evidence ?? ($"Patient/{patient}", report.Words)));
            return new(newest.Id, owner?.DisplayName, IsNew: false);
        }

        var prepared = filing.Prepare(Write(writer.Room, report, now), "urn:uuid:" + NewId(now), "portal");
        CareStore.Insert(session, prepared.Resource, patient, null, now);
        filing.PutEntry(session, patient, prepared, 1, writer.NextCursor, now, null, writer.Room.Actor.Person);
        var task = new CareTask
        {
            Id = NewId(now), Patient = patient, State = TaskState.Requested, Title = AlertWords.Get("Task.Reported"), Detail = report.ToDo, Owner = owner is null ? null : TaskParty.Of(owner), AuthoredOn = now,
            Priority = report.Severity == AlertSeverity.High ? TaskPriority.Stat : TaskPriority.Urgent, AcceptBy = now + AlertClock.AnswerWithin(report.Severity), Focus = $"DetectedIssue/{prepared.Resource.Id}",
            Audience = report.Audience, Protection = protection,
        };
        tasks.Add(writer, task, TaskParty.Of(Actor.Portal) with { Person = null }, "portal");
        if (owner is not null && TaskSql.Find(session, patient, task.Id) is { } work)
            TaskSql.Tell(session, work, owner.Id, (int)NoticeKind.Alert, now);
        AlertSql.Insert(session, new AlertRow
        {
            PatientId = patient, Id = prepared.Resource.Id, PlanId = Plan, RuleId = report.Key, RuleVersion = 1, Quantity = report.Key, Severity = (int)report.Severity, TaskId = task.Id, At = now, LastAt = now, Count = 1,
            Audience = prepared.Resource.Audience, Category = prepared.Resource.Category,
        });
        return new(prepared.Resource.Id, owner?.DisplayName, IsNew: true);
    }

    private static byte[] Write(PatientRoom room, ReportedAlert report, DateTime now)
    {
        var root = new JsonObject { ["resourceType"] = "DetectedIssue" };
        TaskFhir.WriteAudience(root, report.Audience);
        TaskFhir.WriteSensitivity(root, report.Category);
        var extensions = new JsonArray(new JsonObject { ["url"] = AlertCodes.Count, ["valuePositiveInt"] = 1 });
        if (report.Audience == Audience.ProfessionalsAndPatient)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.SharedWithPatient, ["valueBoolean"] = true });
        root["extension"] = extensions;
        foreach (var name in (ReadOnlySpan<string>)["identifier", "evidence", "reference"])
        {
            if (report.Source?[name] is { } sent)
                root[name] = sent.DeepClone();
        }

        root["status"] = "preliminary";
        var codes = new JsonArray(new JsonObject { ["system"] = AlertCodes.Alert, ["code"] = Plan });
        foreach (var code in report.Source?["code"]?["coding"] as JsonArray ?? [])
            codes.Add(code?.DeepClone());
        root["code"] = new JsonObject { ["coding"] = codes, ["text"] = report.Words };
        root["severity"] = report.Severity.ToString().ToLowerInvariant();
        root["patient"] = new JsonObject { ["reference"] = $"Patient/{room.Patient}" };
        root["identifiedDateTime"] = FhirDates.BelgianDateTime(now);
        root["author"] = new JsonObject { ["reference"] = room.Actor.Reference, ["display"] = room.Actor.DisplayName };
        if (report.Evidence is var (reference, words))
            root["implicated"] = new JsonArray(new JsonObject { ["reference"] = reference, ["display"] = words });
        root["detail"] = string.Join('\n', new[] { report.Detail, AlertWords.Get("Detail.ToDo", report.ToDo) }.Where(d => d.Length > 0));
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    private static string NewId(DateTime now) => Guid.CreateVersion7(new DateTimeOffset(now)).ToString();
}
