using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Measurements;

/// <summary>Where a value lies against the usual range.</summary>
public enum BandPlace
{
    /// <summary>Inside, or there is no usual range.</summary>
    Usual = 0,
    Lower = 1,
    Higher = 2,
}

/// <summary>Whose usual range it is.</summary>
public enum BandOrigin
{
    /// <summary>The catalogue's, from a published source.</summary>
    Published = 0,

    /// <summary>The catalogue's, from general knowledge: "default, confirm".</summary>
    ToConfirm = 1,

    /// <summary>It came with the latest measurement.</summary>
    WithMeasurement = 2,
}

/// <summary>A usual range as a plot shows it, in the plot's unit.</summary>
public sealed record SeriesBand(decimal? Low, decimal? High, BandOrigin Origin, string? Source)
{
    /// <summary>Where a value lies against it.</summary>
    public BandPlace PlaceOf(decimal value) => value < Low ? BandPlace.Lower : value > High ? BandPlace.Higher : BandPlace.Usual;
}

/// <summary>One measurement on a plot and in its table.</summary>
/// <param name="Key">Distinguishes it from the others of its series; means nothing outside.</param>
/// <param name="At">When it was measured, UTC.</param>
/// <param name="Precision">How exact <paramref name="At"/> is.</param>
/// <param name="Value">The number in the plot's unit; the systolic of a blood pressure.</param>
/// <param name="Second">The diastolic of a blood pressure, else null.</param>
/// <param name="Shown">As people read it, without the unit: <c>78,4</c>, <c>130/80</c>, <c>&lt; 5</c>.</param>
/// <param name="Line">Care line that measured; null when nobody knows.</param>
/// <param name="Who">Who measured, or the source; null when nobody knows.</param>
/// <param name="Place">Against the usual range.</param>
/// <param name="AsWritten">The value with its own unit when it was converted for the plot, else null.</param>
public sealed record MeasuredPoint(string Key, DateTime At, DatePrecision Precision, decimal Value, decimal? Second, string Shown, CareLine? Line, string? Who, BandPlace Place, string? AsWritten);

/// <summary>All measurements of one quantity in a period, oldest first.</summary>
public sealed record MeasuredSeries
{
    /// <summary>The catalogue's group, or the code that it came under; means nothing outside.</summary>
    public required string Key { get; init; }

    /// <summary>The catalogue's name, or the name in the words of the source.</summary>
    public required string Name { get; init; }

    /// <summary>Unit of the plot; may be empty.</summary>
    public required string Unit { get; init; }
    public required IReadOnlyList<MeasuredPoint> Points { get; init; }
    public SeriesBand? Band { get; init; }

    /// <summary>The diastolic's, for a blood pressure.</summary>
    public SeriesBand? SecondBand { get; init; }

    /// <summary>Decimals of the plot's axis.</summary>
    public int Decimals { get; init; }
}

/// <summary>A quantity without a number in the period: measured at another time, or with a word as its value.</summary>
/// <param name="Key">Distinguishes it from the others.</param>
/// <param name="Name">The catalogue's name, or the name in the words of the source.</param>
/// <param name="Shown">The latest value with its unit.</param>
/// <param name="At">When that was, UTC.</param>
/// <param name="Precision">How exact <paramref name="At"/> is.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="HasNumbers">True when a plot of another period can show it.</param>
public sealed record QuietQuantity(string Key, string Name, string Shown, DateTime At, DatePrecision Precision, int Count, bool HasNumbers);
