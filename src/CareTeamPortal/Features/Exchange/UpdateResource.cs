using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Puts a new version in the place of one's own Communication or Observation. What it said before is kept.</summary>
internal sealed class UpdateResource(CareDesk desk, Filing filing, PeopleDirectory people) : PatientUseCase<UpdateResource.Request, FhirAnswer>(desk)
{
    /// <param name="Root">The resource, checked by <see cref="NativeRules"/>.</param>
    /// <param name="SeenVersion">The version in If-Match.</param>
    internal sealed record Request(JsonElement Root, string Type, string Id, int SeenVersion);

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<FhirAnswer> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        FhirReference? owner = null;
        if (request.Type == "Communication" && NativeResource.IsQuestion(request.Root))
        {
            var (found, refusal) = await QuestionOwner.FindAsync(room, people, request.Root, ct);
            if (refusal is not null) return FhirAnswer.Refuse(422, refusal);
            owner = found;
        }
        return await room.CommitAsync((writer, _) => ValueTask.FromResult(Update(writer, request, owner)), ct);
    }

    private FhirAnswer Update(RoomWriter writer, Request request, FhirReference? owner)
    {
        var (room, type, id) = (writer.Room, request.Type, request.Id);
        if (FhirSql.One(writer.Session, room, type, id) is not { } present || CareStore.Find(writer.Session, type, id) is not { } stored) return FhirAnswer.NotFound();
        if (stored.Version != request.SeenVersion) return FhirAnswer.Stale(stored.Version);
        var entry = CareStore.FindEntry(writer.Session, type, id);
        if (entry?.AuthorId != room.Actor.Person) return FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "Rule: an entry is corrected or taken back by who wrote it, and by nobody else."));
        if (entry.Retracted) return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "What was entered in error is final.", $"{type}.status"));

        var now = room.Now;
        // An answer stays for no more eyes than what it answers, also when it is corrected.
        var root = entry.AnswersSeq is { } answers ? CareStore.FindEntry(writer.Session, room.Patient, answers) : null;
        var prepared = filing.Prepare(NativeResource.Write(request.Root, type, room.Actor, now, owner, root is not null && !root.Audience.HasFlag(Audience.CaregiverCircle), ClinicalCodes.Protected(root?.Category ?? InformationCategory.None)), "urn:uuid:" + id, "fhir");
        prepared = prepared with { Resource = prepared.Resource with { Id = id } };
        if (prepared.Entry is null) return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "A new version keeps its place in time.", $"{type}"));
        if (!room.Reach.Sees(prepared.Resource.Audience, prepared.Resource.Category))
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "You would not be able to read this yourself.", $"{type}.meta.security"));
        if (prepared.Resource.Hash.AsSpan().SequenceEqual(stored.Hash)) return FhirAnswer.Resource(200, type, id, stored.Version, stored.LastUpdated, present.Json, written: true);
        writer.RequireWrite(prepared.Resource.Category);
        if (!CareStore.Replace(writer.Session, stored, prepared.Resource, room.Patient, room.Actor.Person, now)) return FhirAnswer.Refuse(409, FhirIssue.Error("conflict", "Somebody else changed this at the same moment."));
        filing.PutEntry(writer.Session, room.Patient, prepared, stored.Version + 1, writer.NextCursor, now, null);
        writer.RecordWritten($"{type}/{id}/_history/{stored.Version + 1}");
        return FhirAnswer.Resource(200, type, id, stored.Version + 1, now, prepared.Resource.Json, written: true);
    }
}
