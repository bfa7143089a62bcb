using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>Responsibility crosses a care line between two browsers.</summary>
[Collection(PortalCollection.Name)]
public sealed class HandoffTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task Tom_offers_Sofie_asks_reads_back_and_accepts_and_both_see_each_step_at_once()
    {
        await using var tom = await portal.SignInAsync("Tom Lenaerts", "/patients/" + Maria);
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/handoffs", new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await tom.AliveAsync();
        await Expect(sofie.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Wacht op uw aanvaarding") })).ToBeVisibleAsync();

        // Tom writes it, from the key, with what the file filled in and three tasks.
        var what = Unique("Avondopvolging hartfalen");
        await tom.Page.Keyboard.PressAsync("h");
        await tom.Page.WaitForURLAsync("**/handoffs/new");
        await Expect(tom.Page.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("^Tekst uit meting") }).First).ToBeVisibleAsync();
        await tom.ExpectAxeCleanAsync("making a hand-off");
        await tom.Page.GetByLabel("Wat draagt u over?").FillAsync(what);
        await tom.Page.GetByRole(AriaRole.Radio, new() { Name = "Te bewaken" }).CheckAsync();
        await Expect(tom.Page.GetByText(new Regex("^concept bewaard om"))).ToBeVisibleAsync();
        foreach (var (task, i) in new[] { Unique("Wegen"), Unique("Bloeddruk"), Unique("Enkels") }.Select((t, i) => (t, i)))
            Assert.True(await OwnTaskAsync(task), $"task {i}");
        await tom.Page.ReloadAsync(); // the concept was kept; the new tasks join it
        await Expect(tom.Page.GetByLabel("Wat draagt u over?")).ToHaveValueAsync(what);
        var travelling = tom.Page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("^3Actielijst|^Actielijst") }).GetByRole(AriaRole.Checkbox);
        for (var i = 0; i < await travelling.CountAsync(); i++)
            await travelling.Nth(i).SetCheckedAsync((await travelling.Nth(i).EvaluateAsync<string>("e => e.closest('li').innerText")) is var text && Regex.IsMatch(text, "^(Wegen|Bloeddruk|Enkels) [0-9a-f]{8}"));
        await tom.Page.GetByLabel("Als 1").FillAsync("kortademig in rust");
        await tom.Page.GetByLabel("Dan: 1").FillAsync("bel de huisarts");
        await tom.Page.GetByRole(AriaRole.Combobox, new() { Name = "Aan wie?", Exact = true }).FillAsync("An De");
        await Expect(tom.Page.GetByRole(AriaRole.Listbox, new() { Name = "Aan wie?", Exact = true }).GetByRole(AriaRole.Option, new() { NameRegex = new Regex("An De Smedt") })).ToHaveAttributeAsync("aria-disabled", "true");
        await tom.Page.GetByRole(AriaRole.Combobox, new() { Name = "Aan wie?", Exact = true }).FillAsync("Sofie");
        await tom.Page.GetByRole(AriaRole.Listbox, new() { Name = "Aan wie?", Exact = true }).GetByRole(AriaRole.Option, new() { NameRegex = new Regex("Sofie Maes") }).First.ClickAsync();
        await tom.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Overdracht aanbieden") }).ClickAsync();
        await Expect(tom.Page.GetByRole(AriaRole.Heading, new() { Name = what })).ToBeVisibleAsync();
        await Expect(tom.Page.GetByText("U blijft verantwoordelijk tot Sofie Maes aanvaardt.")).ToBeVisibleAsync();

        // Sofie sees it come in, opens it on her phone; Tom sees that.
        var offered = sofie.Page.GetByRole(AriaRole.Link, new() { Name = "Lezen en aanvaarden: " + what });
        await Expect(offered).ToBeVisibleAsync();
        await sofie.ExpectAxeCleanAsync("the inbox on a phone");
        await offered.ClickAsync();
        await Expect(sofie.Page.GetByText("Tom Lenaerts blijft verantwoordelijk tot u aanvaardt.")).ToBeVisibleAsync();
        await Expect(tom.Page.GetByText("Sofie Maes heeft de overdracht geopend.")).ToBeVisibleAsync();
        await sofie.ExpectNoSidewaysScrollAsync("reading a hand-off on a phone");
        await sofie.ExpectAxeCleanAsync("reading a hand-off on a phone");

        // She asks, he answers.
        await sofie.Page.GetByRole(AriaRole.Button, new() { Name = "Vraag aan Tom" }).ClickAsync();
        await sofie.Page.GetByLabel("Wat wilt u weten voor u aanvaardt?").FillAsync("Welk streefgewicht?");
        await sofie.Page.GetByRole(AriaRole.Button, new() { Name = "Vraag stellen" }).ClickAsync();
        await tom.Page.GetByLabel("Antwoord aan Sofie Maes").FillAsync("77,0 kg.");
        await tom.Page.GetByRole(AriaRole.Button, new() { Name = "Antwoorden", Exact = true }).ClickAsync();
        await Expect(sofie.Page.GetByRole(AriaRole.Region, new() { Name = "Vragen en antwoorden" })).ToContainTextAsync("77,0 kg.");

        // News since the offer has to be read, a read-back written; then it moves, for both at once.
        await sofie.Page.GetByRole(AriaRole.Link, new() { Name = "Teruglezen en aanvaarden" }).ClickAsync();
        await sofie.Page.GetByLabel("Uw teruglezing").FillAsync("Te bewaken. Streefgewicht 77,0. Kortademig in rust: huisarts.");
        var news = sofie.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Ik las") });
        await Expect(sofie.Page.GetByRole(AriaRole.Button, new() { Name = "Aanvaarden", Exact = true })).ToBeVisibleAsync();
        if (await news.CountAsync() > 0)
            await news.ClickAsync();
        await sofie.Page.GetByRole(AriaRole.Button, new() { Name = "Aanvaarden", Exact = true }).ClickAsync();
        await Expect(sofie.Page.GetByText("Aanvaard. U bent nu verantwoordelijk.")).ToBeVisibleAsync();
        await Expect(tom.Page.GetByText(new Regex("^Sofie Maes is verantwoordelijk sinds"))).ToBeVisibleAsync();
        await Expect(tom.Page.GetByText("Te bewaken. Streefgewicht 77,0. Kortademig in rust: huisarts.").First).ToBeVisibleAsync();

        // On paper it says the same.
        await tom.Page.GetByRole(AriaRole.Link, new() { Name = "Afdrukken" }).ClickAsync();
        await Expect(tom.Page.GetByText(new Regex("Het dossier is de bron"))).ToBeVisibleAsync();
        await tom.ExpectAxeCleanAsync("the printed page");
        Assert.Empty(tom.Complaints);
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task A_hand_off_that_nobody_answers_in_time_is_shown_as_stuck_without_a_reload()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", "/handoffs");
        await Expect(sofie.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Wacht op uw aanvaarding") })).ToBeVisibleAsync();
        var what = Unique("Nachtopvolging");
        using var answer = await SendAsync(new
        {
            resourceType = "Task", status = "requested", intent = "order", priority = "urgent", description = what, code = new { coding = new[] { new { system = "https://careteamportal.example/fhir/CodeSystem/task-kind", code = "handoff" } } },
            @for = new { reference = "Patient/" + Maria }, owner = new { reference = "Practitioner/sofie.maes" }, note = new[] { new { text = "Vannacht opvolgen." } },
            restriction = new { period = new { end = DateTimeOffset.UtcNow.AddSeconds(3).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture) } },
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var row = sofie.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = what });
        await Expect(row).ToBeVisibleAsync();
        await Expect(row.GetByText("vast", new() { Exact = true })).ToBeVisibleAsync(); // the portal's own clock looks every few seconds
        Assert.Empty(sofie.Complaints);
    }

    private async Task<bool> OwnTaskAsync(string title)
    {
        using var answer = await SendAsync(new { resourceType = "Task", status = "ready", intent = "order", description = title, @for = new { reference = "Patient/" + Maria } });
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Tom's program sends a Task.</summary>
    private async Task<HttpResponseMessage> SendAsync(object task)
    {
        var http = portal.Portal.Http;
        using var signIn = await http.PostAsync("/sign-in/demo/token", new FormUrlEncodedContent([new("user", "tom.lenaerts")]));
        var token = (await signIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Task") { Content = new StringContent(JsonSerializer.Serialize(task), System.Text.Encoding.UTF8, "application/fhir+json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request);
    }
}
