namespace CareTeamPortal.Platform.Fhir;

/// <summary>The bytes are JSON that is not FHIR, or not JSON at all.</summary>
/// <param name="place">Where, as a FHIRPath-like expression (<c>Patient.meta</c>) or <c>byte 120</c>; empty for the whole.</param>
/// <param name="reason">Why, in one line; never quotes clinical content.</param>
public sealed class FhirFormatException(string place, string reason) : Exception(place.Length == 0 ? reason : $"{place}: {reason}")
{
    public string Place { get; } = place;
    public string Reason { get; } = reason;
}
