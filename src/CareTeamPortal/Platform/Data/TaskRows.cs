using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>As what somebody answers for a task.</summary>
public enum AccountableAs
{
    /// <summary>The owner took it on.</summary>
    Owner = 0,

    /// <summary>Nobody took it on yet: whoever asked stays accountable.</summary>
    Requester = 1,

    /// <summary>Whoever asked cannot answer for care (family, a source): the person accountable for the patient does.</summary>
    AccountableForPatient = 2,
}

/// <summary>What kind of owner a task has.</summary>
public enum OwnerKind
{
    /// <summary>A person of the portal, or one whom only the source knows.</summary>
    Person = 0,

    /// <summary>Whoever has this role in the patient's team.</summary>
    Role = 1,

    /// <summary>The queue of an organisation.</summary>
    Organisation = 2,
}

/// <summary>
/// A task or hand-off as worklists, inboxes and the clock need it: a projection of the FHIR Task, written in the same transaction.
/// The resource is the record; nothing here is known only here but what has been told (<see cref="Told"/>) and acknowledged.
/// </summary>
public sealed class TaskRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }

    /// <summary>Id of the Task.</summary>
    public required string Id { get; init; }
    public long Seq { get; set; }
    public int Version { get; set; }
    public bool IsHandoff { get; set; }

    /// <summary>TaskState of the tasks feature, as a number.</summary>
    public int Status { get; set; }

    /// <summary>Business status of a hand-off: offered, opened, ...</summary>
    public string? Business { get; set; }

    /// <summary>Not in a final state.</summary>
    public bool Open { get; set; }
    public required string Title { get; set; }

    /// <summary>0 routine, 1 urgent, 2 asap, 3 stat.</summary>
    public int Priority { get; set; }
    public PersonId? RequesterId { get; set; }
    public string? RequesterName { get; set; }
    public CareLine? RequesterLine { get; set; }
    public OwnerKind OwnerKind { get; set; }
    public PersonId? OwnerId { get; set; }
    public Discipline? OwnerRole { get; set; }
    public string? OwnerOrganisation { get; set; }
    public string? OwnerName { get; set; }
    public CareLine? OwnerLine { get; set; }

    /// <summary>Who was asked to take it over and has not answered.</summary>
    public PersonId? DelegateId { get; set; }
    public string? DelegateName { get; set; }

    /// <summary>The one person who answers for it now. Of an open task null only in a file without anybody accountable.</summary>
    public PersonId? AccountableId { get; set; }
    public AccountableAs AccountableAs { get; set; }
    public DateTime AuthoredOn { get; set; }
    public DateTime? DueAt { get; set; }

    /// <summary>Ticks of <see cref="DueAt"/>, or the last there are: for keyset pages by due date.</summary>
    public long DueSort { get; set; }

    /// <summary>Until when it has to be accepted.</summary>
    public DateTime? AcceptBy { get; set; }
    public DateTime? AcceptedAt { get; set; }
    public DateTime? ClosedAt { get; set; }

    /// <summary>Which reminders and escalations were sent, a bit each.</summary>
    public int Told { get; set; }

    /// <summary>When the clock has to look at it next.</summary>
    public DateTime? EscalateAt { get; set; }

    /// <summary>First task of the series that it repeats.</summary>
    public string? Series { get; set; }

    /// <summary>When the next of the series has to be made; null when it is made or there is none.</summary>
    public DateTime? RepeatAt { get; set; }
    public string? Goal { get; set; }
    public string? Focus { get; set; }
    public int ChecklistDone { get; set; }
    public int ChecklistTotal { get; set; }

    /// <summary>Of a hand-off: the part of care that it hands on; null for all of it.</summary>
    public string? Scope { get; set; }
    public DateTime? ScopeUntil { get; set; }

    /// <summary>Of a hand-off: the patient's cursor when it was offered, and up to where the receiver acknowledged what came since.</summary>
    public long OfferedCursor { get; set; }
    public long AcknowledgedCursor { get; set; }
    public Audience Audience { get; set; }
    public InformationCategory Category { get; set; }

    /// <summary>Another row that says the same.</summary>
    internal TaskRow Copy() => (TaskRow)MemberwiseClone();
}

/// <summary>Something told to a person about a task or hand-off: a reminder, an escalation. Told once.</summary>
public sealed class NoticeRow : IReachRestricted
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }
    public required PersonId PersonId { get; init; }
    public required string TaskId { get; init; }

    /// <summary>NoticeKind of the tasks feature, as a number.</summary>
    public required int Kind { get; init; }
    public required DateTime At { get; init; }
    public DateTime? SeenAt { get; set; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}

/// <summary>A person is away from a day to a day, both included.</summary>
public sealed class AbsenceRow
{
    public long Key { get; init; }
    public required PersonId PersonId { get; init; }

    /// <summary>First instant of the first day in Belgium, UTC.</summary>
    public required DateTime From { get; init; }

    /// <summary>First instant after the last day, UTC.</summary>
    public required DateTime Until { get; set; }
    public required PersonId EnteredBy { get; init; }

    /// <summary>Set when it was taken back; it stays.</summary>
    public DateTime? WithdrawnAt { get; set; }
}

/// <summary>A worklist filter that a person named and kept.</summary>
public sealed class SavedViewRow
{
    public long Key { get; init; }
    public required PersonId PersonId { get; init; }
    public required string Name { get; set; }

    /// <summary>The filter as the page's query string says it; ids and codes, never names of patients.</summary>
    public required string Filter { get; set; }
}
