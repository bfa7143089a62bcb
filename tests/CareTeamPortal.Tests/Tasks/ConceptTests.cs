using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

/// <summary>A draft Task is a concept: its requester's alone until it is asked.</summary>
public sealed class ConceptTests
{
    private static Task<CareTask> DraftAsync(Ward ward) => ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "Nog te overleggen") with { IsDraft = true, DueAt = ward.Clock.Utc.AddDays(1) });

    [Fact]
    public async Task A_concept_is_in_no_list_count_or_line_of_anybody_but_its_requester()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var draft = await DraftAsync(ward);
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<EditTask>(), Who.Karel, ward.Maria, new(draft.Id, "Nog altijd te overleggen")));

        foreach (var other in new[] { Who.Sofie, Who.Nadia, Who.MariaHerself, Who.An })
        {
            Assert.Null(await ward.RunAsync(ward.Get<ReadTask>(), other, ward.Maria, new(draft.Id)));
            Assert.Equal(0, await ward.RunAsync(ward.Get<CountTasks>(), other, ward.Maria, new()));
            Assert.Empty((await ward.RunAsync(ward.Get<ReadTasks>(), other, ward.Maria, new())).Open);
            Assert.Empty(await ward.PageAsync(other, ward.Maria));
            foreach (var list in Enum.GetValues<TaskList>())
                Assert.Empty((await ward.WorklistAsync(other, list)).Tasks);
            Assert.IsType<TaskNotFound>(await ward.RunAsync(ward.Get<EditTask>(), other, ward.Maria, new(draft.Id, "Van mij")));
        }

        Assert.Equal("Nog altijd te overleggen", (await ward.RunAsync(ward.Get<ReadTask>(), Who.Karel, ward.Maria, new(draft.Id)))!.Task.Title);
        Assert.Equal(1, await ward.RunAsync(ward.Get<CountTasks>(), Who.Karel, ward.Maria, new()));
        Assert.Single((await ward.RunAsync(ward.Get<ReadTasks>(), Who.Karel, ward.Maria, new())).Open);
        var listed = Assert.Single((await ward.WorklistAsync(Who.Karel, TaskList.Asked)).Tasks);
        Assert.Equal((draft.Id, Who.Karel.Id), (listed.Id, listed.AccountableId));
        ward.Clock.Advance(TimeSpan.FromDays(3));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Notices"));
    }

    [Theory]
    [InlineData(Audience.WholeTeam)]
    [InlineData(Audience.Professionals)]
    [InlineData(Audience.ProfessionalsAndPatient)]
    public async Task Asked_it_reaches_whom_it_was_meant_for_and_what_it_said_before_stays_its_requesters(Audience audience)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var draft = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "Geheim") with { IsDraft = true, Audience = audience });
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<EditTask>(), Who.Karel, ward.Maria, new(draft.Id, "Bloedname")));
        await ward.MoveAsync(Who.Karel, draft.Id, TaskState.Requested);

        Assert.Equal("Bloedname", Assert.Single((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks).Title);
        var lines = await ward.PageAsync(Who.Sofie, ward.Maria);
        Assert.Contains(lines, e => e.Title == "Bloedname");
        Assert.DoesNotContain(lines, e => e.Title.Contains("Geheim", StringComparison.Ordinal));
        Assert.Equal(audience.HasFlag(Audience.CaregiverCircle), await ward.RunAsync(ward.Get<ReadTask>(), Who.An, ward.Maria, new(draft.Id)) is not null);
        Assert.Equal(audience.HasFlag(Audience.Patient), await ward.RunAsync(ward.Get<ReadTask>(), Who.MariaHerself, ward.Maria, new(draft.Id)) is not null);
    }

    [Fact]
    public async Task A_concept_that_is_dropped_or_retracted_was_never_there_for_others()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var dropped = await DraftAsync(ward);
        await ward.MoveAsync(Who.Karel, dropped.Id, TaskState.Cancelled, "toch niet nodig");
        Assert.Null(await ward.RunAsync(ward.Get<ReadTask>(), Who.Sofie, ward.Maria, new(dropped.Id)));
        await ward.MoveAsync(Who.Karel, dropped.Id, TaskState.EnteredInError, "vergissing");
        Assert.Null(await ward.RunAsync(ward.Get<ReadTask>(), Who.Sofie, ward.Maria, new(dropped.Id)));
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.Equal(TaskState.EnteredInError, (await ward.RunAsync(ward.Get<ReadTask>(), Who.Karel, ward.Maria, new(dropped.Id)))!.Task.State);
    }

    [Fact]
    public async Task Nobody_is_asked_who_left_since_it_was_written_and_a_concept_does_not_travel()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var draft = await DraftAsync(ward);
        var offer = Handoffs.HandoffLifeTests.Offer(TaskParty.Of(Who.Nadia), draft);
        Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Karel, ward.Maria, offer));
        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Sofie, ward.Maria, new(Who.Sofie.Id, null, new Dictionary<string, TaskParty>())));
        Assert.Equal(TaskState.Draft, (await ward.RunAsync(ward.Get<ReadTask>(), Who.Karel, ward.Maria, new(draft.Id)))!.Task.State);
        Assert.Equal(TaskRule.MayNotSee, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<MoveTask>(), Who.Karel, ward.Maria, new(draft.Id, TaskState.Requested))).Rule);
    }

    [Fact]
    public async Task A_draft_of_a_source_is_no_concept_of_somebody_here_and_stays_in_sight()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([Who.Karel], $$"""{"resourceType":"Task","id":"bron-1","status":"draft","intent":"plan","description":"Uit het ziekenhuis","for":{"reference":"Patient/{{Who.Maria}}"},"authoredOn":"2026-11-01","requester":{"display":"AZ Noord"} }""");
        Assert.Single((await ward.RunAsync(ward.Get<ReadTasks>(), Who.Sofie, ward.Maria, new())).Open);
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
    }

}
