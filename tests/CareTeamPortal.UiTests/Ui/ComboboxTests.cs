using Bunit;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.UiTests.Ui;

public sealed class ComboboxTests : UiContext
{
    private static readonly string[] People = ["Joke Hermans", "Karel Janssens", "Jan Jans"];
    private readonly List<string> _chosen = [];

    private IRenderedComponent<Combobox<string>> Combo(bool clear = false) => Render<Combobox<string>>(p => p
        .Add(c => c.Id, "c").Add(c => c.Label, "Wie").Add(c => c.Text, t => t).Add(c => c.ClearAfterChoice, clear)
        .Add(c => c.Search, (text, _) => new([.. People.Where(x => x.Contains(text, StringComparison.OrdinalIgnoreCase))]))
        .Add(c => c.OnChoose, _chosen.Add));

    [Fact]
    public void Typing_opens_the_list_and_says_how_many()
    {
        var combo = Combo();
        Assert.Equal("false", combo.Find("input").GetAttribute("aria-expanded"));
        combo.Find("input").Input("jan");
        Assert.Equal("true", combo.Find("input").GetAttribute("aria-expanded"));
        Assert.Equal(2, combo.FindAll("[role=option]").Count);
        Assert.Contains("2", combo.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Choosing_closes_the_list_and_keeps_the_name()
    {
        var combo = Combo();
        combo.Find("input").Input("karel");
        combo.Find("[role=option]").Click();
        Assert.Equal(["Karel Janssens"], _chosen);
        Assert.Equal("Karel Janssens", combo.Find("input").GetAttribute("value"));
        Assert.True(combo.Find("ul").HasAttribute("hidden"));
    }

    [Fact]
    public void Choosing_several_empties_the_field()
    {
        var combo = Combo(clear: true);
        combo.Find("input").Input("karel");
        combo.Find("[role=option]").Click();
        Assert.Equal("", combo.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Nothing_found_says_so_and_cannot_be_chosen()
    {
        var combo = Combo();
        combo.Find("input").Input("zzz");
        Assert.Equal("true", combo.Find("[role=option]").GetAttribute("aria-disabled"));
    }
}
