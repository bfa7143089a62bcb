using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>What a point of a hand-off is about.</summary>
public enum ReadBackPointKind
{
    Severity,
    Contingency,
    Task,
}

/// <summary>A point that a read-back should hold.</summary>
/// <param name="Words">The point as the sender wrote it.</param>
/// <param name="Said">The read-back mentions it; whether what it says is right, only people can tell.</param>
public sealed record ReadBackPoint(ReadBackPointKind Kind, string Words, bool Said);

/// <summary>
/// Recognises which points of a hand-off a read-back mentions, by words and numbers alone: without accents and capitals, <c>1,5</c> is <c>1.5</c>, and <c>twee</c> is <c>2</c>.
/// On the careful side: a point with numbers counts only when each of its numbers is said, with a word of it or with a second number; a point without only when a third of its
/// telling words is said, one of which no other point has. A wrong number is therefore never a mention, and a word that many points share is none either.
/// </summary>
internal static class ReadBackPoints
{
    private const int MostOfAKind = 6;
    private const int LongestText = 4_000;
    private const int ShortestStem = 5;

    /// <summary>Words that say nothing of their own here, units too.</summary>
    private static readonly HashSet<string> Empty =
    [
        "de", "het", "een", "en", "of", "in", "op", "te", "van", "met", "bij", "als", "dan", "dat", "die", "is", "zijn", "wordt", "voor", "naar", "tot", "om", "aan", "uit", "over", "na", "per", "niet", "geen", "wel", "er",
        "ze", "hij", "zij", "u", "uw", "ik", "we", "elk", "elke", "meer", "minder", "onder", "boven", "binnen", "tegen", "s", "t", "nog", "ook", "door", "kan", "moet", "heeft", "haar", "hem",
        "dag", "dagen", "uur", "uren", "week", "weken", "maand", "maanden", "minuten", "min", "kg", "mg", "g", "ml", "l", "mmhg", "mmol", "dl", "keer", "maal", "x",
    ];

    private static readonly Dictionary<string, string> NumberWords = new()
    {
        ["twee"] = "2", ["drie"] = "3", ["vier"] = "4", ["vijf"] = "5", ["zes"] = "6", ["zeven"] = "7", ["acht"] = "8", ["negen"] = "9", ["tien"] = "10", ["elf"] = "11", ["twaalf"] = "12",
    };

    /// <param name="severity">The severity in the words of the page; null when the sender did not say it.</param>
    /// <param name="tasks">Titles of the tasks that come to the reader.</param>
    public static IReadOnlyList<ReadBackPoint> Of(string? severity, HandoffContent content, IEnumerable<string> tasks, string readBack)
    {
        List<(ReadBackPointKind Kind, string Words)> points =
        [
            .. severity is null ? Array.Empty<(ReadBackPointKind, string)>() : [(ReadBackPointKind.Severity, severity)],
            .. content.Contingencies.Where(c => !string.IsNullOrWhiteSpace(c.If)).Select(c => (ReadBackPointKind.Contingency, SafeText.Line(c.If, 160))).Distinct().Take(MostOfAKind),
            // Two tasks of a series bear the same words: that is one point, or neither had a word of its own and none could ever be said.
            .. tasks.Select(t => (ReadBackPointKind.Task, SafeText.Line(t, 160))).Distinct().Take(MostOfAKind),
        ];
        var telling = points.ConvertAll(p => Telling(p.Words));
        var said = Telling(readBack);
        return points.Select((p, i) => new ReadBackPoint(p.Kind, p.Words, IsSaid(i))).ToList();

        bool IsSaid(int index)
        {
            var (words, numbers) = telling[index];
            var heard = words.Where(w => said.Words.Any(s => Same(w, s))).ToList();
            if (numbers.Count > 0)
                return numbers.All(said.Numbers.Contains) && (heard.Count > 0 || numbers.Count > 1);
            return heard.Count > 0 && heard.Count * 3 >= words.Count && heard.Exists(w => !telling.Where((_, other) => other != index).Any(t => t.Words.Any(o => Same(w, o))));
        }
    }

    // "kortademigheid" says "kortademig"; short words only when they are the same.
    private static bool Same(string one, string other) =>
        one == other || (Math.Min(one.Length, other.Length) >= ShortestStem && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal)));

    private static (HashSet<string> Words, HashSet<string> Numbers) Telling(string text)
    {
        var (words, numbers) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        if (text.Length > LongestText)
            text = text[..LongestText];
        var rest = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                rest.Append(text[i++]);
                continue;
            }

            var start = i;
            while (i < text.Length && (char.IsAsciiDigit(text[i]) || (text[i] is ',' or '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))))
                i++;
            numbers.Add(Number(text[start..i]));
            rest.Append(' ');
        }

        foreach (var word in NameFolding.FoldText(rest.ToString(), LongestText).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (NumberWords.TryGetValue(word, out var number))
                numbers.Add(number);
            else if (!Empty.Contains(word))
                words.Add(word);
        }
        return (words, numbers);
    }

    // A point before three digits groups thousands, as people write it here; anything else parts the decimals. 77,0 is 77.
    private static string Number(string digits)
    {
        var point = digits.LastIndexOfAny(['.', ',']);
        if (point < 0 || (digits[point] == '.' && digits.Length - point == 4))
            return Whole(digits);
        var decimals = digits[(point + 1)..].TrimEnd('0');
        return decimals.Length == 0 ? Whole(digits[..point]) : string.Create(CultureInfo.InvariantCulture, $"{Whole(digits[..point])}.{decimals}");

        static string Whole(string part) => part.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal).TrimStart('0') is { Length: > 0 } whole ? whole : "0";
    }
}
