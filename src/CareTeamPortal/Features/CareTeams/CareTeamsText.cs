using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>Marker of the words of care teams (CareTeamsText.resx).</summary>
public sealed class CareTeamsText
{
    private static readonly Words Words = new(typeof(CareTeamsText));

    /// <summary>A word by its key.</summary>
    internal static string Get(string key) => Words.Get(key);
}
