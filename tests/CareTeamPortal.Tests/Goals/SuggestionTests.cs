using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Goals;

/// <summary>What the portal proposes: with its evidence, to who decides, and never without a named person's answer.</summary>
public sealed class SuggestionTests
{
    [Fact]
    public async Task Three_values_in_a_row_that_reach_a_target_propose_that_it_is_reached_and_a_person_accepts()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await GoalTests.KeepAsync(ward, Who.Tom, GoalTests.Weight());
        await WeighAsync(ward, 78m, 76m, 76.5m);
        Assert.Empty(await OpenAsync(ward, Who.Tom));
        await WeighAsync(ward, 76.2m);
        var suggestion = Assert.Single(await OpenAsync(ward, Who.Tom));
        Assert.Equal((SuggestionKind.GoalMet, 3), (suggestion.Kind, suggestion.Evidence.Count));
        Assert.StartsWith("76,2 kg", suggestion.Evidence[0], StringComparison.Ordinal);
        Assert.Equal(GoalState.Active, (await GoalTests.PlanAsync(ward, Who.Tom)).Goals.Single().Goal.State);

        Assert.False((await OpenAsync(ward, Who.An)).Single().MayAnswer);
        Assert.Equal(AnswerSuggestion.Result.NotYours, await AnswerAsync(ward, Who.An, suggestion.Key, true));
        Assert.Equal(AnswerSuggestion.Result.Gone, await AnswerAsync(ward, Who.Tom, "goal-met|verzonnen|1", true));
        Assert.Equal(AnswerSuggestion.Result.Done, await AnswerAsync(ward, Who.Tom, suggestion.Key, true));
        var plan = await GoalTests.PlanAsync(ward, Who.MariaHerself);
        Assert.Equal((GoalState.Achieved, true, Who.Tom.DisplayName), (plan.Goals.Single().Goal.State, plan.Answered.Single().Accepted, plan.Answered.Single().By!));
        Assert.Equal(AnswerSuggestion.Result.Gone, await AnswerAsync(ward, Who.Karel, suggestion.Key, false, "te vroeg"));
    }

    [Fact]
    public async Task The_score_of_a_questionnaire_is_a_target_for_who_reads_such_answers()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await GoalTests.KeepAsync(ward, Who.Karel, GoalTests.Weight() with { Words = "Beter in haar vel", Target = new GoalTarget { Loinc = "who-5", Value = 60, Side = TargetSide.AtLeast } });
        foreach (var answer in new[] { 4, 2, 1 })
        {
            ward.Clock.Advance(TimeSpan.FromDays(20));
            await ward.RunAsync(ward.Get<Features.Outcomes.FillInQuestionnaire>(), Who.MariaHerself, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Questionnaire = "who-5", Answers = [answer, answer, answer, answer, answer] });
        }

        var view = (await GoalTests.PlanAsync(ward, Who.Karel)).Goals.Single();
        Assert.Equal((3, 80m, true), (view.Progress!.Readings.Count, view.Progress.Last.Value, view.Progress.IsMet));
        Assert.StartsWith("QuestionnaireResponse/", view.Progress.Last.Reference, StringComparison.Ordinal);
        Assert.Contains("WHO-5", GoalPhrases.Target(view.Goal.Target!), StringComparison.Ordinal);
        Assert.Null((await GoalTests.PlanAsync(ward, Who.Pieter)).Goals.SingleOrDefault()?.Progress);
    }

    [Fact]
    public async Task To_decline_is_explained_and_kept_and_what_was_declined_does_not_come_back_for_the_same_version()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Tom, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Loinc = MeasurementCatalogue.Weight.Loinc, Repeat = RepeatRule.Daily, By = [TaskParty.Of(Who.Sofie)] });
        await WeighAsync(ward, 78m);
        Assert.Empty(await OpenAsync(ward, Who.Tom));
        ward.Clock.Advance(TimeSpan.FromDays(3));
        var suggestion = Assert.Single(await OpenAsync(ward, Who.Tom));
        Assert.Equal(SuggestionKind.NotMeasured, suggestion.Kind);
        Assert.Equal(AnswerSuggestion.Result.NeedsReason, await AnswerAsync(ward, Who.Tom, suggestion.Key, false));
        Assert.Equal(AnswerSuggestion.Result.Done, await AnswerAsync(ward, Who.Tom, suggestion.Key, false, "In het ziekenhuis."));
        Assert.Empty(await OpenAsync(ward, Who.Karel));
        Assert.Equal((false, "In het ziekenhuis."), (await GoalTests.PlanAsync(ward, Who.Karel)).Answered.Select(a => (a.Accepted, a.Reason!)).Single());
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks"));
    }

    [Fact]
    public async Task A_missing_measurement_that_is_accepted_becomes_a_task_with_an_owner()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Tom, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Loinc = MeasurementCatalogue.Weight.Loinc, Repeat = RepeatRule.Daily, By = [TaskParty.Of(Who.Sofie)] });
        ward.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(AnswerSuggestion.Result.Done, await AnswerAsync(ward, Who.Karel, (await OpenAsync(ward, Who.Karel)).Single().Key, true));
        Assert.Equal("Meten: gewicht", (await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks.Single().Title);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE AccountableId IS NULL"));
    }

    [Fact]
    public async Task Two_who_accept_at_once_ask_for_one_value_and_leave_one_answer()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var other = await ward.AnotherNodeAsync();
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Tom, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Loinc = MeasurementCatalogue.Weight.Loinc, Repeat = RepeatRule.Daily, By = [TaskParty.Of(Who.Sofie)] });
        ward.Clock.Advance(TimeSpan.FromDays(3));
        var key = (await OpenAsync(ward, Who.Karel)).Single().Key;
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => AnswerAsync(i % 2 == 0 ? ward : other, i % 3 == 0 ? Who.Karel : Who.Tom, key, i % 4 != 3, "omdat"))));
        Assert.Equal(1, results.Count(r => r == AnswerSuggestion.Result.Done));
        Assert.Equal(7, results.Count(r => r == AnswerSuggestion.Result.Gone));
        Assert.InRange(await ward.NumberAsync("SELECT COUNT(*) FROM Tasks"), 0, 1);
        var answers = await ward.RowsAsync("SELECT Json FROM Resources WHERE Type = 'GuidanceResponse'");
        Assert.Equal(answers.Count(a => System.Text.Encoding.UTF8.GetString((byte[])a[0]!).Contains("\"accepted\"", StringComparison.Ordinal)), await ward.NumberAsync("SELECT COUNT(*) FROM Tasks"));
    }

    [Fact]
    public async Task An_answer_is_kept_for_who_sees_the_values_behind_it_alone()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await GoalTests.KeepAsync(ward, Who.Tom, GoalTests.Weight());
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Tom, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Loinc = MeasurementCatalogue.Weight.Loinc, Repeat = RepeatRule.Daily, By = [TaskParty.Of(Who.Sofie)] });
        await WeighAsync(ward, Audience.Professionals, 76m, 76.5m, 76.2m);
        ward.Clock.Advance(TimeSpan.FromDays(3));
        var open = await OpenAsync(ward, Who.Tom);
        Assert.Equal([SuggestionKind.GoalMet, SuggestionKind.NotMeasured], open.Select(s => s.Kind));
        foreach (var suggestion in open)
            Assert.Equal(AnswerSuggestion.Result.Done, await AnswerAsync(ward, Who.Tom, suggestion.Key, false, "nog niet"));
        Assert.Equal(2, (await GoalTests.PlanAsync(ward, Who.Sofie)).Answered.Count);
        foreach (var who in new[] { Who.An, Who.MariaHerself, Who.Fatima })
            Assert.Empty((await GoalTests.PlanAsync(ward, who)).Answered);
    }

    private static async Task<IReadOnlyList<Suggestion>> OpenAsync(Ward ward, PersonRow who) =>
        Suggestions.All(await GoalTests.PlanAsync(ward, who), await ward.RunAsync(ward.Get<ReadMeasuring>(), who, ward.Maria, new()), ward.Clock.Utc);

    private static Task<AnswerSuggestion.Result> AnswerAsync(Ward ward, PersonRow who, string key, bool accept, string? reason = null) => ward.RunAsync(ward.Get<AnswerSuggestion>(), who, ward.Maria, new(key, accept, reason));

    private static Task WeighAsync(Ward ward, params decimal[] kilos) => WeighAsync(ward, Audience.WholeTeam, kilos);

    private static async Task WeighAsync(Ward ward, Audience audience, params decimal[] kilos)
    {
        foreach (var kilo in kilos)
        {
            ward.Clock.Advance(TimeSpan.FromHours(1));
            await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new(Guid.NewGuid().ToString(), QuickEntry.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"g {kilo}").Replace('.', ',')).Measurements, null, audience, null));
        }
    }
}
