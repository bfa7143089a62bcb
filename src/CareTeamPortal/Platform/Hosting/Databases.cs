using CareTeamPortal.Platform.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>Which database the settings name.</summary>
internal static class Databases
{
    private const string Provider = "Database:Provider";
    private const string Connection = "ConnectionStrings:CareTeam";

    /// <summary>The database of <c>Database:Provider</c> and <c>ConnectionStrings:CareTeam</c>; nothing is connected yet.</summary>
    /// <exception cref="OptionsValidationException">One of them is wrong; the message is for the operator and repeats nothing of the connection string, which may hold a password.</exception>
    public static CareDatabase Open(IConfiguration configuration)
    {
        var provider = configuration["Database:Provider"] is { Length: > 0 } named ? named : "Sqlite";
        var text = configuration.GetConnectionString("CareTeam");
        if (Is("Sqlite"))
            return Sqlite(text);
        if (Is("PostgreSql"))
            return Server("PostgreSQL", "Host=db.example;Database=careteam;Username=careteam;Password=...", () => new PostgreSqlCareDatabase(text ?? ""));
        if (Is("SqlServer"))
            return Server("SQL Server", "Server=db.example;Database=careteam;User Id=careteam;Password=...;Encrypt=true", () => new SqlServerCareDatabase(text ?? "", Batch(configuration)));
        throw Wrong(Provider, $"{Provider} is '{provider}'; it can be Sqlite, SqlServer or PostgreSql.");

        bool Is(string name) => string.Equals(provider, name, StringComparison.OrdinalIgnoreCase);
    }

    private static int? Batch(IConfiguration configuration)
    {
        const string key = "Database:BatchSize";
        return configuration["Database:BatchSize"] is not { Length: > 0 } text ? null
            : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= 1_000 ? most
            : throw Wrong(key, $"{key} is '{text}'; it is the most statements that are sent to SQL Server at once, 1 to 1000.");
    }

    private static SqliteCareDatabase Sqlite(string? text)
    {
        try
        {
            var connection = new SqliteConnectionStringBuilder(text ?? "Data Source=data/careteam.db");
            connection.DataSource = Path.GetFullPath(connection.DataSource, Paths.Root);
            return new SqliteCareDatabase(connection.ToString());
        }
        catch (ArgumentException)
        {
            throw Wrong(Connection, $"{Connection} is not a connection string of SQLite; it looks like: Data Source=data/careteam.db");
        }
    }

    private static CareDatabase Server(string name, string example, Func<CareDatabase> open)
    {
        try
        {
            return open();
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            throw Wrong(Connection, $"{Connection} is not a connection string of {name}; it looks like: {example}");
        }
    }

    private static OptionsValidationException Wrong(string key, string line) => new(key, typeof(string), [line]);
}
