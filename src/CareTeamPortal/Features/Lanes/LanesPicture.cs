using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Lanes;

/// <summary>Who was accountable from when to when.</summary>
/// <param name="Until">Null: still.</param>
public sealed record LaneHolder(string Name, string Role, CareLine Line, DateTime Since, DateTime? Until);

/// <summary>What a bar stands for.</summary>
public enum LaneEpisodeKind
{
    Contact = 0,
    Pathway = 1,

    /// <summary>A part of care that was handed over for a time.</summary>
    HandedOver = 2,

    /// <summary>The same, while nobody accepted it.</summary>
    Offered = 3,
}

/// <summary>Something that lasts.</summary>
/// <param name="Until">Null: it goes on.</param>
public sealed record LaneEpisode(string Reference, string Title, LaneEpisodeKind Kind, CareLine? Line, DateTime From, DateTime? Until);

/// <summary>Entries of one kind and line in one slot: the one that it is, or how many.</summary>
/// <param name="Kind">EntryKind as a number.</param>
/// <param name="Title">Of the newest of them; empty where the picture only counts them and the list is closed, and beyond 400.</param>
/// <param name="Reference">The newest of them; empty as the title is.</param>
public sealed record LaneEntry(int Kind, CareLine? Line, int Count, DateTime First, DateTime Last, string Title, string Reference);

/// <summary>How a task stands.</summary>
public enum LaneTaskState
{
    Open = 0,
    Late = 1,
    Done = 2,

    /// <summary>Rejected, cancelled or failed.</summary>
    Dropped = 3,
}

/// <summary>Tasks of one line and state in one slot, at their due date or their end.</summary>
public sealed record LaneTask(LaneTaskState State, CareLine? Line, int Count, DateTime First, DateTime Last, string Title, string Reference);

/// <summary>How a hand-off stands.</summary>
public enum LaneHandoffState
{
    Waiting = 0,
    Accepted = 1,
    Declined = 2,
    Withdrawn = 3,
}

/// <summary>A hand-off between lines.</summary>
/// <param name="Ended">When it was accepted, declined or withdrawn; null while it waits.</param>
/// <param name="AcceptBy">Until when it has to be accepted.</param>
/// <param name="Escalated">Nobody accepted it in time.</param>
/// <param name="Scope">The part of care; null for all of it.</param>
public sealed record LaneHandoff(string Id, LaneHandoffState State, string Title, string? Scope, string From, CareLine? FromLine, string To, CareLine? ToLine, DateTime Offered, DateTime? Ended, DateTime? AcceptBy, bool Escalated)
{
    public string Reference => "Task/" + Id;
}

/// <summary>One measured value on the axis.</summary>
public sealed record LanePoint(DateTime At, decimal Value, string Shown, CareLine? Line, string Reference);

/// <summary>The series that shares the axis.</summary>
public sealed record LaneSeries(string Key, string Name, string Unit, decimal? Low, decimal? High, bool BandIsStandard, IReadOnlyList<LanePoint> Points);

/// <summary>All that the picture shows, whoever draws it. No numbers of commits or rows: what stays on the server is not in it.</summary>
public sealed record LanesPicture
{
    public required LanesPeriod Period { get; init; }
    public required DateTime Now { get; init; }

    /// <summary>Oldest first, without a gap; empty in a file that nobody answers for.</summary>
    public IReadOnlyList<LaneHolder> Holders { get; init; } = [];

    /// <summary>The same over the calendar year of the period, for the small overview.</summary>
    public IReadOnlyList<LaneHolder> YearHolders { get; init; } = [];
    public IReadOnlyList<LaneEpisode> Episodes { get; init; } = [];
    public IReadOnlyList<LaneEntry> Entries { get; init; } = [];
    public IReadOnlyList<LaneTask> Tasks { get; init; } = [];
    public IReadOnlyList<LaneHandoff> Handoffs { get; init; } = [];
    public LaneSeries? Series { get; init; }

    /// <summary>Keys and names of the series that have a value in the period.</summary>
    public IReadOnlyList<(string Key, string Name)> SeriesToChoose { get; init; } = [];

    /// <summary>Day of the last entry before the period, and of the first after it; asked only when the period is empty.</summary>
    public DateOnly? EarlierDay { get; init; }
    public DateOnly? LaterDay { get; init; }

    public bool IsEmpty => Episodes.Count == 0 && Entries.Count == 0 && Tasks.Count == 0 && Handoffs.Count == 0 && Series is null;
}
