using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Tasks;

/// <summary>What a person is told about a task or hand-off. Stored as a number: append, never renumber. All but <see cref="NobodyLeft"/>, <see cref="Alert"/>, <see cref="YoursToAnswer"/> and <see cref="NoDeadline"/> are bits of <see cref="TaskRow.Told"/> in this order.</summary>
public enum NoticeKind
{
    /// <summary>Due soon; to the owner.</summary>
    DueSoon = 0,

    /// <summary>Overdue; to the owner, then who is accountable, then the care coordinator.</summary>
    OverdueOwner = 1,
    OverdueAccountable = 2,
    OverdueCoordinator = 3,

    /// <summary>Not taken on within its limit; to whoever was asked, then who is accountable, then the care coordinator.</summary>
    UntakenOwner = 4,
    UntakenAccountable = 5,
    UntakenCoordinator = 6,

    /// <summary>Its owner leaves the team or will be away, and nobody else can take it.</summary>
    NobodyLeft = 7,

    /// <summary>The period of a handed-on part of care is over; to its owner and to who is accountable for the patient.</summary>
    PeriodOver = 8,

    /// <summary>A measured value is past a limit; to whoever has to look at it, at once.</summary>
    Alert = 9,

    /// <summary>Who is accountable for the patient may not read it, so the reader answers for it.</summary>
    YoursToAnswer = 10,

    /// <summary>Its deadline was taken away: nothing reminds of it any more; to its owner and who answers for it.</summary>
    NoDeadline = 11,
}

/// <summary>When who is told about a task that waits. A pure function of the task: each step is taken once, whatever restarts happen, because the row remembers which were taken.</summary>
public static class Reminders
{
    /// <summary>Time to accept what was asked: four hours when it is urgent, a day otherwise.</summary>
    public static TimeSpan AcceptWithin(TaskPriority priority) => priority >= TaskPriority.Urgent ? TimeSpan.FromHours(4) : TimeSpan.FromHours(24);

    /// <summary>The steps of a task as it stands, by time.</summary>
    public static IReadOnlyList<(DateTime At, NoticeKind Kind)> Steps(TaskRow task)
    {
        if (!task.Open || task.Status == (int)TaskState.Draft)
            return [];
        var steps = new List<(DateTime, NoticeKind)>();
        var urgent = task.Priority >= (int)TaskPriority.Urgent;
        var state = (TaskState)task.Status;
        // A hand-off is no work to be late with: it waits to be accepted, and is responsibility afterwards.
        if (task is { IsHandoff: true, ScopeUntil: { } over } && state.IsTaken())
            steps.Add((over, NoticeKind.PeriodOver));
        if (task.DueAt is { } due && !task.IsHandoff)
        {
            var lead = urgent ? TimeSpan.FromHours(1) : TimeSpan.FromHours(24);
            var half = (due - task.AuthoredOn) / 2;
            if (half > TimeSpan.Zero)
                steps.Add((due - (half < lead ? half : lead), NoticeKind.DueSoon));
            steps.Add((due, NoticeKind.OverdueOwner));
            steps.Add((due + (urgent ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(4)), NoticeKind.OverdueAccountable));
            steps.Add((due + (urgent ? TimeSpan.FromHours(2) : TimeSpan.FromHours(24)), NoticeKind.OverdueCoordinator));
        }

        if (task.AcceptBy is { } acceptBy && (state.IsAsked() || task.DelegateId is not null))
        {
            var window = task.IsHandoff || urgent ? TimeSpan.FromHours(urgent ? 1 : 4) : TimeSpan.FromHours(8);
            steps.Add((acceptBy, NoticeKind.UntakenOwner));
            steps.Add((acceptBy + window, NoticeKind.UntakenAccountable));
            steps.Add((acceptBy + (2 * window), NoticeKind.UntakenCoordinator));
        }

        steps.Sort((a, b) => a.Item1.CompareTo(b.Item1));
        return steps;
    }

    /// <summary>The bit of a step in <see cref="TaskRow.Told"/>.</summary>
    public static int Bit(NoticeKind kind) => 1 << (int)kind;

    /// <summary>When the clock has to look next: the first step that was not taken.</summary>
    public static DateTime? Next(TaskRow task, int told)
    {
        foreach (var (at, kind) in Steps(task))
        {
            if ((told & Bit(kind)) == 0)
                return at;
        }

        return null;
    }

    /// <summary>What stays told when a task changes: another deadline or another owner starts its own count.</summary>
    public static int Keep(TaskRow? before, TaskRow now)
    {
        if (before is null)
            return 0;
        var told = before.Told;
        if (before.DueAt != now.DueAt)
            told &= ~(Bit(NoticeKind.DueSoon) | Bit(NoticeKind.OverdueOwner) | Bit(NoticeKind.OverdueAccountable) | Bit(NoticeKind.OverdueCoordinator));
        if (before.AcceptBy != now.AcceptBy || before.OwnerId != now.OwnerId || before.OwnerRole != now.OwnerRole || before.OwnerOrganisation != now.OwnerOrganisation || before.DelegateId != now.DelegateId)
            told &= ~(Bit(NoticeKind.UntakenOwner) | Bit(NoticeKind.UntakenAccountable) | Bit(NoticeKind.UntakenCoordinator));
        return told;
    }
}
