using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>Several people, several browsers, one timeline.</summary>
[Collection(PortalCollection.Name)]
public sealed class LivingTimelineTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";
    private const string Everybody = "heel het zorgteam, patiënt en mantelzorgers";

    [SkippableFact]
    public async Task What_one_writes_the_other_sees_without_refresh_in_order_and_exactly_once()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await sofie.AliveAsync();
        await karel.AliveAsync();

        var texts = new[] { Unique("Eerste"), Unique("Tweede"), Unique("Derde") };
        foreach (var text in texts)
            await sofie.WriteNoteAsync(text);

        await Expect(karel.Entry(texts[2])).ToBeVisibleAsync();
        foreach (var person in new[] { karel, sofie })
        {
            foreach (var text in texts)
                await Expect(person.Entry(text)).ToHaveCountAsync(1);
            Assert.Equal(texts.Reverse(), await person.OrderAsync(texts)); // newest first
        }

        await Expect(karel.Entry(texts[0])).ToContainTextAsync("Sofie Maes");
        Assert.Empty(sofie.Complaints);
        Assert.Empty(karel.Complaints);
    }

    [SkippableFact]
    public async Task Who_has_scrolled_away_is_told_how_many_came_and_loses_no_place()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await sofie.AliveAsync();
        await karel.AliveAsync();
        var told = new TaskCompletionSource();
        karel.Page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) =>
        {
            if (frame.Binary?.AsSpan().IndexOf("AwayAsync"u8) >= 0)
                told.TrySetResult();
        };
        await karel.OpenAsync(Maria);
        await Expect(karel.Feed().GetByRole(AriaRole.Article).Nth(20)).ToBeAttachedAsync();
        await karel.Page.EvaluateAsync("scrollTo(0, 2500)");
        await told.Task.WaitAsync(TimeSpan.FromSeconds(15)); // the page has said that its reader is away
        await Expect(karel.Composer()).Not.ToBeInViewportAsync();

        var texts = new[] { Unique("Een"), Unique("Twee"), Unique("Drie") };
        foreach (var text in texts)
            await sofie.WriteNoteAsync(text);

        var arrivals = karel.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^3 nieuw") });
        await Expect(arrivals).ToBeInViewportAsync();
        foreach (var text in texts)
            await Expect(karel.Entry(text)).ToHaveCountAsync(0);
        await arrivals.ClickAsync();
        foreach (var text in texts)
            await Expect(karel.Entry(text)).ToHaveCountAsync(1);
        await Expect(karel.Entry(texts[2])).ToBeInViewportAsync();
        Assert.Empty(karel.Complaints);
    }

    [SkippableFact]
    public async Task A_caregiver_sees_what_is_shared_and_no_trace_of_what_is_for_professionals()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var nadia = await portal.SignInAsync("dr. Nadia Benali", "/patients/" + Maria);
        await using var an = await portal.SignInAsync("An De Smedt", "/patients/" + Maria);
        await sofie.AliveAsync();
        await nadia.AliveAsync();
        await an.AliveAsync();
        var first = Unique("Eerst");
        await sofie.WriteNoteAsync(first, Everybody);
        await Expect(an.Entry(first)).ToBeVisibleAsync();

        var hidden = Unique("Enkel onder ons");
        var shared = Unique("Voor iedereen");
        await sofie.WriteNoteAsync(hidden, "enkel zorgverleners");
        await Expect(nadia.Entry(hidden)).ToBeVisibleAsync();
        await sofie.WriteNoteAsync(shared, Everybody);

        await Expect(an.Entry(shared)).ToBeVisibleAsync();
        var rows = await an.Feed().GetByRole(AriaRole.Listitem).Filter(new() { Has = an.Page.GetByRole(AriaRole.Article) }).AllInnerTextsAsync();
        var at = rows.ToList().FindIndex(r => r.Contains(shared, StringComparison.Ordinal));
        Assert.Contains(first, rows[at + 1], StringComparison.Ordinal); // nothing stands between, not even a gap
        Assert.DoesNotContain(hidden, await an.Page.ContentAsync(), StringComparison.Ordinal);

        // Nor by searching for it, nor after a reload.
        await an.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Zoek in tijdlijn" }).FillAsync(hidden);
        await Expect(an.Page.GetByText("Niets gevonden met deze filters")).ToBeVisibleAsync();
        await an.OpenAsync(Maria);
        await Expect(an.Entry(shared)).ToBeVisibleAsync();
        Assert.DoesNotContain(hidden, await an.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(an.Complaints);
    }

    [SkippableFact]
    public async Task A_stranger_to_the_file_sees_the_same_as_for_a_file_that_does_not_exist()
    {
        await using var els = await portal.SignInAsync("dr. Els Peeters", "/patients/" + Maria);
        await Expect(els.Page.GetByRole(AriaRole.Heading, new() { Name = "Dit dossier is niet (meer) voor u geopend." }).First).ToBeVisibleAsync();
        var refused = await els.Page.InnerTextAsync("main");
        await els.Page.GotoAsync("/patients/nobody-at-all");
        await Expect(els.Page.GetByRole(AriaRole.Heading, new() { Name = "Dit dossier is niet (meer) voor u geopend." }).First).ToBeVisibleAsync();
        Assert.Equal(refused, await els.Page.InnerTextAsync("main"));
        Assert.DoesNotContain("Verhoeven", await els.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Quick_entry_becomes_reviewed_measurements_that_others_see()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await sofie.AliveAsync();
        await karel.AliveAsync();
        await sofie.Composer().GetByRole(AriaRole.Button, new() { Name = "Meting", Exact = true }).ClickAsync();
        await sofie.Composer().GetByRole(AriaRole.Textbox, new() { Name = "Snelle invoer van metingen" }).FillAsync("bd 131/83 p72 g78,4");
        var chips = sofie.Composer().GetByRole(AriaRole.List, new() { Name = "Herkend" });
        await Expect(chips).ToContainTextAsync("131/83");
        await Expect(chips).ToContainTextAsync("78,4");
        await Expect(chips.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await sofie.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Bewaren") }).ClickAsync();
        await Expect(karel.Entry("131/83").First).ToBeVisibleAsync();
        await Expect(karel.Entry("78,4").First).ToBeVisibleAsync();
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task What_is_typed_survives_a_reload_and_is_gone_once_saved()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await sofie.AliveAsync();
        var text = Unique("Half geschreven");
        await sofie.NoteField().FillAsync(text);
        await Expect(sofie.Composer().GetByText("Concept bewaard", new() { Exact = true })).ToBeVisibleAsync();
        await sofie.OpenAsync(Maria);
        await Expect(sofie.NoteField()).ToHaveValueAsync(text);
        await sofie.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Bewaren") }).ClickAsync();
        await Expect(sofie.Entry(text)).ToHaveCountAsync(1);
        await sofie.OpenAsync(Maria);
        await Expect(sofie.NoteField()).ToHaveValueAsync("");
    }

    [SkippableFact]
    public async Task Who_is_here_and_who_types_shows_to_the_others()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var tom = await portal.SignInAsync("Tom Lenaerts", "/patients/" + Maria);
        await sofie.AliveAsync();
        await tom.AliveAsync();
        var banner = sofie.Page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("Maria Verhoeven") });
        await Expect(banner.GetByTitle("Tom Lenaerts")).ToBeVisibleAsync();
        await tom.NoteField().PressSequentiallyAsync("Ik schrijf");
        await Expect(banner).ToContainTextAsync("typt");
        await tom.NoteField().FillAsync("");
        await tom.DisposeAsync();
        await Expect(banner.GetByTitle("Tom Lenaerts")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
    }
}
