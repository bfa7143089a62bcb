using Bunit;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Platform.Access;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Patients;

public sealed class BannerTests : UiContext
{
    private static readonly BannerView Maria = new()
    {
        Patient = "maria", Name = "Maria Verhoeven", AgeAndSex = "82 jaar · vrouw", Born = "14-03-1944", MaskedNumber = "44.03.14-•••.••", MayRevealNumber = true,
        Alerts = [new("Allergie: penicilline", "alert", true)], Owner = new("dr. Karel Janssens", "huisarts", CareLine.First, "ma 23 nov, 16:42", "1 d 15 u", CareLine.Second),
    };

    public BannerTests()
    {
        Services.AddSingleton(new PatientTab { Path = "", Text = () => "Tijdlijn", Order = 0 });
        Services.AddSingleton(new PatientTab { Path = "/measurements", Text = () => "Metingen", Order = 40 });
    }

    private IRenderedComponent<PatientBanner> Banner(BannerView view, params BannerVisitor[] here) =>
        Render<PatientBanner>(p => p.Add(b => b.View, view).Add(b => b.Here, here).Add(b => b.New, 5).Add(b => b.RevealNumber, () => Task.FromResult<string?>("44.03.14-123.45")));

    [Fact]
    public void The_name_is_the_heading_and_the_allergy_comes_first()
    {
        var banner = Banner(Maria);
        Assert.StartsWith("Maria Verhoeven", banner.Find("h1").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains("penicilline", banner.Find(".pb-alerts li").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_national_number_is_hidden_until_it_is_asked_for()
    {
        var banner = Banner(Maria);
        Assert.DoesNotContain("123.45", banner.Markup, StringComparison.Ordinal);
        banner.Find(".pb-meta button").Click();
        Assert.Contains("44.03.14-123.45", banner.Markup, StringComparison.Ordinal);
        banner.Find(".pb-meta button").Click();
        Assert.DoesNotContain("123.45", banner.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_ask_for_the_number_has_no_button() => Assert.Empty(Banner(Maria with { MayRevealNumber = false }).FindAll(".pb-meta button"));

    [Fact]
    public void Only_tabs_that_exist_are_there_and_the_current_one_says_so()
    {
        var tabs = Banner(Maria).FindAll("nav a");
        Assert.Equal(["/patients/maria", "/patients/maria/measurements"], tabs.Select(t => t.GetAttribute("href")));
        Assert.Equal("page", tabs[0].GetAttribute("aria-current"));
        Assert.Contains("5 nieuw", tabs[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_here_and_who_types_is_said_in_words()
    {
        var banner = Banner(Maria, new("dr. Karel Janssens", CareLine.First, true), new("An De Smedt", CareLine.Home, false));
        Assert.Equal("dr. Janssens typt", banner.Find(".pb-here .pb-typing").TextContent); // short: the whole name stands on the avatar
        Assert.Equal(2, banner.FindAll(".avs .vis").Count);
    }

    [Fact]
    public void The_ribbon_tells_from_which_line_responsibility_came() =>
        Assert.Contains("van tweede lijn naar eerste lijn", Banner(Maria).Find(".pb-rails").GetAttribute("aria-label"), StringComparison.Ordinal);

    [Fact]
    public void Of_several_hand_offs_that_wait_the_viewers_own_is_told_and_the_others_are_counted()
    {
        var banner = Banner(Maria with { Waiting = [new("/a", "Wondzorg", "wacht", false), new("/b", "Hartfalen", "wacht op u", true), new("/c", "Nacht", "wacht", false)] });
        Assert.Contains("Hartfalen", Assert.Single(banner.FindAll(".pb-wait")).TextContent, StringComparison.Ordinal);
        Assert.Equal("nog 2 wachten", banner.Find(".pb-more").TextContent);
    }

    [Fact]
    public void Nobody_accountable_shows_no_block() => Assert.Empty(Banner(Maria with { Owner = null }).FindAll(".pb-own"));
}
