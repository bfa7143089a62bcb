using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Names of disciplines and care lines in the person's language.</summary>
internal static class Roles
{
    private static readonly Words Words = new("CareTeamPortal.Platform.SignIn.RolesText");

    /// <summary>The discipline in words: "thuisverpleegkundige".</summary>
    public static string Title(Discipline discipline) => Words.Get(discipline.ToString());

    /// <summary>Those of a discipline together, as one asks them something: "de thuisverpleging".</summary>
    public static string Group(Discipline discipline) => Words.Find("Group" + discipline) ?? Title(discipline);

    /// <summary>The care line from which a discipline acts when nothing says otherwise.</summary>
    public static CareLine LineOf(Discipline discipline) => discipline switch
    {
        Discipline.Patient or Discipline.InformalCaregiver => CareLine.Home,
        Discipline.Specialist or Discipline.HospitalNurse => CareLine.Second,
        Discipline.SocialWorker or Discipline.CaseManager or Discipline.GovernanceOfficer => CareLine.Support,
        _ => CareLine.First,
    };

    /// <summary>The care line in words: "eerste lijn".</summary>
    public static string Line(CareLine line) => Words.Find("Line" + line) ?? line.ToString();
}
