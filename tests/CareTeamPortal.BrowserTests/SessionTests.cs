using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>Sessions end on open pages too.</summary>
[Collection(PortalCollection.Name)]
public sealed class SessionTests(PortalFixture portal)
{
    [SkippableFact]
    public async Task A_session_that_is_ended_in_another_browser_loses_its_open_page_within_five_seconds_and_leads_back_after_signing_in()
    {
        await using var home = await portal.SignInAsync("Joke Hermans", "/patients/maria-verhoeven");
        await using var work = await portal.SignInAsync("Joke Hermans", "/account/sessions");
        await Expect(home.Page.GetByRole(AriaRole.Main)).ToBeVisibleAsync();
        await work.ExpectAxeCleanAsync("the list of one's sessions");
        await work.Page.GetByRole(AriaRole.Button, new() { Name = "Alle andere afmelden" }).ClickAsync();
        await home.Page.WaitForURLAsync(url => url.Contains("/sign-in?ended=1", StringComparison.Ordinal), new() { Timeout = 5_000 });
        await Expect(home.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Wat u typte, is bewaard");
        await Expect(work.Page.GetByText("dit venster")).ToBeVisibleAsync();
        await home.Page.GetByRole(AriaRole.Button, new() { Name = "Joke Hermans", Exact = true }).ClickAsync();
        await home.Page.WaitForURLAsync(new Regex("/patients/maria-verhoeven$"));
    }

    [SkippableFact]
    public async Task A_cookie_that_was_kept_after_signing_out_opens_nothing()
    {
        await using var joke = await portal.SignInAsync("Joke Hermans", "/patients");
        var kept = await joke.Page.Context.CookiesAsync();
        await joke.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Joke Hermans") }).ClickAsync();
        await joke.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Afmelden" }).ClickAsync();
        await joke.Page.WaitForURLAsync(new Regex("/sign-in"));
        await joke.Page.Context.AddCookiesAsync(kept.Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path, HttpOnly = c.HttpOnly, SameSite = c.SameSite }));
        await joke.Page.GotoAsync("/patients");
        await joke.Page.WaitForURLAsync(url => url.Contains("/sign-in", StringComparison.Ordinal));
        Assert.Equal(401, (await joke.Page.APIRequest.GetAsync("/fhir/Patient/maria-verhoeven")).Status);
    }
}
