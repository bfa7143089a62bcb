namespace CareTeamPortal.Platform.Access;

/// <summary>What somebody is in the care of a patient. Codes follow the Belgian code system cd-hcparty where it has one.</summary>
public enum Discipline
{
    /// <summary>The source does not say.</summary>
    Unknown = 0,
    GeneralPractitioner = 1,
    Specialist = 2,
    HomeNurse = 3,
    HospitalNurse = 4,
    Pharmacist = 5,
    Physiotherapist = 6,
    SocialWorker = 7,
    Psychologist = 8,
    Dietician = 9,
    OccupationalTherapist = 10,

    /// <summary>Professional home-care aide (verzorgende): a limited view.</summary>
    HomeCareAide = 11,

    /// <summary>Informal caregiver (mantelzorger): a limited view.</summary>
    InformalCaregiver = 12,
    Patient = 13,

    /// <summary>Case manager of a mutuality: coordination data only.</summary>
    CaseManager = 14,

    /// <summary>Governance officer (spelregelaar): rules and audit, no clinical content.</summary>
    GovernanceOfficer = 15,

    /// <summary>An organisation speaks: laboratory, hospital, practice.</summary>
    Organisation = 16,

    /// <summary>A clinician whose discipline has no entry of its own here.</summary>
    OtherClinician = 17,
}
