using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>A person of the portal: professional, caregiver, patient or officer.</summary>
public sealed class PersonRow
{
    public required PersonId Id { get; init; }
    public required string DisplayName { get; set; }
    public required Discipline Discipline { get; set; }
    public required CareLine Line { get; set; }
    public required string RoleTitle { get; set; }
    public string? Organisation { get; set; }

    /// <summary>Practitioner, RelatedPerson or Patient.</summary>
    public required string FhirType { get; set; }

    /// <summary>The person's own file, when the person is a patient.</summary>
    public PatientId? OwnFile { get; set; }

    /// <summary>Subject at the identity provider (issuer|sub), once signed in through it.</summary>
    public string? ExternalSubject { get; set; }

    /// <summary>National or professional number, for matching imported practitioners.</summary>
    public string? ProfessionalNumber { get; set; }

    /// <summary>Where the person can be reached, as written; null when the person gave none. Who reads it is decided where it is shown: ContactDetails.</summary>
    public string? Phone { get; set; }
    public string? Email { get; set; }

    /// <summary>When the person was deactivated; null while active. A person is never deleted: what they wrote keeps its name.</summary>
    public DateTime? DeactivatedAt { get; set; }

    /// <summary>The role that the provider stated for an account that waits for an administrator; null when nothing waits.</summary>
    public Discipline? Asks { get; set; }

    /// <summary>Keeps people, roles and organisations; opens no file.</summary>
    public bool IsAdministrator { get; set; }

    /// <summary>When this row changed last: nodes read everyone again then.</summary>
    public DateTime ChangedAt { get; set; }
}

/// <summary>A patient's file: demographics for list and banner, the commit cursor, and who is accountable.</summary>
public sealed class PatientRow : IPatientOwned
{
    public required PatientId Id { get; init; }
    PatientId IPatientOwned.PatientId => Id;
    public string? FamilyName { get; set; }
    public string? GivenName { get; set; }

    /// <summary>Name for people; for a file known only through references: the reference's display or id.</summary>
    public required string DisplayName { get; set; }

    /// <summary>Folded "family given", for sorting.</summary>
    public required string SortName { get; set; }
    public DateOnly? BirthDate { get; set; }
    public DatePrecision BirthDatePrecision { get; set; } = DatePrecision.Day;
    public string? Gender { get; set; }
    public bool Deceased { get; set; }
    public DateOnly? DeceasedOn { get; set; }
    public string? Insz { get; set; }
    public string? City { get; set; }
    public string? AddressLine { get; set; }
    public string? Phone { get; set; }

    /// <summary>False while only references name this patient: no Patient resource came yet.</summary>
    public bool HasResource { get; set; }

    /// <summary>Number of the last commit in this file; every change of an entry takes the next.</summary>
    public long Cursor { get; set; }
    public DateTime LastChangeAt { get; set; }
    public PersonId? AccountableId { get; set; }
    public DateTime? AccountableSince { get; set; }

    /// <summary>Who keeps the overview (zorgcoördinator); null: who is accountable does.</summary>
    public PersonId? CoordinatorId { get; set; }
    public DateTime? CoordinatorSince { get; set; }
}

/// <summary>Membership of a patient's care team: what gives access.</summary>
public sealed class CareTeamMemberRow : IPatientOwned
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }
    public required PersonId PersonId { get; init; }

    /// <summary>Relation or role in words ("dochter"); null: the person's own role.</summary>
    public string? RoleTitle { get; set; }
    public required DateTime Since { get; init; }
    public DateTime? Until { get; set; }

    /// <summary>Who put this person on the team; null for the demo and for an import on the command line.</summary>
    public PersonId? GrantedBy { get; init; }

    /// <summary>Why: demo, import, created, invited.</summary>
    public required string GrantReason { get; init; }

    /// <summary>The therapeutic relationship.</summary>
    public RelationKind Kind { get; set; }

    /// <summary>What the patient's decisions leave to this member: a projection of the consents, kept by <see cref="ConsentSql"/>. None closes the file.</summary>
    public InformationCategory Allows { get; set; }

    /// <summary>When a dated decision changes it; closed from then on until the clock has looked.</summary>
    public DateTime AllowsUntil { get; set; } = Consents.Never;

    /// <summary>The end of which this member was warned.</summary>
    public DateTime? WarnedFor { get; set; }

    /// <summary>Its end was settled: what was open went to somebody else.</summary>
    public bool EndSettled { get; set; }
}

/// <summary>Who was accountable for a patient from when to when; one row is open at any moment.</summary>
public sealed class AccountabilityRow : IPatientOwned
{
    public long Key { get; init; }
    public required PatientId PatientId { get; init; }
    public required PersonId PersonId { get; init; }
    public required DateTime Since { get; init; }
    public DateTime? Until { get; set; }
}

/// <summary>A FHIR resource as it came, its current version.</summary>
public sealed class ResourceRow
{
    public long Key { get; init; }
    public required string Type { get; init; }
    public required string Id { get; init; }

    /// <summary>Patient whose compartment it is in; null for the directory and for what no patient could be found for.</summary>
    public PatientId? PatientId { get; set; }

    /// <summary>For clinical resources without a patient: only the person who brought them may read them.</summary>
    public PersonId? BroughtBy { get; set; }
    public int Version { get; set; }
    public DateTime LastUpdated { get; set; }
    public string? Status { get; set; }
    public DateTime? DateFrom { get; set; }
    public DateTime? DateTo { get; set; }

    /// <summary>Codes and categories, each as <c>\nc:system|code</c> or <c>\ng:system|code</c>, closed by <c>\n</c>.</summary>
    public string? Tokens { get; set; }
    public Audience Audience { get; set; }
    public InformationCategory Category { get; set; }
    public required byte[] Hash { get; set; }
    public required byte[] Json { get; set; }

    /// <summary>Where it came from: portal, fhir, import, demo.</summary>
    public required string Origin { get; set; }
}

/// <summary>An older version of a resource: nothing is lost.</summary>
public sealed class ResourceVersionRow
{
    public required string Type { get; init; }
    public required string Id { get; init; }
    public required int Version { get; init; }
    public PatientId? PatientId { get; init; }
    public required DateTime LastUpdated { get; init; }
    public Audience Audience { get; init; }
    public InformationCategory Category { get; init; }

    /// <summary>Who replaced it; null when a source did.</summary>
    public PersonId? ReplacedBy { get; init; }
    public required byte[] Hash { get; init; }
    public required byte[] Json { get; init; }
}

/// <summary>Identifier of a resource, for look-ups across files (a national number, a business identifier of a conditional create).</summary>
public sealed class ResourceIdentifierRow
{
    public long Key { get; init; }
    public required string Type { get; init; }
    public required string System { get; init; }
    public required string Value { get; init; }
    public required string Id { get; init; }
}

/// <summary>One line of the timeline: a projection of a resource, with all that a row shows.</summary>
public sealed class EntryRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }

    /// <summary>Number of the commit that brought it: with the patient the key. Never shown to anyone.</summary>
    public required long Seq { get; init; }

    /// <summary>Number of the last commit that changed it.</summary>
    public long Cursor { get; set; }

    /// <summary>Who made that change; null when a source did. What somebody changed is not news to them.</summary>
    public PersonId? ChangedBy { get; set; }
    public DateTime Time { get; set; }
    public DatePrecision Precision { get; set; }
    public DateTime? Until { get; set; }

    /// <summary>EntryKind of the timeline feature, as a number.</summary>
    public int Kind { get; set; }
    public InformationCategory Category { get; set; }
    public Audience Audience { get; set; }
    public CareLine? Line { get; set; }
    public Discipline Discipline { get; set; }
    public PersonId? AuthorId { get; set; }
    public string? AuthorName { get; set; }
    public string? AuthorRole { get; set; }
    public string? Source { get; set; }
    public required string Title { get; set; }
    public string? Text { get; set; }

    /// <summary>Measured values as JSON (array of MeasuredValue).</summary>
    public string? Values { get; set; }
    public required string ResourceType { get; init; }
    public required string ResourceId { get; init; }
    public int Version { get; set; }
    public long? AnswersSeq { get; set; }
    public DateTime? ReplyBy { get; set; }

    /// <summary>Who must answer a question: always somebody. Of a task or hand-off its owner, when that is a person of the portal.</summary>
    public PersonId? ReplyOwner { get; set; }

    /// <summary>The role to which a question was put; null when it went to a person. Who answers for it is <see cref="ReplyOwner"/>.</summary>
    public Discipline? AskedRole { get; set; }
    public long? AnsweredSeq { get; set; }
    public DateTime? PinnedAt { get; set; }
    public PersonId? PinnedBy { get; set; }
    public bool Retracted { get; set; }
    public string? RetractReason { get; set; }
    public DateTime? CorrectedAt { get; set; }
    public DateTime RecordedAt { get; set; }

    /// <summary>Attachments as JSON (array of id, name, content type, size).</summary>
    public string? Attachments { get; set; }
    public string? Status { get; set; }

    /// <summary>Folded title, text and author: what search in text looks at.</summary>
    public string? Search { get; set; }

    /// <summary>Answers that the reader may see; counted with the page, not stored.</summary>
    public int AnswerCount { get; init; }
}

/// <summary>One measured quantity of an entry, for the plots.</summary>
public sealed class MeasurementRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }
    public required long Seq { get; init; }
    public required int Position { get; init; }

    /// <summary><c>system|code</c> as it came; empty when not coded.</summary>
    public required string Code { get; init; }
    public required string Label { get; init; }
    public decimal? Value { get; init; }
    public string? Text { get; init; }
    public string? Unit { get; init; }
    public string? Ucum { get; init; }
    public decimal? Low { get; init; }
    public decimal? High { get; init; }
    public string? Interpretation { get; init; }
    public required DateTime Time { get; init; }
    public CareLine? Line { get; init; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}

/// <summary>Somebody is addressed by name in an entry.</summary>
public sealed class MentionRow : IReachRestricted
{
    public required PatientId PatientId { get; init; }
    public required long Seq { get; init; }
    public required PersonId PersonId { get; init; }
    public required DateTime At { get; init; }
    public DateTime? SeenAt { get; set; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
}

/// <summary>A file with an entry, kept in the database and served only through the room. While <see cref="Seq"/> is null it belongs to a draft and only its author sees it.</summary>
public sealed class AttachmentRow : IPatientOwned
{
    public required string Id { get; init; }
    public required PatientId PatientId { get; init; }
    public long? Seq { get; set; }
    public required string FileName { get; init; }
    public required string ContentType { get; init; }
    public required long Size { get; init; }
    public required byte[] Bytes { get; init; }
    public required PersonId UploadedBy { get; init; }
    public required DateTime At { get; init; }
}

/// <summary>What a person typed and has not sent: one row per person, file and place.</summary>
public sealed class DraftRow : IPatientOwned
{
    public required PersonId PersonId { get; init; }
    public required PatientId PatientId { get; init; }

    /// <summary>Which field: <c>composer</c>, <c>reply:Communication/x</c>, ...</summary>
    public required string Slot { get; init; }
    public required string Text { get; set; }
    public DateTime UpdatedAt { get; set; }
}

/// <summary>Up to where a person has read a file, and from where the present visit counts as new.</summary>
public sealed class VisitRow : IPatientOwned
{
    public required PersonId PersonId { get; init; }
    public required PatientId PatientId { get; init; }
    public long SeenCursor { get; set; }
    public long BaselineCursor { get; set; }

    /// <summary>When the visit before the present one ended; null on the first visit.</summary>
    public DateTime? PreviousAt { get; set; }
    public DateTime LastAt { get; set; }
}

/// <summary>An opening of a file, allowed or refused. Never changed, never deleted.</summary>
public sealed class AccessRecordRow
{
    public long Key { get; init; }

    /// <summary>The id that was asked for; of a file that may not exist, so not a key.</summary>
    public required string PatientId { get; init; }
    public required PersonId PersonId { get; init; }
    public required DateTime At { get; init; }
    public required AccessPurpose Purpose { get; init; }
    public required AccessSource Source { get; init; }
    public required CareAction Action { get; init; }
    public required bool Allowed { get; init; }

    /// <summary>What was changed, <c>Type/id/_history/version</c>; null for an opening.</summary>
    public string? What { get; init; }

    /// <summary>Its place in the patient's chain, from 1; null when it is older than the chains.</summary>
    public long? Position { get; init; }

    /// <summary>SHA-256 over the hash before it and what it says.</summary>
    public byte[]? Hash { get; init; }

    /// <summary>What the hash covers: 0 without, 1 with the columns below.</summary>
    public int Format { get; init; }

    /// <summary>By which relation the file was open; null when by none.</summary>
    public RelationKind? Relation { get; init; }

    /// <summary>What the patient's decisions left to the person then.</summary>
    public InformationCategory? Shared { get; init; }

    /// <summary>On whose behalf; null: for oneself.</summary>
    public PersonId? OnBehalfOf { get; init; }

    /// <summary>Version of the sharing rules by which it was decided.</summary>
    public int? RuleVersion { get; init; }

    /// <summary>The rule that refused.</summary>
    public string? Rule { get; init; }
}

/// <summary>The end of a patient's chain of access records.</summary>
public sealed class AuditChainRow
{
    /// <summary>The id that was asked for; of a file that may not exist.</summary>
    public required string PatientId { get; init; }
    public required long Length { get; set; }
    public required byte[] Hash { get; set; }

    /// <summary>When the last record came.</summary>
    public required DateTime At { get; set; }
}

/// <summary>Key material and settings that all nodes share.</summary>
public sealed class SettingRow
{
    public required string Name { get; init; }
    public required string Value { get; set; }
}
