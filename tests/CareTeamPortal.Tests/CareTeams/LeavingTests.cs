using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.CareTeams;

public sealed class LeavingTests
{
    private static readonly Dictionary<string, TaskParty> Nobody = [];

    [Fact]
    public async Task Who_has_an_open_task_leaves_only_when_somebody_else_is_asked()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie));
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);

        var refused = Assert.IsType<EndMembership.Ownerless>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Sofie, ward.Maria, new(Who.Sofie.Id, null, Nobody)));
        Assert.Equal([task.Title], refused.Titles);
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Karel, task.Id)).OwnerId);

        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Sofie, ward.Maria, new(Who.Sofie.Id, "ander werk", new Dictionary<string, TaskParty> { [task.Id] = TaskParty.Of(Who.Pieter) })));
        var view = await ward.TaskViewAsync(Who.Karel, task.Id);
        Assert.Equal(Who.Karel.Id, view.AccountableId); // until Pieter takes over
        Assert.Equal(Who.Pieter.Id, view.DelegateId);
        ward.Clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.RunAsync(ward.Get<ReadTeam>(), Who.Sofie, ward.Maria, new()));
    }

    [Fact]
    public async Task A_task_is_not_given_to_who_leaves_or_to_a_stranger()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie));
        foreach (var to in new[] { TaskParty.Of(Who.Sofie), TaskParty.Of(Who.Els), TaskParty.OfRole(Discipline.Dietician, "diëtist") })
            Assert.IsType<EndMembership.Ownerless>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Karel, ward.Maria, new(Who.Sofie.Id, null, new Dictionary<string, TaskParty> { [task.Id] = to })));
    }

    [Fact]
    public async Task What_the_leaver_asked_of_others_falls_to_who_is_accountable_for_the_patient()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var asked = await ward.TaskAsync(Who.Nadia, TaskLifeTests.Ask(Who.Sofie));
        var question = await ward.AskAsync(Who.An, ward.Maria, "Mag dat?", Who.Nadia);

        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Nadia, ward.Maria, new(Who.Nadia.Id, null, Nobody)));
        Assert.Equal(Who.Karel.Id, (await ward.TaskViewAsync(Who.Sofie, asked.Id)).AccountableId);
        Assert.Equal(Who.Karel.Id.Value, (await ward.RowsAsync("SELECT ReplyOwner FROM TimelineEntries WHERE ResourceId = @p0", question.ResourceId))[0][0]);
        await ward.MoveAsync(Who.Sofie, asked.Id, TaskState.Received); // a later version keeps it so
        Assert.Equal(Who.Karel.Id, (await ward.TaskViewAsync(Who.Sofie, asked.Id)).AccountableId);
    }

    [Fact]
    public async Task Who_is_accountable_hands_over_first()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.IsType<EndMembership.AccountableFirst>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Karel, ward.Maria, new(Who.Karel.Id, null, Nobody)));
        Assert.IsType<EndMembership.AccountableFirst>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Nadia, ward.Maria, new(Who.Karel.Id, null, Nobody)));
    }

    [Fact]
    public async Task A_caregiver_may_leave_and_may_not_send_others_away()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.IsType<EndMembership.NotPossible>(await ward.RunAsync(ward.Get<EndMembership>(), Who.An, ward.Maria, new(Who.Pieter.Id, null, Nobody)));
        Assert.IsType<EndMembership.NotPossible>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Karel, ward.Maria, new(Who.MariaHerself.Id, null, Nobody)));
        Assert.IsType<EndMembership.NotPossible>(await ward.RunAsync(ward.Get<EndMembership>(), Who.MariaHerself, ward.Maria, new(Who.MariaHerself.Id, null, Nobody)));
        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.An, ward.Maria, new(Who.An.Id, null, Nobody)));
    }

    [Fact]
    public async Task The_coordinator_is_a_member_and_ends_with_the_membership()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.False(await ward.RunAsync(ward.Get<SetCoordinator>(), Who.Karel, ward.Maria, new(Who.Els.Id)));
        Assert.True(await ward.RunAsync(ward.Get<SetCoordinator>(), Who.Karel, ward.Maria, new(Who.Tom.Id)));
        Assert.True((await ward.RunAsync(ward.Get<ReadTeam>(), Who.An, ward.Maria, new())).Single(m => m.Person == Who.Tom.Id).IsCoordinator);
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<SetCoordinator>(), Who.An, ward.Maria, new(Who.An.Id)));

        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Tom, ward.Maria, new(Who.Tom.Id, null, Nobody)));
        Assert.DoesNotContain(await ward.RunAsync(ward.Get<ReadTeam>(), Who.Karel, ward.Maria, new()), m => m.IsCoordinator);
    }
}
