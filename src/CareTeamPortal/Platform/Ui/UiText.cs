namespace CareTeamPortal.Platform.Ui;

/// <summary>Marker of the words of the shell and the shared components (UiText.resx).</summary>
public sealed class UiText;
