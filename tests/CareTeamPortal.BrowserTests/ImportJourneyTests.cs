using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>A newcomer imports real files while the portal runs, and two people share what came.</summary>
public sealed class ImportJourneyTests
{
    [SkippableFact]
    public async Task The_Flemish_care_plan_and_a_Synthea_bundle_come_in_while_the_portal_runs_and_open_for_the_demo_team()
    {
        Machine.NeedChromium();
        var plan = Machine.NeedShared("be/dzop-pia");
        var synthea = Machine.NeedShared("synthea/Alexia_Senger_a5f5a550-b13e-4f92-b194-6d118f67fcdb.json");
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var karel = await browsing.SignInAsync(portal.Url, "dr. Karel Janssens", "/patients");
        await using var sofie = await browsing.SignInAsync(portal.Url, "Sofie Maes", "/patients");

        var (code, output) = await portal.VerbAsync("import", plan, synthea);
        Assert.True(code == 0, output);
        Assert.Contains("stored", output, StringComparison.Ordinal);
        foreach (var name in new[] { "Pia", "Alexia" })
        {
            await karel.Page.GotoAsync("/patients");
            await karel.Page.GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();
            await karel.AliveAsync();
            await Expect(karel.Feed().GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
            await karel.ExpectAxeCleanAsync("the imported timeline of " + name);
            await sofie.Page.GotoAsync(new Uri(karel.Page.Url).AbsolutePath);
            await sofie.AliveAsync();
            var text = Unique("Over de grens");
            await sofie.WriteNoteAsync(text);
            await Expect(karel.Entry(text)).ToHaveCountAsync(1);
        }

        // The same files again change nothing.
        var again = await portal.VerbAsync("import", plan, synthea);
        Assert.Matches(": 0 stored, 0 new versions", again.Output.Split('\n').Last(l => l.Contains("files:", StringComparison.Ordinal)));
        Assert.Empty(karel.Complaints);
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task What_is_imported_into_an_open_file_appears_on_the_open_page()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var karel = await browsing.SignInAsync(portal.Url, "dr. Karel Janssens", "/patients/maria-verhoeven");
        await karel.AliveAsync();
        await Expect(karel.Feed().GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
        var text = Unique("Uit het labo");
        var file = Path.Combine(portal.Folder, "news.ndjson");
        await File.WriteAllTextAsync(file, $$"""
            {"resourceType":"Communication","id":"from-elsewhere-1","status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"sent":"{{DateTimeOffset.Now:yyyy-MM-ddTHH:mm:sszzz}}","sender":{"reference":"Practitioner/nadia.benali"},"payload":[{"contentString":"{{text}}"}]}
            {"resourceType":"Nonsense","id":"x"}

            """);
        var (code, output) = await portal.VerbAsync("import", file);
        Assert.Equal(1, code); // something was refused
        Assert.Contains("news.ndjson", output, StringComparison.Ordinal);
        Assert.Contains("1 refused", output, StringComparison.Ordinal);
        await Expect(karel.Entry(text)).ToHaveCountAsync(1);
    }
}
