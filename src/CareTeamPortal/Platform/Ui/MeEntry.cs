using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Ui;

/// <summary>One line of the menu under the person's own name. A feature registers what it has with <see cref="PortalUi.AddMeEntry"/>.</summary>
/// <param name="Href">Address from the root.</param>
/// <param name="Icon">Symbol name.</param>
/// <param name="Text">The words, read at each render.</param>
/// <param name="For">Whether this person may open it.</param>
public sealed record MeEntry(string Href, string Icon, Func<string> Text, Func<Actor, SharingRules, bool> For);
