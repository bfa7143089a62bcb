using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Admin;

/// <summary>Marker of the words of administration (AdminText.resx).</summary>
public sealed class AdminText
{
    private static readonly Words Words = new(typeof(AdminText));

    internal static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
