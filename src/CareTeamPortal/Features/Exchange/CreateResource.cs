using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Writes a Communication, an Observation, a request, a record of an alert or a warning that a program sends. The caller is its writer.</summary>
internal sealed class CreateResource(CareDesk desk, Filing filing, PeopleDirectory people) : PatientUseCase<CreateResource.Request, FhirAnswer>(desk)
{
    /// <param name="Root">The resource, checked by <see cref="NativeRules"/>.</param>
    /// <param name="IfNoneExist">Write only when nothing in this file matches.</param>
    internal sealed record Request(JsonElement Root, string Type, OnlyOnce? IfNoneExist = null);

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<FhirAnswer> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var now = room.Now;
        // To refer and to order is a professional's; family and aides ask by a task or a question.
        if (request.Type == "ServiceRequest" && !SharingRules.AnswersForCare(room.Role)) throw room.Refusal(CareAction.Write, InformationCategory.Tasks);
        var id = Guid.CreateVersion7().ToString();
        FhirReference? owner = null;
        var (narrow, protection) = (false, InformationCategory.None);
        if (request.Type == "Communication")
        {
            if (NativeResource.IsQuestion(request.Root))
            {
                // Nothing is without an owner: a question to nobody goes to who is accountable.
                var (found, refusal) = await QuestionOwner.FindAsync(room, people, request.Root, ct);
                if (refusal is not null) return FhirAnswer.Refuse(422, refusal);
                owner = found;
            }
            if ((request.Root.First("inResponseTo"u8) ?? (NativeResource.IsReply(request.Root) ? request.Root.First("about"u8) : null))?.Text("reference"u8) is { } answers)
            {
                var root = EntryReference.Split(answers) is var (type, answered) ? await room.ReadAsync((reader, _) => ValueTask.FromResult(TimelineSql.One(reader.Session, room, type, answered)), ct) : null;
                if (root is null) return FhirAnswer.Refuse(422, FhirIssue.Error("not-found", "What this answers is not in this file.", "Communication.inResponseTo"));
                (narrow, protection) = (!root.Audience.HasFlag(Audience.CaregiverCircle), ClinicalCodes.Protected(root.Category));
            }
        }
        var prepared = filing.Prepare(NativeResource.Write(request.Root, request.Type, room.Actor, now, owner, narrow, protection), "urn:uuid:" + id, "fhir");
        if (!room.Reach.Sees(prepared.Resource.Audience, prepared.Resource.Category))
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "You would not be able to read this yourself: its audience or category is outside what your role sees.", $"{request.Type}.meta.security"));

        return await room.CommitAsync((writer, _) =>
        {
            if (request.IfNoneExist is { } condition && condition.IsThere(writer)) return ValueTask.FromResult(condition.Found);
            writer.RequireWrite(prepared.Resource.Category);
            writer.Topics = Topics.Timeline; // none of these makes a task
            CareStore.Insert(writer.Session, prepared.Resource, room.Patient, null, now);
            filing.PutEntry(writer.Session, room.Patient, prepared, 1, writer.NextCursor, now, null);
            writer.RecordWritten($"{request.Type}/{id}/_history/1");
            return ValueTask.FromResult(FhirAnswer.Resource(201, request.Type, id, 1, now, prepared.Resource.Json, written: true));
        }, ct);
    }

    /// <summary>The ids that a search narrows to, or null when it does not.</summary>
    internal static IReadOnlyCollection<string>? Ids(DbSession session, SearchQuery query)
    {
        var byIdentifier = query.Identifiers.Count > 0 ? FhirSql.IdsByIdentifier(session, query.Type, query.Identifiers) : null;
        return query.Ids is null ? byIdentifier : byIdentifier is null ? [.. query.Ids] : [.. query.Ids.Intersect(byIdentifier)];
    }
}
