using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Entries of one kind and line in one slot of the axis: what is drawn is their number, or the one that it is.</summary>
internal sealed class EntryGroup(CareLine? line, int kind, long slot, DateTime first, long seq)
{
    public CareLine? Line => line;
    public int Kind => kind;
    public long Slot => slot;
    public int Count { get; private set; }
    public DateTime First { get; private set; } = first;
    public DateTime Last { get; private set; } = first;

    /// <summary>The newest of them.</summary>
    public long Seq { get; private set; } = seq;

    /// <summary>One more.</summary>
    public void Add(DateTime at, long number)
    {
        Count++;
        First = at < First ? at : First;
        Last = at > Last ? at : Last;
        Seq = Math.Max(Seq, number);
    }
}

/// <summary>Something that lasts: a contact, an episode of care, a plan.</summary>
internal sealed record LastingEntry(long Seq, string Reference, string Title, CareLine? Line, DateTime From, DateTime? Until, string? Status, int Kind);

/// <summary>Tasks of one line and state in one slot of the axis.</summary>
internal sealed record TaskGroup(CareLine? Line, bool Open, int Status, long Slot, int Count, DateTime First, DateTime Last, string Id);

/// <summary>The last value of a quantity in one slot of the axis.</summary>
internal sealed record SlotValue(string Code, decimal Value, string? Unit, string? Ucum, DateTime Time, CareLine? Line, string Reference);

/// <summary>The piece of time that is read, cut in slots of the wall clock: summer time shifts what comes after it.</summary>
/// <param name="From">First instant, UTC.</param>
/// <param name="Until">First instant after it, UTC.</param>
/// <param name="SlotTicks">Length of a slot.</param>
/// <param name="Shifts">When the clock changes inside the piece, and how far it then stands from the clock at <paramref name="From"/>; at most three.</param>
internal sealed record SlottedTime(DateTime From, DateTime Until, long SlotTicks, IReadOnlyList<(DateTime At, long Ticks)> Shifts)
{
    private readonly (DateTime At, long Ticks)[] _shifts = [.. Shifts];

    /// <summary>The slot of an instant in the piece.</summary>
    public long SlotOf(DateTime at)
    {
        var shift = 0L;
        foreach (var change in _shifts)
            shift = at >= change.At ? change.Ticks : shift;
        return ((at - From).Ticks + shift) / SlotTicks;
    }
}

/// <summary>
/// The queries of the care lines, in SQL. Entries are counted per slot as they are read, so that a file of many entries gives no more to a page than one of few;
/// no column of text is read but the titles of what is drawn. Reach is in every one of them.
/// </summary>
internal static partial class LanesSql
{
    /// <summary>Most titles that one picture needs; asked for in two sizes, so that there are two prepared statements.</summary>
    private static readonly int[] TitleSizes = [48, 400];

    /// <summary>Contacts (11) and plans (14) are bars when they last: see <see cref="Lasting"/>.</summary>
    private const string LastingKinds = "11, 14";
    private const string OpenStatuses = "'in-progress', 'active', 'onleave', 'on-hold', 'triaged', 'arrived'";

    private static string Visible(string e) => $"{e}\"PatientId\" = @p0 AND ({e}\"Audience\" & @p1) <> 0 AND ({e}\"Category\" & @p2) <> 0";

    /// <summary>The query as it stands; where the actor looks as somebody else does, with their reach beside the actor's wherever that is asked. Numbers only: nothing of a person comes into the text.</summary>
    internal static string For(PatientRoom room, string sql) => room.Through is not { } other ? sql
        : OwnReach().Replace(sql, own => $"{own.Value} AND ({own.Groups[1].Value}\"Audience\" & {(int)other.Audience}) <> 0 AND ({own.Groups[1].Value}\"Category\" & {(int)other.Categories}) <> 0");

    [System.Text.RegularExpressions.GeneratedRegex("""\((\w+\.)?"Category" & @p2\) <> 0""")]
    private static partial System.Text.RegularExpressions.Regex OwnReach();

    // Long enough to be seen as a bar, or still going on.
    private static string LastsLong(string e, string threshold) =>
        $"(({e}\"Until\" IS NOT NULL AND {e}\"Until\" - {e}\"Time\" >= {threshold}) OR ({e}\"Until\" IS NULL AND COALESCE({e}\"Status\", '') IN ({OpenStatuses})))";

    /// <summary>Answers, tasks, hand-offs and their steps are no marks of entries: a bit for each kind, which SQLite compares for less than a list.</summary>
    private const long NotMarks = 1L << 2 | 1L << 5 | 1L << 6 | 1L << 7 | 1L << 27 | 1L << 28;
    private const long MayLast = 1L << 11 | 1L << 14;

    // Line and kind come as one number, 7 where nobody knows the line: of a busy year every value of a row counts.
    private const int UnknownLine = 7;
    private const int KindBits = 6;

    private static readonly string EntriesText =
        $"""
        SELECT COALESCE("Line", {UnknownLine}) * {1 << KindBits} + "Kind", "Time", "Seq" FROM "TimelineEntries" WHERE {Visible("")} AND "Time" >= @p3 AND "Time" < @p4
        AND "Retracted" = 0 AND (({NotMarks | MayLast} >> "Kind") & 1 = 0 OR ("Kind" IN ({LastingKinds}) AND NOT {LastsLong("", "@p5")}))
        """;

    private static readonly string TasksText =
        $"""
        SELECT g."L", g."O", g."Z", g."S", COUNT(*), MIN(g."T"), MAX(g."T"), MAX(g."I") FROM (
        SELECT t."L", t."O", t."Z", t."T", t."I", (t."T" - @p3 + CASE WHEN t."T" >= @p10 THEN @p11 WHEN t."T" >= @p8 THEN @p9 WHEN t."T" >= @p6 THEN @p7 ELSE 0 END) / @p5 AS "S" FROM (
        SELECT "OwnerLine" AS "L", 1 AS "O", "Status" AS "Z", COALESCE("DueAt", "AuthoredOn") AS "T", "Id" AS "I" FROM "Tasks" WHERE {Visible("")} AND "Open" = 1 AND "IsHandoff" = 0 AND "Status" <> 0
        UNION ALL
        SELECT "OwnerLine", 0, "Status", "ClosedAt", "Id" FROM "Tasks" WHERE {Visible("")} AND "Open" = 0 AND "IsHandoff" = 0 AND "Status" IN (4, 6, 9, 10) AND "ClosedAt" IS NOT NULL
        ) t WHERE t."T" >= @p3 AND t."T" < @p4) g GROUP BY g."L", g."O", g."Z", g."S"
        """;

    // CROSS JOIN keeps the tables in this order: the other way round SQLite looks at every entry of the file.
    internal static readonly string LastingText =
        $"""
        SELECT e."Seq", e."ResourceType", e."ResourceId", e."Title", e."Line", e."Time", e."Until", e."Status", e."Kind" FROM "Resources" r
        CROSS JOIN "TimelineEntries" e
        WHERE e."ResourceType" = r."Type" AND e."ResourceId" = r."Id" AND r."PatientId" = @p0 AND r."Type" IN ('Encounter', 'EpisodeOfCare', 'CarePlan') AND r."DateFrom" < @p4 AND r."DateTo" >= @p3
        AND {Visible("e.")} AND e."Retracted" = 0 AND e."Kind" IN ({LastingKinds}) AND e."Time" < @p4 AND (e."Until" IS NULL OR e."Until" >= @p3) AND {LastsLong("e.", "@p5")}
        ORDER BY e."Time" DESC, e."Seq" DESC LIMIT @p6
        """;

    /// <summary>What happened in the piece, counted by line, kind and slot, in no order; what lasts apart (<see cref="Lasting"/>), tasks and hand-offs apart.</summary>
    public static List<EntryGroup> Entries(DbSession session, PatientRoom room, SlottedTime time, long barTicks)
    {
        // Counted here: SQLite would sort all of them to put those of a slot together.
        var groups = new Dictionary<long, EntryGroup>();
        using var reader = session.Sql(For(room, EntriesText)).With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, time.From.Ticks, time.Until.Ticks, barTicks).Read();
        while (reader.Read())
        {
            var (what, at, seq) = (reader.GetInt32(0), At(reader, 1), reader.GetInt64(2));
            var slot = time.SlotOf(at);
            ref var group = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(groups, slot << 32 | (long)what, out var known);
            if (!known)
                group = new(what >> KindBits is not UnknownLine and var line ? (CareLine)line : null, what & ((1 << KindBits) - 1), slot, at, seq);
            group!.Add(at, seq);
        }

        return [.. groups.Values];
    }

    /// <summary>Tasks by line, state and slot: open ones where they are due, closed ones where they ended.</summary>
    public static List<TaskGroup> Tasks(DbSession session, PatientRoom room, SlottedTime time)
    {
        var groups = new List<TaskGroup>();
        using var reader = session.Sql(For(room, TasksText)).With(Slotted(room, time)).Read();
        while (reader.Read())
            groups.Add(new(Line(reader, 0), reader.GetInt64(1) != 0, reader.GetInt32(2), reader.GetInt64(3), reader.GetInt32(4), At(reader, 5), At(reader, 6), reader.GetString(7)));
        return groups;
    }

    /// <summary>What lasts and touches the piece, the newest first. Found by the resources of these types, so that the rest of the file is not looked at.</summary>
    public static List<LastingEntry> Lasting(DbSession session, PatientRoom room, DateTime from, DateTime until, long barTicks, int most)
    {
        var found = new List<LastingEntry>();
        using var reader = session.Sql(For(room, LastingText)).With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, from.Ticks, until.Ticks, barTicks, most).Read();
        while (reader.Read())
            found.Add(new(reader.GetInt64(0), reader.GetString(1) + "/" + reader.GetString(2), reader.GetString(3), Line(reader, 4), At(reader, 5), reader.IsDBNull(6) ? null : At(reader, 6), reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetInt32(8)));
        return found;
    }

    /// <summary>Hand-offs that were offered, waited or were answered in the piece, the newest offer first.</summary>
    public static List<TaskRow> Handoffs(DbSession session, PatientRoom room, DateTime from, DateTime until, int most) => TaskSql.Between(session, room, from, until, most);

    /// <summary>Titles and references of these entries; of those that the room may see.</summary>
    public static Dictionary<long, (string Title, string Reference)> Titles(DbSession session, PatientRoom room, IReadOnlyList<long> entries)
    {
        var titles = new Dictionary<long, (string, string)>();
        if (entries.Count == 0)
            return titles;
        var size = Array.Find(TitleSizes, s => s >= entries.Count) is > 0 and var fits ? fits : TitleSizes[^1];
        using var reader = session.Sql(For(room, $"SELECT \"Seq\", \"Title\", \"ResourceType\", \"ResourceId\" FROM \"TimelineEntries\" WHERE {Visible("")} AND \"Seq\" IN ({Places(3, size)})"))
            .With([room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, .. Padded(entries, size).Cast<object?>()]).Read();
        while (reader.Read())
            titles[reader.GetInt64(0)] = (reader.GetString(1), reader.GetString(2) + "/" + reader.GetString(3));
        return titles;
    }

    /// <summary>Titles of these tasks; of those that the room may see.</summary>
    public static Dictionary<string, string> TaskTitles(DbSession session, PatientRoom room, IReadOnlyList<string> tasks)
    {
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        if (tasks.Count == 0)
            return titles;
        var size = Array.Find(TitleSizes, s => s >= tasks.Count) is > 0 and var fits ? fits : TitleSizes[^1];
        using var reader = session.Sql(For(room, $"SELECT \"Id\", \"Title\" FROM \"Tasks\" WHERE {Visible("")} AND \"Id\" IN ({Places(3, size)})"))
            .With([room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, .. Padded(tasks, size)]).Read();
        while (reader.Read())
            titles[reader.GetString(0)] = reader.GetString(1);
        return titles;
    }

    /// <summary>Which of these codes were measured, and not withdrawn, in the piece.</summary>
    public static List<string> Measured(DbSession session, PatientRoom room, DateTime from, DateTime until, IReadOnlyList<string> codes)
    {
        var found = new List<string>();
        using var reader = session.Sql(For(room, $"SELECT c.\"Code\" FROM ({string.Join(" UNION ALL ", codes.Select((_, i) => $"SELECT @p{i + 5} AS \"Code\""))}) c WHERE EXISTS (SELECT 1 FROM \"Measurements\" m WHERE {Visible("m.")} AND m.\"Code\" = c.\"Code\" AND m.\"Time\" >= @p3 AND m.\"Time\" < @p4 AND m.\"Value\" IS NOT NULL AND {NotWithdrawn})"))
            .With([room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, from.Ticks, until.Ticks, .. codes]).Read();
        while (reader.Read())
            found.Add(reader.GetString(0));
        return found;
    }

    /// <summary>The last value in each slot of the piece, oldest first.</summary>
    public static List<SlotValue> Values(DbSession session, PatientRoom room, DateTime from, DateTime until, long slotTicks, IReadOnlyList<string> codes)
    {
        var found = new List<SlotValue>();
        using var reader = session.Sql(For(room,
            $"""
            SELECT v."Code", v."Value", v."Unit", v."Ucum", v."Time", v."Line", e."ResourceType", e."ResourceId" FROM (
            SELECT m."Seq", m."Code", m."Value", m."Unit", m."Ucum", m."Time", m."Line", ROW_NUMBER() OVER (PARTITION BY (m."Time" - @p3) / @p5 ORDER BY m."Time" DESC, m."Seq" DESC, m."Position" DESC) AS "N"
            FROM "Measurements" m WHERE {Visible("m.")} AND m."Code" IN ({Places(6, codes.Count)}) AND m."Time" >= @p3 AND m."Time" < @p4 AND m."Value" IS NOT NULL AND {NotWithdrawn}) v
            JOIN "TimelineEntries" e ON e."PatientId" = @p0 AND e."Seq" = v."Seq" WHERE v."N" = 1 ORDER BY v."Time"
            """)).With([room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, from.Ticks, until.Ticks, slotTicks, .. codes]).Read();
        while (reader.Read())
            found.Add(new(reader.GetString(0), reader.GetDecimal(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), At(reader, 4), Line(reader, 5), reader.GetString(6) + "/" + reader.GetString(7)));
        return found;
    }

    /// <summary>Who was accountable in the piece, oldest first, and who before it.</summary>
    public static List<(PersonId Person, DateTime Since, DateTime? Until)> Accountable(DbSession session, PatientRoom room, DateTime from, DateTime until, int most)
    {
        var found = new List<(PersonId, DateTime, DateTime?)>();
        using var reader = session.Sql("SELECT \"PersonId\", \"Since\", \"Until\" FROM \"AccountabilityPeriods\" WHERE \"PatientId\" = @p0 AND \"Since\" < @p2 AND (\"Until\" IS NULL OR \"Until\" > @p1) ORDER BY \"Since\" DESC, \"Key\" DESC LIMIT @p3")
            .With(room.Patient.Value, from.Ticks, until.Ticks, most).Read();
        while (reader.Read())
            found.Add((new PersonId(reader.GetString(0)), At(reader, 1), reader.IsDBNull(2) ? null : At(reader, 2)));
        found.Reverse();
        return found;
    }

    /// <summary>Clinical time of the last entry before an instant; null when there is none.</summary>
    public static DateTime? Before(DbSession session, PatientRoom room, DateTime until) =>
        Ask(session, room, $"SELECT \"Time\" FROM \"TimelineEntries\" WHERE {Visible("")} AND \"Time\" < @p3 AND \"Retracted\" = 0 ORDER BY \"Time\" DESC LIMIT 1", until);

    /// <summary>Clinical time of the first entry from an instant on; null when there is none.</summary>
    public static DateTime? From(DbSession session, PatientRoom room, DateTime from) =>
        Ask(session, room, $"SELECT \"Time\" FROM \"TimelineEntries\" WHERE {Visible("")} AND \"Time\" >= @p3 AND \"Retracted\" = 0 ORDER BY \"Time\" LIMIT 1", from);

    private static DateTime? Ask(DbSession session, PatientRoom room, string sql, DateTime at) =>
        session.Sql(For(room, sql)).With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, at.Ticks).Number() is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    // What an entry withdrew is on the timeline, struck through; it is no measurement any more.
    private const string NotWithdrawn = "EXISTS (SELECT 1 FROM \"TimelineEntries\" w WHERE w.\"PatientId\" = m.\"PatientId\" AND w.\"Seq\" = m.\"Seq\" AND w.\"Retracted\" = 0)";

    private static object?[] Slotted(PatientRoom room, SlottedTime time)
    {
        var values = new object?[12];
        (values[0], values[1], values[2], values[3], values[4], values[5]) = (room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, time.From.Ticks, time.Until.Ticks, time.SlotTicks);
        for (var i = 0; i < 3; i++)
            (values[6 + 2 * i], values[7 + 2 * i]) = i < time.Shifts.Count ? (time.Shifts[i].At.Ticks, time.Shifts[i].Ticks) : (long.MaxValue, 0L);
        return values;
    }

    private static string Places(int first, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append(i == 0 ? "@p" : ", @p").Append((first + i).ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static IEnumerable<T> Padded<T>(IReadOnlyList<T> items, int size) => Enumerable.Range(0, size).Select(i => items[Math.Min(i, items.Count - 1)]);

    private static CareLine? Line(System.Data.Common.DbDataReader r, int i) => r.IsDBNull(i) ? null : (CareLine)r.GetInt32(i);

    private static DateTime At(System.Data.Common.DbDataReader r, int i) => new(r.GetInt64(i), DateTimeKind.Utc);
}
