namespace CareTeamPortal.Platform.Data;

/// <summary>Settings that all nodes share, and the markers of what is done once.</summary>
internal static class SettingSql
{
    /// <summary>Reads a setting that all nodes share; null when it is not there.</summary>
    public static string? Read(DbSession session, string name) => session.Sql("SELECT \"Value\" FROM \"Settings\" WHERE \"Name\" = @p0").With(name).Text();

    /// <summary>Changes a setting when it still is what was read (null: not there); true for the one who did.</summary>
    public static bool Change(DbSession session, string name, string? before, string now) => before is null
        ? session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") SELECT @p0, @p1 WHERE NOT EXISTS (SELECT 1 FROM \"Settings\" WHERE \"Name\" = @p0)").With(name, now).Run() == 1
        : session.Sql("UPDATE \"Settings\" SET \"Value\" = @p2 WHERE \"Name\" = @p0 AND \"Value\" = @p1").With(name, before, now).Run() == 1;
}
