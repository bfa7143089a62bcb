namespace CareTeamPortal.Features.Tasks;

/// <summary>Logs of tasks: ids only.</summary>
internal static partial class TasksLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Reminders and escalations could not be looked at; they are tried again.")]
    public static partial void ClockFailed(ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The reminders of task {Task} could not be looked at; they are tried again.")]
    public static partial void NotLookedAt(ILogger logger, Exception fault, string task);

    [LoggerMessage(Level = LogLevel.Error, Message = "The worklist of {Person} could not be read.")]
    public static partial void NotRead(ILogger logger, Exception fault, string person);

    [LoggerMessage(Level = LogLevel.Error, Message = "A change of a task failed.")]
    public static partial void NotDone(ILogger logger, Exception fault);
}
