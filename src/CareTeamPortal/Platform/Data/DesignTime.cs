#if EF_DESIGN
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CareTeamPortal.Platform.Data;

/// <summary>How <c>dotnet ef</c> sees the embedded database.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteCareDbContext>
{
    public SqliteCareDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteCareDbContext>().UseSqlite("Data Source=design.db").Options);
}

/// <summary>And the one on PostgreSQL; no server is asked.</summary>
internal sealed class PostgreSqlDesignTime : IDesignTimeDbContextFactory<PostgreSqlCareDbContext>
{
    public PostgreSqlCareDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgreSqlCareDbContext>().UseNpgsql("Host=design;Database=design").Options);
}

/// <summary>And the one on SQL Server; no server is asked.</summary>
internal sealed class SqlServerDesignTime : IDesignTimeDbContextFactory<SqlServerCareDbContext>
{
    public SqlServerCareDbContext CreateDbContext(string[] args) => new(SqlServerCareDatabase.Options(new Microsoft.Data.SqlClient.SqlConnection("Server=design;Database=design"), null));
}
#endif
