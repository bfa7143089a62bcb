using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Measurements;

/// <summary>The visible words of measurements (MeasurementsText.resx). Also the type argument for a localizer.</summary>
internal sealed class MeasurementsText
{
    private static readonly Words Words = new(typeof(MeasurementsText));

    private MeasurementsText()
    {
    }

    /// <summary>The text under <paramref name="key"/>, or null.</summary>
    public static string? Find(string key) => Words.Find(key);

    /// <summary>The text under <paramref name="key"/> with its places filled.</summary>
    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
