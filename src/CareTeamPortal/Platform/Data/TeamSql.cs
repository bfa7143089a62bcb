using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>An absence with whose it is.</summary>
internal sealed record Absence(long Key, PersonId Person, DateTime From, DateTime Until);

/// <summary>Hand-written SQL of teams and absences.</summary>
internal static class TeamSql
{
    /// <summary>Ends a membership from now on; false when there is none.</summary>
    public static bool End(DbSession session, PatientId patient, PersonId person, DateTime now) =>
        session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p2, \"EndSettled\" = 1 WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND (\"Until\" IS NULL OR \"Until\" > @p2)").With(patient.Value, person.Value, now.Ticks).Run() > 0;

    /// <summary>What somebody answered for as the one who asked falls to who is accountable for the patient, as far as that person may read it.</summary>
    public static void FallToAccountable(DbSession session, PatientId patient, PersonId person, DateTime now, AnswersFor who)
    {
        session.Sql("UPDATE \"Tasks\" SET \"AccountableAs\" = 2 WHERE \"PatientId\" = @p0 AND \"AccountableId\" = @p1 AND \"Open\" = 1").With(patient.Value, person.Value).Run();
        TaskSql.FollowAccountable(session, patient, now, who);
    }

    /// <summary>Numbers of the open questions that somebody must answer; for writers only.</summary>
    public static List<long> QuestionsOf(DbSession session, PatientId patient, PersonId person)
    {
        var found = new List<long>();
        using var reader = session.Sql("SELECT \"Seq\" FROM \"TimelineEntries\" WHERE \"PatientId\" = @p0 AND \"ReplyOwner\" = @p1 AND \"Kind\" = 1 AND \"AnsweredSeq\" IS NULL AND \"Retracted\" = 0").With(patient.Value, person.Value).Read();
        while (reader.Read())
            found.Add(reader.GetInt64(0));
        return found;
    }

    /// <summary>Gives a question to somebody else.</summary>
    public static void SetReplyOwner(DbSession session, PatientId patient, long seq, PersonId? person, long cursor) =>
        session.Sql("UPDATE \"TimelineEntries\" SET \"ReplyOwner\" = @p2, \"Cursor\" = @p3 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1").With(patient.Value, seq, person?.Value, cursor).Run();

    /// <summary>Absences of one person that are not over, by their beginning.</summary>
    public static List<Absence> AbsencesOf(DbSession session, PersonId person, DateTime now) =>
        Absences(session.Sql("SELECT \"Key\", \"PersonId\", \"From\", \"Until\" FROM \"Absences\" WHERE \"PersonId\" = @p0 AND \"WithdrawnAt\" IS NULL AND \"Until\" > @p1 ORDER BY \"From\", \"Key\" LIMIT 50").With(person.Value, now.Ticks));

    /// <summary>Absences that are not over and begin before a moment; for the clock only.</summary>
    public static List<Absence> AbsencesBefore(DbSession session, DateTime now, DateTime before) =>
        Absences(session.Sql("SELECT \"Key\", \"PersonId\", \"From\", \"Until\" FROM \"Absences\" WHERE \"WithdrawnAt\" IS NULL AND \"Until\" > @p0 AND \"From\" <= @p1 ORDER BY \"From\", \"Key\"").With(now.Ticks, before.Ticks));

    /// <summary>Whether somebody is away at a moment.</summary>
    public static bool IsAway(DbSession session, PersonId person, DateTime at) =>
        session.Sql("SELECT 1 FROM \"Absences\" WHERE \"PersonId\" = @p0 AND \"WithdrawnAt\" IS NULL AND \"From\" <= @p1 AND \"Until\" > @p1").With(person.Value, at.Ticks).One() is not null;

    /// <summary>Whether somebody is away at some moment of a period.</summary>
    public static bool IsAway(DbSession session, PersonId person, DateTime from, DateTime until) =>
        session.Sql("SELECT 1 FROM \"Absences\" WHERE \"PersonId\" = @p0 AND \"WithdrawnAt\" IS NULL AND \"From\" < @p2 AND \"Until\" > @p1").With(person.Value, from.Ticks, until.Ticks).One() is not null;

    /// <summary>Enters an absence; false when it overlaps another of the same person.</summary>
    public static bool AddAbsence(DbSession session, PersonId person, DateTime from, DateTime until) =>
        session.Sql("INSERT INTO \"Absences\" (\"PersonId\", \"From\", \"Until\", \"EnteredBy\") SELECT @p0, @p1, @p2, @p0 WHERE NOT EXISTS (SELECT 1 FROM \"Absences\" WHERE \"PersonId\" = @p0 AND \"WithdrawnAt\" IS NULL AND \"From\" < @p2 AND \"Until\" > @p1)")
            .With(person.Value, from.Ticks, until.Ticks).Run() == 1;

    /// <summary>Takes an absence back; it stays in the table.</summary>
    public static bool WithdrawAbsence(DbSession session, PersonId person, long key, DateTime now) =>
        session.Sql("UPDATE \"Absences\" SET \"WithdrawnAt\" = @p2 WHERE \"PersonId\" = @p0 AND \"Key\" = @p1 AND \"WithdrawnAt\" IS NULL").With(person.Value, key, now.Ticks).Run() == 1;

    /// <summary>Open tasks that an absent person has and that are due while they are away, of which nobody was told yet, all of them; for the clock only.</summary>
    public static List<(PatientId Patient, string Id)> DueWhileAway(DbSession session, Absence absence, int kind)
    {
        var found = new List<(PatientId, string)>();
        using var reader = session.Sql("SELECT t.\"PatientId\", t.\"Id\" FROM \"Tasks\" t WHERE t.\"OwnerId\" = @p0 AND t.\"Open\" = 1 AND t.\"Status\" <> 0 AND t.\"DueSort\" >= @p1 AND t.\"DueSort\" < @p2 AND t.\"IsHandoff\" = 0 AND NOT EXISTS (SELECT 1 FROM \"Notices\" n WHERE n.\"TaskId\" = t.\"Id\" AND n.\"Kind\" = @p3) ORDER BY t.\"DueSort\"")
            .With(absence.Person.Value, absence.From.Ticks, absence.Until.Ticks, kind).Read();
        while (reader.Read())
            found.Add((new(reader.GetString(0)), reader.GetString(1)));
        return found;
    }

    /// <summary>Whether anybody was told this about a task.</summary>
    public static bool IsTold(DbSession session, string task, int kind) => session.Sql("SELECT 1 FROM \"Notices\" WHERE \"TaskId\" = @p0 AND \"Kind\" = @p1").With(task, kind).One() is not null;

    private static List<Absence> Absences(Statement statement)
    {
        var found = new List<Absence>();
        using var reader = statement.Read();
        while (reader.Read())
            found.Add(new Absence(reader.GetInt64(0), new(reader.GetString(1)), reader.Instant(2), reader.Instant(3)));
        return found;
    }
}
