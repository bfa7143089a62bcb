namespace CareTeamPortal.Platform.Access;

/// <summary>
/// The role's row in the sharing rules: which information categories a member of the care team sees, and for which audience entries are
/// written that they read. One table; it decides for pages, hub, FHIR and background work alike.
/// </summary>
internal static class SharingRules
{
    private const InformationCategory Coordination = InformationCategory.Administrative | InformationCategory.TeamAndAgenda | InformationCategory.Tasks;
    private const InformationCategory CaregiverView = Coordination | InformationCategory.Goals | InformationCategory.Notes | InformationCategory.Measurements | InformationCategory.Medication;
    private const InformationCategory Clinical = InformationCategory.All & ~(InformationCategory.MentalHealth | InformationCategory.SexualHealth);

    /// <summary>As what an actor stands in this file: a patient is a patient in the own file only, in another's an informal caregiver.</summary>
    public static Discipline RoleIn(Actor actor, PatientId patient) => RoleIn(actor.Discipline, actor.OwnFile, patient);

    /// <summary>As what a person stands in this file.</summary>
    public static Discipline RoleIn(Discipline discipline, PatientId? ownFile, PatientId patient) =>
        ownFile == patient ? Discipline.Patient : discipline == Discipline.Patient ? Discipline.InformalCaregiver : discipline;

    /// <summary>What an actor reaches in a file on whose team they are.</summary>
    public static Reach ReachIn(Actor actor, PatientId patient) => ReachOf(RoleIn(actor, patient));

    /// <summary>What an actor reaches in lists across files: a patient in the own file as the patient, in others' as whoever they are there.</summary>
    public static AcrossReach ReachAcross(Actor actor) =>
        new(ReachOf(actor.Discipline == Discipline.Patient ? Discipline.InformalCaregiver : actor.Discipline), actor.OwnFile, ReachOf(Discipline.Patient));

    /// <summary>Whether an actor may do this in a file that is open to them.</summary>
    public static bool MayIn(Actor actor, PatientId patient, CareAction action) => May(RoleIn(actor, patient), action);

    /// <summary>What somebody of this discipline reaches in the file of a patient on whose team they are.</summary>
    public static Reach ReachOf(Discipline discipline) => discipline switch
    {
        Discipline.GeneralPractitioner or Discipline.Specialist or Discipline.HomeNurse or Discipline.HospitalNurse => new(Audience.Professionals, InformationCategory.All),
        Discipline.Psychologist or Discipline.SocialWorker => new(Audience.Professionals, Clinical | InformationCategory.MentalHealth),
        Discipline.Pharmacist or Discipline.Physiotherapist or Discipline.Dietician or Discipline.OccupationalTherapist or Discipline.OtherClinician => new(Audience.Professionals, Clinical),
        Discipline.HomeCareAide or Discipline.InformalCaregiver => new(Audience.CaregiverCircle, CaregiverView),
        Discipline.Patient => new(Audience.Patient, InformationCategory.All),
        Discipline.CaseManager => new(Audience.Professionals, Coordination),
        _ => Reach.None,
    };

    /// <summary>Whether this discipline may do this in a file that it may open.</summary>
    public static bool May(Discipline discipline, CareAction action) => action switch
    {
        CareAction.Read or CareAction.Draft => true,
        CareAction.Write or CareAction.DoTasks => discipline is not (Discipline.CaseManager or Discipline.GovernanceOfficer or Discipline.Unknown or Discipline.Organisation),
        CareAction.Pin => discipline is not (Discipline.CaseManager or Discipline.GovernanceOfficer or Discipline.Unknown or Discipline.Organisation or Discipline.InformalCaregiver or Discipline.HomeCareAide),
        CareAction.HandOff or CareAction.ManageTeam => AnswersForCare(discipline),
        CareAction.ReadAccessLog => discipline is Discipline.Patient,
        // The patient, and professionals who identify people by it. A caregiver has no use for it that the patient cannot give.
        CareAction.RevealNationalNumber => discipline is not (Discipline.CaseManager or Discipline.GovernanceOfficer or Discipline.HomeCareAide or Discipline.InformalCaregiver or Discipline.Unknown or Discipline.Organisation),
        _ => false,
    };

    /// <summary>Who can be accountable for care: professionals who treat or support, not family, the patient, aides, mutuality or officers.</summary>
    public static bool AnswersForCare(Discipline discipline) =>
        discipline is not (Discipline.CaseManager or Discipline.GovernanceOfficer or Discipline.Unknown or Discipline.Organisation or Discipline.InformalCaregiver or Discipline.HomeCareAide or Discipline.Patient);
}
