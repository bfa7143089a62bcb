using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>A stored goal as a room sees it.</summary>
internal sealed record GoalRow(string Id, int Version, Audience Audience, DateTime LastUpdated, byte[] Json);

/// <summary>Hand-written SQL of the plan of one patient. Reach is in every query.</summary>
internal static class GoalSql
{
    /// <summary>The resources of one type that the room may see, the newest change first.</summary>
    /// <param name="type">FHIR type.</param>
    public static List<GoalRow> OfType(DbSession session, PatientRoom room, string type, int most)
    {
        var found = new List<GoalRow>();
        using var r = session.Sql("SELECT \"Id\", \"Version\", \"Audience\", \"LastUpdated\", \"Json\" FROM \"Resources\" WHERE \"PatientId\" = @p0 AND \"Type\" = @p1 AND (\"Audience\" & @p2) <> 0 AND (\"Category\" & @p3) <> 0 ORDER BY \"LastUpdated\" DESC, \"Key\" DESC LIMIT @p4")
            .With(room.Patient.Value, type, (int)room.Reach.Audience, (int)room.Reach.Categories, most).Read();
        while (r.Read())
            found.Add(new(r.GetString(0), r.GetInt32(1), (Audience)r.GetInt32(2), r.Instant(3), r.GetFieldValue<byte[]>(4)));
        return found;
    }

    /// <summary>The notes of one title that the room may see, newest first; what was taken back is not among them.</summary>
    /// <param name="kind">The kind of entry that a note is.</param>
    public static List<EntryRow> Titled(DbSession session, PatientRoom room, int kind, string title, int most)
    {
        var found = new List<EntryRow>();
        using var r = session.Sql($"SELECT {TimelineSql.Columns} FROM \"TimelineEntries\" WHERE \"PatientId\" = @p0 AND \"Kind\" = @p3 AND \"Title\" = @p4 AND \"Retracted\" = 0 AND (\"Audience\" & @p1) <> 0 AND (\"Category\" & @p2) <> 0 ORDER BY \"Time\" DESC, \"Seq\" DESC LIMIT @p5")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, kind, title, most).Read();
        while (r.Read())
            found.Add(TimelineSql.Entry(r));
        return found;
    }

    /// <summary>The name of the file's patient.</summary>
    public static string? NameOf(DbSession session, PatientId patient) =>
        session.Sql("SELECT \"DisplayName\" FROM \"Patients\" WHERE \"Id\" = @p0").With(patient.Value).Text();

    /// <summary>The open tasks that serve one goal, whoever may see them: for writers only.</summary>
    public static List<string> ServantsOf(DbSession session, PatientId patient, string goal)
    {
        var found = new List<string>();
        using var r = session.Sql("SELECT \"Id\" FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = 1 AND \"Goal\" = @p1 ORDER BY \"DueSort\", \"Id\"").With(patient.Value, goal).Read();
        while (r.Read())
            found.Add(r.GetString(0));
        return found;
    }
}
