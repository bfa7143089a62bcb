using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Access;

/// <summary>Marker of the words of opening a file in an emergency (EmergencyText.resx).</summary>
public sealed class EmergencyText
{
    private static readonly Words Words = new(typeof(EmergencyText));

    /// <summary>A word by its key.</summary>
    internal static string Get(string key) => Words.Get(key);
}
