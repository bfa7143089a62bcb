using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What the composer makes.</summary>
public enum ComposerMode
{
    Note,
    Measurement,
    Question,
}

/// <summary>What somebody composed and wants to keep.</summary>
public sealed record ComposedEntry
{
    public required ComposerMode Mode { get; init; }

    /// <summary>Markdown of the note or question; of a measurement what could not be read, or empty.</summary>
    public required string Text { get; init; }
    public required Audience Audience { get; init; }

    /// <summary>The recognised measurements that were not taken out.</summary>
    internal IReadOnlyList<RecognisedMeasurement> Measurements { get; init; } = [];

    /// <summary>Who must answer a question.</summary>
    public PersonId? Answerer { get; init; }

    /// <summary>Before when, UTC.</summary>
    public DateTime? ReplyBy { get; init; }
    public IReadOnlyList<PersonId> Mentions { get; init; } = [];

    /// <summary>Ids of the attachments that were uploaded.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>A file that was uploaded with a draft, or why not.</summary>
public sealed record UploadedFile(string? Id, string Name, string? Problem);
