using Bunit;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Ui;

public sealed class MenuLinkTests : UiContext
{
    [Theory]
    [InlineData("", true, true)]
    [InlineData("?region=Mechelen", true, true)]
    [InlineData("population", true, true)]
    [InlineData("pathways", true, false)]
    [InlineData("", false, false)]
    public void A_link_is_current_on_its_own_page_and_where_that_page_is_home(string at, bool isHome, bool isCurrent)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(at);
        var link = Render<MenuLink>(p => p.Add(l => l.IsHome, isHome).Add(l => l.ActiveClass, "on").AddUnmatched("href", "/population")).Find("a");
        Assert.Equal(isCurrent, link.GetAttribute("aria-current") == "page");
        Assert.Equal(isCurrent, link.ClassList.Contains("on"));
    }
}
