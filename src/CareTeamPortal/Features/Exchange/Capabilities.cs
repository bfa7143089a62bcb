using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>The CapabilityStatement, made of the same tables that the service works by.</summary>
internal static class Capabilities
{
    /// <summary>The statement for the service at this address.</summary>
    public static byte[] Write(string baseUrl, DateTime builtUtc)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "CapabilityStatement"u8);
            json.WriteString("status"u8, "active"u8);
            json.WriteString("date"u8, FhirDates.Instant(builtUtc));
            json.WriteString("kind"u8, "instance"u8);
            json.WriteStartObject("software"u8);
            json.WriteString("name"u8, "CareTeamPortal"u8);
            json.WriteString("version"u8, typeof(Capabilities).Assembly.GetName().Version?.ToString(3) ?? "0");
            json.WriteEndObject();
            json.WriteStartObject("implementation"u8);
            json.WriteString("description"u8, "CareTeamPortal: one shared timeline per patient"u8);
            json.WriteString("url"u8, baseUrl);
            json.WriteEndObject();
            json.WriteString("fhirVersion"u8, "4.0.1"u8);
            json.WriteStartArray("format"u8);
            json.WriteStringValue("application/fhir+json"u8);
            json.WriteStringValue("json"u8);
            json.WriteEndArray();
            json.WriteStartArray("rest"u8);
            json.WriteStartObject();
            json.WriteString("mode"u8, "server"u8);
            json.WriteString("documentation"u8, "Clinical searches name a patient, an _id or an identifier. What is unknown and what is not open to the caller answer alike with 404. The sender of a Communication and the performer of an Observation, the requester of a Task are always the caller. A Task changes along its state machine, with If-Match; a step that it does not know is answered 422, an acceptance by somebody else first 409. A hand-off is a Task with code handoff; its parts are input, the read-back is output. A Goal is written by the patient, a named proxy or a professional who answers for care: a life goal is expressedBy the patient and names who wrote it down; an update changes its content or its state, not both. A ServiceRequest, DetectedIssue or Flag that is not over is the caller's own (requester, author): an active order for an examination that the portal knows becomes a Task as well and warns of a recent result (422; extension recent-result-override says why it is asked all the same); a ServiceRequest of category measuring is a measuring plan; a preliminary DetectedIssue becomes an alert with an owner, the same again within a day is counted (200). It is answered by PUT with If-Match: status final and one mitigation more, nothing else changed. A CarePlan that instantiates a PlanDefinition of the portal starts it; one that instantiates what nobody knows here is refused (422). A PlanDefinition is published by who keeps the templates: POST, or PUT with If-Match, with the reason in an extension; 422 says what is wrong in which element. Answers to a Questionnaire of the portal are created one by one. Nothing is deleted: status entered-in-error takes back. Parameters that a type does not have are refused; Prefer: handling=lenient leaves them out."u8);
            json.WriteStartObject("security"u8);
            json.WriteString("description"u8, "Bearer token or the session cookie; only this statement is open."u8);
            json.WriteEndObject();
            json.WriteStartArray("resource"u8);
            foreach (var type in FhirTypes.All.Where(t => t is not ("Bundle" or "Parameters" or "OperationOutcome" or "CapabilityStatement")).Order(StringComparer.Ordinal)) WriteType(json, type);
            json.WriteEndArray();
            json.WriteStartArray("interaction"u8);
            foreach (var code in (ReadOnlySpan<string>)["transaction", "batch"])
            {
                json.WriteStartObject();
                json.WriteString("code"u8, code);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    private static void WriteType(Utf8JsonWriter json, string type)
    {
        var native = NativeRules.Updates(type);
        var personal = TakeIn.IsPersonal(type);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteStartArray("interaction"u8);
        string[] interactions = type is "AuditEvent" ? ["read", "search-type"]
            : type is "Binary" ? ["read"]
            : native ? ["read", "vread", "history-instance", "search-type", "create", "update"] : ["read", "vread", "history-instance", "search-type", "create"];
        foreach (var code in interactions)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("versioning"u8, native ? "versioned-update"u8 : "versioned"u8);
        json.WriteBoolean("readHistory"u8, true);
        json.WriteBoolean("updateCreate"u8, false);
        json.WriteBoolean("conditionalCreate"u8, true);
        json.WriteString("conditionalRead"u8, "not-supported"u8);
        json.WriteBoolean("conditionalUpdate"u8, false);
        json.WriteString("conditionalDelete"u8, "not-supported"u8);
        if (type != "Binary")
        {
            if (personal && SearchParameters.IncludesOf(type) is { Count: > 0 } includes)
            {
                json.WriteStartArray("searchInclude"u8);
                foreach (var include in includes) json.WriteStringValue($"{type}:{include}");
                json.WriteEndArray();
            }
            json.WriteStartArray("searchParam"u8);
            var parameters = type == "AuditEvent" ? SearchParameters.AuditEvent
                : SearchParameters.Common.Concat(type == "Patient" ? SearchParameters.Patient : type == "Task" ? SearchParameters.Clinical.Concat(SearchParameters.Task) : personal ? SearchParameters.Clinical : SearchParameters.IsDefinition(type) ? SearchParameters.Definition : []);
            foreach (var (name, kind, documentation) in parameters) WriteParameter(json, name, kind, documentation);
            foreach (var besides in SearchParameters.Besides.Where(b => b.Type == type)) WriteParameter(json, besides.Name, besides.Kind, $"{type}.{besides.Path}");
            foreach (var alias in SearchParameters.Aliases.Where(a => a.Type == type)) WriteParameter(json, alias.Name, alias.Means == "date" ? "date" : "token", $"The same as {alias.Means}");
            json.WriteEndArray();
        }
        if (type == "Patient")
        {
            json.WriteStartArray("operation"u8);
            json.WriteStartObject();
            json.WriteString("name"u8, "timeline"u8);
            json.WriteString("definition"u8, "https://careteamportal.example/fhir/OperationDefinition/Patient-timeline"u8);
            json.WriteString("documentation"u8, "GET Patient/{id}/$timeline?_count=50: newest first; cursor= for older pages; after= for what was committed since"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, string kind, string documentation)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("type"u8, kind);
        json.WriteString("documentation"u8, documentation);
        json.WriteEndObject();
    }
}
