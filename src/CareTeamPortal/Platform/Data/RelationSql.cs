using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>A membership with its relation.</summary>
internal sealed record RelationRow(long Key, PatientId Patient, PersonId Person, RelationKind Kind, DateTime Since, DateTime? Until, InformationCategory Allows, string? RoleTitle);

/// <summary>Hand-written SQL of therapeutic relationships: the membership carries the present one, the steps its story.</summary>
internal static class RelationSql
{
    private const string Columns = "m.\"Key\", m.\"PatientId\", m.\"PersonId\", m.\"Kind\", m.\"Since\", m.\"Until\", m.\"Allows\", m.\"RoleTitle\"";

    /// <summary>Writes a step of a relation.</summary>
    public static void Tell(DbSession session, PatientId patient, PersonId person, RelationStep step, RelationKind kind, DateTime from, DateTime? until, PersonId? by, string? reason, DateTime now) =>
        session.Sql("INSERT INTO \"RelationSteps\" (\"PatientId\", \"PersonId\", \"Step\", \"Kind\", \"From\", \"Until\", \"By\", \"At\", \"Reason\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)")
            .With(patient.Value, person.Value, (int)step, (int)kind, from.Ticks, until?.Ticks, by?.Value, now.Ticks, reason).Run();

    /// <summary>The relations of a file that are in force, by their beginning.</summary>
    public static List<RelationRow> Of(DbSession session, PatientId patient, DateTime now) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"CareTeamMembers\" m WHERE m.\"PatientId\" = @p0 AND m.\"Since\" <= @p1 AND (m.\"Until\" IS NULL OR m.\"Until\" > @p1) ORDER BY m.\"Since\", m.\"Key\"").With(patient.Value, now.Ticks));

    /// <summary>Memberships that begin later, by their beginning.</summary>
    public static List<RelationRow> Coming(DbSession session, PatientId patient, DateTime now) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"CareTeamMembers\" m WHERE m.\"PatientId\" = @p0 AND m.\"Since\" > @p1 AND (m.\"Until\" IS NULL OR m.\"Until\" > m.\"Since\") AND m.\"Kind\" <> 10 ORDER BY m.\"Since\", m.\"Key\"").With(patient.Value, now.Ticks));

    /// <summary>Takes back a membership that has not begun; false when there is none.</summary>
    public static bool TakeBack(DbSession session, PatientId patient, PersonId person, DateTime now) =>
        session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p2, \"EndSettled\" = 1 WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND \"Since\" > @p2 AND (\"Until\" IS NULL OR \"Until\" > @p2) AND \"Kind\" <> 10").With(patient.Value, person.Value, now.Ticks).Run() > 0;

    /// <summary>The relation of one person that is in force and makes them a member; null when there is none.</summary>
    public static RelationRow? Find(DbSession session, PatientId patient, PersonId person, DateTime now) =>
        Of(session, patient, now).Find(r => r.Person == person && r.Kind != RelationKind.BreakGlass);

    /// <summary>The steps of all relations of a file, newest first.</summary>
    public static List<RelationStepRow> Story(DbSession session, PatientId patient, PersonId? person, int most)
    {
        var rows = new List<RelationStepRow>();
        using var r = session.Sql("SELECT \"Key\", \"PersonId\", \"Step\", \"Kind\", \"From\", \"Until\", \"By\", \"At\", \"Reason\" FROM \"RelationSteps\" WHERE \"PatientId\" = @p0 AND (CAST(@p1 AS varchar(64)) IS NULL OR \"PersonId\" = @p1) ORDER BY \"Key\" DESC LIMIT @p2").With(patient.Value, person?.Value, most).Read();
        while (r.Read())
        {
            rows.Add(new RelationStepRow
            {
                Key = r.GetInt64(0), PatientId = patient, PersonId = new(r.GetString(1)), Step = (RelationStep)r.GetInt32(2), Kind = (RelationKind)r.GetInt32(3), From = r.Instant(4), Until = r.InstantOrNull(5),
                By = r.PersonOrNull(6), At = r.Instant(7), Reason = r.TextOrNull(8),
            });
        }

        return rows;
    }

    /// <summary>Gives a membership another kind or end.</summary>
    public static void Renew(DbSession session, long key, RelationKind kind, DateTime? until) =>
        session.Sql("UPDATE \"CareTeamMembers\" SET \"Kind\" = @p1, \"Until\" = @p2 WHERE \"Key\" = @p0").With(key, (int)kind, until?.Ticks).Run();

    /// <summary>Memberships whose term ends before a moment and that nobody settled; for the clock only.</summary>
    public static List<RelationRow> EndingBefore(DbSession session, DateTime before, int most) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"CareTeamMembers\" m WHERE m.\"EndSettled\" = 0 AND m.\"Until\" IS NOT NULL AND m.\"Until\" <= @p0 ORDER BY m.\"Until\" LIMIT @p1").With(before.Ticks, most));

    /// <summary>Memberships that end between two moments and of which nobody was warned; for the clock only.</summary>
    public static List<RelationRow> ToWarnOf(DbSession session, DateTime now, DateTime before, int most) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"CareTeamMembers\" m WHERE m.\"EndSettled\" = 0 AND m.\"Until\" IS NOT NULL AND m.\"Until\" > @p0 AND m.\"Until\" <= @p1 AND m.\"Since\" <= @p0 AND (m.\"WarnedFor\" IS NULL OR m.\"WarnedFor\" <> m.\"Until\") AND m.\"Kind\" <> 10 ORDER BY m.\"Until\" LIMIT @p2").With(now.Ticks, before.Ticks, most));

    /// <summary>Claims the warning: true for the one who tells.</summary>
    public static bool ClaimWarning(DbSession session, RelationRow row) =>
        session.Sql("UPDATE \"CareTeamMembers\" SET \"WarnedFor\" = \"Until\" WHERE \"Key\" = @p0 AND \"Until\" = @p1 AND (\"WarnedFor\" IS NULL OR \"WarnedFor\" <> \"Until\")").With(row.Key, row.Until!.Value.Ticks).Run() == 1;

    /// <summary>Claims the end of a term: true for the one who settles it.</summary>
    public static bool ClaimEnd(DbSession session, RelationRow row) =>
        session.Sql("UPDATE \"CareTeamMembers\" SET \"EndSettled\" = 1 WHERE \"Key\" = @p0 AND \"Until\" = @p1 AND \"EndSettled\" = 0").With(row.Key, row.Until!.Value.Ticks).Run() == 1;

    /// <summary>The end of a term is open again, with another end.</summary>
    public static void Prolong(DbSession session, long key, DateTime until) =>
        session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p1, \"EndSettled\" = 0 WHERE \"Key\" = @p0").With(key, until.Ticks).Run();

    private static List<RelationRow> Rows(Statement statement)
    {
        var rows = new List<RelationRow>();
        using var r = statement.Read();
        while (r.Read())
            rows.Add(new(r.GetInt64(0), new(r.GetString(1)), new(r.GetString(2)), (RelationKind)r.GetInt32(3), r.Instant(4), r.InstantOrNull(5), (InformationCategory)r.GetInt32(6), r.TextOrNull(7)));
        return rows;
    }
}
