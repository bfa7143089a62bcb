namespace CareTeamPortal.Features.Outcomes;

/// <summary>What outcomes log: ids only.</summary>
internal static partial class OutcomesLog
{
    [LoggerMessage(EventId = 9700, Level = LogLevel.Error, Message = "A questionnaire or its outcomes could not be read or written")]
    public static partial void NotRead(ILogger log, Exception fault);
}
