using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Handoffs;

public sealed class HandoffLifeTests
{
    internal static OfferHandoff.Request Offer(TaskParty receiver, params CareTask[] tasks) => new()
    {
        Id = Guid.NewGuid().ToString(), Title = "Dagelijkse opvolging hartfalen, 14 dagen", Receiver = receiver,
        Content = new HandoffContent { Scope = "Dagelijkse opvolging hartfalen", Summary = "Droog gewicht 77,0 kg.", Severity = IllnessSeverity.Watcher, Contingencies = [new("2 kg erbij in 3 dagen", "bel de hartfalenverpleegkundige")], Tasks = [.. tasks.Select(t => new TravellingTask(t.Id, t.Title, null))] },
    };

    internal static async Task<CareTask> OfferAsync(Ward ward, PersonRow who, OfferHandoff.Request request) =>
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<OfferHandoff>(), who, ward.Maria, request)).Task;

    private static Task<TaskResult> AcceptAsync(Ward ward, PersonRow who, string id, string readBack = "Elke dag wegen, bij 2 kg bel ik.") =>
        ward.RunAsync(ward.Get<AcceptHandoff>(), who, ward.Maria, new(id, readBack));

    [Fact]
    public async Task The_sender_is_accountable_until_the_receiver_reads_back_and_then_the_tasks_move_along()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Tom, "Bloedname"));
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie), task));
        Assert.Equal(Who.Tom.Id, (await ward.TaskViewAsync(Who.Nadia, handoff.Id)).AccountableId);

        await ward.RunAsync(ward.Get<OpenHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id));
        await ward.RunAsync(ward.Get<AskClarification>(), Who.Sofie, ward.Maria, new(handoff.Id, "Welk streefgewicht?"));
        await ward.RunAsync(ward.Get<AnswerClarification>(), Who.Tom, ward.Maria, new(handoff.Id, "77,0 kg."));
        Assert.Equal(Who.Tom.Id, (await ward.TaskViewAsync(Who.Nadia, handoff.Id)).AccountableId);

        var accepted = Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, handoff.Id)).Task;
        Assert.Equal((TaskState.InProgress, HandoffStatus.Accepted), (accepted.State, accepted.Business));
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Nadia, handoff.Id)).AccountableId);
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Nadia, task.Id)).OwnerId);

        var read = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Nadia, ward.Maria, new(handoff.Id)))!;
        Assert.Equal("Elke dag wegen, bij 2 kg bel ik.", read.Task.Handoff!.ReadBack);
        Assert.Equal("77,0 kg.", Assert.Single(read.Task.Handoff.Clarifications).Answer);
        Assert.Equal(4, read.Story.Count);
        // a part of care does not move the patient
        Assert.Equal(Who.Karel.Id.Value, (await ward.RowsAsync("SELECT AccountableId FROM Patients"))[0][0]);
    }

    [Fact]
    public async Task All_of_a_patients_care_moves_the_patient_and_the_coordinator()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var request = Offer(TaskParty.Of(Who.Nadia));
        var handoff = await OfferAsync(ward, Who.Karel, request with { Content = request.Content with { Scope = null, MovesCoordinator = true } });
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Nadia, handoff.Id));
        Assert.Equal([Who.Nadia.Id.Value, Who.Nadia.Id.Value], (await ward.RowsAsync("SELECT AccountableId, CoordinatorId FROM Patients"))[0]);
    }

    [Fact]
    public async Task Nobody_accepts_without_a_read_back_or_with_unread_news()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)));
        Assert.Equal(TaskRule.NeedsReadBack, Assert.IsType<TaskRefused>(await AcceptAsync(ward, Who.Sofie, handoff.Id, " ")).Rule);

        await ward.NoteAsync(Who.Nadia, ward.Maria, "Kalium 5,4.");
        Assert.Equal(TaskRule.UnseenNews, Assert.IsType<TaskRefused>(await AcceptAsync(ward, Who.Sofie, handoff.Id)).Rule);
        var read = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id)))!;
        Assert.Single(read.News);
        Assert.True(await ward.RunAsync(ward.Get<AcknowledgeNews>(), Who.Sofie, ward.Maria, new(handoff.Id, read.NewsUpTo)));
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, handoff.Id));
    }

    [Fact]
    public async Task Two_who_accept_at_once_are_one_winner_and_one_who_learns_who()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Tom, Who.Sofie, Who.Bram));
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige")));
        await using var other = await ward.AnotherNodeAsync();
        var results = await Task.WhenAll(AcceptAsync(ward, Who.Sofie, handoff.Id), AcceptAsync(other, Who.Bram, handoff.Id));
        Assert.Single(results.OfType<TaskDone>());
        Assert.Equal(results[0] is TaskDone ? Who.Sofie.DisplayName : Who.Bram.DisplayName, Assert.Single(results.OfType<TakenAlready>()).By);
    }

    [Fact]
    public async Task Nothing_is_handed_to_somebody_who_may_not_see_what_is_in_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var receiver in new[] { TaskParty.Of(Who.An), TaskParty.Of(Who.Fatima), TaskParty.Of(Who.Els), TaskParty.OfRole(Discipline.Psychologist, "psycholoog") })
            Assert.Equal(new TaskRefused(TaskRule.MayNotSee), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Tom, ward.Maria, Offer(receiver)));
        var mental = Offer(TaskParty.Of(Who.Pieter));
        mental = mental with { Content = mental.Content with { Tells = InformationCategory.MentalHealth } };
        Assert.Equal(new TaskRefused(TaskRule.MayNotSee), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Tom, ward.Maria, mental));
    }

    [Fact]
    public async Task A_declined_hand_off_goes_to_the_second_receiver()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var request = Offer(TaskParty.Of(Who.Sofie));
        var handoff = await OfferAsync(ward, Who.Tom, request with { Content = request.Content with { SecondReceiver = TaskParty.Of(Who.Karel) } });
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<DeclineHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id, "Ik ben volgende week met verlof.")));
        var open = Assert.Single((await ward.RunAsync(ward.Get<ReadTasks>(), Who.Karel, ward.Maria, new(Handoffs: true))).Open);
        Assert.Equal((Who.Karel.Id, Who.Tom.Id), (open.OwnerId!.Value, open.AccountableId!.Value));
        Assert.True(open.MayTake);
    }

    [Fact]
    public async Task An_ignored_hand_off_escalates_once_and_stays_the_senders()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)) with { Urgent = true });
        ward.Clock.Advance(TimeSpan.FromHours(5));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        var view = await ward.TaskViewAsync(Who.Nadia, handoff.Id);
        Assert.True(view.IsEscalated);
        Assert.Equal(Who.Tom.Id, view.AccountableId);
        Assert.Single(await ward.PageAsync(Who.Nadia, ward.Maria), e => e.Title.StartsWith("Overdracht niet op tijd aanvaard", StringComparison.Ordinal));
        Assert.Equal(2, await ward.NumberAsync("SELECT COUNT(*) FROM Notices")); // who was asked, and (an hour later, urgent) who is accountable
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, handoff.Id));
    }
}
