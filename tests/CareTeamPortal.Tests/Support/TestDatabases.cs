using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace CareTeamPortal.Tests.Support;

/// <summary>
/// Which database the tests run on: SQLite, or the one that CARETEAM_TEST_PROVIDER names (<c>PostgreSql</c>, a server that the tests start themselves; <c>SqlServer</c>, the one of
/// CARETEAM_TEST_SQLSERVER). <c>./test.sh</c> runs the same tests once on each that is there.
/// With CARETEAM_TEST_TWICE=1 every write job runs twice on a server, its first transaction undone as after a deadlock: a job that keeps anything outside itself shows.
/// </summary>
internal static class TestDatabases
{
    /// <summary>Name of the provider, as <c>Database:Provider</c> knows it.</summary>
    public static string Provider { get; } = Environment.GetEnvironmentVariable("CARETEAM_TEST_PROVIDER") is { Length: > 0 } named ? named : "Sqlite";

    public static bool IsSqlite => Provider == "Sqlite";

    /// <summary>The connection string of a new, empty database; one in a file lies in this folder.</summary>
    public static string NewConnectionString(string folder) => Provider switch
    {
        "Sqlite" => "Data Source=" + Path.Combine(folder, "care.db"),
        "PostgreSql" => PostgreSqlServer.Shared.ConnectionString(PostgreSqlServer.NewName()),
        "SqlServer" => new SqlConnectionStringBuilder(Environment.GetEnvironmentVariable("CARETEAM_TEST_SQLSERVER")) { InitialCatalog = "careteam_" + Guid.NewGuid().ToString("N") }.ToString(),
        var other => throw new InvalidOperationException($"CARETEAM_TEST_PROVIDER is '{other}'."),
    };

    /// <summary>A database of the provider; connects when it is used.</summary>
    public static CareDatabase Open(string connectionString) => Provider switch
    {
        "Sqlite" => new SqliteCareDatabase(connectionString),
        "PostgreSql" => new PostgreSqlCareDatabase(connectionString) { BeforeCommit = EachJobRunsTwice ? UndoTheFirst : null },
        "SqlServer" => new SqlServerCareDatabase(connectionString),
        var other => throw new InvalidOperationException($"CARETEAM_TEST_PROVIDER is '{other}'."),
    };

    /// <summary>Whether each write job runs twice.</summary>
    private static bool EachJobRunsTwice { get; } = Environment.GetEnvironmentVariable("CARETEAM_TEST_TWICE") == "1";

    private static void UndoTheFirst(int number)
    {
        if (number == 1)
            throw new PostgresException("the first try is undone by the tests", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected);
    }

    /// <summary>A new, empty one.</summary>
    public static CareDatabase New(string folder) => Open(NewConnectionString(folder));

    /// <summary>Makes a copy of the database that this template is.</summary>
    public static async Task<string> CopyAsync(string template, string folder)
    {
        var copy = NewConnectionString(folder);
        if (IsSqlite)
            File.Copy(FileOf(template), FileOf(copy));
        else if (Provider == "PostgreSql")
            await PostgreSqlServer.Shared.DoAsync($"CREATE DATABASE {NameOf(copy)} TEMPLATE {NameOf(template)}");
        else
            await FillAsync(copy);
        return copy;
    }

    /// <summary>Makes everything of the template anew, where databases cannot be copied.</summary>
    private static async Task FillAsync(string connectionString)
    {
        await using var database = Open(connectionString);
        await database.MigrateAsync(CancellationToken.None);
        await new PeopleDirectory(database).KeepAsync([.. Who.Everyone], CancellationToken.None);
    }

    /// <summary>Forgets a database that nobody uses any more; a file goes with its folder.</summary>
    public static async Task DropAsync(string connectionString)
    {
        if (Provider == "PostgreSql")
            await PostgreSqlServer.Shared.DoAsync($"DROP DATABASE IF EXISTS {NameOf(connectionString)} WITH (FORCE)");
        if (Provider != "SqlServer")
            return;
        var name = new SqlConnectionStringBuilder(connectionString).InitialCatalog;
        await using var connection = new SqlConnection(new SqlConnectionStringBuilder(connectionString) { InitialCatalog = "master", Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new SqlCommand($"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}]", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The file of a SQLite database.</summary>
    public static string FileOf(string connectionString) => connectionString["Data Source=".Length..];

    private static string NameOf(string connectionString) => connectionString.Split(';').Single(p => p.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];
}
