using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>One page of a search in one file.</summary>
internal sealed class SearchFile(CareDesk desk) : PatientUseCase<SearchFile.Request, SearchFile.Page>(desk)
{
    /// <param name="Ids">Only these resources, when an id or identifier was asked for.</param>
    /// <param name="After">Where the page before ended.</param>
    internal sealed record Request(SearchQuery Query, IReadOnlyCollection<string>? Ids = null, FhirPlace? After = null);

    /// <param name="Total">Number of all matches, when it was asked for or is known anyway.</param>
    internal sealed record Page(IReadOnlyList<FhirRow> Rows, bool More, int? Total);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Page> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var query = request.Query;
        var ids = request.Ids ?? CreateResource.Ids(reader.Session, query);
        if (query.CountOnly) return ValueTask.FromResult(new Page([], false, FhirSql.Count(reader.Session, room, query, ids)));
        var (rows, more) = FhirSql.Search(reader.Session, room, query, ids, request.After, query.Count);
        int? total = query.Total ? FhirSql.Count(reader.Session, room, query, ids) : request.After is null && !more ? rows.Count : null;
        return ValueTask.FromResult(new Page([.. rows.Select(r => NationalNumber.Hide(r, room))], more, total));
    }, ct);
}
