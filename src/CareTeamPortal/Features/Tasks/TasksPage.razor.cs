using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Tasks;

/// <summary>The tasks of one patient, by due date; live.</summary>
public sealed partial class TasksPage
{
    private ReadTasks.Result? _read;
    private string? _shown;
    private bool _may;

    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private ReadTasks ReadTasks { get; set; } = default!;
    [Inject] private TaskActions Actions { get; set; } = default!;
    [Inject] private TaskWindow Window { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    /// <summary>A task to open, or none.</summary>
    [Parameter] public string? TaskId { get; set; }

    /// <inheritdoc/>
    private protected override void Forget() => (_read, _shown) = (null, null);

    /// <inheritdoc/>
    private protected override async Task ReadAsync(CancellationToken ct)
    {
        _may = Rules.Current.MayIn(Me!, File, CareAction.DoTasks);
        _read = await ReadTasks.RunAsync(Me!, File, new(), ct);
    }

    /// <inheritdoc/>
    private protected override async Task OnAddressAsync()
    {
        if (TaskId is null || TaskId == _shown)
            return;
        _shown = TaskId;
        await Window.OpenAsync(File, TaskId);
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
