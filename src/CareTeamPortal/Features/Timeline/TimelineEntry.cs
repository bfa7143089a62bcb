using System.Text.Json;
using System.Text.Json.Serialization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Timeline;

/// <summary>A file with an entry, as the timeline lists it.</summary>
public sealed record Attachment(string Id, string Name, string ContentType, long Size);

/// <summary>A line of the timeline as pages use it.</summary>
/// <param name="Seq">Its number in the file. Stays on the server: a limited viewer could count with it.</param>
/// <param name="Cursor">The commit that changed it last. Stays on the server.</param>
/// <param name="IsOwn">The viewer wrote it.</param>
/// <param name="AnswerCount">Answers that the viewer may see.</param>
internal sealed record TimelineEntry(
    long Seq, long Cursor, EntryKind Kind, DateTime Time, DatePrecision Precision, DateTime? Until, InformationCategory Category, Audience Audience,
    CareLine? Line, Discipline Discipline, PersonId? AuthorId, string? AuthorName, string? AuthorRole, string? Source,
    string Title, string? Text, IReadOnlyList<MeasuredValue> Values, IReadOnlyList<Attachment> Attachments,
    string ResourceType, string ResourceId, int Version, long? AnswersSeq, int AnswerCount,
    DateTime? ReplyBy, PersonId? ReplyOwner, bool IsAnswered, DateTime? PinnedAt, PersonId? PinnedBy,
    bool Retracted, string? RetractReason, DateTime? CorrectedAt, DateTime RecordedAt, string? Status, bool IsOwn)
{
    /// <summary>Stable name of the entry for links and element ids; says nothing about its number.</summary>
    public string Reference => $"{ResourceType}/{ResourceId}";

    /// <summary>The viewer made the last change (wrote, pinned, answered): no news to them.</summary>
    public bool IsOwnChange { get; init; }

    /// <summary>The role to which a question was put.</summary>
    public Discipline? AskedRole { get; init; }

    public static TimelineEntry From(EntryRow row, PersonId viewer, int answers = 0) => new(
        row.Seq, row.Cursor, (EntryKind)row.Kind, row.Time, row.Precision, row.Until, row.Category, row.Audience,
        row.Line, row.Discipline, row.AuthorId, row.AuthorName, row.AuthorRole, row.Source,
        row.Title, row.Text,
        row.Values is null ? [] : JsonSerializer.Deserialize(row.Values, TimelineJson.Default.IReadOnlyListMeasuredValue)!,
        row.Attachments is null ? [] : JsonSerializer.Deserialize(row.Attachments, TimelineJson.Default.IReadOnlyListAttachment)!,
        row.ResourceType, row.ResourceId, row.Version, row.AnswersSeq, answers,
        row.ReplyBy, row.ReplyOwner, row.AnsweredSeq is not null, row.PinnedAt, row.PinnedBy,
        row.Retracted, row.RetractReason, row.CorrectedAt, row.RecordedAt, row.Status, row.AuthorId == viewer)
    {
        IsOwnChange = row.ChangedBy == viewer,
        AskedRole = row.AskedRole,
    };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<MeasuredValue>))]
[JsonSerializable(typeof(IReadOnlyList<Attachment>))]
internal sealed partial class TimelineJson : JsonSerializerContext;
