using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>What matters first: the patient says it on a phone, the team has it at once; a goal that ends asks what served it.</summary>
[Collection(PortalCollection.Name)]
public sealed class GoalJourneyTests(PortalFixture portal)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task The_patient_changes_a_goal_on_a_phone_and_the_nurses_open_plan_shows_it_at_once()
    {
        await using var sofie = await portal.SignInAsync("Sofie Maes", $"/patients/{Maria}/plan");
        await using var maria = await portal.SignInAsync("Maria Verhoeven", $"/patients/{Maria}/plan", new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await Expect(sofie.Page.GetByRole(AriaRole.Heading, new() { Name = "Wat is belangrijk voor mij?" })).ToBeVisibleAsync();

        await maria.Page.GetByRole(AriaRole.Button, new() { Name = "Meer over dit doel: Weer slapen met één kussen." }).ClickAsync();
        await maria.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Doel aanpassen" }).ClickAsync();
        var dialog = maria.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Wat wilt u kunnen of blijven doen?").FillAsync("Weer slapen met één kussen, de hele nacht.");
        await maria.ExpectAxeCleanAsync("a goal on a phone");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Bewaren" }).ClickAsync();

        // without a reload
        await Expect(sofie.Page.Locator(".gc-w", new() { HasTextString = "Weer slapen met één kussen, de hele nacht." })).ToBeVisibleAsync();
        await sofie.ExpectAxeCleanAsync("the plan");
        Assert.Empty(sofie.Complaints);
        Assert.Empty(maria.Complaints);
    }

    [SkippableFact]
    public async Task Closing_a_goal_proposes_to_stop_what_served_it_and_somebody_decides()
    {
        await using var karel = await portal.SignInAsync("dr. Karel Janssens", $"/patients/{Maria}/plan");
        await karel.Page.GetByRole(AriaRole.Button, new() { Name = "Zorgdoel toevoegen dat dit dient: Zelf wegen, zonder dat iemand moet komen." }).ClickAsync();
        var dialog = karel.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Wat willen we bereiken?").FillAsync("Gewicht onder de 77 kilo");
        await dialog.GetByLabel("Hoe meten we het?").SelectOptionAsync(new SelectOptionValue { Label = "Gewicht (kg)" });
        await dialog.GetByLabel(new Regex("^Waarde")).FillAsync("77,0");
        await karel.ExpectAxeCleanAsync("a care goal");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Bewaren" }).ClickAsync();
        await Expect(karel.Page.Locator(".gol-c .gp figcaption")).ToContainTextAsync("kg");

        // Other journeys gave Maria tasks as well; the list shows its first eight until somebody asks for all.
        var tasks = karel.Page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("^Taken zonder doel") });
        var all = tasks.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Alle [0-9]+ tonen$") });
        await Expect(tasks).ToBeVisibleAsync();
        if (await all.IsVisibleAsync())
            await all.ClickAsync();
        await karel.Page.GetByLabel("Doel voor: Griepvaccin toedienen").SelectOptionAsync(new SelectOptionValue { Label = "Gewicht onder de 77 kilo" });
        await Expect(karel.Page.Locator(".gc-k", new() { HasTextString = "Griepvaccin toedienen" })).ToBeVisibleAsync();
        await karel.Page.GetByRole(AriaRole.Button, new() { Name = "Meer over dit doel: Gewicht onder de 77 kilo" }).ClickAsync();
        await karel.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Doel stoppen" }).ClickAsync();
        await dialog.GetByLabel("Waarom?").FillAsync("Ander plan afgesproken.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Doel stoppen" }).ClickAsync();

        var line = karel.Page.Locator(".dc-l", new() { HasTextString = "Griepvaccin toedienen" });
        await Expect(line).ToBeVisibleAsync();
        await karel.ExpectAxeCleanAsync("what is to be decided");
        await line.GetByRole(AriaRole.Button, new() { Name = "Houden zonder doel: Griepvaccin toedienen" }).ClickAsync();
        await Expect(line).ToHaveCountAsync(0);
        await Expect(karel.Page.GetByLabel("Doel voor: Griepvaccin toedienen")).ToBeVisibleAsync();
        Assert.Empty(karel.Complaints);
    }
}
