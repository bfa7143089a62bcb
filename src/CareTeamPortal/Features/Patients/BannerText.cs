namespace CareTeamPortal.Features.Patients;

/// <summary>Marker of the words of the patient banner (BannerText.resx).</summary>
public sealed class BannerText;
