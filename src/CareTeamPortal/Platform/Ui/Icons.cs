using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Platform.Ui;

/// <summary>Addresses in the icon sheet, for markup that is written without a component per icon (timeline rows).</summary>
public static class Icons
{
    private const string Sheet = "icons.svg";

    public static string Href(ResourceAssetCollection? assets, string name) => $"{(assets is null ? Sheet : assets[Sheet])}#i-{name}";

    /// <summary>The marker of a care line: circle 0, rounded square 1, hexagon 2 and 3, diamond Z.</summary>
    public static string MarkerHref(ResourceAssetCollection? assets, string code) => $"{(assets is null ? Sheet : assets[Sheet])}#m-{code}";
}
