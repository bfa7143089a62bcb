using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>A stranger opens a file in an emergency, and everyone whom it concerns sees it.</summary>
[Collection(PortalCollection.Name)]
public sealed class EmergencyJourneyTests(PortalFixture portal)
{
    private const string Maria = "/patients/maria-verhoeven";

    [SkippableFact]
    public async Task A_stranger_breaks_the_glass_the_patient_sees_it_and_it_ends_at_once_when_the_stranger_says_so()
    {
        await using var maria = await portal.SignInAsync("Maria Verhoeven", "/");
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/");
        await using var els = await portal.SignInAsync("dr. Els Peeters", Maria);
        await els.Page.GetByRole(AriaRole.Link, new() { Name = "Noodtoegang" }).ClickAsync();
        await els.Page.WaitForURLAsync(new Regex("/emergency$"));
        await Expect(els.Page.GetByRole(AriaRole.Heading, new() { Name = "Bevestig eerst dat u het bent" })).ToBeVisibleAsync();
        await els.ExpectAxeCleanAsync("the way to a file in an emergency");

        // Who one is, typed again; a slip is told.
        await els.Page.GetByRole(AriaRole.Link, new() { Name = "Opnieuw aanmelden" }).ClickAsync();
        await els.Page.GetByLabel("Uw gebruikersnaam").FillAsync("sofie.maes");
        await els.Page.GetByRole(AriaRole.Button, new() { Name = "Bevestigen" }).ClickAsync();
        await Expect(els.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("niet de gebruikersnaam");
        await els.ExpectAxeCleanAsync("proving again who one is");
        await els.Page.GetByLabel("Uw gebruikersnaam").FillAsync("els.peeters");
        await els.Page.GetByRole(AriaRole.Button, new() { Name = "Bevestigen" }).ClickAsync();

        await els.Page.GetByRole(AriaRole.Radio, new() { Name = "Ik heb wachtdienst en de vaste zorgverleners zijn niet bereikbaar" }).CheckAsync();
        await els.Page.GetByLabel("Wat is er aan de hand?").FillAsync("Maria belde de wachtpost, kortademig.");
        await els.ExpectAxeCleanAsync("why a file is opened in an emergency");
        await els.Page.GetByRole(AriaRole.Button, new() { Name = "Dossier openen" }).ClickAsync();
        await els.Page.WaitForURLAsync(new Regex(Maria + "$"));
        var strip = els.Page.GetByRole(AriaRole.Complementary, new() { Name = "Noodtoegang" });
        await Expect(strip).ToContainTextAsync("nog 3 u 59");
        await els.ExpectAxeCleanAsync("a file that is open in an emergency");

        // Told within a minute, on the open home of both.
        await Expect(maria.Page.GetByText("dr. Els Peeters opende uw dossier in een noodsituatie").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(karel.Page.GetByText("dr. Els Peeters opende dit dossier in een noodsituatie").First).ToBeVisibleAsync(new() { Timeout = 60_000 });

        // On every page of the file.
        foreach (var page in new[] { "/team", "/tasks", "/measurements", "/lanes" })
        {
            await els.Page.GotoAsync(Maria + page);
            await Expect(strip).ToBeVisibleAsync();
        }

        await strip.GetByRole(AriaRole.Button, new() { Name = "Nu beëindigen" }).ClickAsync();
        await els.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await els.Page.GotoAsync(Maria);
        await Expect(els.Page.GetByRole(AriaRole.Link, new() { Name = "Noodtoegang" })).ToBeVisibleAsync();
        Assert.Empty(els.Complaints);
        Assert.Empty(maria.Complaints);

        await using var piet = await portal.SignInAsync("Piet Claeys", "/glass-reviews");
        var opening = piet.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Maria belde de wachtpost, kortademig." });
        await Expect(opening).ToBeVisibleAsync();
        await piet.ExpectAxeCleanAsync("what was opened in an emergency");
        await opening.GetByRole(AriaRole.Radio, new() { Name = "Terecht", Exact = true }).CheckAsync();
        await opening.GetByRole(AriaRole.Button, new() { Name = "Bewaren" }).ClickAsync();
        await Expect(opening).ToHaveCountAsync(0);
        await piet.Page.GetByRole(AriaRole.Tab, new() { Name = "Nagekeken" }).ClickAsync();
        await Expect(opening).ToContainTextAsync("Terecht");
    }
}
