using Bunit;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Tasks;

public sealed class WorklistPageTests : WardContext
{
    private protected override A.PatientBuilder[] Patients => [A.Patient().WithWholeTeam(), A.Patient("jan").WithTeam(Who.Karel, Who.Sofie, Who.Bram)];

    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    private IRenderedComponent<WorklistPage> Open(string query = "")
    {
        As(Who.Sofie);
        Nav.NavigateTo("/worklist" + query);
        var page = Render<WorklistPage>();
        page.WaitForAssertion(() => Assert.Null(page.Find("main").GetAttribute("aria-busy")), Soon);
        return page;
    }

    private async Task<CareTask> TaskAsync(string title, DateTime? due = null, string patient = Who.Maria, PersonRow? by = null, TaskPriority priority = TaskPriority.Routine, PersonRow? owner = null) =>
        Assert.IsType<TaskDone>(await Ward.RunAsync(Ward.Get<CreateTask>(), by ?? Who.Sofie, new PatientId(patient), new() { Id = Guid.NewGuid().ToString(), Title = title, DueAt = due, Priority = priority, Owner = owner is null ? null : TaskParty.Of(owner) })).Task;

    private static string[] Titles(IRenderedComponent<WorklistPage> page) => [.. page.FindAll(".tklist .tk-t").Select(t => t.TextContent)];

    private static string[] Heads(IRenderedComponent<WorklistPage> page) => [.. page.FindAll("section.panel > header > h2").Select(h => string.Join(' ', h.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];

    private static void Button(IRenderedComponent<WorklistPage> page, string words) => Do(page, () => page.FindAll("button").First(b => b.TextContent.Trim() == words).Click());

    [Fact]
    public async Task Tasks_stand_under_the_day_on_which_they_are_due_and_those_without_one_last()
    {
        await TaskAsync("Ooit");
        await TaskAsync("Straks", Ward.Clock.Utc.AddHours(2));
        await TaskAsync("Eerst", Ward.Clock.Utc.AddMinutes(10));
        await TaskAsync("Morgen", Ward.Clock.Utc.AddHours(24), "jan");
        await TaskAsync("Later", Ward.Clock.Utc.AddDays(20));
        Ward.Clock.Advance(TimeSpan.FromMinutes(30));
        var page = Open();
        Assert.Equal(["Te laat 1", "Vandaag 1", "Morgen 1", "Later 1", "Zonder datum 1"], Heads(page));
        Assert.Equal(["Eerst", "Straks", "Morgen", "Later", "Ooit"], Titles(page));
        Assert.DoesNotContain("style=", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_stand_in_the_address_and_narrow_the_list()
    {
        await TaskAsync("Gewoon", Ward.Clock.Utc.AddHours(2));
        await TaskAsync("Dringend", Ward.Clock.Utc.AddHours(3), priority: TaskPriority.Urgent);
        await TaskAsync("Bij Jan", Ward.Clock.Utc.AddHours(4), "jan");
        var page = Open();
        Do(page, () => page.FindAll("select")[0].Change("Urgent"));
        page.WaitForAssertion(() => Assert.Equal(["Dringend"], Titles(page)), Soon);
        Assert.EndsWith("?list=mine&priority=urgent", Nav.Uri, StringComparison.Ordinal);

        Assert.Equal(["Bij Jan"], Titles(Open("?patient=jan")));
        Assert.Equal(["Gewoon", "Dringend", "Bij Jan"], Titles(Open("?priority=%27--&state=xyz&from=0001-01-01&to=9999-99-99&late=ja")));
        Assert.Empty(Titles(Open("?patient=geen-dossier")));
        Assert.Empty(Titles(Open("?late=1")));
        var tomorrow = BelgianTime.DayOf(Ward.Clock.Utc).AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Empty(Titles(Open($"?from={tomorrow}")));
    }

    [Fact]
    public async Task A_list_that_is_kept_under_a_name_comes_back_and_is_put_away()
    {
        await TaskAsync("Dringend", Ward.Clock.Utc.AddHours(3), priority: TaskPriority.Urgent);
        var page = Open("?priority=urgent");
        Button(page, "Deze lijst bewaren");
        Do(page, () => page.Find("dialog form").Submit()); // without a name
        page.WaitForAssertion(() => Assert.Contains("Geef een naam", page.Find("dialog [role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => page.Find("dialog input").Input("Dringend bij mij"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("dialog")), Soon);
        var view = page.FindAll("a[role=menuitem]").Single();
        Assert.Equal(("Dringend bij mij", "/worklist?list=mine&priority=urgent"), (view.TextContent, view.GetAttribute("href")));

        var again = Open("?list=mine&priority=urgent");
        Button(again, "Dringend bij mij weghalen");
        again.WaitForAssertion(() => Assert.Empty(again.FindAll("a[role=menuitem]")), Soon);
    }

    [Fact]
    public async Task Several_at_once_are_done_one_by_one_and_what_one_refuses_is_told_beside_the_others()
    {
        var gone = await TaskAsync("Weg", Ward.Clock.Utc.AddHours(1));
        await TaskAsync("Een", Ward.Clock.Utc.AddHours(2));
        await TaskAsync("Twee", Ward.Clock.Utc.AddHours(3));
        var page = Open();
        foreach (var i in new[] { 0, 1, 2 })
            Do(page, () => page.FindAll("input.sel")[i].Change(true));
        Assert.Contains("3 gekozen", page.Find(".bulk").TextContent, StringComparison.Ordinal);
        // Changed elsewhere at the very moment: the page, which follows, must not hear of it before the button is pressed.
        await page.InvokeAsync(() =>
        {
            Task.Run(() => Ward.RunAsync(Ward.Get<EditTask>(), Who.Sofie, Ward.Maria, new(gone.Id, "Anders"))).GetAwaiter().GetResult();
            page.FindAll("button").First(b => b.TextContent.Trim() == "Afwerken").Click();
        });
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".bulkres li").Count), Soon);
        var told = page.FindAll(".bulkres li").Select(l => l.TextContent.Trim()).ToArray();
        Assert.Contains("intussen veranderd", told[0], StringComparison.Ordinal);
        Assert.All(told[1..], t => Assert.EndsWith("Gedaan.", t, StringComparison.Ordinal));
        Assert.Equal(["Anders"], Titles(page));
    }

    [Fact]
    public async Task Another_date_for_several_asks_for_one_that_can_be_read_and_no_date_takes_it_away()
    {
        await TaskAsync("Een", Ward.Clock.Utc.AddHours(2));
        await TaskAsync("Twee", Ward.Clock.Utc.AddHours(3));
        var page = Open();
        void ChooseBoth()
        {
            Do(page, () => page.FindAll("input.sel")[0].Change(true));
            Do(page, () => page.FindAll("input.sel")[1].Change(true));
            Button(page, "Andere datum");
        }

        ChooseBoth();
        Button(page, "Wijziging bewaren");
        Assert.Contains("Kies eerst een moment", page.Find(".bulk [role=alert]").TextContent, StringComparison.Ordinal);
        Do(page, () => page.Find(".bulk .dtf-d").Change("32-13"));
        Button(page, "Wijziging bewaren");
        Assert.Contains(page.FindAll(".bulk [role=alert]"), a => a.TextContent.Contains("niet te lezen", StringComparison.Ordinal));
        Do(page, () => page.Find(".bulk .dtf-d").Change(BelgianTime.DayOf(Ward.Clock.Utc).AddDays(1).ToString("d-M-yyyy", System.Globalization.CultureInfo.InvariantCulture)));
        Button(page, "Wijziging bewaren");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".bulkres li").Count), Soon);
        page.WaitForAssertion(() => Assert.Contains("Morgen 2", Heads(page)), Soon);
        ChooseBoth();
        Button(page, "Zonder moment");
        page.WaitForAssertion(() => Assert.Contains("Zonder datum 2", Heads(page)), Soon);
    }

    [Fact]
    public async Task Somebody_else_is_asked_who_is_on_the_team_of_every_patient_and_never_oneself()
    {
        await TaskAsync("Een", Ward.Clock.Utc.AddHours(2));
        await TaskAsync("Bij Jan", Ward.Clock.Utc.AddHours(3), "jan");
        var page = Open();
        Do(page, () => page.FindAll("input.sel")[0].Change(true));
        Do(page, () => page.FindAll("input.sel")[1].Change(true));
        Button(page, "Aan iemand anders vragen");
        page.WaitForAssertion(() => page.Find(".bulk input[role=combobox]"), Soon);
        Do(page, () => page.Find(".bulk input[role=combobox]").Input(""));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".bulk [role=option]")), Soon);
        var names = page.FindAll(".bulk [role=option] > span").Select(o => o.TextContent).ToList();
        Assert.Contains(names, n => n.StartsWith("dr. Karel Janssens", StringComparison.Ordinal));
        Assert.DoesNotContain(names, n => n.StartsWith("Sofie Maes", StringComparison.Ordinal) || n.StartsWith("Bram", StringComparison.Ordinal) || n.StartsWith("Tom", StringComparison.Ordinal));
        Do(page, () => page.FindAll(".bulk [role=option]").First(o => o.TextContent.Contains("dr. Karel", StringComparison.Ordinal)).Click());
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".bulkres li").Count(l => l.TextContent.Contains("Gedaan", StringComparison.Ordinal))), Soon);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_double_and_what_comes_in_meanwhile_takes_its_place()
    {
        for (var i = 0; i < 120; i++)
            await TaskAsync($"taak {i:000}", Ward.Clock.Utc.AddHours(1).AddMinutes(i));
        var page = Open();
        Assert.Equal(ReadWorklist.PageSize, Titles(page).Length);
        Assert.Contains("Vandaag 50+", Heads(page));
        Button(page, "Meer taken");
        page.WaitForAssertion(() => Assert.Equal(100, Titles(page).Length), Soon);
        await TaskAsync("taak 000a", Ward.Clock.Utc.AddHours(1).AddSeconds(30));
        page.WaitForAssertion(() => Assert.Equal("taak 000a", Titles(page)[1]), Soon); // live, and still a hundred
        Assert.Equal(100, Titles(page).Length);
        Button(page, "Meer taken");
        page.WaitForAssertion(() => Assert.Equal(121, Titles(page).Length), Soon);
        Assert.Equal(121, Titles(page).Distinct().Count());
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Trim() == "Meer taken");
    }

    [Fact]
    public async Task The_board_lists_what_was_finished_in_the_last_days_newest_first_and_live()
    {
        foreach (var (title, ago) in new[] { ("Lang geleden", 9), ("Vijf dagen", 5), ("Gisteren", 1) })
        {
            var old = await TaskAsync(title);
            await Ward.RunAsync(Ward.Get<FinishTask>(), Who.Sofie, Ward.Maria, new(old.Id));
            Ward.Clock.Advance(TimeSpan.FromDays(title == "Lang geleden" ? 4 : title == "Vijf dagen" ? 4 : 1));
            _ = ago;
        }

        var dropped = await TaskAsync("Geannuleerd");
        await Ward.MoveAsync(Who.Sofie, dropped.Id, TaskState.Cancelled, "niet nodig");
        var open = await TaskAsync("Wegen", Ward.Clock.Utc.AddHours(2));
        var page = Open("?view=board");
        string[] Done() => [.. page.FindAll(".bcol").Last().QuerySelectorAll(".tk-t").Select(t => t.TextContent)];
        Assert.Equal(["Gisteren", "Vijf dagen"], Done());
        Assert.Contains("laatste 7 dagen", page.FindAll(".bcol").Last().TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".bcol").Last().QuerySelectorAll("[role=menuitem]"));
        Assert.Equal("false", page.FindAll(".bcol").Last().QuerySelector(".bcard")!.GetAttribute("draggable"));

        await Ward.RunAsync(Ward.Get<FinishTask>(), Who.Sofie, Ward.Maria, new(open.Id)); // in another window
        page.WaitForAssertion(() => Assert.Equal(["Wegen", "Gisteren", "Vijf dagen"], Done()), Soon);
    }

    [Fact]
    public async Task What_somebody_may_not_see_is_not_among_the_finished_either()
    {
        var hidden = Assert.IsType<TaskDone>(await Ward.RunAsync(Ward.Get<CreateTask>(), Who.Karel, Ward.Maria, new() { Id = Guid.NewGuid().ToString(), Title = "Enkel professionals", Audience = Audience.Professionals })).Task;
        var shown = await TaskAsync("Voor iedereen", by: Who.Karel);
        foreach (var task in new[] { hidden, shown })
            await Ward.RunAsync(Ward.Get<FinishTask>(), Who.Karel, Ward.Maria, new(task.Id));
        async Task<string[]> FinishedAsync(PersonRow who) => [.. (await Ward.Get<ReadFinished>().RunAsync(who.Actor(), Platform.Data.TaskList.Team, new(), CancellationToken.None)).Tasks.Select(t => t.Title).Order()];
        Assert.Equal(["Voor iedereen"], await FinishedAsync(Who.Fatima));
        Assert.Equal(["Enkel professionals", "Voor iedereen"], await FinishedAsync(Who.Nadia));
        Assert.Empty(await FinishedAsync(Who.Els));
        await Ward.GrantAsync(Ward.Maria, Who.Nadia); // twice on the team: still once in the list
        Assert.Equal(2, (await FinishedAsync(Who.Nadia)).Length);
    }
}
