using CareTeamPortal.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CareTeamPortal.Platform.Data;

/// <summary>The database on PostgreSQL, with the same values in its columns as on SQLite, so that the same hand-written SQL reads them: a yes is 1, a day is its text.</summary>
internal sealed class PostgreSqlCareDbContext(DbContextOptions<PostgreSqlCareDbContext> options) : CareDbContext(options)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // Compared and sorted by its bytes, as SQLite does; and as long as it is.
        configurationBuilder.Properties<string>().HaveColumnType("text").UseCollation("C");
        configurationBuilder.Properties<PatientId>().HaveColumnType("text").UseCollation("C");
        configurationBuilder.Properties<PersonId>().HaveColumnType("text").UseCollation("C");
        configurationBuilder.Properties<DateOnly>().HaveConversion<DateOnlyToStringConverter>().HaveColumnType("text").UseCollation("C");
        configurationBuilder.Properties<bool>().HaveConversion<BoolToZeroOneConverter<int>>();
        configurationBuilder.Properties<decimal>().HaveColumnType("numeric"); // no digit is lost
    }
}
