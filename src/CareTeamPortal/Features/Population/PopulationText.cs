using System.Globalization;
using System.Resources;

namespace CareTeamPortal.Features.Population;

/// <summary>The visible words of the case manager's view (PopulationText.resx). Also the type argument for a localizer.</summary>
internal sealed class PopulationText
{
    private static readonly ResourceManager Words = new(typeof(PopulationText));

    private PopulationText()
    {
    }

    /// <summary>The text under <paramref name="key"/>; a missing key is a programming error and throws.</summary>
    public static string Get(string key) =>
        Find(key) ?? throw new MissingManifestResourceException($"PopulationText.resx has no '{key}'.");

    /// <summary>The text under <paramref name="key"/>, or null.</summary>
    public static string? Find(string key) => Words.GetString(key, CultureInfo.CurrentUICulture);

    /// <summary>The text under <paramref name="key"/> with its places filled.</summary>
    public static string Get(string key, params object?[] arguments) =>
        string.Format(CultureInfo.CurrentCulture, Get(key), arguments);
}
