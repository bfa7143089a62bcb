using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>What a person is told about a file. Stored as a number: append, never renumber.</summary>
public enum FileNoticeKind
{
    /// <summary>The relation of <c>About</c> ends soon; to them, and to who is accountable for the patient.</summary>
    RelationEnds = 0,

    /// <summary>The relation of <c>About</c> ended; to who is accountable.</summary>
    RelationEnded = 1,

    /// <summary>The term of <c>About</c> ran out while nobody else could answer: prolonged; to them and the coordinator.</summary>
    RelationProlonged = 2,

    /// <summary><c>About</c> may not see the file any more, and the reader is accountable now.</summary>
    AccountableNow = 3,

    /// <summary><c>About</c> opened the file in an emergency; to the patient and the GP.</summary>
    GlassBroken = 4,

    /// <summary>An officer answered about a contested access of <c>About</c>; to who contested and the patient. <c>Until</c>: when the block ends by itself.</summary>
    ContestAnswered = 5,

    /// <summary><c>About</c> invited the reader onto the team; <c>Until</c>: when the relation ends.</summary>
    Invited = 6,

    /// <summary><c>About</c> came onto the team; to the patient and who is accountable.</summary>
    Joined = 7,

    /// <summary><c>About</c> comes onto the team on the moment in <c>Until</c>; to the patient and who is accountable.</summary>
    Comes = 8,
}

/// <summary>A notice about a file, for its reader.</summary>
internal sealed record FileNotice(long Key, PatientId Patient, string PatientName, FileNoticeKind Kind, PersonId? About, DateTime At, DateTime? Until);

/// <summary>Hand-written SQL of what people are told about files.</summary>
internal static class FileNoticeSql
{
    /// <summary>Tells somebody something.</summary>
    public static void Tell(DbSession session, PatientId patient, PersonId person, FileNoticeKind kind, PersonId? about, DateTime at, DateTime? until) =>
        session.Sql("INSERT INTO \"FileNotices\" (\"PatientId\", \"PersonId\", \"Kind\", \"About\", \"At\", \"Until\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5)").With(patient.Value, person.Value, (int)kind, about?.Value, at.Ticks, until?.Ticks).Run();

    /// <summary>What was told to a person and not put away, newest first, of files that are open to them.</summary>
    public static List<FileNotice> Of(DbSession session, WorklistViewer viewer, int most)
    {
        var found = new List<FileNotice>();
        using var r = WorklistSql.Run(session, viewer, $"SELECT n.\"Key\", n.\"PatientId\", (SELECT p.\"DisplayName\" FROM \"Patients\" p WHERE p.\"Id\" = n.\"PatientId\"), n.\"Kind\", n.\"About\", n.\"At\", n.\"Until\" FROM \"FileNotices\" n WHERE n.\"PersonId\" = @p0 AND n.\"SeenAt\" IS NULL AND {WorklistSql.Granted("n.\"PatientId\"", null)} ORDER BY n.\"At\" DESC, n.\"Key\" DESC LIMIT @p4", most).Read();
        while (r.Read())
            found.Add(new(r.GetInt64(0), new(r.GetString(1)), r.IsDBNull(2) ? "" : r.GetString(2), (FileNoticeKind)r.GetInt32(3), r.PersonOrNull(4), r.Instant(5), r.InstantOrNull(6)));
        return found;
    }

    /// <summary>How many wait, and the newest of them.</summary>
    public static (int Count, long Newest) Count(DbSession session, WorklistViewer viewer)
    {
        using var r = WorklistSql.Run(session, viewer, $"SELECT COUNT(*), COALESCE(MAX(n.\"Key\"), 0) FROM \"FileNotices\" n WHERE n.\"PersonId\" = @p0 AND n.\"SeenAt\" IS NULL AND {WorklistSql.Granted("n.\"PatientId\"", null)}").Read();
        return r.Read() ? (r.GetInt32(0), r.GetInt64(1)) : (0, 0);
    }

    /// <summary>A person puts a notice away.</summary>
    public static void PutAway(DbSession session, PersonId person, long key, DateTime now) =>
        session.Sql("UPDATE \"FileNotices\" SET \"SeenAt\" = @p2 WHERE \"Key\" = @p0 AND \"PersonId\" = @p1 AND \"SeenAt\" IS NULL").With(key, person.Value, now.Ticks).Run();
}
