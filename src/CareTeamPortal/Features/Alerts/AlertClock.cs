using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Alerts;

/// <summary>
/// Holds what was measured against the limits of the patient, and makes an alert with an owner of what is past one. A measurement leaves a row that asks for
/// it, in its own transaction; whoever takes the row judges, in one transaction with what follows: after whatever restart, on whichever node, once.
/// </summary>
internal sealed class AlertClock(CareDesk desk, Filing filing, TaskFiling tasks, PeopleDirectory people, TimeProvider clock, ILogger<AlertClock> log)
{
    /// <summary>Repeats of one limit within this time are one alert with a counter.</summary>
    internal static readonly TimeSpan OneAlert = TimeSpan.FromHours(24);

    /// <summary>What was measured longer ago alerts nobody: an imported history is no news.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromDays(7);
    private const int AtOnce = 200;

    /// <summary>A file that could not be judged is left alone for so long.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(1);
    private readonly Dictionary<PatientId, DateTime> _later = [];

    /// <summary>Judges all that waits.</summary>
    /// <returns>How many files were looked at.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var now = clock.UtcMicroseconds();
        var waiting = await desk.ReadForTheClockAsync(session => AlertSql.Waiting(session, AtOnce).Union(AlertSql.MissingNow(session, now, AtOnce)).ToList(), ct);
        foreach (var patient in waiting.Where(p => !_later.TryGetValue(p, out var at) || at <= now))
        {
            try
            {
                _later.Remove(patient);
                await desk.RoomForTheClock(patient).CommitAsync((writer, _) => ValueTask.FromResult(Look(writer)), ct);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                _later[patient] = now + LookAgainAfter; // the row still asks, and no other file waits for this one
                AlertsLog.NotJudged(log, fault);
            }
        }

        return waiting.Count;
    }

    private bool Look(RoomWriter writer)
    {
        var (session, patient, now) = (writer.Session, writer.Room.Patient, writer.Room.Now);
        var taken = AlertSql.Take(session, patient);
        var rows = AlertSql.Thresholds(session, patient);
        var plans = new Dictionary<string, MeasuringPlan?>();
        foreach (var seq in taken)
        {
            var broken = new HashSet<(string, string)>();
            var raised = new HashSet<string>();
            foreach (var value in AlertSql.ValuesOf(session, patient, seq))
            {
                if (Measured.Place(value.Code, value.Value, value.Ucum ?? value.Unit) is not var (key, placed) || decimal.Abs(placed) > Threshold.Largest)
                    continue;
                var reading = new Reading(value.Time, placed);
                var limits = rows.Where(r => r.Quantity == key).ToList();
                foreach (var row in limits.Where(r => r.Kind == (int)ThresholdKind.Missing))
                    AlertSql.SetMissing(session, patient, row.PlanId, row.RuleId, Judge.MissingFrom(ThresholdProjection.Threshold(row), AlertSql.LastMeasured(session, patient, Measured.CodesOf(key))));
                if (value.Time > now || now - value.Time > Fresh)
                    continue;
                var all = Before(session, patient, key, limits, value);
                // First by what everybody sees who sees this value: what is hidden from some of them neither makes their alert nor takes it away. Then by all that was measured.
                var open = Array.FindAll(all, b => (value.Audience & ~b.Row.Audience) == 0 && (ClinicalCodes.Protected(b.Row.Category) == InformationCategory.None || b.Row.Category == value.Category));
                foreach (var before in open.Length == all.Length ? [all] : new[] { open, all })
                {
                    var earlier = Array.ConvertAll(before, b => b.Reading);
                    // One value that is past several limits of a plan is one alert: of the gravest.
                    foreach (var plan in Broken(limits, earlier, reading).GroupBy(b => b.Row.PlanId))
                    {
                        broken.UnionWith(plan.Select(b => (b.Row.PlanId, b.Row.RuleId)));
                        if (raised.Add(plan.Key) && plan.MaxBy(b => b.Row.Severity) is var (row, breach))
                            Raise(writer, row, Plan(writer, plans, row), breach, value, row.Kind == (int)ThresholdKind.Value ? [value] : [value, .. before.Select(b => b.Row)]);
                    }
                }
            }

            foreach (var alert in AlertSql.MadeBy(session, patient, seq).Where(a => a.Count == 1 && !broken.Contains((a.PlanId, a.RuleId))))
                Withdraw(writer, alert);
        }

        foreach (var row in AlertSql.Thresholds(session, patient).Where(r => r.MissingAt <= now))
        {
            AlertSql.SetMissing(session, patient, row.PlanId, row.RuleId, null); // told once, until it is measured again
            var codes = Measured.CodesOf(row.Quantity);
            var last = AlertSql.LastMeasured(session, patient, codes);
            Raise(writer, row, Plan(writer, plans, row), null, null, last is { } at ? AlertSql.ValuesBetween(session, patient, codes, at, at) : []);
        }

        return true;
    }

    /// <summary>The limits that a value breaks. What was measured before is read once for all of them.</summary>
    internal static List<(ThresholdRow Row, Breach Breach)> Broken(List<ThresholdRow> limits, Reading[] earlier, Reading reading)
    {
        var broken = new List<(ThresholdRow, Breach)>();
        foreach (var row in limits)
        {
            if (Judge.Breaks(ThresholdProjection.Threshold(row), earlier, reading) is { } breach)
                broken.Add((row, breach));
        }

        return broken;
    }

    /// <summary>What was measured before, as far back as the limits look, oldest first.</summary>
    internal static (Reading Reading, MeasurementRow Row)[] Before(DbSession session, PatientId patient, string key, List<ThresholdRow> limits, MeasurementRow value)
    {
        var from = limits.Select(r => Judge.LooksBackTo(ThresholdProjection.Threshold(r), value.Time)).Min();
        return from is null ? [] : [.. AlertSql.ValuesBetween(session, patient, Measured.CodesOf(key), from.Value, value.Time)
            .Select(v => Measured.Place(v.Code, v.Value, v.Ucum ?? v.Unit) is var (k, placed) && k == key && decimal.Abs(placed) <= Threshold.Largest ? (new Reading(v.Time, placed), v) : ((Reading, MeasurementRow)?)null).OfType<(Reading, MeasurementRow)>()];
    }

    private MeasuringPlan? Plan(RoomWriter writer, Dictionary<string, MeasuringPlan?> plans, ThresholdRow row)
    {
        if (plans.TryGetValue(row.PlanId, out var plan))
            return plan;
        if (CareStore.Find(writer.Session, "ServiceRequest", row.PlanId) is { } stored && stored.Patient == writer.Room.Patient)
        {
            ResourceReader.Read(CareStore.Json(writer.Session, stored), out var document);
            using (document)
                plan = MeasuringPlanFhir.Read(document.RootElement, writer.Room.Patient, row.PlanId, stored.Version, people.FindByReference);
        }

        return plans[row.PlanId] = plan;
    }

    /// <summary>Makes an alert, or counts it with the one of the last day.</summary>
    /// <param name="told">All of whose numbers or moments it speaks: who may not see one of them does not see the alert.</param>
    private void Raise(RoomWriter writer, ThresholdRow row, MeasuringPlan? plan, Breach? breach, MeasurementRow? value, IReadOnlyList<MeasurementRow> told)
    {
        var audience = told.Aggregate(Audience.WholeTeam, (all, m) => all & m.Audience);
        var category = told.Select(m => m.Category & (InformationCategory.MentalHealth | InformationCategory.SexualHealth)).FirstOrDefault(c => c != 0, InformationCategory.Measurements);
        var (session, patient, now) = (writer.Session, writer.Room.Patient, writer.Room.Now);
        if (plan?.Rules.FirstOrDefault(r => r.Threshold.Id == row.RuleId) is not { } rule)
            return;
        var entry = value is null ? null : CareStore.FindEntry(session, patient, value.Seq);
        var words = breach is null
            ? AlertWords.Missing(rule.Threshold, AlertSql.LastMeasured(session, patient, Measured.CodesOf(row.Quantity)), now)
            : AlertWords.Happened(rule.Threshold, breach);
        var newest = AlertSql.Newest(session, patient, row.PlanId, row.RuleId, audience, category); // of the same readers: what some of them do not see takes nothing from what they do
        if (newest is not null && value is not null && newest.LastSeq == value.Seq && newest.Outcome != (int)AlertOutcome.Withdrawn)
            return; // corrected, and still past the limit: this alert says so already
        if (newest is not null && now - newest.LastAt < OneAlert && newest.Outcome != (int)AlertOutcome.Withdrawn && (newest.Outcome is null || !IsWorse(rule.Threshold, breach, newest)))
        {
            if (entry is not null)
                Repeat(writer, newest, words, breach!, entry);
            return;
        }

        var implicated = entry is null ? [] : new List<(string, string)> { Implicated(entry, rule.Threshold, breach!, now) };
        var json = AlertFhir.Write(patient, rule, (row.PlanId, row.Version), words, Detail(rule, row.Version), implicated, plan.Requester, audience, category, now);
        var prepared = filing.Prepare(json, "urn:uuid:" + NewId(now), "portal");
        CareStore.Insert(session, prepared.Resource, patient, null, now);
        filing.PutEntry(session, patient, prepared, 1, writer.NextCursor, now, null);

        var owner = rule.Owner is { } named && tasks.Eligible(session, patient, named, audience, InformationCategory.Tasks | category, now).Count > 0 ? named
            : CareStore.Accountable(session, patient) is { } accountable && people.Find(accountable) is { } person ? TaskParty.Of(person) : rule.Owner;
        var task = new CareTask
        {
            Id = NewId(now), Patient = patient, State = TaskState.Requested, Title = AlertWords.Get("Task.Title", AlertWords.NameOf(row.Quantity)), Detail = rule.ToDo, Requester = plan.Requester, Owner = owner, AuthoredOn = now, Goal = plan.Goal,
            Priority = rule.Threshold.Severity switch { AlertSeverity.High => TaskPriority.Stat, AlertSeverity.Moderate => TaskPriority.Urgent, _ => TaskPriority.Routine },
            AcceptBy = now + AnswerWithin(rule.Threshold.Severity), Focus = $"DetectedIssue/{prepared.Resource.Id}", Audience = audience, Protection = category & (InformationCategory.MentalHealth | InformationCategory.SexualHealth),
        };
        tasks.Add(writer, task, TaskParty.Of(Actor.Portal) with { Person = null }, "portal");
        if (TaskSql.Find(session, patient, task.Id) is { } work)
        {
            foreach (var who in owner is null ? [] : tasks.Eligible(session, patient, owner, audience, InformationCategory.Tasks | category, now))
                TaskSql.Tell(session, work, who.Id, (int)NoticeKind.Alert, now);
        }

        AlertSql.Insert(session, new AlertRow
        {
            PatientId = patient, Id = prepared.Resource.Id, PlanId = row.PlanId, RuleId = row.RuleId, RuleVersion = row.Version, Quantity = row.Quantity, Severity = row.Severity, TaskId = task.Id, At = now, LastAt = now,
            LastSeq = value?.Seq, LastBy = breach?.By, Count = 1, Audience = prepared.Resource.Audience, Category = prepared.Resource.Category,
        });
    }

    /// <summary>How long somebody has to take an alert on before it goes to the next.</summary>
    internal static TimeSpan AnswerWithin(AlertSeverity severity) => severity switch { AlertSeverity.High => TimeSpan.FromHours(1), AlertSeverity.Moderate => TimeSpan.FromHours(4), _ => TimeSpan.FromHours(24) };

    /// <summary>Somebody answered already, but now it is further past the limit than it was: that answer was about less.</summary>
    private static bool IsWorse(Threshold threshold, Breach? breach, AlertRow before) => breach is not null && before.LastBy is { } last
        && (threshold is { Kind: ThresholdKind.Value or ThresholdKind.Sustained, Side: Side.Below } ? breach.By < last : breach.By > last);

    private void Repeat(RoomWriter writer, AlertRow alert, string words, Breach breach, EntryRow entry)
    {
        alert.Count++;
        alert.LastAt = writer.Room.Now;
        alert.LastSeq = entry.Seq;
        alert.LastBy = breach.By;
        AlertSql.Repeat(writer.Session, alert);
        Change(writer, alert.Id, json => AlertFhir.Repeat(json, alert.Count, words, Implicated(entry, null, breach, writer.Room.Now, alert.Quantity)));
    }

    private void Withdraw(RoomWriter writer, AlertRow alert)
    {
        var now = writer.Room.Now;
        var why = AlertWords.Get("Withdrawn");
        if (!AlertSql.Answer(writer.Session, alert.Id, (int)AlertOutcome.Withdrawn, null, now))
            return;
        Change(writer, alert.Id, json => AlertFhir.Answer(json, AlertOutcome.Withdrawn, why, null, now));
        if (tasks.FindAny(writer.Session, writer.Room.Patient, alert.TaskId) is { Task.IsOpen: true } stored)
        {
            tasks.Change(writer, stored, stored.Task with { State = TaskState.Cancelled, Reason = why, ClosedAt = now, Delegate = null }, TaskParty.Of(Actor.Portal) with { Person = null },
                new TaskStep(TaskState.Cancelled.Code(), TaskWords.Moved(stored.Task, TaskState.Cancelled), why));
        }
    }

    private void Change(RoomWriter writer, string id, Func<byte[], byte[]> change) => AlertFiling.Change(writer, filing, id, null, change);

    private static (string, string) Implicated(EntryRow entry, Threshold? threshold, Breach breach, DateTime now, string? quantity = null) =>
        ($"{entry.ResourceType}/{entry.ResourceId}", $"{AlertWords.Show(threshold?.Quantity ?? quantity!, breach.Measured.Value)}, {BelgianTime.Moment(breach.Measured.Time, now)}");

    private static string Detail(AlertRule rule, int version)
    {
        var lines = new List<string> { AlertWords.Get("Detail.Limit", AlertWords.Limit(rule.Threshold), version) };
        if (rule.Source is { } source)
            lines.Add(AlertWords.Get("Detail.Source", source));
        if (rule.ToDo is { } toDo)
            lines.Add(AlertWords.Get("Detail.ToDo", toDo));
        return string.Join('\n', lines);
    }

    private static string NewId(DateTime now) => Guid.CreateVersion7(new DateTimeOffset(now)).ToString();
}

/// <summary>Writes a new version of an alert.</summary>
internal static class AlertFiling
{
    /// <summary>Changes the DetectedIssue in an open file; false when it is not there or another writer was first.</summary>
    public static bool Change(RoomWriter writer, Filing filing, string id, PersonId? by, Func<byte[], byte[]> change)
    {
        var (session, patient, now) = (writer.Session, writer.Room.Patient, writer.Room.Now);
        if (CareStore.Find(session, "DetectedIssue", id) is not { } stored || stored.Patient != patient)
            return false;
        var prepared = filing.Prepare(change(CareStore.Json(session, stored)), null, "portal");
        prepared = prepared with { Resource = prepared.Resource with { Id = id } };
        if (!CareStore.Replace(session, stored, prepared.Resource, patient, by, now))
            return false;
        filing.PutEntry(session, patient, prepared, stored.Version + 1, writer.NextCursor, now, null, by);
        return true;
    }
}

/// <summary>Lets <see cref="AlertClock"/> look twice a second: who measures something sees the alert before the page is closed.</summary>
internal sealed class AlertClockService(AlertClock alerts, TimeProvider clock, ILogger<AlertClockService> log) : BeatingService(Beat, clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override Task OnBeatAsync(CancellationToken ct) => alerts.RunAsync(ct);

    /// <inheritdoc/>
    protected override void OnFault(Exception fault) => AlertsLog.ClockFailed(log, fault);
}

/// <summary>What the log says of alerts: never whose.</summary>
internal static partial class AlertsLog
{
    [LoggerMessage(LogLevel.Error, "A measurement could not be held against its limits; it is tried again")]
    public static partial void NotJudged(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "A measuring plan or the answer to an alert was not written")]
    public static partial void NotWritten(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "What is measured in a file could not be read")]
    public static partial void NotRead(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "The clock of alerts failed; it goes on with the next beat")]
    public static partial void ClockFailed(ILogger logger, Exception fault);
}
