namespace CareTeamPortal.Features.Timeline;

/// <summary>Marker of the words of the timeline page (TimelinePageText.resx).</summary>
public sealed class TimelinePageText;
