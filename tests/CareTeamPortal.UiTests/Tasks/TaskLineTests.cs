using Bunit;
using CareTeamPortal.Features.Tasks;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.UiTests.Tasks;

public sealed class TaskLineTests : UiContext
{
    private static readonly DateTime Now = new(2026, 11, 25, 8, 0, 0, DateTimeKind.Utc);

    private IRenderedComponent<TaskLine> Line(TaskView task, Func<TaskView, Task<string?>>? finish = null, Func<TaskView, Task<string?>>? take = null) => Render<TaskLine>(p => p
        .Add(c => c.Task, task).Add(c => c.Viewer, TaskViews.Sofie).Add(c => c.Now, Now).Add(c => c.ShowPatient, true)
        .Add(c => c.Finish, finish ?? (_ => Task.FromResult<string?>(null))).Add(c => c.Take, take ?? (_ => Task.FromResult<string?>(null))));

    [Fact]
    public void A_task_that_is_asked_says_who_answers_until_it_is_taken_on()
    {
        TaskView? taken = null;
        var line = Line(TaskViews.Asked("Bloedname", Now.AddHours(30), Now), take: task =>
        {
            taken = task;
            return Task.FromResult<string?>("dr. Janssens was eerst.");
        });
        Assert.Contains("dr. Karel Janssens blijft verantwoordelijk tot u aanvaardt.", line.Markup, StringComparison.Ordinal);
        line.Find("button").Click();
        Assert.Equal("Bloedname", taken?.Title);
        Assert.Equal("dr. Janssens was eerst.", line.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void In_my_own_list_a_task_says_who_asked_it()
    {
        var mine = TaskViews.Mine("Wegen", null, Now);
        Assert.Equal("u", Line(mine).Find(".own > span:last-child").TextContent);
        string Own(TaskView task) => Render<TaskLine>(p => p.Add(c => c.Task, task).Add(c => c.Viewer, TaskViews.Sofie).Add(c => c.Now, Now).Add(c => c.ShowRequester, true)
            .Add(c => c.Finish, _ => Task.FromResult<string?>(null)).Add(c => c.Take, _ => Task.FromResult<string?>(null))).Find(".own > span:last-child").TextContent;
        Assert.Equal("van dr. Karel Janssens", Own(mine));
        Assert.Equal("u", Own(mine with { Requester = "Sofie Maes" }));
        Assert.Equal("thuisverpleegkundige", Own(mine with { OwnerId = null, OwnerKind = CareTeamPortal.Platform.Data.OwnerKind.Role, Owner = "thuisverpleegkundige" }));
    }

    [Fact]
    public void A_tick_finishes_and_comes_off_when_it_could_not()
    {
        var line = Line(TaskViews.Mine("Wegen", Now.AddHours(-3), Now), finish: _ => Task.FromResult<string?>("Iemand heeft deze taak intussen veranderd."));
        Assert.Contains("3 u te laat", line.Find(".tag.crit").TextContent, StringComparison.Ordinal);
        line.Find("input.cb").Change(true);
        Assert.Contains("intussen veranderd", line.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.False(line.Find("input.cb").HasAttribute("checked"));
    }

    [Fact]
    public void The_task_of_somebody_else_has_no_tick_and_hostile_words_stay_words()
    {
        var line = Line(TaskViews.Mine("<img src=x onerror=alert(1)>", null, Now) with { IsMine = false, OwnerId = TaskViews.Karel, Owner = "<b>Karel</b>" });
        Assert.Empty(line.FindAll("input"));
        Assert.Empty(line.FindAll("img, .own b"));
        Assert.Equal("<img src=x onerror=alert(1)>", line.Find(".tk-t").TextContent);
    }

    [Fact]
    public void A_card_moves_by_its_menu_only_where_the_state_machine_lets_it()
    {
        (TaskState To, string? Reason)? moved = null;
        var task = TaskViews.Mine("Wegen", Now.AddHours(4), Now); // ready
        var board = Render<WorklistBoard>(p => p.Add(c => c.Tasks, [task, task with { Id = "other", IsMine = false }]).Add(c => c.Viewer, TaskViews.Sofie).Add(c => c.Now, Now)
            .Add(c => c.Move, (_, to, reason) =>
            {
                moved = (to, reason);
                return Task.FromResult<string?>(null);
            }));
        Assert.Equal(["Naar Bezig", "Naar Afgewerkt"], board.FindAll("[role=menuitem]").Select(i => i.TextContent.Trim()));
        board.FindAll("[role=menuitem]")[0].Click();
        Assert.Equal((TaskState.InProgress, null), moved);
    }

    [Fact]
    public void Putting_on_hold_asks_why()
    {
        (TaskState To, string? Reason)? moved = null;
        var board = Render<WorklistBoard>(p => p.Add(c => c.Tasks, [TaskViews.Mine("Wegen", Now.AddHours(4), Now) with { State = TaskState.InProgress }]).Add(c => c.Viewer, TaskViews.Sofie).Add(c => c.Now, Now)
            .Add(c => c.Move, (_, to, reason) =>
            {
                moved = (to, reason);
                return Task.FromResult<string?>(null);
            }));
        board.FindAll("[role=menuitem]").Single(i => i.TextContent.Contains("In wacht", StringComparison.Ordinal)).Click();
        Assert.Null(moved);
        board.Find("textarea").Input("Wacht op labo");
        board.Find("form").Submit();
        Assert.Equal((TaskState.OnHold, "Wacht op labo"), moved);
    }

    [Fact]
    public async Task Any_page_of_the_circuit_opens_the_form_and_is_told_of_notices()
    {
        var window = new TaskWindow();
        NewTask? asked = null;
        var told = 0;
        window.Asked += begin =>
        {
            asked = begin;
            return Task.CompletedTask;
        };
        window.NoticesChanged += () =>
        {
            told++;
            return Task.CompletedTask;
        };
        await window.AskAsync(new NewTask(Focus: "Communication/x"));
        await window.TellNoticesAsync();
        await window.OpenAsync(new("maria-verhoeven"), "nobody listens");
        Assert.Equal("Communication/x", asked?.Focus);
        Assert.Equal(1, told);
    }
}
