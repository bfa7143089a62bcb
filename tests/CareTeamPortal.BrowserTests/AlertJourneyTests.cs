using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>From a scale at home to an answer: the daughter measures, the nurse acts.</summary>
[Collection(PortalCollection.Name)]
public sealed class AlertJourneyTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task A_weight_that_the_daughter_reports_on_a_phone_reaches_the_nurses_open_page_and_is_answered()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", $"/patients/{Maria}/plan");
        await using var an = await portal.SignInAsync("An De Smedt", $"/patients/{Maria}", new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await an.AliveAsync();
        await Expect(sofie.Page.GetByText("1,5 kg of meer erbij in 2 dagen")).ToBeVisibleAsync();

        await an.Composer().GetByRole(AriaRole.Textbox).First.FillAsync("g 81,9");
        await an.Composer().GetByText("Bewaar als meting").ClickAsync();
        await an.Composer().GetByRole(AriaRole.Textbox).First.PressAsync("Control+Enter");

        // without a reload
        var alert = sofie.Page.Locator(".al-i.waits", new() { HasTextRegex = new Regex("Gewicht: .* erbij in 2 dagen .*81,9 kg") });
        await Expect(alert).ToContainTextAsync("Tom Lenaerts");
        await alert.GetByRole(AriaRole.Button, new() { Name = "Afhandelen" }).ClickAsync();
        var dialog = sofie.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Bewaren en afsluiten" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Schrijf in een zin wat u deed");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("Dr. Janssens gebeld: bumetanide verdubbeld.");
        await sofie.ExpectAxeCleanAsync("the answer to an alert");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Bewaren en afsluiten" }).ClickAsync();
        await Expect(sofie.Page.Locator(".al-i", new() { HasTextRegex = new Regex("81,9 kg") }).First).ToContainTextAsync("iets gedaan");

        // the timeline of who reported it says so; what comes while the daughter is at the composer, or further down, is collected above the feed
        var told = an.Page.Locator("article", new() { HasTextRegex = new Regex("erbij in 2 dagen .*81,9 kg") }).First;
        var collected = an.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("nieuw, tonen$") });
        await Expect(told.Or(collected).First).ToBeVisibleAsync();
        if (await collected.IsVisibleAsync())
            await collected.ClickAsync();
        await Expect(told).ToContainTextAsync("bumetanide verdubbeld");
        Assert.Empty(sofie.Complaints);
        Assert.Empty(an.Complaints);
    }

    [SkippableFact]
    public async Task A_limit_is_set_in_words_and_numbers_and_only_by_a_professional()
    {
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", $"/patients/{Maria}/plan");
        await karel.Page.GetByRole(AriaRole.Button, new() { Name = "Meetplan maken" }).ClickAsync();
        var dialog = karel.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Combobox).First.SelectOptionAsync("Temperatuur");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Grens toevoegen" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("nog niet af");
        await dialog.GetByLabel(new Regex("^Grens \\(")).FillAsync("38,5");
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("boven 38,5 °C");
        await karel.ExpectAxeCleanAsync("a measuring plan");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Meetplan bewaren" }).ClickAsync();
        await Expect(karel.Page.GetByText("boven 38,5 °C")).ToBeVisibleAsync();

        await using var an = await portal.SignInAsync("An De Smedt", $"/patients/{Maria}/plan");
        await Expect(an.Page.GetByText("boven 38,5 °C")).ToBeVisibleAsync();
        await Expect(an.Page.GetByRole(AriaRole.Button, new() { Name = "Meetplan maken" })).ToHaveCountAsync(0);
    }
}
