using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>What only the fictional demo files need: a past that was not lived through the portal, and a fresh start on request.</summary>
internal static class DemoSql
{
    private static readonly string[] ByPatient =
        ["TimelineEntries", "Measurements", "Mentions", "Attachments", "Drafts", "Visits", "Resources", "ResourceVersions", "CareTeamMembers", "AccountabilityPeriods", "Tasks", "Notices", "Consents", "RelationSteps", "FileNotices"];

    /// <summary>Whether this file came with the demo; an imported file that happens to carry the same id is somebody else's.</summary>
    public static bool IsDemoFile(DbSession session, PatientId patient) =>
        session.Sql("SELECT 1 FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"GrantReason\" = 'demo'").With(patient.Value).One() is not null;

    /// <summary>Empties a demo file. The file itself and its cursor stay, so that open pages and programs go on from where they are; access records stay always.</summary>
    public static void Empty(DbSession session, PatientId patient)
    {
        session.Sql("DELETE FROM \"ResourceIdentifiers\" WHERE EXISTS (SELECT 1 FROM \"Resources\" r WHERE r.\"Type\" = \"ResourceIdentifiers\".\"Type\" AND r.\"Id\" = \"ResourceIdentifiers\".\"Id\" AND r.\"PatientId\" = @p0)").With(patient.Value).Run();
        foreach (var table in ByPatient)
            session.Sql($"DELETE FROM \"{table}\" WHERE \"PatientId\" = @p0").With(patient.Value).Run();
    }

    /// <summary>What the story tells of the past counts as recorded then, and not at the moment of loading.</summary>
    public static void DateAsTold(DbSession session, PatientId patient, DateTime now)
    {
        session.Sql("UPDATE \"TimelineEntries\" SET \"RecordedAt\" = \"Time\" WHERE \"PatientId\" = @p0 AND \"Time\" <= @p1").With(patient.Value, now.Ticks).Run();
        session.Sql("UPDATE \"Mentions\" SET \"At\" = (SELECT e.\"Time\" FROM \"TimelineEntries\" e WHERE e.\"PatientId\" = \"Mentions\".\"PatientId\" AND e.\"Seq\" = \"Mentions\".\"Seq\") WHERE \"PatientId\" = @p0").With(patient.Value).Run();
        session.Sql("UPDATE \"Patients\" SET \"LastChangeAt\" = COALESCE((SELECT MAX(e.\"Time\") FROM \"TimelineEntries\" e WHERE e.\"PatientId\" = @p0 AND e.\"Time\" <= @p1), \"LastChangeAt\") WHERE \"Id\" = @p0").With(patient.Value, now.Ticks).Run();
    }

    /// <summary>This person looked in the file at that moment: what was told before it has been seen, mentions too.</summary>
    public static void Looked(DbSession session, PatientId patient, PersonId person, DateTime at)
    {
        var seen = session.Sql("SELECT MAX(\"Cursor\") FROM \"TimelineEntries\" WHERE \"PatientId\" = @p0 AND \"RecordedAt\" <= @p1").With(patient.Value, at.Ticks).Number() ?? 0;
        session.Sql("INSERT INTO \"Visits\" (\"PersonId\", \"PatientId\", \"SeenCursor\", \"BaselineCursor\", \"LastAt\") VALUES (@p0, @p1, @p2, @p2, @p3)").With(person.Value, patient.Value, seen, at.Ticks).Run();
        session.Sql("UPDATE \"Mentions\" SET \"SeenAt\" = @p2 WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND \"At\" <= @p2").With(patient.Value, person.Value, at.Ticks).Run();
    }
}
