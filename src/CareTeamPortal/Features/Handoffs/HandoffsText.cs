namespace CareTeamPortal.Features.Handoffs;

/// <summary>Marker of the words of hand-offs (HandoffsText.resx).</summary>
public sealed class HandoffsText;
