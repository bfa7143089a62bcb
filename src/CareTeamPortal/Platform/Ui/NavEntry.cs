using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Ui;

/// <summary>One entry of the main menu. A feature registers what it has with <see cref="PortalUi.AddNavEntry"/>; the menu knows nothing else.</summary>
public sealed record NavEntry
{
    /// <summary>Address from the root, with the leading slash.</summary>
    public required string Href { get; init; }

    /// <summary>Name of a symbol in <c>icons.svg</c>, without <c>i-</c>.</summary>
    public required string Icon { get; init; }

    /// <summary>The word under the icon, read at each render so that it follows the person's language.</summary>
    public required Func<string> Text { get; init; }

    /// <summary>Lower comes first.</summary>
    public required int Order { get; init; }

    /// <summary>Whether this person may open it; everyone signed in by default.</summary>
    public Func<Actor, SharingRules, bool> For { get; init; } = static (_, _) => true;

    /// <summary>Second key after <c>g</c> that goes there, or null.</summary>
    public char? GoKey { get; init; }

    /// <summary>Component that shows how many wait there, kept current by itself; null for none.</summary>
    public Type? Badge { get; init; }

    /// <summary>Current for its own address only, not for what is below it (the home page).</summary>
    public bool Exact { get; init; }

    /// <summary>For whom this entry is, it is also what the home page shows.</summary>
    public bool IsHome { get; init; }
}
