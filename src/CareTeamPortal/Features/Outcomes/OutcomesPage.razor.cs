using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>How one patient is doing by what was filled in: what is due, what it came to, and the difference since the start. Live.</summary>
public sealed partial class OutcomesPage
{
    private PatientId? _patient;
    private Actor? _me;
    private OutcomesView? _view;
    private string? _name;
    private bool _closed;
    private bool _failed;

    /// <summary>FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private ReadOutcomes Read { get; set; } = default!;
    [Inject] private ILogger<OutcomesPage> Log { get; set; } = default!;

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

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
        (_patient, _view, _closed) = (patient, null, false);
        _me = await Current.RequireAsync();
        Follow(patient.Value);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            _view = await Read.RunAsync(_me!, _patient!.Value, new(), Gone);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (System.Data.Common.DbException fault)
        {
            OutcomesLog.NotRead(Log, fault);
            _failed = true;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        _view = await Read.RunAsync(_me!, _patient!.Value, new(), ct);
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        (_closed, _view) = (true, null);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private static string Number(decimal value) => value.ToString("0.#", BelgianTime.Culture);

    private string Label(OutcomeSeries series) => series.Points.Count == 1
        ? T["Series.PlotOne", series.Form.Title, BelgianTime.Moment(series.Last.At, Now), Number(series.Last.Score)]
        : T["Series.Plot", series.Form.Title, series.Points.Count, BelgianTime.Moment(series.Points[0].At, Now), BelgianTime.Moment(series.Last.At, Now), Number(series.Points[0].Score), Number(series.Last.Score), series.Change ?? ""];

    private string When(AskedOutcome asked) => asked switch
    {
        { Done: true, ClosedAt: { } closed } => T["Schedule.Done", BelgianTime.Moment(closed, Now)],
        { Open: true, DueAt: { } due } => T[asked.IsLate ? "Schedule.Late" : "Schedule.Due", BelgianTime.Moment(due, Now)],
        { Open: true } => T["Due"],
        _ => T["Schedule.Left"],
    };
}
