using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Features.Demo;

/// <summary>The few FHIR shapes that every demo resource uses.</summary>
internal static class DemoJson
{
    public const string Base = "https://careteamportal.example/fhir/";
    public const string HcParty = "https://www.ehealth.fgov.be/standards/fhir/core/CodeSystem/cd-hcparty";
    public const string Nihdi = "https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/nihdi";
    public const string Ssin = "https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin";
    public const string Loinc = "http://loinc.org";
    public const string Snomed = "http://snomed.info/sct";
    public const string Atc = "http://www.whocc.no/atc";

    // "Unsafe" for HTML, which this never becomes as it is; the default writes every + of a time zone as an escape.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Bytes(JsonObject resource)
    {
        RemoveNulls(resource);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            resource.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static JsonObject Concept(string system, string code, string? text, string? display = null)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        if (display is not null)
            coding["display"] = display;
        var concept = new JsonObject { ["coding"] = new JsonArray(coding) };
        if (text is not null)
            concept["text"] = text;
        return concept;
    }

    public static JsonObject Text(string text) => new() { ["text"] = text };

    public static JsonObject CareLine(CareLine line) => new()
    {
        ["url"] = Base + "StructureDefinition/care-line",
        ["valueCode"] = PortalCodes.CodeOf(line),
    };

    public static JsonObject Confidential() => new()
    {
        ["security"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", ["code"] = "R" }),
    };

    /// <summary>FHIR forbids null members, and the builders write null where a fact is absent.</summary>
    private static void RemoveNulls(JsonObject node)
    {
        foreach (var name in node.Where(p => p.Value is null).Select(p => p.Key).ToList())
            node.Remove(name);
        foreach (var (_, value) in node)
        {
            if (value is JsonObject child)
                RemoveNulls(child);
            else if (value is JsonArray array)
                foreach (var item in array.OfType<JsonObject>())
                    RemoveNulls(item);
        }
    }
}
