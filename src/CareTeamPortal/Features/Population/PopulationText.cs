using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Population;

/// <summary>The visible words of the case manager's view (PopulationText.resx). Also the type argument for a localizer.</summary>
internal sealed class PopulationText
{
    private static readonly Words Words = new(typeof(PopulationText));

    private PopulationText()
    {
    }

    /// <summary>The text under <paramref name="key"/>, or null.</summary>
    public static string? Find(string key) => Words.Find(key);

    /// <summary>The text under <paramref name="key"/> with its places filled.</summary>
    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
