using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Alerts;

public sealed class WorseTests : IAsyncLifetime
{
    private Ward _ward = default!;

    public async Task InitializeAsync() => _ward = await Ward.WithAsync(A.Patient().WithWholeTeam());

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    /// <summary>A pathway that asks for it runs.</summary>
    private Task RunsAsync() => _ward.Database.WriteAsync((session, _) =>
    {
        PathwaySql.Put(session, new PathwayRow { PatientId = _ward.Maria, Id = "copd", Version = 1, Template = "copd-opstoot", TemplateVersion = 1, Title = "COPD-opstoot", Status = 0, PhaseNumber = 1, PhaseCount = 5, StartedAt = _ward.Clock.Utc, Audience = Audience.WholeTeam, Category = InformationCategory.Goals }, []);
        PathwaySql.PutPart(session, _ward.Maria, "copd", "copd", [new PathwayStepRow { PatientId = _ward.Maria, PathwayId = "copd", StepId = "ik-voel-me-slechter", Part = "copd", Phase = "a", Position = 0, Kind = 4, IsOptional = false, Repeats = false, PlannedAt = _ward.Clock.Utc, DueAt = _ward.Clock.Utc, State = 0, Audience = Audience.WholeTeam, Category = InformationCategory.Goals }], []);
        return ValueTask.FromResult(0);
    }, CancellationToken.None);

    private Task<ReportWorse.Result> SayAsync(PersonRow who, bool severe = false, bool called = false, string words = "") => _ward.RunAsync(_ward.Get<ReportWorse>(), who, _ward.Maria, new(severe, called, words));

    [Fact]
    public async Task It_is_there_for_patient_and_family_when_a_pathway_asks_for_it()
    {
        Assert.False(await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.MariaHerself, _ward.Maria, new()));
        Assert.Equal(WorseOutcome.NotAsked, (await SayAsync(Who.MariaHerself)).Outcome);
        await RunsAsync();
        Assert.True(await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.MariaHerself, _ward.Maria, new()));
        Assert.True(await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.An, _ward.Maria, new()));
        Assert.False(await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.Sofie, _ward.Maria, new()));
    }

    [Fact]
    public async Task Danger_to_life_calls_112_before_anything_is_written()
    {
        await RunsAsync();
        Assert.Equal(WorseOutcome.CallFirst, (await SayAsync(Who.An, severe: true)).Outcome);
        Assert.Equal(WorseOutcome.CallFirst, (await SayAsync(Who.An, words: "ze heeft blauwe lippen")).Outcome);
        Assert.Empty((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new())).Alerts);
        var said = await SayAsync(Who.An, severe: true, called: true);
        Assert.Equal((WorseOutcome.Told, "dr. Karel Janssens"), (said.Outcome, said.Owner));
        Assert.Equal(AlertSeverity.High, Assert.Single((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new())).Alerts).Severity);
    }

    [Fact]
    public async Task The_same_day_is_one_alert_and_something_graver_is_a_new_one()
    {
        await RunsAsync();
        await SayAsync(Who.MariaHerself, words: "meer hoesten");
        await SayAsync(Who.An);
        Assert.Equal(2, Assert.Single((await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new())).Alerts).Count);
        await SayAsync(Who.An, severe: true, called: true);
        Assert.Equal(2, (await _ward.RunAsync(_ward.Get<ReadMeasuring>(), Who.Karel, _ward.Maria, new())).Alerts.Count);
    }
}
