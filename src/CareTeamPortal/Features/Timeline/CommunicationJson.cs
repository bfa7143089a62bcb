using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What a person writes on a timeline, before it is FHIR.</summary>
public sealed record CommunicationDraft
{
    /// <summary>Note, question or reply.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>The file's patient.</summary>
    public required PatientId Patient { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTime Sent { get; init; }

    /// <summary>The writer as a literal reference, <c>Practitioner/els.peeters</c>.</summary>
    public required string Sender { get; init; }
    public required string SenderDisplay { get; init; }

    /// <summary>Line from which the writer acts.</summary>
    public CareLine? Line { get; init; }

    /// <summary>Markdown.</summary>
    public required string Text { get; init; }
    public string? Title { get; init; }
    public Audience Audience { get; init; } = Audience.WholeTeam;

    /// <summary>The specially protected category of what it answers; none otherwise.</summary>
    public InformationCategory Protection { get; init; }

    /// <summary>The entry that a reply answers: <c>Communication/id</c>, or what else a remark is about, <c>Task/id</c>.</summary>
    public string? InResponseTo { get; init; }

    /// <summary>Reply deadline of a question, UTC.</summary>
    public DateTime? ReplyBy { get; init; }

    /// <summary>Who must answer a question: reference and display.</summary>
    public FhirReference? Recipient { get; init; }

    /// <summary>The role of the team to which a question is put, in place of a person: the discipline, and what it is called.</summary>
    public (string Code, string Display)? AskedRole { get; init; }

    /// <summary>Mentioned people: reference and display.</summary>
    public IReadOnlyList<FhirReference> Mentions { get; init; } = [];

    /// <summary>Whose words they are, when the sender wrote down what somebody else said.</summary>
    public FhirReference? SaidBy { get; init; }

    /// <summary>Attachments: <c>Binary/id</c> and file name.</summary>
    public IReadOnlyList<FhirReference> Attachments { get; init; } = [];
}

/// <summary>Writes the portal's notes, questions and replies as FHIR R4 Communication (Belgian profile be-communication: subject and sender 1..1).</summary>
public static class CommunicationJson
{
    /// <summary>A new note, question or reply. Without an id: the store gives it one.</summary>
    public static byte[] Write(CommunicationDraft draft)
    {
        var output = new ArrayBufferWriter<byte>(512 + draft.Text.Length);
        using (var json = new Utf8JsonWriter(output, NativeJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Communication"u8);
            WriteSecurity(json, draft);
            WriteExtensions(json, draft);
            if (draft.InResponseTo is not null)
            {
                // inResponseTo points at a Communication and nothing else; a remark on a task says what it is about.
                json.WriteStartArray(draft.InResponseTo.StartsWith("Communication/", StringComparison.Ordinal) ? "inResponseTo"u8 : "about"u8);
                NativeJson.Reference(json, draft.InResponseTo, null);
                json.WriteEndArray();
            }
            json.WriteString("status"u8, "completed"u8);
            json.WriteStartArray("category"u8);
            NativeJson.Concept(json, PortalCodes.EntryKind, draft.Kind switch { EntryKind.Question => "question", EntryKind.Reply => "reply", _ => "note" }, null);
            json.WriteEndArray();
            json.WritePropertyName("subject"u8);
            NativeJson.Reference(json, $"Patient/{draft.Patient.Value}", null);
            if (draft.Title is not null)
            {
                json.WriteStartObject("topic"u8);
                json.WriteString("text"u8, draft.Title);
                json.WriteEndObject();
            }
            json.WriteString("sent"u8, FhirDates.BelgianDateTime(draft.Sent));
            WriteRecipients(json, draft);
            json.WritePropertyName("sender"u8);
            NativeJson.Reference(json, draft.Sender, draft.SenderDisplay);
            json.WriteStartArray("payload"u8);
            json.WriteStartObject();
            json.WriteString("contentString"u8, draft.Text);
            json.WriteEndObject();
            foreach (var attachment in draft.Attachments)
            {
                json.WriteStartObject();
                json.WritePropertyName("contentReference"u8);
                NativeJson.Reference(json, attachment.Literal!, attachment.Display);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The same Communication, taken back: status entered-in-error with the reason; everything it said stays.</summary>
    public static byte[] Retract(JsonElement communication, string reason) => NativeJson.Replace(communication, "status", json =>
    {
        json.WriteString("status"u8, "entered-in-error"u8);
        json.WriteStartObject("statusReason"u8);
        json.WriteString("text"u8, reason);
        json.WriteEndObject();
    }, "statusReason");

    /// <summary>The same Communication with another text (and title): a correction is a new version of the resource; attachments and everything else stay.</summary>
    public static byte[] Correct(JsonElement communication, string text, string? title) => NativeJson.Replace(communication, "payload", json =>
    {
        if (title is not null)
        {
            json.WriteStartObject("topic"u8);
            json.WriteString("text"u8, title);
            json.WriteEndObject();
        }
        json.WriteStartArray("payload"u8);
        json.WriteStartObject();
        json.WriteString("contentString"u8, text);
        json.WriteEndObject();
        foreach (var payload in communication.Each("payload"u8))
            if (payload.Child("contentString"u8) is null) payload.WriteTo(json);
        json.WriteEndArray();
    }, "topic");

    private static void WriteSecurity(Utf8JsonWriter json, CommunicationDraft draft)
    {
        var (closed, label) = (!draft.Audience.HasFlag(Audience.CaregiverCircle), ClinicalCodes.LabelOf(draft.Protection));
        if (!closed && label is null) return;
        json.WriteStartObject("meta"u8);
        json.WriteStartArray("security"u8);
        if (closed) NativeJson.Coding(json, PortalCodes.Confidentiality, "R", null);
        if (label is not null) NativeJson.Coding(json, ClinicalCodes.Labels, label, null);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteExtensions(Utf8JsonWriter json, CommunicationDraft draft)
    {
        if (draft.Line is null && draft.ReplyBy is null && draft.SaidBy is null && draft.Mentions.Count == 0) return;
        json.WriteStartArray("extension"u8);
        if (draft.Line is { } line) NativeJson.CareLineExtension(json, line);
        if (draft.ReplyBy is { } replyBy)
        {
            json.WriteStartObject();
            json.WriteString("url"u8, PortalCodes.ReplyBy);
            json.WriteString("valueDateTime"u8, FhirDates.BelgianDateTime(replyBy));
            json.WriteEndObject();
        }
        if (draft.SaidBy is { } speaker)
        {
            json.WriteStartObject();
            json.WriteString("url"u8, PortalCodes.SaidBy);
            json.WritePropertyName("valueReference"u8);
            NativeJson.Reference(json, speaker.Literal!, speaker.Display);
            json.WriteEndObject();
        }
        foreach (var mention in draft.Mentions)
        {
            json.WriteStartObject();
            json.WriteString("url"u8, PortalCodes.Mention);
            json.WritePropertyName("valueReference"u8);
            NativeJson.Reference(json, mention.Literal!, mention.Display);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRecipients(Utf8JsonWriter json, CommunicationDraft draft)
    {
        var patient = $"Patient/{draft.Patient.Value}";
        var forPatient = draft.Audience == Audience.ProfessionalsAndPatient && draft.Recipient?.Literal != patient;
        if (draft.Recipient is null && draft.AskedRole is null && !forPatient) return;
        json.WriteStartArray("recipient"u8);
        if (draft.AskedRole is { } role)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "PractitionerRole"u8);
            json.WriteStartObject("identifier"u8);
            json.WriteString("system"u8, PortalCodes.TeamRole);
            json.WriteString("value"u8, role.Code);
            json.WriteEndObject();
            json.WriteString("display"u8, role.Display);
            json.WriteEndObject();
        }
        if (draft.Recipient is { } recipient) NativeJson.Reference(json, recipient.Literal!, recipient.Display);
        if (forPatient) NativeJson.Reference(json, patient, null);
        json.WriteEndArray();
    }
}
