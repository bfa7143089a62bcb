using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>What a FHIR interaction answers: a status, perhaps a resource, and what HTTP says about it.</summary>
internal sealed record FhirAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public string? Type { get; init; }
    public string? Id { get; init; }

    /// <summary>Version, for ETag.</summary>
    public int? Version { get; init; }
    public DateTime? LastModified { get; init; }

    /// <summary>True when something was written, so that Prefer: return=minimal counts and Location is told.</summary>
    public bool Written { get; init; }

    /// <summary>Content type when the body is not FHIR JSON (a Binary in its own type).</summary>
    public string? ContentType { get; init; }

    /// <summary>What is wrong, when something is: for the outcome of a Bundle entry.</summary>
    public IReadOnlyList<FhirIssue> Issues { get; init; } = [];

    /// <summary>A refusal with its OperationOutcome.</summary>
    public static FhirAnswer Refuse(int status, params FhirIssue[] issues) => new(status, OperationOutcomes.Write(issues)) { Issues = issues };

    /// <summary>Unknown and forbidden alike.</summary>
    public static FhirAnswer NotFound() => Refuse(404, FhirIssue.Error("not-found", "There is no such resource here, or it is not open to you."));

    /// <summary>If-Match names another version than the present one.</summary>
    public static FhirAnswer Stale(int present) => Refuse(412, FhirIssue.Error("conflict", $"If-Match names another version than the present one, which is {present}."));

    /// <summary>A stored resource.</summary>
    public static FhirAnswer Resource(int status, string type, string id, int version, DateTime lastUpdated, ReadOnlySpan<byte> json, bool written = false)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(json.Length + 160);
        MetaSplice.Write(json, id, version, lastUpdated, output);
        return new FhirAnswer(status, output.WrittenMemory) { Type = type, Id = id, Version = version, LastModified = lastUpdated, Written = written };
    }
}
