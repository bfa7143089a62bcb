namespace CareTeamPortal.Features.Alerts;

/// <summary>A value that broke a threshold, with what it was compared with: the evidence of the alert.</summary>
/// <param name="Measured">The value.</param>
/// <param name="By">What was held against the limit: the value itself, a difference, a share in percent, or a speed per week.</param>
/// <param name="Against">What it was compared with: the lowest or highest of the window, or the median; null for a plain value or a trend.</param>
/// <param name="From">From when the values were looked at, UTC; null for a plain value.</param>
public sealed record Breach(Reading Measured, decimal By, decimal? Against = null, DateTime? From = null);

/// <summary>Holds a measured value against a threshold. A pure function of the threshold, the value and what was measured before it.</summary>
internal static class Judge
{
    /// <summary>A share of less than this is a share of nothing.</summary>
    private const decimal Smallest = 0.001m;

    /// <summary>Does this value break the threshold?</summary>
    /// <param name="earlier">What was measured before, oldest first, at least the whole window; readings of the same moment as the value say nothing.</param>
    /// <returns>The evidence, or null when the value is within the limit or too little was measured to say.</returns>
    /// <remarks>A value that comes late is judged at its own time: what was measured after it is not looked at.</remarks>
    public static Breach? Breaks(Threshold threshold, ReadOnlySpan<Reading> earlier, Reading value)
    {
        earlier = earlier[..FirstAt(earlier, value.Time)];
        return threshold.Kind switch
        {
            ThresholdKind.Value => Passes(threshold, value.Value) ? new(value, value.Value) : null,
            ThresholdKind.Sustained => Sustained(threshold, earlier, value),
            ThresholdKind.Change => Change(threshold, Within(threshold, earlier, value), value),
            ThresholdKind.Trend => Trend(threshold, Within(threshold, earlier, value), value),
            ThresholdKind.Baseline => Baseline(threshold, Within(threshold, earlier, value), value),
            _ => null, // a measurement that is there is not missing
        };
    }

    /// <summary>From when a measurement is missing, UTC.</summary>
    /// <param name="last">When it was last measured, UTC; null for never.</param>
    public static DateTime MissingFrom(Threshold threshold, DateTime? last) => threshold.Window!.Value.After(last > threshold.Since ? last.Value : threshold.Since);

    /// <summary>How far back a threshold looks from a moment; null when it needs the value only.</summary>
    public static DateTime? LooksBackTo(Threshold threshold, DateTime at) => threshold.Kind is ThresholdKind.Value or ThresholdKind.Missing ? null : threshold.Window!.Value.Before(at);

    private static bool Passes(Threshold threshold, decimal value) => threshold.Side == Side.Above
        ? value > threshold.Limit || (threshold.OrEqual && value == threshold.Limit)
        : value < threshold.Limit || (threshold.OrEqual && value == threshold.Limit);

    /// <summary>A distance in the wrong direction that is too far.</summary>
    private static bool IsTooFar(Threshold threshold, decimal by) => by > threshold.Limit || (threshold.OrEqual && by == threshold.Limit);

    private static Breach? Sustained(Threshold threshold, ReadOnlySpan<Reading> earlier, Reading value)
    {
        if (!Passes(threshold, value.Value))
            return null;
        var start = threshold.Window!.Value.Before(value.Time);
        for (var i = earlier.Length - 1; i >= 0; i--)
        {
            if (!Passes(threshold, earlier[i].Value))
                return null;
            if (earlier[i].Time <= start)
                return new(value, value.Value, earlier[i].Value, earlier[i].Time);
        }

        return null;
    }

    private static Breach? Change(Threshold threshold, ReadOnlySpan<Reading> window, Reading value)
    {
        if (window.IsEmpty)
            return null;
        var extreme = window[0];
        foreach (var reading in window)
        {
            if (threshold.Side == Side.Above ? reading.Value < extreme.Value : reading.Value > extreme.Value)
                extreme = reading;
        }

        return Away(threshold, value, extreme.Value) is { } by && IsTooFar(threshold, by) ? new(value, by, extreme.Value, extreme.Time) : null;
    }

    private static Breach? Baseline(Threshold threshold, ReadOnlySpan<Reading> window, Reading value)
    {
        if (window.Length < Threshold.FewestForBaseline)
            return null;
        var values = new decimal[window.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = window[i].Value;
        Array.Sort(values);
        var middle = values.Length / 2;
        var median = values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        return Away(threshold, value, median) is { } by && IsTooFar(threshold, by) ? new(value, by, median, window[0].Time) : null;
    }

    /// <summary>How far a value is from another in the wrong direction, in units or percent; null when a share of nothing is asked.</summary>
    private static decimal? Away(Threshold threshold, Reading value, decimal from)
    {
        var by = threshold.Side == Side.Above ? value.Value - from : from - value.Value;
        return !threshold.InPercent ? by : from >= Smallest ? by / from * 100 : null;
    }

    private static Breach? Trend(Threshold threshold, ReadOnlySpan<Reading> window, Reading value)
    {
        // A line through a few hours says nothing of weeks: the values have to reach over half the window.
        if (window.Length + 1 < Threshold.FewestForTrend || value.Time - window[0].Time < (value.Time - threshold.Window!.Value.Before(value.Time)) / 2)
            return null;
        double n = window.Length + 1, sumX = 0, sumY = (double)value.Value, sumXX = 0, sumXY = 0;
        foreach (var reading in window)
        {
            // Weeks before the value: the value itself stands at zero, which keeps the sums small.
            var x = (reading.Time - value.Time) / TimeSpan.FromDays(7);
            var y = (double)reading.Value;
            sumX += x;
            sumY += y;
            sumXX += x * x;
            sumXY += x * y;
        }

        var spread = (n * sumXX) - (sumX * sumX);
        if (spread <= 0)
            return null;
        var slope = ((n * sumXY) - (sumX * sumY)) / spread;
        if (threshold.Side == Side.Below)
            slope = -slope;
        if (double.Abs(slope) > 1e9)
            return null;
        var by = decimal.Round((decimal)slope, 6);
        return IsTooFar(threshold, by) ? new(value, by, null, window[0].Time) : null;
    }

    private static ReadOnlySpan<Reading> Within(Threshold threshold, ReadOnlySpan<Reading> earlier, Reading value) => earlier[FirstAt(earlier, threshold.Window!.Value.Before(value.Time))..];

    /// <summary>Place of the first reading at or after a moment.</summary>
    private static int FirstAt(ReadOnlySpan<Reading> readings, DateTime at)
    {
        int low = 0, high = readings.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (readings[middle].Time < at)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
