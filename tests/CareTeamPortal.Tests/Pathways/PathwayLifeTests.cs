using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>Starting, moving, deviating from and ending a pathway.</summary>
public sealed class PathwayLifeTests(ITestOutputHelper output)
{
    private const string HeartFailure = "hartfalen-na-ontslag";

    internal static async Task<Ward> WardAsync()
    {
        var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        return ward;
    }

    internal static async Task<StartPathway.Request> FormAsync(Ward ward, PersonRow who, string template = HeartFailure)
    {
        var read = await ward.RunAsync(ward.Get<ReadStart>(), who, ward.Maria, new(template));
        Assert.True(read.MayStart);
        return new() { Id = Guid.NewGuid().ToString(), Template = template, TemplateVersion = read.Template!.Version, StartsOn = BelgianTime.DayOf(ward.Clock.Utc), Roles = read.Template.Roles.ToDictionary(r => r.Id, r => read.Roles.GetValueOrDefault(r.Id) ?? TaskParty.Of(Who.Karel)) };
    }

    internal static async Task<string> StartAsync(Ward ward, PersonRow who, string template = HeartFailure) =>
        Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), who, ward.Maria, await FormAsync(ward, who, template))).Id;

    internal static async Task<PathwayView> ViewAsync(Ward ward, PersonRow who, string id) => (await ward.RunAsync(ward.Get<ReadPathways>(), who, ward.Maria, new())).Pathways.Single(p => p.Pathway.Id == id);

    private static async Task NothingIsOwnerlessAsync(Ward ward)
    {
        Assert.Empty(await ward.RowsAsync("SELECT Id FROM Tasks t WHERE t.Open = 1 AND NOT EXISTS (SELECT 1 FROM CareTeamMembers m WHERE m.PatientId = t.PatientId AND m.PersonId = t.AccountableId)"));
        foreach (var view in (await ward.RunAsync(ward.Get<ReadPathways>(), Who.Karel, ward.Maria, new())).Pathways)
            Assert.All(view.Steps.Where(s => s.State is StepState.Planned or StepState.Waiting or StepState.Open), s => Assert.NotNull(s.Accountable));
        // A row of a step says what its task says.
        Assert.Empty(await ward.RowsAsync("SELECT s.StepId, s.State, t.Status FROM PathwaySteps s JOIN Tasks t ON s.Resource = 'Task/' || t.Id WHERE s.Repeats = 0 AND s.State <> 5 AND s.State <> CASE WHEN t.Status IN (1, 2) THEN 1 WHEN t.Open = 1 THEN 2 WHEN t.Status = 10 THEN 4 WHEN t.Status = 4 THEN 6 ELSE 7 END AND t.Status <> 0"));
    }

    [Fact]
    public async Task The_care_lines_show_a_pathway_and_its_part_for_professionals_as_one_bar()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var lanes = (await ward.RunAsync(ward.Get<ReadLanes>(), Who.Karel, ward.Maria, new()))!.Picture;
        Assert.Equal(["CarePlan/" + id], lanes.Episodes.Where(e => e.Kind == LaneEpisodeKind.Pathway).Select(e => e.Reference));
    }

    [Fact]
    public async Task Starting_makes_tasks_measuring_plans_and_goals_with_owners_and_dates_in_one_commit()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var view = await ViewAsync(ward, Who.Karel, id);
        Assert.Equal("Hartfalen na ontslag", view.Pathway.Title);
        Assert.Equal(5, view.Phases.Count);
        Assert.Equal("Ontslag", view.Pathway.Current!.Title);
        Assert.All(view.Steps, s => Assert.True(s.Step.Kind == StepKind.Information || s.Owner is not null));
        Assert.Contains(view.Steps, s => s is { State: StepState.Waiting, Task: not null });
        Assert.Contains(view.Steps, s => s is { Step.Kind: StepKind.Measuring, State: StepState.Running });
        Assert.Contains(view.Steps, s => s is { State: StepState.Planned });
        Assert.NotEmpty(view.Pathway.Goals);
        var plans = (await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Karel, ward.Maria, new())).Plans;
        Assert.Contains(plans, p => p.Plan.Loinc == "29463-7" && p.Plan.Rules.Count > 0);
        Assert.Equal(await ward.NumberAsync("SELECT COUNT(*) FROM Resources WHERE Type = 'CarePlan'"), await ward.NumberAsync("SELECT COUNT(DISTINCT Part) FROM PathwaySteps"));
        await NothingIsOwnerlessAsync(ward);
    }

    [Fact]
    public async Task The_same_form_twice_starts_one_and_a_second_person_is_told_who_was_first()
    {
        await using var ward = await WardAsync();
        await using var other = await ward.AnotherNodeAsync();
        var form = await FormAsync(ward, Who.Nadia);
        var second = await FormAsync(ward, Who.Karel);
        var results = await Task.WhenAll(ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form), other.RunAsync(other.Get<StartPathway>(), Who.Nadia, ward.Maria, form), other.RunAsync(other.Get<StartPathway>(), Who.Karel, ward.Maria, second));
        Assert.Single(results.Take(2).OfType<StartPathway.Started>().Select(s => s.Id).Concat(results.Skip(2).OfType<StartPathway.Started>().Select(s => s.Id)).Distinct());
        var told = Assert.Single(results.OfType<StartPathway.RunsAlready>().DistinctBy(r => r.Id));
        Assert.Contains(told.By, new[] { Who.Nadia.DisplayName, Who.Karel.DisplayName });
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Pathways"));
    }

    [Fact]
    public async Task A_role_that_nobody_fills_stands_in_the_way_and_nothing_is_written()
    {
        await using var ward = await WardAsync();
        var form = await FormAsync(ward, Who.Nadia);
        var refused = Assert.IsType<StartPathway.Refused>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form with { Roles = form.Roles.Where(r => r.Key != "huisarts").ToDictionary() }));
        Assert.Contains(refused.Problems, p => p is { Problem: StartPathway.Problem.Nobody, Role: "huisarts" });
        refused = Assert.IsType<StartPathway.Refused>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form with { Roles = form.Roles.ToDictionary(r => r.Key, r => r.Key == "huisarts" ? TaskParty.Of(Who.Els) : r.Value) }));
        Assert.Contains(refused.Problems, p => p.Problem == StartPathway.Problem.Nobody); // dr. Peeters is not on the team
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks"));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Resources WHERE PatientId = @p0 AND Type IN ('CarePlan', 'Goal', 'ServiceRequest')", ward.Maria.Value));
    }

    [Fact]
    public async Task What_may_not_be_written_may_not_be_started()
    {
        await using var ward = await WardAsync();
        var form = await FormAsync(ward, Who.Nadia);
        foreach (var who in new[] { Who.An, Who.MariaHerself, Who.Fatima })
            await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<StartPathway>(), who, ward.Maria, form));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.RunAsync(ward.Get<StartPathway>(), Who.Els, ward.Maria, form));
    }

    [Fact]
    public async Task What_is_there_already_is_offered_and_taken_over_when_a_person_says_so()
    {
        await using var ward = await WardAsync();
        var present = await ward.TaskAsync(Who.Pieter, Tasks.TaskLifeTests.Ask(Who.Pieter) with { Id = Guid.NewGuid().ToString(), Title = "Medicatieschema nakijken" });
        var read = await ward.RunAsync(ward.Get<ReadStart>(), Who.Nadia, ward.Maria, new(HeartFailure));
        var (step, offers) = Assert.Single(read.Reuse);
        Assert.Equal("Task/" + present.Id, Assert.Single(offers).Reference);
        var form = await FormAsync(ward, Who.Nadia);
        Assert.IsType<StartPathway.Refused>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form with { Choices = [new(read.Template!.Steps.First(s => s.Step.Id != step).Step.Id, Reuse: "Task/" + present.Id)] }));
        var id = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form with { Choices = [new(step, Reuse: "Task/" + present.Id)] })).Id;
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Title = 'Medicatieschema nakijken'"));
        await ward.RunAsync(ward.Get<FinishTask>(), Who.Pieter, ward.Maria, new(present.Id));
        Assert.Equal(StepState.Done, (await ViewAsync(ward, Who.Sofie, id)).Steps.Single(s => s.Step.Id == step).State);
    }

    [Fact]
    public async Task What_is_offered_for_a_second_pathway_can_be_taken()
    {
        await using var ward = await WardAsync();
        await StartAsync(ward, Who.Nadia);
        var read = await ward.RunAsync(ward.Get<ReadStart>(), Who.Nadia, ward.Maria, new("copd-opstoot")); // asks the same questionnaires
        Assert.All(read.Reuse.Where(r => r.Value.Any(o => o.Reference.StartsWith("Task/", StringComparison.Ordinal))), r => Assert.NotNull(read.Template!.Steps.First(s => s.Step.Id == r.Key).Step.Questionnaire)); // other steps of the first stay its own
        Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, await FormAsync(ward, Who.Nadia, "copd-opstoot") with { Choices = [.. read.Reuse.Select(r => new StepChoice(r.Key, Reuse: r.Value[0].Reference))] }));
    }

    [Fact]
    public async Task What_two_pathways_ask_at_the_same_time_is_asked_once_and_outlives_the_first_that_ends()
    {
        await using var ward = await WardAsync();
        var first = await StartAsync(ward, Who.Nadia);
        var asked = (await ViewAsync(ward, Who.Nadia, first)).Steps.First(s => s is { Step.Questionnaire: "who-5", Task: not null });
        var read = await ward.RunAsync(ward.Get<ReadStart>(), Who.Nadia, ward.Maria, new("copd-opstoot"));
        var (step, offers) = read.Reuse.Single(r => r.Value.Any(o => o.Reference == "Task/" + asked.Task));
        Assert.Equal(["Hartfalen na ontslag"], offers[0].For);
        var second = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, await FormAsync(ward, Who.Nadia, "copd-opstoot") with { Choices = [.. read.Reuse.Select(r => new StepChoice(r.Key, Reuse: r.Value[0].Reference))] })).Id;
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Focus = 'Questionnaire/who-5' AND Open = 1"));
        Assert.Equal(["Hartfalen na ontslag"], (await ViewAsync(ward, Who.Nadia, second)).Steps.Single(s => s.Step.Id == step).AlsoFor);
        var page = await ward.RunAsync(ward.Get<ReadPathways>(), Who.Nadia, ward.Maria, new());
        Assert.DoesNotContain(page.Conflicts, c => c.What.Contains("WHO-5", StringComparison.Ordinal)); // nor those of later, which are shared when their phase begins
        Assert.Single((await ward.RunAsync(ward.Get<CareTeamPortal.Features.Outcomes.ReadOutcomes>(), Who.MariaHerself, ward.Maria, new())).Schedule, a => a.Task == asked.Task);

        var view = await ViewAsync(ward, Who.Nadia, first);
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<EndPathway>(), Who.Nadia, ward.Maria, new(first, view.Pathway.Version, false, "gestopt", [asked.Step.Id])));
        Assert.Equal(1, await ward.NumberAsync("SELECT Open FROM Tasks WHERE Id = @p0", asked.Task));
        await ward.RunAsync(ward.Get<CareTeamPortal.Features.Outcomes.FillInQuestionnaire>(), Who.MariaHerself, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Questionnaire = "who-5", Answers = [3, 3, 3, 3, 3] });
        Assert.Equal(StepState.Done, (await ViewAsync(ward, Who.Nadia, second)).Steps.Single(s => s.Step.Id == step).State);
    }

    [Fact]
    public async Task What_was_answered_lately_is_offered_and_what_another_pathway_asks_is_shared_when_a_phase_begins()
    {
        await using var ward = await WardAsync();
        await ward.RunAsync(ward.Get<CareTeamPortal.Features.Outcomes.FillInQuestionnaire>(), Who.MariaHerself, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Questionnaire = "ervaring", Answers = [0, 0, 0, 0] });
        var read = await ward.RunAsync(ward.Get<ReadStart>(), Who.Nadia, ward.Maria, new(HeartFailure));
        var (step, offers) = Assert.Single(read.Reuse);
        var id = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, await FormAsync(ward, Who.Nadia) with { Choices = [new(step, Reuse: Assert.Single(offers).Reference)] })).Id;
        Assert.Equal(StepState.Done, (await ViewAsync(ward, Who.Nadia, id)).Steps.Single(s => s.Step.Id == step).State);

        var other = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, await FormAsync(ward, Who.Nadia, "copd-opstoot"))).Id;
        foreach (var pathway in new[] { id, other })
        {
            var view = await ViewAsync(ward, Who.Nadia, pathway);
            var later = view.Steps.First(s => s.Step.Questionnaire == "who-5" && s.State == StepState.Planned).Step.Phase;
            ward.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<MovePhase>(), Who.Nadia, ward.Maria, new(pathway, view.Pathway.Version, later, false, DeviationReason.Condition, "verder")));
        }

        var shared = (await ViewAsync(ward, Who.Nadia, id)).Steps.Where(s => s.Step.Questionnaire == "who-5" && s.Task is not null).Select(s => s.Task).Intersect((await ViewAsync(ward, Who.Nadia, other)).Steps.Where(s => s.Step.Questionnaire == "who-5" && s.Task is not null).Select(s => s.Task)).ToList();
        Assert.NotEmpty(shared);
        await NothingIsOwnerlessAsync(ward);
    }

    [Fact]
    public async Task A_task_that_is_labelled_after_it_became_a_step_tells_nothing_to_who_may_not_see_it()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var step = (await ViewAsync(ward, Who.Nadia, id)).Steps.First(s => s is { Step: { Kind: StepKind.Task, Repeat: null, ForProfessionals: false }, IsMine: true, Task: not null });
        await ward.RunAsync(ward.Get<MoveTask>(), Who.Nadia, ward.Maria, new(step.Task!, TaskState.InProgress));
        await LabelAsync(ward, step.Task!);
        async Task<(StepState State, DateTime Due, DateTime? Done, string? Task)> SeenAsync(PersonRow who) => (await ViewAsync(ward, who, id)).Steps.Single(s => s.Step.Id == step.Step.Id) is var s ? (s.State, s.Due, s.DoneAt, s.Task) : default;
        var before = await SeenAsync(Who.Pieter);
        Assert.Null(before.Task);
        Assert.Equal((StepState.Open, step.Task), (await SeenAsync(Who.Nadia) is var own ? (own.State, own.Task) : default));
        var page = (await ViewAsync(ward, Who.Pieter, id)).Pathway;
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<FinishTask>(), Who.Nadia, ward.Maria, new(step.Task!)));
        Assert.Equal(before, await SeenAsync(Who.Pieter));
        Assert.Equal(StepState.Done, (await SeenAsync(Who.Nadia)).State);
        Assert.Equal(page.Version, (await ViewAsync(ward, Who.Pieter, id)).Pathway.Version);
    }

    /// <summary>Labels a task as mental health, as an update over FHIR does.</summary>
    private static async Task LabelAsync(Ward ward, string task)
    {
        var read = (await ward.RunAsync(ward.Get<ReadTask>(), Who.Nadia, ward.Maria, new(task)))!.Task;
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<ReviseTask>(), Who.Nadia, ward.Maria, new(task, read with { Protection = InformationCategory.MentalHealth }, """{"resourceType":"Task"}"""u8.ToArray(), read.Version)));
    }

    [Fact]
    public async Task The_task_of_a_step_names_its_pathway_to_who_sees_the_pathway_alone()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var step = (await ViewAsync(ward, Who.Nadia, id)).Steps.First(s => s is { Step.Kind: StepKind.Task, Task: not null });
        var read = (await ward.RunAsync(ward.Get<ReadTask>(), Who.Nadia, ward.Maria, new(step.Task!)))!;
        Assert.Equal(["Hartfalen na ontslag"], read.Pathways);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Resources WHERE Type = 'Task' AND instr(CAST(Json AS TEXT), 'Hartfalen na ontslag') > 0"));
    }

    [Fact]
    public async Task Nobody_is_proposed_as_a_patient_who_has_no_account_but_who_answers_for_them()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter));
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        var read = await ward.RunAsync(ward.Get<ReadStart>(), Who.Karel, ward.Maria, new(HeartFailure));
        var roles = read.Template!.Roles.Where(r => r.Disciplines[0] == Discipline.Patient).Select(r => r.Id).ToList();
        Assert.NotEmpty(roles);
        Assert.Equal(roles, read.WithoutAccount);
        Assert.All(roles, r => Assert.Contains(read.Roles.GetValueOrDefault(r)?.Person, new PersonId?[] { null, Who.Karel.Id }));
        await using var known = await WardAsync();
        var with = await known.RunAsync(known.Get<ReadStart>(), Who.Karel, known.Maria, new(HeartFailure));
        Assert.Empty(with.WithoutAccount);
        Assert.All(roles, r => Assert.Equal(Who.MariaHerself.Id, with.Roles[r].Person));
    }

    [Fact]
    public async Task An_open_questionnaire_stands_for_the_one_of_its_time_alone()
    {
        await using var ward = await WardAsync();
        var open = await ward.TaskAsync(Who.MariaHerself, Tasks.TaskLifeTests.Ask(Who.MariaHerself) with { Id = Guid.NewGuid().ToString(), Title = "WHO-5", Focus = "Questionnaire/who-5" });
        var read = await ward.RunAsync(ward.Get<ReadStart>(), Who.Nadia, ward.Maria, new(HeartFailure));
        var step = Assert.Single(read.Reuse, r => r.Value.Any(o => o.Reference == "Task/" + open.Id)).Key;
        Assert.Equal(read.Template!.Steps.First(s => s.Step.Questionnaire == "who-5").Step.Id, step); // not those after 3 and 6 months
    }

    [Fact]
    public async Task A_phase_ends_by_its_criteria_or_by_a_person_with_a_reason()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var view = await ViewAsync(ward, Who.Nadia, id);
        var next = view.Phases[1].Phase.Id;
        Assert.Equal(PathwayOutcome.NeedsReason, await ward.RunAsync(ward.Get<MovePhase>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version, next, CriteriaMet: true)));
        Assert.Equal(PathwayOutcome.ChangedMeanwhile, await ward.RunAsync(ward.Get<MovePhase>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version + 1, next, true, DeviationReason.Condition, "omdat")));
        var noted = 0;
        foreach (var step in view.Phases[0].Steps.Where(s => s.Task is not null))
        {
            var owner = ward.People.People.Values.First(p => p.DisplayName == step.Owner);
            if (step.Step.Kind == StepKind.Handoff)
            {
                Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<DeviateStep>(), owner, ward.Maria, new(id, view.Pathway.Version + noted++, step.Step.Id, DeviationKind.Outside, DeviationReason.Other, "telefonisch overgedragen")));
                continue;
            }

            Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<FinishTask>(), owner, ward.Maria, new(step.Task!)));
        }

        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<MovePhase>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version + noted, next, CriteriaMet: true)));
        view = await ViewAsync(ward, Who.Nadia, id);
        Assert.Equal(next, view.Pathway.Current!.Id);
        Assert.True(view.Pathway.Phases[0].ByCriteria);
        Assert.All(view.Pathway.Deviations, d => Assert.Equal(DeviationKind.Outside, d.Kind));
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<MovePhase>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, view.Phases[3].Phase.Id, false, DeviationReason.Condition, "Zij is al stabiel.")));
        view = await ViewAsync(ward, Who.Nadia, id);
        Assert.Equal((DeviationKind.Phase, "Zij is al stabiel."), (view.Pathway.Deviations[^1].Kind, view.Pathway.Deviations[^1].Words));
        Assert.Contains(await ward.PageAsync(Who.Sofie, ward.Maria), e => e.Kind == Features.Timeline.EntryKind.Deviation);
        await NothingIsOwnerlessAsync(ward);
    }

    [Fact]
    public async Task A_deviation_needs_a_reason_stays_visible_and_moves_what_was_made()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var view = await ViewAsync(ward, Who.Nadia, id);
        var step = view.Steps.First(s => s is { State: StepState.Waiting, Step.Repeat: null });
        var day = BelgianTime.DayOf(step.Due).AddDays(6);
        Assert.Equal(PathwayOutcome.NeedsReason, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version, step.Step.Id, DeviationKind.Delay, DeviationReason.WaitsForOther, " ", day)));
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version, step.Step.Id, DeviationKind.Delay, DeviationReason.WaitsForOther, "eerst de nierfunctie", day)));
        view = await ViewAsync(ward, Who.Sofie, id);
        Assert.Equal(Pathway.EndOf(day), view.Steps.Single(s => s.Step.Id == step.Step.Id).Due);
        Assert.Equal(Pathway.EndOf(day).Ticks, await ward.NumberAsync("SELECT DueAt FROM Tasks WHERE Id = @p0", step.Task));
        var said = Assert.Single(view.Pathway.Deviations);
        Assert.Equal(("eerst de nierfunctie", DeviationReason.WaitsForOther, "Nadia"), (said.Words, said.Reason, said.By.Display!.Contains("Nadia", StringComparison.Ordinal) ? "Nadia" : said.By.Display));
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version, step.Step.Id, DeviationKind.Skip, DeviationReason.NotNeeded, "al gebeurd in het ziekenhuis")));
        view = await ViewAsync(ward, Who.Sofie, id);
        Assert.Equal(StepState.Skipped, view.Steps.Single(s => s.Step.Id == step.Step.Id).State);
        Assert.Equal((long)TaskState.Cancelled, await ward.NumberAsync("SELECT Status FROM Tasks WHERE Id = @p0", step.Task));
        Assert.Equal(2, view.Pathway.Deviations.Count);
    }

    [Fact]
    public async Task Stopping_ends_only_what_the_person_says_and_leaves_the_rest_with_its_owners()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var view = await ViewAsync(ward, Who.Nadia, id);
        var stops = view.Steps.Where(s => s.Task is not null || s.Step.Kind == StepKind.Measuring).Take(3).Select(s => s.Step.Id).ToList();
        var open = await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Open = 1");
        Assert.Equal(PathwayOutcome.NeedsReason, await ward.RunAsync(ward.Get<EndPathway>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version, false, null, stops)));
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<EndPathway>(), Who.Nadia, ward.Maria, new(id, view.Pathway.Version, false, "opnieuw opgenomen", stops)));
        Assert.Equal(open - stops.Count(s => view.Steps.Single(v => v.Step.Id == s).Task is not null), await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Open = 1"));
        view = await ViewAsync(ward, Who.Nadia, id);
        Assert.Equal((PathwayStatus.Stopped, "opnieuw opgenomen"), (view.Pathway.Status, view.Pathway.EndReason));
        await NothingIsOwnerlessAsync(ward);
        Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, await FormAsync(ward, Who.Nadia)));
    }

    [Fact]
    public async Task Of_steps_for_professionals_nothing_is_in_what_family_and_patient_read()
    {
        await using var plain = await WardAsync();
        await using var twin = await WardAsync();
        foreach (var (ward, hidden) in new[] { (plain, false), (twin, true) })
        {
            var template = TemplateFhir.Read(SeedTemplates.Files().Single(f => f.Name == HeartFailure + ".json").Json)!;
            var phase = template.Phases[0];
            TemplateStep[] secret = hidden ? [new() { Id = "geheim", Kind = StepKind.Task, Title = "Palliatief gesprek voorbereiden", Role = "huisarts", ForProfessionals = true }] : [];
            template = template with { Id = "tweeling", Phases = [phase with { Steps = [.. phase.Steps.Where(s => !s.ForProfessionals), .. secret] }, .. template.Phases.Skip(1).Select(p => p with { Steps = [.. p.Steps.Where(s => !s.ForProfessionals)] })] };
            var form = await FormAsync(ward, Who.Nadia);
            var room = await ward.Desk.OpenAsync(Who.Nadia.Actor(), ward.Maria, CareAction.Write, AccessSource.Page, CancellationToken.None);
            await room.CommitAsync((writer, _) => ValueTask.FromResult(Assert.IsType<StartPathway.Started>(ward.Get<StartPathway>().Start(writer, template, form with { Id = "0190a0a0-0000-7000-8000-000000000001" }, "0190a0a0-0000-7000-8000-000000000001", "portal"))), CancellationToken.None);
        }

        foreach (var who in new[] { Who.An, Who.MariaHerself, Who.Fatima })
        {
            Assert.Equal(await SeenAsync(plain, who), await SeenAsync(twin, who));
            Assert.DoesNotContain("Palliatief", await SeenAsync(twin, who), StringComparison.Ordinal);
        }

        Assert.Contains("Palliatief", await SeenAsync(twin, Who.Sofie), StringComparison.Ordinal);
    }

    private static async Task<string> SeenAsync(Ward ward, PersonRow who)
    {
        var view = (await ward.RunAsync(ward.Get<ReadPathways>(), who, ward.Maria, new())).Pathways.Single();
        var page = await ward.PageAsync(who, ward.Maria);
        return string.Join('\n', view.Steps.Select(s => $"{s.Step.Id} {s.State} {s.Owner} {s.Due:O}").Concat(view.Pathway.Roles.Select(r => r.Id)).Append(view.SlipAt?.ToString("O")).Append(view.Pathway.Version.ToString()).Concat(page.Select(e => $"{e.Title} {e.Text}").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Whatever_happens_to_a_pathway_nothing_is_ever_without_somebody_who_answers_for_it()
    {
        var dice = new Dice(output);
        PersonRow[] people = [Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter];
        await using var ward = await WardAsync();
        var done = 0;
        for (var step = 0; step < 250; step++)
        {
            var by = dice.Of(people);
            var views = (await ward.RunAsync(ward.Get<ReadPathways>(), by, ward.Maria, new())).Pathways;
            if (views.FirstOrDefault(v => v.Pathway.IsActive) is not { } view)
            {
                await StartAsync(ward, by);
                continue;
            }

            var (id, version) = (view.Pathway.Id, view.Pathway.Version);
            var any = dice.Of(view.Steps.ToArray());
            var why = dice.OneIn(5) ? "" : "omdat het zo is";
            var outcome = dice.Next(10) switch
            {
                0 => await ward.RunAsync(ward.Get<MovePhase>(), by, ward.Maria, new(id, version, dice.Of(view.Phases.ToArray()).Phase.Id, dice.OneIn(2), DeviationReason.Other, why)),
                1 or 2 => await ward.RunAsync(ward.Get<DeviateStep>(), by, ward.Maria, new(id, version, any.Step.Id, DeviationKind.Skip, DeviationReason.NotNeeded, why)),
                3 or 4 => await ward.RunAsync(ward.Get<DeviateStep>(), by, ward.Maria, new(id, version, any.Step.Id, DeviationKind.Delay, DeviationReason.WaitsForOther, why, BelgianTime.DayOf(ward.Clock.Utc).AddDays(dice.Next(60)))),
                5 => await ward.RunAsync(ward.Get<DeviateStep>(), by, ward.Maria, new(id, version, any.Step.Id, DeviationKind.Other, DeviationReason.PatientWish, why, New: "anders")),
                6 => await ward.RunAsync(ward.Get<AddStep>(), by, ward.Maria, new(id, version, Guid.NewGuid().ToString(), any.Step.Phase, "Extra bezoek", TaskParty.Of(dice.Of(people)), BelgianTime.DayOf(ward.Clock.Utc).AddDays(3), dice.OneIn(2))),
                7 => await ward.RunAsync(ward.Get<AddStep>(), by, ward.Maria, new(id, version, "", any.Step.Phase, "", TaskParty.Of(dice.Of(people)), BelgianTime.DayOf(ward.Clock.Utc).AddDays(3), false, Again: any.Step.Id)),
                8 when dice.OneIn(6) => await ward.RunAsync(ward.Get<EndPathway>(), by, ward.Maria, new(id, version, dice.OneIn(2), why, [.. view.Steps.Where(_ => dice.OneIn(3)).Select(s => s.Step.Id)])),
                _ => PathwayOutcome.Over,
            };
            done += outcome == PathwayOutcome.Done ? 1 : 0;
            if (any.Task is { } task)
                await ward.RunAsync(ward.Get<MoveTask>(), ward.People.People.Values.FirstOrDefault(p => p.DisplayName == any.Owner) ?? by, ward.Maria, new(task, dice.Of(new[] { TaskState.Accepted, TaskState.Rejected, TaskState.InProgress, TaskState.Completed, TaskState.Cancelled }), "omdat"));
            if (dice.OneIn(12))
                ward.Clock.Advance(TimeSpan.FromDays(dice.Next(2)));
            if (step % 10 == 0)
                await NothingIsOwnerlessAsync(ward);
        }

        await NothingIsOwnerlessAsync(ward);
        Assert.True(done > 40, $"{done} changes went through");
    }
}
