using System.Globalization;
using System.Resources;

namespace CareTeamPortal.Platform.Time;

/// <summary>The words of dates and durations (TimeText.resx).</summary>
internal sealed class TimeText
{
    private static readonly ResourceManager Words = new(typeof(TimeText));

    private TimeText()
    {
    }

    /// <summary>The text under <paramref name="key"/>; a missing key is a programming error and throws.</summary>
    public static string Get(string key) =>
        Words.GetString(key, CultureInfo.CurrentUICulture) ?? throw new MissingManifestResourceException($"TimeText.resx has no '{key}'.");

    /// <summary>The text under <paramref name="key"/> with its places filled.</summary>
    public static string Get(string key, params object?[] arguments) => string.Format(CultureInfo.CurrentCulture, Get(key), arguments);
}
