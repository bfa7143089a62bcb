namespace CareTeamPortal.Platform.Access;

/// <summary>Why a file was open, or was not; in each access record and in the hash of its chain.</summary>
/// <param name="Relation">The relation, or a broken glass; null when none opened it.</param>
/// <param name="Shared">What the patient's decisions left to the person.</param>
/// <param name="OnBehalfOf">For whom the person acted; null: for themselves.</param>
/// <param name="RuleVersion">Version of the sharing rules by which it was decided.</param>
/// <param name="Rule">The rule that refused; null when nothing was refused by a rule.</param>
public readonly record struct AccessWhy(RelationKind? Relation, InformationCategory? Shared, PersonId? OnBehalfOf, int? RuleVersion, string? Rule);
