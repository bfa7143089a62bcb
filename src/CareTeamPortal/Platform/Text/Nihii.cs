using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CareTeamPortal.Platform.Text;

/// <summary>
/// Number of a Belgian professional or organisation at the health insurance (RIZIV/INAMI, "NIHII"): six digits, two check digits
/// (97 - n mod 97, or 89 - n mod 89 for numbers given out later), and for professionals three digits for the qualification.
/// </summary>
internal readonly record struct Nihii
{
    private readonly string? _digits;

    private Nihii(string digits) => _digits = digits;

    /// <summary>Eight or eleven digits.</summary>
    public string Digits => _digits ?? throw new InvalidOperationException("An empty Nihii has no digits.");

    /// <summary>The first eight digits, which name the person or organisation whatever the qualification.</summary>
    public string Core => Digits[..8];

    /// <summary>Three digits for the qualification; null when the number was given without.</summary>
    public string? Qualification => Digits.Length == 11 ? Digits[8..] : null;

    /// <summary>Printed form: <c>1-00123-45-678</c> or <c>1-00123-45</c>.</summary>
    public string Formatted => $"{Digits[0]}-{Digits[1..6]}-{Digits[6..8]}" + (Qualification is { } q ? "-" + q : "");

    /// <summary>The number in the text; spaces, points, hyphens and slashes are forgiven.</summary>
    /// <exception cref="FormatException">Not a RIZIV number.</exception>
    public static Nihii Parse(string? text) => TryParse(text, out var nihii) ? nihii : throw new FormatException("Not a RIZIV/INAMI number.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Nihii nihii)
    {
        nihii = default;
        if ((IdentifierText.Digits(text, 11) ?? IdentifierText.Digits(text, 8)) is not { } digits)
            return false;
        if (digits.StartsWith("000000", StringComparison.Ordinal) || !HasCheck(digits))
            return false;
        nihii = new(digits);
        return true;
    }

    /// <summary>True when eight or eleven digits carry the check number, whatever else they say.</summary>
    public static bool HasCheck(ReadOnlySpan<char> digits)
    {
        if (digits.Length is not (8 or 11) || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        var number = int.Parse(digits[..6], NumberStyles.None, CultureInfo.InvariantCulture);
        var check = int.Parse(digits.Slice(6, 2), NumberStyles.None, CultureInfo.InvariantCulture);
        return check == 97 - number % 97 || check == 89 - number % 89;
    }

    /// <summary>The printed form.</summary>
    public override string ToString() => _digits is null ? "" : Formatted;
}
