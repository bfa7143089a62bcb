#if EF_DESIGN
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CareTeamPortal.Platform.Data;

/// <summary>How <c>dotnet ef</c> sees the embedded database.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteCareDbContext>
{
    public SqliteCareDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteCareDbContext>().UseSqlite("Data Source=design.db").Options);
}
#endif
