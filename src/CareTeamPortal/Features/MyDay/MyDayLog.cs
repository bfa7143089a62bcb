namespace CareTeamPortal.Features.MyDay;

/// <summary>Logs of my day: ids only.</summary>
internal static partial class MyDayLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The day of {Person} could not be read.")]
    public static partial void NotRead(ILogger logger, Exception fault, string person);
}
