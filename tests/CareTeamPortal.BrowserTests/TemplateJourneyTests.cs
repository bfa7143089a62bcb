using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>A pathway template from a change of a day to its next version, and who reads it. On a portal of its own: what is published counts for everybody.</summary>
public sealed class TemplateJourneyTests
{
    private static ILocator Button(BrowserPerson person, string name) => person.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    [SkippableFact]
    public async Task An_officer_moves_a_step_and_publishes_and_a_doctor_reads_version_2_with_what_changed()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var piet = await browsing.SignInAsync(portal.Url, "Piet Claeys", "/");
        await piet.Page.GetByRole(AriaRole.Link, new() { Name = "Zorgpaden", Exact = true }).ClickAsync();
        await piet.Page.WaitForURLAsync("**/pathways");
        await piet.Page.GetByRole(AriaRole.Link, new() { Name = "Hartfalen na ontslag", Exact = true }).ClickAsync();
        await Expect(piet.Page.GetByRole(AriaRole.Region, new() { Name = "Fasen en stappen van Hartfalen na ontslag" })).ToContainTextAsync("Eerste 72 uur");
        await piet.ExpectAxeCleanAsync("a template");
        await Button(piet, "Nieuwe versie maken").ClickAsync();
        await piet.Page.WaitForURLAsync("**/edit");
        await piet.Page.Locator("details.te-p:has(button[aria-label^='Bezoek week 1']) > summary").ClickAsync(); // phases fold
        await piet.Page.GetByRole(AriaRole.Button, new() { Name = "Bezoek week 1: klachten, bloeddruk, bloeduitslag, medicatie verhogen bewerken" }).ClickAsync();
        var step = piet.Page.GetByRole(AriaRole.Dialog);
        var day = step.GetByLabel("Dag (0 is de start)");
        await day.FillAsync("40");
        await Expect(step).ToContainTextAsync("Dag 40 valt na het einde van de fase (dag 20)");
        await Expect(day).ToHaveAttributeAsync("aria-invalid", "true");
        await piet.ExpectAxeCleanAsync("a step on an impossible day");
        await day.FillAsync("8");
        await day.PressAsync("Enter"); // by the keyboard
        await Expect(step).ToHaveCountAsync(0);
        await Expect(piet.Page.GetByText(new Regex("^Bewaard om"))).ToBeVisibleAsync();
        await Expect(piet.Page.GetByRole(AriaRole.Region, new() { Name = "Wat verandert tegenover versie 1" })).ToContainTextAsync("wanneer: van dag 7 naar dag 8");
        await piet.ExpectAxeCleanAsync("the editor of a template");
        await piet.PictureAsync("template editor");
        await piet.Page.ReloadAsync(); // the draft is on the server
        await Expect(piet.Page.GetByRole(AriaRole.Region, new() { Name = "Wat verandert tegenover versie 1" })).ToContainTextAsync("wanneer: van dag 7 naar dag 8");

        await using var karel = await browsing.SignInAsync(portal.Url, "dr. Karel Janssens", "/pathways/templates/hartfalen-na-ontslag");
        await Expect(karel.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Versie 1, meegekomen met het portaal");
        await Expect(Button(karel, "Nieuwe versie maken")).ToHaveCountAsync(0);

        await Button(piet, "Publiceren").ClickAsync();
        var sure = piet.Page.GetByRole(AriaRole.Dialog);
        await sure.GetByRole(AriaRole.Textbox, new() { Name = "Reden" }).FillAsync("De uitslag is er pas op dag 8");
        await piet.ExpectAxeCleanAsync("publishing a template");
        await sure.GetByRole(AriaRole.Button, new() { Name = "Publiceren" }).ClickAsync();
        await piet.Page.WaitForURLAsync(new Regex("hartfalen-na-ontslag$"));
        await Expect(piet.Page.GetByRole(AriaRole.Region, new() { Name = "Versies" }).GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        await Expect(piet.Page.GetByRole(AriaRole.Region, new() { Name = "Wat veranderde in versie 2" })).ToContainTextAsync("wanneer: van dag 7 naar dag 8");
        await piet.PictureAsync("template version 2");

        await karel.Page.ReloadAsync();
        await Expect(karel.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("De uitslag is er pas op dag 8");
        await karel.Page.GotoAsync($"{portal.Url}/pathways/templates/hartfalen-na-ontslag/edit");
        await Expect(karel.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Sjablonen worden bewaard door de spelregelaars en beheerders");
        await karel.Page.GotoAsync($"{portal.Url}/pathways");
        await Expect(karel.Page.GetByRole(AriaRole.Link, new() { Name = "Hartfalen na ontslag", Exact = true })).ToBeVisibleAsync();
        await karel.Page.SetViewportSizeAsync(390, 844);
        await karel.ExpectAxeCleanAsync("the templates on a phone");
        await karel.Page.GetByRole(AriaRole.Link, new() { Name = "Hartfalen na ontslag", Exact = true }).ClickAsync();
        await Expect(karel.Page.GetByRole(AriaRole.Region, new() { Name = "Versies" })).ToBeVisibleAsync();
        await karel.ExpectNoSidewaysScrollAsync("a template on a phone");
        await karel.ExpectAxeCleanAsync("a template on a phone");
        foreach (var person in new[] { piet, karel })
            Assert.Empty(person.Complaints);
    }
}
