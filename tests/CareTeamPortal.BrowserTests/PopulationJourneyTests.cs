using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>The case manager finds what is stuck, takes it along as a file, and sees of the member only who and when.</summary>
[Collection(PortalCollection.Name)]
public sealed class PopulationJourneyTests(PortalFixture portal)
{
    private static readonly string[] Clinical = ["revalidatie", "INR", "hartfalen", "fenprocoumon", "wond", "metformine"];

    [SkippableFact]
    public async Task The_case_manager_finds_the_stuck_hand_off_and_nothing_clinical()
    {
        await using var ilse = await portal.SignInAsync("Ilse Baert");
        var page = ilse.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Cockpit" })).ToBeVisibleAsync();
        var stuck = page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("^Vastgelopen overdrachten") }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Georges Pauwels" });
        await Expect(stuck).ToContainTextAsync("dr. Nadia Benali blijft verantwoordelijk.");
        await ilse.ExpectAxeCleanAsync("the cockpit");

        // All members, by name; the address says so, and a filter of it is kept.
        await page.GetByRole(AriaRole.Link, new() { Name = "Alle 3" }).ClickAsync();
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Lid" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Lid" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["Jozef Dierickx", "Frans Lambrechts", "Georges Pauwels", "Alle leden"]);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Gemeente", Exact = true }).SelectOptionAsync("Bonheiden");
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["Frans Lambrechts", "Deze selectie"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Bewaarde filters" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Deze filter bewaren" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Naam van de filter" }).FillAsync("Bonheiden op naam");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bewaren", Exact = true }).ClickAsync();
        await Expect(page.GetByText("De filter “Bonheiden op naam” is bewaard.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Wis 1 filter" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Button, new() { Name = "Bewaarde filters" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Bonheiden op naam" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Link, new() { Name = "Wis 1 filter" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(4);

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Exporteer" }).ClickAsync());
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var file = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.Contains("Georges Pauwels;", file, StringComparison.Ordinal);
        Assert.Equal(5, file.Split("\r\n").Length);

        await stuck.GetByRole(AriaRole.Link, new() { Name = "Georges Pauwels" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Overdrachten die wachten") })).ToBeVisibleAsync();
        await ilse.ExpectAxeCleanAsync("the coordination of one member");
        await NothingClinicalAsync(ilse);
        await page.GetByRole(AriaRole.Link, new() { Name = "Team", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/team$")); // the page before names her too, as who has a task
        await Expect(page.GetByText("Joke Hermans").First).ToBeVisibleAsync();
        await NothingClinicalAsync(ilse);

        // Her file is another page; those of others do not exist for her.
        await page.GotoAsync("/patients/georges-pauwels");
        await Expect(page).ToHaveURLAsync(new Regex("/patients/georges-pauwels/coordination$"));
        foreach (var path in new[] { "/patients/georges-pauwels/tasks", "/patients/georges-pauwels/lanes", "/patients/georges-pauwels/measurements" })
        {
            await page.GotoAsync(path);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Georges Pauwels" })).ToBeVisibleAsync();
            await NothingClinicalAsync(ilse);
        }

        await page.GotoAsync("/patients/maria-verhoeven/coordination");
        await Expect(page.GetByText("Vastgelopen")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Maria Verhoeven" })).ToHaveCountAsync(0);
    }

    private static async Task NothingClinicalAsync(BrowserPerson person)
    {
        var text = await person.Page.Locator("body").InnerTextAsync();
        Assert.All(Clinical, word => Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase));
    }
}
