using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Tasks;

/// <summary>What a new task begins with: the file that is open, the entry it is about.</summary>
/// <param name="Patient">Whose; null: the form asks first.</param>
/// <param name="Focus">The entry, <c>Type/id</c>.</param>
/// <param name="FocusTitle">What that entry is called.</param>
public sealed record NewTask(PatientId? Patient = null, string? Focus = null, string? FocusTitle = null);

/// <summary>Lets any page of this circuit open the form for a new task, or one task with its whole story. <see cref="TaskDesk"/> shows them.</summary>
public sealed class TaskWindow
{
    private (PatientId Patient, string Task)? _early;

    /// <summary>Somebody asks for the form.</summary>
    internal event Func<NewTask, Task>? Asked;

    /// <summary>Somebody opens a task.</summary>
    internal event Func<PatientId, string, Task>? Opened;

    /// <summary>A notice was put away, or one came.</summary>
    internal event Func<Task>? NoticesChanged;

    /// <summary>Tells the parts of this circuit that show notices.</summary>
    public async Task TellNoticesAsync()
    {
        foreach (var part in NoticesChanged?.GetInvocationList().Cast<Func<Task>>() ?? [])
            await part();
    }

    /// <summary>Shows the form.</summary>
    public Task AskAsync(NewTask begin) => Asked?.Invoke(begin) ?? Task.CompletedTask;

    /// <summary>Shows one task.</summary>
    public Task OpenAsync(PatientId patient, string task)
    {
        if (Opened is { } opened)
            return opened(patient, task);
        _early = (patient, task); // the page of a task's own address is there before the desk
        return Task.CompletedTask;
    }

    /// <summary>What was opened before anything could show it; told once.</summary>
    internal (PatientId Patient, string Task)? TakeEarly()
    {
        var early = _early;
        _early = null;
        return early;
    }
}
