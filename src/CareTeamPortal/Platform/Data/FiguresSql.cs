using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>A pathway as figures count it.</summary>
internal readonly record struct CountedPathway(string Patient, string Id, string Template, int Status, int Phase, bool Slips);

/// <summary>A phase that is over: how long it took.</summary>
internal readonly record struct CountedPhase(string Patient, string Pathway, int Number, long Ticks);

/// <summary>A deviation, by its reason.</summary>
internal readonly record struct CountedDeviation(string Patient, string Pathway, int Reason);

/// <summary>A score, or an examination that was asked for or not.</summary>
internal readonly record struct CountedOutcome(string Patient, string? Pathway, string Kind, int? Moment, decimal Score, CareLine? Line, long At);

/// <summary>An alert that is over, as figures count it.</summary>
/// <param name="Acted">Something was done.</param>
/// <param name="FalseAlarm">It was no reason for an alert.</param>
/// <param name="Team">Organisation of who answered, else of who had it; null: none.</param>
internal readonly record struct CountedAlert(string Patient, string Plan, string Rule, string Quantity, bool Acted, bool FalseAlarm, DateTime At, string? Team);

/// <summary>
/// Rows of pathways and outcomes for figures. Either everyone's, which leave the portal only in groups of at least five people, or those of the files that are open to
/// the viewer, by the same conditions as every list across files.
/// </summary>
internal static class FiguresSql
{
    private static (string Where, object?[] Values) Of(WorklistViewer? viewer, string table, object? since = null)
    {
        // What is protected as mental or sexual health is no coordination, and in nobody's count of pathways: as among tasks (PopulationSql).
        if (viewer is not { } who)
            return (table == "o" ? "(o.\"Category\" NOT IN (256, 512) OR o.\"Questionnaire\" NOT LIKE 'examination-%')" : $"{table}.\"Category\" = 8", [null, null, null, null, since]);
        return ($"{WorklistSql.Visible(who, table + ".")} AND {WorklistSql.Granted($"{table}.\"PatientId\"", $"{table}.\"Category\"")}", [who.Person.Value, who.Now.Ticks, (int)who.Reach.Elsewhere.Audience, (int)who.Reach.Elsewhere.Categories, since]);
    }

    /// <summary>The pathways that run, and those that ended.</summary>
    public static List<CountedPathway> Pathways(DbSession session, WorklistViewer? viewer, DateTime now)
    {
        var found = new List<CountedPathway>();
        var (where, values) = Of(viewer, "p", now.Ticks);
        using var r = session.Sql($"SELECT p.\"PatientId\", p.\"Id\", p.\"Template\", p.\"Status\", p.\"PhaseNumber\", CASE WHEN {PathwaySql.Slips(viewer)} < @p4 OR p.\"PhaseUntil\" < @p4 THEN 1 ELSE 0 END FROM \"Pathways\" p WHERE p.\"Status\" <> 3 AND {where}").With(values).Read();
        while (r.Read())
            found.Add(new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5) == 1));
        return found;
    }

    /// <summary>The phases that ended since a moment.</summary>
    public static List<CountedPhase> Phases(DbSession session, WorklistViewer? viewer, DateTime since)
    {
        var found = new List<CountedPhase>();
        var (where, values) = Of(viewer, "f", since.Ticks);
        using var r = session.Sql($"SELECT f.\"PatientId\", f.\"PathwayId\", f.\"Number\", f.\"LeftAt\" - f.\"EnteredAt\" FROM \"PathwayPhases\" f WHERE f.\"LeftAt\" >= @p4 AND f.\"EnteredAt\" IS NOT NULL AND {where}").With(values).Read();
        while (r.Read())
            found.Add(new(r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetInt64(3)));
        return found;
    }

    /// <summary>The alerts since a moment that were answered, or whose task was closed. What was taken back with its value is none.</summary>
    public static List<CountedAlert> Alerts(DbSession session, WorklistViewer? viewer, DateTime since, int completed)
    {
        var found = new List<CountedAlert>();
        var (where, values) = Of(viewer, "a", since.Ticks);
        using var r = session.Sql($"SELECT a.\"PatientId\", a.\"PlanId\", a.\"RuleId\", a.\"Quantity\", a.\"Outcome\", t.\"Status\", a.\"At\", p.\"Organisation\" FROM \"Alerts\" a LEFT JOIN \"Tasks\" t ON t.\"PatientId\" = a.\"PatientId\" AND t.\"Id\" = a.\"TaskId\" LEFT JOIN \"People\" p ON p.\"Id\" = COALESCE(a.\"AnsweredBy\", t.\"OwnerId\") WHERE a.\"At\" >= @p4 AND (a.\"Outcome\" IN (0, 1, 2) OR (a.\"Outcome\" IS NULL AND t.\"Open\" = 0)) AND {where}").With(values).Read();
        while (r.Read())
        {
            var outcome = r.IsDBNull(4) ? !r.IsDBNull(5) && r.GetInt32(5) == completed ? 0 : 1 : r.GetInt32(4); // done without a word is done
            found.Add(new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), outcome == 0, outcome == 2, r.Instant(6), r.TextOrNull(7)));
        }

        return found;
    }

    /// <summary>The deviations since a moment.</summary>
    public static List<CountedDeviation> Deviations(DbSession session, WorklistViewer? viewer, DateTime since)
    {
        var found = new List<CountedDeviation>();
        var (where, values) = Of(viewer, "d", since.Ticks);
        using var r = session.Sql($"SELECT d.\"PatientId\", d.\"PathwayId\", d.\"Reason\" FROM \"PathwayDeviations\" d WHERE d.\"At\" >= @p4 AND {where}").With(values).Read();
        while (r.Read())
            found.Add(new(r.GetString(0), r.GetString(1), r.GetInt32(2)));
        return found;
    }

    /// <summary>What questionnaires came to since a moment, and examinations that were asked for again or not; oldest first.</summary>
    public static List<CountedOutcome> Outcomes(DbSession session, WorklistViewer? viewer, DateTime since)
    {
        var found = new List<CountedOutcome>();
        var (where, values) = Of(viewer, "o", since.Ticks);
        using var r = session.Sql($"SELECT o.\"PatientId\", o.\"PathwayId\", o.\"Questionnaire\", o.\"Moment\", o.\"Score\", o.\"Line\", o.\"At\" FROM \"Outcomes\" o WHERE o.\"At\" >= @p4 AND o.\"Score\" IS NOT NULL AND {where} ORDER BY o.\"At\"").With(values).Read();
        while (r.Read())
            found.Add(new(r.GetString(0), r.TextOrNull(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetInt32(3), r.GetDecimal(4), r.IsDBNull(5) ? null : (CareLine)r.GetInt32(5), r.GetInt64(6)));
        return found;
    }
}
