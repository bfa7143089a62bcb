using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>Sign-in at a real OpenID provider: code flow, PKCE, nonce, in a real browser.</summary>
public sealed class OpenIdTests
{
    [SkippableFact]
    public async Task A_person_signs_in_at_the_provider_and_out_again_at_both_and_sees_no_file_before_somebody_opens_one()
    {
        await using var at = await AtProvider.StartAsync("--SignIn:NewAccounts", "ByRole");
        await using var lotte = await at.SignInAsync("lotte", "/patients");
        var page = lotte.Page;
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Lotte Aertsen") })).ToBeVisibleAsync();
        await page.GotoAsync("/patients/maria-verhoeven");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dit dossier is niet (meer) voor u geopend." }).First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Lotte Aertsen") }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Afmelden" }).ClickAsync();
        await page.WaitForURLAsync(at.Issuer + "/**"); // the provider asks whether to sign out there too
        await page.Locator("button[value=yes], button[name=logout]").First.ClickAsync();
        await page.WaitForURLAsync(at.Portal.Url + "/sign-in**");
        await page.GotoAsync("/patients");
        await page.WaitForURLAsync(url => url.Contains("/sign-in", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("[Aa]anmelden") }).ClickAsync();
        await Expect(page.Locator("input[name=login]")).ToBeVisibleAsync(); // the provider does not know the person any more either
    }

    [SkippableFact]
    public async Task An_account_that_nobody_here_knows_waits_and_one_that_is_closed_at_the_provider_loses_its_open_page()
    {
        await using var at = await AtProvider.StartAsync("--Session:AskProviderSeconds", "2");
        await using var lotte = await at.SignInAsync("lotte", "/");
        await Expect(lotte.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("wacht op een beheerder");
        await at.Provider.CallAsync("close", "lotte");
        await lotte.Page.WaitForURLAsync(url => url.Contains("/sign-in?ended=1", StringComparison.Ordinal), new() { Timeout = 60_000 });
        await Expect(lotte.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("U bent afgemeld");
    }

    [SkippableFact]
    public async Task To_prove_again_who_one_is_the_provider_asks_for_the_password_and_another_person_is_no_proof()
    {
        await using var at = await AtProvider.StartAsync("--SignIn:NewAccounts", "ByRole");
        await using var lotte = await at.SignInAsync("lotte", "/");
        await lotte.Page.GotoAsync("/sign-in/again?returnUrl=%2Faccount%2Fsessions");
        await at.TypeAsync(lotte.Page, "lotte", consents: false);
        await lotte.Page.WaitForURLAsync(at.Portal.Url + "/account/sessions");
        await Expect(lotte.Page.GetByText("dit venster")).ToBeVisibleAsync(); // the same session goes on

        await lotte.Page.GotoAsync("/sign-in/again?returnUrl=%2Faccount%2Fsessions");
        await at.TypeAsync(lotte.Page, "ward", consents: true);
        await Expect(lotte.Page).Not.ToHaveURLAsync(at.Portal.Url + "/account/sessions");
    }

    [SkippableFact]
    public async Task A_stranger_breaks_the_glass_after_signing_in_anew_at_the_provider_and_each_look_asks_again()
    {
        await using var at = await AtProvider.StartAsync("--SignIn:NewAccounts", "ByRole");
        var file = Path.Combine(at.Portal.Folder, "patient.json");
        await File.WriteAllTextAsync(file, """{"resourceType":"Patient","id":"jef-elders","name":[{"family":"Elders","given":["Jef"]}],"birthDate":"1950-02-03"}""");
        // Whose patient it is signs in once, so that the portal knows them.
        await using (var mieke = await at.SignInAsync("mieke", "/"))
            await Expect(mieke.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Mieke Huisarts") })).ToBeVisibleAsync();
        var (code, output) = await at.Portal.VerbAsync("import", file, "--team", Known(at.Issuer, "mieke"));
        Assert.True(code == 0, output);

        await using var lotte = await at.SignInAsync("lotte", "/");
        var page = lotte.Page;
        await page.GotoAsync("/patients/jef-elders");
        await page.GetByRole(AriaRole.Link, new() { Name = "Noodtoegang" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/emergency$"));
        var asked = page.WaitForRequestAsync(new Regex(Regex.Escape(at.Issuer) + ".*client_id="));
        await page.GetByRole(AriaRole.Link, new() { Name = "Opnieuw aanmelden" }).ClickAsync();
        var question = (await asked).Url;
        Assert.Contains("prompt=login", question, StringComparison.Ordinal);
        Assert.Contains("max_age=0", question, StringComparison.Ordinal);
        await at.TypeAsync(page, "lotte", consents: false); // a session at the provider is not enough: it asks for the password
        await page.WaitForURLAsync(at.Portal.Url + "/patients/jef-elders/emergency");

        await page.GetByRole(AriaRole.Radio, new() { Name = "Ik heb wachtdienst en de vaste zorgverleners zijn niet bereikbaar" }).CheckAsync();
        await page.GetByLabel("Wat is er aan de hand?").FillAsync("Viel in de gang, de buurvrouw belde.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Dossier openen" }).ClickAsync();
        await page.WaitForURLAsync(at.Portal.Url + "/patients/jef-elders");
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Noodtoegang" })).ToContainTextAsync("nog 3 u 59");

        // The proof is used up: another file asks anew.
        await page.GotoAsync("/patients/iemand-anders/emergency");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Bevestig eerst dat u het bent" })).ToBeVisibleAsync();

        await using var piet = await at.SignInAsync("piet", "/glass-reviews");
        await Expect(piet.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Viel in de gang, de buurvrouw belde." })).ToContainTextAsync("Lotte Aertsen");
    }

    /// <summary>How the portal names somebody whom only the provider knows.</summary>
    private static string Known(string issuer, string account) => "p-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{issuer}|{account}")))[..24];

    /// <summary>A portal that signs in at a provider, both on this machine.</summary>
    private sealed class AtProvider(PortalProcess portal, Peer provider, Browsing browsing, string issuer) : IAsyncDisposable
    {
        public PortalProcess Portal => portal;
        public Peer Provider => provider;
        public string Issuer => issuer;

        public static async Task<AtProvider> StartAsync(params string[] settings)
        {
            Machine.NeedPeers();
            Machine.NeedChromium();
            var issuer = $"http://127.0.0.1:{Machine.FreePort()}";
            var portal = await PortalProcess.StartAsync([.. Settings(issuer), .. settings]);
            var provider = Peer.Start("openid.mjs", new Uri(issuer).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), portal.Url + "/signin-oidc");
            await provider.NextAsync("listening");
            return new(portal, provider, await Browsing.StartAsync(), issuer);
        }

        /// <summary>Signs in in a browser of its own and lands on a page.</summary>
        public async Task<BrowserPerson> SignInAsync(string account, string path)
        {
            var person = await browsing.StrangerAsync(portal.Url);
            await person.Page.GotoAsync(path);
            await person.Page.WaitForURLAsync(url => url.Contains("/sign-in", StringComparison.Ordinal));
            await person.ExpectAxeCleanAsync("/sign-in with a provider");
            await person.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("[Aa]anmelden") }).ClickAsync();
            await TypeAsync(person.Page, account, consents: true);
            await person.Page.WaitForURLAsync(portal.Url + path);
            return person;
        }

        /// <summary>The provider's own pages.</summary>
        public async Task TypeAsync(IPage page, string account, bool consents)
        {
            await page.WaitForURLAsync(issuer + "/**");
            await page.Locator("input[name=login]").FillAsync(account);
            await page.Locator("input[name=password]").FillAsync("whatever");
            await page.Locator("button[type=submit]").ClickAsync();
            if (consents)
                await page.Locator("button[type=submit]", new() { HasText = "Continue" }).ClickAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await browsing.DisposeAsync();
            await provider.DisposeAsync();
            await portal.DisposeAsync();
        }
    }

    private static string[] Settings(string issuer) =>
        ["--SignIn:Mode", "OpenIdConnect", "--AzureAd:Authority", issuer, "--AzureAd:ClientId", "careteam", "--AzureAd:ClientSecret", "only-for-this-test", "--AzureAd:RequireHttpsMetadata", "false", "--AzureAd:Prompt", "consent"];

    [SkippableFact]
    public async Task Demo_doors_are_shut_and_a_forged_answer_of_a_provider_is_refused()
    {
        var issuer = $"http://127.0.0.1:{Machine.FreePort()}";
        await using var portal = await PortalProcess.StartAsync(Settings(issuer));
        using var token = await portal.Http.PostAsync("/sign-in/demo/token", new FormUrlEncodedContent([new("user", "karel.janssens")]));
        Assert.False(token.IsSuccessStatusCode);
        using var forged = await portal.Http.GetAsync("/signin-oidc?code=abc&state=def");
        Assert.False(forged.IsSuccessStatusCode);
        Assert.DoesNotContain(forged.Headers, h => h.Key == "Set-Cookie" && h.Value.Any(v => v.StartsWith("careteam=", StringComparison.Ordinal) && !v.StartsWith("careteam=;", StringComparison.Ordinal)));
        using var fhir = await portal.FhirAsync("eyJhbGciOiJub25lIn0.eyJzdWIiOiJrYXJlbC5qYW5zc2VucyJ9.", HttpMethod.Get, "Patient/maria-verhoeven");
        Assert.False(fhir.IsSuccessStatusCode);
    }
}
