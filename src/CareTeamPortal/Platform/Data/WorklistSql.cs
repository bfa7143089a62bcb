using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>Who asks for a list across files, and what this person reaches: in every query below.</summary>
/// <param name="Files">How many files are open to this person, counted up to <see cref="WorklistSql.CountedFiles"/> + 1: with few the grants are read first, with many the list's own order.</param>
internal readonly record struct WorklistViewer(PersonId Person, AcrossReach Reach, DateTime Now, int Files)
{
    /// <summary>The number of files is known, and small.</summary>
    public bool HasFew => Files <= WorklistSql.CountedFiles;
}

/// <summary>A file in a list: who it is, who is accountable, and what is new for the viewer among what the viewer may see.</summary>
/// <param name="SeenCursor">Up to where the viewer has read; null when the file was never opened.</param>
/// <param name="LastChangeAt">When something that the viewer may see was last written; null when there is nothing.</param>
internal sealed record WorklistPatient(
    PatientId Patient, string Name, string SortName, DateOnly? BirthDate, DatePrecision BirthDatePrecision, string? Gender, bool Deceased, string? City, string? AddressLine,
    PersonId? Accountable, long? SeenCursor, DateTime? LastLookAt, DateTime? LastChangeAt, int New);

/// <summary>An entry of one of the viewer's files.</summary>
internal sealed record WorklistEntry(EntryRow Entry, string PatientName);

/// <summary>
/// Lists across the files that are open to a person. Rights are an EXISTS on the grants in each query, never a list of ids; the reach is in each
/// query too, so that no count can hint at what is hidden.
/// </summary>
internal static class WorklistSql
{
    // @p0 person, @p1 now, @p2 audience, @p3 categories: the same in every query; a query's own parameters follow.
    /// <summary>The reach, per file: a patient reads the own file as the patient, and another's on whose team they are as whoever they are there.</summary>
    /// <param name="table">Name and dot of the table whose rows are shown, where a query reads more than one.</param>
    internal static string Visible(WorklistViewer viewer, string table = "")
    {
        var elsewhere = $"({table}\"Audience\" & @p2) <> 0 AND ({table}\"Category\" & @p3) <> 0";
        return viewer.Reach is not { OwnFile: not null, Own: var own } ? elsewhere
            : $"CASE WHEN {table}\"PatientId\" = (SELECT o.\"OwnFile\" FROM \"People\" o WHERE o.\"Id\" = @p0) THEN CASE WHEN ({table}\"Audience\" & {(int)own.Audience}) <> 0 AND ({table}\"Category\" & {(int)own.Categories}) <> 0 THEN 1 ELSE 0 END WHEN {elsewhere} THEN 1 ELSE 0 END = 1";
    }

    private const string NotMine = "(\"AuthorId\" IS NULL OR \"AuthorId\" <> @p0) AND (\"ChangedBy\" IS NULL OR \"ChangedBy\" <> @p0)";

    /// <summary>The file is open to the viewer now.</summary>
    /// <param name="category">The column with the category of what is shown (null: only that the file is there): only when the patient's decisions leave it to the viewer.</param>
    internal static string Granted(string patient, string? category) =>
        $"EXISTS (SELECT 1 FROM \"CareTeamMembers\" m WHERE {GrantIs(patient, category)})";

    /// <summary>The row <c>m</c> of the teams is what opens the file to the viewer now. Joined, a row comes once for each such grant.</summary>
    internal static string GrantIs(string patient, string? category) =>
        $"m.\"PatientId\" = {patient} AND m.\"PersonId\" = @p0 AND {Open}{(category is null ? "" : $" AND (m.\"Allows\" & {category}) <> 0")}";

    private static readonly string Open = GrantSql.Opens("@p1");

    /// <summary>What is in the file of <c>e</c> and the viewer may see it: by role and audience, and by the patient's decisions.</summary>
    private static string Shown(WorklistViewer viewer) => $"{Visible(viewer, "e.")} AND {Granted("e.\"PatientId\"", "e.\"Category\"")}";

    /// <summary>Files are counted up to here; who has more reads "more than". A count of all would grow with the region.</summary>
    public const int CountedFiles = 1_000;

    /// <summary>The viewer of a list that has an order of its own and asks the grants row by row: how many files are open does not matter.</summary>
    public static WorklistViewer ViewerByRow(PersonId person, AcrossReach reach, DateTime now) => new(person, reach, now, int.MaxValue);

    /// <summary>The viewer of a list, with how many files are open.</summary>
    public static WorklistViewer Viewer(DbSession session, PersonId person, AcrossReach reach, DateTime now)
    {
        var files = session.Sql("SELECT COUNT(*) FROM (SELECT 1 AS \"One\" FROM \"CareTeamMembers\" m WHERE m.\"PersonId\" = @p0 AND " + GrantSql.Opens("@p1") + " LIMIT @p2) x").With(person.Value, now.Ticks, CountedFiles + 1).Number()!.Value;
        return new WorklistViewer(person, reach, now, (int)files);
    }

    /// <summary>Changes when anybody is put on a team: for lists that follow it.</summary>
    public static string Stamp(DbSession session) =>
        (session.Sql("SELECT MAX(\"Key\") FROM \"CareTeamMembers\"").Number() ?? 0).ToString(CultureInfo.InvariantCulture);

    /// <summary>The viewer's files as <c>p</c>, with the condition begun. CROSS JOIN keeps the order in which the tables stand on SQLite.</summary>
    private static string Files(WorklistViewer viewer) => viewer.HasFew
        ? $"\"CareTeamMembers\" m CROSS JOIN \"Patients\" p WHERE m.\"PersonId\" = @p0 AND {Open} AND p.\"Id\" = m.\"PatientId\""
        : $"\"Patients\" p WHERE {Granted("p.\"Id\"", null)}";

    /// <summary>One file as a line of a list; null when it is not open to the viewer.</summary>
    public static WorklistPatient? Patient(DbSession session, WorklistViewer viewer, PatientId patient)
    {
        using var reader = Run(session, viewer, $"""
            SELECT p."Id", p."DisplayName", p."SortName", p."BirthDate", p."BirthDatePrecision", p."Gender", p."Deceased", p."City", p."AddressLine", p."AccountableId",
              v."SeenCursor", v."LastAt",
              (SELECT COALESCE(e."CorrectedAt", e."RecordedAt") FROM "TimelineEntries" e WHERE e."PatientId" = p."Id" AND {Shown(viewer)} ORDER BY e."Cursor" DESC LIMIT 1),
              CASE WHEN v."SeenCursor" IS NULL THEN 0 ELSE (SELECT COUNT(*) FROM "TimelineEntries" e WHERE e."PatientId" = p."Id" AND e."Cursor" > v."SeenCursor" AND {Shown(viewer)} AND {NotMine}) END
            FROM "Patients" p LEFT JOIN "Visits" v ON v."PatientId" = p."Id" AND v."PersonId" = @p0
            WHERE p."Id" = @p4 AND {Granted("p.\"Id\"", null)}
            """, patient.Value).Read();
        if (!reader.Read())
            return null;
        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
        DateTime? Instant(int i) => reader.IsDBNull(i) ? null : new DateTime(reader.GetInt64(i), DateTimeKind.Utc);
        return new WorklistPatient(
            new(reader.GetString(0)), reader.GetString(1), reader.GetString(2), Text(3) is { } born ? DateOnly.Parse(born, CultureInfo.InvariantCulture) : null, (DatePrecision)reader.GetInt32(4), Text(5), reader.GetInt32(6) != 0, Text(7), Text(8),
            Text(9) is { } accountable ? new PersonId(accountable) : null, reader.IsDBNull(10) ? null : reader.GetInt64(10), Instant(11), Instant(12), reader.GetInt32(13));
    }

    /// <summary>Ids by name, after a place in that order.</summary>
    public static List<(PatientId Patient, string SortName)> ByName(DbSession session, WorklistViewer viewer, (string SortName, string Id)? after, int count)
    {
        var (name, id) = after ?? ("", "");
        using var reader = Run(session, viewer, $"""
            SELECT p."Id", p."SortName" FROM {Files(viewer)} AND p."SortName" >= @p4 AND (p."SortName" > @p4 OR p."Id" > @p5)
            ORDER BY p."SortName", p."Id" LIMIT @p6
            """, name, id, count).Read();
        return Names(reader);
    }

    /// <summary>Ids by last change, newest first. For who sees everything the file's own time is exact; for others only what they may see counts.</summary>
    public static List<(PatientId Patient, long At)> ByChange(DbSession session, WorklistViewer viewer, (long At, string Id)? after, int count)
    {
        var (at, id) = after ?? (long.MaxValue, "");
        var all = viewer.Reach is { OwnFile: null, Elsewhere: { Categories: InformationCategory.All } reach } && reach.Audience.HasFlag(Audience.Professionals);
        var changed = $"COALESCE((SELECT COALESCE(e.\"CorrectedAt\", e.\"RecordedAt\") FROM \"TimelineEntries\" e WHERE e.\"PatientId\" = p.\"Id\" AND {Shown(viewer)} ORDER BY e.\"Cursor\" DESC LIMIT 1), 0)";
        // Where a patient shows the viewer less, the file's own time would tell of what is hidden: those few are looked at by what is shown.
        using var reader = Run(session, viewer, all
            ? $"""
              SELECT y."Id", y."At" FROM (
                SELECT * FROM (SELECT p."Id", p."LastChangeAt" AS "At" FROM {Files(viewer)} AND p."LastChangeAt" <= @p4 AND (p."LastChangeAt" < @p4 OR p."Id" > @p5)
                  AND NOT EXISTS (SELECT 1 FROM "CareTeamMembers" l WHERE l."PatientId" = p."Id" AND l."PersonId" = @p0 AND l."Allows" <> 8191) ORDER BY p."LastChangeAt" DESC, p."Id" LIMIT @p6) w
                UNION ALL
                SELECT * FROM (SELECT p."Id", {changed} AS "At" FROM "Patients" p WHERE p."Id" IN (SELECT l."PatientId" FROM "CareTeamMembers" l WHERE l."PersonId" = @p0 AND l."Allows" <> 8191) AND {Granted("p.\"Id\"", null)}) x
                  WHERE x."At" <= @p4 AND (x."At" < @p4 OR x."Id" > @p5)) y
              ORDER BY y."At" DESC, y."Id" LIMIT @p6
              """
            : $"""
              SELECT x."Id", x."At" FROM (SELECT p."Id", {changed} AS "At" FROM {Files(viewer)}) x WHERE x."At" <= @p4 AND (x."At" < @p4 OR x."Id" > @p5)
              ORDER BY x."At" DESC, x."Id" LIMIT @p6
              """, at, id, count).Read();
        var found = new List<(PatientId, long)>();
        while (reader.Read())
            found.Add((new(reader.GetString(0)), reader.GetInt64(1)));
        return found;
    }

    /// <summary>Files in which something visible was written by others since the viewer last looked.</summary>
    public static List<PatientId> Changed(DbSession session, WorklistViewer viewer, int most)
    {
        using var reader = Run(session, viewer, $"""
            SELECT v."PatientId" FROM "Visits" v WHERE v."PersonId" = @p0 AND {Granted("v.\"PatientId\"", null)}
              AND EXISTS (SELECT 1 FROM "TimelineEntries" e WHERE e."PatientId" = v."PatientId" AND e."Cursor" > v."SeenCursor" AND {Shown(viewer)} AND {NotMine})
            ORDER BY v."LastAt" LIMIT @p4
            """, most).Read();
        return Ids(reader);
    }

    /// <summary>Files that the viewer never opened, by name.</summary>
    public static List<PatientId> NeverOpened(DbSession session, WorklistViewer viewer, int most)
    {
        using var reader = Run(session, viewer, $"""
            SELECT m."PatientId" FROM "CareTeamMembers" m WHERE m."PersonId" = @p0 AND {Open}
              AND NOT EXISTS (SELECT 1 FROM "Visits" v WHERE v."PersonId" = @p0 AND v."PatientId" = m."PatientId") LIMIT @p4
            """, most).Read();
        return Ids(reader);
    }

    /// <summary>The newest visible entries of others after a cursor.</summary>
    public static List<EntryRow> News(DbSession session, WorklistViewer viewer, PatientId patient, long after, int most) =>
        Entries(Run(session, viewer, $"SELECT {TimelineSql.Columns} FROM \"TimelineEntries\" WHERE \"PatientId\" = @p4 AND \"Cursor\" > @p5 AND {Visible(viewer)} AND {NotMine} AND {Granted("\"TimelineEntries\".\"PatientId\"", "\"TimelineEntries\".\"Category\"")} ORDER BY \"Cursor\" DESC LIMIT @p6", patient.Value, after, most));

    /// <summary>Open questions that the viewer must answer; the earliest deadline first. Tasks and hand-offs have rows of their own (<see cref="TaskSql"/>).</summary>
    public static List<EntryRow> Mine(DbSession session, WorklistViewer viewer, int most) =>
        Entries(Run(session, viewer, $"""
            SELECT {TimelineSql.Columns} FROM "TimelineEntries" WHERE "ReplyOwner" = @p0 AND "AnsweredSeq" IS NULL AND "Retracted" = 0 AND {Visible(viewer)} AND {Granted("\"TimelineEntries\".\"PatientId\"", "\"TimelineEntries\".\"Category\"")}
              AND "Kind" = 1
            ORDER BY COALESCE("ReplyBy", "Until", 3155378975999999999), "PatientId", "Seq" LIMIT @p4
            """, most));

    /// <summary>What the viewer asked others and has no answer yet.</summary>
    public static List<EntryRow> Asked(DbSession session, WorklistViewer viewer, int most) =>
        Entries(Run(session, viewer, $"""
            SELECT {TimelineSql.Columns} FROM "TimelineEntries" WHERE "ReplyOwner" IS NOT NULL AND "AuthorId" = @p0 AND "Kind" = 1 AND "AnsweredSeq" IS NULL AND "Retracted" = 0 AND "ReplyOwner" <> @p0 AND {Visible(viewer)} AND {Granted("\"TimelineEntries\".\"PatientId\"", "\"TimelineEntries\".\"Category\"")}
            ORDER BY COALESCE("ReplyBy", 3155378975999999999), "PatientId", "Seq" LIMIT @p4
            """, most));

    /// <summary>Entries that name the viewer and were not seen yet, newest first.</summary>
    public static List<EntryRow> Mentions(DbSession session, WorklistViewer viewer, int most)
    {
        var keys = new List<(string Patient, long Seq)>();
        using (var reader = Run(session, viewer, $"SELECT n.\"PatientId\", n.\"Seq\" FROM \"Mentions\" n WHERE n.\"PersonId\" = @p0 AND n.\"SeenAt\" IS NULL AND {Visible(viewer, "n.")} AND {Granted("n.\"PatientId\"", "n.\"Category\"")} ORDER BY n.\"At\" DESC LIMIT @p4", most).Read())
        {
            while (reader.Read())
                keys.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return [.. keys.SelectMany(k => Entries(Run(session, viewer, $"SELECT {TimelineSql.Columns} FROM \"TimelineEntries\" WHERE \"PatientId\" = @p4 AND \"Seq\" = @p5 AND \"Retracted\" = 0 AND {Visible(viewer)} AND {Granted("\"TimelineEntries\".\"PatientId\"", "\"TimelineEntries\".\"Category\"")}", k.Patient, k.Seq)))];
    }

    /// <summary>Appointments of the viewer's patients in a stretch of time; with <paramref name="own"/> only those of the viewer.</summary>
    public static List<EntryRow> Appointments(DbSession session, WorklistViewer viewer, DateTime from, DateTime until, bool own, int most) =>
        Entries(Run(session, viewer, $"""
            SELECT {TimelineSql.Columns} FROM "TimelineEntries" WHERE "Kind" = 19 AND "Time" >= @p4 AND "Time" < @p5 AND "Retracted" = 0 AND "Status" NOT IN ('cancelled', 'noshow', 'entered-in-error') AND {Visible(viewer)}{(own ? " AND \"AuthorId\" = @p0" : "")}
              AND "PatientId" IN (SELECT m."PatientId" FROM "CareTeamMembers" m WHERE m."PersonId" = @p0 AND {Open}) AND {Granted("\"TimelineEntries\".\"PatientId\"", "\"TimelineEntries\".\"Category\"")}
            ORDER BY "Time", "Seq" LIMIT @p6
            """, from.Ticks, until.Ticks, most));

    /// <summary>The newest visible entries of a kind in one file.</summary>
    public static List<EntryRow> OfKind(DbSession session, WorklistViewer viewer, PatientId patient, int kind, int most) =>
        Entries(Run(session, viewer, $"SELECT {TimelineSql.Columns} FROM \"TimelineEntries\" WHERE \"PatientId\" = @p4 AND \"Kind\" = @p5 AND \"Retracted\" = 0 AND {Visible(viewer)} AND {Granted("\"TimelineEntries\".\"PatientId\"", "\"TimelineEntries\".\"Category\"")} ORDER BY \"Time\" DESC, \"Seq\" DESC LIMIT @p6", patient.Value, kind, most));

    /// <summary>Since when somebody is accountable for one file.</summary>
    public static DateTime? AccountableSince(DbSession session, WorklistViewer viewer, PatientId patient) =>
        Run(session, viewer, $"SELECT p.\"AccountableSince\" FROM \"Patients\" p WHERE p.\"Id\" = @p4 AND {Granted("p.\"Id\"", null)}", patient.Value).Number() is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    /// <summary>Who is on the team of one file, with the role in words where this team gives one.</summary>
    public static List<(PersonId Person, string? Role)> Team(DbSession session, WorklistViewer viewer, PatientId patient)
    {
        var members = new List<(PersonId, string?)>();
        using var reader = Run(session, viewer, $"SELECT t.\"PersonId\", t.\"RoleTitle\" FROM \"CareTeamMembers\" t WHERE t.\"PatientId\" = @p4 AND t.\"Since\" <= @p1 AND (t.\"Until\" IS NULL OR t.\"Until\" > @p1) AND t.\"Kind\" <> 10 AND {Granted("t.\"PatientId\"", null)} ORDER BY t.\"Key\"", patient.Value).Read();
        while (reader.Read())
            members.Add((new(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1)));
        return members;
    }

    /// <summary>The patient's own number, for who is shown the administrative data.</summary>
    public static string? PhoneOf(DbSession session, WorklistViewer viewer, PatientId patient)
    {
        using var reader = Run(session, viewer, $"SELECT p.\"Phone\" FROM \"Patients\" p WHERE p.\"Id\" = @p4 AND {Granted("p.\"Id\"", ((int)InformationCategory.Administrative).ToString(System.Globalization.CultureInfo.InvariantCulture))}", patient.Value).Read();
        return reader.Read() ? reader.TextOrNull(0) : null;
    }

    /// <summary>When the viewer last looked in any file.</summary>
    public static DateTime? LastLook(DbSession session, PersonId person) =>
        session.Sql("SELECT MAX(\"LastAt\") FROM \"Visits\" WHERE \"PersonId\" = @p0").With(person.Value).Number() is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    /// <summary>When the viewer was last in each of these files; those where they never were are left out.</summary>
    public static Dictionary<PatientId, DateTime> LastVisits(DbSession session, WorklistViewer viewer, IReadOnlyCollection<PatientId> patients)
    {
        var found = new Dictionary<PatientId, DateTime>();
        foreach (var patient in patients)
        {
            if (session.Sql("SELECT \"LastAt\" FROM \"Visits\" WHERE \"PersonId\" = @p0 AND \"PatientId\" = @p1").With(viewer.Person.Value, patient.Value).Number() is { } ticks)
                found[patient] = new DateTime(ticks, DateTimeKind.Utc);
        }

        return found;
    }

    /// <summary>Files whose folded name holds all of these words.</summary>
    public static List<(PatientId Patient, string SortName)> WithWords(DbSession session, WorklistViewer viewer, IReadOnlyList<string> words, int most)
    {
        var where = string.Concat(words.Select((_, i) => $" AND p.\"SortName\" LIKE @p{i + 5}"));
        using var reader = Run(session, viewer, $"SELECT p.\"Id\", p.\"SortName\" FROM {Files(viewer)}{where} ORDER BY p.\"SortName\", p.\"Id\" LIMIT @p4",
            [most, .. words.Select(w => (object?)$"%{w}%")]).Read();
        return Names(reader);
    }

    /// <summary>Every open file with its folded name, for comparing with typing errors; streams.</summary>
    public static void EachName(DbSession session, WorklistViewer viewer, Action<string, string> met)
    {
        using var reader = Run(session, viewer, $"SELECT p.\"Id\", p.\"SortName\" FROM {Files(viewer)}").Read();
        while (reader.Read())
            met(reader.GetString(0), reader.GetString(1));
    }

    /// <summary>Files of people born on this day.</summary>
    public static List<(PatientId Patient, string SortName)> BornOn(DbSession session, WorklistViewer viewer, DateOnly day, int most)
    {
        using var reader = Run(session, viewer, $"SELECT p.\"Id\", p.\"SortName\" FROM {Files(viewer)} AND p.\"BirthDate\" = @p4 ORDER BY p.\"SortName\", p.\"Id\" LIMIT @p5",
            day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), most).Read();
        return Names(reader);
    }

    /// <summary>Files whose national number begins so; eleven digits of which one is wrong find nothing here.</summary>
    public static List<(PatientId Patient, string SortName)> WithNumber(DbSession session, WorklistViewer viewer, string digits, int most)
    {
        using var reader = Run(session, viewer, $"SELECT p.\"Id\", p.\"SortName\" FROM \"Patients\" p WHERE p.\"Insz\" >= @p4 AND p.\"Insz\" < @p5 AND {Granted("p.\"Id\"", null)} ORDER BY p.\"Insz\" LIMIT @p6",
            digits, digits + ":", most).Read();
        return Names(reader);
    }

    /// <summary>Files whose national number differs in one digit, or in two neighbours that changed places.</summary>
    public static List<(PatientId Patient, string SortName)> NearNumber(DbSession session, WorklistViewer viewer, string digits, int most)
    {
        var patterns = Enumerable.Range(0, digits.Length).Select(i => $"{digits[..i]}_{digits[(i + 1)..]}")
            .Concat(Enumerable.Range(0, digits.Length - 1).Select(i => $"{digits[..i]}{digits[i + 1]}{digits[i]}{digits[(i + 2)..]}")).ToList();
        var where = string.Join(" OR ", patterns.Select((_, i) => $"p.\"Insz\" LIKE @p{i + 5}"));
        using var reader = Run(session, viewer, $"SELECT p.\"Id\", p.\"SortName\" FROM {Files(viewer)} AND ({where}) ORDER BY p.\"Insz\" LIMIT @p4", [most, .. patterns]).Read();
        return Names(reader);
    }

    /// <summary>A query with the viewer's parameters first.</summary>
    internal static Statement Run(DbSession session, WorklistViewer viewer, string sql, params ReadOnlySpan<object?> own) =>
        session.Sql(sql).With([viewer.Person.Value, viewer.Now.Ticks, (int)viewer.Reach.Elsewhere.Audience, (int)viewer.Reach.Elsewhere.Categories, .. own]);

    private static List<EntryRow> Entries(Statement statement)
    {
        var rows = new List<EntryRow>();
        using var reader = statement.Read();
        while (reader.Read())
            rows.Add(TimelineSql.Entry(reader));
        return rows;
    }

    private static List<PatientId> Ids(System.Data.Common.DbDataReader reader)
    {
        var ids = new List<PatientId>();
        while (reader.Read())
            ids.Add(new(reader.GetString(0)));
        return ids;
    }

    private static List<(PatientId, string)> Names(System.Data.Common.DbDataReader reader)
    {
        var found = new List<(PatientId, string)>();
        while (reader.Read())
            found.Add((new(reader.GetString(0)), reader.GetString(1)));
        return found;
    }
}
