using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What a resource says on the timeline. Null from the describer means: not clinically dated, so not on the timeline.</summary>
public sealed record EntryFacts
{
    public required EntryKind Kind { get; init; }
    public required InformationCategory Category { get; init; }

    /// <summary>Clinical time: when it happened, not when it was written or imported.</summary>
    public required FhirDate Time { get; init; }

    /// <summary>End of what lasts (a stay, a prescription, a problem), else null.</summary>
    public DateTime? Until { get; init; }

    /// <summary>A human title in the source's own words (code text or display), never a bare code when a word exists.</summary>
    public required string Title { get; init; }

    /// <summary>Text or summary as the source wrote it; Markdown for notes of the portal.</summary>
    public string? Text { get; init; }

    /// <summary>Who wrote, performed or asked it.</summary>
    public FhirReference? Author { get; init; }

    /// <summary>Organisation or device it comes from, when no person is named.</summary>
    public FhirReference? Source { get; init; }

    /// <summary>Care line when the resource itself tells it (encounter class, organisation type, author type), else null: derived from the author or the source.</summary>
    public CareLine? Line { get; init; }
    public Discipline Discipline { get; init; }
    public required Audience Audience { get; init; }

    /// <summary>Measured quantities, components included.</summary>
    public IReadOnlyList<MeasuredValue> Values { get; init; } = [];

    /// <summary>The entry that this one answers (Communication.inResponseTo, partOf), as written.</summary>
    public FhirReference? Answers { get; init; }

    /// <summary>Resources this entry points at (attachments, focus), as written.</summary>
    public string? Status { get; init; }

    /// <summary>The source says the entry was an error (entered-in-error): shown struck through, never dropped.</summary>
    public bool EnteredInError { get; init; }

    /// <summary>Reply deadline of a question, UTC.</summary>
    public DateTime? ReplyBy { get; init; }
}

/// <summary>One measured quantity.</summary>
/// <param name="Loinc">LOINC code when coded so, else null.</param>
/// <param name="Code">The code as it came, <c>system|code</c>.</param>
/// <param name="Label">Its name in the source's words.</param>
/// <param name="Value">The number; null when the value is text or coded.</param>
/// <param name="Unit">Unit as written for people.</param>
/// <param name="Ucum">UCUM code when given.</param>
/// <param name="Text">Value as text or coded display when not a number; also the comparator (&lt;, &gt;) with the number.</param>
/// <param name="Low">Lower limit of the reference range, if given.</param>
/// <param name="High">Upper limit of the reference range, if given.</param>
/// <param name="Interpretation">Interpretation code (H, L, N, HH, LL), if given.</param>
public sealed record MeasuredValue(string? Loinc, string? Code, string Label, decimal? Value, string? Unit, string? Ucum, string? Text, decimal? Low, decimal? High, string? Interpretation);
