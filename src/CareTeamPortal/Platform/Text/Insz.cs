using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CareTeamPortal.Platform.Text;

/// <summary>What a national number says about sex: the serial number is odd for men and even for women.</summary>
internal enum InszSex
{
    /// <summary>A BIS number given out before the sex was known.</summary>
    Unknown = 0,
    Male = 1,
    Female = 2,
}

/// <summary>
/// Belgian national number (INSZ, rijksregisternummer or BIS number): birth date yymmdd, three digits serial, two digits check.
/// Check = 97 - (first nine digits mod 97); for people born from 2000 on a "2" stands before the nine digits.
/// BIS numbers (people who are not in the national register) add 20 to the month (sex unknown) or 40 (sex known); month and day may be 00.
/// <see cref="ToString"/> masks: the number itself leaves only through <see cref="Digits"/> and <see cref="Formatted"/>, so that it does not slip into a log.
/// </summary>
internal readonly record struct Insz
{
    private readonly string? _digits;

    private Insz(string digits) => _digits = digits;

    /// <summary>The eleven digits.</summary>
    public string Digits => _digits ?? throw new InvalidOperationException("An empty Insz has no digits.");

    /// <summary>Printed form: <c>44.03.14-123.45</c>.</summary>
    public string Formatted => Format(Digits);

    /// <summary>What others see until they ask for the number: <c>44.03.14-•••.••</c>. The birth date is in the banner anyway.</summary>
    public string Masked => Mask(Digits);

    /// <summary>True when the check digits are those of somebody born in 2000 or later.</summary>
    public bool BornFrom2000 => CheckOf(Number(Digits[..9]), from2000: true) == Number(Digits[9..]);

    /// <summary>True for a BIS number.</summary>
    public bool IsBis => Number(Digits[2..4]) >= 20;

    /// <summary>Birth date; null when the number does not hold a complete and existing one.</summary>
    public DateOnly? BirthDate
    {
        get
        {
            var year = Number(Digits[..2]) + (BornFrom2000 ? 2000 : 1900);
            var month = Number(Digits[2..4]) % 20;
            var day = Number(Digits[4..6]);
            return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;
        }
    }

    /// <summary>Sex as the serial number says, where it may be trusted.</summary>
    public InszSex Sex => Number(Digits[2..4]) is >= 20 and < 40 ? InszSex.Unknown : Number(Digits[6..9]) % 2 == 1 ? InszSex.Male : InszSex.Female;

    /// <summary>The number in the text. Spaces, points, hyphens and slashes between the digits are forgiven; nothing else is.</summary>
    /// <exception cref="FormatException">The text is not a national number; the message never repeats it.</exception>
    public static Insz Parse(string? text) => TryParse(text, out var insz) ? insz : throw new FormatException("Not a Belgian national number (INSZ).");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Insz insz)
    {
        insz = default;
        if (IdentifierText.Digits(text, 11) is not { } digits)
            return false;
        var month = Number(digits[2..4]);
        if (month > 52 || month % 20 > 12 || Number(digits[4..6]) > 31 || Number(digits[6..9]) is 0 or 999)
            return false;
        if (!HasCheck(digits))
            return false;
        insz = new(digits);
        return true;
    }

    /// <summary>The number of somebody born on a day, for demo people and tests.</summary>
    /// <param name="born">From 1900 to 2099.</param>
    /// <param name="serial">1 to 998; odd for a man, even for a woman.</param>
    public static Insz Of(DateOnly born, int serial)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(serial, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serial, 998);
        if (born.Year is < 1900 or > 2099)
            throw new ArgumentOutOfRangeException(nameof(born));
        var nine = born.ToString("yyMMdd", CultureInfo.InvariantCulture) + serial.ToString("000", CultureInfo.InvariantCulture);
        return new(nine + CheckOf(Number(nine), born.Year >= 2000).ToString("00", CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Masked form of a number as it came from outside, also of one that fails the check: imports keep wrong numbers.
    /// What has not eleven digits is masked whole.
    /// </summary>
    public static string Mask(string? text) =>
        IdentifierText.Digits(text, 11) is { } digits ? $"{digits[..2]}.{digits[2..4]}.{digits[4..6]}-•••.••" : "••.••.••-•••.••";

    /// <summary>Printed form of a number as it came from outside; the text itself when it has not eleven digits.</summary>
    public static string Format(string text) =>
        IdentifierText.Digits(text, 11) is { } digits ? $"{digits[..2]}.{digits[2..4]}.{digits[4..6]}-{digits[6..9]}.{digits[9..]}" : text;

    /// <summary>Masked.</summary>
    public override string ToString() => _digits is null ? "" : Masked;

    /// <summary>True when eleven digits carry the check number of either century, whatever else they say.</summary>
    public static bool HasCheck(ReadOnlySpan<char> digits) =>
        digits.Length == 11 && !digits.ContainsAnyExceptInRange('0', '9') && Number(digits[..9]) is var nine && Number(digits[9..]) is var check && (check == CheckOf(nine, from2000: false) || check == CheckOf(nine, from2000: true));

    private static int CheckOf(int nine, bool from2000) => 97 - (int)((nine + (from2000 ? 2_000_000_000L : 0)) % 97);

    private static int Number(string digits) => Number(digits.AsSpan());

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
