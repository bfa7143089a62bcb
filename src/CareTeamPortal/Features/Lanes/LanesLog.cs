namespace CareTeamPortal.Features.Lanes;

/// <summary>What the care lines write to the log: no names, no words.</summary>
internal static partial class LanesLog
{
    /// <summary>Reading failed; the person was told and can try again.</summary>
    [LoggerMessage(EventId = 4301, Level = LogLevel.Error, Message = "Care lines could not be read.")]
    public static partial void NotRead(ILogger logger, Exception fault);
}
