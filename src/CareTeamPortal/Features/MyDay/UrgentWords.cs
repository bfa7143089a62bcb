using System.Text.RegularExpressions;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.MyDay;

/// <summary>
/// Recognises words that ask for 112 before anything is written down: no breath, chest pain, unconscious, heavy bleeding, and the signs of a stroke (FAST;
/// clinical.md: "call 112, never a queue"). It rather says so once too often: who is not in danger sends it all the same.
/// </summary>
internal static partial class UrgentWords
{
    private const int LongestRead = 5_000;

    /// <summary>Whether a text in a family's own words speaks of danger to life.</summary>
    public static bool Stand(string? text) => text is { Length: > 0 } && Danger().IsMatch(Gaps().Replace(NameFolding.FoldText(text, LongestRead), " "));

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Gaps();

    [GeneratedRegex(
        @"\bniet (meer |goed |bijna |genoeg )*adem|\bademt? (bijna )?niet|\bgeen (adem|lucht)\b|\bstik(t|ken|kend)?\b|\bblauwe? lip|\blippen\b.{0,25}\bblauw|\bgeen zin\w* (meer )?(uit)?spreken" +
        @"|borstpijn|\b(pijn|druk|drukt|drukkend|steken)\b.{0,25}\bborst|hartaanval|hartstilstand" +
        @"|bewusteloos|buiten bewustzijn|\breageert (bijna )?niet|\bniet (meer )?wakker\b" +
        @"|\bmond(hoek)?\b.{0,30}\b(scheef|hangt|hangen)|\b(scheve|hangende) mond|\bgezicht\b.{0,30}\b(scheef|hangt)|\b(arm|been|hand)\b.{0,30}\b(hangt|niet (meer )?(op|op)?(heffen|tillen|optillen|bewegen))|verlamd|verlamming" +
        @"|\bniet (meer )?(goed )?(praten|spreken)\b|\bwartaal|\blalt\b|\b(praat|spreekt) (heel |erg )?(raar|onduidelijk|slecht)|beroerte" +
        @"|\bbloedt (heel |erg )?(hevig|veel|hard)|\bhevige? bloed", RegexOptions.NonBacktracking)]
    private static partial Regex Danger();
}
