using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Alerts;

/// <summary>The plan of one patient: own goals first, then what waits for an answer, then what is measured and why. Live.</summary>
public sealed partial class PlanPage
{
    private const int MostGoals = 20;
    private PatientId? _patient;
    private Actor? _me;
    private MeasuringView? _read;
    private IReadOnlyList<TimelineEntry> _goals = [];
    private TimelineEntry? _words;
    private AlertView? _answering;
    private MeasuringPlan? _plan;
    private string? _name;
    private bool _editing;
    private bool _closed;
    private bool _failed;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private ReadMeasuring Read { get; set; } = default!;
    [Inject] private ReadTimeline ReadTimeline { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ILogger<PlanPage> Log { get; set; } = default!;

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    private bool IsMine => _me?.OwnFile == _patient;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var patient = PatientId.TryParse(Id);
        if (patient is null)
        {
            _closed = true;
            return;
        }

        if (patient == _patient)
            return;
        (_patient, _read, _closed, _answering, _editing) = (patient, null, false, null, false);
        _me = await Current.RequireAsync();
        Follow(patient.Value);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            await ReadAsync(Gone);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (System.Data.Common.DbException fault)
        {
            AlertsLog.NotRead(Log, fault);
            _failed = true;
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var goals = await ReadTimeline.RunAsync(_me!, _patient!.Value, new(Filter: new TimelineFilter { Kinds = [(int)EntryKind.Goal] }, Count: MostGoals), ct);
        _goals = [.. goals.Entries.Where(e => !e.Retracted && e.Status is null or "active" or "accepted" or "planned" or "proposed" or "on-hold")];
        var notes = await ReadTimeline.RunAsync(_me!, _patient!.Value, new(Filter: new TimelineFilter { Kinds = [(int)EntryKind.Note], Disciplines = [Discipline.Patient] }, Count: MostGoals), ct);
        _words = notes.Entries.FirstOrDefault(e => !e.Retracted && e.Title == MyDay.ReadHomeDay.OwnWordsTopic);
        _read = await Read.RunAsync(_me!, _patient!.Value, new(), ct);
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private void Edit(MeasuringPlan? plan) => (_plan, _editing) = (plan, true);

    private async Task EditedAsync(string? told)
    {
        (_editing, _plan) = (false, null);
        if (told is null)
            return;
        Toasts.Show(told);
        await OnAdvancedAsync(Gone);
    }

    private async Task AnsweredAsync(bool answered)
    {
        _answering = null;
        if (answered)
            await OnAdvancedAsync(Gone);
    }
}
