using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of contested accesses.</summary>
internal static class ContestSql
{
    private const string Columns = "\"Key\", \"PatientId\", \"Record\", \"PersonId\", \"By\", \"At\", \"DueAt\", \"Words\", \"Consent\", \"AnsweredBy\", \"AnsweredAt\", \"Answer\"";

    /// <summary>Enters a contest; its key.</summary>
    public static long Add(DbSession session, PatientId patient, long record, PersonId person, PersonId by, DateTime at, DateTime due, string? words, long? consent)
    {
        session.Sql("INSERT INTO \"Contests\" (\"PatientId\", \"Record\", \"PersonId\", \"By\", \"At\", \"DueAt\", \"Words\", \"Consent\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)")
            .With(patient.Value, record, person.Value, by.Value, at.Ticks, due.Ticks, words, consent).Run();
        return session.Sql("SELECT MAX(\"Key\") FROM \"Contests\" WHERE \"PatientId\" = @p0").With(patient.Value).Number()!.Value;
    }

    /// <summary>The contests of a file, newest first.</summary>
    public static List<ContestRow> Of(DbSession session, PatientId patient, int most) => Rows(session.Sql($"SELECT {Columns} FROM \"Contests\" WHERE \"PatientId\" = @p0 ORDER BY \"Key\" DESC LIMIT @p1").With(patient.Value, most));

    /// <summary>One contest of a file.</summary>
    public static ContestRow? Find(DbSession session, PatientId patient, long key) => Rows(session.Sql($"SELECT {Columns} FROM \"Contests\" WHERE \"PatientId\" = @p0 AND \"Key\" = @p1").With(patient.Value, key)).FirstOrDefault();

    /// <summary>One contest of whichever file; for officers only.</summary>
    public static ContestRow? Find(DbSession session, long key) => Rows(session.Sql($"SELECT {Columns} FROM \"Contests\" WHERE \"Key\" = @p0").With(key)).FirstOrDefault();

    /// <summary>Those that wait for an answer, the most urgent first, or the last that were answered; for officers only.</summary>
    public static List<ContestRow> ForOfficers(DbSession session, bool answered, int most) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"Contests\" WHERE \"AnsweredAt\" IS {(answered ? "NOT NULL ORDER BY \"AnsweredAt\" DESC" : "NULL ORDER BY \"DueAt\"")}, \"Key\" LIMIT @p0").With(most));

    /// <summary>How many wait for an answer; for officers only.</summary>
    public static int Waiting(DbSession session) => (int)session.Sql("SELECT COUNT(*) FROM \"Contests\" WHERE \"AnsweredAt\" IS NULL").With().Number()!.Value;

    /// <summary>Enters the answer; false when somebody answered already.</summary>
    public static bool Answer(DbSession session, ContestRow contest, PersonId by, DateTime at, string answer, long? consent) =>
        session.Sql("UPDATE \"Contests\" SET \"AnsweredBy\" = @p1, \"AnsweredAt\" = @p2, \"Answer\" = @p3, \"Consent\" = @p4 WHERE \"Key\" = @p0 AND \"AnsweredAt\" IS NULL").With(contest.Key, by.Value, at.Ticks, answer, consent).Run() == 1;

    /// <summary>Another decision shuts the person out now, or none.</summary>
    public static void SetConsent(DbSession session, long key, long? consent) => session.Sql("UPDATE \"Contests\" SET \"Consent\" = @p1 WHERE \"Key\" = @p0").With(key, consent).Run();

    private static List<ContestRow> Rows(Statement statement)
    {
        var rows = new List<ContestRow>();
        using var r = statement.Read();
        while (r.Read())
        {
            rows.Add(new ContestRow
            {
                Key = r.GetInt64(0), PatientId = new(r.GetString(1)), Record = r.GetInt64(2), PersonId = new(r.GetString(3)), By = new(r.GetString(4)), At = r.Instant(5), DueAt = r.Instant(6), Words = r.TextOrNull(7), Consent = r.IsDBNull(8) ? null : r.GetInt64(8),
                AnsweredBy = r.PersonOrNull(9), AnsweredAt = r.InstantOrNull(10), Answer = r.TextOrNull(11),
            });
        }

        return rows;
    }
}
