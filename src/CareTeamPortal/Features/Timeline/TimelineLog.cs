namespace CareTeamPortal.Features.Timeline;

/// <summary>What the timeline logs: that something failed, never whose or what.</summary>
internal static partial class TimelineLog
{
    [LoggerMessage(4101, LogLevel.Error, "The timeline page could not be loaded.")]
    public static partial void PageFailed(ILogger log, Exception fault);

    [LoggerMessage(4102, LogLevel.Error, "An entry could not be saved.")]
    public static partial void SaveFailed(ILogger log, Exception fault);

    [LoggerMessage(4103, LogLevel.Warning, "A file could not be taken in.")]
    public static partial void UploadFailed(ILogger log, Exception fault);

    [LoggerMessage(4104, LogLevel.Error, "A page of the feed could not be read.")]
    public static partial void FeedFailed(ILogger log, Exception fault);
}
