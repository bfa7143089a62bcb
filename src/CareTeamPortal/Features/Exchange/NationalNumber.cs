using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Leaves the national number out of a Patient for those whose role may not see it whole.</summary>
internal static class NationalNumber
{
    /// <summary>The row as this room may see it.</summary>
    public static FhirRow Hide(FhirRow row, PatientRoom room) =>
        row.Type != "Patient" || room.May(CareAction.RevealNationalNumber) ? row : row with { Json = Without(row.Json) };

    /// <summary>
    /// Whether an actor may find this file by identifiers of these systems: who may not see the national number may not try numbers out either.
    /// An identifier without a system may be one.
    /// </summary>
    public static bool MayAsk(SharingRules rules, Actor actor, string patient, IEnumerable<string?> systems) =>
        !systems.Any(s => s is null || BelgianNumbers.IsSsinSystem(s)) || rules.MayIn(actor, new PatientId(patient), CareAction.RevealNationalNumber);

    private static byte[] Without(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.Each("identifier"u8).Any(IsNationalNumber)) return json;
        var output = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!member.NameEquals("identifier"u8))
                {
                    // The narrative says the number too, in most systems that write one.
                    if (!member.NameEquals("text"u8)) member.WriteTo(writer);
                    continue;
                }
                var others = document.RootElement.Each("identifier"u8).Where(i => !IsNationalNumber(i)).ToList();
                if (others.Count == 0) continue;
                writer.WriteStartArray("identifier"u8);
                foreach (var other in others) other.WriteTo(writer);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    private static bool IsNationalNumber(JsonElement identifier) => BelgianNumbers.IsSsinSystem(identifier.Text("system"u8));
}
