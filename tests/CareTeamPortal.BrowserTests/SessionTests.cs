using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

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
    public async Task A_page_that_draws_what_others_write_says_nothing_of_its_reader_and_a_key_does()
    {
        await using var karel = await portal.SignInAsync("dr. Karel Janssens");
        var signs = 0;
        var sign = new TaskCompletionSource();
        karel.Page.Request += (_, request) =>
        {
            if (!request.Url.EndsWith("/sign-in/session", StringComparison.Ordinal))
                return;
            signs++;
            sign.TrySetResult();
        };
        await karel.Page.Clock.InstallAsync();
        await karel.OpenAsync("maria-verhoeven");
        await karel.AliveAsync();
        await karel.Page.Clock.FastForwardAsync(21_000);
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/maria-verhoeven");
        await sofie.AliveAsync();
        var text = Unique("Terwijl niemand kijkt");
        await sofie.WriteNoteAsync(text);
        await Expect(karel.Entry(text)).ToHaveCountAsync(1);
        Assert.Equal(0, signs);

        await karel.Page.Keyboard.PressAsync("j");
        await sign.Task.WaitAsync(TimeSpan.FromSeconds(15));
        await karel.Page.Keyboard.PressAsync("j");
        Assert.Equal(1, signs); // once in a while is enough
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

    [SkippableFact]
    public async Task Who_signs_out_reads_the_answer_of_the_server_even_when_the_socket_is_cut_before_it_arrives()
    {
        await using var joke = await portal.SignInAsync("Joke Hermans", "/patients");
        var page = joke.Page;
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Maria Verhoeven" }).First).ToBeVisibleAsync(); // read by a circuit: the page is not drawn before
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Response += (_, answer) => { if (answer.Url.EndsWith("/sign-in/session", StringComparison.Ordinal) && answer.Status == 401) told.TrySetResult(); };
        await page.RouteAsync("**/sign-out", async route =>
        {
            var answer = await route.FetchAsync(new() { MaxRedirects = 0 });
            await told.Task.WaitAsync(TimeSpan.FromSeconds(30)); // the page knows by now that its session ended
            await route.FulfillAsync(new() { Response = answer });
        });
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Joke Hermans") }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Afmelden" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/sign-in([?]|$)"));
        Assert.EndsWith("/sign-in", page.Url, StringComparison.Ordinal); // not sent there by the page itself, which says "ended"
    }

    [SkippableFact]
    public async Task Whom_an_administrator_shuts_out_loses_the_open_page_and_does_not_come_in_again()
    {
        await using var own = await PortalProcess.StartAsync("--Demo:Load", "false"); // what is done here would be felt by the other journeys
        var browsing = await portal.BrowsingAsync();
        await using var hanne = await browsing.SignInAsync(own.Url, "Hanne Wuyts", "/patients");
        await using var piet = await browsing.SignInAsync(own.Url, "Piet Claeys", "/admin");
        await Expect(piet.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Naam, rol of organisatie zoeken" })).ToBeVisibleAsync();
        await piet.ExpectAxeCleanAsync("/admin");
        await piet.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Naam, rol of organisatie zoeken" }).FillAsync("hanne");
        await Expect(piet.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await piet.Page.GetByRole(AriaRole.Button, new() { Name = "Hanne Wuyts: openen" }).ClickAsync();
        var person = piet.Page.GetByRole(AriaRole.Dialog, new() { Name = "Hanne Wuyts" });
        await Expect(person.GetByRole(AriaRole.Button, new() { Name = "Afmelden" })).ToBeVisibleAsync();
        await piet.ExpectAxeCleanAsync("the dialog of a person");
        await person.GetByRole(AriaRole.Button, new() { Name = "Toegang afsluiten" }).ClickAsync();
        var sure = piet.Page.GetByRole(AriaRole.Dialog, new() { Name = "Toegang van Hanne Wuyts afsluiten" });
        await sure.GetByRole(AriaRole.Textbox).FillAsync("Uit dienst");
        await sure.GetByRole(AriaRole.Button, new() { Name = "Toegang afsluiten" }).ClickAsync();
        await hanne.Page.WaitForURLAsync(url => url.Contains("/sign-in?ended=1", StringComparison.Ordinal), new() { Timeout = 5_000 });
        await Expect(hanne.Page.GetByRole(AriaRole.Button, new() { Name = "Hanne Wuyts", Exact = true })).ToHaveCountAsync(0);
        using var token = await own.Http.PostAsync("/sign-in/demo/token", new FormUrlEncodedContent([new("user", "hanne.wuyts")]));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, token.StatusCode);
        await piet.Page.GetByRole(AriaRole.Tab, new() { Name = "Afgesloten" }).ClickAsync();
        await Expect(piet.Page.GetByRole(AriaRole.Button, new() { Name = "Hanne Wuyts: openen" })).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task Who_is_no_administrator_finds_no_administration()
    {
        await using var wim = await portal.SignInAsync("Wim Aerts", "/admin");
        await Expect(wim.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Het beheer is er voor beheerders");
        await Expect(wim.Page.GetByRole(AriaRole.Link, new() { Name = "Beheer" })).ToHaveCountAsync(0);
    }
}
