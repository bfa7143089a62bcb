using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Tests.Support;

/// <summary>
/// Which database the tests run on: SQLite, or the one that CARETEAM_TEST_PROVIDER names (<c>PostgreSql</c>, a server that the tests start themselves; <c>SqlServer</c>, the one of
/// CARETEAM_TEST_SQLSERVER). <c>./test.sh</c> runs the same tests once on each that is there.
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
        var other => throw new InvalidOperationException($"CARETEAM_TEST_PROVIDER is '{other}'."),
    };

    /// <summary>A database of the provider; connects when it is used.</summary>
    public static CareDatabase Open(string connectionString) => Provider switch
    {
        "Sqlite" => new SqliteCareDatabase(connectionString),
        "PostgreSql" => new PostgreSqlCareDatabase(connectionString),
        var other => throw new InvalidOperationException($"CARETEAM_TEST_PROVIDER is '{other}'."),
    };

    /// <summary>A new, empty one.</summary>
    public static CareDatabase New(string folder) => Open(NewConnectionString(folder));

    /// <summary>Makes a copy of the database that this template is.</summary>
    public static async Task<string> CopyAsync(string template, string folder)
    {
        var copy = NewConnectionString(folder);
        if (IsSqlite)
            File.Copy(FileOf(template), FileOf(copy));
        else
            await PostgreSqlServer.Shared.DoAsync($"CREATE DATABASE {NameOf(copy)} TEMPLATE {NameOf(template)}");
        return copy;
    }

    /// <summary>Forgets a database that nobody uses any more; a file goes with its folder.</summary>
    public static Task DropAsync(string connectionString) =>
        IsSqlite ? Task.CompletedTask : PostgreSqlServer.Shared.DoAsync($"DROP DATABASE IF EXISTS {NameOf(connectionString)} WITH (FORCE)");

    /// <summary>The file of a SQLite database.</summary>
    public static string FileOf(string connectionString) => connectionString["Data Source=".Length..];

    private static string NameOf(string connectionString) => connectionString.Split(';').Single(p => p.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];
}
