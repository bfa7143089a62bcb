using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Tests.Data;

public sealed class DialectTests
{
    private static readonly PostgreSqlDialect PostgreSql = new();

    [Theory]
    [InlineData("SELECT \"A\" FROM \"T\" WHERE \"B\" = @p1 AND \"C\" > @p0 LIMIT @p1", "SELECT \"A\" FROM \"T\" WHERE \"B\" = $1 AND \"C\" > $2 LIMIT $1", new[] { 1, 0 })]
    [InlineData("SELECT '@p0' || \"@p1\" || @p10", "SELECT '@p0' || \"@p1\" || $1", new[] { 10 })]
    [InlineData("SELECT 1 WHERE instr(\"Tokens\", @p0) > 0 AND 'instr(' = CHAR(10)", "SELECT 1 WHERE strpos(\"Tokens\", $1) > 0 AND 'instr(' = chr(10)", new[] { 0 })]
    [InlineData("SELECT 1 FROM \"T\" p INDEXED BY \"IX_T\" WHERE 1 = 1", "SELECT 1 FROM \"T\" p WHERE 1 = 1", new int[0])]
    [InlineData("SELECT 'it''s @p0' WHERE 1 <> 2", "SELECT 'it''s @p0' WHERE 1 <> 2", new int[0])]
    public void PostgreSql_reads_what_all_read(string text, string expected, int[] uses)
    {
        var sql = PostgreSql.Rewrite(text);
        Assert.Equal(expected, sql.Text);
        Assert.Equal(uses, sql.Uses);
        Assert.Same(sql, PostgreSql.Rewrite(text));
    }
}
