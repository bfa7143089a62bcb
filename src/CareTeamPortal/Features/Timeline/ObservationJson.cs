using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Time;

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

/// <summary>A corrected number, with the unit that it is written in.</summary>
public sealed record CorrectedValue(decimal Value, string? Unit, string? Ucum);

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

    /// <summary>An answer that is a word: its codes, and the words that people read.</summary>
    public static byte[] WriteAnswer(ObservationDraft draft, string loinc, string display, IReadOnlyList<(string System, string Code, string Display)> codes, string words) => Write(draft, new(loinc, display, "", ""), json =>
    {
        json.WriteStartObject("valueCodeableConcept"u8);
        json.WriteStartArray("coding"u8);
        foreach (var (system, code, meaning) in codes)
            NativeJson.Coding(json, system, code, meaning);
        json.WriteEndArray();
        json.WriteString("text"u8, words);
        json.WriteEndObject();
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

    /// <summary>The numbers of an Observation with what they measure: its own, then those of its components; as its entry lists them.</summary>
    public static IReadOnlyList<(string? Loinc, decimal Value, string? Unit)> Quantities(JsonElement observation) =>
        [.. observation.Each("component"u8).Prepend(observation).Select(QuantityOf).OfType<(string?, decimal, string?)>()];

    private static (string?, decimal, string?)? QuantityOf(JsonElement element) =>
        element.Child("valueQuantity"u8) is { } quantity && quantity.Child("value"u8) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value)
            ? (element.Child("code"u8)?.Each("coding"u8).Select(c => c.Text("system"u8) == PortalCodes.Loinc ? c.Text("code"u8) : null).FirstOrDefault(c => c is not null), value, quantity.Text("unit"u8) ?? quantity.Text("code"u8))
            : null;

    /// <summary>
    /// The same Observation with corrected numbers: status corrected, and a note that says what stood there before and why it changed.
    /// What was said of the old numbers (high, low) is left out. Null when nothing would change, or the numbers are not as many.
    /// </summary>
    /// <param name="observation">The present version.</param>
    /// <param name="values">In the order of <see cref="Quantities"/>.</param>
    /// <param name="at">When it was measured, UTC; null leaves it.</param>
    /// <param name="note">The note, made of what stood there before.</param>
    public static byte[]? Correct(JsonElement observation, IReadOnlyList<CorrectedValue> values, DateTime? at, Func<string, string> note)
    {
        var old = Quantities(observation);
        var moved = at is { } moment && observation.Date("effectiveDateTime"u8)?.Start != moment;
        if (old.Count != values.Count || old.Count == 0 || (!moved && old.Zip(values).All(v => v.First.Value == v.Second.Value && v.First.Unit == v.Second.Unit)))
            return null;
        var before = $"{string.Join('/', old.Select(v => v.Value.ToString("#,0.####", BelgianTime.Culture)))} {old[0].Unit}".TrimEnd();
        if (moved && observation.Date("effectiveDateTime"u8) is { } measured)
            before += $" ({BelgianTime.FullMoment(measured.Start)})";
        var left = new Queue<CorrectedValue>(values);
        return NativeJson.Replace(observation, "status", json =>
        {
            json.WriteString("status"u8, "corrected"u8);
            if (moved) json.WriteString("effectiveDateTime"u8, FhirDates.BelgianDateTime(at!.Value));
            else if (observation.Child("effectiveDateTime"u8) is { } same)
            {
                json.WritePropertyName("effectiveDateTime"u8);
                same.WriteTo(json);
            }
            json.WriteStartArray("note"u8);
            foreach (var earlier in observation.Each("note"u8)) earlier.WriteTo(json);
            json.WriteStartObject();
            json.WriteString("text"u8, note(before));
            json.WriteEndObject();
            json.WriteEndArray();
            if (QuantityOf(observation) is not null) WriteQuantity(json, left.Dequeue());
            else if (observation.Child("valueQuantity"u8) is { } unread)
            {
                json.WritePropertyName("valueQuantity"u8);
                unread.WriteTo(json);
            }
            if (observation.Child("component"u8) is null) return;
            json.WriteStartArray("component"u8);
            foreach (var component in observation.Each("component"u8))
            {
                if (QuantityOf(component) is null)
                {
                    component.WriteTo(json);
                    continue;
                }
                json.WriteStartObject();
                foreach (var member in component.EnumerateObject())
                    if (member.Name is not ("valueQuantity" or "interpretation")) member.WriteTo(json);
                WriteQuantity(json, left.Dequeue());
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }, "note", "valueQuantity", "component", "effectiveDateTime", "interpretation");
    }

    private static void WriteQuantity(Utf8JsonWriter json, CorrectedValue value)
    {
        json.WriteStartObject("valueQuantity"u8);
        json.WriteNumber("value"u8, value.Value);
        if (value.Unit is not null) json.WriteString("unit"u8, value.Unit);
        if (value.Ucum is not null)
        {
            json.WriteString("system"u8, PortalCodes.Ucum);
            json.WriteString("code"u8, value.Ucum);
        }
        json.WriteEndObject();
    }

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
