using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>A goal in the patient's words, as the page sends it.</summary>
/// <param name="Id">Chosen by the page when a new goal was begun: sending it twice writes it once. A guid.</param>
/// <param name="Words">The goal.</param>
/// <param name="Reference">The own goal that is said otherwise, <c>Goal/id</c>; null for a new one.</param>
/// <param name="Version">The version of it that the person saw.</param>
public sealed record GoalWords(string Id, string Words, string? Reference = null, int Version = 0);

/// <summary>The patient writes a goal in their own words, or says an own goal otherwise. What it said before is kept.</summary>
internal sealed class SetGoal(CareDesk desk, Filing filing) : PatientUseCase<GoalWords, bool>(desk)
{
    /// <summary>Longest goal, in UTF-16 units; more is refused, nothing is cut off.</summary>
    public const int LongestWords = 300;

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<bool> HandleAsync(PatientRoom room, GoalWords request, CancellationToken ct)
    {
        if (room.Purpose != AccessPurpose.OwnFile)
            throw room.Refusal(CareAction.Write, InformationCategory.Goals); // these are the patient's words and nobody else's
        if (SafeText.IsBlank(request.Words) || request.Words.Length > LongestWords)
            return false;
        var words = SafeText.Line(request.Words, LongestWords);
        if (request.Reference is { } reference)
            return await room.CommitAsync((writer, _) => ValueTask.FromResult(OwnEntry.Change(writer, filing, reference, request.Version,
                root => root.GetProperty("resourceType").GetString() == "Goal" ? NativeJson.Replace(root, "description", json => Description(json, words)) : null) is Changed), ct);
        if (!Guid.TryParse(request.Id, out var guid))
            throw new ArgumentException("The id of a goal is a guid.", nameof(request));
        var prepared = filing.Prepare(New(room, words), "urn:uuid:" + guid, "portal");
        return await room.CommitAsync((writer, _) =>
        {
            if (CareStore.Find(writer.Session, "Goal", prepared.Resource.Id) is { } present)
                return ValueTask.FromResult(present.Patient == room.Patient);
            writer.RequireWrite(prepared.Resource.Category);
            CareStore.Insert(writer.Session, prepared.Resource, room.Patient, null, room.Now);
            filing.PutEntry(writer.Session, room.Patient, prepared, 1, writer.NextCursor, room.Now, null, room.Actor.Person);
            writer.RecordWritten($"Goal/{prepared.Resource.Id}/_history/1");
            return ValueTask.FromResult(true);
        }, ct);
    }

    private static byte[] New(PatientRoom room, string words)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, NativeJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Goal"u8);
            json.WriteString("lifecycleStatus"u8, "active"u8);
            Description(json, words);
            json.WritePropertyName("subject"u8);
            NativeJson.Reference(json, $"Patient/{room.Patient.Value}", null);
            json.WriteString("startDate"u8, BelgianTime.DayOf(room.Now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WritePropertyName("expressedBy"u8);
            NativeJson.Reference(json, room.Actor.Reference, room.Actor.DisplayName);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Description(Utf8JsonWriter json, string words)
    {
        json.WriteStartObject("description"u8);
        json.WriteString("text"u8, words);
        json.WriteEndObject();
    }
}
