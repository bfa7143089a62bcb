using CareTeamPortal.Features.Examinations;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Examinations;

public sealed class RecentResultTests : IAsyncLifetime
{
    private Ward _ward = default!;

    public async Task InitializeAsync() => _ward = await Ward.WithAsync(A.Patient().WithWholeTeam());

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    private Task MeasureAsync(string line, Audience audience = Audience.WholeTeam) =>
        _ward.RunAsync(_ward.Get<AddMeasurements>(), Who.Sofie, _ward.Maria, new(Guid.NewGuid().ToString(), QuickEntry.Parse(line).Measurements, null, audience));

    private Task<TaskResult> AskAsync(PersonRow who, string? reason = null) => _ward.RunAsync(_ward.Get<CreateTask>(), who, _ward.Maria, new CreateTask.Request
    {
        Id = Guid.NewGuid().ToString(), Title = "Kalium prikken", Examination = "Potassium", AskedAgain = reason, DueAt = _ward.Clock.Utc.AddDays(1),
    });

    [Fact]
    public async Task A_recent_result_is_told_with_value_date_and_who_and_an_old_one_is_not()
    {
        await MeasureAsync("kalium 4,4");
        var recent = await _ward.RunAsync(_ward.Get<FindRecentResult>(), Who.Karel, _ward.Maria, new("Potassium"));
        Assert.Equal(("4,4 mmol/L", "Sofie Maes"), (recent!.Shown, recent.Who));
        Assert.Null(await _ward.RunAsync(_ward.Get<FindRecentResult>(), Who.Karel, _ward.Maria, new("Sodium")));
        _ward.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        Assert.Null(await _ward.RunAsync(_ward.Get<FindRecentResult>(), Who.Karel, _ward.Maria, new("Potassium")));
    }

    [Fact]
    public async Task Asking_again_needs_a_reason_that_stays_visible()
    {
        await MeasureAsync("kalium 4,4");
        Assert.Equal(TaskRule.RecentResult, Assert.IsType<TaskRefused>(await AskAsync(Who.Karel)).Rule);
        var done = Assert.IsType<TaskDone>(await AskAsync(Who.Karel, "nieuwe plaspil sinds gisteren"));
        Assert.Contains("nieuwe plaspil sinds gisteren", (await _ward.RunAsync(_ward.Get<ReadTask>(), Who.Sofie, _ward.Maria, new(done.Task.Id)))!.Task.Detail, StringComparison.Ordinal);
        Assert.Contains(await _ward.PageAsync(Who.Sofie, _ward.Maria), e => e.Title == "Toch opnieuw gevraagd: Kalium (bloed)" && e.Text!.Contains("plaspil", StringComparison.Ordinal));
        Assert.Equal(1, await _ward.NumberAsync("SELECT COUNT(*) FROM \"Outcomes\" WHERE \"Questionnaire\" = 'examination-asked'"));
    }

    [Fact]
    public async Task Without_a_recent_result_nothing_is_in_the_way() => Assert.IsType<TaskDone>(await AskAsync(Who.Karel));

    [Fact]
    public async Task What_was_not_asked_for_is_counted_once()
    {
        await MeasureAsync("kalium 4,4");
        var id = Guid.NewGuid().ToString();
        Assert.True(await _ward.RunAsync(_ward.Get<AvoidExamination>(), Who.Karel, _ward.Maria, new(id, "Potassium")));
        Assert.True(await _ward.RunAsync(_ward.Get<AvoidExamination>(), Who.Karel, _ward.Maria, new(id, "Potassium")));
        Assert.False(await _ward.RunAsync(_ward.Get<AvoidExamination>(), Who.Karel, _ward.Maria, new(Guid.NewGuid().ToString(), "Sodium")));
        Assert.Equal(1, await _ward.NumberAsync("SELECT COUNT(*) FROM \"Outcomes\" WHERE \"Questionnaire\" = 'examination-avoided'"));
    }

    [Fact]
    public async Task A_result_that_is_for_professionals_is_told_to_nobody_else_by_the_warning_or_the_task()
    {
        await MeasureAsync("kalium 4,4", Audience.Professionals);
        Assert.Null(await _ward.RunAsync(_ward.Get<FindRecentResult>(), Who.An, _ward.Maria, new("Potassium")));
        var done = Assert.IsType<TaskDone>(await AskAsync(Who.Karel, "opvolging"));
        Assert.Null((await _ward.RunAsync(_ward.Get<ReadTask>(), Who.Sofie, _ward.Maria, new(done.Task.Id)))!.Task.Detail);
        Assert.DoesNotContain(await _ward.PageAsync(Who.An, _ward.Maria), e => e.Title.Contains("Toch opnieuw", StringComparison.Ordinal));
        Assert.IsType<TaskDone>(await AskAsync(Who.An));
    }
}
