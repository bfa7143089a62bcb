namespace CareTeamPortal.Features.Population;

/// <summary>What the case manager's view writes to the log: no names, no words.</summary>
internal static partial class PopulationLog
{
    /// <summary>Reading failed; the person was told and can try again.</summary>
    [LoggerMessage(EventId = 4701, Level = LogLevel.Error, Message = "The population of {Person} could not be read.")]
    public static partial void NotRead(ILogger logger, Exception fault, string person);
}
