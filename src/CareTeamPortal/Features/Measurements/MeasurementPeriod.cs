using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Measurements;

/// <summary>How long a plot looks back.</summary>
public enum MeasurementRange
{
    Week = 0,
    Month = 1,
    Year = 2,
    All = 3,
}

/// <summary>The days that a page of measurements shows, both ends included.</summary>
public readonly record struct MeasurementPeriod(MeasurementRange Range, DateOnly First, DateOnly Last)
{
    /// <summary>The range that ends on a day.</summary>
    public static MeasurementPeriod Ending(MeasurementRange range, DateOnly last)
    {
        if (range == MeasurementRange.All)
            throw new ArgumentOutOfRangeException(nameof(range), "All ends where the measurements end.");
        if (last < DateOnly.MinValue.AddYears(2))
            last = DateOnly.MinValue.AddYears(2);
        return new(range, range switch
        {
            MeasurementRange.Week => last.AddDays(-6),
            MeasurementRange.Month => last.AddMonths(-1).AddDays(1),
            _ => last.AddYears(-1).AddDays(1),
        }, last);
    }

    /// <summary>First instant and the instant after the last.</summary>
    public (DateTime From, DateTime Until) Instants => (BelgianTime.BoundsOf(First).Start, BelgianTime.BoundsOf(Last).End);

    /// <summary>The period before this one, as long.</summary>
    public MeasurementPeriod Earlier => Ending(Range, First > DateOnly.MinValue.AddYears(2) ? First.AddDays(-1) : First);

    /// <summary>The period after this one, as long, never beyond a day.</summary>
    public MeasurementPeriod LaterUpTo(DateOnly limit)
    {
        var last = Range switch
        {
            MeasurementRange.Week => Last.AddDays(7),
            MeasurementRange.Month => Last.AddMonths(1),
            _ => Last.AddYears(1),
        };
        return Ending(Range, last > limit ? limit : last);
    }
}
