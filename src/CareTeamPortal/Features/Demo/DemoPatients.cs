namespace CareTeamPortal.Features.Demo;

/// <summary>The fictional patients of the demo. Their stories are told relative to the anchor day of the calendar.</summary>
internal static partial class DemoPatients
{
    /// <summary>Id of every demo patient.</summary>
    public static readonly IReadOnlyList<string> Ids =
    [
        "maria-verhoeven", "rita-mertens", "georges-pauwels", "simonne-baeten", "yvonne-theunis",
        "frans-lambrechts", "noor-vandamme", "albert-claes", "paula-deridder", "jozef-dierickx",
    ];

    /// <summary>All patients, each written when it is asked for.</summary>
    public static IEnumerable<DemoPatient> All(DateOnly today)
    {
        var days = new DemoCalendar(today);
        yield return Maria(days);
        yield return Rita(days);
        yield return Georges(days);
        yield return Simonne(days);
        yield return Yvonne(days);
        yield return Frans(days);
        yield return Noor(days);
        yield return Albert(days);
        yield return Paula(days);
        yield return Jozef(days);
    }
}
