using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Demo;

/// <summary>One fictional patient, ready for the store.</summary>
/// <param name="Resources">FHIR R4 resources as UTF-8 JSON: the Patient first, then what it needs, then everything in the order in which it happened.</param>
/// <param name="Team">Who may open the file.</param>
/// <param name="Accountable">Who was accountable from when to when, oldest first, without a gap; the last has no end.</param>
/// <param name="Visits">When each person looked last.</param>
/// <param name="Home">The patient and the relatives, as people who write.</param>
internal sealed record DemoPatient(
    PatientId PatientId,
    string Name,
    IReadOnlyList<ReadOnlyMemory<byte>> Resources,
    IReadOnlyList<DemoTeamMember> Team,
    IReadOnlyList<AccountabilityPeriod> Accountable,
    IReadOnlyList<DemoVisit> Visits,
    IReadOnlyList<DemoPerson> Home);

/// <summary>A person of the portal on a patient's team.</summary>
/// <param name="Role">The role in this team, for people ("huisarts", "dochter, mantelzorger").</param>
internal sealed record DemoTeamMember(PersonId Person, string Role, CareLine Line, DateTime SinceUtc);

/// <summary>Who was accountable, from when to when; <paramref name="ToUtc"/> is null for who is accountable now.</summary>
internal sealed record AccountabilityPeriod(PersonId Person, string Name, string Role, CareLine Line, DateTime FromUtc, DateTime? ToUtc);

/// <summary>When a person last looked in the file.</summary>
internal sealed record DemoVisit(PersonId Person, DateTime AtUtc);
