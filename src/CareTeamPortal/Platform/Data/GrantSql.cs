using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>What opens a file to somebody now.</summary>
/// <param name="Kind">The relation; of several the one that is not a broken glass.</param>
/// <param name="Allows">What the patient's decisions leave to this person.</param>
/// <param name="Until">The next moment at which it may be another.</param>
/// <param name="Rules">Version of the sharing rules in force; 0 when none is kept.</param>
internal readonly record struct Grant(RelationKind Kind, InformationCategory Allows, DateTime Until, int Rules)
{
    /// <summary>Opens the file, and makes nobody part of the team.</summary>
    public bool IsBreakGlass => Kind == RelationKind.BreakGlass;
}

/// <summary>Hand-written SQL of memberships: what opens a file, who is on a team.</summary>
internal static class GrantSql
{
    /// <summary>A membership <c>m</c> that is in force at <c>{now}</c> and that the patient's decisions leave something to.</summary>
    public static string Opens(string now) => $"m.\"Since\" <= {now} AND (m.\"Until\" IS NULL OR m.\"Until\" > {now}) AND m.\"AllowsUntil\" > {now} AND m.\"Allows\" <> 0";

    private static readonly string FindText = $"SELECT m.\"Kind\", m.\"Allows\", m.\"AllowsUntil\", m.\"Until\", (SELECT MAX(r.\"Number\") FROM \"RuleVersions\" r WHERE r.\"State\" = 2) FROM \"CareTeamMembers\" m WHERE m.\"PatientId\" = @p0 AND m.\"PersonId\" = @p1 AND {Opens("@p2")}";

    /// <summary>What opens this file to this person now; null when nothing does.</summary>
    public static Grant? Find(DbSession session, PatientId patient, PersonId person, DateTime now)
    {
        Grant? found = null;
        using var reader = session.Sql(FindText).With(patient.Value, person.Value, now.Ticks).Read();
        while (reader.Read())
        {
            var until = Math.Min(reader.GetInt64(2), reader.IsDBNull(3) ? long.MaxValue : reader.GetInt64(3));
            var row = new Grant((RelationKind)reader.GetInt32(0), (InformationCategory)reader.GetInt32(1), new DateTime(until, DateTimeKind.Utc), reader.IsDBNull(4) ? 0 : reader.GetInt32(4));
            found = found is not { } other ? row
                : new Grant(other.IsBreakGlass ? row.Kind : other.Kind, other.Allows | row.Allows, other.Until < row.Until ? other.Until : row.Until, row.Rules);
        }

        return found;
    }

    /// <summary>What a member of the team is allowed; a broken glass makes nobody a member.</summary>
    public static Grant? Member(DbSession session, PatientId patient, PersonId person, DateTime now) => Find(session, patient, person, now) is { IsBreakGlass: false } grant ? grant : null;

    /// <summary>What the patient's decisions leave to somebody whom something opens this file to, nothing included; null when nothing does: for the patient, who may know both.</summary>
    public static InformationCategory? OnTeam(DbSession session, PatientRoom room, PersonId person) =>
        session.Sql("SELECT MAX(CASE WHEN \"AllowsUntil\" > @p2 THEN \"Allows\" ELSE 0 END) FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND \"Since\" <= @p2 AND (\"Until\" IS NULL OR \"Until\" > @p2)").With(room.Patient.Value, person.Value, room.Now.Ticks).Number() is { } allows
            ? (InformationCategory)allows : null;

    /// <summary>The people of a team now, with what each is allowed; also those who are allowed nothing. For writers and the clock, and inside an open file.</summary>
    public static List<(PersonId Person, InformationCategory Allows)> Team(DbSession session, PatientId patient, DateTime now)
    {
        var members = new List<(PersonId, InformationCategory)>();
        using var reader = session.Sql("SELECT \"PersonId\", CASE WHEN \"AllowsUntil\" > @p1 THEN \"Allows\" ELSE 0 END FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"Since\" <= @p1 AND (\"Until\" IS NULL OR \"Until\" > @p1) AND \"Kind\" <> 10 ORDER BY \"Key\"").With(patient.Value, now.Ticks).Read();
        while (reader.Read())
            members.Add((new(reader.GetString(0)), (InformationCategory)reader.GetInt32(1)));
        return members;
    }
}
