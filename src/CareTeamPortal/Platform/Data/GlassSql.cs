using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of openings without a relation.</summary>
internal static class GlassSql
{
    /// <summary>Enters an opening; its key.</summary>
    public static long Add(DbSession session, PatientId patient, PersonId person, DateTime at, DateTime until, int reason, string words, DateTime signedInAt)
    {
        session.Sql("INSERT INTO \"BrokenGlasses\" (\"PatientId\", \"PersonId\", \"At\", \"Until\", \"Reason\", \"Words\", \"SignedInAt\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)").With(patient.Value, person.Value, at.Ticks, until.Ticks, reason, words, signedInAt.Ticks).Run();
        return session.Sql("SELECT MAX(\"Key\") FROM \"BrokenGlasses\" WHERE \"PatientId\" = @p0").With(patient.Value).Number()!.Value;
    }

    /// <summary>The openings, those that wait for a review first, newest first. For officers only.</summary>
    public static List<BrokenGlassRow> ForReview(DbSession session, bool reviewed, int most)
    {
        var rows = new List<BrokenGlassRow>();
        using var r = session.Sql($"SELECT \"Key\", \"PatientId\", \"PersonId\", \"At\", \"Until\", \"Reason\", \"Words\", \"SignedInAt\", \"ReviewedBy\", \"ReviewedAt\", \"Outcome\", \"ReviewNote\" FROM \"BrokenGlasses\" WHERE \"ReviewedAt\" IS {(reviewed ? "NOT NULL" : "NULL")} ORDER BY \"At\" DESC LIMIT @p0").With(most).Read();
        while (r.Read())
        {
            rows.Add(new BrokenGlassRow
            {
                Key = r.GetInt64(0), PatientId = new(r.GetString(1)), PersonId = new(r.GetString(2)), At = r.Instant(3), Until = r.Instant(4), Reason = r.GetInt32(5), Words = r.GetString(6), SignedInAt = r.Instant(7),
                ReviewedBy = r.PersonOrNull(8), ReviewedAt = r.InstantOrNull(9), Outcome = r.IsDBNull(10) ? null : r.GetInt32(10), ReviewNote = r.TextOrNull(11),
            });
        }

        return rows;
    }

    /// <summary>Enters what an officer found; false when it was reviewed already, or is the officer's own.</summary>
    public static bool Review(DbSession session, long key, PersonId by, DateTime at, int outcome, string? note) =>
        session.Sql("UPDATE \"BrokenGlasses\" SET \"ReviewedBy\" = @p1, \"ReviewedAt\" = @p2, \"Outcome\" = @p3, \"ReviewNote\" = @p4 WHERE \"Key\" = @p0 AND \"ReviewedAt\" IS NULL AND \"PersonId\" <> @p1").With(key, by.Value, at.Ticks, outcome, note).Run() == 1;

    /// <summary>When somebody's opening of a file ends; null when it is not open in this way.</summary>
    public static DateTime? UntilOf(DbSession session, PatientId patient, PersonId person, DateTime now) =>
        session.Sql("SELECT MAX(\"Until\") FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND \"Kind\" = 10 AND \"Until\" > @p2").With(patient.Value, person.Value, now.Ticks).Number() is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    /// <summary>Ends somebody's opening of a file before its time; false when there is none.</summary>
    public static bool End(DbSession session, PatientId patient, PersonId person, DateTime now)
    {
        session.Sql("UPDATE \"BrokenGlasses\" SET \"Until\" = @p2 WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND \"Until\" > @p2").With(patient.Value, person.Value, now.Ticks).Run();
        return session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p2, \"EndSettled\" = 1 WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND \"Kind\" = 10 AND \"Until\" > @p2").With(patient.Value, person.Value, now.Ticks).Run() > 0;
    }

    /// <summary>The file of a national number (11 digits); null when there is none. Only for <c>BreakGlass</c>, which answers alike either way.</summary>
    public static PatientId? WithNumber(DbSession session, string digits) =>
        Ids(session.Sql("SELECT \"Id\", \"SortName\" FROM \"Patients\" WHERE \"Insz\" = @p0 LIMIT 2").With(digits)) is [var one] ? one.Id : null;

    /// <summary>Files of people born on a day, with their folded names. Only for <c>BreakGlass</c>.</summary>
    public static List<(PatientId Id, string SortName)> BornOn(DbSession session, DateOnly day) =>
        Ids(session.Sql("SELECT \"Id\", \"SortName\" FROM \"Patients\" WHERE \"BirthDate\" = @p0 LIMIT 5000").With(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    private static List<(PatientId Id, string SortName)> Ids(Statement statement)
    {
        var found = new List<(PatientId, string)>();
        using var reader = statement.Read();
        while (reader.Read())
            found.Add((new(reader.GetString(0)), reader.GetString(1)));
        return found;
    }

    /// <summary>The accounts of the patient behind a file.</summary>
    public static List<PersonId> AccountsOf(DbSession session, PatientId patient) => People(session.Sql("SELECT \"Id\" FROM \"People\" WHERE \"OwnFile\" = @p0").With(patient.Value));

    /// <summary>The GPs who keep the patient's global medical file.</summary>
    public static List<PersonId> GeneralPractitionersOf(DbSession session, PatientId patient, DateTime now) =>
        People(session.Sql("SELECT m.\"PersonId\" FROM \"CareTeamMembers\" m JOIN \"People\" p ON p.\"Id\" = m.\"PersonId\" WHERE m.\"PatientId\" = @p0 AND m.\"Since\" <= @p1 AND (m.\"Until\" IS NULL OR m.\"Until\" > @p1) AND p.\"Discipline\" = 1 AND m.\"Kind\" <> 10").With(patient.Value, now.Ticks));

    private static List<PersonId> People(Statement statement)
    {
        var people = new List<PersonId>();
        using var reader = statement.Read();
        while (reader.Read())
            people.Add(new(reader.GetString(0)));
        return people;
    }
}
