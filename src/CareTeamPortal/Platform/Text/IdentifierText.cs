namespace CareTeamPortal.Platform.Text;

/// <summary>Digits of an identifier as people type it.</summary>
internal static class IdentifierText
{
    /// <summary>Exactly <paramref name="count"/> digits, with spaces, points, hyphens and slashes between them forgiven; null for anything else.</summary>
    public static string? Digits(string? text, int count)
    {
        if (text is null || text.Length > 4 * count)
            return null;
        Span<char> digits = stackalloc char[count];
        var found = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                if (found == count)
                    return null;
                digits[found++] = c;
            }
            else if (c is not (' ' or '.' or '-' or '/' or '\u00A0' or '\u2011'))
            {
                return null;
            }
        }
        return found == count ? new(digits) : null;
    }
}
