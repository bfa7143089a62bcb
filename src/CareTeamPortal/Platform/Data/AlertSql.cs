using System.Data.Common;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of limits and alerts.</summary>
internal static class AlertSql
{
    private const string ThresholdColumns = "\"PlanId\", \"RuleId\", \"Version\", \"Quantity\", \"Kind\", \"Side\", \"Limit\", \"OrEqual\", \"InPercent\", \"WindowCount\", \"WindowInHours\", \"Severity\", \"Since\", \"MissingAt\"";
    private const string AlertColumns = "\"Id\", \"PlanId\", \"RuleId\", \"RuleVersion\", \"Quantity\", \"Severity\", \"TaskId\", \"At\", \"LastAt\", \"LastSeq\", \"LastBy\", \"Count\", \"Outcome\", \"AnsweredAt\", \"AnsweredBy\", \"Audience\", \"Category\"";

    // ---- limits ------------------------------------------------------------------------------------------------------

    /// <summary>Puts the limits of a plan in the place of those that stand there.</summary>
    public static void SetThresholds(DbSession session, PatientId patient, string plan, IReadOnlyList<ThresholdRow> rows)
    {
        session.Sql("DELETE FROM \"Thresholds\" WHERE \"PatientId\" = @p0 AND \"PlanId\" = @p1").With(patient.Value, plan).Run();
        foreach (var t in rows)
        {
            session.Sql($"INSERT INTO \"Thresholds\" (\"PatientId\", {ThresholdColumns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14)")
                .With(patient.Value, plan, t.RuleId, t.Version, t.Quantity, t.Kind, t.Side, t.Limit, t.OrEqual ? 1 : 0, t.InPercent ? 1 : 0, t.WindowCount, t.WindowInHours ? 1 : 0, t.Severity, t.Since.Ticks, t.MissingAt?.Ticks).Run();
        }
    }

    /// <summary>The limits of a patient.</summary>
    public static List<ThresholdRow> Thresholds(DbSession session, PatientId patient)
    {
        var found = new List<ThresholdRow>();
        using var r = session.Sql($"SELECT {ThresholdColumns} FROM \"Thresholds\" WHERE \"PatientId\" = @p0").With(patient.Value).Read();
        while (r.Read())
        {
            found.Add(new()
            {
                PatientId = patient, PlanId = r.GetString(0), RuleId = r.GetString(1), Version = r.GetInt32(2), Quantity = r.GetString(3), Kind = r.GetInt32(4), Side = r.GetInt32(5), Limit = Decimal(r, 6),
                OrEqual = r.GetBoolean(7), InPercent = r.GetBoolean(8), WindowCount = r.IsDBNull(9) ? null : r.GetInt32(9), WindowInHours = r.GetBoolean(10), Severity = r.GetInt32(11), Since = r.Instant(12), MissingAt = r.InstantOrNull(13),
            });
        }

        return found;
    }

    /// <summary>From when the next measurement is missing; null: nothing is asked.</summary>
    public static void SetMissing(DbSession session, PatientId patient, string plan, string rule, DateTime? at) =>
        session.Sql("UPDATE \"Thresholds\" SET \"MissingAt\" = @p3 WHERE \"PatientId\" = @p0 AND \"PlanId\" = @p1 AND \"RuleId\" = @p2").With(patient.Value, plan, rule, at?.Ticks).Run();

    /// <summary>Whose measurements are missing: ids only.</summary>
    public static List<PatientId> MissingNow(DbSession session, DateTime now, int most)
    {
        var found = new List<PatientId>();
        using var r = session.Sql("SELECT DISTINCT \"PatientId\" FROM \"Thresholds\" WHERE \"MissingAt\" <= @p0 LIMIT @p1").With(now.Ticks, most).Read();
        while (r.Read())
            found.Add(new(r.GetString(0)));
        return found;
    }

    // ---- values that wait for a judgement ----------------------------------------------------------------------------

    /// <summary>Asks for a judgement of what was measured with an entry; nothing where a patient has no limits.</summary>
    public static void AskJudgement(DbSession session, PatientId patient, long seq) =>
        session.Sql("INSERT INTO \"Unjudged\" (\"PatientId\", \"Seq\") SELECT @p0, @p1 WHERE EXISTS (SELECT 1 FROM \"Thresholds\" WHERE \"PatientId\" = @p0) AND NOT EXISTS (SELECT 1 FROM \"Unjudged\" WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1)").With(patient.Value, seq).Run();

    /// <summary>Whose values wait: ids only.</summary>
    public static List<PatientId> Waiting(DbSession session, int most)
    {
        var found = new List<PatientId>();
        using var r = session.Sql("SELECT DISTINCT \"PatientId\" FROM \"Unjudged\" LIMIT @p0").With(most).Read();
        while (r.Read())
            found.Add(new(r.GetString(0)));
        return found;
    }

    /// <summary>Takes the entries of a patient that wait; whoever takes them judges them, in the same transaction.</summary>
    public static List<long> Take(DbSession session, PatientId patient)
    {
        var found = new List<long>();
        using (var r = session.Sql("SELECT \"Seq\" FROM \"Unjudged\" WHERE \"PatientId\" = @p0 ORDER BY \"Seq\"").With(patient.Value).Read())
        {
            while (r.Read())
                found.Add(r.GetInt64(0));
        }

        if (found.Count > 0)
            session.Sql("DELETE FROM \"Unjudged\" WHERE \"PatientId\" = @p0").With(patient.Value).Run();
        return found;
    }

    /// <summary>What was measured with an entry, with its reach; withdrawn values are not among it.</summary>
    public static List<MeasurementRow> ValuesOf(DbSession session, PatientId patient, long seq) =>
        Values(session.Sql($"SELECT {ValueColumns} FROM \"Measurements\" m WHERE m.\"PatientId\" = @p0 AND m.\"Seq\" = @p1 AND m.\"Value\" IS NOT NULL AND m.\"Audience\" <> 0 ORDER BY m.\"Position\"").With(patient.Value, seq), patient);

    /// <summary>What was measured under some codes in a time, oldest first; withdrawn values are not among it.</summary>
    public static List<MeasurementRow> ValuesBetween(DbSession session, PatientId patient, IReadOnlyList<string> codes, DateTime from, DateTime until)
    {
        var places = string.Join(", ", codes.Select((_, i) => $"@p{i + 3}"));
        return Values(session.Sql($"SELECT {ValueColumns} FROM \"Measurements\" m WHERE m.\"PatientId\" = @p0 AND m.\"Code\" IN ({places}) AND m.\"Time\" >= @p1 AND m.\"Time\" <= @p2 AND m.\"Value\" IS NOT NULL AND m.\"Audience\" <> 0 ORDER BY m.\"Time\", m.\"Seq\", m.\"Position\"")
            .With([patient.Value, from.Ticks, until.Ticks, .. codes]), patient);
    }

    /// <summary>When something of some codes was last measured that a reach sees, UTC; what it does not see is as if it were not there.</summary>
    /// <param name="reach">Null: whoever may see it, for the clock.</param>
    public static DateTime? LastMeasured(DbSession session, PatientId patient, IReadOnlyList<string> codes, Reach? reach = null)
    {
        var sees = reach ?? new Reach((Audience)~0, (InformationCategory)~0);
        DateTime? last = null;
        foreach (var code in codes)
        {
            // One seek to the end of each code's part of the index.
            if (session.Sql("SELECT m.\"Time\" FROM \"Measurements\" m WHERE m.\"PatientId\" = @p0 AND m.\"Code\" = @p1 AND m.\"Value\" IS NOT NULL AND (m.\"Audience\" & @p2) <> 0 AND (m.\"Category\" & @p3) <> 0 ORDER BY m.\"Time\" DESC LIMIT 1").With(patient.Value, code, (int)sees.Audience, (int)sees.Categories).Number() is { } ticks && (last is null || ticks > last.Value.Ticks))
                last = new DateTime(ticks, DateTimeKind.Utc);
        }

        return last;
    }

    private const string ValueColumns = "m.\"Seq\", m.\"Position\", m.\"Code\", m.\"Label\", m.\"Value\", m.\"Unit\", m.\"Ucum\", m.\"Time\", m.\"Audience\", m.\"Category\"";

    private static List<MeasurementRow> Values(Statement statement, PatientId patient)
    {
        var found = new List<MeasurementRow>();
        using var r = statement.Read();
        while (r.Read())
        {
            found.Add(new()
            {
                PatientId = patient, Seq = r.GetInt64(0), Position = r.GetInt32(1), Code = r.GetString(2), Label = r.GetString(3), Value = Decimal(r, 4), Unit = r.TextOrNull(5), Ucum = r.TextOrNull(6), Time = r.Instant(7),
                Audience = (Audience)r.GetInt32(8), Category = (InformationCategory)r.GetInt32(9),
            });
        }

        return found;
    }

    // ---- alerts ------------------------------------------------------------------------------------------------------

    /// <summary>Keeps a new alert.</summary>
    public static void Insert(DbSession session, AlertRow a) =>
        session.Sql($"INSERT INTO \"Alerts\" (\"PatientId\", {AlertColumns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)")
            .With(a.PatientId.Value, a.Id, a.PlanId, a.RuleId, a.RuleVersion, a.Quantity, a.Severity, a.TaskId, a.At.Ticks, a.LastAt.Ticks, a.LastSeq, a.LastBy, a.Count, a.Outcome, a.AnsweredAt?.Ticks, a.AnsweredBy?.Value, (int)a.Audience, (int)a.Category).Run();

    /// <summary>It came again.</summary>
    public static void Repeat(DbSession session, AlertRow a) =>
        session.Sql("UPDATE \"Alerts\" SET \"LastAt\" = @p1, \"LastSeq\" = @p2, \"LastBy\" = @p3, \"Count\" = @p4 WHERE \"Id\" = @p0").With(a.Id, a.LastAt.Ticks, a.LastSeq, a.LastBy, a.Count).Run();

    /// <summary>Somebody answered; the first answer stands.</summary>
    public static bool Answer(DbSession session, string id, int outcome, PersonId? by, DateTime at) =>
        session.Sql("UPDATE \"Alerts\" SET \"Outcome\" = @p1, \"AnsweredBy\" = @p2, \"AnsweredAt\" = @p3 WHERE \"Id\" = @p0 AND \"Outcome\" IS NULL").With(id, outcome, by?.Value, at.Ticks).Run() == 1;

    /// <summary>The newest alert of a limit with these readers; null when there was none.</summary>
    public static AlertRow? Newest(DbSession session, PatientId patient, string plan, string rule, Audience audience, InformationCategory category) =>
        Alerts(session.Sql($"SELECT {AlertColumns} FROM \"Alerts\" WHERE \"PatientId\" = @p0 AND \"PlanId\" = @p1 AND \"RuleId\" = @p2 AND \"Audience\" = @p3 AND \"Category\" = @p4 ORDER BY \"LastAt\" DESC LIMIT 1").With(patient.Value, plan, rule, (int)audience, (int)category), patient).FirstOrDefault();

    /// <summary>The unanswered alerts that an entry alone made.</summary>
    public static List<AlertRow> MadeBy(DbSession session, PatientId patient, long seq) =>
        Alerts(session.Sql($"SELECT {AlertColumns} FROM \"Alerts\" WHERE \"PatientId\" = @p0 AND \"LastSeq\" = @p1 AND \"Outcome\" IS NULL").With(patient.Value, seq), patient);

    /// <summary>Does the alert of a task wait for an answer?</summary>
    public static bool Waits(DbSession session, string task) => session.Sql("SELECT 1 FROM \"Alerts\" WHERE \"TaskId\" = @p0 AND \"Outcome\" IS NULL").With(task).Number() is not null;

    /// <summary>An alert that the room may see.</summary>
    public static AlertRow? One(DbSession session, PatientRoom room, string id) =>
        Alerts(session.Sql($"SELECT {AlertColumns} FROM \"Alerts\" WHERE \"PatientId\" = @p0 AND \"Id\" = @p1 AND (\"Audience\" & @p2) <> 0 AND (\"Category\" & @p3) <> 0").With(room.Patient.Value, id, (int)room.Reach.Audience, (int)room.Reach.Categories), room.Patient).FirstOrDefault();

    /// <summary>The alerts of a file since a moment that the room may see, newest first.</summary>
    public static List<AlertRow> Since(DbSession session, PatientRoom room, DateTime since, int most) =>
        Alerts(session.Sql($"SELECT {AlertColumns} FROM \"Alerts\" WHERE \"PatientId\" = @p0 AND (\"Audience\" & @p1) <> 0 AND (\"Category\" & @p2) <> 0 AND \"At\" >= @p3 ORDER BY \"At\" DESC LIMIT @p4")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, since.Ticks, most), room.Patient);

    /// <summary>Ids of the measuring plans of a file that the room may see.</summary>
    /// <param name="token">The category as the store indexes it.</param>
    public static List<string> Plans(DbSession session, PatientRoom room, string token, int most)
    {
        var found = new List<string>();
        using var r = session.Sql("SELECT \"Id\" FROM \"Resources\" WHERE \"PatientId\" = @p0 AND \"Type\" = 'ServiceRequest' AND (\"Audience\" & @p1) <> 0 AND (\"Category\" & @p2) <> 0 AND instr(\"Tokens\", @p3) > 0 ORDER BY \"Key\" LIMIT @p4")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, token, most).Read();
        while (r.Read())
            found.Add(r.GetString(0));
        return found;
    }

    private static List<AlertRow> Alerts(Statement statement, PatientId patient)
    {
        var found = new List<AlertRow>();
        using var r = statement.Read();
        while (r.Read())
        {
            found.Add(new()
            {
                PatientId = patient, Id = r.GetString(0), PlanId = r.GetString(1), RuleId = r.GetString(2), RuleVersion = r.GetInt32(3), Quantity = r.GetString(4), Severity = r.GetInt32(5), TaskId = r.GetString(6), At = r.Instant(7), LastAt = r.Instant(8),
                LastSeq = r.IsDBNull(9) ? null : r.GetInt64(9), LastBy = Decimal(r, 10), Count = r.GetInt32(11), Outcome = r.IsDBNull(12) ? null : r.GetInt32(12), AnsweredAt = r.InstantOrNull(13), AnsweredBy = r.PersonOrNull(14),
                Audience = (Audience)r.GetInt32(15), Category = (InformationCategory)r.GetInt32(16),
            });
        }

        return found;
    }

    private static decimal? Decimal(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);
}
