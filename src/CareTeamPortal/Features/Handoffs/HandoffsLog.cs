namespace CareTeamPortal.Features.Handoffs;

internal static partial class HandoffsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A hand-off page could not be read")]
    public static partial void PageFailed(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of a hand-off was not written")]
    public static partial void StepFailed(ILogger log, Exception fault);
}
