namespace CareTeamPortal.Features.Rules;

/// <summary>Logs of the rules: no names, no text.</summary>
internal static partial class RulesLog
{
    [LoggerMessage(LogLevel.Warning, "The sharing rules could not be read.")]
    public static partial void ReadFailed(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "A step with the sharing rules failed; nothing was written.")]
    public static partial void StepFailed(ILogger logger, Exception fault);
}
