using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Platform.Access;

/// <summary>The sharing rules asked about somebody else than who acts.</summary>
internal static class PeopleRules
{
    /// <summary>What somebody reaches in a file, as far as the rules go.</summary>
    public static Reach ReachIn(this SharingRules rules, PersonRow person, PatientId patient) => rules.ReachOf(SharingRules.RoleIn(person.Discipline, person.OwnFile, patient), person.Line);

    /// <summary>Whether somebody may do this in a file on whose team they are.</summary>
    public static bool MayIn(this SharingRules rules, PersonRow person, PatientId patient, CareAction action) => rules.May(SharingRules.RoleIn(person.Discipline, person.OwnFile, patient), person.Line, action);
}
