using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Access;

/// <summary>What the patient decided about sharing, and what that comes to.</summary>
/// <param name="Decisions">Newest first, also those that ended.</param>
/// <param name="Members">What each member sees now: role and consent together.</param>
public sealed record SharingView(IReadOnlyList<ConsentRow> Decisions, IReadOnlyList<SharingMember> Members);

/// <summary>A member of the team, and what is shown to them.</summary>
/// <param name="ByRole">What the role would see.</param>
/// <param name="Sees">What is left of it.</param>
public sealed record SharingMember(PersonId Person, string Name, string Role, string? Organisation, CareLine Line, InformationCategory ByRole, InformationCategory Sees, bool IsPatient = false);

/// <summary>What somebody wishes to decide about sharing; <see cref="DecideSharing"/> decides whether it can be.</summary>
/// <param name="From">Null: from now on.</param>
/// <param name="Until">Exclusive; null: until it is withdrawn.</param>
public sealed record SharingWish(ConsentScope Scope, bool Permits, InformationCategory Categories = InformationCategory.All, string? Organisation = null, PersonId? Person = null, DateTime? From = null, DateTime? Until = null);

/// <summary>The relations of a file, and their story.</summary>
public sealed record RelationsView(IReadOnlyList<RelationView> Relations, IReadOnlyList<RelationStepView> Story);

/// <summary>Why somebody may be in a file, and until when.</summary>
/// <param name="EndsSoon">Within the fortnight in which it is warned of.</param>
/// <param name="MayRenew">The reader may renew it.</param>
/// <param name="MayEnd">The reader may end it here; professionals leave by the team page, which asks for new owners.</param>
public sealed record RelationView(PersonId Person, string Name, string Role, string? Organisation, CareLine Line, RelationKind Kind, DateTime Since, DateTime? Until, bool EndsSoon, bool MayRenew, bool MayEnd);

/// <summary>A step of a relation.</summary>
/// <param name="By">Who did it; null when the portal or a source did.</param>
public sealed record RelationStepView(PersonId Person, string Name, RelationStep What, RelationKind Kind, DateTime From, DateTime? Until, string? By, DateTime At, string? Reason);

/// <summary>By what right the reader is in a file.</summary>
/// <param name="ByRole">What the role would see by the sharing rules.</param>
/// <param name="Sees">What is left of it by the patient's decisions.</param>
/// <param name="Decides">The reader decides about sharing: the patient, or a named proxy.</param>
/// <param name="IsPatient">It is the reader's own file.</param>
/// <param name="Rules">Version of the sharing rules.</param>
/// <param name="Kinds">What a renewal can make of it; empty when the reader may not renew it.</param>
public sealed record OwnAccessView(RelationKind Kind, DateTime? Since, DateTime? Until, bool EndsSoon, InformationCategory ByRole, InformationCategory Sees, bool Decides, bool IsPatient, int Rules, IReadOnlyList<RelationKind> Kinds);

/// <summary>An access that the patient contested.</summary>
/// <param name="Blocked">The person is shut out by it now.</param>
/// <param name="BlockedUntil">When that ends by itself; null: not before it is answered.</param>
/// <param name="ForGood">The patient shut the person out for good.</param>
public sealed record ContestView(long Key, long Record, PersonId Person, string Name, DateTime At, DateTime DueAt, string? Words, DateTime? AnsweredAt, string? AnsweredBy, string? Answer, bool Blocked, DateTime? BlockedUntil, bool ForGood);
