using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Ui;

/// <summary>How a care line looks: the code of its marker and of its colours.</summary>
public static class CareLines
{
    public static IReadOnlyList<CareLine> All { get; } = [CareLine.Home, CareLine.First, CareLine.Second, CareLine.Third, CareLine.Support];

    /// <summary>0, 1, 2, 3 or z: the figure in the marker.</summary>
    public static string Code(CareLine line) => line switch
    {
        CareLine.Home => "0",
        CareLine.First => "1",
        CareLine.Second => "2",
        CareLine.Third => "3",
        CareLine.Support => "z",
        _ => throw new ArgumentOutOfRangeException(nameof(line), line, null),
    };

    /// <summary>0, 1, 2 or z: colour and shape. The third line shares the hospital's.</summary>
    public static string Shape(CareLine line) => line is CareLine.Third ? "2" : Code(line);
}
