using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Measurements;

/// <summary>That a clinician chose saturation scale 2 for a patient: by whom, since when, why.</summary>
/// <param name="Id">FHIR id of the Flag.</param>
public sealed record SaturationScale2(string Id, string By, DateTime Since, string Why);

/// <summary>
/// Saturation scale 2 of NEWS2 as a FHIR Flag: active from the choice of a doctor until the next one. Scale 1 is what holds without one, because scale 2 makes a
/// low saturation look harmless.
/// </summary>
internal static class SaturationScaleFhir
{
    internal const string System = PortalCodes.Base + "CodeSystem/news2";
    internal const string Code = "saturation-scale-2";
    internal const string WhyUrl = PortalCodes.Base + "StructureDefinition/reason";
    private const int MostFlags = 200;

    /// <summary>Whether a Flag chooses the scale.</summary>
    public static bool Is(JsonElement flag) => flag.Child("code"u8)?.Each("coding"u8).Any(c => c.Text("system"u8) == System && c.Text("code"u8) == Code) == true;

    /// <summary>The choice that holds and that the room may see; null: scale 1.</summary>
    public static SaturationScale2? Find(DbSession session, PatientRoom room)
    {
        foreach (var (id, bytes) in CareStore.VisibleCoded(session, room, "Flag", $"c:{System}|{Code}", MostFlags))
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.Text("status"u8) == "active")
            {
                return new(id, SafeText.Line(root.Child("author"u8)?.Words("display"u8), SafeText.NameLength), root.Child("period"u8)?.Date("start"u8)?.Start ?? DateTime.UnixEpoch,
                    SafeText.Line(root.Each("extension"u8).Where(e => e.Text("url"u8) == WhyUrl).Select(e => e.Words("valueString"u8)).FirstOrDefault(), SetSaturationScale.LongestWhy));
            }
        }

        return null;
    }

    /// <summary>When the scale was chosen, and until when, as far as the room sees it.</summary>
    public static IReadOnlyList<Scale2Period> Periods(DbSession session, PatientRoom room)
    {
        var found = new List<Scale2Period>();
        foreach (var (_, bytes) in CareStore.VisibleCoded(session, room, "Flag", $"c:{System}|{Code}", MostFlags))
        {
            using var document = JsonDocument.Parse(bytes);
            var (root, period) = (document.RootElement, document.RootElement.Child("period"u8));
            if (root.Text("status"u8) is "active" or "inactive")
                found.Add(new(period?.Date("start"u8)?.Start ?? DateTime.UnixEpoch, root.Text("status"u8) == "active" ? null : period?.Date("end"u8)?.Start ?? DateTime.UnixEpoch));
        }

        return found;
    }

    public static byte[] Write(PatientRoom room, string why)
    {
        var extensions = new JsonArray(
            new JsonObject { ["url"] = PortalCodes.CareLine, ["valueCode"] = PortalCodes.CodeOf(room.Actor.Line) },
            new JsonObject { ["url"] = WhyUrl, ["valueString"] = why });
        var root = new JsonObject
        {
            ["resourceType"] = "Flag",
            ["meta"] = new JsonObject { ["security"] = new JsonArray(new JsonObject { ["system"] = PortalCodes.Confidentiality, ["code"] = "R" }) },
            ["extension"] = extensions,
            ["status"] = "active",
            ["category"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/flag-category", ["code"] = "clinical" }) }),
            ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = System, ["code"] = Code }), ["text"] = MeasurementsText.Get("News2.Scale2.Flag") },
            ["subject"] = new JsonObject { ["reference"] = $"Patient/{room.Patient}" },
            ["period"] = new JsonObject { ["start"] = FhirDates.BelgianDateTime(room.Now) },
            ["author"] = new JsonObject { ["reference"] = room.Actor.Reference, ["display"] = room.Actor.DisplayName },
        };
        return JsonSerializer.SerializeToUtf8Bytes(root, Tasks.TaskFhir.Relaxed);
    }

    public static byte[] End(byte[] present, string why, DateTime now)
    {
        var root = (JsonObject)JsonNode.Parse(present)!;
        root["status"] = "inactive";
        ((JsonObject)(root["period"] ??= new JsonObject()))["end"] = FhirDates.BelgianDateTime(now);
        ((JsonArray)(root["extension"] ??= new JsonArray())).Add(new JsonObject { ["url"] = WhyUrl, ["valueString"] = why });
        return JsonSerializer.SerializeToUtf8Bytes(root, Tasks.TaskFhir.Relaxed);
    }
}

/// <summary>A doctor chooses saturation scale 2 of NEWS2 for a patient, or goes back to scale 1; with a reason.</summary>
internal sealed class SetSaturationScale(CareDesk desk, Filing filing) : PatientUseCase<SetSaturationScale.Request, bool>(desk)
{
    internal const int LongestWhy = 400;

    /// <param name="Scale2">Scale 2 from now on; false: back to scale 1.</param>
    /// <param name="Why">Required.</param>
    internal sealed record Request(bool Scale2, string Why);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Write;

    /// <summary>A competent clinician decides, says the Royal College: here a doctor.</summary>
    internal static bool MayBeSetBy(Discipline discipline) => discipline is Discipline.GeneralPractitioner or Discipline.Specialist;

    /// <returns>False when there was nothing to change, no reason, or it is not this person's to decide.</returns>
    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var why = SafeText.Line(request.Why, LongestWhy);
        if (why.Length == 0 || !MayBeSetBy(room.Role))
            return Task.FromResult(false);
        return room.CommitAsync((writer, _) =>
        {
            var present = SaturationScaleFhir.Find(writer.Session, room);
            if (present is not null == request.Scale2)
                return ValueTask.FromResult(false);
            if (present is null)
            {
                var added = filing.Prepare(SaturationScaleFhir.Write(room, why), "urn:uuid:" + Guid.CreateVersion7(new DateTimeOffset(room.Now)), "portal");
                writer.RequireWrite(added.Resource.Category);
                CareStore.Insert(writer.Session, added.Resource, room.Patient, null, room.Now);
                filing.PutEntry(writer.Session, room.Patient, added, 1, writer.NextCursor, room.Now, null, room.Actor.Person);
                return ValueTask.FromResult(true);
            }

            var stored = CareStore.Find(writer.Session, "Flag", present.Id)!;
            var ended = filing.Prepare(SaturationScaleFhir.End(CareStore.Json(writer.Session, stored), why, room.Now), null, "portal");
            ended = ended with { Resource = ended.Resource with { Id = present.Id } };
            writer.RequireWrite(ended.Resource.Category);
            if (!CareStore.Replace(writer.Session, stored, ended.Resource, room.Patient, room.Actor.Person, room.Now))
                return ValueTask.FromResult(false);
            filing.PutEntry(writer.Session, room.Patient, ended, stored.Version + 1, writer.NextCursor, room.Now, null, room.Actor.Person);
            return ValueTask.FromResult(true);
        }, ct);
    }
}

/// <summary>The scale is chosen where a doctor's reason is asked: a Bundle of a person brings no choice.</summary>
internal sealed class SaturationScaleBundleRule : IBundleRule
{
    /// <inheritdoc/>
    public string Type => "Flag";

    /// <inheritdoc/>
    public string? Refuses(ResourceFacts facts, Actor by) =>
        facts.Codes.Any(c => c.System == SaturationScaleFhir.System && c.Code == SaturationScaleFhir.Code) ? "forbidden: saturation scale 2 is chosen one by one, POST Flag, by a doctor and with a reason" : null;
}
