using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>A resource of a file, with the versions before it that the actor may see.</summary>
internal sealed class ReadResource(CareDesk desk) : PatientUseCase<ReadResource.Request, ReadResource.Found?>(desk)
{
    /// <param name="Older">Whether the older versions are wanted too.</param>
    internal sealed record Request(string Type, string Id, bool Older = false);

    /// <summary>Newest first; the present version is the first. Null instead: not there, or not for this actor.</summary>
    internal sealed record Found(IReadOnlyList<FhirRow> Versions);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Found?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync<Found?>((reader, _) =>
    {
        if (FhirSql.One(reader.Session, room, request.Type, request.Id) is not { } present) return ValueTask.FromResult<Found?>(null);
        List<FhirRow> versions = [present];
        if (request.Older) versions.AddRange(FhirSql.OlderVersions(reader.Session, room, request.Type, request.Id));
        return ValueTask.FromResult<Found?>(new Found([.. versions.Select(v => NationalNumber.Hide(v, room))]));
    }, ct);
}
