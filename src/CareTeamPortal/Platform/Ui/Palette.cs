using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Ui;

/// <summary>A line of the command palette.</summary>
/// <param name="Title">What it is: a patient, a colleague, an action.</param>
/// <param name="Detail">The small line under it, or null.</param>
/// <param name="Href">Where Enter goes.</param>
/// <param name="Icon">Symbol name, when it is an action.</param>
/// <param name="Line">Care line of a person's avatar, when it is a person.</param>
/// <param name="Act">What Enter does instead of going somewhere, or null.</param>
public sealed record PaletteItem(string Title, string? Detail, string Href, string? Icon = null, CareLine? Line = null, Func<Task>? Act = null);

/// <summary>Answers the command palette. Each feature adds its own; what it returns is what this person may see.</summary>
public interface IPaletteSource
{
    /// <summary>At most <paramref name="limit"/> items for what was typed; an empty text asks for suggestions.</summary>
    ValueTask<IReadOnlyList<PaletteItem>> FindAsync(Actor person, string text, int limit, CancellationToken ct);
}
