using CareTeamPortal.Platform.Text;

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

    /// <summary>True when 11 digits carry the check number of an INSZ/SSIN (<see cref="Insz"/>).</summary>
    public static bool IsInsz(ReadOnlySpan<char> digits) => Insz.HasCheck(digits);

    /// <summary>True when 8 or 11 digits carry the check number of a NIHII (<see cref="Nihii"/>).</summary>
    public static bool IsNihii(ReadOnlySpan<char> digits) => Nihii.HasCheck(digits);
}
