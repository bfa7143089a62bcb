using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Platform.Time;

/// <summary>The words of dates and durations (TimeText.resx).</summary>
internal sealed class TimeText
{
    private static readonly Words Words = new(typeof(TimeText));

    private TimeText()
    {
    }

    /// <summary>The text under <paramref name="key"/> with its places filled.</summary>
    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
