using System.Buffers;
using System.Globalization;
using System.Text;

namespace CareTeamPortal.Platform.Text;

/// <summary>
/// Makes text from people and from imports harmless to show: no character that reorders, hides or breaks what stands around it.
/// It changes nothing that a reader can see in ordinary text; escaping for HTML is the renderer's work.
/// </summary>
internal static class SafeText
{
    /// <summary>Most characters of a person's or organisation's name.</summary>
    public const int NameLength = 200;

    /// <summary>Most characters of a title or subject.</summary>
    public const int TitleLength = 200;

    /// <summary>Most characters of a note, question or reply.</summary>
    public const int NoteLength = 20_000;

    /// <summary>Most characters of a reason (correct, retract).</summary>
    public const int ReasonLength = 1_000;

    /// <summary>Most characters of a search.</summary>
    public const int SearchLength = 100;

    /// <summary>Combining marks on one letter; no language needs more, "zalgo" text has hundreds.</summary>
    private const int MostMarks = 6;

    private static readonly SearchValues<char> Ordinary =
        SearchValues.Create(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~éèëêáàâäíïîóöôúüûçñÉÈËÁÀÖÜ’‘“”–…°²µ€");

    /// <summary>One line: control characters and line ends become spaces, runs of spaces one, ends trimmed. Null reads as empty.</summary>
    public static string Line(string? text, int longest = TitleLength)
    {
        var clean = Clean(text, lines: false);
        return Cut(clean, longest);
    }

    /// <summary>Several lines: line ends become <c>\n</c>, more than two empty lines in a row become two. Null reads as empty.</summary>
    public static string Lines(string? text, int longest = NoteLength) => Cut(Clean(text, lines: true), longest);

    /// <summary>
    /// Cuts at <paramref name="graphemes"/> visible characters and puts an ellipsis in place of the last, so that the result is never longer.
    /// Never splits an emoji or a letter from its accent.
    /// </summary>
    public static string Truncate(string? text, int graphemes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(graphemes, 1);
        if (text is null || text.Length <= graphemes)
            return text ?? "";
        var position = 0;
        var keep = 0;
        for (var count = 0; position < text.Length; count++)
        {
            if (count == graphemes)
                return text[..keep].TrimEnd() + "…";
            if (count == graphemes - 1)
                keep = position;
            position += StringInfo.GetNextTextElementLength(text, position);
        }
        return text;
    }

    /// <summary>True when nothing in the text is visible.</summary>
    public static bool IsBlank(string? text) => Clean(text, lines: false).Length == 0;

    /// <summary>A hard limit in UTF-16 units, at a grapheme's edge.</summary>
    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        var position = 0;
        while (true)
        {
            var next = position + StringInfo.GetNextTextElementLength(text, position);
            if (next > longest - 1)
                return text[..position].TrimEnd() + "…";
            position = next;
        }
    }

    private static string Clean(string? text, bool lines)
    {
        if (string.IsNullOrEmpty(text))
            return "";

        // Nearly all text is ordinary: look once, copy nothing.
        if (!text.AsSpan().ContainsAnyExcept(Ordinary) && text[0] != ' ' && text[^1] != ' ' && !text.Contains("  ", StringComparison.Ordinal))
            return text;

        var clean = new StringBuilder(text.Length);
        var marks = 0;
        var newlines = 0;
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) != OperationStatus.Done)
                rune = Rune.ReplacementChar; // a lone surrogate: show that something was there
            var next = i + length;
            var value = rune.Value;

            if (value is '\r' or '\n' or 0x85 or 0x2028 or 0x2029 or '\v' or '\f')
            {
                if (value == '\r' && next < text.Length && text[next] == '\n')
                    next++;
                if (lines)
                {
                    if (++newlines <= 3)
                    {
                        TrimEnd(clean, ' ');
                        clean.Append('\n');
                    }
                }
                else
                {
                    AppendSpace(clean);
                }
                marks = 0;
            }
            else if (value == '\t' || (rune.IsBmp && char.IsWhiteSpace((char)value)) || value == 0x3000)
            {
                // Markdown needs the spaces at the start of a line; elsewhere one is enough.
                if (lines && (clean.Length == 0 || clean[^1] is '\n' or ' '))
                    clean.Append(' ');
                else
                    AppendSpace(clean);
                marks = 0;
            }
            else if (value == 0x200D)
            {
                // A joiner inside an emoji (a family, a profession) belongs to the picture; anywhere else it hides something.
                if (clean.Length > 0 && EndsWithPicture(clean) && StartsWithPicture(text, next))
                    clean.Append('\u200D');
            }
            else if (!Hides(rune))
            {
                var category = Rune.GetUnicodeCategory(rune);
                if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
                {
                    if (++marks > MostMarks || clean.Length == 0)
                    {
                        i = next;
                        continue;
                    }
                }
                else
                {
                    marks = 0;
                }
                newlines = 0;
                clean.Append(rune.ToString());
            }
            i = next;
        }
        if (lines)
        {
            TrimEnd(clean, ' ', '\n');
            var start = 0;
            for (var i = 0; i < clean.Length && clean[i] is ' ' or '\n'; i++)
            {
                if (clean[i] == '\n')
                    start = i + 1;
            }
            return clean.ToString(start, clean.Length - start);
        }
        TrimEnd(clean, ' ');
        return clean.ToString();
    }

    private static void AppendSpace(StringBuilder clean)
    {
        if (clean.Length > 0 && clean[^1] is not (' ' or '\n'))
            clean.Append(' ');
    }

    private static void TrimEnd(StringBuilder clean, params ReadOnlySpan<char> characters)
    {
        var length = clean.Length;
        while (length > 0 && characters.Contains(clean[length - 1]))
            length--;
        clean.Length = length;
    }

    /// <summary>Characters that are invisible, reorder the line, or have no business in text.</summary>
    private static bool Hides(Rune rune)
    {
        var value = rune.Value;
        return value switch
        {
            0x00AD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or 0x3164 or 0xFFA0 or 0xFEFF or 0x2800 => true,
            >= 0x180B and <= 0x180D => true,
            >= 0x200B and <= 0x200F => true, // zero width, direction marks
            >= 0x202A and <= 0x202E => true, // direction embeddings and overrides
            >= 0x2060 and <= 0x206F => true, // word joiner, invisible operators, direction isolates
            >= 0xFFF0 and <= 0xFFFC => true, // interlinear annotation, object replacement
            >= 0x1D173 and <= 0x1D17A => true, // musical format controls
            >= 0xE0000 and <= 0xE0FFF => true, // tags, variation selectors supplement
            _ => (value & 0xFFFE) == 0xFFFE || value is >= 0xFDD0 and <= 0xFDEF || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.PrivateUse,
        };
    }

    private static bool EndsWithPicture(StringBuilder clean)
    {
        var last = clean.Length - 1;
        if (clean[last] == '\uFE0F')
            last--;
        if (last < 0)
            return false;
        var rune = char.IsLowSurrogate(clean[last]) && last > 0 && Rune.TryCreate(clean[last - 1], clean[last], out var pair) ? pair
            : Rune.TryCreate(clean[last], out var single) ? single : Rune.ReplacementChar;
        return IsPicture(rune);
    }

    private static bool StartsWithPicture(string text, int at) =>
        at < text.Length && Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _) == OperationStatus.Done && IsPicture(rune);

    private static bool IsPicture(Rune rune) =>
        rune.Value != 0xFFFD && Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol && rune.Value > 0x2000;
}
