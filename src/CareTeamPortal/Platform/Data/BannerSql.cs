using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>What every page of a patient reads before it shows anything, by hand: three EF contexts cost more than the page's entries.</summary>
internal static class BannerSql
{
    /// <summary>Who the patient is.</summary>
    /// <exception cref="PatientNotFound">There is no such file.</exception>
    public static PatientRow Patient(DbSession session, PatientRoom room)
    {
        using var reader = session.Sql("SELECT \"FamilyName\", \"GivenName\", \"DisplayName\", \"SortName\", \"BirthDate\", \"BirthDatePrecision\", \"Gender\", \"Deceased\", \"DeceasedOn\", \"Insz\", \"City\", \"AddressLine\", \"Phone\", \"HasResource\", \"AccountableId\", \"CoordinatorId\" FROM \"Patients\" WHERE \"Id\" = @p0")
            .With(room.Patient.Value).Read();
        if (!reader.Read())
            throw new PatientNotFound();
        DateOnly? Day(int i) => reader.TextOrNull(i) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        return new PatientRow
        {
            Id = room.Patient, FamilyName = reader.TextOrNull(0), GivenName = reader.TextOrNull(1), DisplayName = reader.GetString(2), SortName = reader.GetString(3),
            BirthDate = Day(4), BirthDatePrecision = (DatePrecision)reader.GetInt32(5), Gender = reader.TextOrNull(6), Deceased = reader.GetBoolean(7), DeceasedOn = Day(8),
            Insz = reader.TextOrNull(9), City = reader.TextOrNull(10), AddressLine = reader.TextOrNull(11), Phone = reader.TextOrNull(12), HasResource = reader.GetBoolean(13),
            AccountableId = reader.PersonOrNull(14), CoordinatorId = reader.PersonOrNull(15),
        };
    }

    /// <summary>Who was accountable from when to when, newest first.</summary>
    public static List<AccountabilityRow> Periods(DbSession session, PatientRoom room, int most)
    {
        var found = new List<AccountabilityRow>();
        using var reader = session.Sql("SELECT \"PersonId\", \"Since\", \"Until\" FROM \"AccountabilityPeriods\" WHERE \"PatientId\" = @p0 ORDER BY \"Since\" DESC LIMIT @p1").With(room.Patient.Value, most).Read();
        while (reader.Read())
            found.Add(new AccountabilityRow { PatientId = room.Patient, PersonId = new(reader.GetString(0)), Since = reader.Instant(1), Until = reader.InstantOrNull(2) });
        return found;
    }

    /// <summary>Who is on the team now.</summary>
    public static List<CareTeamMemberRow> Team(DbSession session, PatientRoom room)
    {
        var found = new List<CareTeamMemberRow>();
        using var reader = session.Sql("SELECT \"PersonId\", \"RoleTitle\", \"Since\", \"Until\", \"GrantReason\", \"Kind\", \"Allows\", \"AllowsUntil\" FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"Since\" <= @p1 AND (\"Until\" IS NULL OR \"Until\" > @p1) AND \"Kind\" <> 10").With(room.Patient.Value, room.Now.Ticks).Read();
        while (reader.Read())
            found.Add(new CareTeamMemberRow { PatientId = room.Patient, PersonId = new(reader.GetString(0)), RoleTitle = reader.TextOrNull(1), Since = reader.Instant(2), Until = reader.InstantOrNull(3), GrantReason = reader.GetString(4), Kind = (RelationKind)reader.GetInt32(5), Allows = (InformationCategory)reader.GetInt32(6), AllowsUntil = reader.Instant(7) });
        return found;
    }
}
