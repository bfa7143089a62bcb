using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Who opened the file, as AuditEvents (IHE Basic Audit Log Patterns: a patient-centred read), for those who may read it.</summary>
internal sealed class ReadAccessLog(CareDesk desk, PeopleDirectory people, CursorCodec cursors) : PatientUseCase<ReadAccessLog.Request, ReadAccessLog.Page>(desk)
{
    internal sealed record Request(long? Before, int Count);

    /// <param name="Events">Id and JSON of each, newest first.</param>
    /// <param name="Next">Ask for what is before this; null at the end.</param>
    internal sealed record Page(IReadOnlyList<(string Id, DateTime At, byte[] Json)> Events, long? Next);

    protected override CareAction Needs => CareAction.ReadAccessLog;

    protected override Task<Page> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var rows = FhirSql.AccessRecords(reader.Session, room, request.Before ?? long.MaxValue, request.Count + 1);
        var more = rows.Count > request.Count;
        if (more) rows.RemoveAt(request.Count);
        return ValueTask.FromResult(new Page([.. rows.Select(r => (cursors.HideAsId(room.Patient, r.Key), r.At, Write(r, room)))], more ? rows[^1].Key : null));
    }, ct);

    private byte[] Write(AccessRecordRow row, PatientRoom room)
    {
        var who = people.ActorFor(row.PersonId);
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "AuditEvent"u8);
            json.WriteStartObject("type"u8);
            json.WriteString("system"u8, "http://terminology.hl7.org/CodeSystem/audit-event-type"u8);
            json.WriteString("code"u8, "rest"u8);
            json.WriteEndObject();
            json.WriteString("action"u8, row.What is { } what && !what.StartsWith("view-as/", StringComparison.Ordinal) ? (what.EndsWith("/_history/1", StringComparison.Ordinal) ? "C"u8 : "U"u8) : row.Purpose == AccessPurpose.Import ? "C"u8 : "R"u8);
            json.WriteString("recorded"u8, FhirDates.Instant(row.At));
            json.WriteString("outcome"u8, row.Allowed ? "0"u8 : "4"u8);
            json.WriteStartArray("agent"u8);
            json.WriteStartObject();
            json.WriteStartObject("who"u8);
            if (who is not null) json.WriteString("reference"u8, who.Reference);
            json.WriteString("display"u8, who?.DisplayName ?? row.PersonId.Value);
            json.WriteEndObject();
            json.WriteBoolean("requestor"u8, true);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("source"u8);
            json.WriteStartObject("observer"u8);
            json.WriteString("display"u8, $"CareTeamPortal, {row.Source}");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("entity"u8);
            json.WriteStartObject();
            json.WriteStartObject("what"u8);
            json.WriteString("reference"u8, $"Patient/{room.Patient}");
            json.WriteEndObject();
            json.WriteEndObject();
            if (row.What is not null)
            {
                json.WriteStartObject();
                json.WriteStartObject("what"u8);
                // Somebody looked as somebody else would: the other is what was looked at, and did nothing.
                if (row.What.StartsWith("view-as/", StringComparison.Ordinal))
                    json.WriteString("display"u8, row.What);
                else
                    json.WriteString("reference"u8, row.What);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }
}
