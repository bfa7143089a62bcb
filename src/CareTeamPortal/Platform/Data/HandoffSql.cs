using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of the hand-off inbox, beside what <see cref="TaskSql"/> has.</summary>
internal static class HandoffSql
{
    /// <summary>Closed hand-offs that the viewer sent, or had, the newest end first.</summary>
    public static List<ListedTask> Closed(DbSession session, WorklistViewer viewer, int most) =>
        TaskSql.Listed(session, viewer, $"\"Tasks\" t WHERE (t.\"OwnerId\" = @p0 OR t.\"RequesterId\" = @p0) AND t.\"Open\" = 0 AND t.\"IsHandoff\" = 1 AND {WorklistSql.Visible(viewer, "t.")} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")} ORDER BY t.\"ClosedAt\" DESC, t.\"Id\" LIMIT @p4", most);

    /// <summary>Hand-offs that the viewer is still writing: drafts are their own, also here.</summary>
    public static List<(PatientId Patient, string PatientName, string Text, DateTime At)> Concepts(DbSession session, WorklistViewer viewer, int most)
    {
        var found = new List<(PatientId, string, string, DateTime)>();
        using var reader = WorklistSql.Run(session, viewer, $"SELECT d.\"PatientId\", p.\"DisplayName\", d.\"Text\", d.\"UpdatedAt\" FROM \"Drafts\" d JOIN \"Patients\" p ON p.\"Id\" = d.\"PatientId\" WHERE d.\"PersonId\" = @p0 AND d.\"Slot\" = 'handoff' AND {WorklistSql.Granted("d.\"PatientId\"", null)} ORDER BY d.\"UpdatedAt\" DESC LIMIT @p4", most).Read();
        while (reader.Read())
            found.Add((new(reader.GetString(0)), reader.GetString(1), reader.GetString(2), new DateTime(reader.GetInt64(3), DateTimeKind.Utc)));
        return found;
    }

    /// <summary>Birth date of a patient whose row is shown; null when only the year is known, or nothing.</summary>
    public static DateOnly? BirthDate(DbSession session, PatientId patient)
    {
        using var reader = session.Sql("SELECT \"BirthDate\", \"BirthDatePrecision\" FROM \"Patients\" WHERE \"Id\" = @p0").With(patient.Value).Read();
        return reader.Read() && !reader.IsDBNull(0) && (DatePrecision)reader.GetInt32(1) != DatePrecision.Year ? DateOnly.Parse(reader.GetString(0), CultureInfo.InvariantCulture) : null;
    }
}
