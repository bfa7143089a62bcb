using System.Text;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Outcomes;

/// <summary>A task that asks for a questionnaire and that somebody does not see: it did not ask them, and is not theirs to finish.</summary>
public sealed class HiddenAskingTests : IAsyncLifetime
{
    private Ward _ward = default!;

    public async Task InitializeAsync() => _ward = await Ward.WithAsync(A.Patient().WithWholeTeam());

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    private Task<CareTask> AskAsync(PersonRow whom, int inHours = 48, Audience audience = Audience.WholeTeam, InformationCategory protection = InformationCategory.None, string form = "pijn-nrs") => _ward.TaskAsync(Who.Karel, new()
    {
        Id = Guid.NewGuid().ToString(), Title = "Vragenlijst", Focus = "Questionnaire/" + form, Owner = TaskParty.Of(whom), DueAt = _ward.Clock.Utc.AddHours(inHours), Audience = audience, Protection = protection,
    });

    private async Task<(FillInQuestionnaire.Filled Filled, string Json)> FillAsync(PersonRow who, string form = "pijn-nrs", bool onBehalf = false)
    {
        var filled = Assert.IsType<FillInQuestionnaire.Filled>(await _ward.RunAsync(_ward.Get<FillInQuestionnaire>(), who, _ward.Maria, new()
        {
            Id = Guid.NewGuid().ToString(), Questionnaire = form, OnBehalf = onBehalf, Answers = [.. Questionnaires.Find(form)!.Items.Select(i => (int?)(i.Options.Count > 0 ? 0 : i.Lowest))],
        }));
        return (filled, Encoding.UTF8.GetString(filled.Json));
    }

    private async Task<TaskView?> AskedAsync(PersonRow who, string form = "pijn-nrs") => (await _ward.RunAsync(_ward.Get<ReadQuestionnaire>(), who, _ward.Maria, new(form)))!.Asked;

    private async Task<TaskState> StateAsync(CareTask task) => (await _ward.TaskViewAsync(Who.Karel, task.Id)).State;

    [Theory]
    [InlineData(Audience.Professionals, InformationCategory.None)]
    [InlineData(Audience.WholeTeam, InformationCategory.MentalHealth)]
    public async Task What_somebody_does_not_see_is_not_finished_by_their_answers_and_not_told(Audience audience, InformationCategory protection)
    {
        var task = await AskAsync(Who.Sofie, audience: audience, protection: protection);
        Assert.Null(await AskedAsync(Who.An));
        Assert.False((await FillAsync(Who.An)).Filled.TaskDone);
        Assert.True((await StateAsync(task)).IsOpen());
        Assert.True((await FillAsync(Who.Sofie)).Filled.TaskDone);
        Assert.Equal(TaskState.Completed, await StateAsync(task));
    }

    [Fact]
    public async Task Of_two_that_ask_the_same_ones_own_answers_finish_ones_own_and_answers_for_the_patient_the_patients()
    {
        var hers = await AskAsync(Who.MariaHerself, inHours: 24);
        var mine = await AskAsync(Who.An, inHours: 48);
        Assert.Equal(mine.Id, (await AskedAsync(Who.An))!.Id);
        Assert.Equal(hers.Id, (await AskedAsync(Who.MariaHerself))!.Id);
        Assert.True((await FillAsync(Who.An)).Filled.TaskDone);
        Assert.Equal((true, TaskState.Completed), ((await StateAsync(hers)).IsOpen(), await StateAsync(mine)));
        var again = await AskAsync(Who.An, inHours: 1);
        Assert.True((await FillAsync(Who.An, onBehalf: true)).Filled.TaskDone);
        Assert.Equal((TaskState.Completed, true), (await StateAsync(hers), (await StateAsync(again)).IsOpen()));
    }

    [Fact]
    public async Task A_concept_that_nobody_asked_yet_does_not_stand_in_the_way_of_what_was_asked()
    {
        await _ward.TaskAsync(Who.Sofie, new() { Id = Guid.NewGuid().ToString(), Title = "Later", Focus = "Questionnaire/pijn-nrs", Owner = TaskParty.Of(Who.Sofie), DueAt = _ward.Clock.Utc.AddHours(1), IsDraft = true });
        var asked = await AskAsync(Who.Sofie);
        Assert.True((await FillAsync(Who.Sofie)).Filled.TaskDone);
        Assert.Equal(TaskState.Completed, await StateAsync(asked));
    }

    [Fact]
    public async Task A_pathway_that_is_closed_to_somebody_is_named_to_them_neither_in_the_schedule_nor_in_their_answers()
    {
        await _ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        var form = await PathwayWorld.FormAsync(_ward, Who.Nadia);
        Assert.IsType<StartPathway.Started>(await _ward.RunAsync(_ward.Get<StartPathway>(), Who.Nadia, _ward.Maria, form));
        async Task<IReadOnlyList<AskedOutcome>> ScheduleAsync(PersonRow who) => (await _ward.RunAsync(_ward.Get<ReadOutcomes>(), who, _ward.Maria, new())).Schedule;
        Assert.All(await ScheduleAsync(Who.Tom), a => Assert.Equal("Hartfalen na ontslag", a.Pathway));
        var open = Assert.Single(await ScheduleAsync(Who.Tom), a => a.Open && a.Form.Id == "who-5");

        Assert.IsType<SharingResult.Decided>(await _ward.RunAsync(_ward.Get<DecideSharing>(), Who.MariaHerself, _ward.Maria, new(ConsentScope.Person, false, InformationCategory.Goals, Person: Who.Tom.Id)));
        var closed = Assert.Single(await ScheduleAsync(Who.Tom), a => a.Task == open.Task);
        Assert.Equal((null, null), (closed.Pathway, closed.Moment));
        var (filled, json) = await FillAsync(Who.Tom, "who-5", onBehalf: true);
        Assert.True(filled.TaskDone);
        Assert.DoesNotContain("CarePlan", json, StringComparison.Ordinal);
        Assert.Contains("CarePlan", (await FillAsync(Who.Karel, "phq-2", onBehalf: true)).Json, StringComparison.Ordinal);
    }
}
