using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CareTeamPortal.Tests.Data;

/// <summary>The database on SQL Server: what can be held without a server is held here, the rest where CARETEAM_TEST_SQLSERVER names one.</summary>
public sealed class SqlServerTests
{
    private static SqlServerCareDbContext Context() => new(SqlServerCareDatabase.Options(new SqlConnection("Server=nowhere;Database=none"), null));

    [Fact]
    public void The_script_of_its_migrations_is_read_by_the_parser_of_SQL_Server()
    {
        using var context = Context();
        var script = context.GetService<IMigrator>().GenerateScript();
        Assert.Contains("CREATE TABLE [TimelineEntries]", script, StringComparison.Ordinal);
        Assert.Empty(TransactSql.Faults(script));
    }

    [Fact]
    public void The_script_of_its_model_is_read_by_the_parser_of_SQL_Server()
    {
        using var context = Context();
        var script = context.Database.GenerateCreateScript();
        Assert.Contains("COLLATE Latin1_General_100_BIN2", script, StringComparison.Ordinal);
        Assert.Empty(TransactSql.Faults(script));
    }

    [Fact]
    public void Its_indexes_keep_within_what_a_key_may_hold()
    {
        // Signs are two bytes; the server refuses a row whose key is longer than these.
        using var context = Context();
        foreach (var entity in context.Model.GetEntityTypes())
        {
            foreach (var (name, properties, most) in entity.GetIndexes().Select(i => (i.GetDatabaseName(), i.Properties, 1_700)).Append((entity.FindPrimaryKey()!.GetName(), entity.FindPrimaryKey()!.Properties, 900)))
                Assert.True(properties.Sum(p => (p.GetTypeMapping().Converter?.ProviderClrType ?? p.ClrType) == typeof(string) ? 2 * (p.GetMaxLength() ?? 450) : 8) <= most, $"{name} may be longer than {most} bytes.");
        }
    }

    [Theory]
    [InlineData("SELECT 1 FROM")]
    [InlineData("SELECT \"A\" FROM \"T\" LIMIT 1")]
    [InlineData("SELECT EXISTS (SELECT 1)")]
    [InlineData("MERGE INTO \"T\" USING \"S\" ON 1 = 1 WHEN MATCHED THEN DELETE;")]
    [InlineData("UPDATE \"T\" SET \"A\" = 1 OUTPUT inserted.\"A\"")]
    public void What_SQL_Server_does_not_read_is_noticed(string sql) => Assert.NotEmpty(TransactSql.Faults(sql));

    [Fact]
    public async Task Each_statement_that_the_product_uses_in_a_test_is_read()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Sofie, ward.Maria, "gelezen");
        Assert.InRange(TransactSql.Count, 15, int.MaxValue);
    }

    [SkippableFact]
    public async Task The_behaviour_suite_runs_on_a_server()
    {
        var text = Environment.GetEnvironmentVariable("CARETEAM_TEST_SQLSERVER");
        Skip.If(string.IsNullOrEmpty(text), "needs a SQL Server: CARETEAM_TEST_SQLSERVER names none (a connection string of an account that may make databases; ./test.sh then runs the whole behaviour suite on it)");
        await using var database = new SqlServerCareDatabase(new SqlConnectionStringBuilder(text) { InitialCatalog = "careteam_" + Guid.NewGuid().ToString("N") }.ToString());
        await Task.WhenAll(database.MigrateAsync(CancellationToken.None), database.MigrateAsync(CancellationToken.None));
        var runs = 0;
        database.AfterCommit = _ => throw new IOException("the answer was lost");
        Assert.Equal(1, await database.WriteAsync((session, _) =>
        {
            runs++;
            return ValueTask.FromResult(session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES ('once', 'x')").With().Run());
        }, CancellationToken.None));
        Assert.Equal(1, runs);
    }
}
