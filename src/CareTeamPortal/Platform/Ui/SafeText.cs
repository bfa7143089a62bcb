using System.Globalization;
using System.Text;

namespace CareTeamPortal.Platform.Ui;

/// <summary>
/// Text of others, made harmless to look at: no half characters, no signs that turn the reading direction around or that cannot be seen.
/// The stored text stays as it came.
/// </summary>
internal static class SafeText
{
    /// <summary>For running text; line breaks stay.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var first = 0;
        while (first < text.Length && IsPlain(text[first]))
            first++;
        if (first == text.Length)
            return text;
        var clean = new StringBuilder(text.Length).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                clean.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c))
                clean.Append('\uFFFD');
            else if (!IsHidden(c))
                clean.Append(c);
        }
        return clean.ToString();
    }

    /// <summary>On one line and not longer than <paramref name="most"/> characters: names, titles.</summary>
    public static string Line(string? text, int most = 200)
    {
        var clean = Of(text);
        if (clean.AsSpan().IndexOfAny('\r', '\n', '\t') >= 0)
            clean = clean.Replace('\r', ' ').Replace('\n', ' ').Replace('\t', ' ');
        clean = clean.Trim();
        if (clean.Length <= most)
            return clean;
        var end = most;
        if (char.IsLowSurrogate(clean[end]))
            end--;
        return string.Concat(clean.AsSpan(0, end), "…");
    }

    private static bool IsPlain(char c) => c is >= ' ' and < '\u007F' or '\n' or '\r' or '\t' || (c > '\u00A0' && c < '\u0300');

    private static bool IsHidden(char c) => c switch
    {
        '\n' or '\r' or '\t' => false,
        '\u200D' => false, // joins emoji
        '\u200B' or '\u200C' or '\u2060' or '\uFEFF' or '\u00AD' => true,
        >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F' or '\u061C' => true,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Surrogate,
    };
}
