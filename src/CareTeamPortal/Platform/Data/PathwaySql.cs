using System.Data.Common;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of running pathways.</summary>
internal static class PathwaySql
{
    private const string Columns = "\"PatientId\", \"Id\", \"Version\", \"Template\", \"TemplateVersion\", \"Title\", \"Status\", \"Phase\", \"PhaseNumber\", \"PhaseCount\", \"PhaseSince\", \"PhaseUntil\", \"StartedAt\", \"EndedAt\", \"LeadId\", \"SlipAt\", \"SlipInside\", \"Audience\", \"Category\"";
    private const string StepColumns = "\"PatientId\", \"PathwayId\", \"StepId\", \"Part\", \"Phase\", \"Position\", \"Kind\", \"IsOptional\", \"Repeats\", \"Resource\", \"PlannedAt\", \"DueAt\", \"DoneAt\", \"State\", \"Audience\", \"Category\"";
    private const string DeviationColumns = "\"PatientId\", \"PathwayId\", \"Id\", \"Part\", \"StepId\", \"Kind\", \"Reason\", \"At\", \"By\", \"Audience\", \"Category\"";

    // What waits to be done: planned, asked, open or refused; not what a pathway can do without, nor measuring (1) and texts (4).
    private const string Waits = "s.\"State\" IN (0, 1, 2, 6, 8) AND s.\"IsOptional\" = 0 AND s.\"Kind\" NOT IN (1, 4)";

    // ---- writing -----------------------------------------------------------------------------------------------------

    /// <summary>Writes the row of a pathway anew, with its phases.</summary>
    public static void Put(DbSession session, PathwayRow p, IReadOnlyList<PathwayPhaseRow> phases)
    {
        session.Sql("DELETE FROM \"Pathways\" WHERE \"PatientId\" = @p0 AND \"Id\" = @p1").With(p.PatientId.Value, p.Id).Run();
        session.Sql($"INSERT INTO \"Pathways\" ({Columns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, NULL, NULL, @p15, @p16)")
            .With(p.PatientId.Value, p.Id, p.Version, p.Template, p.TemplateVersion, p.Title, p.Status, p.Phase, p.PhaseNumber, p.PhaseCount, p.PhaseSince?.Ticks, p.PhaseUntil?.Ticks, p.StartedAt.Ticks, p.EndedAt?.Ticks, p.LeadId?.Value, (int)p.Audience, (int)p.Category).Run();
        session.Sql("DELETE FROM \"PathwayPhases\" WHERE \"PatientId\" = @p0 AND \"PathwayId\" = @p1").With(p.PatientId.Value, p.Id).Run();
        foreach (var f in phases)
        {
            session.Sql("INSERT INTO \"PathwayPhases\" (\"PatientId\", \"PathwayId\", \"Phase\", \"Number\", \"PlannedFrom\", \"PlannedUntil\", \"EnteredAt\", \"LeftAt\", \"LeftBy\", \"ByCriteria\", \"Audience\", \"Category\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)")
                .With(p.PatientId.Value, p.Id, f.Phase, f.Number, f.PlannedFrom.Ticks, f.PlannedUntil?.Ticks, f.EnteredAt?.Ticks, f.LeftAt?.Ticks, f.LeftBy?.Value, f.ByCriteria ? 1 : 0, (int)f.Audience, (int)f.Category).Run();
        }
    }

    /// <summary>Puts the steps and deviations of one CarePlan in the place of those that stand there.</summary>
    public static void PutPart(DbSession session, PatientId patient, string pathway, string part, IReadOnlyList<PathwayStepRow> steps, IReadOnlyList<PathwayDeviationRow> deviations)
    {
        session.Sql("DELETE FROM \"PathwaySteps\" WHERE \"PatientId\" = @p0 AND \"PathwayId\" = @p1 AND \"Part\" = @p2").With(patient.Value, pathway, part).Run();
        foreach (var s in steps)
        {
            session.Sql($"INSERT INTO \"PathwaySteps\" ({StepColumns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)")
                .With(patient.Value, pathway, s.StepId, part, s.Phase, s.Position, s.Kind, s.IsOptional ? 1 : 0, s.Repeats ? 1 : 0, s.Resource, s.PlannedAt.Ticks, s.DueAt.Ticks, s.DoneAt?.Ticks, s.State, (int)s.Audience, (int)s.Category).Run();
        }

        session.Sql("DELETE FROM \"PathwayDeviations\" WHERE \"PatientId\" = @p0 AND \"PathwayId\" = @p1 AND \"Part\" = @p2").With(patient.Value, pathway, part).Run();
        foreach (var d in deviations)
        {
            session.Sql($"INSERT INTO \"PathwayDeviations\" ({DeviationColumns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)")
                .With(patient.Value, pathway, d.Id, part, d.StepId, d.Kind, d.Reason, d.At.Ticks, d.By?.Value, (int)d.Audience, (int)d.Category).Run();
        }

        Settle(session, patient, pathway);
    }

    /// <summary>From when a pathway slips: what its steps say now. A part that is protected otherwise than the pathway makes it slip for nobody: the one column is read by who may not see that.</summary>
    private static void Settle(DbSession session, PatientId patient, string pathway) =>
        session.Sql($"UPDATE \"Pathways\" SET \"SlipInside\" = (SELECT MIN(s.\"DueAt\") FROM \"PathwaySteps\" s WHERE s.\"PatientId\" = @p0 AND s.\"PathwayId\" = @p1 AND s.\"Category\" = \"Pathways\".\"Category\" AND {Waits}), \"SlipAt\" = (SELECT MIN(s.\"DueAt\") FROM \"PathwaySteps\" s WHERE s.\"PatientId\" = @p0 AND s.\"PathwayId\" = @p1 AND s.\"Category\" = \"Pathways\".\"Category\" AND s.\"Audience\" = 7 AND {Waits}) WHERE \"PatientId\" = @p0 AND \"Id\" = @p1")
            .With(patient.Value, pathway).Run();

    /// <summary>The steps for which something was made or taken over; none for most tasks.</summary>
    public static List<PathwayStepRow> StepsOf(DbSession session, PatientId patient, string resource)
    {
        var found = new List<PathwayStepRow>();
        using var r = session.Sql($"SELECT {StepColumns} FROM \"PathwaySteps\" WHERE \"Resource\" = @p0 AND \"PatientId\" = @p1").With(resource, patient.Value).Read();
        while (r.Read())
            found.Add(Step(r));
        return found;
    }

    /// <summary>Whether another pathway that runs counts on what was made for a step, whoever may see it: it does not end with this one.</summary>
    public static bool IsShared(DbSession session, PatientId patient, string resource, string pathway) =>
        session.Sql("SELECT 1 FROM \"PathwaySteps\" s CROSS JOIN \"Pathways\" p WHERE s.\"Resource\" = @p0 AND s.\"PatientId\" = @p1 AND s.\"PathwayId\" <> @p2 AND s.\"State\" <> 5 AND p.\"PatientId\" = s.\"PatientId\" AND p.\"Id\" = s.\"PathwayId\" AND p.\"Status\" = 0 LIMIT 1").With(resource, patient.Value, pathway).Number() is not null;

    /// <summary>Titles of the pathways that run, that the room sees, and that have a step which something was made for.</summary>
    public static List<string> Asking(DbSession session, PatientRoom room, string resource)
    {
        var found = new List<string>();
        using var r = session.Sql($"SELECT p.\"Title\" FROM \"PathwaySteps\" s CROSS JOIN \"Pathways\" p WHERE s.\"Resource\" = @p3 AND s.\"PatientId\" = @p0 AND s.\"State\" <> 5 AND {Seen("s.", 1, 2)} AND p.\"PatientId\" = s.\"PatientId\" AND p.\"Id\" = s.\"PathwayId\" AND p.\"Status\" = 0 AND {Seen("p.", 1, 2)} ORDER BY p.\"Id\"")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, resource).Read();
        while (r.Read())
            found.Add(r.GetString(0));
        return found;
    }

    /// <summary>What became of what was made for a step.</summary>
    public static void Moved(DbSession session, PathwayStepRow s)
    {
        session.Sql("UPDATE \"PathwaySteps\" SET \"State\" = @p3, \"DueAt\" = @p4, \"DoneAt\" = @p5 WHERE \"PatientId\" = @p0 AND \"PathwayId\" = @p1 AND \"StepId\" = @p2")
            .With(s.PatientId.Value, s.PathwayId, s.StepId, s.State, s.DueAt.Ticks, s.DoneAt?.Ticks).Run();
        Settle(session, s.PatientId, s.PathwayId);
    }

    /// <summary>The tasks of a series, whoever may see them: the first and those after it; of a task that does not come back only itself.</summary>
    public static List<(string Id, int Status, bool Open, DateTime? DueAt, DateTime? ClosedAt, bool Comes)> Series(DbSession session, PatientId patient, string first, bool repeats)
    {
        var found = new List<(string, int, bool, DateTime?, DateTime?, bool)>();
        using var r = session.Sql($"SELECT \"Id\", \"Status\", \"Open\", \"DueAt\", \"ClosedAt\", \"RepeatAt\" FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND {(repeats ? "(\"Id\" = @p1 OR \"Series\" = @p1)" : "\"Id\" = @p1")} ORDER BY \"DueSort\", \"Id\"").With(patient.Value, first).Read();
        while (r.Read())
            found.Add((r.GetString(0), r.GetInt32(1), r.GetBoolean(2), r.InstantOrNull(3), r.InstantOrNull(4), !r.IsDBNull(5)));
        return found;
    }

    /// <summary>Whether a task of a series is closed to somebody who sees the step that it was made for: it was labelled, or kept to fewer, after it became one.</summary>
    public static bool IsClosed(DbSession session, PatientId patient, string first, bool repeats, Audience audience, InformationCategory category) =>
        session.Sql($"SELECT 1 FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND {(repeats ? "(\"Id\" = @p1 OR \"Series\" = @p1)" : "\"Id\" = @p1")} AND \"Status\" <> 0 AND (\"Category\" IN (256, 512) AND \"Category\" <> @p3 OR (\"Audience\" & @p2) <> @p2) LIMIT 1").With(patient.Value, first, (int)audience, (int)category).Number() is not null;

    /// <summary>Whether a task is the hand-off step of a pathway that runs: it is done when the hand-off is accepted.</summary>
    public static bool IsHandoffStep(DbSession session, PatientId patient, string task) =>
        session.Sql("SELECT 1 FROM \"PathwaySteps\" s CROSS JOIN \"Pathways\" p WHERE s.\"Resource\" = @p0 AND s.\"PatientId\" = @p1 AND s.\"Kind\" = 2 AND p.\"PatientId\" = s.\"PatientId\" AND p.\"Id\" = s.\"PathwayId\" AND p.\"Status\" = 0 LIMIT 1").With("Task/" + task, patient.Value).Number() is not null;

    /// <summary>The newest hand-off that was offered for a step's task, whoever may see it; null when there is none.</summary>
    public static (string Id, int Status)? HandoffOf(DbSession session, PatientId patient, string task)
    {
        using var r = session.Sql("SELECT \"Id\", \"Status\" FROM \"Tasks\" WHERE \"PatientId\" = @p0 AND \"IsHandoff\" = 1 AND \"Focus\" = @p1 AND \"Status\" <> 0 ORDER BY \"Seq\" DESC LIMIT 1").With(patient.Value, "Task/" + task).Read();
        return r.Read() ? (r.GetString(0), r.GetInt32(1)) : null;
    }

    /// <summary>The status of a stored resource, whoever may see it; for writers only.</summary>
    public static string? StatusOf(DbSession session, PatientId patient, string type, string id) =>
        session.Sql("SELECT \"Status\" FROM \"Resources\" WHERE \"Type\" = @p0 AND \"Id\" = @p1 AND \"PatientId\" = @p2").With(type, id, patient.Value).Text();

    /// <summary>A pathway that runs by this template and that the room sees: it is not started twice. One that is closed to the room is not there for it: to refuse would tell.</summary>
    public static (string Id, PersonId? Lead, DateTime At)? Running(DbSession session, PatientRoom room, string template)
    {
        using var r = session.Sql($"SELECT \"Id\", \"LeadId\", \"StartedAt\" FROM \"Pathways\" WHERE \"PatientId\" = @p0 AND \"Template\" = @p3 AND \"Status\" = 0 AND {Seen("", 1, 2)}").With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, template).Read();
        return r.Read() ? (r.GetString(0), r.PersonOrNull(1), r.Instant(2)) : null;
    }

    // ---- across files ------------------------------------------------------------------------------------------------

    // As coordination: that a pathway is there, of the members who share that, with what is written for professionals, as among tasks (PopulationSql); nothing that is protected as mental or sexual health.
    private static string Coordinated(string of) => $"({of}\"Audience\" & 1) <> 0 AND {of}\"Category\" = 8";

    /// <summary>What of a pathway that the viewer sees the viewer sees too: its parts may be for fewer.</summary>
    /// <param name="of">Name and dot of the table.</param>
    private static string Counts(WorklistViewer viewer, bool coordination, string of) => coordination ? Coordinated(of) : $"{WorklistSql.Visible(viewer, of)} AND {WorklistSql.Granted(of + "\"PatientId\"", of + "\"Category\"")}";

    /// <summary>From when a pathway slips for the viewer: in the own file as the patient reads it.</summary>
    internal static string Slips(WorklistViewer? viewer) => viewer is not { Reach.OwnFile: not null } ? "p.\"SlipInside\"" : "CASE WHEN p.\"PatientId\" = (SELECT o.\"OwnFile\" FROM \"People\" o WHERE o.\"Id\" = @p0) THEN p.\"SlipAt\" ELSE p.\"SlipInside\" END";

    /// <summary>The viewer's files, or those of the members followed, as <c>g</c>: the beginning of what is read of them.</summary>
    private static string Files(bool coordination) => "(SELECT DISTINCT m.\"PatientId\" FROM \"CareTeamMembers\" m WHERE m.\"PersonId\" = @p0" + (coordination ? $" AND m.\"Kind\" = 9 AND {GrantSql.Opens("@p1")} AND (m.\"Allows\" & 1) <> 0 AND (m.\"Allows\" & 4) <> 0" : "") + ") g CROSS JOIN \"Pathways\" p";

    /// <summary>A pathway <c>p</c> of those files that is shown to the viewer.</summary>
    private static string Shown(WorklistViewer viewer, bool coordination) => "p.\"PatientId\" = g.\"PatientId\" AND " + (coordination ? Coordinated("p.") : $"{WorklistSql.Visible(viewer, "p.")} AND {WorklistSql.Granted("p.\"PatientId\"", "p.\"Category\"")}");

    /// <summary>Pathways that run, the ones that slip longest first, with the patient's name, who is accountable, how often it was done otherwise and from when it slips, each as far as the viewer may see it.</summary>
    public static List<(PathwayRow Pathway, string Name, PersonId? Accountable, int Deviations, DateTime? SlipAt)> Overview(DbSession session, WorklistViewer viewer, bool coordination, int most)
    {
        var found = new List<(PathwayRow, string, PersonId?, int, DateTime?)>();
        var columns = string.Join(", ", Columns.Split(", ").Select(c => "p." + c));
        using var r = WorklistSql.Run(session, viewer, $"""
            SELECT {columns}, n."DisplayName", n."AccountableId", (SELECT COUNT(*) FROM "PathwayDeviations" d WHERE d."PatientId" = p."PatientId" AND d."PathwayId" = p."Id" AND {Counts(viewer, coordination, "d.")}), {Slips(viewer)} FROM {Files(coordination)} CROSS JOIN "Patients" n
            WHERE {Shown(viewer, coordination)} AND n."Id" = p."PatientId" AND n."Deceased" = 0 AND p."Status" = 0
            ORDER BY COALESCE({Slips(viewer)}, 9223372036854775807), p."PatientId", p."Id" LIMIT @p4
            """, most).Read();
        while (r.Read())
            found.Add((Row(r), r.GetString(19), r.PersonOrNull(20), r.GetInt32(21), r.InstantOrNull(22)));
        return found;
    }

    /// <summary>How long the phases took that pathways of the viewer's files have left, in days.</summary>
    public static List<(string Template, string Phase, int Number, double Days)> PhaseTimes(DbSession session, WorklistViewer viewer)
    {
        var found = new List<(string, string, int, double)>();
        using var r = WorklistSql.Run(session, viewer, $"SELECT p.\"Template\", f.\"Phase\", f.\"Number\", f.\"EnteredAt\", f.\"LeftAt\" FROM {Files(false)} CROSS JOIN \"PathwayPhases\" f WHERE {Shown(viewer, false)} AND f.\"PatientId\" = p.\"PatientId\" AND f.\"PathwayId\" = p.\"Id\" AND p.\"Status\" <> 3 AND f.\"EnteredAt\" IS NOT NULL AND f.\"LeftAt\" IS NOT NULL").Read();
        while (r.Read())
            found.Add((r.GetString(0), r.GetString(1), r.GetInt32(2), TimeSpan.FromTicks(Math.Max(0, r.GetInt64(4) - r.GetInt64(3))).TotalDays));
        return found;
    }

    /// <summary>How often pathways that run were done otherwise, per reason.</summary>
    public static List<(int Reason, int Count)> DeviationsAcross(DbSession session, WorklistViewer viewer, bool coordination)
    {
        var found = new List<(int, int)>();
        using var r = WorklistSql.Run(session, viewer, $"SELECT d.\"Reason\", COUNT(*) FROM {Files(coordination)} CROSS JOIN \"PathwayDeviations\" d WHERE {Shown(viewer, coordination)} AND d.\"PatientId\" = p.\"PatientId\" AND d.\"PathwayId\" = p.\"Id\" AND p.\"Status\" = 0 AND {Counts(viewer, coordination, "d.")} GROUP BY d.\"Reason\"").Read();
        while (r.Read())
            found.Add((r.GetInt32(0), r.GetInt32(1)));
        return found;
    }

    // ---- reading in an open file -------------------------------------------------------------------------------------

    private static string Seen(string of, int audience, int categories) => $"({of}\"Audience\" & @p{audience}) <> 0 AND ({of}\"Category\" & @p{categories}) <> 0";

    /// <summary>The pathways of a file that the room may see: those that run first, then the newest.</summary>
    public static List<PathwayRow> OfPatient(DbSession session, PatientRoom room, int most)
    {
        var found = new List<PathwayRow>();
        using var r = session.Sql($"SELECT {Columns} FROM \"Pathways\" WHERE \"PatientId\" = @p0 AND {Seen("", 1, 2)} AND \"Status\" <> 3 ORDER BY CASE WHEN \"Status\" = 0 THEN 0 ELSE 1 END, \"StartedAt\" DESC, \"Id\" LIMIT @p3")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, most).Read();
        while (r.Read())
            found.Add(Row(r));
        return found;
    }

    /// <summary>The steps of a pathway that the room may see, in order.</summary>
    public static List<PathwayStepRow> Steps(DbSession session, PatientRoom room, string pathway)
    {
        var found = new List<PathwayStepRow>();
        using var r = session.Sql($"SELECT {StepColumns} FROM \"PathwaySteps\" WHERE \"PatientId\" = @p0 AND \"PathwayId\" = @p3 AND {Seen("", 1, 2)} ORDER BY \"Position\", \"StepId\"")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, pathway).Read();
        while (r.Read())
            found.Add(Step(r));
        return found;
    }

    /// <summary>Measuring plans in force that the room may see, as they are stored.</summary>
    public static List<(string Id, int Version, byte[] Json, Audience Audience, InformationCategory Category)> ActivePlans(DbSession session, PatientRoom room, int most)
    {
        var found = new List<(string, int, byte[], Audience, InformationCategory)>();
        using var r = session.Sql($"SELECT \"Id\", \"Version\", \"Json\", \"Audience\", \"Category\" FROM \"Resources\" WHERE \"PatientId\" = @p0 AND \"Type\" = 'ServiceRequest' AND {Seen("", 1, 2)} AND \"Status\" = 'active' AND instr(\"Tokens\", '|measuring') > 0 ORDER BY \"Key\" LIMIT @p3")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, most).Read();
        while (r.Read())
            found.Add((r.GetString(0), r.GetInt32(1), (byte[])r.GetValue(2), (Audience)r.GetInt32(3), (InformationCategory)r.GetInt32(4)));
        return found;
    }

    /// <summary>The last value under some codes since a moment that the room and all of an audience may see, that is not protected and that nobody withdrew; null when there is none.</summary>
    public static (string Reference, string Title, DateTime At)? LastResult(DbSession session, PatientRoom room, IReadOnlyList<string> codes, DateTime since, Audience all)
    {
        foreach (var code in codes)
        {
            using var r = session.Sql($"SELECT e.\"ResourceType\", e.\"ResourceId\", e.\"Title\", m.\"Time\" FROM \"Measurements\" m JOIN \"TimelineEntries\" e ON e.\"PatientId\" = m.\"PatientId\" AND e.\"Seq\" = m.\"Seq\" WHERE m.\"PatientId\" = @p0 AND m.\"Code\" = @p3 AND m.\"Time\" >= @p4 AND {Seen("m.", 1, 2)} AND (m.\"Audience\" & @p5) = @p5 AND m.\"Category\" NOT IN (256, 512) AND e.\"Retracted\" = 0 ORDER BY m.\"Time\" DESC LIMIT 1")
                .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, code, since.Ticks, (int)all).Read();
            if (r.Read())
                return (r.GetString(0) + "/" + r.GetString(1), r.GetString(2), r.Instant(3));
        }

        return null;
    }

    /// <summary>Goals of a file that are in force, that the room and all of an audience may see, and that are not protected.</summary>
    public static List<(string Reference, string Title)> Goals(DbSession session, PatientRoom room, Audience all, int most)
    {
        var found = new List<(string, string)>();
        using var r = session.Sql($"SELECT e.\"ResourceId\", e.\"Title\" FROM \"Resources\" r CROSS JOIN \"TimelineEntries\" e WHERE e.\"ResourceType\" = 'Goal' AND e.\"ResourceId\" = r.\"Id\" AND r.\"PatientId\" = @p0 AND r.\"Type\" = 'Goal' AND {Seen("e.", 1, 2)} AND (e.\"Audience\" & @p4) = @p4 AND e.\"Category\" NOT IN (256, 512) AND e.\"Retracted\" = 0 AND e.\"Status\" IN ('active', 'accepted', 'planned', 'proposed') ORDER BY r.\"Key\" LIMIT @p3")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, most, (int)all).Read();
        while (r.Read())
            found.Add(("Goal/" + r.GetString(0), r.GetString(1)));
        return found;
    }

    private static PathwayRow Row(DbDataReader r) => new()
    {
        PatientId = new(r.GetString(0)), Id = r.GetString(1), Version = r.GetInt32(2), Template = r.GetString(3), TemplateVersion = r.GetInt32(4), Title = r.GetString(5), Status = r.GetInt32(6), Phase = r.TextOrNull(7), PhaseNumber = r.GetInt32(8), PhaseCount = r.GetInt32(9),
        PhaseSince = r.InstantOrNull(10), PhaseUntil = r.InstantOrNull(11), StartedAt = r.Instant(12), EndedAt = r.InstantOrNull(13), LeadId = r.PersonOrNull(14), SlipAt = r.InstantOrNull(15), SlipInside = r.InstantOrNull(16), Audience = (Audience)r.GetInt32(17), Category = (InformationCategory)r.GetInt32(18),
    };

    private static PathwayStepRow Step(DbDataReader r) => new()
    {
        PatientId = new(r.GetString(0)), PathwayId = r.GetString(1), StepId = r.GetString(2), Part = r.GetString(3), Phase = r.GetString(4), Position = r.GetInt32(5), Kind = r.GetInt32(6), IsOptional = r.GetBoolean(7), Repeats = r.GetBoolean(8), Resource = r.TextOrNull(9),
        PlannedAt = r.Instant(10), DueAt = r.Instant(11), DoneAt = r.InstantOrNull(12), State = r.GetInt32(13), Audience = (Audience)r.GetInt32(14), Category = (InformationCategory)r.GetInt32(15),
    };
}
