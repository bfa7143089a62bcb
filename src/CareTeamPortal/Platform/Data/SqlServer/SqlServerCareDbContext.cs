using System.Globalization;
using CareTeamPortal.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CareTeamPortal.Platform.Data;

/// <summary>A transaction that was told to commit: when the answer is lost, its mark says whether it took place.</summary>
internal sealed class CommitMark
{
    public required Guid Id { get; init; }

    /// <summary>UTC ticks; marks of yesterday are thrown away.</summary>
    public required long At { get; init; }
}

/// <summary>The database on SQL Server, with the same values in its columns as on SQLite, so that the same hand-written SQL reads them: a yes is 1, a day and a decimal are their text.</summary>
internal sealed class SqlServerCareDbContext(DbContextOptions<SqlServerCareDbContext> options) : CareDbContext(options)
{
    // Compared and sorted sign by sign, as the other databases do.
    private const string ByTheSign = "Latin1_General_100_BIN2";

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateOnly>().HaveConversion<DateOnlyToStringConverter>().HaveMaxLength(10);
        configurationBuilder.Properties<bool>().HaveConversion<BoolToZeroOneConverter<int>>();
        configurationBuilder.Properties<decimal>().HaveConversion<DecimalText>().HaveMaxLength(40);
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<CommitMark>(mark =>
        {
            mark.ToTable("CommitMarks").HasKey(m => m.Id);
            mark.HasIndex(m => m.At);
        });
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.UseSqlOutputClause(false);
            foreach (var property in entity.GetProperties())
            {
                if (!IsText(property.ClrType))
                    continue;
                property.SetCollation(ByTheSign);
                property.SetIsUnicode(true);
                // A length is asked for where the column stands in an index; elsewhere a text is as long as it is.
                if (!property.IsKey() && !property.IsIndex())
                    property.SetMaxLength(null);
            }
        }
    }

    private static bool IsText(Type type) =>
        type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain == typeof(PatientId) || plain == typeof(PersonId) || plain == typeof(DateOnly) || plain == typeof(decimal));

    private sealed class DecimalText() : ValueConverter<decimal, string>(
        number => number.ToString("0.0###########################", CultureInfo.InvariantCulture), text => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
}
