using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using static CareTeamPortal.Tests.Pathways.PathwayLifeTests;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>A hand-off step of a pathway follows the hand-off: offered, refused, accepted, or done outside the portal.</summary>
public sealed class PathwayHandoffTests
{
    private static async Task<(Ward Ward, string Pathway, StepView Step)> StartedAsync()
    {
        var ward = await WardAsync();
        var form = await FormAsync(ward, Who.Nadia);
        // Whoever hands on does it for somebody else: the cardiologist to the nurse of the hospital.
        form = form with { Roles = form.Roles.ToDictionary(r => r.Key, r => r.Key == "huisarts" ? TaskParty.Of(Who.Karel) : r.Value) };
        var id = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form)).Id;
        return (ward, id, Step(await ViewAsync(ward, Who.Nadia, id)));
    }

    private static StepView Step(PathwayView view) => view.Steps.First(s => s is { Step.Kind: StepKind.Handoff, Task: not null } && s.Step.Owner.Person == Who.Nadia.Id);

    private static async Task<CareTask> OfferAsync(Ward ward, StepView step, InformationCategory tells = 0)
    {
        var draft = (await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Nadia, ward.Maria, new(Step: step.Task))).Draft;
        return Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Nadia, ward.Maria, new() { Id = draft.Id, Title = draft.Title, Receiver = draft.Receiver!, Content = draft.ToContent() with { Severity = IllnessSeverity.Stable, Tasks = [], Tells = draft.ToContent().Tells | tells }, Step = draft.Step })).Task;
    }

    [Fact]
    public async Task The_form_is_filled_in_with_the_pathway_and_its_part_for_who_receives()
    {
        var (ward, _, step) = await StartedAsync();
        await using var _1 = ward;
        var filled = await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Nadia, ward.Maria, new(Step: step.Task));
        Assert.Equal(step.Step.Scope ?? step.Step.Title, filled.Draft.Title);
        Assert.Equal(step.Task, filled.Draft.Step);
        Assert.True(filled.Draft.Receiver!.IsSame(step.Step.Receiver));
        Assert.Contains("Hartfalen na ontslag", filled.Draft.Situation, StringComparison.Ordinal);
        Assert.DoesNotContain(filled.Draft.Tasks, t => t.Id == step.Task); // what asks for the hand-off does not travel with it
        // Somebody whose step it is not writes a hand-off of their own.
        Assert.Null((await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Pieter, ward.Maria, new(Step: step.Task))).Draft.Step);
    }

    [Fact]
    public async Task The_step_is_offered_then_done_when_the_hand_off_is_accepted()
    {
        var (ward, id, step) = await StartedAsync();
        await using var _1 = ward;
        Assert.Equal(StepState.Open, step.State);
        var handoff = await OfferAsync(ward, step);
        var offered = Step(await ViewAsync(ward, Who.Karel, id));
        Assert.Equal((StepState.Offered, handoff.Id, Who.Karel.DisplayName), (offered.State, offered.Handoff!.Id, offered.Handoff.To));
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), Who.Karel, ward.Maria, new(handoff.Id, "Ik volg haar op.")));
        var done = (await ViewAsync(ward, Who.Sofie, id)).Steps.Single(s => s.Step.Id == step.Step.Id);
        Assert.Equal(StepState.Done, done.State);
        Assert.Equal(ward.Clock.Utc, done.DoneAt);
        Assert.Equal((long)TaskState.Completed, await ward.NumberAsync("SELECT Status FROM Tasks WHERE Id = @p0", step.Task));
        Assert.Empty((await ViewAsync(ward, Who.Nadia, id)).Pathway.Deviations);
    }

    [Fact]
    public async Task A_declined_hand_off_leaves_the_step_open_and_it_becomes_late()
    {
        var (ward, id, step) = await StartedAsync();
        await using var _1 = ward;
        var handoff = await OfferAsync(ward, step);
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<DeclineHandoff>(), Who.Karel, ward.Maria, new(handoff.Id, "met verlof")));
        var open = Step(await ViewAsync(ward, Who.Nadia, id));
        Assert.Equal((StepState.Open, TaskState.Rejected), (open.State, open.Handoff!.State));
        var again = (await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Nadia, ward.Maria, new(Again: handoff.Id))).Draft;
        Assert.Equal(step.Task, again.Step); // the same for somebody else still belongs to the step
        await OfferAsync(ward, step);
        ward.Clock.Advance(step.Due - ward.Clock.Utc + TimeSpan.FromHours(1));
        var view = await ViewAsync(ward, Who.Nadia, id);
        Assert.True(Step(view) is { State: StepState.Offered, Late: true }); // offered is not accepted
        Assert.True(view.SlipAt < ward.Clock.Utc);
    }

    [Fact]
    public async Task Ticking_it_off_by_hand_is_refused_and_done_elsewhere_needs_a_reason_that_stays()
    {
        var (ward, id, step) = await StartedAsync();
        await using var _1 = ward;
        Assert.Equal(TaskRule.HandoffStep, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<FinishTask>(), Who.Nadia, ward.Maria, new(step.Task!))).Rule);
        await ward.RunAsync(ward.Get<MoveTask>(), Who.Nadia, ward.Maria, new(step.Task!, TaskState.InProgress));
        Assert.Equal(TaskRule.HandoffStep, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<MoveTask>(), Who.Nadia, ward.Maria, new(step.Task!, TaskState.Completed))).Rule);
        var version = (await ViewAsync(ward, Who.Nadia, id)).Pathway.Version;
        DeviateStep.Request Outside(string why, string? of = null) => new(id, version, of ?? step.Step.Id, DeviationKind.Outside, DeviationReason.Other, why);
        Assert.Equal(PathwayOutcome.NeedsReason, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Nadia, ward.Maria, Outside(" ")));
        Assert.Equal(PathwayOutcome.NotYours, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Tom, ward.Maria, Outside("aan de telefoon")));
        var other = (await ViewAsync(ward, Who.Nadia, id)).Steps.First(s => s.Step.Kind == StepKind.Task);
        Assert.Equal(PathwayOutcome.Over, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Nadia, ward.Maria, Outside("aan de telefoon", other.Step.Id)));
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Nadia, ward.Maria, Outside("aan de telefoon")));
        var view = await ViewAsync(ward, Who.Sofie, id);
        Assert.Equal(StepState.Done, view.Steps.Single(s => s.Step.Id == step.Step.Id).State);
        var said = Assert.Single(view.Pathway.Deviations);
        Assert.Equal((DeviationKind.Outside, "aan de telefoon", "buiten het portaal gebeurd"), (said.Kind, said.Words, said.New));
    }

    [Fact]
    public async Task To_leave_out_the_step_takes_back_the_hand_off_that_is_offered_for_it_by_who_offered_it()
    {
        var (ward, id, step) = await StartedAsync();
        await using var _1 = ward;
        var handoff = await OfferAsync(ward, step);
        var version = (await ViewAsync(ward, Who.Nadia, id)).Pathway.Version;
        DeviateStep.Request Skip(string why) => new(id, version, step.Step.Id, DeviationKind.Skip, DeviationReason.NotNeeded, why);
        Assert.Equal(PathwayOutcome.HandoffOffered, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Sofie, ward.Maria, Skip("hoeft niet")));
        Assert.Equal((long)TaskState.Requested, await ward.NumberAsync("SELECT Status FROM Tasks WHERE Id = @p0", handoff.Id));
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Nadia, ward.Maria, Skip("hij belde zelf al")));
        Assert.Equal((long)TaskState.Cancelled, await ward.NumberAsync("SELECT Status FROM Tasks WHERE Id = @p0", handoff.Id));
        Assert.Equal("hij belde zelf al", (await ward.RunAsync(ward.Get<ReadTask>(), Who.Karel, ward.Maria, new(handoff.Id)))!.Task.Reason);
        Assert.Equal(StepState.Skipped, (await ViewAsync(ward, Who.Karel, id)).Steps.Single(s => s.Step.Id == step.Step.Id).State);
        Assert.Equal(0, await ward.NumberAsync("SELECT Open FROM Tasks WHERE Id = @p0", step.Task));
    }

    [Fact]
    public async Task A_hand_off_ends_no_task_that_asked_for_none()
    {
        var (ward, _, step) = await StartedAsync();
        await using var _1 = ward;
        var other = await ward.TaskAsync(Who.Nadia, Tasks.TaskLifeTests.Ask(Who.Nadia) with { Id = Guid.NewGuid().ToString(), Title = "Labo bekijken" });
        var offer = Handoffs.HandoffLifeTests.Offer(TaskParty.Of(Who.Karel));
        Assert.Equal(new TaskRefused(TaskRule.NotYours), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Nadia, ward.Maria, offer with { Step = other.Id }));
        Assert.Equal(new TaskRefused(TaskRule.NotYours), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Sofie, ward.Maria, offer with { Step = step.Task }));
    }

    [Fact]
    public async Task A_protected_hand_off_moves_its_step_for_who_may_read_it_alone()
    {
        var (ward, id, step) = await StartedAsync();
        await using var _1 = ward;
        async Task<(StepState State, string? Handoff)> SeenAsync(PersonRow who) => (await ViewAsync(ward, who, id)).Steps.Single(s => s.Step.Id == step.Step.Id) is var s ? (s.State, s.Handoff?.Id) : default;
        async Task<PathwayOutcome> SkipAsync(PersonRow who) => await ward.RunAsync(ward.Get<DeviateStep>(), who, ward.Maria, new(id, (await ViewAsync(ward, who, id)).Pathway.Version, step.Step.Id, DeviationKind.Skip, DeviationReason.NotNeeded, "hoeft niet"));
        var (before, skipped) = (await SeenAsync(Who.Pieter), await SkipAsync(Who.Pieter));
        Assert.Equal(PathwayOutcome.NotYours, skipped);
        var handoff = await OfferAsync(ward, step, InformationCategory.MentalHealth);
        Assert.Equal((StepState.Offered, handoff.Id), await SeenAsync(Who.Karel));
        Assert.Equal(before, await SeenAsync(Who.Pieter));
        Assert.Equal(skipped, await SkipAsync(Who.Pieter)); // nor does a refusal tell of it
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), Who.Karel, ward.Maria, new(handoff.Id, "Ik volg haar op.")));
        Assert.Equal(StepState.Done, (await SeenAsync(Who.Karel)).State);
    }
}
