using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Timeline;

/// <summary>A measured quantity with its code and unit (clinical.md, "Measurements").</summary>
/// <param name="Loinc">LOINC code.</param>
/// <param name="Display">Name in words.</param>
/// <param name="Unit">Unit for people.</param>
/// <param name="Ucum">UCUM code.</param>
/// <param name="Laboratory">Laboratory instead of vital signs.</param>
public sealed record MeasuredQuantity(string Loinc, string Display, string Unit, string Ucum, bool Laboratory = false);

/// <summary>What a measurement is, before it is FHIR.</summary>
public sealed record ObservationDraft
{
    public required PatientId Patient { get; init; }

    /// <summary>When it was measured, UTC.</summary>
    public required DateTime Effective { get; init; }

    /// <summary>Who measured, as a literal reference.</summary>
    public required string Performer { get; init; }
    public required string PerformerDisplay { get; init; }

    /// <summary>Line from which the person acts.</summary>
    public CareLine? Line { get; init; }
    public Audience Audience { get; init; } = Audience.WholeTeam;
    public string? Note { get; init; }
}

/// <summary>Writes the portal's measurements as FHIR R4 Observation, after the HL7 vital signs profiles.</summary>
public static class ObservationJson
{
    /// <summary>One quantity. Oxygen saturation carries both codes that the profile oxygensat asks for.</summary>
    public static byte[] Write(ObservationDraft draft, MeasuredQuantity quantity, decimal value) => Write(draft, quantity, json => WriteQuantity(json, value, quantity.Unit, quantity.Ucum));

    /// <summary>Blood pressure as one panel (profile bp).</summary>
    public static byte[] WriteBloodPressure(ObservationDraft draft, decimal systolic, decimal diastolic) => Write(draft, new("85354-9", "Blood pressure panel with all children optional", "mmHg", "mm[Hg]"), json =>
    {
        json.WriteStartArray("component"u8);
        Component(json, "8480-6", "Systolic blood pressure", systolic);
        Component(json, "8462-4", "Diastolic blood pressure", diastolic);
        json.WriteEndArray();
    });

    /// <summary>The same Observation, taken back; FHIR has no reason element here, so the reason is a note.</summary>
    public static byte[] Retract(JsonElement observation, string reason) => NativeJson.Replace(observation, "status", json =>
    {
        json.WriteString("status"u8, "entered-in-error"u8);
        json.WriteStartArray("note"u8);
        foreach (var note in observation.Each("note"u8)) note.WriteTo(json);
        json.WriteStartObject();
        json.WriteString("text"u8, reason);
        json.WriteEndObject();
        json.WriteEndArray();
    }, "note");

    /// <summary>The same Observation with a corrected number: status corrected, a new version of the resource.</summary>
    public static byte[] Correct(JsonElement observation, decimal value) => NativeJson.Replace(observation, "status", json =>
    {
        json.WriteString("status"u8, "corrected"u8);
        var old = observation.Child("valueQuantity"u8) ?? throw new ArgumentException("Only an Observation with a quantity is corrected by a number.", nameof(observation));
        WriteQuantity(json, value, old.Text("unit"u8) ?? "", old.Text("code"u8) ?? "");
    }, "valueQuantity");

    private static byte[] Write(ObservationDraft draft, MeasuredQuantity quantity, Action<Utf8JsonWriter> writeValue)
    {
        var output = new ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(output, NativeJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Observation"u8);
            if (!draft.Audience.HasFlag(Audience.CaregiverCircle) || !draft.Audience.HasFlag(Audience.Patient)) WriteConfidential(json);
            var forPatient = draft.Audience == Audience.ProfessionalsAndPatient;
            if (draft.Line is not null || forPatient)
            {
                json.WriteStartArray("extension"u8);
                if (draft.Line is { } line) NativeJson.CareLineExtension(json, line);
                if (forPatient)
                {
                    json.WriteStartObject();
                    json.WriteString("url"u8, PortalCodes.SharedWithPatient);
                    json.WriteBoolean("valueBoolean"u8, true);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteString("status"u8, "final"u8);
            json.WriteStartArray("category"u8);
            if (quantity.Laboratory) NativeJson.Concept(json, PortalCodes.ObservationCategory, "laboratory", "Laboratory");
            else NativeJson.Concept(json, PortalCodes.ObservationCategory, "vital-signs", "Vital Signs");
            json.WriteEndArray();
            json.WriteStartObject("code"u8);
            json.WriteStartArray("coding"u8);
            if (quantity.Loinc is "2708-6" or "59408-5")
            {
                NativeJson.Coding(json, PortalCodes.Loinc, "2708-6", "Oxygen saturation in Arterial blood");
                NativeJson.Coding(json, PortalCodes.Loinc, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry");
            }
            else
            {
                NativeJson.Coding(json, PortalCodes.Loinc, quantity.Loinc, quantity.Display);
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WritePropertyName("subject"u8);
            NativeJson.Reference(json, $"Patient/{draft.Patient.Value}", null);
            json.WriteString("effectiveDateTime"u8, FhirDates.BelgianDateTime(draft.Effective));
            json.WriteStartArray("performer"u8);
            NativeJson.Reference(json, draft.Performer, draft.PerformerDisplay);
            json.WriteEndArray();
            if (draft.Note is not null)
            {
                json.WriteStartArray("note"u8);
                json.WriteStartObject();
                json.WriteString("text"u8, draft.Note);
                json.WriteEndObject();
                json.WriteEndArray();
            }
            writeValue(json);
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    private static void Component(Utf8JsonWriter json, string loinc, string display, decimal value)
    {
        json.WriteStartObject();
        json.WritePropertyName("code"u8);
        NativeJson.Concept(json, PortalCodes.Loinc, loinc, display);
        WriteQuantity(json, value, "mmHg", "mm[Hg]");
        json.WriteEndObject();
    }

    private static void WriteQuantity(Utf8JsonWriter json, decimal value, string unit, string ucum)
    {
        json.WriteStartObject("valueQuantity"u8);
        json.WriteNumber("value"u8, value);
        json.WriteString("unit"u8, unit);
        json.WriteString("system"u8, PortalCodes.Ucum);
        json.WriteString("code"u8, ucum);
        json.WriteEndObject();
    }

    private static void WriteConfidential(Utf8JsonWriter json)
    {
        json.WriteStartObject("meta"u8);
        json.WriteStartArray("security"u8);
        NativeJson.Coding(json, PortalCodes.Confidentiality, "R", null);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
