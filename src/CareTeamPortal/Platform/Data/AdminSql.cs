using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of administration: ids only.</summary>
internal static class AdminSql
{
    /// <summary>Files on whose team a person is.</summary>
    public static List<PatientId> Teams(DbSession session, PersonId person, DateTime now)
    {
        var found = new List<PatientId>();
        using var reader = session.Sql("SELECT DISTINCT \"PatientId\" FROM \"CareTeamMembers\" WHERE \"PersonId\" = @p0 AND (\"Until\" IS NULL OR \"Until\" > @p1)").With(person.Value, now.Ticks).Read();
        while (reader.Read())
            found.Add(new(reader.GetString(0)));
        return found;
    }

    /// <summary>How many open tasks the queue of an organisation holds.</summary>
    public static long Queue(DbSession session, string organisation) =>
        session.Sql("SELECT COUNT(*) FROM \"Tasks\" WHERE \"OwnerOrganisation\" = @p0 AND \"Open\" = 1").With(organisation).Number() ?? 0;
}
