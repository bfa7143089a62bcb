using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Rules;

/// <summary>
/// A file of nobody, with one entry of every category for every audience: officers see in it exactly what a role sees, and see no patient. What is shown is
/// decided by <see cref="SharingRules.ReachOf"/>, with which the database asks too; a test reads the same entries from a real file as every role.
/// </summary>
internal static class ModelFile
{
    /// <param name="Audience">For whom it is written.</param>
    internal sealed record Entry(InformationCategory Category, Audience Audience);

    /// <summary>For whom people write in the portal.</summary>
    public static IReadOnlyList<Audience> Audiences { get; } = [Audience.WholeTeam, Audience.ProfessionalsAndPatient, Audience.Professionals];

    /// <summary>All of them, by category.</summary>
    public static IReadOnlyList<Entry> Entries { get; } = [.. from category in RuleDocuments.List(InformationCategory.All) from audience in Audiences select new Entry(category, audience)];

    /// <summary>Why an entry is shown to a role, or is not.</summary>
    public static Why Look(SharingRules rules, Discipline role, CareLine line, Entry entry)
    {
        var reach = rules.ReachOf(role, line);
        var rule = rules.Cite(role, line, CareAction.Read, entry.Category).Rule;
        return reach.Sees(entry.Audience, entry.Category) ? new(true, false, rule)
            : (reach.Categories & entry.Category) == 0 ? new(false, false, rule)
            : new(false, true, rule);
    }

    /// <param name="ByAudience">The rules would show it; it was not written for this kind of role.</param>
    /// <param name="Rule">The rule that decides about the category; null when the table has no line for the role.</param>
    internal sealed record Why(bool Shown, bool ByAudience, string? Rule);
}
