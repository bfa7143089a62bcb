using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>What an access record is about, for people; of several the first that holds, in this order: <see cref="Refused"/> before all.</summary>
public enum AccessKind
{
    /// <summary>Looked into the file.</summary>
    Opened = 0,

    /// <summary>Saw a line about the patient in a list or a search.</summary>
    Listed = 1,

    /// <summary>Wrote or changed something.</summary>
    Written = 2,

    /// <summary>Printed something or took it away as a file.</summary>
    Taken = 3,

    /// <summary>Another program read for the person.</summary>
    Program = 4,

    /// <summary>A decision about the team or about sharing.</summary>
    Decided = 5,

    /// <summary>Without a relation, in an emergency.</summary>
    Emergency = 6,
    Refused = 7,

    /// <summary>The portal itself, or data that were brought in.</summary>
    Portal = 8,
}

/// <summary>Which access records are asked for.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
internal sealed record AccessFilter(PersonId? Person = null, AccessKind? Kind = null, DateTime? From = null, DateTime? Until = null);

/// <summary>Where a page of access records ended.</summary>
internal readonly record struct AccessPlace(DateTime At, long Key);

/// <summary>An access record with what it is about.</summary>
internal sealed record AccessLine(AccessRecordRow Row, AccessKind Kind);

/// <summary>Hand-written SQL of reading access records; the room's file only.</summary>
internal static class AccessLogSql
{
    private const string Columns = "\"Key\", \"PersonId\", \"At\", \"Purpose\", \"Source\", \"Action\", \"Allowed\", \"What\", \"Relation\", \"Shared\", \"OnBehalfOf\", \"RuleVersion\", \"Rule\"";

    // The numbers are those of CareAction, AccessSource, AccessPurpose and RelationKind.
    private const string KindText = "CASE WHEN \"Allowed\" = 0 THEN 7 WHEN \"Action\" = 10 OR \"Relation\" = 10 THEN 6 WHEN \"Action\" IN (8, 9) THEN 5 WHEN \"Source\" IN (6, 8) THEN 3 WHEN \"Source\" IN (3, 4) OR \"Purpose\" = 2 THEN 8 WHEN \"What\" IS NOT NULL AND \"What\" NOT LIKE 'view-as/%' AND \"What\" <> 'audit' AND \"What\" NOT LIKE 'audit/%' THEN 2 WHEN \"Source\" IN (1, 2) THEN 4 WHEN \"Source\" IN (5, 7) THEN 1 ELSE 0 END";

    /// <summary>Records of the room's file that its actor may read, newest first: what was written and the actor may not see is left out; that its writer opened the file stands in a record of its own.</summary>
    /// <param name="count">At most; one more tells whether there are more.</param>
    public static List<AccessLine> Page(DbSession session, PatientRoom room, AccessFilter filter, AccessPlace? before, int count)
    {
        var lines = new List<AccessLine>(count);
        while (lines.Count < count)
        {
            var read = Read(session, room.Patient, filter, before, Math.Max(count, 50));
            lines.AddRange(read.Where(line => MayRead(session, room, line.Row)).Take(count - lines.Count));
            if (read.Count < Math.Max(count, 50))
                break;
            before = new(read[^1].Row.At, read[^1].Row.Key);
        }

        return lines;
    }

    /// <summary>One record of the room's file that its actor may read; null when there is none.</summary>
    public static AccessLine? Find(DbSession session, PatientRoom room, long key) => Find(session, room.Patient, key) is { } line && MayRead(session, room, line.Row) ? line : null;

    /// <summary>One record, for officers who answer a patient: who, when and why, and nothing of the file.</summary>
    public static AccessLine? Find(DbSession session, PatientId patient, long key)
    {
        using var reader = session.Sql($"SELECT {Columns}, {KindText} FROM \"AccessRecords\" WHERE \"Key\" = @p0 AND \"PatientId\" = @p1").With(key, patient.Value).Read();
        return reader.Read() ? Line(reader, patient) : null;
    }

    /// <summary>The last records of one person in a file, for officers who answer a patient.</summary>
    public static List<AccessLine> OfPerson(DbSession session, PatientId patient, PersonId person, int most) => Read(session, patient, new(person), null, most);

    /// <summary>Who appears in the access records of the room's file.</summary>
    public static List<PersonId> People(DbSession session, PatientRoom room)
    {
        var found = new List<PersonId>();
        using var reader = session.Sql("SELECT DISTINCT \"PersonId\" FROM \"AccessRecords\" WHERE \"PatientId\" = @p0").With(room.Patient.Value).Read();
        while (reader.Read())
            found.Add(new(reader.GetString(0)));
        return found;
    }

    /// <summary>So many records are looked through for one page, which takes a tenth of a second: who asks for what is rare asks again for what is older.</summary>
    private const int MostLookedAt = 500_000;

    /// <summary>Records of all files, for officers, the last recorded first; the number below which to go on, null at the end.</summary>
    public static (List<AccessLine> Lines, long? Next) Across(DbSession session, AccessFilter filter, PatientId? file, long? before, int count)
    {
        var lines = new List<AccessLine>();
        var newest = before ?? long.MaxValue;
        // The records of one file have an index; those of all are read from the last on, a stretch at a time. Keys follow each other, so a stretch of keys is at most as many records.
        var lowest = file is not null ? 0 : Math.Max(0, (before ?? session.Sql("SELECT MAX(\"Key\") FROM \"AccessRecords\"").With().Number() + 1 ?? 0) - MostLookedAt);
        using (var reader = session.Sql($"SELECT {Columns}, {KindText}, \"PatientId\" FROM \"AccessRecords\" WHERE \"Key\" < @p5 AND \"Key\" >= @p6 AND (CAST(@p0 AS varchar(64)) IS NULL OR \"PatientId\" = @p0) AND (CAST(@p1 AS varchar(64)) IS NULL OR \"PersonId\" = @p1) AND (CAST(@p2 AS bigint) IS NULL OR ({KindText}) = @p2) AND \"At\" >= @p3 AND \"At\" < @p4 ORDER BY \"Key\" DESC LIMIT @p7")
            .With(file?.Value, filter.Person?.Value, (int?)filter.Kind, filter.From?.Ticks ?? 0, filter.Until?.Ticks ?? long.MaxValue, newest, lowest, count + 1).Read())
        {
            while (reader.Read())
                lines.Add(Line(reader, new PatientId(reader.GetString(14))));
        }

        if (lines.Count > count)
        {
            lines.RemoveAt(count);
            return (lines, lines[^1].Row.Key);
        }

        return (lines, file is null && lowest > 0 && session.Sql("SELECT 1 FROM \"AccessRecords\" WHERE \"Key\" < @p0 LIMIT 1").With(lowest).One() is not null ? lowest : null);
    }

    /// <summary>One record of any file, for officers.</summary>
    public static AccessLine? Any(DbSession session, long key)
    {
        using var reader = session.Sql($"SELECT {Columns}, {KindText}, \"PatientId\" FROM \"AccessRecords\" WHERE \"Key\" = @p0").With(key).Read();
        return reader.Read() ? Line(reader, new PatientId(reader.GetString(14))) : null;
    }

    /// <summary>Grows with every record of the file.</summary>
    public static long Stamp(DbSession session, PatientId patient) => session.Sql("SELECT \"Length\" FROM \"AuditChains\" WHERE \"PatientId\" = @p0").With(patient.Value).Number() ?? 0;

    private static List<AccessLine> Read(DbSession session, PatientId patient, AccessFilter filter, AccessPlace? before, int count)
    {
        var lines = new List<AccessLine>();
        using var reader = session.Sql($"SELECT {Columns}, {KindText} FROM \"AccessRecords\" WHERE \"PatientId\" = @p0 AND (CAST(@p1 AS varchar(64)) IS NULL OR \"PersonId\" = @p1) AND (CAST(@p2 AS bigint) IS NULL OR ({KindText}) = @p2) AND \"At\" >= @p3 AND \"At\" < @p4 AND (\"At\" < @p5 OR (\"At\" = @p5 AND \"Key\" < @p6)) ORDER BY \"At\" DESC, \"Key\" DESC LIMIT @p7")
            .With(patient.Value, filter.Person?.Value, (int?)filter.Kind, filter.From?.Ticks ?? 0, filter.Until?.Ticks ?? long.MaxValue, before?.At.Ticks ?? long.MaxValue, before?.Key ?? long.MaxValue, count).Read();
        while (reader.Read())
            lines.Add(Line(reader, patient));
        return lines;
    }

    private static AccessLine Line(System.Data.Common.DbDataReader r, PatientId patient)
    {
        var why = AuditSql.Why(r, 8);
        return new(new AccessRecordRow
        {
            Key = r.GetInt64(0), PatientId = patient.Value, PersonId = new(r.GetString(1)), At = new(r.GetInt64(2), DateTimeKind.Utc), Purpose = (AccessPurpose)r.GetInt32(3), Source = (AccessSource)r.GetInt32(4), Action = (CareAction)r.GetInt32(5),
            Allowed = r.GetInt64(6) != 0, What = r.TextOrNull(7), Relation = why.Relation, Shared = why.Shared, OnBehalfOf = why.OnBehalfOf, RuleVersion = why.RuleVersion, Rule = why.Rule,
        }, (AccessKind)r.GetInt32(13));
    }

    private static bool MayRead(DbSession session, PatientRoom room, AccessRecordRow row) =>
        row.What is not { } what || !row.Allowed || what.Split('/') is not [var type, var id, "_history", _]
        || row.PersonId == room.Actor.Person || (CareStore.Find(session, type, id) is { } stored && (stored.Patient ?? room.Patient) == room.Patient && room.Reach.Sees(stored.Audience, stored.Category));
}
