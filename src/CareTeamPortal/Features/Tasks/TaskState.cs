namespace CareTeamPortal.Features.Tasks;

/// <summary>State of a task: FHIR R4 Task.status. Stored as a number: append, never renumber.</summary>
public enum TaskState
{
    Draft = 0,
    Requested = 1,
    Received = 2,
    Accepted = 3,
    Rejected = 4,
    Ready = 5,
    Cancelled = 6,
    InProgress = 7,
    OnHold = 8,
    Failed = 9,
    Completed = 10,
    EnteredInError = 11,
}

/// <summary>The state machine of tasks: which state may follow which (standards.md). What is not here is refused.</summary>
public static class TaskStates
{
    private static readonly (TaskState From, TaskState[] To)[] Legal =
    [
        (TaskState.Draft, [TaskState.Requested, TaskState.Ready, TaskState.Cancelled]),
        (TaskState.Requested, [TaskState.Received, TaskState.Accepted, TaskState.Rejected, TaskState.Cancelled]),
        (TaskState.Received, [TaskState.Accepted, TaskState.Rejected, TaskState.Cancelled]),
        (TaskState.Accepted, [TaskState.Ready, TaskState.InProgress, TaskState.Cancelled]),
        (TaskState.Ready, [TaskState.InProgress, TaskState.Cancelled]),
        (TaskState.InProgress, [TaskState.OnHold, TaskState.Completed, TaskState.Failed, TaskState.Cancelled]),
        (TaskState.OnHold, [TaskState.InProgress, TaskState.Failed, TaskState.Cancelled]),
    ];

    private static readonly string[] Codes = ["draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold", "failed", "completed", "entered-in-error"];

    /// <summary>Whether a task may go from one state to the other.</summary>
    public static bool MayFollow(TaskState from, TaskState to) =>
        to == TaskState.EnteredInError ? from != TaskState.EnteredInError : Array.Exists(Legal, l => l.From == from && l.To.Contains(to));

    /// <summary>The states that may follow, without entered-in-error.</summary>
    public static IReadOnlyList<TaskState> After(TaskState from) => Array.Find(Legal, l => l.From == from).To ?? [];

    /// <summary>Not final: somebody has to do something.</summary>
    public static bool IsOpen(this TaskState state) => state is not (TaskState.Rejected or TaskState.Cancelled or TaskState.Failed or TaskState.Completed or TaskState.EnteredInError);

    /// <summary>Somebody took it on: the owner is accountable.</summary>
    public static bool IsTaken(this TaskState state) => state is TaskState.Accepted or TaskState.Ready or TaskState.InProgress or TaskState.OnHold;

    /// <summary>It waits for somebody to take it on.</summary>
    public static bool IsAsked(this TaskState state) => state is TaskState.Requested or TaskState.Received;

    /// <summary>States that are only entered with a reason.</summary>
    public static bool NeedsReason(TaskState to) => to is TaskState.Rejected or TaskState.Failed or TaskState.Cancelled or TaskState.OnHold or TaskState.EnteredInError;

    /// <summary>The FHIR code.</summary>
    public static string Code(this TaskState state) => Codes[(int)state];

    /// <summary>The state of a FHIR code; null when it is none.</summary>
    public static TaskState? Parse(string? code) => Array.IndexOf(Codes, code) is >= 0 and var i ? (TaskState)i : null;
}
