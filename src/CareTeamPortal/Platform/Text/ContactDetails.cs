using System.Net.Mail;

namespace CareTeamPortal.Platform.Text;

/// <summary>Where a person can be reached: a telephone number and an e-mail address, each as the person writes it.</summary>
public readonly record struct ContactDetails(string? Phone, string? Email)
{
    public const int LongestPhone = 40;
    public const int LongestEmail = 254;

    public bool IsEmpty => Phone is null && Email is null;

    /// <summary>A number as it is kept; null when it is empty, or when nobody could call it: other signs than those of a number, fewer than eight digits or more than fifteen (E.164).</summary>
    public static string? ParsePhone(string? text)
    {
        var line = SafeText.Line(text ?? "", LongestPhone + 1).Trim();
        var digits = line.Count(char.IsAsciiDigit);
        return line.Length <= LongestPhone && digits is >= 8 and <= 15 && line.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '.' or '/' or '-' or '(' or ')') && line.LastIndexOf('+') <= 0 ? line : null;
    }

    /// <summary>An address as it is kept; null when it is empty or no address that a mail can go to.</summary>
    public static string? ParseEmail(string? text)
    {
        var line = SafeText.Line(text ?? "", LongestEmail + 1).Trim();
        return line.Length is > 0 and <= LongestEmail && !line.Any(c => char.IsWhiteSpace(c) || c is '<' or '>' or '"' or ',' or ';' or '?' or '&' or '%')
            && MailAddress.TryCreate(line, out var address) && address.Address == line && address.Host.Contains('.', StringComparison.Ordinal) ? line : null;
    }

    /// <summary>What a telephone dials: digits with the country in front. A Belgian number begins with one zero.</summary>
    public static string TelOf(string phone)
    {
        var digits = string.Concat(phone.Replace("(0)", "", StringComparison.Ordinal).Where(char.IsAsciiDigit)); // "+32 (0)15": the zero is for calls within the country
        return "tel:" + (phone.TrimStart().StartsWith('+') ? "+" + digits : digits.StartsWith("00", StringComparison.Ordinal) ? "+" + digits[2..] : digits.StartsWith('0') ? "+32" + digits[1..] : digits);
    }
}
