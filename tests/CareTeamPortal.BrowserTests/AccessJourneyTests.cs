using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>The patient decides and contests, and the pages of others follow while they are open.</summary>
[Collection(PortalCollection.Name)]
public sealed class AccessJourneyTests(PortalFixture portal)
{
    private const string Maria = "/patients/maria-verhoeven";

    private static ILocator Switch(BrowserPerson person, string category) => person.Page.GetByRole(AriaRole.Switch, new() { Name = category, Exact = true });

    [SkippableFact]
    public async Task The_patient_withdraws_one_category_and_the_open_page_of_a_nurse_loses_it_at_once()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", Maria);
        await using var maria = await portal.SignInAsync("Maria Verhoeven", Maria + "/access");
        await sofie.AliveAsync();
        var text = Unique("Wonde verzorgd");
        await sofie.WriteNoteAsync(text);
        await Expect(sofie.Entry(text)).ToHaveCountAsync(1);
        await Expect(Switch(maria, "Nota's")).ToBeCheckedAsync();
        await maria.ExpectAxeCleanAsync("who may see what");

        await Switch(maria, "Nota's").ClickAsync();
        await Expect(Switch(maria, "Nota's")).Not.ToBeCheckedAsync();
        await Expect(sofie.Entry(text)).ToHaveCountAsync(0, new() { Timeout = 5_000 });
        await Expect(sofie.Feed()).Not.ToContainTextAsync(text);
        await Expect(maria.Page.GetByText("ziet alles wat bij deze rol hoort, behalve nota's").First).ToBeVisibleAsync();

        await Switch(maria, "Nota's").ClickAsync();
        await Expect(sofie.Entry(text)).ToHaveCountAsync(1, new() { Timeout = 5_000 });
        Assert.Empty(maria.Complaints);
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task A_contested_person_is_out_at_once_an_officer_answers_and_the_patient_lets_them_in_again()
    {
        await using var joke = await portal.SignInAsync("Joke Hermans", Maria);
        await joke.AliveAsync();
        await using var maria = await portal.SignInAsync("Maria Verhoeven", Maria + "/access");
        await using var piet = await portal.SignInAsync("Piet Claeys", "/contests");
        var log = maria.Page.GetByRole(AriaRole.Region, new() { Name = "Wie keek in mijn dossier, en waarom" });
        await log.GetByRole(AriaRole.Combobox, new() { Name = "Persoon" }).SelectOptionAsync(new SelectOptionValue { Label = "Joke Hermans" });
        await Expect(log.GetByRole(AriaRole.Row).Filter(new() { HasText = "Sofie Maes" })).ToHaveCountAsync(0);
        await log.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Dit klopt niet: Joke Hermans, vandaag") }).First.ClickAsync();
        var dialog = maria.Page.GetByRole(AriaRole.Dialog, new() { Name = "Dit klopt niet" });
        await maria.ExpectAxeCleanAsync("the dialog of a contest");
        var words = Unique("Zij was vandaag niet bij mij");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync(words);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Melden en blokkeren" }).ClickAsync();
        await Expect(maria.Page.GetByText("U meldde: dit klopt niet.")).ToBeVisibleAsync();
        await Expect(joke.Feed()).ToHaveCountAsync(0, new() { Timeout = 5_000 });

        var waiting = piet.Page.GetByRole(AriaRole.Article).Filter(new() { HasText = words });
        await Expect(waiting).ToBeVisibleAsync();
        await piet.ExpectAxeCleanAsync("the contests of patients");
        await waiting.GetByRole(AriaRole.Textbox, new() { Name = "Antwoord aan de patiënt" }).FillAsync("Nagekeken: zij bereidde de oefeningen van morgen voor.");
        await waiting.GetByRole(AriaRole.Button, new() { Name = "Antwoord sturen over Joke Hermans" }).ClickAsync();
        await Expect(maria.Page.GetByText("Nagekeken: zij bereidde de oefeningen van morgen voor.")).ToBeVisibleAsync();

        await maria.Page.GetByRole(AriaRole.Button, new() { Name = "Blokkering van Joke Hermans opheffen" }).ClickAsync();
        await Expect(maria.Page.GetByRole(AriaRole.Region, new() { Name = "Mijn meldingen" })).ToContainTextAsync("Joke Hermans is niet meer geblokkeerd.");
        await joke.OpenAsync("maria-verhoeven");
        Assert.Empty(maria.Complaints);
        Assert.Empty(piet.Complaints);
    }

    [SkippableFact]
    public async Task Decisions_with_dates_exclusion_and_renewal_are_asked_for_in_dialogs_that_say_what_follows()
    {
        await using var maria = await portal.SignInAsync("Maria Verhoeven", Maria + "/access");
        await maria.Page.GetByRole(AriaRole.Button, new() { Name = "Nieuwe afspraak" }).ClickAsync();
        var decision = maria.Page.GetByRole(AriaRole.Dialog, new() { Name = "Nieuwe afspraak" });
        await decision.GetByRole(AriaRole.Combobox, new() { Name = "Waarover" }).SelectOptionAsync(new SelectOptionValue { Label = "Eén persoon" });
        await decision.GetByRole(AriaRole.Combobox, new() { Name = "Welke persoon" }).SelectOptionAsync(new SelectOptionValue { Value = "joke.hermans" });
        await maria.ExpectAxeCleanAsync("the dialog of a decision");
        await decision.GetByRole(AriaRole.Button, new() { Name = "Afspraak bewaren" }).ClickAsync();
        await Expect(decision.GetByRole(AriaRole.Alert)).ToContainTextAsync("Er is niets veranderd");
        await decision.GetByRole(AriaRole.Checkbox, new() { Name = "Seksuele gezondheid" }).CheckAsync();
        await decision.GetByRole(AriaRole.Button, new() { Name = "Afspraak bewaren" }).ClickAsync();
        var withdraw = maria.Page.GetByRole(AriaRole.Button, new() { Name = "Intrekken: Joke Hermans ziet niet: seksuele gezondheid." });
        await Expect(withdraw).ToBeVisibleAsync();
        await withdraw.ClickAsync();
        await Expect(withdraw).ToHaveCountAsync(0);

        await maria.Page.GetByRole(AriaRole.Button, new() { Name = "Meer over Joke Hermans" }).ClickAsync();
        await maria.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Voor goed uitsluiten" }).ClickAsync();
        var exclude = maria.Page.GetByRole(AriaRole.Dialog, new() { Name = "Joke Hermans voor goed uitsluiten?" });
        await maria.ExpectAxeCleanAsync("the dialog of an exclusion");
        await exclude.GetByRole(AriaRole.Button, new() { Name = "Voor goed uitsluiten" }).ClickAsync();
        await Expect(exclude.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Vink eerst aan dat u dit weet.");
        await exclude.GetByRole(AriaRole.Button, new() { Name = "Annuleren" }).ClickAsync();

        await using var karel = await portal.SignInAsync("dr. Karel Janssens", Maria + "/access");
        await karel.Page.GetByRole(AriaRole.Button, new() { Name = "Zorgrelatie verlengen", Exact = true }).ClickAsync();
        var renew = karel.Page.GetByRole(AriaRole.Dialog, new() { Name = "Zorgrelatie verlengen" });
        await karel.ExpectAxeCleanAsync("the dialog of a renewal");
        await renew.GetByRole(AriaRole.Textbox, new() { Name = "Reden" }).FillAsync("blijft huisarts");
        await renew.GetByRole(AriaRole.Button, new() { Name = "Verlengen", Exact = true }).ClickAsync();
        await Expect(karel.Page.GetByText(new Regex("^Verlengd tot"))).ToBeVisibleAsync();
        Assert.Empty(maria.Complaints);
        Assert.Empty(karel.Complaints);
    }
}
