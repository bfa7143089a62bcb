using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Lanes;

/// <summary>How much time the picture shows.</summary>
public enum LanesZoom
{
    Week = 0,
    Month = 1,
    Year = 2,
}

/// <summary>The days that the picture shows, whole weeks or months around a day; both ends included.</summary>
public readonly record struct LanesPeriod(LanesZoom Zoom, DateOnly Around, DateOnly First, DateOnly Last)
{
    private static readonly DateOnly Earliest = new(1, 3, 1);
    private static readonly DateOnly Latest = new(9990, 1, 1);

    /// <summary>A week from Monday; six weeks with the day in the fourth; a year with the day in the tenth month: room to look ahead.</summary>
    public static LanesPeriod Of(LanesZoom zoom, DateOnly around)
    {
        var day = around < Earliest.AddYears(2) ? Earliest.AddYears(2) : around > Latest ? Latest : around;
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        var month = new DateOnly(day.Year, day.Month, 1);
        return zoom switch
        {
            LanesZoom.Week => new(zoom, day, monday, monday.AddDays(6)),
            LanesZoom.Year => new(zoom, day, month.AddMonths(-9), month.AddMonths(3).AddDays(-1)),
            _ => new(zoom, day, monday.AddDays(-21), monday.AddDays(20)),
        };
    }

    public int Days => Last.DayNumber - First.DayNumber + 1;

    /// <summary>First instant and the instant after the last, UTC.</summary>
    public (DateTime From, DateTime Until) Instants => (BelgianTime.BoundsOf(First).Start, BelgianTime.BoundsOf(Last).End);

    /// <summary>Half a screen further: what stood at one side stands at the other.</summary>
    public LanesPeriod Later => Of(Zoom, Zoom switch { LanesZoom.Week => Around.AddDays(7), LanesZoom.Year => Around.AddMonths(6), _ => Around.AddDays(21) });

    /// <summary>Half a screen back.</summary>
    public LanesPeriod Earlier => Of(Zoom, Zoom switch { LanesZoom.Week => Around.AddDays(-7), LanesZoom.Year => Around.AddMonths(-6), _ => Around.AddDays(-21) });

    /// <summary>How long a slot of the axis is: four hours, a day, a week. What falls in one slot is drawn as one mark.</summary>
    public TimeSpan Slot => Zoom switch { LanesZoom.Week => TimeSpan.FromHours(4), LanesZoom.Year => TimeSpan.FromDays(7), _ => TimeSpan.FromDays(1) };

    public bool Holds(DateOnly day) => day >= First && day <= Last;
}
