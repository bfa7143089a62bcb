using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// If-None-Exist. Looked at once before, so that what is sent again is found whatever has become of its dates, and again inside the transaction that writes, so that
/// twenty at once make one. What the caller may not see is not there for them.
/// </summary>
internal sealed class OnlyOnce(string type, SearchQuery query)
{
    private FhirAnswer? _found;

    /// <summary>What to answer when something was there.</summary>
    public FhirAnswer Found => _found ?? throw new InvalidOperationException("Nothing was found, or nobody looked.");

    /// <summary>Whether something is there, for use cases.</summary>
    public bool IsThere(RoomWriter writer) => Look(writer.Session, writer.Room);

    /// <summary>Whether something is there: then <see cref="Found"/> answers.</summary>
    public bool Look(DbSession session, PatientRoom room)
    {
        var (matches, _) = FhirSql.Search(session, room, query, CreateResource.Ids(session, query), null, 2);
        _found = matches.Count switch
        {
            0 => null,
            1 => FhirAnswer.Resource(200, type, matches[0].Id, matches[0].Version, matches[0].LastUpdated, matches[0].Json, written: true),
            _ => FhirAnswer.Refuse(412, FhirIssue.Error("multiple-matches", "If-None-Exist matches more than one resource.")),
        };
        return _found is not null;
    }
}

/// <summary>The first of the two looks of <see cref="OnlyOnce"/>.</summary>
internal sealed class LookOnce(CareDesk desk) : PatientUseCase<OnlyOnce, bool>(desk)
{
    protected override CareAction Needs => CareAction.Read;

    protected override Task<bool> HandleAsync(PatientRoom room, OnlyOnce request, CancellationToken ct) => room.ReadAsync((reader, _) => ValueTask.FromResult(request.Look(reader.Session, room)), ct);
}
