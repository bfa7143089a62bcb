using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>One issue of an OperationOutcome (FHIR R4). Diagnostics name places and reasons, never patient data.</summary>
/// <param name="Severity"><c>fatal</c>, <c>error</c>, <c>warning</c> or <c>information</c>.</param>
/// <param name="Code">Of http://hl7.org/fhir/issue-type: <c>invalid</c>, <c>required</c>, <c>value</c>, <c>not-found</c>, <c>conflict</c>, ...</param>
/// <param name="Diagnostics">For people who build clients, in English.</param>
/// <param name="Expression">FHIRPath of the element, when there is one.</param>
public sealed record FhirIssue(string Severity, string Code, string Diagnostics, string? Expression = null)
{
    public static FhirIssue Error(string code, string diagnostics, string? expression = null) => new("error", code, diagnostics, expression);

    public static FhirIssue Warning(string code, string diagnostics, string? expression = null) => new("warning", code, diagnostics, expression);
}

/// <summary>Writes OperationOutcome resources.</summary>
public static class OperationOutcomes
{
    // Everything outside ASCII, and what HTML would read, stays escaped: an outcome may end in a page of an unknown client.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>An OperationOutcome with these issues, as UTF-8 JSON. At least one issue; none becomes <c>informational: all OK</c>.</summary>
    public static byte[] Write(params ReadOnlySpan<FhirIssue> issues)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, Options)) Write(json, issues);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the OperationOutcome as a value, for the response of a Bundle entry.</summary>
    public static void Write(Utf8JsonWriter json, params ReadOnlySpan<FhirIssue> issues)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "OperationOutcome"u8);
        json.WriteStartArray("issue"u8);
        if (issues.IsEmpty) Issue(json, new FhirIssue("information", "informational", "All OK"));
        foreach (var issue in issues) Issue(json, issue);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Issue(Utf8JsonWriter json, FhirIssue issue)
    {
        json.WriteStartObject();
        json.WriteString("severity"u8, issue.Severity);
        json.WriteString("code"u8, issue.Code);
        json.WriteString("diagnostics"u8, issue.Diagnostics);
        if (issue.Expression is not null)
        {
            json.WriteStartArray("expression"u8);
            json.WriteStringValue(issue.Expression);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
