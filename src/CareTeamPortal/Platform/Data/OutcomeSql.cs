using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>A task that asks for a questionnaire.</summary>
/// <param name="Focus"><c>Questionnaire/x</c>.</param>
/// <param name="Status">TaskState of the tasks feature, as a number.</param>
/// <param name="Pathway">Title of the pathway that asks; null when none does.</param>
/// <param name="Days">Days after its start.</param>
internal sealed record AskedQuestionnaire(string Task, string Focus, bool Open, int Status, DateTime? DueAt, DateTime? ClosedAt, string? Pathway, int? Days);

/// <summary>Hand-written SQL of what questionnaires came to.</summary>
internal static class OutcomeSql
{
    private const string Columns = "\"ResponseId\", \"Questionnaire\", \"PathwayId\", \"Moment\", \"Score\", \"At\", \"By\", \"ByDiscipline\", \"Line\", \"Audience\", \"Category\"";

    /// <summary>Puts the row of a response in the place of what stood there; null takes it away.</summary>
    public static void Put(DbSession session, OutcomeRow? o, PatientId patient, string response)
    {
        session.Sql("DELETE FROM \"Outcomes\" WHERE \"PatientId\" = @p0 AND \"ResponseId\" = @p1").With(patient.Value, response).Run();
        if (o is not null)
        {
            session.Sql($"INSERT INTO \"Outcomes\" (\"PatientId\", {Columns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)")
                .With(patient.Value, o.ResponseId, o.Questionnaire, o.PathwayId, o.Moment, o.Score, o.At.Ticks, o.By?.Value, (int?)o.ByDiscipline, (int?)o.Line, (int)o.Audience, (int)o.Category).Run();
        }
    }

    /// <summary>What questionnaires came to in a file, as far as the room may see it; oldest first.</summary>
    public static List<OutcomeRow> Of(DbSession session, PatientRoom room, int most)
    {
        var found = new List<OutcomeRow>();
        using var r = session.Sql($"SELECT {Columns} FROM \"Outcomes\" WHERE \"PatientId\" = @p0 AND (\"Audience\" & @p1) <> 0 AND (\"Category\" & @p2) <> 0 ORDER BY \"At\" DESC LIMIT @p3")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, most).Read();
        while (r.Read())
        {
            found.Add(new()
            {
                PatientId = room.Patient, ResponseId = r.GetString(0), Questionnaire = r.GetString(1), PathwayId = r.TextOrNull(2), Moment = r.IsDBNull(3) ? null : r.GetInt32(3), Score = r.IsDBNull(4) ? null : r.GetDecimal(4), At = r.Instant(5),
                By = r.PersonOrNull(6), ByDiscipline = r.IsDBNull(7) ? null : (Discipline)r.GetInt32(7), Line = r.IsDBNull(8) ? null : (CareLine)r.GetInt32(8), Audience = (Audience)r.GetInt32(9), Category = (InformationCategory)r.GetInt32(10),
            });
        }

        found.Reverse();
        return found;
    }

    // With the step and the pathway of a task, where the room sees these too (@p1 audience, @p2 categories): who reads a task need not read why it is there.
    private const string Step = "LEFT JOIN \"PathwaySteps\" s ON s.\"Resource\" = 'Task/' || COALESCE(t.\"Series\", t.\"Id\") AND s.\"PatientId\" = t.\"PatientId\" AND (s.\"Audience\" & @p1) <> 0 AND (s.\"Category\" & @p2) <> 0 LEFT JOIN \"Pathways\" p ON p.\"PatientId\" = s.\"PatientId\" AND p.\"Id\" = s.\"PathwayId\" AND (p.\"Audience\" & @p1) <> 0 AND (p.\"Category\" & @p2) <> 0";

    /// <summary>For which moment a task of a pathway stands: the pathway and the days after its start by which it is due. Null when it belongs to none that the room sees.</summary>
    public static (string Pathway, int Days)? StepOf(DbSession session, PatientRoom room, string task)
    {
        using var r = session.Sql($"SELECT p.\"Id\", COALESCE(t.\"DueAt\", s.\"PlannedAt\"), p.\"StartedAt\" FROM \"Tasks\" t {Step} WHERE t.\"PatientId\" = @p0 AND t.\"Id\" = @p3 AND p.\"Id\" IS NOT NULL LIMIT 1").With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, task).Read();
        return r.Read() ? (r.GetString(0), (int)(r.Instant(1) - r.Instant(2)).TotalDays) : null;
    }

    /// <summary>What a pathway asked or asks when: every task that asks for a questionnaire and that the room sees, earliest first.</summary>
    public static List<AskedQuestionnaire> Asked(DbSession session, PatientRoom room, int most)
    {
        var found = new List<AskedQuestionnaire>();
        using var r = session.Sql($"SELECT t.\"Id\", t.\"Focus\", t.\"Open\", t.\"Status\", t.\"DueAt\", t.\"ClosedAt\", p.\"Title\", s.\"PlannedAt\", p.\"StartedAt\" FROM \"Tasks\" t {Step} WHERE t.\"PatientId\" = @p0 AND t.\"Focus\" LIKE 'Questionnaire/%' AND (t.\"Audience\" & @p1) <> 0 AND (t.\"Category\" & @p2) <> 0 ORDER BY t.\"DueSort\", t.\"Id\" LIMIT @p3")
            .With(room.Patient.Value, (int)room.Reach.Audience, (int)room.Reach.Categories, most).Read();
        while (r.Read())
        {
            var due = r.InstantOrNull(4);
            // Two pathways may ask it by one task: one line, with the names of both.
            if (found.Count > 0 && found[^1].Task == r.GetString(0))
            {
                found[^1] = found[^1] with { Pathway = string.Join(", ", new[] { found[^1].Pathway, r.TextOrNull(6) }.OfType<string>()) is { Length: > 0 } both ? both : null };
                continue;
            }

            found.Add(new(r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetInt32(3), due, r.InstantOrNull(5), r.TextOrNull(6), r.InstantOrNull(8) is { } started && (due ?? r.InstantOrNull(7)) is { } at ? (int)(at - started).TotalDays : null));
        }

        return found;
    }

    /// <summary>What the patient of an open file is called.</summary>
    public static string NameOf(DbSession session, PatientId patient) => session.Sql("SELECT \"DisplayName\" FROM \"Patients\" WHERE \"Id\" = @p0").With(patient.Value).Text() ?? "";

    /// <summary>The pathway that runs for a patient, the last one that began; null when none does.</summary>
    public static string? RunningPathway(DbSession session, PatientId patient) =>
        session.Sql("SELECT \"Id\" FROM \"Pathways\" WHERE \"PatientId\" = @p0 AND \"Status\" = 0 ORDER BY \"StartedAt\" DESC LIMIT 1").With(patient.Value).Text();
}
