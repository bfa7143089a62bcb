using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of the versions of the sharing rules.</summary>
internal static class RuleSql
{
    private const string Columns = "\"Number\", \"State\", \"Json\", \"MadeBy\", \"MadeAt\", \"ProposedBy\", \"ProposedAt\", \"ApprovedBy\", \"ApprovedAt\", \"Note\"";

    /// <summary>The number of the version in force; null when none is kept yet.</summary>
    public static int? CurrentNumber(DbSession session) => session.Sql("SELECT MAX(\"Number\") FROM \"RuleVersions\" WHERE \"State\" = 2").Number() is { } number ? (int)number : null;

    /// <summary>One version.</summary>
    public static RuleVersionRow? Find(DbSession session, int number) => Rows(session.Sql($"SELECT {Columns} FROM \"RuleVersions\" WHERE \"Number\" = @p0").With(number)).FirstOrDefault();

    /// <summary>All versions, newest first.</summary>
    public static List<RuleVersionRow> All(DbSession session) => Rows(session.Sql($"SELECT {Columns} FROM \"RuleVersions\" ORDER BY \"Number\" DESC").With());

    /// <summary>Enters a version; false when the number is taken.</summary>
    public static bool Add(DbSession session, RuleVersionRow v) =>
        session.Sql("INSERT INTO \"RuleVersions\" (\"Number\", \"State\", \"Json\", \"MadeBy\", \"MadeAt\", \"ApprovedBy\", \"ApprovedAt\", \"Note\") SELECT @p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7 WHERE NOT EXISTS (SELECT 1 FROM \"RuleVersions\" WHERE \"Number\" = @p0)")
            .With(v.Number, (int)v.State, v.Json, v.MadeBy?.Value, v.MadeAt.Ticks, v.ApprovedBy?.Value, v.ApprovedAt?.Ticks, v.Note).Run() == 1;

    /// <summary>Changes the text of a draft; false when it is no draft any more.</summary>
    public static bool Edit(DbSession session, int number, string json, string? note) =>
        session.Sql("UPDATE \"RuleVersions\" SET \"Json\" = @p1, \"Note\" = @p2 WHERE \"Number\" = @p0 AND \"State\" = 0").With(number, json, note).Run() == 1;

    /// <summary>Brings a version from one state into another; false when it is not in the first.</summary>
    public static bool Move(DbSession session, int number, RuleState from, RuleState to) =>
        session.Sql("UPDATE \"RuleVersions\" SET \"State\" = @p2 WHERE \"Number\" = @p0 AND \"State\" = @p1").With(number, (int)from, (int)to).Run() == 1;

    /// <summary>Who proposed a version, and when.</summary>
    public static void SetProposed(DbSession session, int number, PersonId? by, DateTime? at) =>
        session.Sql("UPDATE \"RuleVersions\" SET \"ProposedBy\" = @p1, \"ProposedAt\" = @p2 WHERE \"Number\" = @p0").With(number, by?.Value, at?.Ticks).Run();

    /// <summary>Who approved a version, and since when it is in force.</summary>
    public static void SetApproved(DbSession session, int number, PersonId by, DateTime at) =>
        session.Sql("UPDATE \"RuleVersions\" SET \"ApprovedBy\" = @p1, \"ApprovedAt\" = @p2 WHERE \"Number\" = @p0").With(number, by.Value, at.Ticks).Run();

    /// <summary>The chain of the access records that holds what officers did with the rules. No patient: the sign cannot stand in a FHIR id.</summary>
    public static PatientId Chain { get; } = new("$rules");

    /// <summary>Writes down, in a chain like those of the files, who did what with a version, with a fingerprint of its text: a table that was changed behind the portal's back no longer fits its record.</summary>
    public static void Record(DbSession session, PersonId by, int number, RuleStep step, string json, DateTime at) =>
        CareStore.InsertAccessRecord(session, Chain, by, at, AccessPurpose.Governance, AccessSource.Page, CareAction.Write, true, $"{number}/{step}/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(json)))}");

    /// <summary>What officers did with the versions, oldest first.</summary>
    public static List<(PersonId By, DateTime At, int Number, RuleStep Step)> Steps(DbSession session)
    {
        var steps = new List<(PersonId, DateTime, int, RuleStep)>();
        using var reader = session.Sql("SELECT \"PersonId\", \"At\", \"What\" FROM \"AccessRecords\" WHERE \"PatientId\" = @p0 ORDER BY \"Key\"").With(Chain.Value).Read();
        while (reader.Read())
        {
            if (reader.GetString(2).Split('/') is [var number, var step, _])
                steps.Add((new(reader.GetString(0)), reader.Instant(1), int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), Enum.Parse<RuleStep>(step)));
        }

        return steps;
    }

    /// <summary>How many people hold a role in somebody's team now, and by how many open memberships. Numbers only: a patient counts as such in the own file, elsewhere as an informal caregiver.</summary>
    public static List<(Discipline Role, CareLine Line, int People, int Memberships)> Holders(DbSession session, DateTime now)
    {
        var holders = new List<(Discipline, CareLine, int, int)>();
        using var reader = session.Sql($"""
            SELECT CASE WHEN p."OwnFile" = m."PatientId" THEN {(int)Discipline.Patient} WHEN p."Discipline" = {(int)Discipline.Patient} THEN {(int)Discipline.InformalCaregiver} ELSE p."Discipline" END AS "Role", p."Line", COUNT(DISTINCT m."PersonId"), COUNT(*)
            FROM "CareTeamMembers" m JOIN "People" p ON p."Id" = m."PersonId"
            WHERE {GrantSql.Opens("@p0")}
            GROUP BY CASE WHEN p."OwnFile" = m."PatientId" THEN {(int)Discipline.Patient} WHEN p."Discipline" = {(int)Discipline.Patient} THEN {(int)Discipline.InformalCaregiver} ELSE p."Discipline" END, p."Line"
            """).With(now.Ticks).Read();
        while (reader.Read())
            holders.Add(((Discipline)reader.GetInt32(0), (CareLine)reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3)));
        return holders;
    }

    /// <summary>Files in which somebody answers for an open task, hand-off or question of one of these categories. Ids only, for the portal's own clock.</summary>
    public static List<PatientId> HeldIn(DbSession session, PersonId person, InformationCategory categories)
    {
        var found = new List<PatientId>();
        using var reader = session.Sql("""
            SELECT "PatientId" FROM "Tasks" WHERE "OwnerId" = @p0 AND "Open" = 1 AND ("Category" & @p1) <> 0
            UNION SELECT "PatientId" FROM "Tasks" WHERE "AccountableId" = @p0 AND "Open" = 1 AND ("Category" & @p1) <> 0
            UNION SELECT "PatientId" FROM "Tasks" WHERE "DelegateId" = @p0 AND "Open" = 1 AND ("Category" & @p1) <> 0
            UNION SELECT "PatientId" FROM "TimelineEntries" WHERE "ReplyOwner" = @p0 AND "AnsweredSeq" IS NULL AND "Kind" = 1 AND "Retracted" = 0 AND ("Category" & @p1) <> 0
            """).With(person.Value, (int)categories).Read();
        while (reader.Read())
            found.Add(new(reader.GetString(0)));
        return found;
    }

    private static List<RuleVersionRow> Rows(Statement statement)
    {
        var rows = new List<RuleVersionRow>();
        using var r = statement.Read();
        while (r.Read())
        {
            rows.Add(new RuleVersionRow
            {
                Number = r.GetInt32(0), State = (RuleState)r.GetInt32(1), Json = r.GetString(2), MadeBy = r.PersonOrNull(3), MadeAt = r.Instant(4), ProposedBy = r.PersonOrNull(5), ProposedAt = r.InstantOrNull(6), ApprovedBy = r.PersonOrNull(7), ApprovedAt = r.InstantOrNull(8),
                Note = r.TextOrNull(9),
            });
        }

        return rows;
    }
}
