using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Alerts;

/// <summary>An alert as a page shows it.</summary>
/// <param name="Words">What happened, in a line.</param>
/// <param name="Detail">The limit, where it comes from, what is to be done.</param>
/// <param name="Task">The work that it brought; null when the viewer may not see tasks.</param>
/// <param name="Outcome">What became of it; null while nobody answered and its task is open.</param>
public sealed record AlertView(string Id, string PlanId, string RuleId, AlertSeverity Severity, string Words, string? Detail, DateTime At, DateTime LastAt, int Count, TaskView? Task, AlertOutcome? Outcome, string? AnsweredBy, DateTime? AnsweredAt)
{
    public bool IsOpen => Outcome is null;

    /// <summary>For whom the alert is, and so its answer.</summary>
    public Audience Audience { get; init; }

    /// <summary>Of mental or sexual health: of those only who reads that.</summary>
    public bool IsProtected => ClinicalCodes.Protected(Category) != InformationCategory.None;

    /// <summary>Of which category it is.</summary>
    internal InformationCategory Category { get; init; }
}

/// <summary>What the alerts of one limit came to.</summary>
/// <param name="Told">Alerts that are answered.</param>
/// <param name="Acted">Something was done.</param>
/// <param name="FalseAlarms">No reason for an alert.</param>
public sealed record RuleBudget(int Told, int Acted, int FalseAlarms)
{
    /// <summary>Fewer alerts than this say nothing about a limit.</summary>
    internal const int Fewest = 5;

    /// <summary>The same since the limit was set as it is, or somebody looked at it and kept it.</summary>
    public (int Told, int Acted) SinceReview { get; init; } = (Told, Acted);

    /// <summary>Mostly ignored: somebody has to look at this limit again.</summary>
    public bool IsMostlyIgnored => SinceReview.Told >= Fewest && SinceReview.Acted * 2 < SinceReview.Told;
}

/// <summary>A measuring plan with what a page shows beside it.</summary>
/// <param name="Last">The last value and when; null when nothing was measured.</param>
/// <param name="Budget">Per limit, by its id.</param>
public sealed record PlanView(MeasuringPlan Plan, (string Value, DateTime At)? Last, IReadOnlyDictionary<string, RuleBudget> Budget);

/// <summary>What is measured of a patient and why, and the alerts that came of it.</summary>
/// <param name="Stopped">Plans that were stopped.</param>
/// <param name="MaySet">The viewer may set plans and limits.</param>
/// <param name="Shared">The viewer may see measurements at all.</param>
public sealed record MeasuringView(IReadOnlyList<PlanView> Plans, IReadOnlyList<PlanView> Stopped, IReadOnlyList<AlertView> Alerts, bool MaySet, bool Shared)
{
    /// <summary>The viewer may see goals.</summary>
    public bool SeesGoals { get; init; }

    /// <summary>Alerts that are answered, and those of them that led to something.</summary>
    public (int Told, int Acted) Share => (Alerts.Count(Counts), Alerts.Count(a => a.Outcome == AlertOutcome.Acted));

    internal static bool Counts(AlertView alert) => alert.Outcome is AlertOutcome.Acted or AlertOutcome.Known or AlertOutcome.FalseAlarm;
}

/// <summary>What is measured of a patient and why, the alerts that came of it, and what they came to.</summary>
internal sealed class ReadMeasuring(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadMeasuring.Request, MeasuringView>(desk)
{
    /// <summary>How far back alerts are counted.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromDays(90);
    internal const int MostPlans = 60;
    private const int MostAlerts = 200;

    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<MeasuringView> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) => ValueTask.FromResult(Read(reader.Session, room)), ct);

    /// <summary>The same inside a transaction that does more.</summary>
    internal MeasuringView Read(DbSession session, PatientRoom room)
    {
        var alerts = AlertSql.Since(session, room, room.Now - Period, MostAlerts).ConvertAll(a => AlertViews.Of(session, room, a, people));
        var plans = AlertSql.Plans(session, room, $"g:{AlertCodes.PlanKind}|{AlertCodes.Measuring}\n", MostPlans).Select(id => Plan(session, room, id, alerts)).OfType<PlanView>().ToList();
        var mayWrite = room.May(CareAction.Write) && SharingRules.AnswersForCare(room.Role) && room.Rules.MayWrite(room.Role, room.Actor.Line, InformationCategory.Measurements);
        return new([.. plans.Where(p => p.Plan.IsActive)], [.. plans.Where(p => !p.Plan.IsActive)], alerts, mayWrite, room.Reach.Categories.HasFlag(InformationCategory.Measurements)) { SeesGoals = room.Reach.Categories.HasFlag(InformationCategory.Goals) };
    }

    private PlanView? Plan(DbSession session, PatientRoom room, string id, List<AlertView> alerts)
    {
        if (CareStore.Find(session, "ServiceRequest", id) is not { } stored || stored.Patient != room.Patient)
            return null;
        ResourceReader.Read(CareStore.Json(session, stored), out var document);
        using (document)
        {
            if (MeasuringPlanFhir.Read(document.RootElement, room.Patient, id, stored.Version, people.FindByReference) is not { } plan)
                return null;
            var budget = plan.Rules.ToDictionary(r => r.Threshold.Id, r => BudgetOf(alerts.Where(a => a.PlanId == id && a.RuleId == r.Threshold.Id), r.JudgedFrom));
            return new(plan, Last(session, room, plan), budget);
        }
    }

    private static RuleBudget BudgetOf(IEnumerable<AlertView> alerts, DateTime from)
    {
        var told = alerts.Where(MeasuringView.Counts).ToList();
        return new(told.Count, told.Count(a => a.Outcome == AlertOutcome.Acted), told.Count(a => a.Outcome == AlertOutcome.FalseAlarm)) { SinceReview = (told.Count(a => a.At >= from), told.Count(a => a.At >= from && a.Outcome == AlertOutcome.Acted)) };
    }

    /// <summary>The last value of what the plan measures that the viewer may see.</summary>
    private static (string, DateTime)? Last(DbSession session, PatientRoom room, MeasuringPlan plan)
    {
        var keys = Measured.KeysOf(plan.Loinc);
        IReadOnlyList<string> codes = [.. keys.SelectMany(Measured.CodesOf)];
        if (codes.Count == 0 || AlertSql.LastMeasured(session, room.Patient, codes, room.Reach) is not { } at)
            return null;
        var seen = AlertSql.ValuesBetween(session, room.Patient, codes, at, at).Where(v => room.Reach.Sees(v.Audience, v.Category))
            .Select(v => Measured.Place(v.Code, v.Value, v.Ucum ?? v.Unit)).OfType<(string Key, decimal Value)>().DistinctBy(v => v.Key).OrderBy(v => v.Key == keys[0] ? 0 : 1).ToList();
        return seen.Count == 0 ? null : (seen.Count == 1 ? AlertWords.Show(seen[0].Key, seen[0].Value) : $"{seen[0].Value:0}/{AlertWords.Show(seen[1].Key, seen[1].Value)}", at);
    }
}

/// <summary>How an alert becomes what a page shows.</summary>
internal static class AlertViews
{
    /// <summary>The alert as the room sees it.</summary>
    public static AlertView Of(DbSession session, PatientRoom room, AlertRow alert, PeopleDirectory people)
    {
        var entry = CareStore.FindEntry(session, "DetectedIssue", alert.Id);
        var task = TaskSql.One(session, room, alert.TaskId);
        // Its task may have been closed without an answer: done is done, and what was dropped needed nothing.
        var outcome = (AlertOutcome?)alert.Outcome ?? (task is null or { Open: true } ? null : task.Status == (int)TaskState.Completed ? AlertOutcome.Acted : AlertOutcome.Known);
        return new(alert.Id, alert.PlanId, alert.RuleId, (AlertSeverity)alert.Severity, entry?.Title ?? AlertWords.NameOf(alert.Quantity), entry?.Text, alert.At, alert.LastAt, alert.Count,
            task is null ? null : TaskView.From(task, "", room.Actor.Person, people.Find(room.Actor.Person), people, room.Now), outcome, alert.AnsweredBy is { } by ? people.Find(by)?.DisplayName : null, alert.AnsweredAt ?? task?.ClosedAt)
        {
            Audience = alert.Audience, Category = alert.Category,
        };
    }
}

/// <summary>One alert with its evidence, for whoever answers it.</summary>
internal sealed class ReadAlert(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadAlert.Request, AlertView?>(desk)
{
    /// <param name="Reference"><c>DetectedIssue/id</c>, as a task names it.</param>
    internal sealed record Request(string Reference);

    protected override CareAction Needs => CareAction.Read;

    protected override async Task<AlertView?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        EntryReference.Split(request.Reference) is ("DetectedIssue", var id)
            ? await room.ReadAsync((reader, _) => ValueTask.FromResult(AlertSql.One(reader.Session, room, id) is { } alert ? AlertViews.Of(reader.Session, room, alert, people) : null), ct)
            : null;
}
