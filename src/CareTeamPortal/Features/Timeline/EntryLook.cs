namespace CareTeamPortal.Features.Timeline;

/// <summary>The icon of each kind of entry. Icon = kind, colour = care line, stroke = state.</summary>
internal static class EntryLook
{
    /// <summary>Symbol name in icons.svg.</summary>
    public static string Icon(EntryKind kind) => kind switch
    {
        EntryKind.Note => "note",
        EntryKind.Question => "question",
        EntryKind.Reply => "reply",
        EntryKind.Measurement => "measure",
        EntryKind.LabResult => "drop",
        EntryKind.Task => "task",
        EntryKind.TaskDone => "taskdone",
        EntryKind.TaskStep => "task",
        EntryKind.Handoff or EntryKind.HandoffStep => "handoff",
        EntryKind.Medication => "meds",
        EntryKind.Goal => "goal",
        EntryKind.Document => "doc",
        EntryKind.Encounter => "stetho",
        EntryKind.Discharge => "discharge",
        EntryKind.Deviation => "skip",
        EntryKind.Pathway => "path",
        EntryKind.Problem => "flag",
        EntryKind.Allergy => "alert",
        EntryKind.Procedure => "bolt",
        EntryKind.Immunization => "syringe",
        EntryKind.Appointment => "cal",
        EntryKind.Team => "people",
        EntryKind.Questionnaire => "list",
        EntryKind.Alert => "bell",
        EntryKind.Consent => "key",
        EntryKind.Referral => "arrow",
        EntryKind.Device => "scale",
        _ => "info",
    };

    /// <summary>Kinds that people choose in the filter, in the order of the menu.</summary>
    public static IReadOnlyList<EntryKind> Filterable { get; } =
    [
        EntryKind.Note, EntryKind.Question, EntryKind.Measurement, EntryKind.LabResult, EntryKind.Medication, EntryKind.Problem, EntryKind.Allergy, EntryKind.Encounter,
        EntryKind.Discharge, EntryKind.Procedure, EntryKind.Referral, EntryKind.Document, EntryKind.Task, EntryKind.Handoff, EntryKind.Goal, EntryKind.Pathway, EntryKind.Appointment, EntryKind.Immunization,
        EntryKind.Questionnaire, EntryKind.Team, EntryKind.Other,
    ];

    /// <summary>What choosing a kind shows: steps belong to what they are steps of, answers to what they answer, and what is rare stands under the rest. No kind is out of reach.</summary>
    public static IReadOnlyList<EntryKind> With(EntryKind kind) => kind switch
    {
        EntryKind.Note => [EntryKind.Note, EntryKind.Reply],
        EntryKind.Question => [EntryKind.Question, EntryKind.Reply],
        EntryKind.Pathway => [EntryKind.Pathway, EntryKind.Deviation],
        EntryKind.Other => [EntryKind.Other, EntryKind.Alert, EntryKind.Device, EntryKind.Consent],
        EntryKind.Task => [EntryKind.Task, EntryKind.TaskDone, EntryKind.TaskStep],
        EntryKind.Handoff => [EntryKind.Handoff, EntryKind.HandoffStep],
        _ => [kind],
    };
}
