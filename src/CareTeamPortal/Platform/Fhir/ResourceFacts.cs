namespace CareTeamPortal.Platform.Fhir;

/// <summary>How exact a FHIR date is (dateTime may stop at the year).</summary>
public enum DatePrecision
{
    Year = 0,
    Month = 1,
    Day = 2,
    Instant = 3,
}

/// <summary>A moment or period in FHIR, as UTC. <paramref name="End"/> is exclusive for imprecise dates; a Belgian clock is assumed where no zone is given.</summary>
public readonly record struct FhirDate(DateTime Start, DateTime End, DatePrecision Precision);

/// <summary>A reference as written. Exactly one of <paramref name="Literal"/> (Type/id, urn:uuid:..., absolute URL, conditional Type?query, #contained) and <paramref name="Identifier"/> is the strongest thing known; both may be null when only a display was given.</summary>
public sealed record FhirReference(string Path, string? Literal, FhirToken? Identifier, string? Type, string? Display);

/// <summary>A coded value or identifier: <c>system|code</c>.</summary>
public readonly record struct FhirToken(string? System, string Code, string? Display = null);

/// <summary>What the store indexes of a resource, read in one pass over its bytes. Nothing here is invented: null where the resource is silent.</summary>
public sealed record ResourceFacts
{
    public required string Type { get; init; }

    /// <summary>The resource's own id, null when it has none.</summary>
    public string? Id { get; init; }

    /// <summary>SHA-256 over the tokens of the JSON, whitespace, <c>meta.versionId</c> and <c>meta.lastUpdated</c> left out: equal means equal content.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The reference that puts this resource in a patient's compartment; null for directory resources and where the source is silent. For a Patient itself null.</summary>
    public FhirReference? Patient { get; init; }

    /// <summary>Every reference in the resource, for resolving and for reporting what points nowhere.</summary>
    public IReadOnlyList<FhirReference> References { get; init; } = [];

    /// <summary>The date that the FHIR search parameter <c>date</c> (or the nearest of the type) stands for.</summary>
    public FhirDate? Date { get; init; }
    public string? Status { get; init; }
    public IReadOnlyList<FhirToken> Codes { get; init; } = [];
    public IReadOnlyList<FhirToken> Categories { get; init; } = [];
    public IReadOnlyList<FhirToken> Identifiers { get; init; } = [];
    public IReadOnlyList<FhirToken> SecurityLabels { get; init; } = [];

    /// <summary>What was odd but kept: a national number with a wrong check digit, a code outside its value set, a date that cannot be.</summary>
    public IReadOnlyList<string> Oddities { get; init; } = [];
}

/// <summary>A Patient's demographics, for the list and the banner.</summary>
public sealed record PatientFacts(
    string? FamilyName, string? GivenName, string? DisplayName, DateOnly? BirthDate, DatePrecision BirthDatePrecision,
    string? Gender, bool Deceased, DateOnly? DeceasedOn, string? Insz, string? City, string? AddressLine, string? Phone, IReadOnlyList<FhirReference> GeneralPractitioners);

/// <summary>One resource as it stands in the input: the bytes of its JSON object and where they were found.</summary>
/// <param name="Json">The resource's bytes as they came (a slice; valid until the next item is read unless copied).</param>
/// <param name="FullUrl">Bundle.entry.fullUrl.</param>
/// <param name="Method">Bundle.entry.request.method.</param>
/// <param name="Url">Bundle.entry.request.url.</param>
/// <param name="IfNoneExist">Bundle.entry.request.ifNoneExist.</param>
/// <param name="IfMatch">Bundle.entry.request.ifMatch.</param>
/// <param name="Place">Where: <c>entry[12]</c>, <c>line 5</c> or empty for a single resource.</param>
/// <param name="Error">What is wrong with this item, in one line; then <paramref name="Json"/> is empty and the rest goes on.</param>
public sealed record FhirItem(ReadOnlyMemory<byte> Json, string? FullUrl, string? Method, string? Url, string? IfNoneExist, string? IfMatch, string Place, string? Error)
{
    private readonly FhirDocument? _document;
    private readonly int _turn;

    /// <summary>The resource taken apart, when reading the input did so already. Null again once the input has gone on: it has one document for all.</summary>
    internal FhirDocument? Document
    {
        get => _document?.Turn == _turn ? _document : null;
        init => (_document, _turn) = (value, value?.Turn ?? 0);
    }
}
