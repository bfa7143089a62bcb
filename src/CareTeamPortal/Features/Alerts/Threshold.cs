using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Alerts;

/// <summary>What makes a measured value worth an alert.</summary>
public enum ThresholdKind
{
    /// <summary>The value itself: systolic pressure below 95.</summary>
    Value = 0,

    /// <summary>The value itself, for as long as the window: eGFR below 45 for three months.</summary>
    Sustained = 1,

    /// <summary>How far it is from the lowest or highest of the window: 2 kg in 3 days.</summary>
    Change = 2,

    /// <summary>How fast it goes, per week, as a straight line through the window.</summary>
    Trend = 3,

    /// <summary>How far it is from what is usual for this person: the median of the window.</summary>
    Baseline = 4,

    /// <summary>Nothing was measured for as long as the window.</summary>
    Missing = 5,
}

/// <summary>Which side of a limit is the wrong one.</summary>
public enum Side
{
    /// <summary>Too high; of a change: it rose.</summary>
    Above = 0,

    /// <summary>Too low; of a change: it fell.</summary>
    Below = 1,
}

/// <summary>How grave an alert is: FHIR detectedissue-severity.</summary>
public enum AlertSeverity
{
    Low = 0,
    Moderate = 1,
    High = 2,
}

/// <summary>A value and when it was measured.</summary>
/// <param name="Time">UTC.</param>
/// <param name="Value">In the unit in which the quantity's group is drawn.</param>
public readonly record struct Reading(DateTime Time, decimal Value);

/// <summary>A length of time: days on the Belgian calendar, so that three days ago at eight is at eight also when the clocks changed, or hours as they pass.</summary>
public readonly record struct Window(int Count, bool InHours = false)
{
    /// <summary>Windows are from an hour to two years.</summary>
    public bool IsSound => Count >= 1 && Count <= (InHours ? 72 : 731);

    /// <summary>The moment this long before another, UTC.</summary>
    public DateTime Before(DateTime utc) => InHours ? utc.AddHours(-Count) : BelgianTime.ToUtc(BelgianTime.ToLocal(utc).AddDays(-Count));

    /// <summary>The moment this long after another, UTC.</summary>
    public DateTime After(DateTime utc) => InHours ? utc.AddHours(Count) : BelgianTime.ToUtc(BelgianTime.ToLocal(utc).AddDays(Count));
}

/// <summary>A limit for one patient: which value is worth an alert, how grave it is, and what is to be done.</summary>
public sealed record Threshold
{
    /// <summary>Fewest values before which a trend says nothing: through two points every line fits.</summary>
    internal const int FewestForTrend = 3;

    /// <summary>Fewest values that make what is usual for a person.</summary>
    internal const int FewestForBaseline = 5;

    public required string Id { get; init; }

    /// <summary>Key of the quantity's group (<see cref="Measurements.Quantity.Group"/>, or the quantity's own key for a blood pressure).</summary>
    public required string Quantity { get; init; }
    public required ThresholdKind Kind { get; init; }
    public Side Side { get; init; }

    /// <summary>In the group's unit; of a trend per week; null for a missing measurement.</summary>
    public decimal? Limit { get; init; }

    /// <summary>Reaching the limit is enough; otherwise it has to be passed.</summary>
    public bool OrEqual { get; init; }

    /// <summary>Of a change or baseline: the limit is a share of what is compared with, in percent.</summary>
    public bool InPercent { get; init; }

    /// <summary>How far it looks back; null for a plain value.</summary>
    public Window? Window { get; init; }
    public AlertSeverity Severity { get; init; }

    /// <summary>Since when it is in force, UTC: a missing measurement counts from here.</summary>
    public required DateTime Since { get; init; }

    /// <summary>Largest number that a limit or a value may be: beyond it is no measurement of a person.</summary>
    internal const decimal Largest = 1_000_000_000m;

    /// <summary>Can it be judged at all?</summary>
    public bool IsSound => (Kind is ThresholdKind.Value ? Window is null : Window is { IsSound: true })
        && (Kind == ThresholdKind.Missing ? Limit is null : Limit is not null)
        && (Kind is ThresholdKind.Value or ThresholdKind.Sustained ? Limit is >= -Largest and <= Largest : Limit is null or (> 0 and <= Largest))
        && (!InPercent || Kind is ThresholdKind.Change or ThresholdKind.Baseline);
}
