namespace CareTeamPortal.Platform.Access;

/// <summary>For whom an entry was written. Part of every query, never of the view.</summary>
[Flags]
public enum Audience
{
    None = 0,
    Professionals = 1,

    /// <summary>Informal caregivers and professional home-care aides.</summary>
    CaregiverCircle = 2,
    Patient = 4,

    /// <summary>Confidentiality R with the patient as recipient.</summary>
    ProfessionalsAndPatient = Professionals | Patient,
    WholeTeam = Professionals | CaregiverCircle | Patient,
}
