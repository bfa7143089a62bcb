using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CareTeamPortal.Platform.Ui;

/// <summary>A link of the main menu that says whether the page shown is its own, also where that page is somebody's home page.</summary>
public sealed class MenuLink : NavLink
{
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>What it leads to also stands at the address of the home page.</summary>
    [Parameter] public bool IsHome { get; set; }

    /// <inheritdoc/>
    protected override bool ShouldMatch(string uriAbsolute) => base.ShouldMatch(uriAbsolute) || (IsHome && new Uri(uriAbsolute).AbsolutePath == new Uri(Navigation.BaseUri).AbsolutePath);
}
