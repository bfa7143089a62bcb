using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>Every page for everybody: assistive technology, keyboard, phone, enlarged, light and dark, and a quiet console.</summary>
[Collection(PortalCollection.Name)]
public sealed class LookAndReachTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";

    public static TheoryData<string, string, ColorScheme> Pages
    {
        get
        {
            var pages = new TheoryData<string, string, ColorScheme>();
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                foreach (var (person, path) in new[]
                {
                    ("dr. Karel Janssens", "/"), ("dr. Karel Janssens", "/patients"), ("dr. Karel Janssens", "/patients/maria-verhoeven"),
                    ("dr. Karel Janssens", "/patients/maria-verhoeven/measurements"), ("dr. Karel Janssens", "/patients/maria-verhoeven/lanes"), ("An De Smedt", "/patients/maria-verhoeven/lanes"), ("dr. Karel Janssens", "/patients/unknown"), ("dr. Karel Janssens", "/no/such/page"), ("dr. Karel Janssens", "/ui"),
                    ("Ilse Baert", "/"), ("Ilse Baert", "/population?show=all"), ("Ilse Baert", "/patients/georges-pauwels/coordination"),
                    ("Sofie Maes", "/handoffs"), ("Sofie Maes", "/patients/maria-verhoeven/handoffs/maria-verhoeven.overdracht.2"), ("dr. Karel Janssens", "/patients/maria-verhoeven/handoffs/maria-verhoeven.overdracht.1"), ("dr. Karel Janssens", "/patients/maria-verhoeven/handoffs/new"),
                    ("dr. Karel Janssens", "/patients/maria-verhoeven/tasks"), ("dr. Karel Janssens", "/patients/maria-verhoeven/plan"), ("An De Smedt", "/patients/maria-verhoeven/plan"), ("dr. Karel Janssens", "/patients/maria-verhoeven/team"), ("Sofie Maes", "/"), ("Sofie Maes", "/worklist?list=team"), ("Sofie Maes", "/worklist?list=team&view=board"), ("Sofie Maes", "/absence"),
                    ("dr. Els Peeters", "/patients/maria-verhoeven/emergency"), ("dr. Els Peeters", "/emergency"), ("Piet Claeys", "/glass-reviews"), ("Maria Verhoeven", "/patients/maria-verhoeven/team"),
                    ("An De Smedt", "/"), ("An De Smedt", "/patients/maria-verhoeven/tasks"), ("An De Smedt", "/patients/maria-verhoeven"), ("Maria Verhoeven", "/"), ("Maria Verhoeven", "/patients/maria-verhoeven"),
                    ("Maria Verhoeven", "/patients/maria-verhoeven/access"), ("Sofie Maes", "/patients/maria-verhoeven/access"), ("An De Smedt", "/patients/maria-verhoeven/access"), ("Piet Claeys", "/contests"), ("Piet Claeys", "/audit"), ("Maria Verhoeven", "/patients/maria-verhoeven/view-as?person=sofie.maes&show=lanes"),
                    ("Piet Claeys", "/rules"), ("Sofie Maes", "/rules?rule=3.6"), ("Piet Claeys", "/rules/view-as?role=InformalCaregiver"), ("Maria Verhoeven", "/patients/maria-verhoeven/view-as?person=sofie.maes"),
                    ("dr. Karel Janssens", "/pathways"), ("Ilse Baert", "/pathways"), ("Sofie Maes", "/pathways/templates/hartfalen-na-ontslag"), ("Piet Claeys", "/pathways/templates/copd-opstoot/edit"),
                    ("dr. Els Peeters", "/patients/yvonne-theunis/pathways"), ("dr. Karel Janssens", "/patients/frans-lambrechts/pathways/start"), ("dr. Els Peeters", "/patients/yvonne-theunis/outcomes"), ("dr. Els Peeters", "/patients/yvonne-theunis/plan"),
                    ("An De Smedt", "/patients/maria-verhoeven/questionnaires/ervaring"), ("dr. Karel Janssens", "/patients/maria-verhoeven/questionnaires/phq-9"), ("dr. Karel Janssens", "/figures"), ("Ilse Baert", "/figures"),
                    ("An De Smedt", "/patients/maria-verhoeven/pathways"), ("Maria Verhoeven", "/patients/maria-verhoeven/plan"), ("Maria Verhoeven", "/patients/maria-verhoeven/outcomes"), ("dr. Karel Janssens", "/patients/frans-lambrechts/pathways"), ("Piet Claeys", "/figures"),
                })
                {
                    pages.Add(person, path, scheme);
                }
            }

            return pages;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public async Task A_page_has_nothing_for_axe_to_find_no_sideways_scroll_and_no_complaint(string name, string path, ColorScheme scheme)
    {
        await using var person = await portal.SignInAsync(name, "/sign-in", new() { ColorScheme = scheme });
        person.ForgetComplaints();
        await OpenAsync(person, path);
        await person.PictureAsync($"{name} {path} {scheme}");
        await person.ExpectAxeCleanAsync($"{path} for {name}, {scheme}");
        foreach (var width in new[] { 1366, 1024, 683, 390, 360, 320 }) // 683: 1366 at a zoom of 200 %
        {
            await person.Page.SetViewportSizeAsync(width, 844);
            await person.ExpectNoSidewaysScrollAsync($"{path} for {name} at {width} px");
        }

        await person.PictureAsync($"{name} {path} {scheme} phone");
        await person.ExpectAxeCleanAsync($"{path} for {name}, {scheme}, on a phone");
        Assert.Empty(person.Complaints);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_form_that_starts_a_pathway_keeps_its_count_and_button_in_reach_on_a_phone(ColorScheme scheme)
    {
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/frans-lambrechts/pathways/start", new() { ColorScheme = scheme, ViewportSize = new() { Width = 390, Height = 844 } });
        await karel.Page.GetByRole(AriaRole.Radio, new() { Name = "Hartfalen na ontslag" }).CheckAsync();
        var start = karel.Page.GetByRole(AriaRole.Button, new() { Name = "Starten", Exact = true });
        var limits = karel.Page.Locator(".zps-l summary").First;
        await limits.ScrollIntoViewIfNeededAsync();
        await limits.ClickAsync();
        await Expect(start).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(karel.Page.Locator(".zps-b b")).ToContainTextAsync("taken");
        await karel.ExpectNoSidewaysScrollAsync("the start form with open limits");
        await karel.ExpectAxeCleanAsync($"the start form, {scheme}");
        await karel.PictureAsync($"start form {scheme} phone");
        Assert.Empty(karel.Complaints);
    }

    [SkippableTheory]
    [InlineData("Piet Claeys", "/rules")]
    [InlineData("Piet Claeys", "/figures")]
    [InlineData("Ilse Baert", "/figures")]
    public async Task On_a_phone_the_bottom_bar_shows_where_somebody_is(string name, string path)
    {
        await using var person = await portal.SignInAsync(name, path, new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await Expect(person.Page.Locator("nav a[aria-current=page]").Filter(new() { Visible = true }).First).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_sign_in_page_names_the_fifteen_people_of_the_demo(ColorScheme scheme)
    {
        await using var stranger = await (await portal.BrowsingAsync()).StrangerAsync(portal.Portal.Url, new() { ColorScheme = scheme });
        await stranger.Page.GotoAsync("/sign-in");
        var names = new[]
        {
            "dr. Els Peeters", "dr. Karel Janssens", "dr. Nadia Benali", "Tom Lenaerts", "Sofie Maes", "Bram Goossens", "Pieter Wouters", "Joke Hermans", "Hanne Wuyts",
            "Fatima El Idrissi", "An De Smedt", "Maria Verhoeven", "Ilse Baert", "Piet Claeys", "Wim Aerts",
        };
        foreach (var name in names)
            await Expect(stranger.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true })).ToBeVisibleAsync();
        await stranger.ExpectAxeCleanAsync($"/sign-in, {scheme}");
        await stranger.Page.SetViewportSizeAsync(360, 740);
        await stranger.ExpectNoSidewaysScrollAsync("/sign-in at 360 px");
        Assert.Empty(stranger.Complaints);
    }

    [SkippableTheory]
    [InlineData(1180)]
    [InlineData(820)]
    [InlineData(390)]
    public async Task Team_questions_and_goals_are_reached_above_a_feed_that_has_no_end(int width)
    {
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria, new() { ViewportSize = new() { Width = width, Height = 900 } });
        await karel.AliveAsync();
        var team = karel.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Zorgteam") });
        await Expect(team).ToBeHiddenAsync();
        await karel.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Team, vragen en doelen") }).ClickAsync();
        await Expect(team).ToBeVisibleAsync();
        await karel.ExpectNoSidewaysScrollAsync($"the open side at {width} px");
        Assert.True((await team.BoundingBoxAsync())!.Y < (await karel.Feed().BoundingBoxAsync())!.Y);
        await karel.ExpectAxeCleanAsync($"the open side at {width} px");
    }

    [SkippableFact]
    public async Task On_a_phone_a_note_is_written_and_read()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria, new() { ViewportSize = new() { Width = 390, Height = 844 }, IsMobile = true, HasTouch = true });
        await using var an = await portal.SignInAsync("An De Smedt", "/patients/" + Maria, new() { ViewportSize = new() { Width = 390, Height = 844 }, IsMobile = true, HasTouch = true });
        await sofie.AliveAsync();
        await an.AliveAsync();
        var text = Unique("Van op de gsm");
        await sofie.WriteNoteAsync(text);
        await Expect(an.Entry(text)).ToHaveCountAsync(1);
        await an.Entry(text).ScrollIntoViewIfNeededAsync();
        await Expect(an.Entry(text)).ToBeInViewportAsync();
        await sofie.ExpectNoSidewaysScrollAsync("the timeline on a phone");
    }

    [SkippableFact]
    public async Task With_the_keyboard_alone_somebody_signs_in_writes_walks_searches_and_asks_for_help()
    {
        await using var person = await (await portal.BrowsingAsync()).StrangerAsync(portal.Portal.Url);
        var (page, keys) = (person.Page, person.Page.Keyboard);
        await page.GotoAsync("/sign-in?returnUrl=/patients/" + Maria);
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Sofie Maes", Exact = true });
        var box = (await button.BoundingBoxAsync())!;
        var around = new PageScreenshotOptions { Clip = new() { X = box.X - 20, Y = box.Y - 20, Width = box.Width + 40, Height = box.Height + 40 } };
        var unfocused = await page.ScreenshotAsync(around);
        for (var i = 0; i < 30 && !await button.EvaluateAsync<bool>("e => e === document.activeElement"); i++)
            await keys.PressAsync("Tab");
        await Expect(button).ToBeFocusedAsync();
        Assert.NotEqual(Convert.ToHexString(unfocused), Convert.ToHexString(await page.ScreenshotAsync(around))); // the focus shows
        await keys.PressAsync("Enter");
        await person.AliveAsync();

        await keys.PressAsync("n");
        await Expect(person.NoteField()).ToBeFocusedAsync();
        var text = Unique("Zonder muis");
        await keys.TypeAsync(text);
        await keys.PressAsync("Control+Enter");
        await Expect(person.Entry(text)).ToHaveCountAsync(1);
        await Expect(person.NoteField()).ToHaveValueAsync("");

        await keys.PressAsync("Escape"); // no mouse, so a key must lead out of the field too
        await keys.PressAsync("j");
        var first = await page.EvaluateAsync<string>("document.activeElement.id");
        await keys.PressAsync("j");
        var second = await page.EvaluateAsync<string>("document.activeElement.id");
        Assert.NotEqual("", first);
        Assert.NotEqual(first, second);
        await keys.PressAsync("k");
        Assert.Equal(first, await page.EvaluateAsync<string>("document.activeElement.id"));

        await keys.PressAsync("/");
        await Expect(page.GetByRole(AriaRole.Searchbox, new() { Name = "Zoek in tijdlijn" })).ToBeFocusedAsync();
        await keys.TypeAsync(text);
        await Expect(person.Feed().GetByRole(AriaRole.Article)).ToHaveCountAsync(1);

        await keys.PressAsync("Escape"); // empties the search
        await keys.PressAsync("Escape"); // and goes back to where it was called
        await keys.PressAsync("?");
        var help = page.GetByRole(AriaRole.Dialog, new() { Name = "Sneltoetsen" });
        await Expect(help).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(help).ToBeHiddenAsync();
        await keys.PressAsync("n"); // letters work again at once
        await Expect(person.NoteField()).ToBeFocusedAsync();
        await keys.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Combobox).First).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        Assert.Empty(person.Complaints);
    }

    [SkippableFact]
    public async Task A_name_without_end_pushes_no_page_aside()
    {
        await using var bram = await portal.SignInAsync("Bram Goossens", "/patients");
        await Expect(bram.Page.GetByText("Jozef Dierickx").First).ToBeVisibleAsync();
        var bundle = $$$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"{{{{new string('N', 10_000)}}}}"}]},"request":{"method":"POST","url":"Patient"}}]}""";
        var status = await bram.Page.EvaluateAsync<int>("async body => (await fetch('/fhir', { method: 'POST', headers: { 'Content-Type': 'application/fhir+json', 'X-CSRF-TOKEN': document.querySelector('meta[name=antiforgery]').content }, body })).status", bundle);
        Assert.Equal(200, status);
        foreach (var page in new[] { "/patients", "/" })
        {
            await bram.Page.GotoAsync(page);
            await Expect(bram.Page.GetByText("NNNN").First).ToBeVisibleAsync();
            Assert.Equal(0, await bram.Page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        }
    }

    [SkippableFact]
    public async Task Hostile_text_is_shown_as_text()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria, new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await sofie.AliveAsync();
        await karel.AliveAsync();
        karel.Page.Dialog += (_, dialog) => Assert.Fail("a script ran: " + dialog.Message);
        var mark = Unique("vijandig");
        await sofie.WriteNoteAsync($"""
            {mark} <script>window.pwned=1</script><img src=x onerror="window.pwned=2"> <svg/onload=window.pwned=3>
            [klik](javascript:window.pwned=4) [klik ook](data:text/html,<script>window.pwned=5</script>) ![beeld](https://elsewhere.example/pixel.png)
            <a href="javascript:window.pwned=6">los</a> {'\u202e'}achterstevoren{'\u2066'} nul{'\u200b'}breed{'\ufeff'} {new string('W', 3_000)} Z̷̧̢̛̙̺̻͓̈́͗̀͠a̸l̶g̵o̷
            """);
        await Expect(karel.Entry(mark)).ToHaveCountAsync(1);
        await karel.Entry(mark).ScrollIntoViewIfNeededAsync();
        Assert.Equal("undefined", await karel.Page.EvaluateAsync<string>("typeof window.pwned"));
        Assert.Equal(0, await karel.Entry(mark).Locator("script, img, iframe, object, [onerror], [onload], [style], a[href^='javascript'], a[href^='data']").CountAsync());
        await karel.ExpectNoSidewaysScrollAsync("a timeline with a 3,000-letter word");
        await karel.ExpectAxeCleanAsync("a timeline with hostile text");
        Assert.Empty(karel.Complaints);
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task After_all_this_the_log_holds_no_patient_data()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await sofie.AliveAsync();
        var secret = Unique("Geheim");
        await sofie.WriteNoteAsync(secret);
        await Expect(sofie.Entry(secret)).ToHaveCountAsync(1);
        Assert.DoesNotContain(secret, portal.Portal.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Verhoeven", portal.Portal.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", portal.Portal.Output, StringComparison.Ordinal);
    }

    // A page is there when the circuit has drawn its heading and nothing says that it is loading.
    private static async Task OpenAsync(BrowserPerson person, string path)
    {
        await person.Page.GotoAsync(path);
        await Expect(person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First).ToBeAttachedAsync();
        if (path != "/ui") // which shows a skeleton on purpose
            await Expect(person.Page.Locator("[aria-busy=true]:not(.start, .start *)")).ToHaveCountAsync(0);
        if (path is "/patients/unknown" or "/no/such/page")
            person.ForgetComplaints(); // the browser itself complains about an answer of 404
    }
}
