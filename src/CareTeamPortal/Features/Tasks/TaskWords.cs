using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Words of tasks outside pages: what a step says on the timeline.</summary>
internal static class TaskWords
{
    private static readonly Words Words = new(typeof(TasksText));

    /// <summary>A word by its key.</summary>
    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    /// <summary>The state in words: "in uitvoering".</summary>
    public static string State(TaskState state) => Get("State." + state);

    /// <summary>What a step to a state says on the timeline: "Taak afgewerkt: Bloedname".</summary>
    public static string Moved(CareTask task, TaskState to) => Get("Step." + to, task.Title);

    /// <summary>The priority in words.</summary>
    public static string Priority(TaskPriority priority) => Get("Priority." + priority);
}
