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
        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
        DateOnly? Day(int i) => Text(i) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        return new PatientRow
        {
            Id = room.Patient, FamilyName = Text(0), GivenName = Text(1), DisplayName = reader.GetString(2), SortName = reader.GetString(3),
            BirthDate = Day(4), BirthDatePrecision = (DatePrecision)reader.GetInt32(5), Gender = Text(6), Deceased = reader.GetBoolean(7), DeceasedOn = Day(8),
            Insz = Text(9), City = Text(10), AddressLine = Text(11), Phone = Text(12), HasResource = reader.GetBoolean(13),
            AccountableId = Text(14) is { } accountable ? new PersonId(accountable) : null, CoordinatorId = Text(15) is { } coordinator ? new PersonId(coordinator) : null,
        };
    }

    /// <summary>Who was accountable from when to when, newest first.</summary>
    public static List<AccountabilityRow> Periods(DbSession session, PatientRoom room, int most)
    {
        var found = new List<AccountabilityRow>();
        using var reader = session.Sql("SELECT \"PersonId\", \"Since\", \"Until\" FROM \"AccountabilityPeriods\" WHERE \"PatientId\" = @p0 ORDER BY \"Since\" DESC LIMIT @p1").With(room.Patient.Value, most).Read();
        while (reader.Read())
            found.Add(new AccountabilityRow { PatientId = room.Patient, PersonId = new(reader.GetString(0)), Since = Moment(reader, 1)!.Value, Until = Moment(reader, 2) });
        return found;
    }

    /// <summary>Who is on the team now.</summary>
    public static List<CareTeamMemberRow> Team(DbSession session, PatientRoom room)
    {
        var found = new List<CareTeamMemberRow>();
        using var reader = session.Sql("SELECT \"PersonId\", \"RoleTitle\", \"Since\", \"Until\", \"GrantReason\", \"Kind\", \"Allows\", \"AllowsUntil\" FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"Since\" <= @p1 AND (\"Until\" IS NULL OR \"Until\" > @p1) AND \"Kind\" <> 10").With(room.Patient.Value, room.Now.Ticks).Read();
        while (reader.Read())
            found.Add(new CareTeamMemberRow { PatientId = room.Patient, PersonId = new(reader.GetString(0)), RoleTitle = reader.IsDBNull(1) ? null : reader.GetString(1), Since = Moment(reader, 2)!.Value, Until = Moment(reader, 3), GrantReason = reader.GetString(4), Kind = (RelationKind)reader.GetInt32(5), Allows = (InformationCategory)reader.GetInt32(6), AllowsUntil = Moment(reader, 7)!.Value });
        return found;
    }

    private static DateTime? Moment(System.Data.Common.DbDataReader reader, int i) => reader.IsDBNull(i) ? null : new DateTime(reader.GetInt64(i), DateTimeKind.Utc);
}
