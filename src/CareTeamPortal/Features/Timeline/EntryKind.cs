namespace CareTeamPortal.Features.Timeline;

/// <summary>What a timeline entry is; decides its icon and its word. Stored as a number: append, never renumber.</summary>
public enum EntryKind
{
    Note = 0,
    Question = 1,

    /// <summary>An answer or comment in a thread.</summary>
    Reply = 2,
    Measurement = 3,
    LabResult = 4,
    Task = 5,
    TaskDone = 6,
    Handoff = 7,
    Medication = 8,
    Goal = 9,
    Document = 10,

    /// <summary>A contact, stay or visit (Encounter).</summary>
    Encounter = 11,
    Discharge = 12,
    Deviation = 13,
    Pathway = 14,
    Problem = 15,
    Allergy = 16,
    Procedure = 17,
    Immunization = 18,
    Appointment = 19,
    Team = 20,
    Questionnaire = 21,
    Alert = 22,
    Consent = 23,
    Referral = 24,
    Device = 25,

    /// <summary>Clinically dated, of a kind with no word of its own.</summary>
    Other = 26,

    /// <summary>A step of a task: taken on, put on hold, given away (Provenance).</summary>
    TaskStep = 27,

    /// <summary>A step of a hand-off: opened, asked, accepted, declined (Provenance).</summary>
    HandoffStep = 28,
}
