using System.Reflection;
using CareTeamPortal.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// The database as EF Core sees it. Not in dependency injection: only <c>CareDesk</c> and the platform build one, for a stated patient and reach.
/// Every <see cref="IPatientOwned"/> row is fenced by that patient, every <see cref="IReachRestricted"/> row also by the reach.
/// </summary>
internal abstract class CareDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Name of the query filter that fences patients' rows.</summary>
    public const string Fence = "room";

    /// <summary>The patient whose file is open; null sees no patient's rows at all.</summary>
    public PatientId? RoomPatient { get; set; }

    /// <summary>What may be seen in it.</summary>
    public Reach RoomReach { get; set; }

    private PatientId FencePatient => RoomPatient ?? new PatientId("");
    private Audience FenceAudience => RoomReach.Audience;
    private InformationCategory FenceCategories => RoomReach.Categories;

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<PatientId>().HaveConversion<PatientIdConverter>().HaveMaxLength(64).AreUnicode(false);
        configurationBuilder.Properties<PersonId>().HaveConversion<PersonIdConverter>().HaveMaxLength(64).AreUnicode(false);
        // SQLite cannot order DateTimeOffset and no database keeps DateTimeKind: every instant is UTC ticks everywhere.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcTicksConverter>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(Assembly.GetExecutingAssembly());
        foreach (var type in modelBuilder.Model.GetEntityTypes().Select(t => t.ClrType).ToList())
        {
            var fence = type == typeof(PatientRow) ? null
                : typeof(IReachRestricted).IsAssignableFrom(type) ? nameof(FenceReach)
                : typeof(IPatientOwned).IsAssignableFrom(type) ? nameof(FenceOwned)
                : null;
            if (fence is not null)
                typeof(CareDbContext).GetMethod(fence, BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(this, [modelBuilder]);
        }

        modelBuilder.Entity<PatientRow>().HasQueryFilter(Fence, patient => patient.Id == FencePatient);
        // A resource may be nobody's (the directory), so its patient can be null: nobody's resources are not to be had here.
        modelBuilder.Entity<ResourceRow>().HasQueryFilter(Fence, r => r.PatientId == FencePatient && (r.Audience & FenceAudience) != 0 && (r.Category & FenceCategories) != 0);
        modelBuilder.Entity<ResourceVersionRow>().HasQueryFilter(Fence, v => v.PatientId == FencePatient && (v.Audience & FenceAudience) != 0 && (v.Category & FenceCategories) != 0);
    }

    private void FenceOwned<T>(ModelBuilder builder) where T : class, IPatientOwned =>
        builder.Entity<T>().HasQueryFilter(Fence, row => EF.Property<PatientId>(row, nameof(IPatientOwned.PatientId)) == FencePatient);

    private void FenceReach<T>(ModelBuilder builder) where T : class, IReachRestricted =>
        builder.Entity<T>().HasQueryFilter(Fence, row =>
            EF.Property<PatientId>(row, nameof(IPatientOwned.PatientId)) == FencePatient
            && (EF.Property<Audience>(row, nameof(IReachRestricted.Audience)) & FenceAudience) != 0
            && (EF.Property<InformationCategory>(row, nameof(IReachRestricted.Category)) & FenceCategories) != 0);

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseOutsideTheRoom();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc/>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseOutsideTheRoom();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    private void RefuseOutsideTheRoom()
    {
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Unchanged or EntityState.Detached)
                continue;
            if (entry.State == EntityState.Deleted && entry.Entity is not (DraftRow or AttachmentRow { Seq: null }))
                throw new InvalidOperationException($"{entry.Metadata.ClrType.Name} is never deleted.");
            if (entry.Entity is IPatientOwned owned && owned.PatientId != RoomPatient || entry.Entity is ResourceRow resource && resource.PatientId != RoomPatient)
                throw new InvalidOperationException($"{entry.Metadata.ClrType.Name} belongs to another patient than the open file.");
        }
    }

    private sealed class PatientIdConverter() : ValueConverter<PatientId, string>(id => id.Value, text => new PatientId(text));

    private sealed class PersonIdConverter() : ValueConverter<PersonId, string>(id => id.Value, text => new PersonId(text));

    private sealed class UtcTicksConverter() : ValueConverter<DateTime, long>(time => time.Ticks, ticks => new DateTime(ticks, DateTimeKind.Utc));
}

/// <summary>The embedded database.</summary>
internal sealed class SqliteCareDbContext(DbContextOptions<SqliteCareDbContext> options) : CareDbContext(options)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<decimal>().HavePrecision(18, 6); // says nothing here, where a decimal is its text; it stands in the migrations
    }
}
