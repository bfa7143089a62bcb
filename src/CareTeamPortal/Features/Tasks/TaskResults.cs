namespace CareTeamPortal.Features.Tasks;

/// <summary>What became of a change of a task or hand-off.</summary>
internal abstract record TaskResult;

/// <summary>Done, durably: how it stands now.</summary>
internal sealed record TaskDone(CareTask Task) : TaskResult;

/// <summary>What was to be made only when nothing like it is there is there; nothing was written.</summary>
internal sealed record TaskThereAlready : TaskResult;

/// <summary>There is no such task for this person.</summary>
internal sealed record TaskNotFound : TaskResult;

/// <summary>A rule forbids it; nothing was written.</summary>
internal sealed record TaskRefused(TaskRule Rule, TaskState From = default, TaskState? To = null) : TaskResult
{
    /// <summary>Of <see cref="TaskRule.RecentResult"/>: the result that stands in the way, which the caller may see.</summary>
    public Examinations.RecentResult? Recent { get; init; }
}

/// <summary>Somebody changed it meanwhile: this is how it stands now. Nothing was written.</summary>
internal sealed record TaskChangedMeanwhile(CareTask Now) : TaskResult;

/// <summary>Somebody else was first to take it.</summary>
internal sealed record TakenAlready(string By, DateTime? At) : TaskResult;
