using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Lanes;

/// <summary>The visible words of the care lines (LanesText.resx). Also the type argument for a localizer.</summary>
internal sealed class LanesText
{
    private static readonly Words Words = new(typeof(LanesText));

    private LanesText()
    {
    }

    /// <summary>The text under <paramref name="key"/>, or null.</summary>
    public static string? Find(string key) => Words.Find(key);

    /// <summary>The text under <paramref name="key"/> with its places filled.</summary>
    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
