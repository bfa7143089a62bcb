using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Examinations;

/// <summary>Looks for a result of a kind that is recent enough not to ask for the examination again.</summary>
internal sealed class FindRecentResult(CareDesk desk) : PatientUseCase<FindRecentResult.Request, RecentResult?>(desk)
{
    /// <param name="Kind">Key of the <see cref="Examination"/>.</param>
    internal sealed record Request(string Kind);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <inheritdoc/>
    protected override Task<RecentResult?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => Examination.Find(request.Kind) is not { } kind ? Task.FromResult<RecentResult?>(null)
        : room.ReadAsync((reader, _) => ValueTask.FromResult(In(reader.Session, room, kind)), ct);

    /// <summary>The newest result of the kind that the room sees and that still holds; null when there is none.</summary>
    internal static RecentResult? In(DbSession session, PatientRoom room, Examination kind)
    {
        var since = room.Now.AddDays(-kind.ValidDays);
        var value = AlertSql.ValuesBetween(session, room.Patient, [.. kind.Codes.Select(c => "http://loinc.org|" + c)], since, room.Now).LastOrDefault(v => room.Reach.Sees(v.Audience, v.Category));
        if (value is null || CareStore.FindEntry(session, room.Patient, value.Seq) is not { Retracted: false } entry)
            return null;
        var (name, shown) = MeasurementCatalogue.TryPlace(MeasurementGrouping.LoincOf(value.Code), value.Value!.Value, value.Ucum ?? value.Unit, out var quantity, out _)
            ? (quantity.Name, $"{quantity.ShowMeasured(value.Value.Value)} {quantity.Unit}".TrimEnd()) : (SafeText.Line(value.Label, SafeText.TitleLength), $"{value.Value.Value:0.####} {SafeText.Line(value.Unit, 40)}".TrimEnd());
        return new(kind, name, shown, value.Time, entry.AuthorName ?? entry.Source, $"{entry.ResourceType}/{entry.ResourceId}", value.Time.AddDays(kind.ValidDays));
    }
}

/// <summary>Writes down that an examination was not asked for, because there is a recent result: what the portal saved somebody.</summary>
internal sealed class AvoidExamination(CareDesk desk, Filing filing) : PatientUseCase<AvoidExamination.Request, bool>(desk)
{
    /// <param name="Id">Chosen by the page: saying it twice counts once. A guid.</param>
    internal sealed record Request(string Id, string Kind);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.DoTasks;

    /// <returns>False when there is no recent result to lean on.</returns>
    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.Id, out var id))
            throw new ArgumentException("The id of a decision is a guid.", nameof(request));
        return room.CommitAsync((writer, _) =>
        {
            if (Examination.Find(request.Kind) is not { } kind || FindRecentResult.In(writer.Session, room, kind) is not { } recent)
                return ValueTask.FromResult(false);
            if (CareStore.Find(writer.Session, "DetectedIssue", id.ToString()) is null)
                RecentResultFiling.Keep(writer, filing, recent, null, id.ToString());
            return ValueTask.FromResult(true);
        }, ct);
    }
}

/// <summary>What somebody decided when they were warned of a recent result, as a DetectedIssue: visible, and counted.</summary>
internal static class RecentResultFiling
{
    /// <summary>Rows of examinations that were not asked for, beside what questionnaires came to: both are counted per pathway from one index.</summary>
    internal const string Avoided = "examination-avoided";

    /// <summary>Rows of examinations that were asked for all the same.</summary>
    internal const string AskedAgain = "examination-asked";

    /// <param name="why">Why it is asked for all the same; null: it is not asked for.</param>
    public static void Keep(RoomWriter writer, Filing filing, RecentResult recent, string? why, string id)
    {
        var (session, room) = (writer.Session, writer.Room);
        if (EntryReference.Split(recent.Reference) is not var (type, of) || CareStore.FindEntry(session, type, of) is not { } entry)
            return;
        var words = ExaminationWords.Get(why is null ? "Avoided" : "AskedAgain", recent.Kind.Name);
        var root = new JsonObject { ["resourceType"] = "DetectedIssue" };
        TaskFhir.WriteAudience(root, entry.Audience); // it tells the result: for nobody who does not see that
        TaskFhir.WriteSensitivity(root, entry.Category);
        var extensions = new JsonArray(new JsonObject { ["url"] = PortalCodes.CareLine, ["valueCode"] = PortalCodes.CodeOf(room.Actor.Line) });
        if (entry.Audience == Audience.ProfessionalsAndPatient)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.SharedWithPatient, ["valueBoolean"] = true });
        root["extension"] = extensions;
        root["status"] = "final";
        root["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = PortalCodes.ThresholdKind, ["code"] = "recent-result" }), ["text"] = words };
        root["patient"] = new JsonObject { ["reference"] = $"Patient/{room.Patient}" };
        root["identifiedDateTime"] = FhirDates.BelgianDateTime(room.Now);
        root["author"] = new JsonObject { ["reference"] = room.Actor.Reference, ["display"] = room.Actor.DisplayName };
        root["implicated"] = new JsonArray(new JsonObject { ["reference"] = recent.Reference, ["display"] = Says(recent, room.Now) });
        root["mitigation"] = new JsonArray(new JsonObject { ["action"] = new JsonObject { ["text"] = why ?? ExaminationWords.Get("Avoided.Done") }, ["date"] = FhirDates.BelgianDateTime(room.Now), ["author"] = new JsonObject { ["reference"] = room.Actor.Reference, ["display"] = room.Actor.DisplayName } });
        var prepared = filing.Prepare(JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed), "urn:uuid:" + id, "portal");
        CareStore.Insert(session, prepared.Resource, room.Patient, null, room.Now);
        filing.PutEntry(session, room.Patient, prepared, 1, writer.NextCursor, room.Now, null, room.Actor.Person);
        OutcomeSql.Put(session, new OutcomeRow
        {
            PatientId = room.Patient, ResponseId = prepared.Resource.Id, Questionnaire = why is null ? Avoided : AskedAgain, PathwayId = OutcomeSql.RunningPathway(session, room.Patient), Score = 1, At = room.Now, By = room.Actor.Person, ByDiscipline = room.Actor.Discipline, Line = room.Actor.Line,
            Audience = prepared.Resource.Audience, Category = prepared.Resource.Category,
        }, room.Patient, prepared.Resource.Id);
    }

    /// <summary>"Kalium 4,1 mmol/L, ma 16 nov, 8:05, labo".</summary>
    public static string Says(RecentResult recent, DateTime now) => $"{recent.Name} {recent.Shown}, {BelgianTime.Moment(recent.At, now)}{(recent.Who is { } who ? ", " + who : null)}";
}
