using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>Sign-in at a real OpenID provider: code flow, PKCE, nonce, in a real browser.</summary>
public sealed class OpenIdTests
{
    [SkippableFact]
    public async Task A_person_signs_in_at_the_provider_and_out_again_and_sees_no_file_before_somebody_opens_one()
    {
        Machine.NeedPeers();
        Machine.NeedChromium();
        var issuer = $"http://127.0.0.1:{Machine.FreePort()}";
        await using var portal = await PortalProcess.StartAsync(
            "--SignIn:Mode", "OpenIdConnect", "--AzureAd:Authority", issuer, "--AzureAd:ClientId", "careteam", "--AzureAd:ClientSecret", "only-for-this-test", "--AzureAd:RequireHttpsMetadata", "false");
        await using var provider = Peer.Start("openid.mjs", new Uri(issuer).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), portal.Url + "/signin-oidc");
        await provider.NextAsync("listening");
        await using var browsing = await Browsing.StartAsync();
        await using var lotte = await browsing.StrangerAsync(portal.Url);
        var page = lotte.Page;

        await page.GotoAsync("/patients");
        await page.WaitForURLAsync(url => url.Contains("/sign-in", StringComparison.Ordinal));
        await lotte.ExpectAxeCleanAsync("/sign-in with a provider");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("[Aa]anmelden") }).ClickAsync();
        await page.WaitForURLAsync(issuer + "/**");
        await page.Locator("input[name=login]").FillAsync("lotte");
        await page.Locator("input[name=password]").FillAsync("whatever");
        await page.Locator("button[type=submit]").ClickAsync();
        await page.Locator("button[type=submit]", new() { HasText = "Continue" }).ClickAsync(); // the provider asks for consent
        await page.WaitForURLAsync(portal.Url + "/patients");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Lotte Aertsen") })).ToBeVisibleAsync();

        await page.GotoAsync("/patients/maria-verhoeven");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dit dossier is niet (meer) voor u geopend." }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Lotte Aertsen") }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Afmelden" }).ClickAsync();
        await page.WaitForURLAsync(portal.Url + "/sign-in");
        await page.GotoAsync("/patients");
        await page.WaitForURLAsync(url => url.Contains("/sign-in", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Demo_doors_are_shut_and_a_forged_answer_of_a_provider_is_refused()
    {
        var issuer = $"http://127.0.0.1:{Machine.FreePort()}";
        await using var portal = await PortalProcess.StartAsync(
            "--SignIn:Mode", "OpenIdConnect", "--AzureAd:Authority", issuer, "--AzureAd:ClientId", "careteam", "--AzureAd:ClientSecret", "only-for-this-test", "--AzureAd:RequireHttpsMetadata", "false");
        using var token = await portal.Http.PostAsync("/sign-in/demo/token", new FormUrlEncodedContent([new("user", "karel.janssens")]));
        Assert.False(token.IsSuccessStatusCode);
        using var forged = await portal.Http.GetAsync("/signin-oidc?code=abc&state=def");
        Assert.False(forged.IsSuccessStatusCode);
        Assert.DoesNotContain(forged.Headers, h => h.Key == "Set-Cookie" && h.Value.Any(v => v.StartsWith("careteam=", StringComparison.Ordinal) && !v.StartsWith("careteam=;", StringComparison.Ordinal)));
        using var fhir = await portal.FhirAsync("eyJhbGciOiJub25lIn0.eyJzdWIiOiJrYXJlbC5qYW5zc2VucyJ9.", HttpMethod.Get, "Patient/maria-verhoeven");
        Assert.False(fhir.IsSuccessStatusCode);
    }
}
