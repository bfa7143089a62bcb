using Bunit;

namespace CareTeamPortal.UiTests;

public sealed class SmokeTests : BunitContext
{
    [Fact]
    public void Bunit_renders_markup() => Render(b => b.AddMarkupContent(0, "<b>ok</b>")).MarkupMatches("<b>ok</b>");
}
