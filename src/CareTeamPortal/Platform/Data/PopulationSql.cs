using System.Data.Common;
using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>A member whom a case manager follows up and who agreed: the name, and what of the rest the member shares.</summary>
/// <param name="Since">Since when the case manager follows.</param>
internal sealed record FollowedMember(PatientId Patient, string Name, string SortName, DateOnly? BirthDate, DatePrecision BirthDatePrecision, string? City, PersonId? Accountable, DateTime? AccountableSince, InformationCategory Allows, DateTime Since);

/// <summary>An open task or hand-off as coordination sees it: that it is there, with whom and since when. No title, no content.</summary>
internal sealed record CoordinationTask(
    PatientId Patient, string Id, bool IsHandoff, int Status, string? Business, int Priority, string? RequesterName, PersonId? Requester, CareLine? RequesterLine,
    OwnerKind OwnerKind, PersonId? Owner, Discipline? OwnerRole, string? OwnerOrganisation, string? OwnerName, CareLine? OwnerLine, PersonId? Accountable, DateTime AuthoredOn, DateTime? DueAt, DateTime? AcceptBy);

/// <summary>A relation that ran out and was not renewed, or that ends soon.</summary>
internal sealed record EndingRelation(PatientId Patient, PersonId Person, RelationKind Kind, DateTime Until);

/// <summary>A patient as figures count: who it is stays behind.</summary>
/// <param name="Named">A case manager follows this member and sees the name: no protection for the others of a small group.</param>
internal readonly record struct CountedPatient(string Patient, string? City, bool Named);

/// <summary>A task or hand-off as figures count it.</summary>
internal readonly record struct CountedTask(string Patient, bool IsHandoff, bool Open, int Status, CareLine? From, CareLine? To, PersonId? Owner, string? Organisation, long AuthoredOn, long? DueAt, long? AcceptBy, long? AcceptedAt, long? ClosedAt);

/// <summary>
/// Hand-written SQL of the case manager's view. What is named goes by the follow-up relation and by what the member shares, in each query; what is counted
/// is read for figures only, which leave the portal in groups (Features/Population/SmallGroups).
/// </summary>
internal static class PopulationSql
{
    // Tasks that the table gives as coordination: written for professionals, of the category of tasks itself; of a hand-off, whose words are notes, that it is there.
    // One that is labelled as mental or sexual health is no coordination.
    private const string Coordinated = "(t.\"Audience\" & 1) <> 0 AND (t.\"Category\" = 4 OR t.\"IsHandoff\" = 1 AND t.\"Category\" = 16)";

    // Treating relations that have a term. A relation that somebody ended did not run out: its last step says which.
    private const string Termed = "c.\"Kind\" BETWEEN 1 AND 6 AND c.\"Until\" IS NOT NULL AND c.\"Until\" > @p2 AND c.\"Until\" <= @p3"
        + " AND NOT EXISTS (SELECT 1 FROM \"CareTeamMembers\" o WHERE o.\"PatientId\" = c.\"PatientId\" AND o.\"PersonId\" = c.\"PersonId\" AND o.\"Key\" <> c.\"Key\" AND (o.\"Until\" IS NULL OR o.\"Until\" > c.\"Until\"))"
        + " AND NOT EXISTS (SELECT 1 FROM \"RelationSteps\" s WHERE s.\"PatientId\" = c.\"PatientId\" AND s.\"PersonId\" = c.\"PersonId\" AND s.\"Step\" IN (2, 3) AND s.\"Key\" = (SELECT MAX(l.\"Key\") FROM \"RelationSteps\" l WHERE l.\"PatientId\" = c.\"PatientId\" AND l.\"PersonId\" = c.\"PersonId\"))";

    /// <summary>The viewer's follow-up relations <c>m</c> in which a category is shared.</summary>
    private static string Follows(InformationCategory category) => $"m.\"PersonId\" = @p0 AND m.\"Kind\" = 9 AND {GrantSql.Opens("@p1")} AND (m.\"Allows\" & {(int)category}) <> 0";

    /// <summary>The members whom a person follows up and who share their name, by name.</summary>
    public static List<FollowedMember> Followed(DbSession session, PersonId person, DateTime now, int most)
    {
        var found = new List<FollowedMember>();
        using var r = session.Sql($"""
            SELECT p."Id", p."DisplayName", p."SortName", p."BirthDate", p."BirthDatePrecision", p."City", p."AccountableId", p."AccountableSince", m."Allows", m."Since"
            FROM "CareTeamMembers" m CROSS JOIN "Patients" p WHERE {Follows(InformationCategory.Administrative)} AND p."Id" = m."PatientId" AND p."Deceased" = 0
            ORDER BY p."SortName", p."Id" LIMIT @p2
            """).With(person.Value, now.Ticks, most).Read();
        while (r.Read())
        {
            var id = new PatientId(r.GetString(0));
            if (found.Count > 0 && found[^1].Patient == id)
            {
                found[^1] = found[^1] with { Allows = found[^1].Allows | (InformationCategory)r.GetInt32(8) }; // followed twice
                continue;
            }

            found.Add(new(id, r.GetString(1), r.GetString(2), r.TextOrNull(3) is { } born ? DateOnly.ParseExact(born, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null, (DatePrecision)r.GetInt32(4), r.TextOrNull(5),
                r.PersonOrNull(6), r.InstantOrNull(7), (InformationCategory)r.GetInt32(8), r.Instant(9)));
        }

        return found;
    }

    /// <summary>Open tasks, and hand-offs that nobody accepted, of the members whom a person follows up and who share that.</summary>
    /// <param name="patient">Of this one alone; null for all.</param>
    public static List<CoordinationTask> Tasks(DbSession session, PersonId person, DateTime now, PatientId? patient)
    {
        var found = new List<CoordinationTask>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var r = session.Sql($"""
            SELECT t."PatientId", t."Id", t."IsHandoff", t."Status", t."Business", t."Priority", t."RequesterName", t."RequesterId", t."RequesterLine", t."OwnerKind", t."OwnerId", t."OwnerRole", t."OwnerOrganisation", t."OwnerName", t."OwnerLine",
              t."AccountableId", t."AuthoredOn", t."DueAt", t."AcceptBy"
            FROM "CareTeamMembers" m CROSS JOIN "Tasks" t WHERE {Follows(InformationCategory.Tasks)}{(patient is null ? "" : " AND m.\"PatientId\" = @p2")}
              AND t."PatientId" = m."PatientId" AND t."Open" = 1 AND {Coordinated} AND t."Status" <> 0 AND (t."IsHandoff" = 0 OR t."Status" IN (1, 2))
            """).With(person.Value, now.Ticks, patient?.Value).Read();
        while (r.Read())
        {
            if (seen.Add(r.GetString(1)))
            {
                found.Add(new(new(r.GetString(0)), r.GetString(1), r.GetInt32(2) != 0, r.GetInt32(3), r.TextOrNull(4), r.GetInt32(5), r.TextOrNull(6), r.PersonOrNull(7), r.LineOrNull(8), (OwnerKind)r.GetInt32(9), r.PersonOrNull(10), r.IsDBNull(11) ? null : (Discipline)r.GetInt32(11),
                    r.TextOrNull(12), r.TextOrNull(13), r.LineOrNull(14), r.PersonOrNull(15), r.Instant(16), r.InstantOrNull(17), r.InstantOrNull(18)));
            }
        }

        return found;
    }

    /// <summary>Relations on the teams of the members whom a person follows up and who share their team, that ended or end between two moments.</summary>
    public static List<EndingRelation> Relations(DbSession session, PersonId person, DateTime now, DateTime from, DateTime until, PatientId? patient) =>
        Ending(session.Sql($"SELECT DISTINCT c.\"PatientId\", c.\"PersonId\", c.\"Kind\", c.\"Until\" FROM \"CareTeamMembers\" m CROSS JOIN \"CareTeamMembers\" c WHERE {Follows(InformationCategory.TeamAndAgenda)}{(patient is null ? "" : " AND m.\"PatientId\" = @p4")} AND c.\"PatientId\" = m.\"PatientId\" AND {Termed}")
            .With(person.Value, now.Ticks, from.Ticks, until.Ticks, patient?.Value));

    /// <summary>How many files there are; counted in an index.</summary>
    public static int CountFiles(DbSession session) => (int)session.Sql("SELECT COUNT(*) FROM \"Patients\"").Number()!.Value;

    /// <summary>Everyone, for figures.</summary>
    public static List<CountedPatient> Patients(DbSession session, DateTime now)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        using (var r = session.Sql($"SELECT m.\"PatientId\" FROM \"CareTeamMembers\" m WHERE m.\"PersonId\" IN (SELECT p.\"Id\" FROM \"People\" p WHERE p.\"Discipline\" = 14) AND m.\"Kind\" = 9 AND {GrantSql.Opens("@p0")} AND (m.\"Allows\" & 1) <> 0").With(now.Ticks).Read())
        {
            while (r.Read())
                named.Add(r.GetString(0));
        }

        var found = new List<CountedPatient>();
        using var rows = session.Sql("SELECT \"Id\", \"City\" FROM \"Patients\" WHERE \"Deceased\" = 0").Read();
        while (rows.Read())
        {
            var id = rows.GetString(0);
            found.Add(new(id, rows.TextOrNull(1), named.Contains(id)));
        }

        return found;
    }

    /// <summary>What is open, and what was accepted or fell due since a moment, for figures.</summary>
    public static List<CountedTask> Tasks(DbSession session, DateTime since)
    {
        var found = new List<CountedTask>();
        // Status: no concepts, refusals, cancellations or mistakes.
        using var r = session.Sql($"""
            SELECT t."PatientId", t."IsHandoff", t."Open", t."Status", t."RequesterLine", t."OwnerLine", t."OwnerId", t."OwnerOrganisation", t."AuthoredOn", t."DueAt", t."AcceptBy", t."AcceptedAt", t."ClosedAt"
            FROM "Tasks" t WHERE {Coordinated} AND t."Status" NOT IN (0, 4, 6, 11) AND (t."Open" = 1 OR t."AcceptedAt" >= @p0 OR t."DueAt" >= @p0)
            """).With(since.Ticks).Read();
        while (r.Read())
            found.Add(new(r.GetString(0), r.GetInt32(1) != 0, r.GetInt32(2) != 0, r.GetInt32(3), r.LineOrNull(4), r.LineOrNull(5), r.PersonOrNull(6), r.TextOrNull(7), r.GetInt64(8), Ticks(r, 9), Ticks(r, 10), Ticks(r, 11), Ticks(r, 12)));
        return found;
    }

    /// <summary>Relations of everyone that ended or end between two moments, for figures.</summary>
    public static List<EndingRelation> Relations(DbSession session, DateTime from, DateTime until) =>
        Ending(session.Sql($"SELECT DISTINCT c.\"PatientId\", c.\"PersonId\", c.\"Kind\", c.\"Until\" FROM \"CareTeamMembers\" c WHERE {Termed}").With(null, null, from.Ticks, until.Ticks));

    private static List<EndingRelation> Ending(Statement statement)
    {
        var found = new List<EndingRelation>();
        using var r = statement.Read();
        while (r.Read())
            found.Add(new(new(r.GetString(0)), new(r.GetString(1)), (RelationKind)r.GetInt32(2), r.Instant(3)));
        return found;
    }

    private static long? Ticks(DbDataReader r, int i) => r.IsDBNull(i) ? null : r.GetInt64(i);
}
