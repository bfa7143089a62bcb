namespace CareTeamPortal.Tests.Support;

/// <summary>What this machine has for tests; what it has not makes a test skip with the reason.</summary>
internal static class Need
{
    /// <summary>The PostgreSQL server that most tests share.</summary>
    public static PostgreSqlServer PostgreSql()
    {
        Skip.If(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing);
        return PostgreSqlServer.Shared;
    }
}
