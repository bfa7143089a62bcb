using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Handoffs;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

public sealed class NeverOwnerlessTests
{
    private static CreateTask.Request Own(string title) => new() { Id = Guid.NewGuid().ToString(), Title = title };

    [Fact]
    public async Task A_draft_for_somebody_else_does_not_become_theirs_without_their_taking_it_on()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var draft = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie) with { IsDraft = true });
        var moved = await ward.RunAsync(ward.Get<MoveTask>(), Who.Karel, ward.Maria, new(draft.Id, TaskState.Ready));
        Assert.Equal(Who.Karel.Id, (await ward.TaskViewAsync(Who.Karel, draft.Id)).AccountableId);
        Assert.IsType<TaskRefused>(moved);
    }

    [Fact]
    public async Task A_deadline_at_the_end_of_the_calendar_is_refused_or_harmless()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var end = new DateTime(9999, 12, 31, 22, 59, 0, DateTimeKind.Utc);
        var result = await ward.RunAsync(ward.Get<CreateTask>(), Who.Sofie, ward.Maria, Own("x") with { DueAt = end });
        Assert.True(result is TaskDone or TaskRefused);
        result = await ward.RunAsync(ward.Get<CreateTask>(), Who.Karel, ward.Maria, TaskLifeTests.Ask(Who.Sofie) with { AcceptBy = end, DueAt = end });
        Assert.True(result is TaskDone or TaskRefused);
    }

    [Fact]
    public async Task A_series_at_the_end_of_the_calendar_does_not_stop_the_clock()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var end = new DateTime(9999, 12, 30, 8, 0, 0, DateTimeKind.Utc);
        foreach (var rule in new[] { new RepeatRule(1000, RepeatUnit.Month, []), new RepeatRule(1000, RepeatUnit.Week, []), new RepeatRule(1000, RepeatUnit.Day, []) })
        {
            var result = await ward.RunAsync(ward.Get<CreateTask>(), Who.Sofie, ward.Maria, Own("x") with { DueAt = end, Repeat = rule });
            if (result is TaskDone done)
                await ward.RunAsync(ward.Get<FinishTask>(), Who.Sofie, ward.Maria, new(done.Task.Id));
        }

        var late = await ward.TaskAsync(Who.Sofie, Own("y") with { DueAt = ward.Clock.Utc.AddHours(1) });
        ward.Clock.Advance(TimeSpan.FromHours(2));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.True(await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE TaskId = @p0", late.Id) > 0);
    }

    [Fact]
    public async Task The_next_of_a_series_is_not_given_to_who_left_the_team()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Sofie, Own("Wegen") with { DueAt = ward.Clock.Utc.AddHours(3), Repeat = RepeatRule.Daily });
        await ward.RunAsync(ward.Get<FinishTask>(), Who.Sofie, ward.Maria, new(task.Id));
        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Sofie, ward.Maria, new(Who.Sofie.Id, null, new Dictionary<string, TaskParty>())));
        ward.Clock.Advance(TimeSpan.FromSeconds(5));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        var next = Assert.Single((await ward.RunAsync(ward.Get<ReadTasks>(), Who.Karel, ward.Maria, new())).Open);
        Assert.Equal(Who.Karel.Id, next.AccountableId);
        Assert.NotEqual(Who.Sofie.Id, next.OwnerId);
    }

    [Fact]
    public async Task A_task_is_not_closed_to_the_eyes_of_who_has_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.An));
        task = await ward.MoveAsync(Who.An, task.Id, TaskState.Accepted);
        var result = await ward.RunAsync(ward.Get<ReviseTask>(), Who.Karel, ward.Maria, new(task.Id, task with { Audience = Audience.Professionals }, TaskFhir.Write(task with { Audience = Audience.Professionals }, null, ward.Clock.Utc), task.Version));
        Assert.Equal(new TaskRefused(TaskRule.MayNotSee), result is TaskRefused r ? new TaskRefused(r.Rule) : result);
    }

    [Fact]
    public async Task Who_ends_a_membership_is_not_told_titles_that_they_may_not_see()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var offer = HandoffLifeTests.Offer(TaskParty.Of(Who.Sofie));
        await HandoffLifeTests.OfferAsync(ward, Who.Tom, offer with { Title = "GEHEIM", Content = offer.Content with { Tells = InformationCategory.MentalHealth } });
        var result = await ward.RunAsync(ward.Get<EndMembership>(), Who.Pieter, ward.Maria, new(Who.Sofie.Id, null, new Dictionary<string, TaskParty>()));
        Assert.DoesNotContain("GEHEIM", Assert.IsType<EndMembership.Ownerless>(result).Titles);
    }

    [Fact]
    public async Task A_file_whose_team_begins_with_family_has_a_professional_accountable()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.An, Who.Fatima, Who.Sofie));
        Assert.Equal(Who.Sofie.Id.Value, (await ward.RowsAsync("SELECT AccountableId FROM Patients"))[0][0]);
    }

    [Fact]
    public async Task An_offer_to_ones_own_role_needs_somebody_else_in_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Tom, ward.Maria, HandoffLifeTests.Offer(TaskParty.OfRole(Discipline.HospitalNurse, "hartfalenverpleegkundige"))));
    }

    [Fact]
    public async Task A_delegate_who_leaves_and_a_role_that_empties_leave_an_accountable_person()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie));
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);
        await ward.RunAsync(ward.Get<AssignTask>(), Who.Sofie, ward.Maria, new(task.Id, TaskParty.Of(Who.Pieter)));
        var role = await ward.TaskAsync(Who.Nadia, TaskLifeTests.Ask(Who.Sofie) with { Owner = TaskParty.OfRole(Discipline.Pharmacist, "apotheker"), DueAt = ward.Clock.Utc.AddHours(30) });
        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Pieter, ward.Maria, new(Who.Pieter.Id, null, new Dictionary<string, TaskParty>())));
        Assert.Null((await ward.TaskViewAsync(Who.Karel, task.Id)).DelegateId);
        ward.Clock.Advance(TimeSpan.FromDays(2));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(Who.Nadia.Id, (await ward.TaskViewAsync(Who.Karel, role.Id)).AccountableId);
        Assert.True(await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE TaskId = @p0 AND PersonId = @p1", role.Id, Who.Nadia.Id.Value) > 0);
    }

    [Fact]
    public async Task A_queue_of_the_ward_is_not_hinted_to_family_in_lists_counts_and_notices()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie) with { Audience = Audience.Professionals, DueAt = ward.Clock.Utc.AddHours(1) });
        await HandoffLifeTests.OfferAsync(ward, Who.Tom, HandoffLifeTests.Offer(TaskParty.Of(Who.Sofie)));
        ward.Clock.Advance(TimeSpan.FromDays(3));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        foreach (var who in new[] { Who.An, Who.Fatima, Who.MariaHerself })
        {
            foreach (var list in Enum.GetValues<TaskList>())
                foreach (var handoffs in (bool[])[false, true])
                    Assert.Empty((await ward.WorklistAsync(who, list, new TaskFilter { Handoffs = handoffs })).Tasks);
            Assert.Empty(await ward.PageAsync(who, ward.Maria));
            Assert.Empty((await ward.RunAsync(ward.Get<ReadTasks>(), who, ward.Maria, new())).Open);
            Assert.Empty((await ward.RunAsync(ward.Get<ReadTasks>(), who, ward.Maria, new(Handoffs: true))).Open);
        }
    }
}
