namespace CareTeamPortal.Platform.Access;

/// <summary>
/// A category of a file that is closed to the reader: said where a list would look empty. It follows from the rules and the patient's decisions alone, so it says
/// the same whether or not there is anything behind it.
/// </summary>
/// <param name="ByRule">The sharing rules keep it from this role; otherwise the patient does.</param>
/// <param name="Rule">The rule that decides.</param>
public sealed record ClosedCategory(InformationCategory Category, bool ByRule, RuleCitation Rule)
{
    /// <summary>Why a category is closed in an open file; null when it is open.</summary>
    internal static ClosedCategory? In(PatientRoom room, InformationCategory category) => room.Reach.Categories.HasFlag(category) ? null
        : new(category, !room.Rules.ReachIn(room.Actor, room.Patient).Categories.HasFlag(category), room.Rules.Cite(room.Role, room.Actor.Line, CareAction.Read, category));
}
