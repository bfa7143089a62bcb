using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>A decision of a patient about sharing. Ended ones stay.</summary>
public sealed class ConsentRow : IPatientOwned
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }
    public required ConsentScope Scope { get; init; }
    public required InformationCategory Categories { get; init; }
    public string? Organisation { get; init; }
    public PersonId? PersonId { get; init; }
    public required bool Permits { get; init; }
    public required DateTime From { get; init; }
    public DateTime? Until { get; init; }
    public required ConsentSource Source { get; init; }

    /// <summary>Who gave or registered it; null when the portal took it over.</summary>
    public PersonId? By { get; init; }
    public required DateTime At { get; init; }

    /// <summary>When it was withdrawn or replaced; it does not count from then on.</summary>
    public DateTime? EndedAt { get; set; }
    public PersonId? EndedBy { get; set; }
    public string? Note { get; init; }
}

/// <summary>A step of a relation between a patient and somebody: its beginning, each renewal, its end.</summary>
public sealed class RelationStepRow : IPatientOwned
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }
    public required PersonId PersonId { get; init; }
    public required RelationStep Step { get; init; }
    public required RelationKind Kind { get; init; }
    public required DateTime From { get; init; }
    public DateTime? Until { get; init; }

    /// <summary>Who did it; null for the portal's clock and for a source.</summary>
    public PersonId? By { get; init; }
    public required DateTime At { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A version of the sharing rules, from draft to published. Published ones are never changed.</summary>
public sealed class RuleVersionRow
{
    public required int Number { get; init; }
    public required RuleState State { get; set; }
    public required string Json { get; set; }
    public PersonId? MadeBy { get; init; }
    public required DateTime MadeAt { get; init; }
    public PersonId? ProposedBy { get; set; }
    public DateTime? ProposedAt { get; set; }
    public PersonId? ApprovedBy { get; set; }

    /// <summary>When it came into force.</summary>
    public DateTime? ApprovedAt { get; set; }

    /// <summary>Why, for people.</summary>
    public string? Note { get; set; }
}

/// <summary>Where a version of the sharing rules stands. Stored as a number: append, never renumber.</summary>
public enum RuleState
{
    Draft = 0,

    /// <summary>Waits for the approval of another officer.</summary>
    Proposed = 1,

    /// <summary>In force: exactly one.</summary>
    Current = 2,

    /// <summary>Was in force.</summary>
    Older = 3,

    /// <summary>Put aside without having been in force.</summary>
    PutAside = 4,
}

/// <summary>What an officer did with a version of the sharing rules. Stored by its name.</summary>
public enum RuleStep
{
    Drafted,
    Edited,
    Proposed,
    TakenBack,
    PutAside,
    Approved,
}

/// <summary>Somebody opened a file without a relation, in an emergency.</summary>
public sealed class BrokenGlassRow : IPatientOwned
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }
    public required PersonId PersonId { get; init; }
    public required DateTime At { get; init; }
    public required DateTime Until { get; init; }
    public required int Reason { get; init; }
    public required string Words { get; init; }

    /// <summary>When the person last proved who they are.</summary>
    public required DateTime SignedInAt { get; init; }
    public PersonId? ReviewedBy { get; set; }
    public DateTime? ReviewedAt { get; set; }
    public int? Outcome { get; set; }
    public string? ReviewNote { get; set; }
}

/// <summary>Something about a file, told to a person once: a relation ends soon, the glass was broken.</summary>
public sealed class FileNoticeRow : IPatientOwned
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }
    public required PersonId PersonId { get; init; }
    public required int Kind { get; init; }

    /// <summary>About whom.</summary>
    public PersonId? About { get; init; }
    public required DateTime At { get; init; }

    /// <summary>When what it is about happens or ends.</summary>
    public DateTime? Until { get; init; }
    public DateTime? SeenAt { get; set; }
}

/// <summary>A patient contests an opening of the file: who did it is shut out until it is answered.</summary>
public sealed class ContestRow : IPatientOwned
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }

    /// <summary>Key of the access record.</summary>
    public required long Record { get; init; }
    public required PersonId PersonId { get; init; }
    public required PersonId By { get; init; }
    public required DateTime At { get; init; }
    public required DateTime DueAt { get; init; }
    public string? Words { get; init; }

    /// <summary>The consent row that shuts the person out meanwhile.</summary>
    public long? Consent { get; init; }
    public PersonId? AnsweredBy { get; set; }
    public DateTime? AnsweredAt { get; set; }
    public string? Answer { get; set; }
}
