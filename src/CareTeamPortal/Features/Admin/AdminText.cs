using System.Resources;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Admin;

/// <summary>Marker of the words of administration (AdminText.resx).</summary>
public sealed class AdminText
{
    private static readonly ResourceManager Words = new(typeof(AdminText));

    internal static string Get(string key, params ReadOnlySpan<object?> values)
    {
        var text = Words.GetString(key) ?? key;
        return values.IsEmpty ? text : string.Format(BelgianTime.Culture, text, values);
    }
}
