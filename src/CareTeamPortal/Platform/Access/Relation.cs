namespace CareTeamPortal.Platform.Access;

/// <summary>Why somebody may be in a file: the therapeutic relationship, or what stands in its place. Stored as a number: append, never renumber.</summary>
public enum RelationKind
{
    /// <summary>From before kinds were kept.</summary>
    Unknown = 0,

    /// <summary>GP with the global medical file (GMD).</summary>
    GlobalMedicalFile = 1,

    /// <summary>Proven with the patient's electronic identity card.</summary>
    ProvenByEid = 2,

    /// <summary>Referred by another professional.</summary>
    Referral = 3,
    HospitalStay = 4,

    /// <summary>Emergency department or out-of-hours service.</summary>
    Emergency = 5,

    /// <summary>A prescription or a care agreement.</summary>
    CareAgreement = 6,

    /// <summary>The patient, in the own file.</summary>
    Self = 7,

    /// <summary>Informal caregiver, appointed by the patient or the team.</summary>
    InformalCaregiver = 8,

    /// <summary>Followed by a case manager of the mutuality, with the patient's agreement.</summary>
    FollowUp = 9,

    /// <summary>Without any relation, in an emergency: a few hours, reviewed afterwards.</summary>
    BreakGlass = 10,
}

/// <summary>How long each kind lasts (Belgian rules, product.md).</summary>
public static class Relations
{
    /// <summary>People are told so long before a relation ends.</summary>
    public static readonly TimeSpan WarnAhead = TimeSpan.FromDays(14);

    /// <summary>How long a broken glass stays open.</summary>
    public static readonly TimeSpan BreakGlassLasts = TimeSpan.FromHours(4);

    /// <summary>When a relation that begins, or is renewed, at a moment ends by itself; null when it has no end.</summary>
    public static DateTime? EndOf(RelationKind kind, DateTime from) => kind switch
    {
        RelationKind.GlobalMedicalFile or RelationKind.CareAgreement => from.AddMonths(12),
        RelationKind.ProvenByEid => from.AddMonths(15),
        RelationKind.Referral or RelationKind.HospitalStay => from.AddMonths(3),
        RelationKind.Emergency => from.AddMonths(1),
        RelationKind.BreakGlass => from + BreakGlassLasts,
        _ => null,
    };

    /// <summary>The kinds that a role can have, the usual first.</summary>
    public static IReadOnlyList<RelationKind> For(Discipline role) => role switch
    {
        Discipline.GeneralPractitioner => [RelationKind.GlobalMedicalFile, RelationKind.ProvenByEid, RelationKind.Referral, RelationKind.Emergency, RelationKind.CareAgreement],
        Discipline.Specialist or Discipline.HospitalNurse => [RelationKind.Referral, RelationKind.HospitalStay, RelationKind.ProvenByEid, RelationKind.Emergency, RelationKind.CareAgreement],
        Discipline.Patient => [RelationKind.Self],
        Discipline.InformalCaregiver => [RelationKind.InformalCaregiver],
        Discipline.CaseManager => [RelationKind.FollowUp],
        _ => [RelationKind.CareAgreement, RelationKind.ProvenByEid, RelationKind.Referral, RelationKind.HospitalStay, RelationKind.Emergency],
    };
}

/// <summary>What happened to a relation. Stored as a number: append, never renumber.</summary>
public enum RelationStep
{
    Began = 0,
    Renewed = 1,
    Ended = 2,

    /// <summary>Ended for good: this person does not come back, also not in an emergency.</summary>
    Excluded = 3,

    /// <summary>Its term ran out.</summary>
    Expired = 4,

    /// <summary>Its term ran out while nobody else could answer for the patient: prolonged so that the patient is not without anybody.</summary>
    Prolonged = 5,
}
