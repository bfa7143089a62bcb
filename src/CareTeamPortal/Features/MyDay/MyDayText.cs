namespace CareTeamPortal.Features.MyDay;

/// <summary>Marker of the words of my day (MyDayText.resx).</summary>
public sealed class MyDayText;
