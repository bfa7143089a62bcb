using System.Text;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>Hostile words, numbers and dates in every field of pathways, goals, measuring plans, alerts and answers; and several people at once.</summary>
public sealed class HostilePathwayTests(ITestOutputHelper output)
{
    public static TheoryData<string> Words => new()
    {
        "<script>alert(1)</script>", "\u202Eomgekeerd\u202C", new string('a', 10_000), "half\ud800teken", "\udc00", "nul\0teken", "\0", "regel\r\nregel\u2028regel", new string('\u0301', 500) + "x", "\"]}{\"resourceType\":\"Patient\"", "'; DROP TABLE \"Tasks\"; --", "{0} {1} {99}", "&amp;<b>", "\u200b\u200b",
    };

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Hostile_words_are_kept_harmless_or_refused_and_everything_stays_readable(string words)
    {
        await using var ward = await WardAsync();
        var id = await PathwayWorld.StartAsync(ward, Who.Karel);
        async Task<PathwayView> View() => (await ward.RunAsync(ward.Get<ReadPathways>(), Who.Karel, ward.Maria, new())).Pathways.Single(p => p.Pathway.Id == id);
        async Task Try(Func<Task> act)
        {
            try
            {
                await act();
            }
            catch (ArgumentException)
            {
                // Said to who programs, not to who types.
            }
        }

        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var view = await View();
        var step = view.Steps.First(s => s is { State: StepState.Waiting or StepState.Open, Step: { Repeat: null, Kind: StepKind.Task } });
        await Try(() => ward.RunAsync(ward.Get<DeviateStep>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, step.Step.Id, DeviationKind.Other, DeviationReason.Other, words, null, words, words)));
        view = await View();
        await Try(() => ward.RunAsync(ward.Get<AddStep>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, Guid.NewGuid().ToString(), view.Phases[0].Phase.Id, words, TaskParty.Of(Who.Sofie), today.AddDays(3), false, words)));
        view = await View();
        await Try(() => ward.RunAsync(ward.Get<AddStep>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, words, words, words, TaskParty.Of(Who.Sofie), today.AddDays(3), false, words, words)));
        await Try(() => ward.RunAsync(ward.Get<MovePhase>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, view.Phases[1].Phase.Id, false, DeviationReason.Other, words)));
        await Try(() => ward.RunAsync(ward.Get<MovePhase>(), Who.Karel, ward.Maria, new(words, 1, words, false, DeviationReason.Other, words)));
        await Try(() => ward.RunAsync(ward.Get<TellStep>(), Who.Karel, ward.Maria, new(words, 1, words)));
        await Try(() => ward.RunAsync(ward.Get<TakeNewVersion>(), Who.Karel, ward.Maria, new(words, 1, 2)));
        await Try(() => ward.RunAsync(ward.Get<ReadStart>(), Who.Karel, ward.Maria, new(words)));
        await Try(async () =>
        {
            var form = await PathwayWorld.FormAsync(ward, Who.Karel, "copd-opstoot");
            var optional = (await ward.RunAsync(ward.Get<ReadStart>(), Who.Karel, ward.Maria, new("copd-opstoot"))).Template!.Steps.First().Step.Id;
            await ward.RunAsync(ward.Get<StartPathway>(), Who.Karel, ward.Maria, form with { Choices = [new(optional, LeaveOut: true, Why: words), new(words, Reuse: words)] });
        });

        foreach (var kind in Enum.GetValues<GoalKind>())
        {
            await Try(() => ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = kind, Words = words, Remark = words, Target = new() { Words = words, Loinc = words, Unit = words, Value = 3 } }));
            await Try(() => ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = kind, Words = words, Remark = words, Serves = words, Target = new() { Words = words } }));
            await Try(() => ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = kind, Words = words, Target = new() { Words = words, Unit = words } }));
        }

        var goal = (await ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "doel" })).Goal!;
        await Try(() => ward.RunAsync(ward.Get<MoveGoal>(), Who.Karel, ward.Maria, new(goal.Id, 1, GoalState.OnHold, words)));
        await Try(() => ward.RunAsync(ward.Get<MoveGoal>(), Who.Karel, ward.Maria, new(words, 1, GoalState.OnHold, words)));
        await Try(() => ward.RunAsync(ward.Get<WriteOwnWords>(), Who.MariaHerself, ward.Maria, new(Guid.NewGuid().ToString(), words, null)));
        await Try(() => ward.RunAsync(ward.Get<WriteOwnWords>(), Who.MariaHerself, ward.Maria, new(words, words, words)));
        await Try(() => ward.RunAsync(ward.Get<AnswerSuggestion>(), Who.Karel, ward.Maria, new(words, true, words)));
        await Try(() => ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, new()
        {
            Id = Guid.NewGuid().ToString(), Loinc = "29463-7", Repeat = RepeatRule.Daily, By = [TaskParty.Of(Who.Sofie)],
            Rules = [new AlertRule { Threshold = new() { Id = words, Quantity = "Weight", Kind = ThresholdKind.Value, Side = Side.Above, Limit = 70, Since = default }, Owner = TaskParty.Of(Who.Sofie), ToDo = words, Source = words }],
        }));
        await Try(() => ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, new() { Id = words, Loinc = words, Goal = words }));
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, new()
        {
            Id = Guid.NewGuid().ToString(), Loinc = "29463-7", Repeat = RepeatRule.Daily,
            Rules = [new AlertRule { Threshold = new() { Id = "zwaar", Quantity = "Weight", Kind = ThresholdKind.Value, Side = Side.Above, Limit = 70, Since = default }, Owner = TaskParty.Of(Who.Sofie), ToDo = words, Source = words }],
        });
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("g81").Measurements], null));
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        var measuring = await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Karel, ward.Maria, new());
        foreach (var alert in measuring.Alerts)
            await Try(() => ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(alert.Id, AlertOutcome.Acted, words)));
        await Try(() => ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(words, AlertOutcome.Acted, words)));
        await Try(() => ward.RunAsync(ward.Get<ReadAlert>(), Who.Sofie, ward.Maria, new(words)));
        await Try(() => ward.RunAsync(ward.Get<ReadQuestionnaire>(), Who.Sofie, ward.Maria, new(words)));
        await Try(() => ward.RunAsync(ward.Get<FillInQuestionnaire>(), Who.Sofie, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Questionnaire = words, Answers = [1] }));
        await Try(() => ward.RunAsync(ward.Get<FillInQuestionnaire>(), Who.Sofie, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Questionnaire = "pijn-nrs", Answers = [1] }));
        view = await View();
        await Try(() => ward.RunAsync(ward.Get<EndPathway>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, false, words, [words])));

        // Whatever was kept is whole JSON that every program reads, without a sign that hides or reorders.
        foreach (var row in await ward.RowsAsync("SELECT \"Type\", \"Json\" FROM \"Resources\" WHERE \"PatientId\" = @p0", ward.Maria.Value))
        {
            using var json = System.Text.Json.JsonDocument.Parse((byte[])row[1]!);
            foreach (var text in Texts(json.RootElement))
                Assert.False(text.Any(c => c is '\0' or '\u202E' or '\u202C' or '\u200b' || char.IsSurrogate(c)), $"{row[0]}: {Encoding.UTF8.GetString((byte[])row[1]!)[..200]}");
        }

        await ReadAllAsync(ward);
    }

    private static IEnumerable<string> Texts(System.Text.Json.JsonElement element) => element.ValueKind switch
    {
        System.Text.Json.JsonValueKind.String => [element.GetString()!],
        System.Text.Json.JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        System.Text.Json.JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Texts(p.Value).Append(p.Name)),
        _ => [],
    };

    [Fact]
    public async Task Huge_numbers_and_dates_at_the_edge_are_refused_or_read_again()
    {
        await using var ward = await WardAsync();
        var id = await PathwayWorld.StartAsync(ward, Who.Karel);
        async Task<PathwayView> View() => (await ward.RunAsync(ward.Get<ReadPathways>(), Who.Karel, ward.Maria, new())).Pathways.Single(p => p.Pathway.Id == id);
        var view = await View();
        var step = view.Steps.First(s => s is { State: StepState.Waiting or StepState.Open, Step: { Repeat: null, Kind: StepKind.Task } });
        foreach (var day in new[] { DateOnly.MinValue, DateOnly.MaxValue, new DateOnly(9999, 12, 30), new DateOnly(1582, 10, 15) })
        {
            Assert.Equal(PathwayOutcome.BadDay, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, step.Step.Id, DeviationKind.Delay, DeviationReason.Other, "omdat", day)));
            Assert.Equal(PathwayOutcome.BadDay, await ward.RunAsync(ward.Get<AddStep>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, Guid.NewGuid().ToString(), view.Phases[0].Phase.Id, "extra", TaskParty.Of(Who.Sofie), day, false)));
            var form = await PathwayWorld.FormAsync(ward, Who.Karel, "copd-opstoot");
            Assert.IsType<StartPathway.Refused>(await ward.RunAsync(ward.Get<StartPathway>(), Who.Karel, ward.Maria, form with { StartsOn = day }));
            await ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "doel", Target = new() { Words = "ooit", Due = day } });
            await ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "doel", Target = new() { Loinc = "29463-7", Value = 70, Due = day } });
        }

        foreach (var value in new[] { decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, -1m, 1_000_000_000m })
        {
            await ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "doel", Target = new() { Loinc = "29463-7", Value = value, High = value } });
            await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, new()
            {
                Id = Guid.NewGuid().ToString(), Loinc = "29463-7", Repeat = RepeatRule.Daily,
                Rules = [.. Enum.GetValues<ThresholdKind>().Select((kind, i) => new AlertRule { Threshold = new() { Id = "r" + i, Quantity = "Weight", Kind = kind, Limit = kind == ThresholdKind.Missing ? null : value, Window = kind == ThresholdKind.Value ? null : new(731), Since = default } })],
            });
        }

        foreach (var every in new[] { int.MaxValue, int.MinValue, 0, -1 })
        {
            foreach (var unit in Enum.GetValues<RepeatUnit>())
                Assert.Equal(SetMeasuringPlan.Outcome.NotSound, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Loinc = "29463-7", Repeat = new(every, unit, []) })).Outcome);
        }

        Assert.Equal(PathwayOutcome.NotSound, await ward.RunAsync(ward.Get<MovePhase>(), Who.Karel, ward.Maria, new(id, view.Pathway.Version, view.Phases[1].Phase.Id, false, (DeviationReason)99, "omdat")));
        Assert.Equal(PathwayOutcome.ChangedMeanwhile, await ward.RunAsync(ward.Get<EndPathway>(), Who.Karel, ward.Maria, new(id, int.MaxValue, false, "omdat", [])));
        foreach (var answer in new int?[] { int.MaxValue, int.MinValue, null })
            Assert.IsType<FillInQuestionnaire.Incomplete>(await ward.RunAsync(ward.Get<FillInQuestionnaire>(), Who.Sofie, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Questionnaire = "pijn-nrs", Answers = [answer] }));
        foreach (var at in new[] { DateTime.MinValue, DateTime.MaxValue })
            await ward.RunAsync(ward.Get<FillInQuestionnaire>(), Who.Sofie, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Questionnaire = "pijn-nrs", Answers = [1], At = DateTime.SpecifyKind(at, DateTimeKind.Utc) });
        await ReadAllAsync(ward);
        ward.Clock.Advance(TimeSpan.FromDays(3));
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        await ReadAllAsync(ward);
    }

    [Fact]
    public async Task Of_two_who_change_the_same_pathway_at_once_one_does_and_nothing_is_done_by_halves()
    {
        var dice = new Dice(output);
        await using var ward = await WardAsync();
        await using var other = await ward.AnotherNodeAsync();
        PersonRow[] people = [Who.Karel, Who.Nadia, Who.Sofie, Who.Tom];
        var ends = 0;
        for (var round = 0; round < 25; round++)
        {
            var views = (await ward.RunAsync(ward.Get<ReadPathways>(), Who.Karel, ward.Maria, new())).Pathways;
            if (views.FirstOrDefault(v => v.Pathway.IsActive) is not { } view)
            {
                await PathwayWorld.StartAsync(ward, Who.Karel);
                continue;
            }

            var (id, version) = (view.Pathway.Id, view.Pathway.Version);
            var parts = await ward.NumberAsync("SELECT COUNT(*) FROM \"Resources\" WHERE \"Type\" = 'CarePlan'");
            Func<Ward, PersonRow, Task<PathwayOutcome>> Pick() => dice.Next(5) switch
            {
                0 => dice.Of(view.Phases.Where(p => !p.Phase.IsCurrent).ToArray()).Phase.Id is var to ? (w, who) => w.RunAsync(w.Get<MovePhase>(), who, w.Maria, new(id, version, to, false, DeviationReason.Condition, "omdat")) : null!,
                1 when dice.OneIn(3) => (w, who) => w.RunAsync(w.Get<EndPathway>(), who, w.Maria, new(id, version, false, "omdat", [])),
                2 => dice.Of(view.Steps.ToArray()).Step.Id is var step ? (w, who) => w.RunAsync(w.Get<DeviateStep>(), who, w.Maria, new(id, version, step, DeviationKind.Other, DeviationReason.Other, "omdat", New: "anders")) : null!,
                _ => (w, who) => w.RunAsync(w.Get<AddStep>(), who, w.Maria, new(id, version, Guid.NewGuid().ToString(), view.Phases[^1].Phase.Id, "extra", TaskParty.Of(Who.Sofie), BelgianTime.DayOf(w.Clock.Utc).AddDays(2), false)),
            };
            var acts = Enumerable.Range(0, 4).Select(i => (Act: Pick(), Node: i % 2 == 0 ? ward : other, Who: people[i])).ToList();
            var tasks = await ward.NumberAsync("SELECT COUNT(*) FROM \"Tasks\"");
            var outcomes = await Task.WhenAll(acts.Select(a => Task.Run(() => a.Act(a.Node, a.Who))));
            Assert.InRange(outcomes.Count(o => o == PathwayOutcome.Done), 0, 1);
            Assert.All(outcomes, o => Assert.Contains(o, new[] { PathwayOutcome.Done, PathwayOutcome.ChangedMeanwhile, PathwayOutcome.Over, PathwayOutcome.NotSound }));
            ends += outcomes.Count(o => o == PathwayOutcome.Done);
            // A task that was made stands in the pathway: nothing of a change that lost is left.
            Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"Tasks\" t WHERE t.\"Title\" = 'extra' AND NOT EXISTS (SELECT 1 FROM \"PathwaySteps\" s WHERE s.\"Resource\" = 'Task/' || t.\"Id\")"));
            Assert.InRange(await ward.NumberAsync("SELECT COUNT(*) FROM \"Tasks\"") - tasks, 0, 40);
            Assert.InRange(await ward.NumberAsync("SELECT COUNT(*) FROM \"Resources\" WHERE \"Type\" = 'CarePlan'") - parts, 0, 1);
        }

        Assert.True(ends > 5);
    }

    private static async Task<Ward> WardAsync()
    {
        var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        return ward;
    }

    /// <summary>Every reading of these features, by everybody of the team.</summary>
    private static async Task ReadAllAsync(Ward ward)
    {
        foreach (var who in new[] { Who.Karel, Who.Sofie, Who.Pieter, Who.An, Who.Fatima, Who.MariaHerself })
        {
            var plan = await ward.RunAsync(ward.Get<ReadPlan>(), who, ward.Maria, new());
            var measuring = await ward.RunAsync(ward.Get<ReadMeasuring>(), who, ward.Maria, new());
            Suggestions.All(plan, measuring, ward.Clock.Utc);
            await ward.RunAsync(ward.Get<ReadPathways>(), who, ward.Maria, new());
            await ward.RunAsync(ward.Get<ReadOutcomes>(), who, ward.Maria, new());
            await ward.RunAsync(ward.Get<ReadMeasurements>(), who, ward.Maria, new());
            await ward.RunAsync(ward.Get<Features.Lanes.ReadLanes>(), who, ward.Maria, new());
            await ward.PageAsync(who, ward.Maria);
            await ward.Get<ReadPathwayOverview>().RunAsync(who.Actor(), CancellationToken.None);
            await ward.Get<Features.Figures.ReadFigures>().RunAsync(who.Actor(), new(), CancellationToken.None);
        }
    }
}
