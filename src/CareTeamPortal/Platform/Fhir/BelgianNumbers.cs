namespace CareTeamPortal.Platform.Fhir;

/// <summary>Check digits of the Belgian numbers and the identifier systems they are written under (eHealth, core NamingSystems).</summary>
public static class BelgianNumbers
{
    public const string SystemBase = "https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/";
    public const string Ssin = SystemBase + "ssin";
    public const string Nihdi = SystemBase + "nihdi";

    /// <summary>True for the SSIN system, also in the older spelling without <c>core</c> that published examples use.</summary>
    public static bool IsSsinSystem(string? system) => Ends(system, "/NamingSystem/ssin");

    /// <summary>True for any of the NIHII (RIZIV/INAMI) systems.</summary>
    public static bool IsNihdiSystem(string? system) => Ends(system, "/NamingSystem/nihdi") || Ends(system, "/NamingSystem/nihdi-professional") || Ends(system, "/NamingSystem/nihdi-organization");

    private static bool Ends(string? system, string end) =>
        system is not null && system.StartsWith("https://www.ehealth.fgov.be/standards/fhir/", StringComparison.Ordinal) && system.EndsWith(end, StringComparison.Ordinal);

    /// <summary>True when 11 digits carry the check number of an INSZ/SSIN: 97 - (first nine mod 97), with a 2 put before for people born from 2000 on.</summary>
    public static bool IsInsz(ReadOnlySpan<char> digits)
    {
        if (digits.Length != 11 || !Number(digits, out var all)) return false;
        var nine = all / 100;
        var check = all % 100;
        return 97 - nine % 97 == check || 97 - (2_000_000_000 + nine) % 97 == check;
    }

    /// <summary>True when 8 or 11 digits carry the check number of a NIHII: (97 or 89) - (first six mod the same).</summary>
    public static bool IsNihii(ReadOnlySpan<char> digits)
    {
        if (digits.Length is not (8 or 11) || !Number(digits, out _)) return false;
        Number(digits[..6], out var six);
        Number(digits.Slice(6, 2), out var check);
        return 97 - six % 97 == check || 89 - six % 89 == check;
    }

    private static bool Number(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }
}
