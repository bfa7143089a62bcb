using System.Data.Common;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>
/// Whether the portal lives and can serve, in words that an operator can act on; no patient data. <c>/health/live</c>: the process answers. <c>/health/ready</c>: 200 <c>ready</c>; 200 <c>degraded: ...</c>
/// when people can still read; 503 <c>not ready: ...</c> when they had better go to another node.
/// </summary>
internal static class Health
{
    // What failed so long ago without a write since is no news.
    private static readonly TimeSpan FailureCounts = TimeSpan.FromMinutes(5);
    private const long LeastFreeBytes = 100L * 1024 * 1024;

    public static void MapPortalHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", async (CareDatabase database, Drain drain, CircuitBudget pages, IEnumerable<IHostedService> services, CancellationToken ct) =>
        {
            if (drain.IsLeaving)
                return NotReady("this node is ending");
            if (await DatabaseFaultAsync(database, ct) is { } fault)
                return NotReady(fault);
            if (pages.Full() is { } full)
                return NotReady(full);
            var troubles = Troubles(database, services).ToList();
            return Results.Text(troubles.Count == 0 ? "ready" : "degraded: " + string.Join("; ", troubles));
        });
    }

    private static IResult NotReady(string why) => Results.Text("not ready: " + why, statusCode: StatusCodes.Status503ServiceUnavailable);

    private static async Task<string?> DatabaseFaultAsync(CareDatabase database, CancellationToken ct)
    {
        try
        {
            using var session = await database.RentAsync(ct);
            session.Sql("SELECT COUNT(*) FROM \"Settings\"").Number();
            return database.ContextType is { } type ? SchemaState.Of(session, type) : null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return database is SqliteCareDatabase { File: var file } && !File.Exists(file) ? "the database file is gone" : "the database does not answer";
        }
    }

    private static IEnumerable<string> Troubles(CareDatabase database, IEnumerable<IHostedService> services)
    {
        if (database.Traffic.LastFailure is { } failure && failure.Ago < FailureCounts)
            yield return $"the last write failed {failure.Ago.TotalSeconds:0} s ago: {WordsOf(failure.Fault)}; reading works";
        if (database is SqliteCareDatabase { File: var file } && FreeBytes(file) is { } free && free < LeastFreeBytes)
            yield return $"the disk of the database has {free / 1024 / 1024} MB left";
        foreach (var stuck in services.OfType<BeatingService>().Where(s => s.IsStuck))
            yield return $"{stuck.GetType().Name} should have run every {stuck.Every.TotalSeconds:0} s and hangs";
    }

    /// <summary>The database's own words may hold paths and values: only what kind of fault it is goes out.</summary>
    private static string WordsOf(Exception fault) => fault switch
    {
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL } => "the disk is full",
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY } => "another process holds the database's write lock",
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_READONLY } => "the database file was moved, replaced or may not be written",
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR } => "the disk does not take it",
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CANTOPEN } => "the database cannot be opened",
        DbException { IsTransient: true } or TimeoutException => "the database did not answer in time",
        _ => "the database refused it",
    };

    private static long? FreeBytes(string file)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
