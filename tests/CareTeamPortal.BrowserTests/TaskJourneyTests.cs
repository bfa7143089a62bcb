using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>A task from the first key to its end, at two browsers.</summary>
[Collection(PortalCollection.Name)]
public sealed class TaskJourneyTests(PortalFixture portal)
{
    private const string Maria = "/patients/maria-verhoeven";

    [SkippableFact]
    public async Task Asked_by_one_key_taken_on_and_finished_by_somebody_else_while_both_look_on()
    {
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", Maria);
        await using var sofie = await portal.SignInAsync("Sofie Maes", Maria + "/tasks");
        await karel.AliveAsync();
        await Expect(sofie.Page.GetByRole(AriaRole.Heading, new() { Name = "Taken", Exact = true })).ToBeVisibleAsync();
        var title = Unique("Bloedname nierfunctie");

        await karel.Page.Keyboard.PressAsync("t");
        var form = karel.Page.GetByRole(AriaRole.Dialog, new() { Name = "Nieuwe taak" });
        await Expect(form.GetByRole(AriaRole.Textbox, new() { Name = "Wat moet er gebeuren" })).ToBeFocusedAsync();
        await karel.Page.Keyboard.TypeAsync(title);
        await form.GetByRole(AriaRole.Button, new() { Name = "Iemand anders kiezen" }).ClickAsync();
        await form.GetByRole(AriaRole.Combobox, new() { Name = "Voor wie" }).FillAsync("Sofie Maes");
        await karel.Page.GetByRole(AriaRole.Option, new() { NameRegex = new Regex("^SM ?Sofie Maes|^Sofie Maes") }).First.ClickAsync();
        await Expect(form).ToContainTextAsync("U blijft verantwoordelijk tot Sofie Maes aanvaardt.");
        await form.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Morgen") }).ClickAsync();
        await karel.ExpectAxeCleanAsync("the form for a task");
        await karel.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(form).ToBeHiddenAsync();

        var line = sofie.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = title });
        await Expect(line).ToContainTextAsync("dr. Karel Janssens blijft verantwoordelijk tot u aanvaardt.");
        await line.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        var panel = sofie.Page.GetByRole(AriaRole.Dialog, new() { Name = title });
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Weigeren" })).ToBeVisibleAsync();
        await sofie.ExpectAxeCleanAsync("the panel of a task");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Op mij nemen" }).ClickAsync();
        await Expect(panel).ToContainTextAsync("U bent verantwoordelijk.");
        await Expect(karel.Entry("Taak aanvaard: " + title)).ToHaveCountAsync(1);

        await panel.GetByRole(AriaRole.Button, new() { Name = "Afwerken" }).ClickAsync();
        await Expect(karel.Entry("Taak afgewerkt: " + title)).ToHaveCountAsync(1);
        await Expect(panel).ToContainTextAsync("Deze taak is afgesloten.");
        Assert.Empty(karel.Complaints);
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task What_stands_in_a_field_of_several_lines_is_sent_by_the_key_that_sends()
    {
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", Maria + "/tasks");
        var title = Unique("Wondzorg");
        await karel.Page.GetByRole(AriaRole.Button, new() { Name = "Nieuwe taak" }).First.ClickAsync();
        var form = karel.Page.GetByRole(AriaRole.Dialog, new() { Name = "Nieuwe taak" });
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Wat moet er gebeuren" }).FillAsync(title);
        await form.GetByText("Meer: prioriteit").ClickAsync();
        await form.GetByLabel("Checklist, een punt per regel").ClickAsync();
        await karel.Page.Keyboard.TypeAsync("Handen wassen");
        await karel.Page.Keyboard.PressAsync("Enter");
        await karel.Page.Keyboard.TypeAsync("Foto nemen");
        await karel.Page.Keyboard.PressAsync("Control+Enter"); // the field never lost the focus
        await Expect(form).ToBeHiddenAsync();
        await karel.Page.GetByRole(AriaRole.Link, new() { Name = title }).First.ClickAsync();
        await Expect(karel.Page.GetByRole(AriaRole.Dialog, new() { Name = title })).ToContainTextAsync("Foto nemen");
        Assert.Empty(karel.Complaints);
    }

    [SkippableFact]
    public async Task What_was_filled_in_comes_back_after_the_form_was_closed()
    {
        await using var nadia = await portal.SignInAsync("dr. Nadia Benali", Maria + "/tasks");
        var title = Unique("Echo plannen");
        await nadia.Page.GetByRole(AriaRole.Button, new() { Name = "Nieuwe taak" }).First.ClickAsync();
        var form = nadia.Page.GetByRole(AriaRole.Dialog, new() { Name = "Nieuwe taak" });
        var what = form.GetByRole(AriaRole.Textbox, new() { Name = "Wat moet er gebeuren" });
        await Expect(what).ToBeFocusedAsync();
        await what.FillAsync(title);
        await form.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Morgen") }).ClickAsync();
        await nadia.Page.Keyboard.PressAsync("Escape");
        await Expect(form).ToBeHiddenAsync();
        await nadia.Page.ReloadAsync();
        await nadia.Page.GetByRole(AriaRole.Button, new() { Name = "Nieuwe taak" }).First.ClickAsync();
        await Expect(what).ToHaveValueAsync(title);
        await Expect(form.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Morgen") })).ToHaveAttributeAsync("aria-pressed", "true");
        await form.GetByRole(AriaRole.Button, new() { Name = "Opnieuw beginnen" }).ClickAsync();
        await Expect(what).ToHaveValueAsync("");
        Assert.Empty(nadia.Complaints);
    }
}
