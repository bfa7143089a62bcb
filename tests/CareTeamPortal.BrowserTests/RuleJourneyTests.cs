using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>The sharing rules from draft to effect, with several people at their own browsers. On a portal of its own: what is published counts for everybody.</summary>
public sealed class RuleJourneyTests
{
    private static ILocator Button(BrowserPerson person, string name) => person.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    [SkippableFact]
    public async Task An_officer_drafts_another_approves_and_the_nurses_open_page_and_next_refusal_follow()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var sofie = await browsing.SignInAsync(portal.Url, "Sofie Maes", "/patients/maria-verhoeven");
        await sofie.AliveAsync();
        await using var measuring = await browsing.SignInAsync(portal.Url, "Sofie Maes", "/patients/maria-verhoeven/measurements");
        await Expect(measuring.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Bloeddruk") }).First).ToBeVisibleAsync();
        await sofie.Composer().GetByRole(AriaRole.Button, new() { Name = "Meting", Exact = true }).ClickAsync();
        var quick = sofie.Composer().GetByRole(AriaRole.Textbox, new() { Name = "Snelle invoer van metingen" });
        await quick.FillAsync("bd 131/83 p72");
        await sofie.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(Bewaren|Meting)") }).Last.ClickAsync();
        await Expect(sofie.Entry("131").First).ToBeVisibleAsync();

        await using var piet = await browsing.SignInAsync(portal.Url, "Piet Claeys", "/");
        await piet.Page.GetByRole(AriaRole.Link, new() { Name = "Spelregels", Exact = true }).ClickAsync();
        await piet.Page.WaitForURLAsync("**/rules");
        await Button(piet, "Nieuw ontwerp").ClickAsync();
        await piet.Page.WaitForURLAsync("**/rules/2");
        await Button(piet, "Thuisverpleegkundige wijzigen").ClickAsync();
        foreach (var right in new[] { "Taken: lezen", "Metingen: lezen", "Metingen: schrijven" })
            await piet.Page.GetByRole(AriaRole.Checkbox, new() { Name = right, Exact = true }).UncheckAsync();
        await Button(piet, "In het ontwerp zetten").ClickAsync();
        await Expect(piet.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wie verantwoordelijk kan zijn voor zorg leest altijd");
        await piet.ExpectAxeCleanAsync("a line of the rules that cannot be");
        await piet.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Taken: lezen", Exact = true }).CheckAsync();
        await Button(piet, "In het ontwerp zetten").ClickAsync();
        var compared = piet.Page.GetByRole(AriaRole.Region, new() { Name = "Wat verandert er voor wie" });
        await Expect(compared).ToContainTextAsync("verliest: lezen");
        await Expect(compared).ToContainTextAsync("2 mensen");
        await piet.Page.GetByRole(AriaRole.Textbox, new() { Name = "Waarom" }).FillAsync("Proef in de thuisverpleging");
        await Button(piet, "Uitleg bewaren").ClickAsync();
        await Expect(Button(piet, "Uitleg bewaren")).ToHaveCountAsync(0);
        await piet.ExpectAxeCleanAsync("a draft of the rules");
        await piet.PictureAsync("rules draft");
        await Button(piet, "Voorleggen aan een andere spelregelaar").ClickAsync();
        await Expect(piet.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("U legde dit voor");
        await Expect(Button(piet, "Goedkeuren en laten gelden")).ToHaveCountAsync(0);

        await using var wim = await browsing.SignInAsync(portal.Url, "Wim Aerts", "/rules");
        await Expect(wim.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex(@"^Spelregels\s*1\s+wachtend op uw goedkeuring") })).ToBeVisibleAsync();
        await wim.Page.GetByRole(AriaRole.Link, new() { Name = "Bekijk het voorstel" }).ClickAsync();
        await wim.ExpectAxeCleanAsync("a proposal");
        await Button(wim, "Goedkeuren en laten gelden").ClickAsync();
        var sure = wim.Page.GetByRole(AriaRole.Dialog);
        await wim.ExpectAxeCleanAsync("approving");
        await sure.GetByRole(AriaRole.Button, new() { Name = "Goedkeuren en laten gelden" }).ClickAsync();

        // Within five seconds, on pages that nobody touches.
        await Expect(sofie.Entry("131")).ToHaveCountAsync(0, new() { Timeout = 5_000 });
        await Expect(measuring.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Bloeddruk") })).ToHaveCountAsync(0, new() { Timeout = 5_000 });
        await Expect(piet.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Versie 2 geldt sinds", new() { Timeout = 5_000 });

        await sofie.Composer().GetByRole(AriaRole.Button, new() { Name = "Meting", Exact = true }).ClickAsync();
        await quick.FillAsync("bd 135/85");
        await sofie.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(Bewaren|Meting)") }).Last.ClickAsync();
        var cited = sofie.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex(@"Regel 3\.6, versie 2\.") });
        await Expect(cited).ToBeVisibleAsync();
        await sofie.PictureAsync("refused by rule");
        var reading = await sofie.Page.RunAndWaitForPopupAsync(() => cited.ClickAsync());
        await Expect(reading.GetByRole(AriaRole.Main)).ToContainTextAsync("In versie 2 mag deze rol hier: niets");
        await reading.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Versie 1") }).ClickAsync();
        await Expect(reading.GetByRole(AriaRole.Main)).ToContainTextAsync("Vandaag geldt versie 2"); // older ones stay readable

        // The other way round: what was open stays open for those whose rules did not change.
        await using var karel = await browsing.SignInAsync(portal.Url, "dr. Karel Janssens", "/patients/maria-verhoeven");
        await karel.AliveAsync();
        await Expect(karel.Entry("131").First).ToBeVisibleAsync();
        foreach (var person in new[] { piet, wim, sofie, measuring, karel })
            Assert.Empty(person.Complaints);
    }

    [SkippableFact]
    public async Task Maria_looks_through_the_eyes_of_her_daughter_and_finds_nothing_to_press()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var maria = await browsing.SignInAsync(portal.Url, "Maria Verhoeven", "/patients/maria-verhoeven/team");
        await maria.Page.GetByRole(AriaRole.Link, new() { Name = "Wat ziet mijn team?" }).ClickAsync();
        await maria.Page.GetByLabel("Iemand van uw team").SelectOptionAsync(new SelectOptionValue { Value = "an.desmedt" });
        await Expect(maria.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "zoals An De Smedt" })).ToBeVisibleAsync();
        var feed = maria.Page.GetByRole(AriaRole.List, new() { Name = "Tijdlijn door andere ogen" });
        await Expect(feed.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
        await Expect(feed.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await maria.ExpectAxeCleanAsync("looking as somebody else");
        await maria.PictureAsync("view as");

        // What An really sees, and nothing else: the first entries of both.
        await using var an = await browsing.SignInAsync(portal.Url, "An De Smedt", "/patients/maria-verhoeven");
        await an.AliveAsync();
        var hers = (await feed.Locator("[data-row]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.row)")).ToHashSet();
        Assert.NotEmpty(hers);
        var real = (await an.Feed().Locator("[data-row]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.row)")).ToList();
        Assert.Superset(real.Take(10).ToHashSet(), hers);
        Assert.Empty(maria.Complaints);
    }
}
