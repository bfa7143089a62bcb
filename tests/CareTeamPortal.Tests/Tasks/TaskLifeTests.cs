using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

public sealed class TaskLifeTests
{
    internal static CreateTask.Request Ask(PersonRow owner, string title = "Bloedname nierfunctie") => new() { Id = Guid.NewGuid().ToString(), Title = title, Owner = TaskParty.Of(owner) };

    [Fact]
    public async Task A_task_of_somebody_who_is_on_the_team_twice_is_listed_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var tasks = new List<CareTask>();
        for (var i = 0; i < 3; i++)
            tasks.Add(await ward.TaskAsync(Who.Sofie, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = $"taak {i}", DueAt = ward.Clock.Utc.AddDays(i + 1) }));
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("INSERT INTO \"CareTeamMembers\" (\"PatientId\", \"PersonId\", \"Since\", \"GrantReason\", \"Allows\", \"AllowsUntil\", \"Kind\", \"EndSettled\") VALUES (@p0, @p1, @p2, 'test', 8191, 3155378975999999999, 0, 0)").With(ward.Maria.Value, Who.Sofie.Id.Value, ward.Clock.Utc.Ticks).Run()), CancellationToken.None);
        foreach (var list in new[] { TaskList.Mine, TaskList.Team })
        {
            var first = await ward.Get<ReadWorklist>().RunAsync(Who.Sofie.Actor(), new(list, new TaskFilter(), Count: 2), CancellationToken.None);
            var second = await ward.Get<ReadWorklist>().RunAsync(Who.Sofie.Actor(), new(list, new TaskFilter(), first.Next, 2), CancellationToken.None);
            Assert.Equal(tasks.Select(t => t.Id), first.Tasks.Concat(second.Tasks).Select(t => t.Id));
        }
    }

    [Fact]
    public async Task Who_asks_stays_accountable_until_somebody_takes_it_on()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, Ask(Who.Sofie));

        Assert.Equal(TaskState.Requested, task.State);
        Assert.Equal(Who.Karel.Id, (await ward.TaskViewAsync(Who.Sofie, task.Id)).AccountableId);

        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);
        var view = await ward.TaskViewAsync(Who.Karel, task.Id);
        Assert.Equal(Who.Sofie.Id, view.AccountableId);
        Assert.Equal(TaskState.Accepted, view.State);
    }

    [Fact]
    public async Task Each_step_is_one_line_on_the_timeline_and_one_audit_record()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, Ask(Who.Sofie));
        foreach (var state in new[] { TaskState.Accepted, TaskState.InProgress, TaskState.Completed })
            await ward.MoveAsync(Who.Sofie, task.Id, state);

        var page = await ward.PageAsync(Who.Nadia, ward.Maria);
        Assert.Equal(["Taak afgewerkt: Bloedname nierfunctie", "Begonnen met: Bloedname nierfunctie", "Taak aanvaard: Bloedname nierfunctie", "Bloedname nierfunctie"], page.Select(e => e.Title));
        Assert.Equal([EntryKind.TaskDone, EntryKind.TaskStep, EntryKind.TaskStep, EntryKind.TaskDone], page.Select(e => e.Kind));
        Assert.Equal(4, await ward.NumberAsync("SELECT COUNT(*) FROM AccessRecords WHERE What LIKE 'Task/%'"));
    }

    [Fact]
    public async Task A_step_that_the_state_machine_does_not_know_is_refused_and_changes_nothing()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, Ask(Who.Sofie));

        var refused = Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<MoveTask>(), Who.Sofie, ward.Maria, new(task.Id, TaskState.Completed)));
        Assert.Equal(TaskRule.IllegalTransition, refused.Rule);
        Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<MoveTask>(), Who.Pieter, ward.Maria, new(task.Id, TaskState.Accepted)));
        Assert.Equal(TaskState.Requested, (await ward.TaskViewAsync(Who.Sofie, task.Id)).State);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM TimelineEntries"));
    }

    [Fact]
    public async Task A_caregiver_does_not_see_a_task_for_professionals()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, Ask(Who.Sofie) with { Audience = Audience.Professionals });

        Assert.Null(await ward.RunAsync(ward.Get<ReadTask>(), Who.An, ward.Maria, new(task.Id)));
        Assert.Empty((await ward.RunAsync(ward.Get<ReadTasks>(), Who.An, ward.Maria, new())).Open);
        Assert.IsType<TaskNotFound>(await ward.RunAsync(ward.Get<MoveTask>(), Who.An, ward.Maria, new(task.Id, TaskState.Accepted)));
        // and cannot be asked to do it
        Assert.Equal(new TaskRefused(TaskRule.MayNotSee), await ward.RunAsync(ward.Get<CreateTask>(), Who.Karel, ward.Maria, Ask(Who.An) with { Audience = Audience.Professionals }));
    }

    [Fact]
    public async Task A_role_of_the_team_is_asked_and_one_of_them_takes_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, Ask(Who.Sofie) with { Owner = TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige") });

        Assert.True((await ward.TaskViewAsync(Who.Sofie, task.Id)).MayTake);
        Assert.False((await ward.TaskViewAsync(Who.Nadia, task.Id)).MayTake);
        Assert.Contains((await ward.WorklistAsync(Who.Sofie, TaskList.Queue)).Tasks, t => t.Id == task.Id);
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Karel, task.Id)).OwnerId);
        Assert.Contains((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks, t => t.Id == task.Id);
    }

    [Fact]
    public async Task Who_delegates_stays_accountable_until_the_other_takes_over()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, Ask(Who.Sofie));
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);

        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AssignTask>(), Who.Sofie, ward.Maria, new(task.Id, TaskParty.Of(Who.Pieter))));
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Karel, task.Id)).AccountableId);
        Assert.Contains((await ward.WorklistAsync(Who.Pieter, TaskList.Mine)).Tasks, t => t.Id == task.Id);

        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AnswerDelegation>(), Who.Pieter, ward.Maria, new(task.Id, true)));
        Assert.Equal(Who.Pieter.Id, (await ward.TaskViewAsync(Who.Karel, task.Id)).AccountableId);
    }

    [Fact]
    public async Task An_overdue_task_tells_owner_then_accountable_then_coordinator_each_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Nadia, Ask(Who.Sofie) with { DueAt = ward.Clock.Utc.AddHours(10) });
        for (var hour = 0; hour < 60; hour++)
        {
            ward.Clock.Advance(TimeSpan.FromHours(1));
            await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
            await using var again = await ward.AnotherNodeAsync(); // a restart, or a second node
            await again.Get<TaskClock>().RunAsync(CancellationToken.None);
        }

        var told = await ward.RowsAsync("SELECT PersonId, Kind FROM Notices WHERE TaskId = @p0 ORDER BY \"Key\"", task.Id);
        Assert.Equal(told.Count, told.Select(t => (t[0], t[1])).Distinct().Count());
        Assert.Equal(
            [(Who.Sofie.Id.Value, (long)NoticeKind.DueSoon), (Who.Sofie.Id.Value, (long)NoticeKind.OverdueOwner), (Who.Nadia.Id.Value, (long)NoticeKind.OverdueAccountable), (Who.Nadia.Id.Value, (long)NoticeKind.UntakenAccountable), (Who.Karel.Id.Value, (long)NoticeKind.UntakenCoordinator), (Who.Karel.Id.Value, (long)NoticeKind.OverdueCoordinator)],
            told.Select(t => ((string)t[0]!, (long)t[1]!)));
    }

    [Fact]
    public async Task The_next_of_a_series_is_made_once_at_the_same_time_on_the_clock()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var due = new DateTime(2026, 11, 23, 7, 0, 0, DateTimeKind.Utc); // 8:00 in Belgium
        var task = await ward.TaskAsync(Who.Sofie, Ask(Who.Sofie) with { DueAt = due, Repeat = RepeatRule.Daily });
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.InProgress);
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Completed);
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);

        var open = (await ward.RunAsync(ward.Get<ReadTasks>(), Who.Sofie, ward.Maria, new())).Open;
        Assert.Equal(due.AddDays(1), Assert.Single(open).DueAt);
    }

    [Fact]
    public async Task A_task_that_cannot_be_looked_at_keeps_no_other_from_being_told()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var broken = await ward.TaskAsync(Who.Karel, Ask(Who.Sofie) with { DueAt = ward.Clock.Utc.AddHours(1), Repeat = RepeatRule.Daily });
        var whole = await ward.TaskAsync(Who.Karel, Ask(Who.Pieter) with { DueAt = ward.Clock.Utc.AddHours(2) });
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("UPDATE \"Resources\" SET \"Json\" = @p1 WHERE \"Id\" = @p0").With(broken.Id, "{"u8.ToArray()).Run()), CancellationToken.None);
        ward.Clock.Advance(TimeSpan.FromHours(3));

        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);

        Assert.NotEmpty(await ward.RowsAsync("SELECT PersonId FROM Notices WHERE TaskId = @p0", whole.Id));
        Assert.Empty(await ward.RowsAsync("SELECT PersonId FROM Notices WHERE TaskId = @p0", broken.Id));
    }
}
