namespace CareTeamPortal.Platform.Access;

/// <summary>Information categories of the sharing rules (product.md). Flags, so that a reach is one number in a query.</summary>
[Flags]
public enum InformationCategory
{
    None = 0,
    Administrative = 1 << 0,
    TeamAndAgenda = 1 << 1,
    Tasks = 1 << 2,
    Goals = 1 << 3,
    Notes = 1 << 4,
    Measurements = 1 << 5,
    Medication = 1 << 6,
    ProblemsAndAllergies = 1 << 7,
    MentalHealth = 1 << 8,
    SexualHealth = 1 << 9,
    Social = 1 << 10,
    Documents = 1 << 11,
    Outcomes = 1 << 12,
    All = (1 << 13) - 1,
}

/// <summary>Categories that belong together.</summary>
public static class InformationCategories
{
    /// <summary>What says that care is there and who does it when, and nothing of what it is for.</summary>
    public const InformationCategory Coordination = InformationCategory.Administrative | InformationCategory.TeamAndAgenda | InformationCategory.Tasks;
}
