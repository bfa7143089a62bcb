using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using Microsoft.Net.Http.Headers;

namespace CareTeamPortal.Features.Population;

/// <summary>What the case manager's page fetches outside the circuit: the list as a file.</summary>
internal static class PopulationEndpoints
{
    /// <summary>Address of the list as a file; the filter follows as on the page.</summary>
    public const string Export = "/population/export";

    public static void MapPopulation(this IEndpointRouteBuilder app) =>
        app.MapGet(Export, async (HttpContext http, string? region, string? organisation, string? pair, string? show, string? sort, string? dir, CurrentActor current, ReadPopulation read, TimeProvider clock, CancellationToken ct) =>
        {
            if (current.From(http.User) is not { } actor || await read.ExportAsync(actor, PopulationQuery.Of(region, organisation, pair, show, sort, dir), ct) is not { } members)
                return Results.NotFound();
            var now = clock.UtcMicroseconds();
            http.Response.Headers.CacheControl = "private, no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = PopulationText.Get("Csv.File", Platform.Time.BelgianTime.Figures(Platform.Time.BelgianTime.DayOf(now))) }.ToString();
            return Results.Bytes(PopulationCsv.Of(members, now), "text/csv; charset=utf-8");
        }).RequireAuthorization();
}
