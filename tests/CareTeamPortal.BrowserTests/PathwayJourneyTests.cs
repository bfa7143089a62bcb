using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>A pathway is started, its tasks reach those who do them, a phase moves, a deviation is noted.</summary>
[Collection(PortalCollection.Name)]
public sealed class PathwayJourneyTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task A_pathway_that_the_cardiologist_starts_is_on_the_nurses_open_page_and_moves_with_reasons()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", $"/patients/{Maria}/pathways");
        await Expect(sofie.Page.GetByText("Er loopt geen zorgpad.")).ToBeVisibleAsync();
        await using var nadia = await portal.SignInAsync("dr. Nadia Benali", $"/patients/{Maria}/pathways");
        await nadia.Page.GetByRole(AriaRole.Link, new() { Name = "Zorgpad starten" }).First.ClickAsync();
        await nadia.Page.GetByRole(AriaRole.Radio, new() { Name = "Hartfalen na ontslag" }).CheckAsync();
        await Expect(nadia.Page.GetByRole(AriaRole.Combobox, new() { Name = "Huisarts", Exact = true }).Locator("option:checked")).ToHaveTextAsync("dr. Karel Janssens (huisarts)");
        await nadia.ExpectAxeCleanAsync("starting a pathway");
        await nadia.Page.GetByRole(AriaRole.Button, new() { Name = "Starten", Exact = true }).ClickAsync();
        await Expect(nadia.Page.GetByRole(AriaRole.Heading, new() { Name = "Hartfalen na ontslag" })).ToBeVisibleAsync();

        // without a reload, on the page of somebody else
        await Expect(sofie.Page.GetByRole(AriaRole.Heading, new() { Name = "Hartfalen na ontslag" })).ToBeVisibleAsync();
        await Expect(sofie.Page.Locator(".pt-pend", new() { HasText = "Thuisverpleegkundige langs binnen 24 uur" })).ToContainTextAsync("wacht op u");
        await nadia.ExpectAxeCleanAsync("a running pathway");

        // a deviation needs a reason
        await nadia.Page.GetByRole(AriaRole.Button, new() { Name = "Afwijking noteren" }).ClickAsync();
        var dialog = nadia.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Over welke stap?").SelectOptionAsync(new SelectOptionValue { Label = "Medicatieschema nakijken" });
        await dialog.GetByText("Vervalt", new() { Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Afwijking noteren" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Schrijf waarom");
        await dialog.GetByLabel("In uw woorden").FillAsync("De ziekenhuisapotheker deed het vandaag al.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Afwijking noteren" }).ClickAsync();
        await Expect(sofie.Page.Locator(".dev")).ToContainTextAsync("De ziekenhuisapotheker deed het vandaag al.");

        // a phase moves, with a reason, since not everything is done
        await nadia.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Naar “Eerste 72 uur”") }).ClickAsync();
        await dialog.GetByLabel("In uw woorden").FillAsync("Zij is al thuis.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Fase beginnen" }).ClickAsync();
        await Expect(sofie.Page.Locator(".ph.cur h4")).ToHaveTextAsync("Eerste 72 uur");
        Assert.Empty(nadia.Complaints);
        Assert.Empty(sofie.Complaints);
    }
}
