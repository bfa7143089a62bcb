using System.Text.Json;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Goals;

/// <summary>What matters to the patient, goals, and what serves them: who may say what, what is kept, and that nothing stops by itself.</summary>
public sealed class GoalTests
{
    [Fact]
    public async Task What_the_patient_says_is_kept_with_every_earlier_saying_and_who_wrote_it_down()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.Equal(GoalOutcome.Done, await SayAsync(ward, Who.MariaHerself, "In mijn eigen huis blijven.", null));
        var first = (await PlanAsync(ward, Who.Sofie)).Sayings.Single();
        Assert.Equal(GoalOutcome.ChangedMeanwhile, await SayAsync(ward, Who.Sofie, "Zonder te lezen.", null));
        ward.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(GoalOutcome.Done, await SayAsync(ward, Who.Sofie, "Zondag koffie met de kleinkinderen.", first.Reference));

        var plan = await PlanAsync(ward, Who.MariaHerself);
        Assert.Equal([("Zondag koffie met de kleinkinderen.", Who.Sofie.DisplayName, false), ("In mijn eigen huis blijven.", Who.MariaHerself.DisplayName, true)], plan.Sayings.Select(s => (s.Words, s.By!, s.IsByPatient)));
        Assert.Contains("said-by", await JsonAsync(ward, plan.Sayings[0].Reference), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Family_and_aide_write_nothing_down_and_a_named_proxy_speaks_for_the_patient()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var who in new[] { Who.An, Who.Fatima })
        {
            await Assert.ThrowsAsync<ActionRefused>(() => SayAsync(ward, who, "voor mama", null));
            await Assert.ThrowsAsync<ActionRefused>(() => KeepAsync(ward, who, Life("voor mama")));
            Assert.False((await PlanAsync(ward, who)).MayAdd);
        }

        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Proxy, true, Person: Who.An.Id));
        var goal = (await KeepAsync(ward, Who.An, Life("Te voet naar de nachtmis."))).Goal!;
        Assert.Equal((GoalKind.Life, $"Patient/{ward.Maria}", Who.An.Id), (goal.Kind, goal.By!.Reference, goal.WrittenBy!.Person!.Value));
        Assert.True((await KeepAsync(ward, Who.MariaHerself, Life("Met de bus naar de nachtmis.") with { Id = goal.Id, SeenVersion = 1 })).IsDone);
    }

    [Fact]
    public async Task The_patients_own_goal_is_said_otherwise_by_nobody_else_and_a_remark_may_come_from_whoever_cares()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var goal = (await KeepAsync(ward, Who.MariaHerself, Life("Te voet naar de nachtmis."))).Goal!;
        Assert.Equal(GoalOutcome.NotYours, (await KeepAsync(ward, Who.Karel, Life("Met een rolstoel.") with { Id = goal.Id, SeenVersion = 1 })).Outcome);
        Assert.Equal(GoalOutcome.NotYours, (await MoveAsync(ward, Who.Karel, goal, GoalState.Cancelled, "kan niet")).Outcome);
        Assert.True((await KeepAsync(ward, Who.Karel, new() { Id = goal.Id, SeenVersion = 1, Kind = GoalKind.Life, Remark = "Vandaag 90 meter." })).IsDone);

        var view = (await PlanAsync(ward, Who.MariaHerself)).Goals.Single();
        Assert.Equal(("Te voet naar de nachtmis.", "Vandaag 90 meter.", Who.Karel.DisplayName), (view.Goal.Words, view.Goal.Remarks[0].Words, view.Goal.Remarks[0].By));
        Assert.Equal(GoalOutcome.ChangedMeanwhile, (await KeepAsync(ward, Who.MariaHerself, Life("anders") with { Id = goal.Id, SeenVersion = 1 })).Outcome);
        Assert.True((await MoveAsync(ward, Who.Karel, view.Goal, GoalState.Achieved)).IsDone);
    }

    [Fact]
    public async Task A_care_goal_serves_an_open_life_goal_has_an_owner_who_may_see_it_and_is_written_as_fhir()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var life = (await KeepAsync(ward, Who.MariaHerself, Life("Thuis blijven."))).Goal!;
        Assert.Equal(GoalOutcome.ServesNothing, (await KeepAsync(ward, Who.Tom, Weight() with { Serves = "Goal/nergens" })).Outcome);
        Assert.Equal(GoalOutcome.OwnerMayNotSee, (await KeepAsync(ward, Who.Tom, Weight() with { Owner = TaskParty.Of(Who.Els) })).Outcome);
        Assert.Equal(GoalOutcome.TargetNotSound, (await KeepAsync(ward, Who.Tom, Weight() with { Target = new() { Loinc = "29463-7" } })).Outcome);
        var care = (await KeepAsync(ward, Who.Tom, Weight() with { Serves = life.Reference, Owner = TaskParty.Of(Who.Sofie) })).Goal!;
        Assert.Equal(GoalOutcome.ServesNothing, (await KeepAsync(ward, Who.Tom, Weight() with { Serves = care.Reference })).Outcome);

        using var json = JsonDocument.Parse(await JsonAsync(ward, care.Reference));
        var target = json.RootElement.GetProperty("target")[0];
        Assert.Equal(("29463-7", 77m, "<=", "kg", "2026-12-20"), (target.GetProperty("measure").GetProperty("coding")[0].GetProperty("code").GetString(), target.GetProperty("detailQuantity").GetProperty("value").GetDecimal(),
            target.GetProperty("detailQuantity").GetProperty("comparator").GetString(), target.GetProperty("detailQuantity").GetProperty("code").GetString(), target.GetProperty("dueDate").GetString()));
        var plan = await PlanAsync(ward, Who.MariaHerself);
        Assert.Equal(care.Id, Assert.Single(plan.Under(plan.Open(GoalKind.Life).Single().Goal)).Goal.Id);
        Assert.Equal(Who.Sofie.Id, plan.Under(life).Single().Goal.Owner!.Person);
    }

    [Fact]
    public async Task Progress_goes_from_the_value_before_the_goal_began_to_the_last_one_that_its_reader_sees()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await WeighAsync(ward, 82m);
        ward.Clock.Advance(TimeSpan.FromDays(1));
        await KeepAsync(ward, Who.Tom, Weight());
        ward.Clock.Advance(TimeSpan.FromDays(1));
        await WeighAsync(ward, 79m);
        ward.Clock.Advance(TimeSpan.FromDays(1));
        await WeighAsync(ward, 76.5m, Audience.Professionals);

        var nurse = (await PlanAsync(ward, Who.Sofie)).Goals.Single().Progress!;
        Assert.Equal((82m, 76.5m, true, 1m), (nurse.Baseline.Value, nurse.Last.Value, nurse.IsMet, nurse.Part!.Value));
        var family = (await PlanAsync(ward, Who.An)).Goals.Single().Progress!;
        Assert.Equal((79m, 2m, 0.6m), (family.Last.Value, family.Left, family.Part!.Value));
    }

    [Fact]
    public async Task Closing_a_goal_stops_nothing_and_lists_what_served_it_with_who_decides()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var (goal, task, plan) = await WithServantsAsync(ward);
        Assert.Equal(GoalOutcome.NeedsReason, (await MoveAsync(ward, Who.Tom, goal, GoalState.Cancelled)).Outcome);
        Assert.True((await MoveAsync(ward, Who.Tom, goal, GoalState.Cancelled, "ander plan")).IsDone);

        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Open = 1"));
        Assert.True(await ward.NumberAsync("SELECT COUNT(*) FROM Thresholds") > 0);
        var left = (await PlanAsync(ward, Who.Tom)).Closed.Single().Left;
        Assert.Equal([(task.Id, true), (plan.Id, true)], left.Select(s => (s.Reference.Split('/')[1], s.MayStop)));
        var seen = (await PlanAsync(ward, Who.Pieter)).Closed.Single().Left.Single(s => s.Task is not null);
        Assert.Equal((false, Who.Tom.Id), (seen.MayStop, seen.DecidesId!.Value));
        Assert.Equal(TaskRule.NotYours, Assert.IsType<TaskRefused>(await ward.Get<SettleServant>().RunAsync(Who.Pieter.Actor(), ward.Maria, new(seen, ServantDecision.Stop, "weg"), default)).Rule);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Open = 1"));
    }

    [Fact]
    public async Task Each_decision_stops_keeps_or_gives_one_thing()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var (goal, task, _) = await WithServantsAsync(ward, RepeatRule.Daily);
        var other = (await KeepAsync(ward, Who.Tom, Weight() with { Words = "Zonder vocht." })).Goal!;
        await MoveAsync(ward, Who.Tom, goal, GoalState.Achieved);
        var settle = ward.Get<SettleServant>();

        var left = (await PlanAsync(ward, Who.Tom)).Goals.Single(g => g.Goal.Id == goal.Id).Left;
        Assert.Null(await settle.RunAsync(Who.Tom.Actor(), ward.Maria, new(left.Single(s => s.Measuring is not null), ServantDecision.Give, null, other.Reference), default));
        Assert.IsType<TaskRefused>(await settle.RunAsync(Who.Tom.Actor(), ward.Maria, new(left.Single(s => s.Task is not null), ServantDecision.Stop, " "), default));
        Assert.Null(await settle.RunAsync(Who.Tom.Actor(), ward.Maria, new(left.Single(s => s.Task is not null), ServantDecision.Stop, "doel bereikt"), default));
        ward.Clock.Advance(TimeSpan.FromDays(3));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Open = 1")); // nor does its series go on

        var after = await PlanAsync(ward, Who.Tom);
        Assert.Empty(after.Goals.Single(g => g.Goal.Id == goal.Id).Left);
        Assert.Equal(other.Reference, (await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Tom, ward.Maria, new())).Plans.Single().Plan.Goal);
        Assert.NotNull(task);
    }

    [Fact]
    public async Task A_task_without_a_goal_is_listed_and_given_one_by_who_may_and_an_alert_is_not_among_them()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var goal = (await KeepAsync(ward, Who.Tom, Weight())).Goal!;
        var task = await ward.TaskAsync(Who.Tom, new() { Id = Guid.NewGuid().ToString(), Title = "Wegen", Owner = TaskParty.Of(Who.Sofie) });
        Assert.Equal((task.Id, true), (await PlanAsync(ward, Who.Sofie)).Orphans.Select(o => (o.Task.Id, o.MayLink)).Single());
        Assert.False((await PlanAsync(ward, Who.Pieter)).Orphans.Single().MayLink);
        Assert.Equal(TaskRule.NotYours, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<LinkTask>(), Who.Pieter, ward.Maria, new(task.Id, goal.Reference))).Rule);
        Assert.Equal(TaskRule.NotInFile, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<LinkTask>(), Who.Sofie, ward.Maria, new(task.Id, "Goal/elders"))).Rule);
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<LinkTask>(), Who.Sofie, ward.Maria, new(task.Id, goal.Reference)));

        var plan = await PlanAsync(ward, Who.Sofie);
        Assert.Empty(plan.Orphans);
        Assert.Equal(task.Id, plan.Goals.Single().Tasks.Single().Id);
        Assert.Contains(goal.Reference, await JsonAsync(ward, $"Task/{task.Id}"), StringComparison.Ordinal);
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<LinkTask>(), Who.Sofie, ward.Maria, new(task.Id, null)));
        Assert.DoesNotContain("basedOn", await JsonAsync(ward, $"Task/{task.Id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_goal_outside_the_caregiver_circle_is_not_there_for_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await KeepAsync(ward, Who.Tom, Weight() with { Audience = Audience.ProfessionalsAndPatient });
        Assert.Single((await PlanAsync(ward, Who.MariaHerself)).Goals);
        Assert.Empty((await PlanAsync(ward, Who.An)).Goals);
        Assert.Empty(await ward.PageAsync(Who.An, ward.Maria));
    }

    [Theory]
    [InlineData("""{"lifecycleStatus":"active","description":{"text":"Minder zout"},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"detailQuantity":{"value":"veel"}},{"detailString":"rustig aan"}],"addresses":[{"display":"Hartfalen"}]}""", "Minder zout")]
    [InlineData("""{"lifecycleStatus":["x"],"description":{"coding":[{"code":"123","display":"Lopen"}]},"target":{"dueDate":"2026-13-45"}}""", "Lopen")]
    [InlineData("""{"lifecycleStatus":"active","description":{},"target":[{"measure":{"text":"x"},"detailRange":{"low":{"value":9},"high":{"value":3}}}],"extension":[{"url":"https://careteamportal.example/fhir/StructureDefinition/serves-goal","valueReference":{"reference":"Patient/x"}}]}""", "")]
    public async Task A_goal_of_another_source_stays_readable_whatever_is_odd_about_it(string rest, string words)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([], $$"""{"resourceType":"Goal","id":"doel-1","startDate":"2026-11-01","subject":{"reference":"Patient/{{Who.Maria}}"},{{rest[1..]}}""");
        var goal = (await PlanAsync(ward, Who.Karel)).Goals.Single().Goal;
        Assert.Equal(words, goal.Words);
        Assert.True((await KeepAsync(ward, Who.Karel, new() { Id = goal.Id, SeenVersion = goal.Version, Kind = goal.Kind, Words = "Beter gezegd", Target = goal.Target, Serves = goal.Serves, Owner = goal.Owner })).IsDone);
        var json = await JsonAsync(ward, goal.Reference);
        if (rest.Contains("rustig aan", StringComparison.Ordinal))
            Assert.Contains("rustig aan", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_words_are_kept_as_words()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var goal = (await KeepAsync(ward, Who.MariaHerself, Life("<script>alert(1)</script>\u202E\u0000 naar \n huis"))).Goal!;
        Assert.DoesNotContain('\u202E', goal.Words);
        Assert.Contains("<script>", goal.Words, StringComparison.Ordinal);
        Assert.Equal(GoalOutcome.TooLong, (await KeepAsync(ward, Who.MariaHerself, Life(new string('x', SetGoal.LongestWords + 1)))).Outcome);
        Assert.Equal(GoalOutcome.NothingSaid, (await KeepAsync(ward, Who.MariaHerself, Life("\u200B \n"))).Outcome);
    }

    internal static KeepGoal.Request Life(string words) => new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Life, Words = words };

    internal static KeepGoal.Request Weight() => new()
    {
        Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "Droog gewicht", Target = new() { Loinc = MeasurementCatalogue.Weight.Loinc, Side = TargetSide.AtMost, Value = 77, Due = new(2026, 12, 20) },
    };

    internal static Task<GoalResult> KeepAsync(Ward ward, PersonRow who, KeepGoal.Request request) => ward.RunAsync(ward.Get<KeepGoal>(), who, ward.Maria, request);

    internal static Task<GoalResult> MoveAsync(Ward ward, PersonRow who, CareGoal goal, GoalState to, string? reason = null) => ward.RunAsync(ward.Get<MoveGoal>(), who, ward.Maria, new(goal.Id, goal.Version, to, reason));

    internal static Task<PlanOfPatient> PlanAsync(Ward ward, PersonRow who) => ward.RunAsync(ward.Get<ReadPlan>(), who, ward.Maria, new());

    private static Task<GoalOutcome> SayAsync(Ward ward, PersonRow who, string words, string? seen) => ward.RunAsync(ward.Get<WriteOwnWords>(), who, ward.Maria, new(Guid.NewGuid().ToString(), words, seen));

    private static async Task<(CareGoal Goal, CareTask Task, MeasuringPlan Plan)> WithServantsAsync(Ward ward, RepeatRule? repeat = null)
    {
        var goal = (await KeepAsync(ward, Who.Tom, Weight())).Goal!;
        var task = await ward.TaskAsync(Who.Tom, new() { Id = Guid.NewGuid().ToString(), Title = "Wegen", Owner = TaskParty.Of(Who.Sofie), Goal = goal.Reference, DueAt = repeat is null ? null : ward.Clock.GetUtcNow().UtcDateTime.AddHours(5), Repeat = repeat });
        var plan = (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Tom, ward.Maria, new()
        {
            Id = Guid.NewGuid().ToString(), Loinc = MeasurementCatalogue.Weight.Loinc, Goal = goal.Reference, Rules = [new() { Threshold = new() { Id = "hoog", Quantity = "Weight", Kind = ThresholdKind.Value, Limit = 82, Since = default } }],
        })).Plan!;
        return (goal, task, plan);
    }

    private static async Task<string> JsonAsync(Ward ward, string reference) =>
        System.Text.Encoding.UTF8.GetString((byte[])(await ward.RowsAsync("SELECT Json FROM Resources WHERE Type = @p0 AND Id = @p1", reference.Split('/')[0], reference.Split('/')[1]))[0][0]!);

    private static Task WeighAsync(Ward ward, decimal kilos, Audience audience = Audience.WholeTeam) => ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria,
        new(Guid.NewGuid().ToString(), QuickEntry.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"g {kilos}").Replace('.', ',')).Measurements, null, audience, null));
}
