using System.Text.RegularExpressions;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Access;

/// <summary>How a refusal cites its rule to people.</summary>
internal static partial class RuleWords
{
    private static readonly Words Words = new("CareTeamPortal.Platform.Access.RulesText");
    private static readonly Lazy<Regex> Rule = new(() => Pattern("Cited"));
    private static readonly Lazy<Regex> VersionAlone = new(() => Pattern("CitedVersion"));

    /// <summary>"Regel 4.2, versie 3."; the version alone when what was refused does not stand in the table.</summary>
    public static string Cite(RuleCitation rule) => rule.Rule is { } number
        ? Words.Get("Cited", number, rule.Version)
        : Words.Get("CitedVersion", rule.Version);

    /// <summary>A message, with the rule when it was a rule that refused.</summary>
    public static string With(string told, Exception fault) => fault is ActionRefused refused ? $"{told} {Cite(refused.Rule)}" : told;

    /// <summary>A message that was told, cut round the rule that it cites, with where that rule can be read; null when it cites none.</summary>
    public static (string Before, string Cited, string Href, string After)? Find(string? told)
    {
        if (told is null)
            return null;
        var (found, href) = Rule.Value.Match(told) is { Success: true } rule ? (rule, $"/rules/{rule.Groups[2].Value}?rule={rule.Groups[1].Value}")
            : VersionAlone.Value.Match(told) is { Success: true } version ? (version, $"/rules/{version.Groups[1].Value}") : (null, null);
        return found is null ? null : (told[..found.Index], found.Value, href!, told[(found.Index + found.Length)..]);
    }

    // The words themselves, with numbers where they leave room: another language brings another pattern along.
    private static Regex Pattern(string key) => new(Hole().Replace(Regex.Escape(Words.Get(key)), @"([0-9.]*[0-9])"), RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\\\{\d\}")]
    private static partial Regex Hole();
}
