namespace CareTeamPortal.Features.Patients;

/// <summary>Marker of the words of the patient list (PatientsText.resx).</summary>
public sealed class PatientsText;
