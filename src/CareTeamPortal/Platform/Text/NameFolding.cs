using System.Buffers;
using System.Globalization;
using System.Text;

namespace CareTeamPortal.Platform.Text;

/// <summary>
/// Names for comparing: what people forget or mistype when they look for somebody (accents, case, ligatures, hyphens, apostrophes, one wrong letter)
/// makes no difference. Particles (van, de, 't, El) stay, because they are part of a Flemish name.
/// </summary>
internal static class NameFolding
{
    /// <summary>A name longer than this is compared by its beginning; keeps the work on hostile names bounded.</summary>
    private const int Longest = 64;

    /// <summary>What <see cref="Spelled"/> makes of one letter at most.</summary>
    private const int MostLetters = 2;

    /// <summary>Lower-case words without accents, separated by single spaces: "Véronique D'Hondt-Van den Bœck" becomes "veronique dhondt van den boeck".</summary>
    public static string Fold(string? name) => FoldText(name, SafeText.NameLength);

    /// <summary>The same for a text; what comes after <paramref name="longest"/> characters does not count.</summary>
    public static string FoldText(string? name, int longest)
    {
        if (string.IsNullOrEmpty(name))
            return "";
        var decomposed = SafeText.Line(name, longest).Normalize(NormalizationForm.FormKD);
        var folded = ArrayPool<char>.Shared.Rent(MostLetters * decomposed.Length);
        try
        {
            return new string(folded, 0, Write(decomposed, folded));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(folded);
        }
    }

    /// <summary>Writes the folded form; how many characters it has.</summary>
    private static int Write(ReadOnlySpan<char> decomposed, Span<char> folded)
    {
        var length = 0;
        for (var i = 0; i < decomposed.Length;)
        {
            if (decomposed[i] is < (char)128 and var plain)
            {
                // Nearly everything that anybody writes; the search text of each entry goes through here.
                i++;
                if (char.IsAsciiLetterOrDigit(plain))
                    folded[length++] = char.ToLowerInvariant(plain);
                else if (plain is not ('\'' or '`' or '.') && length > 0 && folded[length - 1] != ' ')
                    folded[length++] = ' ';
                continue;
            }

            Rune.DecodeFromUtf16(decomposed[i..], out var rune, out var taken);
            i += taken;
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.ModifierLetter:
                    break;
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter:
                    var lower = Rune.ToLowerInvariant(rune);
                    if (Spelled(lower.Value) is { } letters)
                    {
                        letters.CopyTo(folded[length..]);
                        length += letters.Length;
                    }
                    else
                    {
                        length += lower.EncodeToUtf16(folded[length..]);
                    }

                    break;
                case UnicodeCategory.DecimalDigitNumber:
                    length += rune.EncodeToUtf16(folded[length..]);
                    break;
                default:
                    // D'Hondt is one word; Goossens-Maes is two.
                    if (rune.Value is not ('’' or '‘' or '´') && length > 0 && folded[length - 1] != ' ')
                        folded[length++] = ' ';
                    break;
            }
        }

        return length > 0 && folded[length - 1] == ' ' ? length - 1 : length;
    }

    /// <summary><see cref="Fold"/> without its spaces, so that "Vanden Berghe", "Van den Berghe" and "Vandenberghe" meet; ij and y meet too.</summary>
    public static string Compact(string? name) =>
        Fold(name).Replace(" ", "", StringComparison.Ordinal).Replace("ij", "y", StringComparison.Ordinal);

    /// <summary>Distinct groups of three letters of each folded word, with two spaces before and one behind (as PostgreSQL's pg_trgm does), for an index.</summary>
    public static IReadOnlyList<string> Trigrams(string? name)
    {
        var trigrams = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var word in Fold(name).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var padded = $"  {word} ";
            for (var i = 0; i + 3 <= padded.Length; i++)
                trigrams.Add(padded.Substring(i, 3));
        }
        return [.. trigrams];
    }

    /// <summary>
    /// From 0 (nothing alike) to 1 (equal): one minus the Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours) over the longer length.
    /// Compares as given; fold first.
    /// </summary>
    public static double Similarity(string a, string b)
    {
        if (a.Length > Longest)
            a = a[..Longest];
        if (b.Length > Longest)
            b = b[..Longest];
        var longest = Math.Max(a.Length, b.Length);
        return longest == 0 ? 1 : 1 - (double)Distance(a, b) / longest;
    }

    /// <summary>
    /// How well a typed search fits a name, from 0 to 1. Every word of the search must find a word of the name: the same, one that it starts, or one that is
    /// nearly the same; or the whole must nearly be the same without spaces. 0 means: not this person.
    /// </summary>
    public static double Match(string? search, string? name)
    {
        var words = Fold(search).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var foldedName = Fold(name);
        if (words.Length == 0 || foldedName.Length == 0)
            return 0;
        var compactSearch = Compact(search);
        var compactName = Compact(name);
        var whole = compactName == compactSearch ? 1
            : compactSearch.Length >= 3 && compactName.Contains(compactSearch, StringComparison.Ordinal) ? 0.9
            : Close(compactSearch, compactName) * 0.9;
        var nameWords = foldedName.Split(' ');
        var sum = 0.0;
        foreach (var word in words.Take(8))
        {
            var best = 0.0;
            foreach (var candidate in nameWords.Take(16))
                best = Math.Max(best, WordMatch(word, candidate));
            if (best == 0)
                return whole;
            sum += best;
        }
        return Math.Max(whole, sum / Math.Min(words.Length, 8));
    }

    private static double WordMatch(string typed, string candidate)
    {
        if (typed == candidate)
            return 1;
        if (candidate.StartsWith(typed, StringComparison.Ordinal))
            return 0.95;
        typed = typed.Replace("ij", "y", StringComparison.Ordinal);
        candidate = candidate.Replace("ij", "y", StringComparison.Ordinal);
        if (typed == candidate)
            return 0.97;
        if (candidate.StartsWith(typed, StringComparison.Ordinal))
            return 0.93;
        // Also while somebody is still typing: the beginning of the word, nearly.
        var begun = typed.Length >= 4 && candidate.Length > typed.Length ? Close(typed, candidate[..typed.Length]) * 0.8 : 0;
        return Math.Max(Close(typed, candidate) * 0.9, begun);
    }

    /// <summary>Similarity where the typing errors are few for the length: none in 3 letters, one in 4 to 7, two in more. Else 0.</summary>
    private static double Close(string typed, string candidate)
    {
        var allowed = typed.Length switch { <= 3 => 0, <= 7 => 1, _ => 2 };
        if (Math.Abs(typed.Length - candidate.Length) > allowed)
            return 0;
        var similarity = Similarity(typed, candidate);
        var longest = Math.Min(Longest, Math.Max(typed.Length, candidate.Length));
        return (1 - similarity) * longest <= allowed + 1e-9 ? similarity : 0;
    }

    /// <summary>Optimal string alignment distance over three rows.</summary>
    private static int Distance(string a, string b)
    {
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> previous = stackalloc int[b.Length + 1];
        Span<int> current = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            var oldest = before;
            before = previous;
            previous = current;
            current = oldest;
        }
        return previous[b.Length];
    }

    /// <summary>Letters that decomposition leaves whole.</summary>
    private static string? Spelled(int letter) => letter switch
    {
        'æ' => "ae",
        'œ' => "oe",
        'ß' or 0x1E9E => "ss",
        'ø' => "o",
        'đ' or 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "n",
        'ŧ' => "t",
        _ => null,
    };
}
