using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What the patient has already that could take the place of a step. It is proposed; a person decides.</summary>
/// <param name="Reference"><c>Type/id</c>.</param>
/// <param name="Words">What it is called.</param>
/// <param name="At">When it is due, or was measured.</param>
/// <param name="Owner">Who has it.</param>
public sealed record ReuseOffer(string Reference, string Words, DateTime? At, string? Owner)
{
    /// <summary>Of a measuring plan: its limits, in words.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>The running pathways that it is for.</summary>
    public IReadOnlyList<string> For { get; init; } = [];
}

/// <summary>Finds it, as far as the room may see it and everybody who sees the step: the pathway names it, and says how far it is.</summary>
internal static class Reuse
{
    /// <summary>A result that is older says nothing about now.</summary>
    public static readonly TimeSpan ResultHolds = TimeSpan.FromDays(14);

    private const int MostPlans = 60;
    private const int MostTasks = 500;
    private const int MostAnswers = 200;

    /// <summary>Offers per step, by its id.</summary>
    public static Dictionary<string, IReadOnlyList<ReuseOffer>> For(DbSession session, PatientRoom room, PeopleDirectory people, IEnumerable<TemplateStep> steps)
    {
        var tasks = new Lazy<List<TaskRow>>(() => TaskSql.OfPatient(session, room, false, true, MostTasks));
        var plans = new Lazy<List<(MeasuringPlan Plan, Audience Audience, InformationCategory Category)>>(() => Plans(session, room, people));
        var found = new Dictionary<string, IReadOnlyList<ReuseOffer>>(StringComparer.Ordinal);
        var answers = new Lazy<List<OutcomeRow>>(() => OutcomeSql.Of(session, room, MostAnswers));
        var offered = new HashSet<string>(StringComparer.Ordinal); // a task takes the place of one step
        foreach (var step in steps)
        {
            var all = step.ForProfessionals ? Audience.Professionals : Audience.WholeTeam;
            IReadOnlyList<ReuseOffer> offers = step.Kind switch
            {
                StepKind.Measuring => [.. plans.Value.Where(p => p.Plan.Loinc == step.Loinc && IsFor(all, p.Audience, p.Category)).Select(p => new ReuseOffer("ServiceRequest/" + p.Plan.Id, p.Plan.Name, null, p.Plan.By.Count > 0 ? string.Join(", ", p.Plan.By.Select(b => b.Display)) : null) { Limits = [.. p.Plan.Rules.Select(r => AlertWords.LimitOf(p.Plan, r.Threshold))] })],
                StepKind.Task or StepKind.Questionnaire => [.. tasks.Value.Where(t => !offered.Contains("Task/" + t.Id) && IsTime(t, step, room.Now) && TakesPlace(session, room, t, all, step.Title, step.Questionnaire)).Select(t => new ReuseOffer("Task/" + t.Id, t.Title, t.DueAt, t.OwnerName) { For = step.Questionnaire is null ? [] : PathwaySql.Asking(session, room, "Task/" + t.Id) }), .. ResultOf(session, room, step.Loinc, all).Concat(AnswersOf(answers.Value, step.Questionnaire, all, room.Now)).Where(r => Pathway.DueOf(step.Due, room.Now) - r.At <= ResultHolds)],
                _ => [],
            };
            if (offers.Count == 0)
                continue;
            found[step.Id] = offers;
            offered.UnionWith(offers.Select(o => o.Reference).Where(r => r.StartsWith("Task/", StringComparison.Ordinal)));
        }

        return found;
    }

    /// <summary>Whether something may take the place of a step.</summary>
    public static bool Fits(DbSession session, PatientRoom room, PeopleDirectory people, PathwayStep step, string reference) => EntryReference.Split(reference) switch
    {
        ("Task", var id) => step.Kind is StepKind.Task or StepKind.Questionnaire && TaskSql.One(session, room, id) is { } task && TakesPlace(session, room, task, Of(step), step.Title, step.Questionnaire),
        ("ServiceRequest", var id) => step.Kind == StepKind.Measuring && Plans(session, room, people).Exists(p => p.Plan.Id == id && p.Plan.Loinc == step.Loinc && IsFor(Of(step), p.Audience, p.Category)),
        ("QuestionnaireResponse", _) => AnswersOf(OutcomeSql.Of(session, room, MostAnswers), step.Questionnaire, Of(step), room.Now).Any(r => r.Reference == reference),
        ("Observation" or "DiagnosticReport", _) => ResultOf(session, room, step.Loinc, Of(step)).Any(r => r.Reference == reference),
        _ => false,
    };

    private static Audience Of(PathwayStep step) => step.ForProfessionals ? Audience.Professionals : Audience.WholeTeam;

    private static bool IsFor(Audience all, Audience audience, InformationCategory category) => (all & ~audience) == 0 && ClinicalCodes.Protected(category) == InformationCategory.None;

    /// <summary>The measuring plans in force that the room may see, with for whom they are.</summary>
    internal static List<(MeasuringPlan Plan, Audience Audience, InformationCategory Category)> Plans(DbSession session, PatientRoom room, PeopleDirectory people)
    {
        var found = new List<(MeasuringPlan, Audience, InformationCategory)>();
        foreach (var row in PathwaySql.ActivePlans(session, room, MostPlans))
        {
            ResourceReader.Read(row.Json, out var document);
            using (document)
            {
                if (MeasuringPlanFhir.Read(document.RootElement, room.Patient, row.Id, row.Version, people.FindByReference) is { } plan)
                    found.Add((plan, row.Audience, row.Category));
            }
        }

        return found;
    }

    private static bool TakesPlace(DbSession session, PatientRoom room, TaskRow task, Audience all, string title, string? questionnaire) =>
        task is { Open: true, IsHandoff: false } && IsFor(all, task.Audience, task.Category) && IsSame(task, title, questionnaire)
        // The step of another pathway stays that one's; but the same questions are answered once for both.
        && (questionnaire is not null && task is { Series: null, RepeatAt: null } && task.Focus == "Questionnaire/" + questionnaire || PathwaySql.StepsOf(session, room.Patient, "Task/" + task.Id).Count == 0);

    /// <summary>The task by which another pathway asks the same questions at about the same time: they are not asked twice. Null when there is none.</summary>
    internal static TaskRow? AskedBy(DbSession session, PatientRoom room, Pathway pathway, PathwayStep step) => step.Questionnaire is not { } questionnaire || step.Repeat is not null ? null
        : TaskSql.OfPatient(session, room, false, true, MostTasks).Find(t => t.DueAt is { } due && (step.Due - due).Duration() <= ResultHolds && TakesPlace(session, room, t, step.ForProfessionals ? Audience.Professionals : pathway.Audience, step.Title, questionnaire)
            && PathwaySql.StepsOf(session, room.Patient, "Task/" + t.Id) is { Count: > 0 } asking && asking.TrueForAll(s => s.PathwayId != pathway.Id));

    // The same questions are asked at the beginning, after 3 and after 6 months: the open task of one is not that of another.
    private static bool IsTime(TaskRow task, TemplateStep step, DateTime now) =>
        step.Questionnaire is null || task.DueAt is not { } due || (Pathway.DueOf(step.Due, now) - due).Duration() <= ResultHolds;

    private static bool IsSame(TaskRow task, string title, string? questionnaire) =>
        questionnaire is not null && task.Focus == "Questionnaire/" + questionnaire || NameFolding.Fold(task.Title) == NameFolding.Fold(title);

    private static IEnumerable<ReuseOffer> AnswersOf(List<OutcomeRow> answers, string? questionnaire, Audience all, DateTime now) =>
        questionnaire is null || answers.FindLast(a => a.Questionnaire == questionnaire && a.At >= now - ResultHolds && IsFor(all, a.Audience, a.Category)) is not { } last ? [] : [new("QuestionnaireResponse/" + last.ResponseId, PathwayWords.Get("Reuse.Answered", TemplateWords.Get("Questionnaire." + questionnaire)), last.At, null)];

    private static List<ReuseOffer> ResultOf(DbSession session, PatientRoom room, string? loinc, Audience all) =>
        loinc is null || PathwaySql.LastResult(session, room, [$"{PortalCodes.Loinc}|{loinc}"], room.Now - ResultHolds, all) is not { } result ? [] : [new(result.Reference, result.Title, result.At, null)];
}
