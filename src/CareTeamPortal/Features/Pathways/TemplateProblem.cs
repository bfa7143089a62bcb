namespace CareTeamPortal.Features.Pathways;

/// <summary>The field of a template that a problem is about: where the editor shows it.</summary>
public enum TemplateField
{
    Whole = 0,
    Title = 1,
    Purpose = 2,
    Sources = 3,
    Roles = 4,
    Goals = 5,
    FromDay = 6,
    UntilDay = 7,
    Entry = 8,
    Exit = 9,
    Steps = 10,
    Detail = 11,
    Role = 12,
    Due = 13,
    Repeat = 14,
    Checklist = 15,
    Goal = 16,
    Source = 17,
    Loinc = 18,
    Limits = 19,
    ToRole = 20,
    Scope = 21,
    Questionnaire = 22,
    ToDo = 23,
    Kind = 24,
    Worse = 25,
}

/// <summary>What can be wrong with a template.</summary>
public enum TemplateFault
{
    NoTitle = 0,
    TooLong = 1,
    TooMany = 2,
    NoPhases = 3,
    NoSteps = 4,
    NoId = 5,
    SameId = 6,
    NoWords = 7,
    NoDisciplines = 8,
    UnusedRole = 9,
    UnservedGoal = 10,
    UnknownQuantity = 11,
    NoAddress = 12,
    NotFromTheStart = 13,
    DayOutOfReach = 14,
    EndsBeforeItBegins = 15,
    BeginsBeforeTheLast = 16,
    OpenEndInTheMiddle = 17,
    UnknownRole = 18,
    UnknownGoal = 19,
    UnknownSource = 20,
    BeforeThePhase = 21,
    AfterThePhase = 22,
    DayAndHours = 23,
    HoursOutOfReach = 24,
    DoesNotRepeat = 25,
    RepeatOutOfReach = 26,
    RepeatEndsTooEarly = 27,
    RepeatHasADate = 28,
    NotMeasurable = 29,
    NoCode = 30,
    LimitsElsewhere = 31,
    LimitOfAnother = 32,
    LimitIncomplete = 33,
    LimitImpossible = 34,
    LimitWithoutToDo = 35,
    NoReceiver = 36,
    ReceiverElsewhere = 37,
    HandsToItself = 38,
    NoQuestionnaire = 39,
    QuestionnaireElsewhere = 40,
    NoText = 41,
    ChecklistElsewhere = 42,

    /// <summary>"I feel worse" names a role, a questionnaire or a step that is not there.</summary>
    WorseLeadsNowhere = 43,
}

/// <summary>One thing that is wrong with a template, and where.</summary>
/// <param name="Phase">Id of the phase; null when it is about the whole.</param>
/// <param name="Step">Id of the step; null when it is about the phase or the whole.</param>
/// <param name="Part">Id of the limit, role, goal or source; null for none.</param>
/// <param name="Values">What the words name.</param>
public sealed record TemplateProblem(TemplateFault Fault, TemplateField Field, string? Phase, string? Step, string? Part, IReadOnlyList<object> Values);
