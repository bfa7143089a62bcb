using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Support;
using static CareTeamPortal.Tests.Pathways.PathwayLifeTests;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>What can be adapted before a pathway starts; conflicts; a newer version of the template.</summary>
public sealed class PathwayFormTests
{
    private const string HeartFailure = "hartfalen-na-ontslag";

    private static (TemplatePhase Phase, TemplateStep Step) Weight(PathwayTemplate template) => template.Steps.First(s => s.Step is { Kind: StepKind.Measuring, Loinc: "29463-7" } && s.Step.Limits.Count > 0);

    private static async Task<PathwayTemplate> TemplateAsync(Ward ward) => (await ward.RunAsync(ward.Get<ReadStart>(), Who.Nadia, ward.Maria, new(HeartFailure))).Template!;

    private static async Task<MeasuringPlan> PlanAsync(Ward ward) => (await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Nadia, ward.Maria, new())).Plans.Single(p => p.Plan.Loinc == "29463-7").Plan;

    private static Task<SetMeasuringPlan.Result> OwnPlanAsync(Ward ward) => ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, new()
    {
        Id = Guid.NewGuid().ToString(), Loinc = "29463-7", By = [TaskParty.Of(Who.An)], Rules = [new() { Threshold = new() { Id = "eigen", Quantity = Measured.KeysOf("29463-7")[0], Kind = ThresholdKind.Value, Side = Side.Above, Limit = 80, Since = DateTime.UnixEpoch } }],
    });

    [Fact]
    public async Task Limits_that_were_changed_in_the_form_are_those_of_the_plan_and_say_by_whom()
    {
        await using var ward = await WardAsync();
        var step = Weight(await TemplateAsync(ward)).Step;
        var form = new StepForm { Limits = [.. step.Limits.Select(l => new LimitForm(l))] };
        Assert.Null(form.Changed("x")); // untouched: as the template says
        foreach (var limit in form.Limits.Skip(1))
            limit.In = false;
        form.Limits[0].Number = "2,5";
        Assert.True(form.Limits[0].IsSound);
        Assert.False(new LimitForm(step.Limits[0]) { Number = "veel" }.IsSound);
        var id = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, (await FormAsync(ward, Who.Nadia)) with { Choices = [new(step.Id, Limits: form.Changed("aangepast door Nadia"))] })).Id;
        var rule = Assert.Single((await PlanAsync(ward)).Rules);
        Assert.Equal((2.5m, "aangepast door Nadia", false), (rule.Threshold.Limit, rule.Source, rule.ToConfirm));
        Assert.Equal(ward.Clock.Utc, rule.Threshold.Since);
        Assert.Equal(2.5m, (await ViewAsync(ward, Who.Nadia, id)).Steps.Single(s => s.Step.Id == step.Id).Step.Limits.Single().Threshold.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plan_that_goes_on_keeps_its_limits_unless_the_person_takes_those_of_the_template(bool takes)
    {
        await using var ward = await WardAsync();
        var own = (await OwnPlanAsync(ward)).Plan!;
        var read = await ward.RunAsync(ward.Get<ReadStart>(), Who.Nadia, ward.Maria, new(HeartFailure));
        var step = Weight(read.Template!).Step;
        var offer = Assert.Single(read.Reuse[step.Id]);
        Assert.Equal($"ServiceRequest/{own.Id}", offer.Reference);
        Assert.Contains("80", Assert.Single(offer.Limits), StringComparison.Ordinal);
        var id = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, (await FormAsync(ward, Who.Nadia)) with { Choices = [new(step.Id, Reuse: offer.Reference, TakeLimits: takes)] })).Id;
        var plan = await PlanAsync(ward); // one plan: it was not made twice
        Assert.Equal(own.Id, plan.Id);
        Assert.Equal(takes ? step.Limits.Select(l => l.Id) : ["eigen"], plan.Rules.Select(r => r.Threshold.Id));
        Assert.Equal("An De Smedt", Assert.Single(plan.By).Display); // who measures stays
        Assert.Equal((StepState.Running, true), (await ViewAsync(ward, Who.Nadia, id)).Steps.Single(s => s.Step.Id == step.Id) is var view ? (view.State, view.Step.Reused) : default);
    }

    [Fact]
    public async Task Goals_of_a_pathway_are_care_goals_with_an_owner_a_target_a_day_and_the_life_goal_that_they_serve()
    {
        await using var ward = await WardAsync();
        var life = (await ward.RunAsync(ward.Get<KeepGoal>(), Who.MariaHerself, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Life, Words = "Te voet naar de nachtmis." })).Goal!;
        var template = await TemplateAsync(ward);
        var wanted = template.Goals.First(g => template.Steps.Any(s => s.Step.Goal == g.Id && !s.Step.ForProfessionals));
        var form = await FormAsync(ward, Who.Nadia);
        Assert.Contains(Assert.IsType<StartPathway.Refused>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form with { Goals = [new(wanted.Id, "Goal/elders")] })).Problems, p => p.Problem == StartPathway.Problem.Goal);
        Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Nadia, ward.Maria, form with { Goals = [new(wanted.Id, life.Reference, new() { Loinc = "29463-7", Side = TargetSide.AtMost, Value = 77 })] }));
        var plan = await ward.RunAsync(ward.Get<ReadPlan>(), Who.Nadia, ward.Maria, new());
        var goal = plan.Open(GoalKind.Care).Single(g => g.Goal.Words == wanted.Text).Goal;
        Assert.Equal((life.Reference, 77m, Who.Nadia.Id), (goal.Serves, goal.Target!.Value, goal.Owner!.Person));
        Assert.All(plan.Open(GoalKind.Care), g => Assert.NotNull(g.Goal.Owner));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Goal IS NOT NULL AND Goal NOT IN (SELECT 'Goal/' || Id FROM Resources WHERE Type = 'Goal')"));
    }

    [Fact]
    public void Two_tasks_of_one_kind_in_a_week_conflict_unless_one_pathway_plans_them()
    {
        var day = new DateTime(2026, 11, 2, 22, 59, 0, DateTimeKind.Utc);
        Conflicts.Ask Ask(string id, int days, string? from, string kind = "t:bloedafname") => new("Bloedafname", kind, day.AddDays(days), from, id);
        Assert.Empty(Conflicts.OfTasks([Ask("a", 0, "Hartfalen"), Ask("b", 3, "Hartfalen")]));
        Assert.Empty(Conflicts.OfTasks([Ask("a", 0, "Hartfalen"), Ask("b", 7, "Diabetes")]));
        Assert.Empty(Conflicts.OfTasks([Ask("a", 0, "Hartfalen"), Ask("b", 3, "Diabetes", "t:wegen")]));
        var found = Assert.Single(Conflicts.OfTasks([Ask("b", 6, "Diabetes"), Ask("a", 0, "Hartfalen"), Ask("a", 0, "Hartfalen")]));
        Assert.Equal(("Hartfalen", "Diabetes", day.AddDays(6)), (found.First, found.Second, found.At));
        Assert.Single(Conflicts.OfTasks([Ask("a", 0, "Hartfalen"), Ask("b", 3, null)]));
    }

    [Fact]
    public void Two_targets_for_one_quantity_conflict_and_two_of_the_same_do_not()
    {
        GoalTarget Target(decimal value, string loinc = "29463-7", TargetSide side = TargetSide.AtMost) => new() { Loinc = loinc, Side = side, Value = value };
        Assert.Empty(Conflicts.OfTargets([("a", Target(77)), ("b", Target(77)), ("c", Target(140, "8480-6")), ("d", new() { Words = "77 kg" })]));
        var found = Assert.Single(Conflicts.OfTargets([("a", Target(77)), ("b", Target(80))]));
        Assert.True(found is { IsTarget: true, Quantity: "29463-7" });
        Assert.Contains("77", found.First, StringComparison.Ordinal);
        Assert.Contains("80", found.Second, StringComparison.Ordinal);
        Assert.Single(Conflicts.OfTargets([("a", Target(77)), ("b", Target(77, side: TargetSide.AtLeast))]));
    }

    [Fact]
    public async Task Conflicts_stand_beside_the_pathways_of_who_may_see_both()
    {
        await using var ward = await WardAsync();
        await StartAsync(ward, Who.Nadia);
        foreach (var value in new[] { 77, 80 })
            await ward.RunAsync(ward.Get<KeepGoal>(), Who.Tom, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = $"Gewicht {value}", Target = new() { Loinc = "29463-7", Side = TargetSide.AtMost, Value = value } });
        await OwnPlanAsync(ward);
        var conflicts = (await ward.RunAsync(ward.Get<ReadPathways>(), Who.Karel, ward.Maria, new())).Conflicts;
        Assert.Single(conflicts, c => c.IsTarget);
    }

    [Fact]
    public async Task A_newer_version_is_offered_with_a_comparison_and_changes_nothing_until_a_person_accepts()
    {
        await using var ward = await WardAsync();
        var id = await StartAsync(ward, Who.Nadia);
        var before = await ViewAsync(ward, Who.Nadia, id);
        Assert.Null(before.NewVersion);
        var made = before.Steps.First(s => s is { Task: not null, Step.Kind: StepKind.Task }).Step;
        var template = await TemplateAsync(ward);
        var planned = before.Steps.First(s => s is { State: StepState.Planned, Step: { Kind: StepKind.Task, Repeat: null } } && template.Steps.Single(t => t.Step.Id == s.Step.Id) is var (phase, step) && step.Due.Hours is null && step.Due.Day + 2 <= (phase.UntilDay ?? 999)).Step;
        var goneMade = before.Steps.First(s => s is { Task: not null, Step.Kind: StepKind.Task } && s.Step.Id != made.Id).Step;
        var measured = before.Steps.First(s => s is { Step.Kind: StepKind.Measuring, Step.Limits.Count: > 0 } && s.Step.Limits[0].Threshold.Limit is not null).Step;
        TemplateStep Changed(TemplateStep s) => s.Id == made.Id ? s with { Title = s.Title + " (nieuw)" } : s.Id == planned.Id ? s with { Title = s.Title + " (nieuw)", Due = new(s.Due.Day + 2) } : s.Id == measured.Id ? s with { Limits = [s.Limits[0] with { Limit = s.Limits[0].Limit + 1 }, .. s.Limits.Skip(1)] } : s;
        var gone = before.Steps.Last(s => s is { State: StepState.Planned, Step.Kind: StepKind.Task } && s.Step.Id != planned.Id).Step;
        var next = template with { Phases = [.. template.Phases.Select((p, i) => p with { Steps = [.. p.Steps.Where(s => s.Id != gone.Id && s.Id != goneMade.Id).Select(Changed), .. i == 0 ? new[] { p.Steps[0] with { Id = "extra", Kind = StepKind.Task, Title = "Extra gesprek", Limits = [], Loinc = null, ToRole = null, Questionnaire = null, Repeat = null, RepeatUntilDay = null, Goal = null } } : []] })] };
        var draft = Assert.IsType<TemplateResult.Done>(await ward.Get<SaveTemplateDraft>().RunAsync(Who.Piet.Actor(), new() { Id = HeartFailure, Template = next }, CancellationToken.None));
        var published = await ward.Get<PublishTemplate>().RunAsync(Who.Piet.Actor(), HeartFailure, draft.Number, "extra gesprek", CancellationToken.None);
        Assert.True(published is TemplateResult.Done, published is TemplateResult.Faulty faulty ? string.Join("; ", faulty.Problems) : published.ToString());

        var offered = await ViewAsync(ward, Who.Nadia, id);
        Assert.Equal(template.Version + 1, offered.NewVersion);
        Assert.Equal(before.Steps.Select(s => (s.Step.Id, s.Step.Title, s.Due, s.State)), offered.Steps.Select(s => (s.Step.Id, s.Step.Title, s.Due, s.State))); // never forced
        var compared = await ward.RunAsync(ward.Get<ReadNewVersion>(), Who.Nadia, ward.Maria, new(id));
        var lines = string.Join('\n', compared.SelectMany(l => l.Details.Prepend(l.Words)));
        Assert.Contains(compared, l => l.Words.StartsWith("Valt weg", StringComparison.Ordinal) && l.Words.Contains(gone.Title, StringComparison.Ordinal));
        Assert.Contains(compared, l => l.Words.StartsWith("Verandert", StringComparison.Ordinal) && l.Words.Contains(planned.Title, StringComparison.Ordinal) && l.Details.Any(d => d.StartsWith("wanneer: van", StringComparison.Ordinal)));
        Assert.Contains(compared, l => l.Words.StartsWith("Staat niet meer", StringComparison.Ordinal) && l.Words.Contains(goneMade.Title, StringComparison.Ordinal));
        Assert.Contains(compared, l => l.Words.StartsWith("Blijft", StringComparison.Ordinal) && l.Words.Contains(measured.Title, StringComparison.Ordinal) && l.Details.Any(d => d.StartsWith("grens", StringComparison.Ordinal)));
        Assert.DoesNotContain(compared, l => l.Words.Contains(before.Steps.Last(s => s is { Task: not null, Step.Kind: StepKind.Task }).Step.Title, StringComparison.Ordinal) && l.Words.StartsWith("Blijft", StringComparison.Ordinal)); // what is the same in both is not named
        foreach (var told in new[] { "Extra gesprek", planned.Title + " (nieuw)", made.Title, gone.Title })
            Assert.Contains(told, lines, StringComparison.Ordinal);
        Assert.Equal(PathwayOutcome.ChangedMeanwhile, await ward.RunAsync(ward.Get<TakeNewVersion>(), Who.Nadia, ward.Maria, new(id, offered.Pathway.Version, template.Version)));
        Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<TakeNewVersion>(), Who.Nadia, ward.Maria, new(id, offered.Pathway.Version, template.Version + 1)));
        var taken = await ViewAsync(ward, Who.Nadia, id);
        StepView? Of(string step) => taken.Steps.FirstOrDefault(s => s.Step.Id == step);
        Assert.Equal((template.Version + 1, (int?)null), (taken.Pathway.TemplateVersion, taken.NewVersion));
        Assert.Equal((planned.Title + " (nieuw)", planned.Planned.Date.AddDays(2)), (Of(planned.Id)!.Step.Title, Of(planned.Id)!.Step.Planned.Date)); // nothing was made for it: it moves
        Assert.Equal((made.Title, made.Made, made.Planned), (Of(made.Id)!.Step.Title, Of(made.Id)!.Step.Made, Of(made.Id)!.Step.Planned)); // what is made stays
        Assert.Null(Of(gone.Id));
        Assert.NotNull(Of("extra")!.Task); // of the phase that runs it is made at once
        Assert.NotNull(Of("extra")!.Accountable);
    }

    [Fact]
    public async Task A_goal_that_came_without_a_date_can_be_served_by_a_task()
    {
        await using var ward = await WardAsync();
        await ward.TakeAsync([Who.Nadia], """{"resourceType":"Goal","id":"ondatiert","lifecycleStatus":"active","description":{"text":"Beter slapen"},"subject":{"reference":"Patient/maria-verhoeven"}}""");
        var goal = (await ward.RunAsync(ward.Get<ReadPlan>(), Who.Nadia, ward.Maria, new())).Goals.Single().Goal;
        Assert.Null(goal.Start);
        var task = await ward.TaskAsync(Who.Nadia, Tasks.TaskLifeTests.Ask(Who.Nadia) with { Id = Guid.NewGuid().ToString() });
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<LinkTask>(), Who.Nadia, ward.Maria, new(task.Id, goal.Reference)));
    }
}
