using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// A row as HTML, in pieces. What lies between the pieces are the elements that must outlive a change of the row, because they may have the focus:
/// the thread, what a question asks. The menu's button is in the head, which says nothing that changes with what the menu does; what it offers stands on the row.
/// </summary>
internal sealed class RowMarkup(RowView of)
{
    /// <summary>The row that these are the pieces of; a changed copy of that row has none yet.</summary>
    public RowView Of => of;
    public required string Css { get; init; }
    public string LabelId { get; } = "k" + of.Key;

    /// <summary>The rail with the node.</summary>
    public required MarkupString Track { get; init; }

    /// <summary>Kind, author, audience, time, the menu's button.</summary>
    public required MarkupString Head { get; init; }

    /// <summary>Pinned by whom, answer to what; null for most.</summary>
    public required MarkupString? Lead { get; init; }
    public required MarkupString Body { get; init; }

    /// <summary>What the menu offers; null when there is none.</summary>
    public required string? Menu { get; init; }
}
