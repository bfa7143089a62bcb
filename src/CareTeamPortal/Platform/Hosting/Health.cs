using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>Whether the portal lives and can serve; no patient data.</summary>
internal static class Health
{
    public static void MapPortalHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", async (CareDatabase database, CancellationToken ct) =>
        {
            try
            {
                using var session = await database.RentAsync(ct);
                session.Sql("SELECT COUNT(*) FROM \"Settings\"").Number();
                return Results.Text("ready");
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                return Results.Text("not ready: the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        });
    }
}
