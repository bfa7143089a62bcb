using System.Text;
using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>What people do with an entry, while somebody else looks at it.</summary>
[Collection(PortalCollection.Name)]
public sealed class ActingOnEntriesTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task A_long_note_unfolds_by_keyboard_stays_so_while_others_write_and_is_whole_on_paper()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await sofie.AliveAsync();
        await karel.AliveAsync();
        var (first, last) = (Unique("Lang verslag"), Unique("Einde van het verslag"));
        await sofie.WriteNoteAsync(string.Join("\n\n", Enumerable.Range(1, 60).Select(i => $"Alinea {i}: " + new string('x', 150)).Prepend(first).Append(last)));

        var note = karel.Entry(first);
        var more = note.Locator("details.more");
        await Expect(note.GetByText(last)).ToBeHiddenAsync();
        await karel.ExpectAxeCleanAsync("a long note, folded");
        await more.Locator("summary").FocusAsync();
        await karel.Page.Keyboard.PressAsync("Enter");
        await Expect(note.GetByText(last)).ToBeVisibleAsync();
        await Expect(note.GetByText("Toon minder")).ToBeVisibleAsync();

        // Another note comes, and the row itself is drawn anew: what the reader unfolded stays so.
        await karel.Page.EvaluateAsync("scrollTo(0, 0)"); // who reads further down is told that something waits
        var next = Unique("Nog een nota");
        await sofie.WriteNoteAsync(next);
        await Expect(karel.Feed()).ToContainTextAsync(next);
        await Expect(note.GetByText(last)).ToBeVisibleAsync();
        await more.Locator("summary").PressAsync("Enter");
        await Expect(note.GetByText(last)).ToBeHiddenAsync();

        await karel.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await Expect(note.GetByText(last)).ToBeVisibleAsync();
        await karel.Page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        await Expect(note.GetByText(last)).ToBeHiddenAsync();
    }

    [SkippableFact]
    public async Task A_question_reaches_who_must_answer_and_the_answer_comes_back()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var nadia = await portal.SignInAsync("dr. Nadia Benali", "/patients/" + Maria);
        await sofie.AliveAsync();
        await nadia.AliveAsync();
        var (question, answer) = (Unique("Mag de dosis omlaag?"), Unique("Ja, vanaf morgen."));

        await sofie.Composer().GetByRole(AriaRole.Button, new() { Name = "Vraag", Exact = true }).ClickAsync();
        await sofie.Composer().GetByRole(AriaRole.Textbox, new() { Name = "Vraag", Exact = true }).FillAsync(question);
        var change = sofie.Composer().GetByRole(AriaRole.Button, new() { Name = "Iemand anders" });
        var who = sofie.Composer().GetByRole(AriaRole.Combobox, new() { Name = "Wie antwoordt?" });
        await Expect(change.Or(who).First).ToBeVisibleAsync();
        if (await change.IsVisibleAsync())
            await change.ClickAsync();
        await who.FillAsync("Benali");
        await sofie.Page.GetByRole(AriaRole.Option, new() { NameRegex = new Regex("Nadia Benali") }).ClickAsync();
        await sofie.Composer().GetByRole(AriaRole.Textbox, new() { Name = "Antwoord vóór: datum" }).FillAsync("31-12-2099");
        await sofie.Composer().GetByRole(AriaRole.Textbox, new() { Name = "Antwoord vóór: uur" }).FillAsync("12:00");
        await sofie.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Vraag stellen") }).ClickAsync();

        await Expect(nadia.Entry(question)).ToContainTextAsync("u antwoordt");
        await nadia.Entry(question).GetByRole(AriaRole.Button, new() { Name = "Antwoorden" }).ClickAsync();
        await nadia.Entry(question).GetByRole(AriaRole.Textbox, new() { Name = "Antwoord", Exact = true }).FillAsync(answer);
        await nadia.Entry(question).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Antwoord bewaren") }).ClickAsync();

        // The answer is an entry of its own that names the question; the question says that it is answered.
        await Expect(sofie.Entry(answer)).ToHaveCountAsync(1);
        var asked = sofie.Feed().GetByRole(AriaRole.Article, new() { Name = "Vraag", Exact = true }).Filter(new() { HasText = question });
        await Expect(asked).ToContainTextAsync("Beantwoord");
        await asked.GetByRole(AriaRole.Button, new() { Name = "1 antwoord" }).ClickAsync();
        await Expect(asked).ToContainTextAsync(answer);
        Assert.Empty(sofie.Complaints);
        Assert.Empty(nadia.Complaints);
    }

    [SkippableFact]
    public async Task An_at_sign_offers_the_team_and_the_keys_choose()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var nadia = await portal.SignInAsync("dr. Nadia Benali", "/");
        await sofie.AliveAsync();
        await Expect(nadia.Page.GetByRole(AriaRole.Heading, new() { Name = "Veranderd sinds u laatst keek" })).ToBeVisibleAsync();
        var field = sofie.Composer().Locator("textarea");
        var list = sofie.Composer().GetByRole(AriaRole.Listbox, new() { Name = "Wie u kunt vermelden" });
        var what = Unique("Graag advies ");
        await field.FillAsync(what);
        await Expect(list).ToBeHiddenAsync();
        await field.PressSequentiallyAsync(" @");
        await Expect(list.GetByRole(AriaRole.Option)).Not.ToHaveCountAsync(0);
        await field.PressSequentiallyAsync("ben");
        await Expect(list.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Expect(field).ToHaveAttributeAsync("aria-activedescendant", new Regex("nadia-benali$"));
        await field.PressAsync("Escape");
        await Expect(list).ToBeHiddenAsync();
        await field.PressAsync("Backspace");
        await field.PressAsync("Enter"); // chooses, and makes no new line
        await Expect(field).ToHaveValueAsync(what + " @dr. Nadia Benali ");
        await Expect(list).ToBeHiddenAsync();
        await Expect(sofie.Composer().Locator(".pick")).ToContainTextAsync("dr. Nadia Benali");
        await field.PressAsync("Control+Enter");
        await Expect(field).ToHaveValueAsync("");
        await Expect(nadia.Page.GetByRole(AriaRole.Main)).ToContainTextAsync(what.Trim());
        Assert.Empty(sofie.Complaints);
        Assert.Empty(nadia.Complaints);
    }

    [SkippableFact]
    public async Task A_correction_keeps_what_it_corrects_and_a_retraction_says_why_to_everybody()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await sofie.AliveAsync();
        await karel.AliveAsync();
        var (wrong, right, reason) = (Unique("Linkervoet"), Unique("Rechtervoet"), Unique("Verkeerde patiënt"));
        await sofie.WriteNoteAsync(wrong);

        await MenuAsync(sofie, wrong, "Verbeteren");
        var dialog = sofie.Page.GetByRole(AriaRole.Dialog, new() { Name = "Verbeteren" });
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Verbeterde tekst" }).FillAsync(right);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Verbetering bewaren" }).ClickAsync();
        await Expect(karel.Entry(right)).ToContainTextAsync("De eerdere versie blijft bewaard");
        await Expect(karel.Entry(wrong)).ToHaveCountAsync(0);
        await MenuAsync(karel, right, "Toon eerdere versies");
        await Expect(karel.Page.GetByRole(AriaRole.Dialog, new() { Name = "Eerdere versies" })).ToContainTextAsync(wrong);
        await karel.Page.Keyboard.PressAsync("Escape");

        await MenuAsync(sofie, right, "Intrekken");
        var retract = sofie.Page.GetByRole(AriaRole.Dialog, new() { Name = "Intrekken" });
        await retract.GetByRole(AriaRole.Button, new() { Name = "Intrekken" }).ClickAsync();
        await Expect(retract.GetByRole(AriaRole.Alert)).ToBeVisibleAsync(); // not without a reason
        await retract.GetByRole(AriaRole.Textbox).FillAsync(reason);
        await retract.GetByRole(AriaRole.Button, new() { Name = "Intrekken" }).ClickAsync();
        await Expect(karel.Entry(reason)).ToContainTextAsync("Ingetrokken.");
        await Expect(karel.Entry(reason).GetByText(right)).ToBeHiddenAsync();
        await karel.Entry(reason).GetByText("Toon wat er stond").ClickAsync();
        await Expect(karel.Entry(reason).GetByText(right)).ToBeVisibleAsync();
        Assert.Empty(sofie.Complaints);
        Assert.Empty(karel.Complaints);
    }

    [SkippableFact]
    public async Task A_document_is_read_by_who_may_see_the_entry_and_by_nobody_else()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await using var els = await portal.SignInAsync("dr. Els Peeters", "/patients");
        await sofie.AliveAsync();
        await karel.AliveAsync();
        var pdf = Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
        var text = Unique("Met verslag");

        await sofie.Composer().Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "verslag.pdf", MimeType = "application/pdf", Buffer = pdf });
        await Expect(sofie.Composer().GetByText("verslag.pdf")).ToBeVisibleAsync();
        await sofie.WriteNoteAsync(text);
        var link = karel.Entry(text).GetByRole(AriaRole.Link, new() { Name = "verslag.pdf" });
        await Expect(link).ToBeVisibleAsync();
        var address = await link.GetAttributeAsync("href");

        var read = await karel.Context.APIRequest.GetAsync(portal.Portal.Url + address);
        Assert.Equal(200, read.Status);
        Assert.Equal(pdf, await read.BodyAsync());
        Assert.Contains("nosniff", read.Headers["x-content-type-options"], StringComparison.Ordinal);
        Assert.Equal(404, (await els.Context.APIRequest.GetAsync(portal.Portal.Url + address)).Status);

        // What calls itself a PDF and is none is refused with its name.
        await sofie.Composer().Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "rekening.pdf", MimeType = "application/pdf", Buffer = "<script>alert(1)</script>"u8.ToArray() });
        await Expect(sofie.Composer().GetByRole(AriaRole.Alert)).ToContainTextAsync("rekening.pdf");
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task Half_a_character_is_taken_over_with_a_visible_mark_and_costs_nothing_around_it()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await sofie.AliveAsync();
        await karel.AliveAsync();
        var text = Unique("Rustige nacht");
        await sofie.NoteField().EvaluateAsync("(el, text) => { el.focus(); el.value = text + ' \\ud83d en goed geslapen'; el.dispatchEvent(new Event('input', { bubbles: true })); }", text);
        await Expect(sofie.NoteField()).ToHaveValueAsync(text + " \uFFFD en goed geslapen");
        await sofie.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Bewaren") }).ClickAsync();
        await Expect(sofie.NoteField()).ToHaveValueAsync("");
        await Expect(karel.Entry(text)).ToContainTextAsync(text + " \uFFFD en goed geslapen");
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task A_link_to_a_row_opens_the_file_at_that_row_also_when_it_stands_pages_back()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await sofie.AliveAsync();
        var text = Unique("Zie deze nota");
        await sofie.WriteNoteAsync(text);
        var key = await sofie.Feed().Locator("li[data-row]").Filter(new() { HasText = text }).GetAttributeAsync("data-row");
        await sofie.Page.GotoAsync("/patients");
        await sofie.Page.GotoAsync($"/patients/{Maria}#{key}");
        await Expect(sofie.Page.Locator($"[id='{key}']")).ToBeFocusedAsync();

        // The oldest row that the store's own search finds is far below the first page.
        var old = await sofie.Page.EvaluateAsync<string>("async id => { const b = await (await fetch(`/fhir/Observation?patient=${id}&_sort=date&_count=1`)).json(); return `Observation-${b.entry[0].resource.id}`; }", Maria);
        await sofie.Page.GotoAsync("/patients");
        await sofie.Page.GotoAsync($"/patients/{Maria}#{old}");
        await Expect(sofie.Page.Locator($"[id='{old}']")).ToBeFocusedAsync();
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task A_measurement_is_corrected_and_two_corrections_at_once_stand_side_by_side()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria);
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", "/patients/" + Maria);
        await sofie.AliveAsync();
        await karel.AliveAsync();
        var reason = Unique("Cijfers omgewisseld");
        await sofie.Composer().GetByRole(AriaRole.Button, new() { Name = "Meting", Exact = true }).ClickAsync();
        await sofie.Composer().GetByRole(AriaRole.Textbox).First.FillAsync("g61,7");
        await sofie.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(Bewaren|Meting)") }).Last.ClickAsync();
        await Expect(karel.Entry("61,7").First).ToBeVisibleAsync();
        var key = await sofie.Feed().Locator("li[data-row]").Filter(new() { HasText = "61,7" }).First.GetAttributeAsync("data-row");
        var row = sofie.Page.Locator($"[id='{key}']");

        async Task OpenAsync()
        {
            await row.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Meer over deze") }).ClickAsync();
            await sofie.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Verbeteren", Exact = true }).ClickAsync();
        }
        var dialog = sofie.Page.GetByRole(AriaRole.Dialog, new() { Name = "Verbeteren" });
        var weight = dialog.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("^[Gg]ewicht") });
        await OpenAsync();
        await weight.FillAsync("67,1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Verbetering bewaren" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("waarom");
        await sofie.ExpectAxeCleanAsync("correcting a measurement");
        await dialog.GetByLabel("Reden van de verbetering").FillAsync(reason);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Verbetering bewaren" }).ClickAsync();
        await Expect(karel.Entry(reason)).ToContainTextAsync("67,1");
        await Expect(karel.Entry(reason)).ToContainTextAsync("eerst stond er 61,7 kg");

        // Another window of hers corrects it while this dialog is open.
        await OpenAsync();
        await using (var other = await portal.SignInAsync("Sofie Maes", "/patients/" + Maria))
        {
            await other.AliveAsync();
            await MenuAsync(other, reason, "Verbeteren");
            var second = other.Page.GetByRole(AriaRole.Dialog, new() { Name = "Verbeteren" });
            await second.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("^[Gg]ewicht") }).FillAsync("67,3");
            await second.GetByLabel("Reden van de verbetering").FillAsync("met schoenen");
            await second.GetByRole(AriaRole.Button, new() { Name = "Verbetering bewaren" }).ClickAsync();
            await Expect(second).ToHaveCountAsync(0);
        }
        var mine = Unique("zonder schoenen");
        await weight.FillAsync("66,9");
        await dialog.GetByLabel("Reden van de verbetering").FillAsync(mine);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Verbetering bewaren" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Wat er nu staat" }).Locator("mark")).ToHaveTextAsync(new Regex("67,3"));
        await Expect(dialog.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("^Uw verbetering") }).Locator("mark")).ToHaveTextAsync(new Regex("66,9"));
        await sofie.ExpectAxeCleanAsync("two corrections side by side");
        await sofie.PictureAsync("two corrections side by side");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Beide als nota" }).ClickAsync();
        await Expect(karel.Entry(mine)).ToContainTextAsync("66,9");
        await Expect(karel.Entry(reason)).ToContainTextAsync("67,3");
        Assert.Empty(sofie.Complaints);
    }

    private static async Task MenuAsync(BrowserPerson person, string entry, string item)
    {
        await person.Entry(entry).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Meer over deze") }).ClickAsync();
        await person.Page.GetByRole(AriaRole.Menuitem, new() { Name = item, Exact = true }).ClickAsync();
    }
}
