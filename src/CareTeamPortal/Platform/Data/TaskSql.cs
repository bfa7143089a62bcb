using System.Data.Common;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>Which tasks a list shows.</summary>
internal enum TaskList
{
    /// <summary>Those of which the viewer is the owner, or is asked to become it.</summary>
    Mine,

    /// <summary>Those for which the viewer answers while somebody else has to take them on.</summary>
    Accountable,

    /// <summary>Those that wait for the viewer's role or organisation.</summary>
    Queue,

    /// <summary>All of the patients on whose team the viewer is.</summary>
    Team,

    /// <summary>Those that the viewer asked of others.</summary>
    Asked,
}

/// <summary>What narrows a list of tasks.</summary>
internal sealed record TaskFilter
{
    public bool Handoffs { get; init; }
    public bool Closed { get; init; }
    public PatientId? Patient { get; init; }
    public IReadOnlyCollection<int>? States { get; init; }

    /// <summary>At least this priority.</summary>
    public int Priority { get; init; }
    public DateTime? DueBefore { get; init; }
    public DateTime? DueFrom { get; init; }

    /// <summary>Only what asks for an answer to an alert.</summary>
    public bool Alerts { get; init; }
}

/// <summary>Who answers for what is open and was taken on by nobody: who is accountable for the patient, when that person may read it.</summary>
/// <param name="present">Who answers for it now: keeps it before somebody else gets it.</param>
internal delegate PersonId? AnswersFor(Audience audience, InformationCategory category, PersonId? present);

/// <summary>A task with the name of its patient.</summary>
internal sealed record ListedTask(TaskRow Task, string PatientName);

/// <summary>Hand-written SQL of tasks and hand-offs. Lists across files filter by EXISTS on grants and by reach, as in <see cref="WorklistSql"/>.</summary>
internal static class TaskSql
{
    private const string Columns = "\"PatientId\", \"Id\", \"Seq\", \"Version\", \"IsHandoff\", \"Status\", \"Business\", \"Open\", \"Title\", \"Priority\", \"RequesterId\", \"RequesterName\", \"RequesterLine\", \"OwnerKind\", \"OwnerId\", \"OwnerRole\", \"OwnerOrganisation\", \"OwnerName\", \"OwnerLine\", \"DelegateId\", \"DelegateName\", \"AccountableId\", \"AccountableAs\", \"AuthoredOn\", \"DueAt\", \"DueSort\", \"AcceptBy\", \"AcceptedAt\", \"ClosedAt\", \"Told\", \"EscalateAt\", \"Series\", \"RepeatAt\", \"Goal\", \"Focus\", \"ChecklistDone\", \"ChecklistTotal\", \"Scope\", \"ScopeUntil\", \"OfferedCursor\", \"AcknowledgedCursor\", \"Audience\", \"Category\"";

    // What a list shows, in the order that Listed reads: a page of fifty costs what it reads.
    private const string ListColumns = "t.\"PatientId\", t.\"Id\", t.\"Version\", t.\"IsHandoff\", t.\"Status\", t.\"Business\", t.\"Open\", t.\"Title\", t.\"Priority\", t.\"RequesterName\", t.\"RequesterLine\", t.\"OwnerKind\", t.\"OwnerId\", t.\"OwnerRole\", t.\"OwnerOrganisation\", t.\"OwnerName\", t.\"OwnerLine\", t.\"DelegateId\", t.\"DelegateName\", t.\"AccountableId\", t.\"AccountableAs\", t.\"AuthoredOn\", t.\"DueAt\", t.\"DueSort\", t.\"AcceptBy\", t.\"AcceptedAt\", t.\"ClosedAt\", t.\"Series\", t.\"RepeatAt\", t.\"Goal\", t.\"ChecklistDone\", t.\"ChecklistTotal\", t.\"Scope\", t.\"RequesterId\", t.\"Focus\"";
    private const string Name = "(SELECT p.\"DisplayName\" FROM \"Patients\" p WHERE p.\"Id\" = t.\"PatientId\")";

    private static readonly string[] Names = [.. Columns.Split(", ")];
    private static readonly string InsertText = $"INSERT INTO \"Tasks\" ({Columns}) VALUES ({string.Join(", ", Names.Select((_, i) => $"@p{i}"))})";
    // Of a column that is set SQLite writes every index anew, also when the value is what it was; due date and state are in most of the indexes.
    private static readonly (string Column, Func<TaskRow, object?> Value)[] Indexed =
    [
        ("\"Open\"", t => t.Open), ("\"DueSort\"", t => t.DueSort), ("\"OwnerId\"", t => t.OwnerId), ("\"OwnerRole\"", t => t.OwnerRole), ("\"OwnerOrganisation\"", t => t.OwnerOrganisation), ("\"RequesterId\"", t => t.RequesterId),
        ("\"AccountableId\"", t => t.AccountableId), ("\"DelegateId\"", t => t.DelegateId), ("\"EscalateAt\"", t => t.EscalateAt), ("\"RepeatAt\"", t => t.RepeatAt),
    ];

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<int, string> UpdateTexts = new();

    /// <summary>The update that leaves alone the indexed columns that stay as they are: at most a thousand texts, a handful in use.</summary>
    private static string UpdateText(TaskRow before, TaskRow now)
    {
        var same = 0;
        for (var i = 0; i < Indexed.Length; i++)
        {
            if (Equals(Indexed[i].Value(before), Indexed[i].Value(now)))
                same |= 1 << i;
        }

        return UpdateTexts.GetOrAdd(same, static bits =>
            $"UPDATE \"Tasks\" SET {string.Join(", ", Names.Select((n, i) => (n, i)).Skip(2).Where(c => Array.FindIndex(Indexed, x => x.Column == c.n) is var at && (at < 0 || (bits & (1 << at)) == 0)).Select(c => $"{c.n} = @p{c.i}"))} WHERE \"PatientId\" = @p0 AND \"Id\" = @p1");
    }

    /// <summary>Writes a new row or the present one anew.</summary>
    /// <param name="before">The row as it stands; null when there is none.</param>
    public static void Put(DbSession session, TaskRow t, TaskRow? before) => session.Sql(before is null ? InsertText : UpdateText(before, t)).With(
        t.PatientId.Value, t.Id, t.Seq, t.Version, t.IsHandoff ? 1 : 0, t.Status, t.Business, t.Open ? 1 : 0, t.Title, t.Priority, t.RequesterId?.Value, t.RequesterName, (int?)t.RequesterLine, (int)t.OwnerKind, t.OwnerId?.Value, (int?)t.OwnerRole,
        t.OwnerOrganisation, t.OwnerName, (int?)t.OwnerLine, t.DelegateId?.Value, t.DelegateName, t.AccountableId?.Value, (int)t.AccountableAs, t.AuthoredOn.Ticks, t.DueAt?.Ticks, t.DueSort, t.AcceptBy?.Ticks, t.AcceptedAt?.Ticks, t.ClosedAt?.Ticks, t.Told,
        t.EscalateAt?.Ticks, t.Series, t.RepeatAt?.Ticks, t.Goal, t.Focus, t.ChecklistDone, t.ChecklistTotal, t.Scope, t.ScopeUntil?.Ticks, t.OfferedCursor, t.AcknowledgedCursor, (int)t.Audience, (int)t.Category).Run();

    /// <summary>The row of a task, whoever may see it; for writers and the clock only.</summary>
    public static TaskRow? Find(DbSession session, PatientId patient, string id) =>
        One(session.Sql($"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Id\" = @p1").With(patient.Value, id));

    /// <summary>The row of a task with its resource and the bytes of it, whoever may see it; for writers only.</summary>
    public static (TaskRow Row, StoredResource Resource, byte[] Json)? FindStored(DbSession session, PatientId patient, string id)
    {
        using var reader = session.Sql(FindStoredText).With(patient.Value, id).Read();
        if (!reader.Read())
            return null;
        var at = Names.Length;
        return (Row(reader), new StoredResource("Task", id, reader.GetInt64(at), patient, null, reader.GetInt32(at + 1), new DateTime(reader.GetInt64(at + 2), DateTimeKind.Utc), (Audience)reader.GetInt32(at + 3), (InformationCategory)reader.GetInt32(at + 4), reader.GetFieldValue<byte[]>(at + 5)),
            reader.GetFieldValue<byte[]>(at + 6));
    }

    private static readonly string FindStoredText = $"SELECT {string.Join(", ", Names.Select(n => "t." + n))}, r.\"Key\", r.\"Version\", r.\"LastUpdated\", r.\"Audience\", r.\"Category\", r.\"Hash\", r.\"Json\" FROM \"Tasks\" t CROSS JOIN \"Resources\" r WHERE t.\"PatientId\" = @p0 AND t.\"Id\" = @p1 AND r.\"Type\" = 'Task' AND r.\"Id\" = @p1 AND r.\"PatientId\" = @p0";

    /// <summary>One task that the room may see.</summary>
    public static TaskRow? One(DbSession session, PatientRoom room, string id) =>
        One(session.Sql($"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Id\" = @p1 AND {Seen(2, 3, 4)}")
            .With(room.Patient.Value, id, (int)room.Reach.Audience, (int)room.Reach.Categories, room.Actor.Person.Value));

    /// <summary>The open task that the room sees and that asks for something, earliest deadline first: of several one's own, or, where somebody answers for another, rather another's.</summary>
    /// <param name="focus">What it asks for, <c>Questionnaire/x</c>.</param>
    public static TaskRow? AskingFor(DbSession session, PatientRoom room, string focus, bool othersFirst) =>
        One(session.Sql($"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = 1 AND \"Focus\" = @p1 AND \"IsHandoff\" = 0 AND \"Status\" <> 0 AND {Seen(2, 3, 4)} ORDER BY CASE WHEN \"OwnerId\" = @p4 THEN {(othersFirst ? 1 : 0)} ELSE {(othersFirst ? 0 : 1)} END, \"DueSort\", \"Id\" LIMIT 1")
            .With(room.Patient.Value, focus, (int)room.Reach.Audience, (int)room.Reach.Categories, room.Actor.Person.Value));

    /// <summary>In an open file: within the reach, or a concept of one's own (its row reaches nobody, see Filing).</summary>
    private static string Seen(int audience, int categories, int me) =>
        $"((\"Audience\" & @p{audience}) <> 0 AND (\"Category\" & @p{categories}) <> 0 OR (\"Audience\" = 0 AND \"RequesterId\" = @p{me}))";

    /// <summary>The same across files, of <c>Tasks t</c>.</summary>
    private static string Visible(WorklistViewer viewer) => $"({WorklistSql.Visible(viewer, "t.")} OR (t.\"Audience\" = 0 AND t.\"RequesterId\" = @p0))";

    /// <summary>A concept that is this person's own.</summary>
    public static bool IsOwnConcept(DbSession session, string id, PersonId person) =>
        session.Sql("SELECT 1 FROM \"Tasks\" WHERE \"Id\" = @p0 AND \"Audience\" = 0 AND \"RequesterId\" = @p1").With(id, person.Value).One() is not null;

    /// <summary>Tasks (or hand-offs) of the open file that the room may see: open ones by due date, closed ones by the newest end.</summary>
    public static List<TaskRow> OfPatient(DbSession session, PatientRoom room, bool handoffs, bool open, int most) =>
        All(session.Sql($"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = @p1 AND \"IsHandoff\" = @p2 AND {Seen(3, 4, 6)} ORDER BY {(open ? "\"DueSort\", \"Id\"" : "\"ClosedAt\" DESC, \"Id\"")} LIMIT @p5")
            .With(room.Patient.Value, open ? 1 : 0, handoffs ? 1 : 0, (int)room.Reach.Audience, (int)room.Reach.Categories, most, room.Actor.Person.Value));

    /// <summary>How many tasks of the open file are open, among those that the room may see.</summary>
    public static int CountOpen(DbSession session, PatientRoom room) =>
        (int)session.Sql($"SELECT COUNT(*) FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = 1 AND \"IsHandoff\" = 0 AND {Seen(1, 2, 3)}")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, room.Actor.Person.Value).Number()!.Value;

    /// <summary>Hand-offs of the open file that the room may see and that were offered, waited or were answered between two instants; the newest offer first.</summary>
    public static List<TaskRow> Between(DbSession session, PatientRoom room, DateTime from, DateTime until, int most) =>
        All(session.Sql(LanesSql.For(room, $"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"IsHandoff\" = 1 AND (\"Audience\" & @p1) <> 0 AND (\"Category\" & @p2) <> 0 AND \"Status\" NOT IN (0, 11) AND \"AuthoredOn\" < @p4 AND (COALESCE(\"ClosedAt\", \"AcceptedAt\") >= @p3 OR \"AuthoredOn\" >= @p3 OR (\"Open\" = 1 AND \"AcceptedAt\" IS NULL) OR \"ScopeUntil\" >= @p3) ORDER BY \"AuthoredOn\" DESC, \"Id\" LIMIT @p5"))
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, from.Ticks, until.Ticks, most));

    /// <summary>All open tasks of a file, whoever may see them; for writers only.</summary>
    public static List<TaskRow> OpenOf(DbSession session, PatientId patient) =>
        All(session.Sql($"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = 1 ORDER BY \"DueSort\", \"Id\"").With(patient.Value));

    /// <summary>Open hand-offs of a file, whoever may see them; for writers only.</summary>
    public static List<TaskRow> OpenHandoffs(DbSession session, PatientId patient) =>
        All(session.Sql($"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = 1 AND \"IsHandoff\" = 1 ORDER BY \"DueSort\", \"Id\"").With(patient.Value));

    /// <summary>Open tasks and hand-offs in one file that somebody has, is asked for or answers for; for writers only.</summary>
    public static List<TaskRow> HeldBy(DbSession session, PatientId patient, PersonId person) =>
        All(session.Sql($"SELECT {Columns} FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = 1 AND (\"OwnerId\" = @p1 OR \"AccountableId\" = @p1 OR \"DelegateId\" = @p1) ORDER BY \"DueSort\", \"Id\"").With(patient.Value, person.Value));

    /// <summary>A page of a list, by due date and id; after a place in that order.</summary>
    public static List<ListedTask> Page(DbSession session, WorklistViewer viewer, TaskList list, TaskFilter filter, Discipline role, string? organisation, (long DueSort, string Id)? after, int count)
    {
        var (due, id) = after ?? (long.MinValue, "");
        var seek = $"t.\"Open\" = {(filter.Closed ? 0 : 1)} AND t.\"DueSort\" >= @p4 AND (t.\"DueSort\" > @p4 OR t.\"Id\" > @p5) AND t.\"IsHandoff\" = {(filter.Handoffs ? 1 : 0)} AND {Visible(viewer)}";
        var where = seek
            + (filter.Patient is null ? "" : " AND t.\"PatientId\" = @p7")
            + (filter.DueBefore is null ? "" : " AND t.\"DueSort\" < @p8")
            + (filter.DueFrom is null ? "" : " AND t.\"DueSort\" >= @p9")
            + (filter.Priority == 0 ? "" : $" AND t.\"Priority\" >= {filter.Priority}")
            + (filter.Alerts ? " AND t.\"Focus\" LIKE 'DetectedIssue/%'" : "")
            + (filter.States is { Count: > 0 } states ? $" AND t.\"Status\" IN ({string.Join(',', states)})" : "");
        var from = From(viewer, list);
        var order = "ORDER BY t.\"DueSort\", t.\"Id\" LIMIT @p6";
        Statement Run(string sql) => WorklistSql.Run(session, viewer, sql, due, id, count, filter.Patient?.Value, filter.DueBefore?.Ticks, filter.DueFrom?.Ticks, (int)role, organisation);
        // Joined, SQLite finds grant and name for less than row by row; the name in an index, which it would not choose before the key.
        var joined = $"FROM {from.Replace(" WHERE ", " CROSS JOIN \"CareTeamMembers\" m CROSS JOIN \"Patients\" p INDEXED BY \"IX_Patients_Id_DisplayName\" WHERE ", StringComparison.Ordinal)} AND {where} AND {WorklistSql.GrantIs("t.\"PatientId\"", "t.\"Category\"")} AND p.\"Id\" = t.\"PatientId\" {order}";
        var rows = Listed(Run($"SELECT {ListColumns}, p.\"DisplayName\" {joined}"));
        // Somebody is on a team twice, and the task came twice: the grants are asked row by row.
        for (var i = 1; i < rows.Count; i++)
        {
            if (rows[i].Task.Id == rows[i - 1].Task.Id)
                return Listed(Run($"SELECT {ListColumns}, {Name} FROM {(list == TaskList.Team ? "\"Tasks\" t WHERE 1 = 1" : from)} AND {where} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")} {order}"));
        }

        return rows;
    }

    private static string From(WorklistViewer viewer, TaskList list) => list switch
    {
        TaskList.Mine => "\"Tasks\" t WHERE t.\"OwnerId\" = @p0",
        TaskList.Accountable => "\"Tasks\" t WHERE t.\"AccountableId\" = @p0 AND (t.\"OwnerId\" IS NULL OR t.\"OwnerId\" <> @p0)",
        TaskList.Queue => "\"Tasks\" t WHERE (t.\"OwnerOrganisation\" = @p11 OR t.\"OwnerRole\" = @p10)",
        TaskList.Asked => "\"Tasks\" t WHERE t.\"RequesterId\" = @p0 AND (t.\"OwnerId\" IS NULL OR t.\"OwnerId\" <> @p0)",
        // With few files the grants are read first, with many the order of the list.
        _ => viewer.HasFew ? "\"CareTeamMembers\" g CROSS JOIN \"Tasks\" t WHERE g.\"PersonId\" = @p0 AND g.\"Since\" <= @p1 AND (g.\"Until\" IS NULL OR g.\"Until\" > @p1) AND t.\"PatientId\" = g.\"PatientId\"" : "\"Tasks\" t WHERE 1 = 1",
    };

    /// <summary>Tasks of a list that were finished since a moment, the newest first.</summary>
    public static List<ListedTask> Finished(DbSession session, WorklistViewer viewer, TaskList list, TaskFilter filter, Discipline role, string? organisation, DateTime since, int count)
    {
        var where = $"t.\"Open\" = 0 AND t.\"Status\" = 10 AND t.\"IsHandoff\" = 0 AND t.\"ClosedAt\" >= @p4 AND {WorklistSql.Visible(viewer, "t.")}"
            + (filter.Patient is null ? "" : " AND t.\"PatientId\" = @p7") + (filter.DueBefore is null ? "" : " AND t.\"DueSort\" < @p8") + (filter.DueFrom is null ? "" : " AND t.\"DueSort\" >= @p9") + (filter.Priority == 0 ? "" : $" AND t.\"Priority\" >= {filter.Priority}");
        // Closing a task stores it anew: what was stored since is found by an index per file, instead of all that was ever closed there.
        var from = list != TaskList.Team ? From(viewer, list)
            : "\"CareTeamMembers\" g CROSS JOIN \"Resources\" r CROSS JOIN \"Tasks\" t WHERE g.\"PersonId\" = @p0 AND g.\"Since\" <= @p1 AND (g.\"Until\" IS NULL OR g.\"Until\" > @p1) AND r.\"PatientId\" = g.\"PatientId\" AND r.\"Type\" = 'Task' AND r.\"LastUpdated\" >= @p4 AND t.\"PatientId\" = r.\"PatientId\" AND t.\"Id\" = r.\"Id\"";
        // On a team twice, a task would come twice.
        return [.. Listed(WorklistSql.Run(session, viewer, $"SELECT {ListColumns}, {Name} FROM {from} AND {where} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")} ORDER BY t.\"ClosedAt\" DESC, t.\"Id\" LIMIT @p6",
            since.Ticks, "", count, filter.Patient?.Value, filter.DueBefore?.Ticks, filter.DueFrom?.Ticks, (int)role, organisation)).DistinctBy(t => t.Task.Id)];
    }

    private static List<ListedTask> Listed(Statement statement)
    {
        var rows = new List<ListedTask>();
        using var reader = statement.Read();
        while (reader.Read())
            rows.Add(Listed(reader));
        return rows;
    }

    /// <summary>Ids of tasks by owner, requester, priority and period, in files that are open to the viewer; at most 5,000, the earliest deadline first.</summary>
    public static List<(PatientId Patient, string Id)> Ids(DbSession session, WorklistViewer viewer, TaskConditions asked, IReadOnlyList<string>? patients)
    {
        var parameters = new List<object?>();
        string List(IEnumerable<string> values) => string.Join(',', values.Select(v =>
        {
            parameters.Add(v);
            return "@p" + (parameters.Count + 3).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }));
        string Any(string column, IReadOnlyList<string>? references) => references switch
        {
            null => "",
            [] => " AND 1 = 0",
            // A patient's reference is the file's id, the row has the account.
            _ => $" AND t.\"{column}\" IN (SELECT w.\"Id\" FROM \"People\" w WHERE CASE WHEN w.\"FhirType\" = 'Patient' AND w.\"OwnFile\" IS NOT NULL THEN 'Patient/' || w.\"OwnFile\" ELSE w.\"FhirType\" || '/' || w.\"Id\" END IN ({List(references)}))",
        };
        string[] codes = ["routine", "urgent", "asap", "stat"];
        var where = Any("OwnerId", asked.Owners) + Any("RequesterId", asked.Requesters)
            + (patients is null ? "" : patients.Count == 0 ? " AND 1 = 0" : $" AND t.\"PatientId\" IN ({List(patients)})")
            + (asked.Priorities is null ? "" : $" AND t.\"Priority\" IN ({string.Join(',', asked.Priorities.Select(p => Array.IndexOf(codes, p)).DefaultIfEmpty(-1))})");
        var found = new List<(PatientId, string)>();
        using var reader = WorklistSql.Run(session, viewer, $"SELECT t.\"PatientId\", t.\"Id\", t.\"AcceptedAt\", t.\"ClosedAt\" FROM \"Tasks\" t WHERE {Visible(viewer)}{where} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")} ORDER BY t.\"DueSort\", t.\"Id\" LIMIT 5000", [.. parameters]).Read();
        while (reader.Read())
        {
            var from = reader.IsDBNull(2) ? (DateTime?)null : new DateTime(reader.GetInt64(2), DateTimeKind.Utc);
            var until = reader.IsDBNull(3) ? (DateTime?)null : new DateTime(reader.GetInt64(3), DateTimeKind.Utc);
            if (asked.Periods is { } periods && ((from ?? until) is not { } start || !periods.All(any => any.Any(c => c.Holds(start, until ?? DateTime.MaxValue)))))
                continue;
            found.Add((new(reader.GetString(0)), reader.GetString(1)));
        }

        return found;
    }

    /// <summary>Open tasks and hand-offs that somebody is asked to take over from their owner.</summary>
    public static List<ListedTask> Delegated(DbSession session, WorklistViewer viewer, int most)
    {
        var rows = new List<ListedTask>();
        using var reader = WorklistSql.Run(session, viewer, $"SELECT {ListColumns}, {Name} FROM \"Tasks\" t WHERE t.\"DelegateId\" = @p0 AND t.\"Open\" = 1 AND {WorklistSql.Visible(viewer, "t.")} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")} ORDER BY t.\"DueSort\", t.\"Id\" LIMIT @p4", most).Read();
        while (reader.Read())
            rows.Add(Listed(reader));
        return rows;
    }

    /// <summary>One open task that is due before a moment, when the viewer may see it; null otherwise.</summary>
    public static ListedTask? Before(DbSession session, WorklistViewer viewer, PatientId patient, string id, DateTime until)
    {
        using var reader = WorklistSql.Run(session, viewer, $"SELECT {ListColumns}, {Name} FROM \"Tasks\" t WHERE t.\"PatientId\" = @p4 AND t.\"Id\" = @p5 AND t.\"Open\" = 1 AND t.\"DueSort\" < @p6 AND {WorklistSql.Visible(viewer, "t.")} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")}", patient.Value, id, until.Ticks).Read();
        return reader.Read() ? Listed(reader) : null;
    }

    /// <summary>Rows of <c>Tasks t</c> that a query of Platform/Data chose, with the patients' names. The query filters by grants and reach.</summary>
    internal static List<ListedTask> Listed(DbSession session, WorklistViewer viewer, string from, params object?[] values)
    {
        var rows = new List<ListedTask>();
        using var reader = WorklistSql.Run(session, viewer, $"SELECT {string.Join(", ", Names.Select(n => "t." + n))}, (SELECT p.\"DisplayName\" FROM \"Patients\" p WHERE p.\"Id\" = t.\"PatientId\") FROM {from}", values).Read();
        while (reader.Read())
            rows.Add(new ListedTask(Row(reader), reader.IsDBNull(Names.Length) ? "" : reader.GetString(Names.Length)));
        return rows;
    }

    /// <summary>Tasks at which the clock has to look: a reminder or escalation is due, or the next of a series.</summary>
    public static List<(PatientId Patient, string Id)> Due(DbSession session, DateTime now, int most)
    {
        var found = new List<(PatientId, string)>();
        foreach (var column in new[] { "EscalateAt", "RepeatAt" })
        {
            using var reader = session.Sql($"SELECT \"PatientId\", \"Id\" FROM \"Tasks\" WHERE \"{column}\" <= @p0 ORDER BY \"{column}\" LIMIT @p1").With(now.Ticks, most).Read();
            while (reader.Read())
                found.Add((new(reader.GetString(0)), reader.GetString(1)));
        }

        return found;
    }

    /// <summary>Claims reminders: true for the one caller that finds them as they were read.</summary>
    public static bool Claim(DbSession session, TaskRow task, int told, DateTime? next) =>
        session.Sql("UPDATE \"Tasks\" SET \"Told\" = @p2, \"EscalateAt\" = @p3 WHERE \"Id\" = @p0 AND \"Told\" = @p1 AND \"PatientId\" = @p4").With(task.Id, task.Told, told, next?.Ticks, task.PatientId.Value).Run() == 1;

    /// <summary>Up to where the receiver of a hand-off acknowledged what came since the offer.</summary>
    public static void Acknowledge(DbSession session, PatientId patient, string id, long cursor) =>
        session.Sql("UPDATE \"Tasks\" SET \"AcknowledgedCursor\" = @p2 WHERE \"PatientId\" = @p0 AND \"Id\" = @p1 AND \"AcknowledgedCursor\" < @p2").With(patient.Value, id, cursor).Run();

    /// <summary>Where a hand-off was offered.</summary>
    public static void SetOffered(DbSession session, PatientId patient, string id, long cursor) =>
        session.Sql("UPDATE \"Tasks\" SET \"OfferedCursor\" = @p2, \"AcknowledgedCursor\" = @p2 WHERE \"PatientId\" = @p0 AND \"Id\" = @p1").With(patient.Value, id, cursor).Run();

    /// <summary>
    /// Tasks for which nobody but the person accountable for the patient answers follow that person, as far as that person may read them; those that stay with or go to
    /// somebody else tell that person once.
    /// </summary>
    public static void FollowAccountable(DbSession session, PatientId patient, DateTime now, AnswersFor who)
    {
        var kinds = new List<(Audience Audience, InformationCategory Category, PersonId? Present)>();
        using (var reader = session.Sql("SELECT DISTINCT \"Audience\", \"Category\", \"AccountableId\" FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"Open\" = 1 AND \"AccountableAs\" = 2").With(patient.Value).Read())
        {
            while (reader.Read())
                kinds.Add(((Audience)reader.GetInt32(0), (InformationCategory)reader.GetInt32(1), reader.PersonOrNull(2)));
        }

        if (kinds.Count == 0)
            return;
        var accountable = CareStore.Accountable(session, patient);
        // All are decided before any is written: of two kinds one may become what the other was.
        foreach (var (kind, person) in kinds.Select(k => (k, who(k.Audience, k.Category, k.Present))).ToList())
        {
            if (person != accountable && person is { } other)
            {
                session.Sql("INSERT INTO \"Notices\" (\"PatientId\", \"PersonId\", \"TaskId\", \"Kind\", \"At\", \"Audience\", \"Category\") SELECT t.\"PatientId\", @p4, t.\"Id\", 10, @p5, t.\"Audience\", t.\"Category\" FROM \"Tasks\" t WHERE t.\"PatientId\" = @p0 AND t.\"Open\" = 1 AND t.\"AccountableAs\" = 2 AND t.\"Audience\" = @p1 AND t.\"Category\" = @p2 AND (t.\"AccountableId\" = @p3 OR (t.\"AccountableId\" IS NULL AND CAST(@p3 AS varchar(64)) IS NULL)) AND NOT EXISTS (SELECT 1 FROM \"Notices\" n WHERE n.\"TaskId\" = t.\"Id\" AND n.\"PersonId\" = @p4 AND n.\"Kind\" = 10)")
                    .With(patient.Value, (int)kind.Audience, (int)kind.Category, kind.Present?.Value, other.Value, now.Ticks).Run();
            }

            if (person != kind.Present)
            {
                session.Sql("UPDATE \"Tasks\" SET \"AccountableId\" = @p4 WHERE \"PatientId\" = @p0 AND \"Open\" = 1 AND \"AccountableAs\" = 2 AND \"Audience\" = @p1 AND \"Category\" = @p2 AND (\"AccountableId\" = @p3 OR (\"AccountableId\" IS NULL AND CAST(@p3 AS varchar(64)) IS NULL))")
                    .With(patient.Value, (int)kind.Audience, (int)kind.Category, kind.Present?.Value, person?.Value).Run();
            }
        }
    }

    /// <summary>Who asked for this task does not answer for it any more: it falls to who is accountable for the patient. Call <see cref="FollowAccountable"/> afterwards.</summary>
    public static void LetFall(DbSession session, TaskRow task) =>
        session.Sql("UPDATE \"Tasks\" SET \"AccountableAs\" = 2 WHERE \"PatientId\" = @p0 AND \"Id\" = @p1 AND \"Open\" = 1").With(task.PatientId.Value, task.Id).Run();

    /// <summary>Tells somebody something once.</summary>
    public static void Tell(DbSession session, TaskRow task, PersonId person, int kind, DateTime at) =>
        session.Sql("INSERT INTO \"Notices\" (\"PatientId\", \"PersonId\", \"TaskId\", \"Kind\", \"At\", \"Audience\", \"Category\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)")
            .With(task.PatientId.Value, person.Value, task.Id, kind, at.Ticks, (int)task.Audience, (int)task.Category).Run();

    /// <summary>What was told to a person and not put away, newest first, about open tasks that they may see.</summary>
    public static List<(long Key, int Kind, DateTime At, ListedTask Task)> Notices(DbSession session, WorklistViewer viewer, int most)
    {
        var found = new List<(long, int, DateTime, ListedTask)>();
        using var reader = WorklistSql.Run(session, viewer, $"SELECT {ListColumns}, {Name}, n.\"Key\", n.\"Kind\", n.\"At\" FROM \"Notices\" n JOIN \"Tasks\" t ON t.\"Id\" = n.\"TaskId\" WHERE n.\"PersonId\" = @p0 AND n.\"SeenAt\" IS NULL AND t.\"Open\" = 1 AND {WorklistSql.Visible(viewer, "t.")} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")} ORDER BY n.\"At\" DESC, n.\"Key\" DESC LIMIT @p4", most).Read();
        while (reader.Read())
            found.Add((reader.GetInt64(36), reader.GetInt32(37), new DateTime(reader.GetInt64(38), DateTimeKind.Utc), Listed(reader)));
        return found;
    }

    /// <summary>A person puts a notice away.</summary>
    public static void PutAway(DbSession session, PersonId person, long key, DateTime now) =>
        session.Sql("UPDATE \"Notices\" SET \"SeenAt\" = @p2 WHERE \"Key\" = @p0 AND \"PersonId\" = @p1 AND \"SeenAt\" IS NULL").With(key, person.Value, now.Ticks).Run();

    /// <summary>How many notices a person has not put away, about open tasks that they may see, and the newest of them.</summary>
    public static (int Count, long Newest) CountNotices(DbSession session, WorklistViewer viewer)
    {
        using var reader = WorklistSql.Run(session, viewer, $"SELECT COUNT(*), COALESCE(MAX(n.\"Key\"), 0) FROM \"Notices\" n JOIN \"Tasks\" t ON t.\"Id\" = n.\"TaskId\" WHERE n.\"PersonId\" = @p0 AND n.\"SeenAt\" IS NULL AND t.\"Open\" = 1 AND {WorklistSql.Visible(viewer, "t.")} AND {WorklistSql.Granted("t.\"PatientId\"", "t.\"Category\"")}").Read();
        return reader.Read() ? (reader.GetInt32(0), reader.GetInt64(1)) : (0, 0);
    }

    /// <summary>The worklists that a person named, by name. One with an empty filter was put away.</summary>
    public static List<(long Key, string Name, string Filter)> SavedViews(DbSession session, PersonId person, int most)
    {
        var found = new List<(long, string, string)>();
        using var reader = session.Sql("SELECT \"Key\", \"Name\", \"Filter\" FROM \"SavedViews\" WHERE \"PersonId\" = @p0 AND \"Filter\" <> '' ORDER BY \"Name\", \"Key\" LIMIT @p1").With(person.Value, most).Read();
        while (reader.Read())
            found.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        return found;
    }

    /// <summary>Keeps a named worklist, in the place of the one with that name; false when there are too many.</summary>
    public static bool KeepView(DbSession session, PersonId person, string name, string filter, int most) =>
        session.Sql("UPDATE \"SavedViews\" SET \"Filter\" = @p2 WHERE \"PersonId\" = @p0 AND \"Name\" = @p1").With(person.Value, name, filter).Run() > 0
        || session.Sql("INSERT INTO \"SavedViews\" (\"PersonId\", \"Name\", \"Filter\") SELECT @p0, @p1, @p2 WHERE (SELECT COUNT(*) FROM \"SavedViews\" WHERE \"PersonId\" = @p0 AND \"Filter\" <> '') < @p3").With(person.Value, name, filter, most).Run() > 0;

    /// <summary>Puts a named worklist away.</summary>
    public static bool PutViewAway(DbSession session, PersonId person, long key) =>
        session.Sql("UPDATE \"SavedViews\" SET \"Filter\" = '' WHERE \"PersonId\" = @p0 AND \"Key\" = @p1").With(person.Value, key).Run() > 0;

    /// <summary>Who coordinates a patient's care; null when nobody was named.</summary>
    public static PersonId? Coordinator(DbSession session, PatientId patient) =>
        session.Sql("SELECT \"CoordinatorId\" FROM \"Patients\" WHERE \"Id\" = @p0").With(patient.Value).Text() is { } id ? new PersonId(id) : null;

    /// <summary>Names the care coordinator.</summary>
    public static void SetCoordinator(DbSession session, PatientId patient, PersonId? person, DateTime now) =>
        session.Sql("UPDATE \"Patients\" SET \"CoordinatorId\" = @p1, \"CoordinatorSince\" = @p2 WHERE \"Id\" = @p0").With(patient.Value, person?.Value, now.Ticks).Run();

    /// <summary>Tasks whose resource is stored and whose row is not: from before there were rows.</summary>
    public static List<(PatientId Patient, string Id)> WithoutRow(DbSession session, int most)
    {
        var found = new List<(PatientId, string)>();
        using var reader = session.Sql("SELECT r.\"PatientId\", r.\"Id\" FROM \"Resources\" r WHERE r.\"Type\" = 'Task' AND r.\"PatientId\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \"Tasks\" t WHERE t.\"Id\" = r.\"Id\") LIMIT @p0").With(most).Read();
        while (reader.Read())
            found.Add((new(reader.GetString(0)), reader.GetString(1)));
        return found;
    }

    private static TaskRow? One(Statement statement) => All(statement).FirstOrDefault();

    private static List<TaskRow> All(Statement statement)
    {
        var rows = new List<TaskRow>();
        using var reader = statement.Read();
        while (reader.Read())
            rows.Add(Row(reader));
        return rows;
    }

    private static ListedTask Listed(DbDataReader r)
    {
        string? Text(int i) => r.IsDBNull(i) ? null : r.GetString(i);
        PersonId? Person(int i) => r.IsDBNull(i) ? null : new PersonId(r.GetString(i));
        DateTime? Instant(int i) => r.IsDBNull(i) ? null : new DateTime(r.GetInt64(i), DateTimeKind.Utc);
        var due = r.GetInt64(23);
        return new ListedTask(
            new TaskRow
            {
                PatientId = new(r.GetString(0)), Id = r.GetString(1), Version = r.GetInt32(2), IsHandoff = r.GetInt32(3) != 0, Status = r.GetInt32(4), Business = Text(5), Open = r.GetInt32(6) != 0, Title = r.GetString(7), Priority = r.GetInt32(8),
                RequesterName = Text(9), RequesterLine = r.IsDBNull(10) ? null : (CareLine)r.GetInt32(10), OwnerKind = (OwnerKind)r.GetInt32(11), OwnerId = Person(12), OwnerRole = r.IsDBNull(13) ? null : (Discipline)r.GetInt32(13), OwnerOrganisation = Text(14),
                OwnerName = Text(15), OwnerLine = r.IsDBNull(16) ? null : (CareLine)r.GetInt32(16), DelegateId = Person(17), DelegateName = Text(18), AccountableId = Person(19), AccountableAs = (AccountableAs)r.GetInt32(20), AuthoredOn = new DateTime(r.GetInt64(21), DateTimeKind.Utc),
                DueAt = Instant(22), DueSort = due, AcceptBy = Instant(24), AcceptedAt = Instant(25), ClosedAt = Instant(26), Series = Text(27), RepeatAt = Instant(28), Goal = Text(29), ChecklistDone = r.GetInt32(30), ChecklistTotal = r.GetInt32(31), Scope = Text(32), RequesterId = Person(33), Focus = Text(34),
            },
            Text(35) ?? "");
    }

    private static TaskRow Row(DbDataReader r)
    {
        string? Text(int i) => r.IsDBNull(i) ? null : r.GetString(i);
        PersonId? Person(int i) => r.IsDBNull(i) ? null : new PersonId(r.GetString(i));
        DateTime? Instant(int i) => r.IsDBNull(i) ? null : new DateTime(r.GetInt64(i), DateTimeKind.Utc);
        return new TaskRow
        {
            PatientId = new(r.GetString(0)), Id = r.GetString(1), Seq = r.GetInt64(2), Version = r.GetInt32(3), IsHandoff = r.GetInt32(4) != 0, Status = r.GetInt32(5), Business = Text(6), Open = r.GetInt32(7) != 0, Title = r.GetString(8),
            Priority = r.GetInt32(9), RequesterId = Person(10), RequesterName = Text(11), RequesterLine = r.IsDBNull(12) ? null : (CareLine)r.GetInt32(12), OwnerKind = (OwnerKind)r.GetInt32(13), OwnerId = Person(14),
            OwnerRole = r.IsDBNull(15) ? null : (Discipline)r.GetInt32(15), OwnerOrganisation = Text(16), OwnerName = Text(17), OwnerLine = r.IsDBNull(18) ? null : (CareLine)r.GetInt32(18), DelegateId = Person(19), DelegateName = Text(20),
            AccountableId = Person(21), AccountableAs = (AccountableAs)r.GetInt32(22), AuthoredOn = Instant(23)!.Value, DueAt = Instant(24), DueSort = r.GetInt64(25), AcceptBy = Instant(26), AcceptedAt = Instant(27), ClosedAt = Instant(28), Told = r.GetInt32(29),
            EscalateAt = Instant(30), Series = Text(31), RepeatAt = Instant(32), Goal = Text(33), Focus = Text(34), ChecklistDone = r.GetInt32(35), ChecklistTotal = r.GetInt32(36), Scope = Text(37), ScopeUntil = Instant(38),
            OfferedCursor = r.GetInt64(39), AcknowledgedCursor = r.GetInt64(40), Audience = (Audience)r.GetInt32(41), Category = (InformationCategory)r.GetInt32(42),
        };
    }
}
