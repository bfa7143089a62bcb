using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Makes what a program sends into what is stored: the writer is the caller, whatever it says; the rest stays as it came.</summary>
internal static class NativeResource
{
    /// <summary>The Communication, Observation, ServiceRequest, DetectedIssue or Flag as it will be stored, without an id.</summary>
    /// <param name="root">As sent, checked by <see cref="NativeRules"/>.</param>
    /// <param name="type">Its type.</param>
    /// <param name="actor">The caller.</param>
    /// <param name="now">When it came: the time of what states none.</param>
    /// <param name="owner">Who must answer a question that names nobody.</param>
    /// <param name="narrow">Put confidentiality R on it: it answers something that is not for everyone.</param>
    /// <param name="protection">The specially protected category of what it answers: its label is put on it.</param>
    public static byte[] Write(JsonElement root, string type, Actor actor, DateTime now, FhirReference? owner = null, bool narrow = false, InformationCategory protection = InformationCategory.None)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, NativeJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, type);
            WriteMeta(json, root, narrow, ClinicalCodes.LabelOf(protection));
            json.WriteStartArray("extension"u8);
            NativeJson.CareLineExtension(json, actor.Line);
            foreach (var extension in root.Each("extension"u8))
                if (extension.Text("url"u8) != PortalCodes.CareLine) extension.WriteTo(json);
            json.WriteEndArray();
            var writer = type switch { "Communication" => "sender", "ServiceRequest" => "requester", "DetectedIssue" or "Flag" => "author", _ => "performer" };
            foreach (var member in root.EnumerateObject())
                if (member.Name is not ("resourceType" or "id" or "_id" or "meta" or "extension") && member.Name != writer) member.WriteTo(json);
            if (type is "ServiceRequest" or "DetectedIssue" or "Flag")
            {
                json.WritePropertyName(writer);
                NativeJson.Reference(json, actor.Reference, actor.DisplayName);
                if (type == "ServiceRequest" && !root.TryGetProperty("authoredOn"u8, out _)) json.WriteString("authoredOn"u8, FhirDates.BelgianDateTime(now));
                else if (type == "DetectedIssue" && !root.TryGetProperty("identifiedDateTime"u8, out _) && !root.TryGetProperty("identifiedPeriod"u8, out _)) json.WriteString("identifiedDateTime"u8, FhirDates.BelgianDateTime(now));
                else if (type == "Flag" && !root.TryGetProperty("period"u8, out _))
                {
                    json.WriteStartObject("period"u8);
                    json.WriteString("start"u8, FhirDates.BelgianDateTime(now));
                    json.WriteEndObject();
                }
            }
            else if (type == "Communication")
            {
                if (!root.TryGetProperty("sent"u8, out _)) json.WriteString("sent"u8, FhirDates.BelgianDateTime(now));
                json.WritePropertyName("sender"u8);
                NativeJson.Reference(json, actor.Reference, actor.DisplayName);
                if (owner is not null)
                {
                    json.WriteStartArray("recipient"u8);
                    NativeJson.Reference(json, owner.Literal!, owner.Display);
                    json.WriteEndArray();
                }
            }
            else
            {
                if (!root.EnumerateObject().Any(m => m.Name.StartsWith("effective", StringComparison.Ordinal))) json.WriteString("effectiveDateTime"u8, FhirDates.BelgianDateTime(now));
                json.WriteStartArray("performer"u8);
                NativeJson.Reference(json, actor.Reference, actor.DisplayName);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>True for a question of the portal.</summary>
    public static bool IsQuestion(JsonElement root) => IsKind(root, "question");

    /// <summary>True for an answer or a remark of the portal.</summary>
    public static bool IsReply(JsonElement root) => IsKind(root, "reply");

    private static bool IsKind(JsonElement root, string kind) =>
        root.Each("category"u8).SelectMany(c => c.Each("coding"u8)).Any(c => c.Text("system"u8) == PortalCodes.EntryKind && c.Text("code"u8) == kind);

    private static void WriteMeta(Utf8JsonWriter json, JsonElement root, bool narrow, string? label)
    {
        var meta = root.Child("meta"u8);
        var closes = narrow || label is not null;
        var kept = meta is { ValueKind: JsonValueKind.Object } m ? m.EnumerateObject().Where(p => p.Name is not ("versionId" or "lastUpdated") && !(closes && p.NameEquals("security"u8))).ToList() : [];
        if (kept.Count == 0 && !closes) return;
        json.WriteStartObject("meta"u8);
        foreach (var member in kept) member.WriteTo(json);
        if (closes)
        {
            json.WriteStartArray("security"u8);
            if (narrow) NativeJson.Coding(json, PortalCodes.Confidentiality, "R", null);
            if (label is not null) NativeJson.Coding(json, ClinicalCodes.Labels, label, null);
            foreach (var own in meta?.Each("security"u8) ?? [])
                if (!(narrow && own.Text("code"u8) == "R") && own.Text("code"u8) != label) own.WriteTo(json);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
