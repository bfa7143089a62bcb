using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>The pieces of which the portal's own resources are written.</summary>
internal static class NativeJson
{
    // The bytes are stored and served as application/fhir+json, never inside HTML, so text stays readable instead of escaped.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Reference(Utf8JsonWriter json, string literal, string? display)
    {
        json.WriteStartObject();
        json.WriteString("reference"u8, literal);
        if (display is not null) json.WriteString("display"u8, display);
        json.WriteEndObject();
    }

    public static void Concept(Utf8JsonWriter json, string system, string code, string? display)
    {
        json.WriteStartObject();
        json.WriteStartArray("coding"u8);
        Coding(json, system, code, display);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Coding(Utf8JsonWriter json, string system, string code, string? display)
    {
        json.WriteStartObject();
        json.WriteString("system"u8, system);
        json.WriteString("code"u8, code);
        if (display is not null) json.WriteString("display"u8, display);
        json.WriteEndObject();
    }

    public static void CareLineExtension(Utf8JsonWriter json, CareLine line)
    {
        json.WriteStartObject();
        json.WriteString("url"u8, PortalCodes.CareLine);
        json.WriteString("valueCode"u8, PortalCodes.CodeOf(line));
        json.WriteEndObject();
    }

    /// <summary>A copy of a resource in which <paramref name="write"/> stands in the place of one property; the properties of <paramref name="also"/> are left out. Numbers keep their digits.</summary>
    public static byte[] Replace(JsonElement resource, string property, Action<Utf8JsonWriter> write, params ReadOnlySpan<string> also)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, Options))
        {
            var written = false;
            json.WriteStartObject();
            foreach (var member in resource.EnumerateObject())
            {
                if (member.NameEquals(property))
                {
                    written = true;
                    write(json);
                    continue;
                }
                if (also.Contains(member.Name)) continue;
                member.WriteTo(json);
            }
            if (!written) write(json);
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }
}
