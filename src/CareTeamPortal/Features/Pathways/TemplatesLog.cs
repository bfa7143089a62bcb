namespace CareTeamPortal.Features.Pathways;

/// <summary>Logs of the templates: no names, no text.</summary>
internal static partial class TemplatesLog
{
    [LoggerMessage(LogLevel.Warning, "The pathway templates could not be read.")]
    public static partial void ReadFailed(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "A step with a pathway template failed; nothing was written.")]
    public static partial void StepFailed(ILogger logger, Exception fault);
}
