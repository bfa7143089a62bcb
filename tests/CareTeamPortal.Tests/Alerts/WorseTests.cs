using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Alerts;

public sealed class WorseTests : IAsyncLifetime
{
    private Ward _ward = default!;

    public async Task InitializeAsync()
    {
        _ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await _ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
    }

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
        Assert.Null(await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.MariaHerself, _ward.Maria, new()));
        Assert.Equal(WorseOutcome.NotAsked, (await SayAsync(Who.MariaHerself)).Outcome);
        await RunsAsync();
        Assert.Contains("actieplan", (await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.MariaHerself, _ward.Maria, new()))!.Text, StringComparison.Ordinal);
        Assert.NotNull(await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.An, _ward.Maria, new()));
        Assert.Null(await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.Sofie, _ward.Maria, new()));
    }

    [Fact]
    public async Task The_template_says_who_gets_it_and_what_is_asked_next()
    {
        var template = (await _ward.Get<TemplateLibrary>().FindAsync("palliatieve-thuiszorg", null, CancellationToken.None))!;
        var offered = await _ward.RunAsync(_ward.Get<ReadStart>(), Who.Karel, _ward.Maria, new(template.Id));
        var roles = template.Roles.ToDictionary(r => r.Id, r => offered.Roles.TryGetValue(r.Id, out var party) ? party : TaskParty.Of(Who.Karel));
        var started = await _ward.RunAsync(_ward.Get<StartPathway>(), Who.Karel, _ward.Maria, new() { Id = Guid.NewGuid().ToString(), Template = template.Id, TemplateVersion = template.Version, StartsOn = BelgianTime.DayOf(_ward.Clock.Utc), Roles = roles });
        Assert.True(started is StartPathway.Started, started is StartPathway.Refused refused ? string.Join(", ", refused.Problems) : started.ToString());
        var view = (await _ward.RunAsync(_ward.Get<ReadWorse>(), Who.MariaHerself, _ward.Maria, new()))!;
        Assert.Equal(("Sofie Maes", "pijn-nrs"), (view.Contact, view.Questionnaire!.Value.Id));
        Assert.Equal("Sofie Maes", (await SayAsync(Who.MariaHerself, words: "meer pijn vannacht")).Owner);
    }

    [Fact]
    public void What_worse_leads_to_survives_the_editor_and_must_lead_somewhere()
    {
        var json = SeedTemplates.Files().Single(f => f.Name == "copd-opstoot.json").Json;
        var template = TemplateFhir.Read(json)!;
        var asking = template.Steps.Single(s => s.Step.Worse is not null).Step;
        Assert.Equal(("ik-voel-me-slechter", "thuisverpleegkundige"), (asking.Id, asking.Worse!.Contact));
        Assert.Equal(asking.Worse, TemplateFhir.Read(TemplateFhir.Write(template, json))!.Steps.Single(s => s.Step.Worse is not null).Step.Worse);
        Assert.Equal(asking.Worse, TemplateFhir.Read(TemplateFhir.Write(template, null))!.Steps.Single(s => s.Step.Worse is not null).Step.Worse);
        PathwayTemplate With(TemplateWorse worse) => template with { Phases = [.. template.Phases.Select(p => p with { Steps = [.. p.Steps.Select(s => s.Id == asking.Id ? s with { Worse = worse } : s)] })] };
        Assert.DoesNotContain(ValidateTemplate.Problems(template), p => p.Fault == TemplateFault.WorseLeadsNowhere);
        foreach (var worse in new TemplateWorse[] { new("niemand"), new(Questionnaire: "eq-5d"), new(Step: "weg") })
            Assert.Contains(ValidateTemplate.Problems(With(worse)), p => p.Fault == TemplateFault.WorseLeadsNowhere);
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
