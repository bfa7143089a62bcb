using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What the reader asked to see of a feed.</summary>
public sealed record FeedFilter
{
    /// <summary>The lines that have a chip. The hospital's stands for the third line too, the first line's for zorgregie.</summary>
    public static IReadOnlyList<CareLine> Chips { get; } = [CareLine.Home, CareLine.First, CareLine.Second];

    /// <summary>Everything.</summary>
    public static FeedFilter None { get; } = new();

    public IReadOnlyList<CareLine> Lines { get; init; } = Chips;
    public Discipline? Discipline { get; init; }
    public EntryKind? Kind { get; init; }

    /// <summary>Only what the reader wrote.</summary>
    public bool Mine { get; init; }

    /// <summary>Only what is new since the last visit.</summary>
    public bool New { get; init; }

    /// <summary>Words that must all occur.</summary>
    public string Words { get; init; } = "";

    public bool IsEmpty => Lines.Count == Chips.Count && Discipline is null && Kind is null && !Mine && !New && string.IsNullOrWhiteSpace(Words);

    /// <summary>The care lines that are asked, or null for all.</summary>
    public IReadOnlyList<CareLine>? LinesAsked => Lines.Count == Chips.Count ? null : [.. Lines.SelectMany(l => l switch
    {
        CareLine.Second => new[] { CareLine.Second, CareLine.Third },
        CareLine.First => [CareLine.First, CareLine.Support],
        _ => [l],
    })];

    /// <summary>With this line put on or off.</summary>
    public FeedFilter Toggle(CareLine line) => this with { Lines = [.. Chips.Where(l => l == line ? !Lines.Contains(l) : Lines.Contains(l))] };
}
