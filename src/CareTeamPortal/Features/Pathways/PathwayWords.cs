using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Marker of the words of running pathways (PathwaysText.resx).</summary>
public sealed class PathwaysText;

/// <summary>What running pathways say to people.</summary>
internal static class PathwayWords
{
    private static readonly Words Words = new(typeof(PathwaysText));

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
