using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

/// <summary>Tasks without a deadline, and those that lose theirs.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task A_deadline_is_taken_away_for_good_and_the_task_stays_in_the_list_under_no_date()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = ward.Clock.Utc.AddHours(3) });
        await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = ward.Clock.Utc.AddDays(9) });
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<EditTask>(), Who.Sofie, ward.Maria, new(task.Id, NoDeadline: true)));

        var last = (await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks[^1];
        Assert.Equal((task.Id, DueGroup.NoDate), (last.Id, DueGroups.Of(last.DueAt, ward.Clock.Utc)));
        Assert.Null((await ward.RunAsync(ward.Get<ReadTask>(), Who.Karel, ward.Maria, new(task.Id)))!.Task.DueAt); // also in the Task itself
        Assert.Empty((await ward.WorklistAsync(Who.Sofie, TaskList.Mine, new TaskFilter { DueBefore = ward.Clock.Utc.AddDays(1) })).Tasks);
        ward.Clock.Advance(TimeSpan.FromDays(5));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE TaskId = @p0", task.Id));

        // and it comes back when it is given one again
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<EditTask>(), Who.Sofie, ward.Maria, new(task.Id, DueAt: ward.Clock.Utc.AddHours(1))));
        Assert.Equal(ward.Clock.Utc.AddHours(1), (await ward.TaskViewAsync(Who.Sofie, task.Id)).DueAt);
    }

    [Fact]
    public async Task A_task_that_repeats_keeps_its_deadline()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = ward.Clock.Utc.AddHours(3), Repeat = RepeatRule.Daily });
        Assert.Equal(TaskRule.RepeatNeedsDeadline, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<EditTask>(), Who.Sofie, ward.Maria, new(task.Id, NoDeadline: true))).Rule);
        Assert.NotNull((await ward.TaskViewAsync(Who.Sofie, task.Id)).DueAt);
    }

    [Fact]
    public async Task Who_only_sees_a_task_takes_no_deadline_away_and_a_closed_one_keeps_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = ward.Clock.Utc.AddHours(3) });
        Assert.Equal(TaskRule.NotYours, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<EditTask>(), Who.Pieter, ward.Maria, new(task.Id, NoDeadline: true))).Rule);
        await ward.RunAsync(ward.Get<FinishTask>(), Who.Sofie, ward.Maria, new(task.Id));
        Assert.Equal(TaskRule.Closed, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<EditTask>(), Who.Sofie, ward.Maria, new(task.Id, NoDeadline: true))).Rule);
    }

    [Fact]
    public async Task A_task_of_a_source_without_any_date_has_a_row_and_gets_a_line_when_it_is_first_changed()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([Who.Karel], $$"""{"resourceType":"Task","id":"zonder-datum","status":"requested","intent":"order","description":"Wondzorg","for":{"reference":"Patient/{{Who.Maria}}"},"owner":{"reference":"Practitioner/{{Who.Sofie.Id}}"} }""");
        var listed = Assert.Single((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks);
        Assert.Equal(("Wondzorg", DueGroup.NoDate, Who.Karel.Id), (listed.Title, DueGroups.Of(listed.DueAt, ward.Clock.Utc), listed.AccountableId));
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria)); // not clinically dated

        await ward.MoveAsync(Who.Sofie, listed.Id, TaskState.Accepted);
        Assert.Contains(await ward.PageAsync(Who.Karel, ward.Maria), e => e.Title == "Wondzorg");
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Karel, listed.Id)).AccountableId);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks"));

        // A later version of the source without a date stays one row.
        await ward.TakeAsync([Who.Karel], $$"""{"resourceType":"Task","id":"zonder-datum-2","status":"requested","intent":"order","description":"Een","for":{"reference":"Patient/{{Who.Maria}}"} }""");
        await ward.TakeAsync([Who.Karel], $$"""{"resourceType":"Task","id":"zonder-datum-2","status":"completed","intent":"order","description":"Een","for":{"reference":"Patient/{{Who.Maria}}"} }""");
        Assert.Equal((long)TaskState.Completed, await ward.NumberAsync("SELECT Status FROM Tasks WHERE Id = 'zonder-datum-2'"));
    }

    [Fact]
    public async Task An_older_database_gets_the_rows_of_undated_tasks_at_the_next_start()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([Who.Karel], $$"""{"resourceType":"Task","id":"oud","status":"requested","intent":"order","description":"Wondzorg","for":{"reference":"Patient/{{Who.Maria}}"} }""");
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("DELETE FROM \"Tasks\"").Run()), CancellationToken.None);
        await ward.Get<KeepTaskRows>().RunAsync(CancellationToken.None);
        Assert.Equal("Wondzorg", Assert.Single((await ward.WorklistAsync(Who.Karel, TaskList.Accountable)).Tasks).Title);
    }
}
