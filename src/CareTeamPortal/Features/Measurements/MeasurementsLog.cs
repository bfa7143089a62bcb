namespace CareTeamPortal.Features.Measurements;

/// <summary>What the measurements write to the log: no names, no values.</summary>
internal static partial class MeasurementsLog
{
    /// <summary>Reading failed; the person was told and can try again.</summary>
    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "Measurements could not be read.")]
    public static partial void NotRead(ILogger logger, Exception fault);
}
