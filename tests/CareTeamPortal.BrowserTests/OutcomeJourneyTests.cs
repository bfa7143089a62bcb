using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>From a question to an answer: the nurse asks, the daughter fills in on a phone, the nurse's open page shows it.</summary>
[Collection(PortalCollection.Name)]
public sealed class OutcomeJourneyTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task The_daughter_fills_in_on_a_phone_what_was_asked_of_her_and_the_nurses_open_page_shows_it()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", $"/patients/{Maria}/outcomes");
        await using var an = await portal.SignInAsync("An De Smedt", "/", new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await Expect(sofie.Page.GetByText("Nog in te vullen")).ToBeVisibleAsync();

        // asked of her by a program of the practice: a task about the questionnaire
        var task = await sofie.Page.Context.APIRequest.PostAsync(new Uri(new Uri(sofie.Page.Url), "/fhir/Task").ToString(), new()
        {
            Headers = new Dictionary<string, string> { ["Content-Type"] = "application/fhir+json", ["X-CSRF-TOKEN"] = await sofie.Page.Locator("meta[name=antiforgery]").GetAttributeAsync("content") ?? "", ["Origin"] = new Uri(sofie.Page.Url).GetLeftPart(UriPartial.Authority) },
            Data = """{"resourceType":"Task","status":"requested","intent":"order","description":"Hoe verliep het contact?","focus":{"reference":"Questionnaire/ervaring"},"for":{"reference":"Patient/maria-verhoeven"},"owner":{"reference":"RelatedPerson/an.desmedt"}}""",
        });
        Assert.Equal(201, task.Status);
        var due = sofie.Page.Locator(".oc-due li", new() { HasText = "Hoe verliep het contact?" }); // a pathway may have asked more
        await Expect(due).ToBeVisibleAsync();

        await an.Page.GetByRole(AriaRole.Link, new() { Name = "Invullen: Hoe verliep het contact?" }).ClickAsync();
        await Expect(an.Page.GetByText("Vraag 1 van 4")).ToBeVisibleAsync();
        await an.ExpectAxeCleanAsync("a question of a questionnaire");
        foreach (var answer in new[] { "Ziekenhuis of specialist", "Ja, helemaal opnieuw", "Nee", "Nee" })
            await an.Page.GetByRole(AriaRole.Button, new() { Name = answer, Exact = true }).ClickAsync();
        await Expect(an.Page.GetByRole(AriaRole.Heading, new() { Name = "Kijk na en verstuur" })).ToBeVisibleAsync();
        await an.ExpectAxeCleanAsync("answers before they are sent");
        await an.Page.GetByRole(AriaRole.Button, new() { Name = "Versturen" }).ClickAsync();
        await Expect(an.Page.GetByText("Dank u, verstuurd")).ToBeVisibleAsync();
        await Expect(an.Page.GetByText("Ervaring na een contact: 0 van 6")).ToBeVisibleAsync();

        // without a reload
        await Expect(sofie.Page.GetByText(new Regex("tweede lijn: 0 van 6, 1 keer"))).ToBeVisibleAsync();
        await Expect(due).ToHaveCountAsync(0);
        await sofie.ExpectAxeCleanAsync("the outcome page");
        Assert.Empty(sofie.Complaints);
        Assert.Empty(an.Complaints);
    }
}
