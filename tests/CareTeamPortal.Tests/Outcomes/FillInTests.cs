using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Outcomes;

public sealed class FillInTests : IAsyncLifetime
{
    private Ward _ward = default!;

    public async Task InitializeAsync() => _ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter, Who.Fatima, Who.An, Who.MariaHerself));

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    private static FillInQuestionnaire.Request Of(string form, params int?[] answers) => new() { Id = Guid.NewGuid().ToString(), Questionnaire = form, Answers = answers };

    private async Task<FillInQuestionnaire.Filled> FillAsync(PersonRow who, FillInQuestionnaire.Request request) =>
        Assert.IsType<FillInQuestionnaire.Filled>(await _ward.RunAsync(_ward.Get<FillInQuestionnaire>(), who, _ward.Maria, request));

    private Task<OutcomesView> ViewAsync(PersonRow who) => _ward.RunAsync(_ward.Get<ReadOutcomes>(), who, _ward.Maria, new());

    [Fact]
    public async Task Filling_in_finishes_the_task_that_asked_in_one_go()
    {
        var task = await _ward.TaskAsync(Who.Sofie, new() { Id = Guid.NewGuid().ToString(), Title = "Ervaring invullen", Focus = "Questionnaire/ervaring", Owner = TaskParty.Of(Who.An), DueAt = _ward.Clock.Utc.AddDays(2) });
        var filled = await FillAsync(Who.An, Of("ervaring", 0, 0, 0, 0));
        Assert.True(filled.TaskDone);
        Assert.Equal(TaskState.Completed, (await _ward.TaskViewAsync(Who.Sofie, task.Id)).State);
        var series = Assert.Single((await ViewAsync(Who.Sofie)).Series);
        Assert.Equal(6, series.Last.Score);
        Assert.Equal(CareLine.First, Assert.Single((await ViewAsync(Who.Sofie)).Experience).Line);
        Assert.Contains(await _ward.PageAsync(Who.Sofie, _ward.Maria), e => e.Kind == EntryKind.Questionnaire && e.Title == "Ervaring na een contact: 6 van 6");
    }

    [Fact]
    public async Task Sending_twice_keeps_it_once()
    {
        var request = Of("pijn-nrs", 5);
        await FillAsync(Who.MariaHerself, request);
        await FillAsync(Who.MariaHerself, request);
        Assert.Single((await ViewAsync(Who.MariaHerself)).Series.Single().Points);
    }

    [Fact]
    public async Task An_answer_that_is_missing_or_impossible_keeps_nothing()
    {
        Assert.IsType<FillInQuestionnaire.Incomplete>(await _ward.RunAsync(_ward.Get<FillInQuestionnaire>(), Who.MariaHerself, _ward.Maria, Of("phq-2", 1, null)));
        Assert.IsType<FillInQuestionnaire.Incomplete>(await _ward.RunAsync(_ward.Get<FillInQuestionnaire>(), Who.MariaHerself, _ward.Maria, Of("pijn-nrs", 11)));
        Assert.IsType<FillInQuestionnaire.Incomplete>(await _ward.RunAsync(_ward.Get<FillInQuestionnaire>(), Who.MariaHerself, _ward.Maria, Of("who-6", 1)));
        Assert.Empty((await ViewAsync(Who.MariaHerself)).Series);
    }

    [Fact]
    public async Task Answers_about_mental_health_are_seen_by_who_reads_mental_health_alone()
    {
        await FillAsync(Who.MariaHerself, Of("phq-2", 3, 3));
        foreach (var who in new[] { Who.MariaHerself, Who.Karel, Who.Sofie })
        {
            Assert.Single((await ViewAsync(who)).Series);
            Assert.Contains(await _ward.PageAsync(who, _ward.Maria), e => e.Title.StartsWith("PHQ-2", StringComparison.Ordinal));
        }

        foreach (var who in new[] { Who.Pieter, Who.An, Who.Fatima })
        {
            Assert.Empty((await ViewAsync(who)).Series);
            Assert.DoesNotContain(await _ward.PageAsync(who, _ward.Maria), e => e.Title.Contains("PHQ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_patient_may_keep_answers_from_the_caregivers_and_strain_is_for_professionals_alone()
    {
        await FillAsync(Who.MariaHerself, Of("ervaring", 0, 0, 0, 0) with { ProfessionalsOnly = true });
        await FillAsync(Who.An, Of("mantelzorg-totaal", 6));
        var rows = await _ward.RowsAsync("SELECT \"Questionnaire\", \"Audience\" FROM \"Outcomes\" ORDER BY \"Questionnaire\"");
        Assert.Equal([("ervaring", (long)Audience.ProfessionalsAndPatient), ("mantelzorg-totaal", (long)Audience.Professionals)], rows.Select(r => ((string)r[0]!, (long)r[1]!)));
        Assert.DoesNotContain((await ViewAsync(Who.MariaHerself)).Series, s => s.Form.Id == "mantelzorg-totaal");
    }

    [Fact]
    public async Task A_thought_of_death_alerts_who_is_accountable_whatever_the_sum_and_nobody_who_may_not_read_it()
    {
        var filled = await FillAsync(Who.An, Of("phq-9", 0, 0, 0, 0, 0, 0, 0, 0, 1) with { OnBehalf = true });
        Assert.Equal((1, "dr. Karel Janssens"), (filled.Score.Value, filled.Warned));
        var plan = await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new());
        var alert = Assert.Single(plan.Alerts);
        Assert.Equal((AlertSeverity.High, true), (alert.Severity, alert.IsOpen));
        Assert.Equal(Who.Karel.Id, alert.Task!.AccountableId);
        Assert.Contains("1813", alert.Detail, StringComparison.Ordinal);
        Assert.Empty((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.An, _ward.Maria, new())).Alerts);
        Assert.Empty((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Pieter, _ward.Maria, new())).Alerts);
        Assert.IsType<TaskDone>(await _ward.RunAsync(_ward.Get<AnswerAlert>(), Who.Karel, _ward.Maria, new(alert.Id, AlertOutcome.Acted, "Gebeld, vandaag langsgegaan.")));
    }

    [Fact]
    public async Task Who_is_accountable_and_may_not_read_it_is_not_the_one_who_is_alerted()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Pieter, Who.Karel, Who.Sofie, Who.MariaHerself));
        var filled = Assert.IsType<FillInQuestionnaire.Filled>(await ward.RunAsync(ward.Get<FillInQuestionnaire>(), Who.MariaHerself, ward.Maria, Of("phq-9", 0, 0, 0, 0, 0, 0, 0, 0, 2)));
        Assert.Equal("dr. Karel Janssens", filled.Warned);
    }

    [Fact]
    public async Task The_same_alarm_within_a_day_is_one_alert_with_a_counter()
    {
        await FillAsync(Who.MariaHerself, Of("phq-9", 0, 0, 0, 0, 0, 0, 0, 0, 1));
        _ward.Clock.Advance(TimeSpan.FromHours(2));
        await FillAsync(Who.MariaHerself, Of("phq-9", 0, 0, 0, 0, 0, 0, 0, 0, 2));
        Assert.Equal(2, Assert.Single((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new())).Alerts).Count);
    }

    [Fact]
    public async Task A_professional_who_types_for_the_patient_is_the_author_and_the_patient_the_source()
    {
        var request = Of("pijn-nrs", 4) with { OnBehalf = true };
        await FillAsync(Who.Sofie, request);
        var json = System.Text.Encoding.UTF8.GetString((byte[])(await _ward.RowsAsync("SELECT \"Json\" FROM \"Resources\" WHERE \"Id\" = @p0", request.Id))[0][0]!);
        Assert.Contains("\"author\":{\"reference\":\"Practitioner/sofie.maes\"", json, StringComparison.Ordinal);
        Assert.Contains("\"source\":{\"reference\":\"Patient/maria-verhoeven\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_typed_answers_opens_them_to_correct_and_a_corrected_worry_is_told()
    {
        var request = Of("phq-9", 0, 0, 0, 0, 0, 0, 0, 0, 0);
        await FillAsync(Who.MariaHerself, request);
        Assert.Null(await _ward.RunAsync(_ward.Get<ReadQuestionnaire>(), Who.Karel, _ward.Maria, new("phq-9", request.Id)));
        Assert.Null(await _ward.RunAsync(_ward.Get<ReadQuestionnaire>(), Who.MariaHerself, _ward.Maria, new("who-5", request.Id)));
        var given = (await _ward.RunAsync(_ward.Get<ReadQuestionnaire>(), Who.MariaHerself, _ward.Maria, new("phq-9", request.Id)))!.Given!;
        Assert.Equal((1, 0), (given.Version, given.Answers[8]));
        Assert.IsType<Changed>(await _ward.RunAsync(_ward.Get<CorrectAnswers>(), Who.MariaHerself, _ward.Maria, new(request.Id, 1, [0, 0, 0, 0, 0, 0, 0, 0, 2], "durfde het niet te zeggen")));
        Assert.Equal(AlertSeverity.High, Assert.Single((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new())).Alerts).Severity);
        Assert.IsType<Changed>(await _ward.RunAsync(_ward.Get<CorrectAnswers>(), Who.MariaHerself, _ward.Maria, new(request.Id, 2, [1, 0, 0, 0, 0, 0, 0, 0, 2], "ook de eerste")));
        Assert.Equal(1, Assert.Single((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new())).Alerts).Count);
        Assert.Equal(2, (await ViewAsync(Who.Karel)).Series.Single().Last.Corrections.Count);
    }

    [Fact]
    public async Task A_correction_keeps_what_was_answered_before_and_a_retraction_leaves_the_plots()
    {
        var request = Of("pijn-nrs", 9);
        await FillAsync(Who.Sofie, request);
        Assert.IsType<Changed>(await _ward.RunAsync(_ward.Get<CorrectAnswers>(), Who.Sofie, _ward.Maria, new(request.Id, 1, [3], "verkeerd getikt")));
        Assert.IsType<NotYours>(await _ward.RunAsync(_ward.Get<CorrectAnswers>(), Who.Karel, _ward.Maria, new(request.Id, 2, [4], "ik ook")));
        Assert.Equal(3, (await ViewAsync(Who.Karel)).Series.Single().Last.Score);
        var correction = Assert.Single((await ViewAsync(Who.Karel)).Series.Single().Last.Corrections);
        Assert.Equal((9m, "verkeerd getikt"), (correction.Before, correction.Reason));
        Assert.True((await ViewAsync(Who.Sofie)).Series.Single().Last.IsMine);
        Assert.False((await ViewAsync(Who.Karel)).Series.Single().Last.IsMine);
        Assert.Equal(1, await _ward.NumberAsync("SELECT COUNT(*) FROM \"ResourceVersions\" WHERE \"Id\" = @p0", request.Id));
        Assert.IsType<Changed>(await _ward.RunAsync(_ward.Get<RetractEntry>(), Who.Sofie, _ward.Maria, new($"QuestionnaireResponse/{request.Id}", 2, "verkeerde patiënt")));
        Assert.Empty((await ViewAsync(Who.Karel)).Series);
    }
}
