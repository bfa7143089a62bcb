using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Population;

/// <summary>One member as coordination sees them; live.</summary>
public sealed partial class CoordinationPage
{
    private PatientId? _patient;
    private ReadCoordination.Result? _read;
    private string? _name;
    private bool _closed;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private ReadCoordination Read { get; set; } = default!;

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
        (_patient, _read, _closed) = (patient, null, false);
        Follow(patient.Value, Topics.Tasks);
        try
        {
            await ReadAsync(Gone);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        _read = await Read.RunAsync(await Current.RequireAsync(), _patient!.Value, new(), ct);
        _closed = _read is null;
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        var before = _read?.Stamp;
        await ReadAsync(ct);
        if (_read?.Stamp != before)
            StateHasChanged(); // what the viewer may not see wakes this page too, and is not told
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        StateHasChanged();
        return Task.CompletedTask;
    }
}
