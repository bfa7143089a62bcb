namespace CareTeamPortal.Platform.Ui;

/// <summary>A component of a feature that stands in the top bar of every page, or under its content (dialogs: no landmark may surround them). The shell knows nothing else of it.</summary>
/// <param name="Component">Type of the component; it has no parameters.</param>
/// <param name="Order">Lower comes first.</param>
/// <param name="Below">Under the content, not in the top bar.</param>
public sealed record ShellPart(Type Component, int Order, bool Below = false);
