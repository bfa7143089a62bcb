namespace CareTeamPortal.Platform.Access;

/// <summary>Who acts: a person of the portal, in the role and from the care line of this session.</summary>
/// <param name="Person">User name.</param>
/// <param name="DisplayName">Name shown to people.</param>
/// <param name="Discipline">What the person is.</param>
/// <param name="Line">Care line from which the person acts.</param>
/// <param name="RoleTitle">Role in Dutch words, as shown beside the name.</param>
/// <param name="FhirType">Practitioner, RelatedPerson or Patient: what <see cref="Person"/> is in FHIR.</param>
/// <param name="OwnFile">The person's own file when the person is a patient.</param>
public sealed record Actor(PersonId Person, string DisplayName, Discipline Discipline, CareLine Line, string RoleTitle, string FhirType, PatientId? OwnFile)
{
    /// <summary>The portal itself, when its clock writes.</summary>
    public static Actor Portal { get; } = new(new PersonId("portal"), "CareTeamPortal", Discipline.Organisation, CareLine.Support, "", "Device", null);

    /// <summary>Keeps people, roles and organisations; opens no file by it.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>FHIR reference to this person. A patient's account points at the patient's file.</summary>
    public string Reference => FhirType == "Patient" && OwnFile is { } own ? $"Patient/{own}" : $"{FhirType}/{Person}";

    /// <summary>True for the caregiver circle and the patient, whose view must not hint at what is hidden.</summary>
    public bool IsLimited => Discipline is Discipline.HomeCareAide or Discipline.InformalCaregiver or Discipline.Patient;
}
