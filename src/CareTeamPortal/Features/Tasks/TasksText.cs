namespace CareTeamPortal.Features.Tasks;

/// <summary>Marker of the words of tasks (TasksText.resx).</summary>
public sealed class TasksText;
