using System.Data.Common;
using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>What narrows a timeline; part of the query.</summary>
internal sealed record TimelineFilter
{
    public static TimelineFilter None { get; } = new();

    public IReadOnlyCollection<CareLine>? Lines { get; init; }

    /// <summary>With <see cref="Lines"/>: entries whose line nobody knows are shown too.</summary>
    public IReadOnlyCollection<Discipline>? Disciplines { get; init; }
    public IReadOnlyCollection<int>? Kinds { get; init; }

    /// <summary>Only what this person wrote.</summary>
    public PersonId? Author { get; init; }

    /// <summary>Only what changed after this cursor and somebody else wrote.</summary>
    public (long After, PersonId NotBy)? NewSince { get; init; }

    /// <summary>Folded words that must all occur.</summary>
    public IReadOnlyList<string>? Words { get; init; }
    public bool PinnedOnly { get; init; }
}

/// <summary>The queries of the timeline, in SQL: keyset pages by (time, seq), changes by cursor. Reach is in every one of them.</summary>
internal static class TimelineSql
{
    /// <summary>Columns of an entry, in the order that <see cref="Entry"/> reads.</summary>
    public const string Columns = "\"PatientId\", \"Seq\", \"Cursor\", \"Time\", \"Precision\", \"Until\", \"Kind\", \"Category\", \"Audience\", \"Line\", \"Discipline\", \"AuthorId\", \"AuthorName\", \"AuthorRole\", \"Source\", \"Title\", \"Text\", \"Values\", \"ResourceType\", \"ResourceId\", \"Version\", \"AnswersSeq\", \"ReplyBy\", \"ReplyOwner\", \"AnsweredSeq\", \"PinnedAt\", \"PinnedBy\", \"Retracted\", \"RetractReason\", \"CorrectedAt\", \"RecordedAt\", \"Attachments\", \"Status\", \"ChangedBy\", \"AskedRole\"";

    private const string Visible = "\"PatientId\" = @p0 AND (\"Audience\" & @p1) <> 0 AND (\"Category\" & @p2) <> 0";

    // With how many answers this reach sees under each: one statement per page, not one per row.
    private const string Selected = Columns + ", (SELECT COUNT(*) FROM \"TimelineEntries\" a WHERE a.\"PatientId\" = @p0 AND a.\"AnswersSeq\" = \"TimelineEntries\".\"Seq\" AND (a.\"Audience\" & @p1) <> 0 AND (a.\"Category\" & @p2) <> 0) AS \"AnswerCount\"";

    /// <summary>Entries before a place (newest first), or the newest when there is none.</summary>
    public static List<EntryRow> Page(DbSession session, PatientRoom room, (DateTime Time, long Seq)? before, TimelineFilter filter, int count)
    {
        var (time, seq) = before ?? (DateTime.MaxValue, long.MaxValue);
        var (where, parameters) = Where(filter, 6);
        return Rows(session.Sql($"SELECT {Selected} FROM \"TimelineEntries\" WHERE {Visible} AND \"Time\" <= @p3 AND (\"Time\" < @p3 OR \"Seq\" < @p4){where} ORDER BY \"Time\" DESC, \"Seq\" DESC LIMIT @p5")
            .With([room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, time.Ticks, seq, count, .. parameters]));
    }

    /// <summary>Entries after a place in time (oldest first): for jumping to a date and scrolling up.</summary>
    public static List<EntryRow> PageUp(DbSession session, PatientRoom room, (DateTime Time, long Seq) after, TimelineFilter filter, int count)
    {
        var (where, parameters) = Where(filter, 6);
        return Rows(session.Sql($"SELECT {Selected} FROM \"TimelineEntries\" WHERE {Visible} AND \"Time\" >= @p3 AND (\"Time\" > @p3 OR \"Seq\" > @p4){where} ORDER BY \"Time\", \"Seq\" LIMIT @p5")
            .With([room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, after.Time.Ticks, after.Seq, count, .. parameters]));
    }

    /// <summary>What was committed after a cursor, oldest commit first.</summary>
    public static List<EntryRow> After(DbSession session, PatientId patient, Reach reach, long cursor, int count) =>
        Rows(session.Sql($"SELECT {Selected} FROM \"TimelineEntries\" WHERE {Visible} AND \"Cursor\" > @p3 ORDER BY \"Cursor\" LIMIT @p4")
            .With(patient.Value, (int)reach.Audience, (int)reach.Categories, cursor, count));

    /// <summary>The newest cursor that this reach can tell: moves only with what it may see.</summary>
    public static long VisibleCursor(DbSession session, PatientId patient, Reach reach) =>
        session.Sql($"SELECT \"Cursor\" FROM \"TimelineEntries\" WHERE {Visible} ORDER BY \"Cursor\" DESC LIMIT 1")
            .With(patient.Value, (int)reach.Audience, (int)reach.Categories).Number() ?? 0;

    /// <summary>How many visible entries others changed after a cursor.</summary>
    public static int CountNew(DbSession session, PatientId patient, Reach reach, long cursor, PersonId notBy) =>
        (int)session.Sql($"SELECT COUNT(*) FROM \"TimelineEntries\" WHERE {Visible} AND \"Cursor\" > @p3 AND (\"AuthorId\" IS NULL OR \"AuthorId\" <> @p4) AND (\"ChangedBy\" IS NULL OR \"ChangedBy\" <> @p4)")
            .With(patient.Value, (int)reach.Audience, (int)reach.Categories, cursor, notBy.Value).Number()!.Value;

    /// <summary>How many visible entries others wrote or changed after a cursor, one entry and what answers it apart.</summary>
    public static int CountSince(DbSession session, PatientRoom room, long cursor, PersonId notBy, long apart) =>
        (int)session.Sql($"SELECT COUNT(*) FROM \"TimelineEntries\" WHERE {Visible} AND \"Cursor\" > @p3 AND \"Seq\" <> @p5 AND (\"AnswersSeq\" IS NULL OR \"AnswersSeq\" <> @p5) AND (\"AuthorId\" IS NULL OR \"AuthorId\" <> @p4 OR \"ChangedBy\" <> @p4) AND (\"ChangedBy\" IS NULL OR \"ChangedBy\" <> @p4)")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, cursor, notBy.Value, apart).Number()!.Value;

    /// <summary>The newest visible commit of what was recorded or changed until a moment.</summary>
    public static long CursorAt(DbSession session, PatientRoom room, DateTime until) =>
        session.Sql($"SELECT MAX(\"Cursor\") FROM \"TimelineEntries\" WHERE {Visible} AND COALESCE(\"CorrectedAt\", \"RecordedAt\") <= @p3").With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, until.Ticks).Number() ?? 0;

    /// <summary>Those entries, oldest commit first.</summary>
    public static List<EntryRow> Since(DbSession session, PatientRoom room, long cursor, PersonId notBy, long apart, int most) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"TimelineEntries\" WHERE {Visible} AND \"Cursor\" > @p3 AND \"Seq\" <> @p5 AND (\"AnswersSeq\" IS NULL OR \"AnswersSeq\" <> @p5) AND (\"AuthorId\" IS NULL OR \"AuthorId\" <> @p4 OR \"ChangedBy\" <> @p4) AND (\"ChangedBy\" IS NULL OR \"ChangedBy\" <> @p4) ORDER BY \"Cursor\" LIMIT @p6")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, cursor, notBy.Value, apart, most));

    /// <summary>One visible entry by its number.</summary>
    public static EntryRow? One(DbSession session, PatientRoom room, long seq) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"TimelineEntries\" WHERE {Visible} AND \"Seq\" = @p3")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, seq)).FirstOrDefault();

    /// <summary>One visible entry by the resource behind it.</summary>
    public static EntryRow? One(DbSession session, PatientRoom room, string type, string id) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"TimelineEntries\" WHERE \"ResourceType\" = @p3 AND \"ResourceId\" = @p4 AND {Visible}")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, type, id)).FirstOrDefault();

    /// <summary>The answers to one entry, oldest commit first, whoever may see them; for writers only.</summary>
    public static List<EntryRow> AllAnswers(DbSession session, PatientId patient, long seq) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"TimelineEntries\" WHERE \"PatientId\" = @p0 AND \"AnswersSeq\" = @p1 ORDER BY \"Seq\"").With(patient.Value, seq));

    /// <summary>How many answers this reach sees under an entry.</summary>
    public static int CountAnswers(DbSession session, PatientId patient, Reach reach, long seq) =>
        (int)session.Sql($"SELECT COUNT(*) FROM \"TimelineEntries\" WHERE {Visible} AND \"AnswersSeq\" = @p3")
            .With(patient.Value, (int)reach.Audience, (int)reach.Categories, seq).Number()!.Value;

    /// <summary>The visible answers to one entry, oldest first.</summary>
    public static List<EntryRow> Answers(DbSession session, PatientRoom room, long seq) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"TimelineEntries\" WHERE {Visible} AND \"AnswersSeq\" = @p3 ORDER BY \"Time\", \"Seq\"")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, seq));

    private static (string Where, IReadOnlyList<object?> Parameters) Where(TimelineFilter filter, int first)
    {
        if (ReferenceEquals(filter, TimelineFilter.None))
            return ("", []);
        var where = new StringBuilder();
        var parameters = new List<object?>();
        string Next(object? value)
        {
            parameters.Add(value);
            return "@p" + (first + parameters.Count - 1).ToString(CultureInfo.InvariantCulture);
        }

        // Numbers of enumerations go into the text: they come from code, and each set is one statement.
        if (filter.Lines is { } lines)
            where.Append(" AND (\"Line\" IN (").AppendJoin(',', lines.Select(l => (int)l)).Append(lines.Count == 0 ? "-1" : "").Append(") OR \"Line\" IS NULL)");
        if (filter.Disciplines is { Count: > 0 } disciplines)
            where.Append(" AND \"Discipline\" ").Append(OneOf([.. disciplines.Select(d => (int)d)]));
        if (filter.Kinds is { Count: > 0 } kinds)
            where.Append(" AND \"Kind\" ").Append(OneOf([.. kinds]));
        if (filter.Author is { } author)
            where.Append(" AND \"AuthorId\" = ").Append(Next(author.Value));
        if (filter.NewSince is { } since)
            where.Append(" AND \"Cursor\" > ").Append(Next(since.After)).Append(" AND (\"AuthorId\" IS NULL OR \"AuthorId\" <> ").Append(Next(since.NotBy.Value)).Append(") AND (\"ChangedBy\" IS NULL OR \"ChangedBy\" <> ").Append(Next(since.NotBy.Value)).Append(')');
        if (filter.PinnedOnly)
            where.Append(" AND \"PinnedAt\" IS NOT NULL");
        foreach (var word in filter.Words ?? [])
            where.Append(" AND \"Search\" LIKE ").Append(Next("%" + Cells.Like(word) + "%")).Append(" ESCAPE '~'");
        return (where.ToString(), parameters);
    }

    /// <summary>A single one is said by an equals sign: only then SQLite sees that a partial index holds it.</summary>
    private static string OneOf(ReadOnlySpan<int> numbers) => numbers.Length == 1 ? $"= {numbers[0]}" : $"IN ({string.Join(',', numbers.ToArray())})";

    private static List<EntryRow> Rows(Statement statement)
    {
        var rows = new List<EntryRow>();
        using var reader = statement.Read();
        while (reader.Read())
            rows.Add(Entry(reader));
        return rows;
    }

    /// <summary>The entry at the reader.</summary>
    public static EntryRow Entry(DbDataReader r) => new()
    {
        PatientId = new(r.GetString(0)),
        Seq = r.GetInt64(1),
        Cursor = r.GetInt64(2),
        Time = r.Instant(3),
        Precision = (DatePrecision)r.GetInt32(4),
        Until = r.InstantOrNull(5),
        Kind = r.GetInt32(6),
        Category = (InformationCategory)r.GetInt32(7),
        Audience = (Audience)r.GetInt32(8),
        Line = r.LineOrNull(9),
        Discipline = (Discipline)r.GetInt32(10),
        AuthorId = r.PersonOrNull(11),
        AuthorName = r.TextOrNull(12),
        AuthorRole = r.TextOrNull(13),
        Source = r.TextOrNull(14),
        Title = r.GetString(15),
        Text = r.TextOrNull(16),
        Values = r.TextOrNull(17),
        ResourceType = r.GetString(18),
        ResourceId = r.GetString(19),
        Version = r.GetInt32(20),
        AnswersSeq = r.IsDBNull(21) ? null : r.GetInt64(21),
        ReplyBy = r.InstantOrNull(22),
        ReplyOwner = r.PersonOrNull(23),
        AnsweredSeq = r.IsDBNull(24) ? null : r.GetInt64(24),
        PinnedAt = r.InstantOrNull(25),
        PinnedBy = r.PersonOrNull(26),
        Retracted = r.GetInt64(27) != 0,
        RetractReason = r.TextOrNull(28),
        CorrectedAt = r.InstantOrNull(29),
        RecordedAt = r.Instant(30),
        Attachments = r.TextOrNull(31),
        Status = r.TextOrNull(32),
        AnswerCount = r.FieldCount > 35 ? r.GetInt32(35) : 0,
        ChangedBy = r.PersonOrNull(33),
        AskedRole = r.IsDBNull(34) ? null : (Discipline)r.GetInt32(34),
    };
}
