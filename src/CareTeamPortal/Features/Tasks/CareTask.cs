using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Tasks;

/// <summary>One line of a task's checklist.</summary>
/// <param name="DoneAt">When it was ticked off, UTC; null while it is open.</param>
public sealed record ChecklistItem(string Text, DateTime? DoneAt = null, string? DoneBy = null);

/// <summary>How pressing a task is: FHIR request-priority.</summary>
public enum TaskPriority
{
    Routine = 0,
    Urgent = 1,
    Asap = 2,
    Stat = 3,
}

/// <summary>
/// A task as it stands: who asked, who has it, what state it is in. Immutable; each intent gives the next state or throws
/// <see cref="TaskRefusal"/>. Times are UTC.
/// </summary>
public sealed record CareTask
{
    public required string Id { get; init; }
    public required PatientId Patient { get; init; }
    public int Version { get; init; }
    public required TaskState State { get; init; }

    /// <summary>One line: what has to be done.</summary>
    public required string Title { get; init; }
    public string? Detail { get; init; }
    public TaskPriority Priority { get; init; }
    public TaskParty? Requester { get; init; }

    /// <summary>Who has it or is asked; a task without an owner is its requester's.</summary>
    public TaskParty? Owner { get; init; }

    /// <summary>Who is asked to take it over from an owner who took it on. The owner stays accountable until then.</summary>
    public TaskParty? Delegate { get; init; }
    public required DateTime AuthoredOn { get; init; }
    public DateTime? DueAt { get; init; }

    /// <summary>Until when somebody has to take it on.</summary>
    public DateTime? AcceptBy { get; init; }
    public DateTime? AcceptedAt { get; init; }
    public DateTime? ClosedAt { get; init; }
    public string? Reason { get; init; }
    public string? Business { get; init; }
    public bool IsHandoff { get; init; }
    public IReadOnlyList<ChecklistItem> Checklist { get; init; } = [];
    public RepeatRule? Repeat { get; init; }

    /// <summary>First due moment of the series and the id of its first task.</summary>
    public DateTime? SeriesStart { get; init; }
    public string? Series { get; init; }

    /// <summary>The next of the series is made.</summary>
    public bool NextIsMade { get; init; }

    /// <summary>Goal that it serves, <c>Goal/x</c>.</summary>
    public string? Goal { get; init; }

    /// <summary>Entry that it is about, <c>Type/x</c>.</summary>
    public string? Focus { get; init; }
    public IReadOnlyList<(string Id, string Name)> Attachments { get; init; } = [];
    public Audience Audience { get; init; } = Audience.WholeTeam;

    /// <summary>The specially protected category that its source labelled it with; none for most tasks. It closes the task, its steps and the next of its series.</summary>
    public InformationCategory Protection { get; init; }

    /// <summary>What somebody must read to have it.</summary>
    public InformationCategory Needs => InformationCategory.Tasks | Protection;

    /// <summary>Of a hand-off: its parts; null for a task.</summary>
    public Handoffs.HandoffContent? Handoff { get; init; }

    public bool IsOpen => State.IsOpen();

    /// <summary>It was dropped before anybody was asked.</summary>
    public bool NeverAsked { get; init; }

    /// <summary>Not asked yet, or never: its requester's alone, as what a person is still writing is.</summary>
    public bool IsConcept => State == TaskState.Draft || NeverAsked;

    /// <summary>Moves to another state.</summary>
    /// <exception cref="TaskRefusal">The state machine, a missing reason or the person's part in the task forbids it.</exception>
    public CareTask MoveTo(TaskState to, TaskActor by, string? reason, DateTime now)
    {
        if (!TaskStates.MayFollow(State, to))
            throw new TaskRefusal(TaskRule.IllegalTransition, State, to);
        if (!by.MayMove(this, to))
            throw new TaskRefusal(TaskRule.NotYours, State, to);
        if (TaskStates.NeedsReason(to) && string.IsNullOrWhiteSpace(reason))
            throw new TaskRefusal(TaskRule.NeedsReason, State, to);
        var next = this with { State = to, Reason = TaskStates.NeedsReason(to) ? reason : null, NeverAsked = IsConcept && !to.IsOpen() };
        if (to.IsTaken() && Owner is not { Kind: OwnerKind.Person, Person: not null })
            next = next with { Owner = by.Party }; // who takes it from a role or a queue has it from now on
        if (to == TaskState.Requested && next.AcceptBy <= now)
            next = next with { AcceptBy = now + Reminders.AcceptWithin(Priority) }; // a draft lay longer than the time it gave: that runs from the asking
        if (to == TaskState.Accepted || (to.IsTaken() && AcceptedAt is null))
            next = next with { AcceptedAt = now };
        if (!to.IsOpen())
            next = next with { ClosedAt = now, Delegate = null };
        return next;
    }

    /// <summary>Asks somebody else: at once while nobody took it on, otherwise as a question to take it over.</summary>
    /// <exception cref="TaskRefusal">It is closed, or not this person's to give away.</exception>
    public CareTask Assign(TaskParty to, TaskActor by, DateTime? acceptBy)
    {
        if (!IsOpen)
            throw new TaskRefusal(TaskRule.Closed, State);
        if (!by.MayAssign(this))
            throw new TaskRefusal(TaskRule.NotYours, State);
        if (to.IsSame(Owner) || to.IsSame(Delegate))
            throw new TaskRefusal(TaskRule.SameOwner, State);
        return State.IsTaken() ? this with { Delegate = to, AcceptBy = acceptBy } : this with { Owner = to, AcceptBy = acceptBy, State = State == TaskState.Received ? TaskState.Requested : State };
    }

    /// <summary>Takes over what the owner asked to take over.</summary>
    public CareTask TakeOver(TaskActor by, DateTime now)
    {
        if (!IsOpen || Delegate is null)
            throw new TaskRefusal(TaskRule.Closed, State);
        if (!by.IsIn(Delegate))
            throw new TaskRefusal(TaskRule.NotYours, State);
        return this with { Owner = by.Party, Delegate = null, AcceptBy = null, AcceptedAt = now };
    }

    /// <summary>Does not take it over, or takes the question back: the owner keeps it.</summary>
    public CareTask KeepWithOwner(TaskActor by)
    {
        if (!IsOpen || Delegate is null)
            throw new TaskRefusal(TaskRule.Closed, State);
        if (!by.IsIn(Delegate) && !by.MayAssign(this))
            throw new TaskRefusal(TaskRule.NotYours, State);
        return this with { Delegate = null, AcceptBy = null };
    }

    /// <summary>Comes back by another rule from here on; null: the series ends with this one.</summary>
    /// <exception cref="TaskRefusal">It has no deadline for a series to hang on, or the next of it exists already.</exception>
    public CareTask RepeatBy(RepeatRule? rule)
    {
        if (rule == Repeat)
            return this;
        if (NextIsMade)
            throw new TaskRefusal(TaskRule.NextIsMade, State);
        if (rule is not null && DueAt is null)
            throw new TaskRefusal(TaskRule.RepeatNeedsDeadline, State);
        return this with { Repeat = rule, SeriesStart = rule is null ? null : DueAt };
    }

    /// <summary>The next task of the series; null when there is none.</summary>
    public CareTask? NextOfSeries(string id, DateTime now)
    {
        if (Repeat is not { } rule || DueAt is not { } due)
            return null;
        var first = SeriesStart ?? due;
        if (rule.Next(due, first) is not { } next)
            return null;
        var taken = Owner is { Kind: OwnerKind.Person } && State is not (TaskState.Requested or TaskState.Received or TaskState.Rejected or TaskState.Draft);
        return this with
        {
            Id = id, Version = 0, State = taken ? TaskState.Ready : TaskState.Requested, AuthoredOn = now, DueAt = next, AcceptBy = null, AcceptedAt = taken ? now : null, ClosedAt = null, Reason = null,
            Delegate = null, Series = Series ?? Id, SeriesStart = first, NextIsMade = false, Attachments = [], Checklist = [.. Checklist.Select(i => new ChecklistItem(i.Text))],
        };
    }
}

/// <summary>Somebody with what decides their part in a task.</summary>
/// <param name="MayAnswer">Can be accountable for care.</param>
/// <param name="IsAccountableForPatient">Accountable for this patient now.</param>
public sealed record TaskActor(TaskParty Party, Discipline Discipline, string? Organisation, bool MayAnswer, bool IsAccountableForPatient)
{
    private PersonId Person => Party.Person!.Value;

    /// <summary>Is this party, or belongs to the role or organisation.</summary>
    public bool IsIn(TaskParty? party) => party?.Includes(Person, Discipline, Organisation) == true;

    private bool Asked(CareTask task) => task.Requester?.Person == Person;

    /// <summary>Whether this person may bring the task into that state. The state machine is another question.</summary>
    public bool MayMove(CareTask task, TaskState to) => to switch
    {
        TaskState.EnteredInError => Asked(task) || (task.Requester?.Person is null && IsAccountableForPatient),
        TaskState.Cancelled => Asked(task) || IsAccountableForPatient || (task.State.IsTaken() && IsIn(task.Owner)),
        TaskState.Requested => Asked(task),
        // Ready without having been asked is only for one's own: nobody is made to answer for what they did not take on.
        TaskState.Ready when task.State == TaskState.Draft => Asked(task) && IsIn(task.Owner ?? task.Requester),
        _ => IsIn(task.Owner ?? task.Requester),
    };

    /// <summary>Whether this person may ask somebody else to do it.</summary>
    public bool MayAssign(CareTask task) => Asked(task) || IsAccountableForPatient || IsIn(task.Owner ?? task.Requester);
}

/// <summary>Which rule refuses a change of a task.</summary>
public enum TaskRule
{
    /// <summary>The state machine knows no such step.</summary>
    IllegalTransition,

    /// <summary>It is somebody else's to do.</summary>
    NotYours,
    NeedsReason,

    /// <summary>It is closed, or there is nothing to answer.</summary>
    Closed,
    SameOwner,

    /// <summary>The one who is asked is not on the team, or may not see what is in it.</summary>
    MayNotSee,

    /// <summary>An acceptance without a written read-back.</summary>
    NeedsReadBack,

    /// <summary>Something came in since the offer that the receiver has not acknowledged.</summary>
    UnseenNews,

    /// <summary>It lacks what it cannot do without: a title, a summary, a question.</summary>
    Incomplete,
    TitleTooLong,
    DetailTooLong,

    /// <summary>Too many lines, or one that is too long.</summary>
    ChecklistTooLong,

    /// <summary>A reason, question, answer, read-back or part of a hand-off is too long.</summary>
    TextTooLong,

    /// <summary>The deadline lies in the past, or outside the calendar.</summary>
    BadDeadline,

    /// <summary>A task that repeats has a deadline: its series hangs on it.</summary>
    RepeatNeedsDeadline,

    /// <summary>Only who answers for care hands it on: it is not (any more) this sender's.</summary>
    NotAccountable,

    /// <summary>The next of the series exists: that one says how it goes on.</summary>
    NextIsMade,

    /// <summary>What a hand-off tells stays as it was told: another is another hand-off.</summary>
    ToldStays,

    /// <summary>The entry that it is about, or the goal that it serves, is not in this file for who says so.</summary>
    NotInFile,

    /// <summary>It is for the portal to say: where a series began, that its next exists, who was asked to take over.</summary>
    PortalSays,

    /// <summary>An attachment is neither this task's nor one that the caller put ready.</summary>
    UnknownFile,

    /// <summary>It came of an alert: that is answered, by saying what was done.</summary>
    AlertNeedsAnswer,

    /// <summary>There is a recent result of what it asks for: asking all the same needs a reason.</summary>
    RecentResult,

    /// <summary>The goal that it is to serve is seen by fewer people than the task.</summary>
    GoalForFewer,

    /// <summary>It is the hand-off of a pathway: it is done when that is accepted, or noted in the pathway as done outside the portal.</summary>
    HandoffStep,
}

/// <summary>A change that a task does not allow. An expected outcome: use cases turn it into a result.</summary>
public sealed class TaskRefusal(TaskRule rule, TaskState from = default, TaskState? to = null) : Exception($"{rule}: {from.Code()} {to?.Code()}")
{
    public TaskRule Rule { get; } = rule;
    public TaskState From { get; } = from;
    public TaskState? To { get; } = to;
}
