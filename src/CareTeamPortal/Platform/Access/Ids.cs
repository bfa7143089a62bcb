using System.Text.RegularExpressions;

namespace CareTeamPortal.Platform.Access;

/// <summary>The FHIR id of a patient: 1 to 64 of A-Z a-z 0-9 - . (FHIR R4, datatype id). Case-sensitive.</summary>
public readonly partial record struct PatientId(string Value)
{
    /// <summary>The id, or null when the text cannot be one.</summary>
    public static PatientId? TryParse(string? text) => text is not null && FhirId().IsMatch(text) ? new(text) : null;

    [GeneratedRegex(@"\A[A-Za-z0-9\-.]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FhirId();

    public override string ToString() => Value;
}

/// <summary>The user name of a person of the portal, which is also the FHIR id of the Practitioner, RelatedPerson or Patient behind it.</summary>
public readonly record struct PersonId(string Value)
{
    public override string ToString() => Value;
}
