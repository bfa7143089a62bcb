using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Goals;

/// <summary>Nothing that many see points at a goal, a task, a plan or a value that fewer see.</summary>
public sealed class HiddenGoalTests : IAsyncLifetime
{
    private Ward _ward = default!;

    public async Task InitializeAsync() => _ward = await Ward.WithAsync(A.Patient().WithWholeTeam());

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    private async Task<CareGoal> GoalAsync(GoalKind kind, Audience audience, string words = "Doel", string? serves = null) =>
        (await _ward.RunAsync(_ward.Get<KeepGoal>(), Who.Karel, _ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = kind, Words = words, Audience = audience, Serves = serves })) is { IsDone: true, Goal: { } goal } ? goal : throw new InvalidOperationException("refused");

    private static CreateTask.Request Ask(string? goal, Audience audience) => new() { Id = Guid.NewGuid().ToString(), Title = "Taak", Owner = TaskParty.Of(Who.Sofie), Goal = goal, Audience = audience };

    [Fact]
    public async Task A_task_for_all_does_not_serve_a_goal_for_professionals()
    {
        var hidden = await GoalAsync(GoalKind.Care, Audience.Professionals);
        Assert.Equal(TaskRule.GoalForFewer, Assert.IsType<TaskRefused>(await _ward.RunAsync(_ward.Get<CreateTask>(), Who.Karel, _ward.Maria, Ask(hidden.Reference, Audience.WholeTeam))).Rule);
        var open = await _ward.TaskAsync(Who.Karel, Ask(null, Audience.WholeTeam));
        Assert.Equal(TaskRule.GoalForFewer, Assert.IsType<TaskRefused>(await _ward.RunAsync(_ward.Get<LinkTask>(), Who.Karel, _ward.Maria, new(open.Id, hidden.Reference))).Rule);
        Assert.Equal(hidden.Reference, (await _ward.TaskAsync(Who.Karel, Ask(hidden.Reference, Audience.Professionals))).Goal);
    }

    [Fact]
    public async Task A_care_goal_for_all_does_not_serve_a_life_goal_that_fewer_see()
    {
        var life = await GoalAsync(GoalKind.Life, Audience.ProfessionalsAndPatient);
        Assert.Equal(GoalOutcome.ServesNothing, (await _ward.RunAsync(_ward.Get<KeepGoal>(), Who.Karel, _ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "Zorgdoel", Serves = life.Reference })).Outcome);
        Assert.Equal(life.Reference, (await GoalAsync(GoalKind.Care, Audience.Professionals, serves: life.Reference)).Serves);
    }

    [Fact]
    public async Task A_measuring_plan_serves_a_goal_of_its_file_that_all_see_who_see_the_plan_and_is_no_way_into_a_closed_one()
    {
        await _ward.AddAsync(A.Patient("jef").WithTeam(Who.Karel));
        var elsewhere = await _ward.RunAsync(_ward.Get<KeepGoal>(), Who.Karel, new("jef"), new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "van Jef" });
        var hidden = await GoalAsync(GoalKind.Care, Audience.Professionals);
        var id = Guid.NewGuid().ToString();
        Task<SetMeasuringPlan.Result> Set(PersonRow who, string? goal, int seen = 0) => _ward.RunAsync(_ward.Get<SetMeasuringPlan>(), who, _ward.Maria, new() { Id = id, SeenVersion = seen, Loinc = MeasurementCatalogue.Weight.Loinc, Repeat = RepeatRule.Daily, Goal = goal });
        foreach (var goal in new[] { elsewhere.Goal!.Reference, hidden.Reference, "Goal/" + Guid.NewGuid(), "Communication/x", "onzin" })
            Assert.Equal(SetMeasuringPlan.Outcome.NotSound, (await Set(Who.Karel, goal)).Outcome);
        Assert.Equal(SetMeasuringPlan.Outcome.Done, (await Set(Who.Karel, (await GoalAsync(GoalKind.Care, Audience.WholeTeam)).Reference)).Outcome);
        await _ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("UPDATE \"Resources\" SET \"Category\" = 256 WHERE \"Id\" = @p0").With(id).Run()), CancellationToken.None);
        foreach (var seen in new[] { 0, 1, 7 })
            Assert.Equal((SetMeasuringPlan.Outcome.NotFound, null), await Set(Who.Pieter, null, seen) is var r ? (r.Outcome, r.Plan) : default);
    }

    [Fact]
    public async Task A_pathway_for_all_takes_over_nothing_that_fewer_see()
    {
        await _ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        var template = (await _ward.RunAsync(_ward.Get<ReadStart>(), Who.Karel, _ward.Maria, new(PathwayWorld.HeartFailure))).Template!;
        var step = template.Steps.First(s => s.Step is { Kind: StepKind.Task, ForProfessionals: false, Loinc: null, Questionnaire: null }).Step;
        var hidden = await _ward.TaskAsync(Who.Karel, Ask(null, Audience.Professionals) with { Title = step.Title });
        var closed = await _ward.TaskAsync(Who.Karel, Ask(null, Audience.WholeTeam) with { Title = step.Title, Protection = InformationCategory.MentalHealth });
        foreach (var goal in template.Goals)
            await GoalAsync(GoalKind.Care, Audience.Professionals, goal.Text);
        await _ward.RunAsync(_ward.Get<AddMeasurements>(), Who.Sofie, _ward.Maria, new(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("g 78 kalium 4,4").Measurements], null, Audience.Professionals));
        var read = await _ward.RunAsync(_ward.Get<ReadStart>(), Who.Karel, _ward.Maria, new(PathwayWorld.HeartFailure));
        Assert.DoesNotContain(read.Reuse, r => template.Steps.Any(s => s.Step.Id == r.Key && !s.Step.ForProfessionals));

        var form = await PathwayWorld.FormAsync(_ward, Who.Karel);
        foreach (var task in new[] { hidden, closed })
            Assert.Contains(Assert.IsType<StartPathway.Refused>(await _ward.RunAsync(_ward.Get<StartPathway>(), Who.Karel, _ward.Maria, form with { Choices = [new(step.Id, Reuse: "Task/" + task.Id)] })).Problems, p => p.Problem == StartPathway.Problem.NotReusable);
        Assert.IsType<StartPathway.Started>(await _ward.RunAsync(_ward.Get<StartPathway>(), Who.Karel, _ward.Maria, form));
        var seen = (await GoalTests.PlanAsync(_ward, Who.An)).Goals.Select(g => g.Goal.Words).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(seen);
        var view = (await _ward.RunAsync(_ward.Get<ReadPathways>(), Who.An, _ward.Maria, new())).Pathways.Single();
        Assert.Equal(seen.Count, view.Pathway.Goals.Count);
    }

    [Fact]
    public async Task A_pathway_that_is_closed_to_somebody_does_not_tell_them_that_it_runs()
    {
        await _ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        var first = await PathwayWorld.StartAsync(_ward, Who.Karel);
        Assert.Equal(first, Assert.IsType<StartPathway.RunsAlready>(await _ward.RunAsync(_ward.Get<StartPathway>(), Who.Pieter, _ward.Maria, await PathwayWorld.FormAsync(_ward, Who.Pieter))).Id);
        await _ward.Database.WriteAsync((session, _) =>
        {
            foreach (var table in new[] { "Resources", "TimelineEntries", "Pathways", "PathwaySteps", "PathwayPhases", "PathwayDeviations" })
                session.Sql($"UPDATE \"{table}\" SET \"Category\" = 256 WHERE \"PatientId\" = @p0").With(_ward.Maria.Value).Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        Assert.IsType<StartPathway.Started>(await _ward.RunAsync(_ward.Get<StartPathway>(), Who.Pieter, _ward.Maria, await PathwayWorld.FormAsync(_ward, Who.Pieter)));
        Assert.IsType<StartPathway.RunsAlready>(await _ward.RunAsync(_ward.Get<StartPathway>(), Who.Karel, _ward.Maria, await PathwayWorld.FormAsync(_ward, Who.Karel)));
    }
}
