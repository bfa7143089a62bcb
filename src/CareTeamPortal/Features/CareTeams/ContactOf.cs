using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>
/// Which contact details of somebody on a team a reader of that file sees. A member's belong to the team and its agenda; the patient's own are
/// administrative data, wherever they were written. Oneself reads one's own.
/// </summary>
internal static class ContactOf
{
    /// <param name="filePhone">The number in the patient's own data, for the patient.</param>
    /// <param name="categories">What the reader sees in this file.</param>
    public static ContactDetails Member(PersonRow person, PatientId patient, string? filePhone, InformationCategory categories, PersonId reader) =>
        person.OwnFile == patient
            ? categories.HasFlag(InformationCategory.Administrative) || person.Id == reader ? new(person.Phone ?? ContactDetails.ParsePhone(filePhone), person.Email) : default
            : categories.HasFlag(InformationCategory.TeamAndAgenda) || person.Id == reader ? new(person.Phone, person.Email) : default;
}
