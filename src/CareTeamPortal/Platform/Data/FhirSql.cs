using System.Buffers.Binary;
using System.Data.Common;
using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>A stored resource with its bytes, as FHIR answers need it.</summary>
/// <param name="Sort">The number it was sorted by.</param>
/// <param name="Word">The word it was sorted by, when that is none.</param>
internal sealed record FhirRow(long Key, string Type, string Id, int Version, DateTime LastUpdated, byte[] Json, long Sort, string? Word = null)
{
    /// <summary>Where a page ends that ends with it.</summary>
    public FhirPlace Place => new(Sort, Key, Word);
}

/// <summary>A place in a sorted search: by number or word, then by key.</summary>
internal readonly record struct FhirPlace(long Sort, long Key, string? Word = null) : IComparable<FhirPlace>
{
    /// <inheritdoc/>
    public int CompareTo(FhirPlace other) =>
        Sort != other.Sort ? Sort.CompareTo(other.Sort)
        : Encoding.UTF8.GetBytes(Word ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other.Word ?? "")) is not 0 and var order ? order // bytes, as the database compares
        : Key.CompareTo(other.Key);

    /// <summary>For a link to the next page.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16 + Encoding.UTF8.GetByteCount(Word ?? "")];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Sort);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), Key);
        Encoding.UTF8.GetBytes(Word ?? "", bytes.AsSpan(16));
        return bytes;
    }

    /// <summary>The place that <see cref="ToBytes"/> wrote; null when it is none.</summary>
    public static FhirPlace? From(byte[]? bytes) => bytes is not { Length: >= 16 } ? null
        : new(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8)), Encoding.UTF8.GetString(bytes, 16, bytes.Length - 16));
}

/// <summary>One entry of a patient's timeline: its place, and the version of the resource behind it. Numbers only, because most of the bytes are in memory already.</summary>
internal readonly record struct TimelineKey(long TimeTicks, long Seq, long Cursor, int Version);

/// <summary>Searches over stored resources, in SQL. In a file the room's patient and reach are part of every statement.</summary>
internal static class FhirSql
{
    private const string Reached = "r.\"PatientId\" = @p0 AND r.\"Type\" = @p1 AND ((r.\"Audience\" & @p2) <> 0 AND (r.\"Category\" & @p3) <> 0";

    // A Task that was not asked yet reaches nobody but whoever writes it.
    private const string OwnConcept = " OR (r.\"Audience\" = 0 AND EXISTS (SELECT 1 FROM \"Tasks\" k WHERE k.\"Id\" = r.\"Id\" AND k.\"PatientId\" = r.\"PatientId\" AND k.\"Audience\" = 0 AND k.\"RequesterId\" = @p4))";

    private static string Visible(string type) => type == "Task" ? Reached + OwnConcept + ")" : Reached + ")";
    private const string Columns = "r.\"Key\", r.\"Id\", r.\"Version\", r.\"LastUpdated\", r.\"Status\", r.\"Tokens\", r.\"DateFrom\", r.\"DateTo\", r.\"Json\"";

    /// <summary>One page of a search in an open file. Reads on until the page is full, because the index narrows and the query decides.</summary>
    /// <param name="ids">Only these, when an id or an identifier was asked for.</param>
    /// <param name="after">Where the page before ended.</param>
    public static (List<FhirRow> Rows, bool More) Search(DbSession session, PatientRoom room, SearchQuery query, IReadOnlyCollection<string>? ids, FhirPlace? after, int count)
    {
        var rows = new List<FhirRow>(Math.Min(count, 64));
        if (ids is not null)
        {
            var found = ids.Select(id => One(session, room, query, id)).OfType<FhirRow>();
            var ordered = query.Descending ? found.OrderByDescending(r => r.Place) : found.OrderBy(r => r.Place);
            foreach (var row in ordered)
            {
                if (after is { } place && row.Place.CompareTo(place) * (query.Descending ? -1 : 1) <= 0) continue;
                if (rows.Count == count) return (rows, true);
                rows.Add(row);
            }
            return (rows, false);
        }

        using var reader = Open(session, room, query, $"{Columns}, {SortedBy(query)}", after);
        while (reader.Read())
        {
            if (!Matches(reader, query)) continue;
            if (rows.Count == count) return (rows, true);
            rows.Add(Row(reader, query));
        }
        return (rows, false);
    }

    /// <summary>How many resources of the file match.</summary>
    public static int Count(DbSession session, PatientRoom room, SearchQuery query, IReadOnlyCollection<string>? ids)
    {
        if (ids is not null) return ids.Count(id => One(session, room, query, id) is not null);
        var count = 0;
        using var reader = Open(session, room, query, Columns, null);
        while (reader.Read())
            if (Matches(reader, query)) count++;
        return count;
    }

    private static DbDataReader Open(DbSession session, PatientRoom room, SearchQuery query, string columns, FhirPlace? after)
    {
        var where = new StringBuilder();
        var parameters = new List<object?> { room.Patient.Value, query.Type, (int)room.Reach.Audience, (int)room.Reach.Categories, room.Actor.Person.Value };
        string Next(object? value)
        {
            parameters.Add(value);
            return $"@p{parameters.Count - 1}";
        }

        var column = SortedBy(query);
        var (direction, beyond) = query.Descending ? ("DESC", "<") : ("ASC", ">");
        if (after is { } place)
        {
            var sort = query.SortsByWord ? Next(place.Word ?? "") : Next(place.Sort);
            where.Append($" AND ({column} {beyond} {sort} OR ({column} = {sort} AND r.\"Key\" {beyond} {Next(place.Key)}))");
        }
        foreach (var (kind, any) in query.Codes.Select(c => ('c', c)).Concat(query.Categories.Select(c => ('g', c))))
            if (any is [{ System: { Length: > 0 } system, Code: { } code }]) where.Append($" AND r.\"Tokens\" LIKE {Next($"%\n{kind}:{Cells.Like(system)}|{Cells.Like(code)}\n%")} ESCAPE '~'");
        foreach (var any in query.Dates)
        {
            if (any is not [var date]) continue;
            if (date.Prefix is "gt" or "ge" or "sa") where.Append($" AND r.\"DateTo\" >= {Next(date.Start.Ticks)}");
            else if (date.Prefix is "lt" or "le" or "eb") where.Append($" AND r.\"DateFrom\" < {Next(date.End.Ticks)}");
            else if (date.Prefix == "eq") where.Append($" AND r.\"DateFrom\" >= {Next(date.Start.Ticks)} AND r.\"DateFrom\" < {Next(date.End.Ticks)}");
        }
        return session.Sql($"SELECT {columns} FROM \"Resources\" r WHERE {Visible(query.Type)}{where} ORDER BY {column} {direction}, r.\"Key\" {direction}").With([.. parameters]).Stream();
    }

    /// <summary>What a search is sorted by. Of a Task its row beside the resource says it: the deadline (none comes last), how urgent, the state, who has it and who asked by name; its first code with the system.</summary>
    private static string SortedBy(SearchQuery query) => query.Sort switch
    {
        "date" => "COALESCE(r.\"DateFrom\", 0)",
        "_id" => "r.\"Id\"",
        "period" => OfTaskRow("DueSort"),
        "priority" => OfTaskRow("Priority"),
        "status" => OfTaskRow("Status"),
        "owner" => $"LOWER({OfTaskRow("OwnerName", "''")})",
        "requester" => $"LOWER({OfTaskRow("RequesterName", "''")})",
        "code" => "CASE WHEN INSTR(r.\"Tokens\", CHAR(10) || 'c:') > 0 THEN SUBSTR(r.\"Tokens\", INSTR(r.\"Tokens\", CHAR(10) || 'c:') + 3) ELSE '' END",
        _ => "r.\"LastUpdated\"",
    };

    private static string OfTaskRow(string column, string none = "0") => $"COALESCE((SELECT s.\"{column}\" FROM \"Tasks\" s WHERE s.\"PatientId\" = r.\"PatientId\" AND s.\"Id\" = r.\"Id\"), {none})";

    private static FhirRow? One(DbSession session, PatientRoom room, SearchQuery query, string id)
    {
        using var reader = session.Sql($"SELECT {Columns}, {SortedBy(query)} FROM \"Resources\" r WHERE {Visible(query.Type)} AND r.\"Id\" = @p5")
            .With(room.Patient.Value, query.Type, (int)room.Reach.Audience, (int)room.Reach.Categories, room.Actor.Person.Value, id).Read();
        return reader.Read() && Matches(reader, query) ? Row(reader, query) : null;
    }

    private static bool Matches(DbDataReader r, SearchQuery query) =>
        query.Matches(r.TextOrNull(4), r.TextOrNull(5), r.InstantOrNull(6), r.InstantOrNull(7), r.Instant(3)) && (query.Content.Count == 0 || query.MatchesContent(r.GetFieldValue<byte[]>(8)));

    private static FhirRow Row(DbDataReader r, SearchQuery query) =>
        new(r.GetInt64(0), query.Type, r.GetString(1), r.GetInt32(2), r.Instant(3), r.GetFieldValue<byte[]>(8), query.SortsByWord ? 0 : r.GetInt64(9), query.SortsByWord ? r.GetString(9) : null);

    /// <summary>Resources of the file of every type, in the order in which they came, after a key.</summary>
    public static (List<FhirRow> Rows, bool More) All(DbSession session, PatientRoom room, long after, int count)
    {
        var rows = new List<FhirRow>(count);
        // The keys first: sorting a whole file with its bytes would carry them all along for every piece.
        using var reader = session.Sql($"SELECT x.\"Key\", x.\"Type\", x.\"Id\", x.\"Version\", x.\"LastUpdated\", x.\"Json\" FROM (SELECT r.\"Key\" AS \"K\" FROM \"Resources\" r WHERE r.\"PatientId\" = @p0 AND r.\"Key\" > @p1 AND ((r.\"Audience\" & @p2) <> 0 AND (r.\"Category\" & @p3) <> 0{OwnConcept.Replace("(r.\"Audience\" = 0", "(r.\"Type\" = 'Task' AND r.\"Audience\" = 0", StringComparison.Ordinal)}) ORDER BY r.\"Key\" LIMIT @p5) k CROSS JOIN \"Resources\" x WHERE x.\"Key\" = k.\"K\" ORDER BY k.\"K\"")
            .With(room.Patient.Value, after, (int)room.Reach.Audience, (int)room.Reach.Categories, room.Actor.Person.Value, count + 1).Read();
        while (reader.Read())
        {
            if (rows.Count == count) return (rows, true);
            rows.Add(new FhirRow(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.Instant(4), reader.GetFieldValue<byte[]>(5), 0));
        }
        return (rows, false);
    }

    /// <summary>One visible resource of the file, current version.</summary>
    public static FhirRow? One(DbSession session, PatientRoom room, string type, string id) => One(session, room, new SearchQuery { Type = type }, id);

    /// <summary>The versions of a visible resource that this reach may see, newest first; the present one is not among them.</summary>
    public static List<FhirRow> OlderVersions(DbSession session, PatientRoom room, string type, string id)
    {
        var rows = new List<FhirRow>();
        // Of what one asked, the versions from before stay one's own.
        var own = type == "Task" ? " OR (v.\"Audience\" = 0 AND EXISTS (SELECT 1 FROM \"Tasks\" k WHERE k.\"Id\" = v.\"Id\" AND k.\"PatientId\" = v.\"PatientId\" AND k.\"RequesterId\" = @p5))" : "";
        using var reader = session.Sql($"SELECT v.\"Version\", v.\"LastUpdated\", v.\"Json\" FROM \"ResourceVersions\" v WHERE v.\"Type\" = @p0 AND v.\"Id\" = @p1 AND v.\"PatientId\" = @p2 AND ((v.\"Audience\" & @p3) <> 0 AND (v.\"Category\" & @p4) <> 0{own}) ORDER BY v.\"Version\" DESC")
            .With(type, id, room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, room.Actor.Person.Value).Read();
        while (reader.Read())
            rows.Add(new FhirRow(0, type, id, reader.GetInt32(0), reader.Instant(1), reader.GetFieldValue<byte[]>(2), 0));
        return rows;
    }

    /// <summary>Entries newest first, before a place.</summary>
    public static List<TimelineKey> Timeline(DbSession session, PatientRoom room, (DateTime Time, long Seq)? before, int count)
    {
        var (time, seq) = before ?? (DateTime.MaxValue, long.MaxValue);
        return Timeline(session.Sql(TimelineSelect + "AND \"Time\" <= @p3 AND (\"Time\" < @p3 OR \"Seq\" < @p4) ORDER BY \"Time\" DESC, \"Seq\" DESC LIMIT @p5")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, time.Ticks, seq, count), count);
    }

    /// <summary>Entries that were committed after a cursor, oldest commit first.</summary>
    public static List<TimelineKey> TimelineAfter(DbSession session, PatientRoom room, long cursor, int count) =>
        Timeline(session.Sql(TimelineSelect + "AND \"Cursor\" > @p3 ORDER BY \"Cursor\" LIMIT @p4")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, cursor, count), count);

    private const string TimelineSelect = "SELECT \"Time\", \"Seq\", \"Cursor\", \"Version\" FROM \"TimelineEntries\" WHERE \"PatientId\" = @p0 AND (\"Audience\" & @p1) <> 0 AND (\"Category\" & @p2) <> 0 ";

    private static List<TimelineKey> Timeline(Statement statement, int count)
    {
        var rows = new List<TimelineKey>(Math.Min(count, 256));
        using var reader = statement.Read();
        while (reader.Read())
            rows.Add(new TimelineKey(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3)));
        return rows;
    }

    /// <summary>The resource behind a visible entry.</summary>
    public static FhirRow? Behind(DbSession session, PatientRoom room, long seq) =>
        TimelineSql.One(session, room, seq) is { } entry ? One(session, room, entry.ResourceType, entry.ResourceId) : null;

    /// <summary>Ids of resources of a type that carry all of these identifiers (each group: any of).</summary>
    public static IReadOnlyCollection<string> IdsByIdentifier(DbSession session, string type, IReadOnlyList<IReadOnlyList<TokenCondition>> groups)
    {
        HashSet<string>? ids = null;
        foreach (var group in groups)
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            foreach (var token in group)
                if (token.Code is { } code) found.UnionWith(CareStore.FindByIdentifier(session, type, token.System, code, SearchQuery.MostCount));
            if (ids is null) ids = found;
            else ids.IntersectWith(found);
        }
        return ids ?? [];
    }

    /// <summary>A page of the common directory (people, organisations, places, medicines): what belongs to no patient.</summary>
    public static (List<FhirRow> Rows, bool More) Directory(DbSession session, SearchQuery query, IReadOnlyCollection<string>? ids, FhirPlace? after, int count)
    {
        var rows = new List<FhirRow>();
        const string common = "r.\"Type\" = @p0 AND r.\"PatientId\" IS NULL AND r.\"BroughtBy\" IS NULL";
        var compare = query.Descending ? "<" : ">";
        var direction = query.Descending ? "DESC" : "ASC";
        using var reader = session.Sql($"SELECT {Columns}, r.\"LastUpdated\" FROM \"Resources\" r WHERE {common} AND (@p1 = 0 OR r.\"LastUpdated\" {compare} @p2 OR (r.\"LastUpdated\" = @p2 AND r.\"Key\" {compare} @p1)) ORDER BY r.\"LastUpdated\" {direction}, r.\"Key\" {direction}")
            .With(query.Type, after?.Key ?? 0, after?.Sort ?? 0).Read();
        while (reader.Read())
        {
            if (ids is not null && !ids.Contains(reader.GetString(1)) || !Matches(reader, query) || query.Urls.Count > 0 && !HasUrl(reader.GetFieldValue<byte[]>(8), query)) continue;
            if (rows.Count == count) return (rows, true);
            rows.Add(Row(reader, query with { Sort = "_lastUpdated" }));
        }
        return (rows, false);
    }

    // Definitions are few: their address is read where it stands.
    private static bool HasUrl(byte[] json, SearchQuery query)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("url", out var url) && url.ValueKind == System.Text.Json.JsonValueKind.String && query.Urls.All(any => any.Contains(url.GetString(), StringComparer.Ordinal));
    }

    /// <summary>What a search for patients looks at.</summary>
    internal readonly record struct PatientHit(PatientId Id, string SortName, string DisplayName, string? FamilyName, string? GivenName, DateOnly? BirthDate, DatePrecision Precision, string? Gender, bool HasResource);

    /// <summary>Patients whose file is open to a person, by name. Filters by grants, never by a list of ids.</summary>
    public static IEnumerable<PatientHit> PatientsOf(DbSession session, PersonId person, DateTime now, (string SortName, string Id)? after)
    {
        using var reader = session.Sql("SELECT p.\"Id\", p.\"SortName\", p.\"DisplayName\", p.\"FamilyName\", p.\"GivenName\", p.\"BirthDate\", p.\"BirthDatePrecision\", p.\"Gender\", p.\"HasResource\" FROM \"Patients\" p WHERE EXISTS (SELECT 1 FROM \"CareTeamMembers\" m WHERE m.\"PatientId\" = p.\"Id\" AND m.\"PersonId\" = @p0 AND " + GrantSql.Opens("@p1") + ") AND (p.\"SortName\" > @p2 OR (p.\"SortName\" = @p2 AND p.\"Id\" > @p3)) ORDER BY p.\"SortName\", p.\"Id\"")
            .With(person.Value, now.Ticks, after?.SortName ?? "", after?.Id ?? "").Read();
        while (reader.Read())
            yield return new PatientHit(new PatientId(reader.GetString(0)), reader.GetString(1), reader.GetString(2), reader.TextOrNull(3), reader.TextOrNull(4),
                reader.IsDBNull(5) ? null : DateOnly.ParseExact(reader.GetString(5), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), (DatePrecision)reader.GetInt32(6), reader.TextOrNull(7), reader.GetInt32(8) != 0);
    }
}
