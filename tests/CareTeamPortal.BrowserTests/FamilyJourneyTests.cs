using System.Text.Json;

namespace CareTeamPortal.BrowserTests;

/// <summary>The pages of caregiver and patient as they use them. On a portal of its own.</summary>
public sealed class FamilyJourneyTests
{
    [SkippableFact]
    public async Task A_caregiver_reports_on_a_phone_and_the_patient_takes_the_file_along()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var an = await browsing.SignInAsync(portal.Url, "An De Smedt", "/");
        await an.Page.SetViewportSizeAsync(390, 844);
        var seen = an.Page.GetByRole(AriaRole.Region, new() { Name = "Wat ziet u bij Maria?" });
        await seen.GetByRole(AriaRole.Button, new() { Name = "Kortademig", Exact = true }).ClickAsync();
        await seen.GetByRole(AriaRole.Button, new() { Name = "in rust", Exact = true }).ClickAsync();
        await Expect(seen).ToContainTextAsync("Bel ook dr. Karel Janssens");
        await an.ExpectAxeCleanAsync("what a caregiver sees");
        await seen.GetByRole(AriaRole.Textbox).FillAsync("ze kan niet meer ademen");
        await Expect(seen.GetByRole(AriaRole.Link, new() { Name = "Bel 112" })).ToHaveAttributeAsync("href", "tel:112");
        await an.ExpectAxeCleanAsync("words of danger");
        await seen.GetByRole(AriaRole.Textbox).FillAsync("proef van de reis");
        await seen.GetByRole(AriaRole.Button, new() { Name = "Meld aan het team" }).ClickAsync();
        await Expect(seen.GetByRole(AriaRole.Status)).ToContainTextAsync("Gemeld");

        await using var maria = await browsing.SignInAsync(portal.Url, "Maria Verhoeven", "/");
        await Expect(maria.Page.GetByRole(AriaRole.Heading, new() { Name = "Mijn dossier meenemen" })).ToBeVisibleAsync();
        await maria.ExpectAxeCleanAsync("the patient's own page");
        var download = await maria.Page.RunAndWaitForDownloadAsync(() => maria.Page.GetByRole(AriaRole.Link, new() { Name = "Alles downloaden (FHIR)" }).ClickAsync());
        await using var file = File.OpenRead((await download.PathAsync())!);
        using var bundle = await JsonDocument.ParseAsync(file);
        Assert.Equal("collection", bundle.RootElement.GetProperty("type").GetString());
        Assert.Contains("proef van de reis", bundle.RootElement.GetRawText(), StringComparison.Ordinal);
        await maria.Page.GetByRole(AriaRole.Link, new() { Name = "Om te lezen of te printen" }).ClickAsync();
        await Expect(maria.Page.GetByRole(AriaRole.Heading, new() { Name = "Het dossier van Maria Verhoeven" })).ToBeVisibleAsync();
        await Expect(maria.Page.Locator("article", new() { HasText = "Glycemie" }).First).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Glycemie \d+ mg/dL"));
        await maria.ExpectAxeCleanAsync("the whole file on paper");
    }
}
