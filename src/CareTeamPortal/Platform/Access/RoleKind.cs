namespace CareTeamPortal.Platform.Access;

/// <summary>What kind of role somebody has. The sharing rules say which categories a role gets; its kind says what belongs to being that and is not shared out.</summary>
public enum RoleKind
{
    /// <summary>No person who opens files: an officer, an organisation, unknown.</summary>
    None = 0,

    /// <summary>Treats or supports, and can be accountable for it.</summary>
    Professional = 1,

    /// <summary>Informal caregiver or home-care aide: the limited view.</summary>
    CaregiverCircle = 2,
    Patient = 3,

    /// <summary>Follows the coordination of care, without a part in it: case manager of a mutuality.</summary>
    Coordination = 4,
}

/// <summary>The kind of each role, and what follows from it.</summary>
public static class RoleKinds
{
    public static RoleKind Kind(this Discipline role) => role switch
    {
        Discipline.Unknown or Discipline.Organisation or Discipline.GovernanceOfficer => RoleKind.None,
        Discipline.HomeCareAide or Discipline.InformalCaregiver => RoleKind.CaregiverCircle,
        Discipline.Patient => RoleKind.Patient,
        Discipline.CaseManager => RoleKind.Coordination,
        _ => RoleKind.Professional,
    };

    /// <summary>For whom entries are written that this kind of role reads.</summary>
    public static Audience Audience(this RoleKind kind) => kind switch
    {
        RoleKind.Professional => Access.Audience.Professionals,
        RoleKind.Coordination => Access.Audience.Coordination,
        RoleKind.CaregiverCircle => Access.Audience.CaregiverCircle,
        RoleKind.Patient => Access.Audience.Patient,
        _ => Access.Audience.None,
    };
}
