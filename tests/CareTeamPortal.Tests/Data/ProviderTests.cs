using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Tests.Data;

/// <summary>What the settings name, and that each provider's migrations make the model. No server is asked.</summary>
public sealed class ProviderTests
{
    private static IConfiguration Settings(string? provider, string? connection) => new ConfigurationBuilder().AddInMemoryCollection([new("Database:Provider", provider), new("ConnectionStrings:CareTeam", connection)]).Build();

    [Fact]
    public async Task Without_a_provider_it_is_the_embedded_database()
    {
        await using var database = Databases.Open(Settings(null, "Data Source=/tmp/nowhere/x.db"));
        Assert.IsType<SqliteCareDatabase>(database);
    }

    [Fact]
    public async Task A_provider_is_known_in_any_case()
    {
        await using var database = Databases.Open(Settings("postgresql", "Host=db.example;Database=care;Password=geheim"));
        Assert.Equal("care", Assert.IsType<PostgreSqlCareDatabase>(database).Name);
    }

    [Theory]
    [InlineData("Oracle", "Data Source=x.db", "Database:Provider is 'Oracle'")]
    [InlineData("Sqlite", "Host=db.example;Password=geheim", "ConnectionStrings:CareTeam is not a connection string of SQLite")]
    [InlineData("PostgreSql", "Data Source=x.db;Wachtwoord=geheim", "ConnectionStrings:CareTeam is not a connection string of PostgreSQL")]
    [InlineData("PostgreSql", "Host=db.example;Port=geheim", "ConnectionStrings:CareTeam is not a connection string of PostgreSQL")]
    [InlineData("PostgreSql", null, "ConnectionStrings:CareTeam is not a connection string of PostgreSQL")]
    [InlineData("SqlServer", "Host=db.example;Password=geheim", "ConnectionStrings:CareTeam is not a connection string of SQL Server")]
    [InlineData("SqlServer", "Server=db.example;Password=geheim", "ConnectionStrings:CareTeam is not a connection string of SQL Server")]
    public void What_is_wrong_is_told_in_one_line_without_the_connection_string(string provider, string? connection, string expected)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Databases.Open(Settings(provider, connection)));
        Assert.StartsWith(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.DoesNotContain("geheim", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_migrations_of_each_provider_make_the_model_as_it_is()
    {
        using var sqlite = new SqliteCareDbContext(new DbContextOptionsBuilder<SqliteCareDbContext>().UseSqlite("Data Source=:memory:").Options);
        using var postgreSql = new PostgreSqlCareDbContext(new DbContextOptionsBuilder<PostgreSqlCareDbContext>().UseNpgsql("Host=nowhere").Options);
        using var sqlServer = new SqlServerCareDbContext(SqlServerCareDatabase.Options(new Microsoft.Data.SqlClient.SqlConnection("Server=nowhere"), null));
        foreach (var context in new CareDbContext[] { sqlite, postgreSql, sqlServer })
            Assert.False(context.Database.HasPendingModelChanges(), $"{context.GetType().Name}: add a migration (README, \"Changing the database\").");
    }
}
