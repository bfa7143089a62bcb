using System.Resources;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Access;

/// <summary>How a refusal cites its rule to people.</summary>
internal static class RuleWords
{
    private static readonly ResourceManager Words = new("CareTeamPortal.Platform.Access.RulesText", typeof(RuleWords).Assembly);

    /// <summary>"Regel 4.2, versie 3."; the version alone when what was refused does not stand in the table.</summary>
    public static string Cite(RuleCitation rule) => rule.Rule is { } number
        ? string.Format(BelgianTime.Culture, Words.GetString("Cited")!, number, rule.Version)
        : string.Format(BelgianTime.Culture, Words.GetString("CitedVersion")!, rule.Version);
}
