using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>What the patient's decisions changed for one member.</summary>
/// <param name="Before">What the member could be shown before.</param>
internal readonly record struct ShareChange(PersonId Person, InformationCategory Before, InformationCategory Now);

/// <summary>
/// Hand-written SQL of consents, and what they come to for each member: the columns <c>Allows</c> and <c>AllowsUntil</c> of the membership, by which every
/// query decides. They are written in the transaction of whatever changed them, and a row past its <c>AllowsUntil</c> is closed until the clock has looked.
/// </summary>
internal static class ConsentSql
{
    private const string Columns = "\"Key\", \"Scope\", \"Categories\", \"Organisation\", \"PersonId\", \"Permits\", \"From\", \"Until\"";

    /// <summary>The decisions of a patient that count now or later.</summary>
    public static List<Consent> Of(DbSession session, PatientId patient, DateTime now)
    {
        var found = new List<Consent>();
        using var reader = session.Sql($"SELECT {Columns} FROM \"Consents\" WHERE \"PatientId\" = @p0 AND \"EndedAt\" IS NULL AND (\"Until\" IS NULL OR \"Until\" > @p1) ORDER BY \"Key\"").With(patient.Value, now.Ticks).Read();
        while (reader.Read())
            found.Add(Read(reader));
        return found;
    }

    /// <summary>Every decision, also those that ended, newest first: for who may see them.</summary>
    public static List<ConsentRow> All(DbSession session, PatientId patient, int most)
    {
        var found = new List<ConsentRow>();
        using var reader = session.Sql($"SELECT {Columns}, \"Source\", \"By\", \"At\", \"EndedAt\", \"EndedBy\", \"Note\" FROM \"Consents\" WHERE \"PatientId\" = @p0 ORDER BY \"Key\" DESC LIMIT @p1").With(patient.Value, most).Read();
        while (reader.Read())
        {
            var c = Read(reader);
            found.Add(new ConsentRow
            {
                Key = c.Key, PatientId = patient, Scope = c.Scope, Categories = c.Categories, Organisation = c.Organisation, PersonId = c.Person, Permits = c.Permits, From = c.From, Until = c.Until, Source = (ConsentSource)reader.GetInt32(8),
                By = reader.PersonOrNull(9), At = reader.Instant(10), EndedAt = reader.InstantOrNull(11), EndedBy = reader.PersonOrNull(12), Note = reader.TextOrNull(13),
            });
        }

        return found;
    }

    /// <summary>Enters a decision; its key. What it comes to follows with <see cref="Project"/>.</summary>
    public static long Add(DbSession session, PatientId patient, ConsentScope scope, InformationCategory categories, string? organisation, PersonId? person, bool permits, DateTime from, DateTime? until, ConsentSource source, PersonId? by, DateTime now, string? note = null)
    {
        session.Sql("INSERT INTO \"Consents\" (\"PatientId\", \"Scope\", \"Categories\", \"Organisation\", \"PersonId\", \"Permits\", \"From\", \"Until\", \"Source\", \"By\", \"At\", \"Note\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)")
            .With(patient.Value, (int)scope, (int)categories, organisation, person?.Value, permits ? 1 : 0, from.Ticks, until?.Ticks, (int)source, by?.Value, now.Ticks, note).Run();
        return session.Sql("SELECT MAX(\"Key\") FROM \"Consents\" WHERE \"PatientId\" = @p0").With(patient.Value).Number()!.Value;
    }

    /// <summary>Withdraws a decision; false when it is not there or ended already.</summary>
    public static bool End(DbSession session, PatientId patient, long key, PersonId? by, DateTime now) =>
        session.Sql("UPDATE \"Consents\" SET \"EndedAt\" = @p2, \"EndedBy\" = @p3 WHERE \"PatientId\" = @p0 AND \"Key\" = @p1 AND \"EndedAt\" IS NULL").With(patient.Value, key, now.Ticks, by?.Value).Run() == 1;

    /// <summary>What the decisions leave to one person, and until when that stands.</summary>
    /// <param name="relation">Null: the usual one of the person's role, which is answered.</param>
    public static (RelationKind Kind, InformationCategory Allows, DateTime Until) For(DbSession session, PatientId patient, PersonId person, DateTime now, RelationKind? relation)
    {
        string? organisation = null, own = null;
        var discipline = Discipline.Unknown;
        using (var reader = session.Sql("SELECT \"Organisation\", \"OwnFile\", \"Discipline\" FROM \"People\" WHERE \"Id\" = @p0").With(person.Value).Read())
        {
            if (reader.Read())
                (organisation, own, discipline) = (reader.TextOrNull(0), reader.TextOrNull(1), (Discipline)reader.GetInt32(2));
        }

        var role = SharingRules.RoleIn(discipline, own is null ? null : new PatientId(own), patient);
        var kind = relation ?? Relations.For(role)[0];
        var (allows, until) = For(Of(session, patient, now), patient, person, organisation, own, now, kind);
        return (kind, allows, until);
    }

    private static (InformationCategory Allows, DateTime Until) For(IReadOnlyList<Consent> consents, PatientId patient, PersonId person, string? organisation, string? own, DateTime now, RelationKind kind)
    {
        var isThePatient = own == patient.Value;
        var allows = Consents.MayShare(consents, person, organisation, isThePatient, now, kind == RelationKind.BreakGlass);
        // A mutuality follows coordination. More than that only when the patient said so about this person or organisation; a consent to sharing in general is none.
        if (kind == RelationKind.FollowUp)
            allows &= InformationCategories.Coordination | Consents.MayShare([.. consents.Where(c => c.Scope is ConsentScope.Organisation or ConsentScope.Person)], person, organisation, isThePatient, now);
        return (allows, isThePatient ? Consents.Never : Consents.NextChange(consents, now));
    }

    /// <summary>Writes what the decisions come to for each membership that counts now or later. Whose rights changed is answered.</summary>
    public static List<ShareChange> Project(DbSession session, PatientId patient, DateTime now)
    {
        var consents = Of(session, patient, now);
        var rows = new List<(long Key, PersonId Person, RelationKind Kind, InformationCategory Allows, DateTime AllowsUntil, string? Organisation, string? Own, DateTime Since)>();
        using (var reader = session.Sql("SELECT m.\"Key\", m.\"PersonId\", m.\"Kind\", m.\"Allows\", m.\"AllowsUntil\", p.\"Organisation\", p.\"OwnFile\", m.\"Since\" FROM \"CareTeamMembers\" m LEFT JOIN \"People\" p ON p.\"Id\" = m.\"PersonId\" WHERE m.\"PatientId\" = @p0 AND (m.\"Until\" IS NULL OR m.\"Until\" > @p1) ORDER BY m.\"Key\"").With(patient.Value, now.Ticks).Read())
        {
            while (reader.Read())
                rows.Add((reader.GetInt64(0), new(reader.GetString(1)), (RelationKind)reader.GetInt32(2), (InformationCategory)reader.GetInt32(3), reader.Instant(4), reader.TextOrNull(5), reader.TextOrNull(6), reader.Instant(7)));
        }

        var changes = new List<ShareChange>();
        foreach (var row in rows)
        {
            var (allows, until) = For(consents, patient, row.Person, row.Organisation, row.Own, now, row.Kind);
            until = Until(until, row.Since, now);
            if (allows == row.Allows && until == row.AllowsUntil)
                continue;
            session.Sql("UPDATE \"CareTeamMembers\" SET \"Allows\" = @p1, \"AllowsUntil\" = @p2 WHERE \"Key\" = @p0").With(row.Key, (int)allows, until.Ticks).Run();
            if (allows != row.Allows)
                changes.Add(new(row.Person, row.Allows, allows));
        }

        return changes;
    }

    /// <summary>A membership that begins later wants to be looked at on that moment too: open pages and programs learn then that it began.</summary>
    public static DateTime Until(DateTime allowsUntil, DateTime since, DateTime now) => since > now && since < allowsUntil ? since : allowsUntil;

    /// <summary>Patients with a dated decision whose moment has come; for the clock only.</summary>
    public static List<PatientId> Due(DbSession session, DateTime now, int most)
    {
        var found = new List<PatientId>();
        using var reader = session.Sql("SELECT DISTINCT \"PatientId\" FROM \"CareTeamMembers\" WHERE \"AllowsUntil\" < 3155378975999999999 AND \"AllowsUntil\" <= @p0 AND (\"Until\" IS NULL OR \"Until\" > @p0) LIMIT @p1").With(now.Ticks, most).Read();
        while (reader.Read())
            found.Add(new(reader.GetString(0)));
        return found;
    }

    /// <summary>Patients on whose teams somebody is: for a change of that person's organisation.</summary>
    public static List<PatientId> PatientsOf(DbSession session, PersonId person, DateTime now)
    {
        var found = new List<PatientId>();
        using var reader = session.Sql("SELECT DISTINCT \"PatientId\" FROM \"CareTeamMembers\" WHERE \"PersonId\" = @p0 AND (\"Until\" IS NULL OR \"Until\" > @p1)").With(person.Value, now.Ticks).Read();
        while (reader.Read())
            found.Add(new(reader.GetString(0)));
        return found;
    }

    /// <summary>Whether the patient excluded this person for good, or contests an access of theirs.</summary>
    public static bool IsExcluded(DbSession session, PatientId patient, PersonId person, DateTime now) => Of(session, patient, now).Exists(c => c.Excludes(person) && c.IsInForce(now));

    private static Consent Read(System.Data.Common.DbDataReader r) => new(
        r.GetInt64(0), (ConsentScope)r.GetInt32(1), (InformationCategory)r.GetInt32(2), r.TextOrNull(3), r.PersonOrNull(4), r.GetInt32(5) != 0, r.Instant(6), r.InstantOrNull(7));
}
