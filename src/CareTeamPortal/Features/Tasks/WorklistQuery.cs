using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Tasks;

/// <summary>What the address of the worklist says: ids and codes, never names.</summary>
internal sealed record WorklistQuery
{
    private static readonly (string Code, TaskList List)[] Lists = [("mine", TaskList.Mine), ("accountable", TaskList.Accountable), ("queue", TaskList.Queue), ("team", TaskList.Team), ("asked", TaskList.Asked)];

    /// <summary>Groups of states by which people filter.</summary>
    public static IReadOnlyList<(string Code, TaskState[] States)> Groups { get; } =
    [
        ("asked", [TaskState.Requested, TaskState.Received]), ("ready", [TaskState.Accepted, TaskState.Ready]), ("busy", [TaskState.InProgress]), ("hold", [TaskState.OnHold]), ("draft", [TaskState.Draft]),
    ];

    public TaskList List { get; init; }
    public PatientId? Patient { get; init; }
    public TaskPriority Priority { get; init; }
    public string? State { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }
    public bool Late { get; init; }
    public bool Board { get; init; }

    /// <summary>Something narrows the list.</summary>
    public bool IsFiltered => Patient is not null || Priority != TaskPriority.Routine || State is not null || From is not null || To is not null || Late;

    /// <summary>From the values of a query string; what is not understood is left out.</summary>
    public static WorklistQuery Of(string? list, string? patient, string? priority, string? state, string? from, string? to, string? late, string? view) => new()
    {
        List = Array.Find(Lists, l => l.Code == list) is { Code: not null } known ? known.List : TaskList.Mine,
        Patient = PatientId.TryParse(patient),
        Priority = Enum.TryParse<TaskPriority>(priority, ignoreCase: true, out var level) && Enum.IsDefined(level) ? level : TaskPriority.Routine,
        State = Groups.Any(g => g.Code == state) ? state : null,
        From = DateOf(from),
        To = DateOf(to),
        Late = late == "1",
        Board = view == "board",
    };

    private static DateOnly? DateOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9000 ? day : null;

    /// <summary>The query string, always with its list.</summary>
    public override string ToString()
    {
        var parts = new List<string> { "list=" + Array.Find(Lists, l => l.List == List).Code };
        if (Patient is { } patient)
            parts.Add("patient=" + Uri.EscapeDataString(patient.Value));
        if (Priority != TaskPriority.Routine)
            parts.Add("priority=" + Priority.ToString().ToLowerInvariant());
        if (State is not null)
            parts.Add("state=" + State);
        if (From is { } from)
            parts.Add("from=" + from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (To is { } to)
            parts.Add("to=" + to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (Late)
            parts.Add("late=1");
        if (Board)
            parts.Add("view=board");
        return string.Join('&', parts);
    }

    /// <summary>The filter of the reading.</summary>
    public TaskFilter Filter(DateTime now)
    {
        DateTime? before = To is { } to ? BelgianTime.BoundsOf(to).End : null;
        if (Late && !(before < now))
            before = now;
        return new TaskFilter
        {
            Patient = Patient, Priority = (int)Priority, DueFrom = From is { } from ? BelgianTime.BoundsOf(from).Start : null, DueBefore = before,
            States = State is null ? null : [.. Groups.First(g => g.Code == State).States.Select(s => (int)s)],
        };
    }
}
