using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>How long what a task says may be. What is longer is refused with a reason, never cut: cut text is lost text.</summary>
internal static class TaskLimits
{
    /// <summary>Most characters of one line of a checklist.</summary>
    public const int LongestCheck = 200;

    /// <summary>Most characters of a reason, a question about a hand-off or its answer.</summary>
    public const int LongestReason = 2_000;

    /// <summary>Which rule the words break; null when they may be kept.</summary>
    public static TaskRule? Broken(string title, string? detail, IReadOnlyList<string>? checks)
    {
        if (SafeText.IsBlank(title))
            return TaskRule.Incomplete;
        if (IsLonger(title, CreateTask.LongestTitle))
            return TaskRule.TitleTooLong;
        if ((detail?.Length ?? 0) > CreateTask.LongestDetail)
            return TaskRule.DetailTooLong;
        return checks is not null && (checks.Count > CreateTask.MostChecks || checks.Any(c => IsLonger(c, LongestCheck))) ? TaskRule.ChecklistTooLong : null;
    }

    /// <summary>Whether a line is longer than it may be, once it is safe to show.</summary>
    private static bool IsLonger(string line, int most) => line.Length > most && SafeText.Line(line, most + 1).Length > most;
}
