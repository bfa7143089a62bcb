using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Tasks;

/// <summary>The tasks of one patient, by due date; live.</summary>
public sealed partial class TasksPage
{
    private PatientId? _patient;
    private Actor? _me;
    private ReadTasks.Result? _read;
    private string? _name;
    private string? _shown;
    private bool _may;
    private bool _closed;
    private bool _failed;

    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private ReadTasks ReadTasks { get; set; } = default!;
    [Inject] private TaskActions Actions { get; set; } = default!;
    [Inject] private TaskWindow Window { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ILogger<TasksPage> Log { get; set; } = default!;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>A task to open, or none.</summary>
    [Parameter] public string? TaskId { get; set; }

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

        if (patient != _patient)
        {
            (_patient, _read, _closed, _name, _shown) = (patient, null, false, null, null);
            Follow(patient.Value);
            await RetryAsync();
        }

        if (TaskId is not null && TaskId != _shown && !_closed)
        {
            _shown = TaskId;
            await Window.OpenAsync(patient.Value, TaskId);
        }
    }

    private async Task RetryAsync()
    {
        _failed = false;
        try
        {
            _me = await Current.RequireAsync();
            _may = Rules.Current.MayIn(_me, _patient!.Value, CareAction.DoTasks);
            await ReadAsync(Gone);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TasksLog.NotRead(Log, fault, _me?.Person.Value ?? "");
            _failed = true;
        }
    }

    private async Task ReadAsync(CancellationToken ct) => _read = await ReadTasks.RunAsync(_me!, _patient!.Value, new(), ct);

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        if (_me is null)
            return;
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

    private async Task<string?> FinishAsync(TaskView task)
    {
        var why = await Actions.FinishAsync(task.Patient, task.Id, task.Version);
        if (why is null)
            Toasts.Show(T["Done.Finished"]);
        return why;
    }

    private Task<string?> TakeAsync(TaskView task) => Actions.TakeAsync(task);
}
