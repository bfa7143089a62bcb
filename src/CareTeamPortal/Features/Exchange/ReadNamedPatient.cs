using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// The patient of a file that only references name (decision 10), as a Patient: the id and what the source calls them, tagged as not whole. Nothing else is
/// known and nothing is made up; it has no version, because nobody wrote it.
/// </summary>
internal sealed class ReadNamedPatient(CareDesk desk) : PatientUseCase<ReadNamedPatient.Request, byte[]?>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    /// <summary>Null when a Patient came, or its demographics are not for this reader.</summary>
    protected override Task<byte[]?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) => ValueTask.FromResult(
        BannerSql.Patient(reader.Session, room) is { HasResource: false } patient && room.Reach.Categories.HasFlag(InformationCategory.Administrative) ? Write(room.Patient, patient.DisplayName) : null), ct);

    private static byte[] Write(PatientId id, string name)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, NativeJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Patient"u8);
            json.WriteString("id"u8, id.Value);
            json.WriteStartObject("meta"u8);
            json.WriteStartArray("tag"u8);
            NativeJson.Coding(json, "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "SUBSETTED", null);
            json.WriteEndArray();
            json.WriteEndObject();
            if (name != id.Value)
            {
                json.WriteStartArray("name"u8);
                json.WriteStartObject();
                json.WriteString("text"u8, name);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
