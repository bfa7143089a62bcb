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

    /// <summary>Who follows coordination and has no part in the care. No entry is written for them: who reads as this one alone opens a file and reads no entry in it.</summary>
    Coordination = 8,
}
