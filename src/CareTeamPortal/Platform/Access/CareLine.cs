namespace CareTeamPortal.Platform.Access;

/// <summary>Care line (zorglijn) from which somebody acts; every person acts from one line at a time.</summary>
public enum CareLine
{
    /// <summary>Nulde lijn: at home; the patient and informal caregivers.</summary>
    Home = 0,

    /// <summary>Eerste lijn: GP, home nursing, pharmacist, physiotherapist.</summary>
    First = 1,

    /// <summary>Tweede lijn: hospital, specialists.</summary>
    Second = 2,

    /// <summary>Derde lijn: university hospital; shares the hospital's rail, marked 3.</summary>
    Third = 3,

    /// <summary>Zorgregie: welfare, mutuality, coordination.</summary>
    Support = 4,
}
