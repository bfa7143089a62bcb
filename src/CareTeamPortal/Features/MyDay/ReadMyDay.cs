using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.MyDay;

/// <summary>What changed since I last looked, what is mine, what waits: over all files that are open to me. Every count is the length of a list that is shown.</summary>
internal sealed class ReadMyDay(CareDesk desk, PeopleDirectory people, ReadHandoffs handoffs, TimeProvider clock)
{
    private const int Most = 100;

    /// <summary>Files that were never opened are counted up to here; this number itself means: more.</summary>
    internal const int MostNever = 200;

    public Task<DayView> RunAsync(Actor actor, CancellationToken ct) => desk.ShowAcrossAsync(actor, (session, who, reach, _) =>
    {
        var now = clock.UtcMicroseconds();
        var viewer = WorklistSql.Viewer(session, who.Person, reach, now);
        if (reach.IsEmpty)
            return ValueTask.FromResult((new DayView(now, null, 0, [], [], 0, [], 0, [], [], [], [], [], [], [], [], "", []), Enumerable.Empty<PatientId>()));

        var known = new Dictionary<PatientId, WorklistPatient?>();
        WorklistPatient? Patient(PatientId id) => known.TryGetValue(id, out var patient) ? patient : known[id] = WorklistSql.Patient(session, viewer, id);
        var today = BelgianTime.DayOf(now);
        DayItem? ItemOf(EntryRow e) => Patient(e.PatientId) is { } p ? AsItem(e, p, now, today) : null;

        var moved = WorklistSql.Changed(session, viewer, Most).Select(Patient).OfType<WorklistPatient>().Where(p => p.New > 0).ToList();
        var changed = moved.Select(p => ChangeOf(session, viewer, p)).OrderByDescending(c => c.At).ToList();
        // What changed did so since I looked in its own file: the earliest of these looks holds for all of them, the latest for none of the older ones.
        var since = moved.Min(p => p.LastLookAt) ?? WorklistSql.LastLook(session, who.Person);
        var mine = WorklistSql.Mine(session, viewer, 2 * Most).Select(ItemOf).OfType<DayItem>().ToList();
        var (from, until) = BelgianTime.BoundsOf(today);
        var me = people.Find(who.Person);
        TaskView Task(ListedTask t) => TaskView.From(t.Task, t.PatientName, who.Person, me, people, now);
        var asked = TaskSql.Delegated(session, viewer, Most).Where(t => !t.Task.IsHandoff).Select(Task);
        List<TaskView> tasks = [.. asked, .. TaskSql.Page(session, viewer, TaskList.Mine, new TaskFilter { DueBefore = until }, who.Discipline, me?.Organisation, null, 2 * Most).Select(Task)];
        var queue = TaskSql.Page(session, viewer, TaskList.Queue, new TaskFilter(), who.Discipline, me?.Organisation, null, Most).ConvertAll(Task);
        // An alert waits until it is answered, whatever day that is: the gravest first, then what is to be answered first.
        var alerts = TaskSql.Page(session, viewer, TaskList.Mine, new TaskFilter { Alerts = true }, who.Discipline, me?.Organisation, null, Most).Select(Task).Concat(queue.Where(t => t.IsAlert))
            .DistinctBy(t => t.Id).OrderByDescending(t => t.Priority).ThenBy(t => t.AcceptBy ?? t.DueAt ?? t.AuthoredOn).ToList();
        queue.RemoveAll(t => t.IsAlert);
        tasks.RemoveAll(t => t.IsAlert);
        var waiting = handoffs.Incoming(session, viewer, who);
        var coming = waiting.Where(c => c.View.MayTake).SelectMany(c => c.Coming.Select(id => (Card: c, Id: id))).DistinctBy(c => (c.Card.View.Patient, c.Id)).Take(Most)
            .Select(c => TaskSql.Before(session, viewer, c.Card.View.Patient, c.Id, until) is { } task && task.Task.OwnerId != who.Person ? new DayGhost(Task(task), c.Card.View.Title, c.Card.Href) : null)
            .OfType<DayGhost>().OrderBy(g => g.Task.DueAt).ToList();
        var round = WorklistSql.Appointments(session, viewer, from, until, own: true, Most).Select(e => Patient(e.PatientId) is { } p ? VisitOf(e, p) : null).OfType<DayVisit>().ToList();
        var total = viewer.Files;
        var never = WorklistSql.NeverOpened(session, viewer, MostNever);
        var neverNamed = never.Take(5).Select(Patient).OfType<WorklistPatient>().Select(p => new DayName(p.Patient, p.Name)).ToList();
        var busy = changed.Select(c => c.Patient).Concat(never).ToHashSet();
        var calm = WorklistSql.ByName(session, viewer, null, 40).Where(p => !busy.Contains(p.Patient)).Select(p => Patient(p.Patient)).OfType<WorklistPatient>().Where(p => p.SeenCursor is not null && p.New == 0).Take(4).Select(p => p.Name).ToList();
        var many = !viewer.HasFew;
        var day = new DayView(
            now, since, total, changed, calm, many ? 0 : Math.Max(0, total - changed.Count - never.Count - calm.Count), neverNamed, never.Count == MostNever ? MostNever : never.Count - neverNamed.Count,
            waiting, [.. mine.Where(i => i.Kind == EntryKind.Question)], [.. tasks.DistinctBy(t => t.Id)], queue, coming,
            [.. WorklistSql.Asked(session, viewer, Most).Select(ItemOf).OfType<DayItem>()],
            [.. WorklistSql.Mentions(session, viewer, Most).Select(ItemOf).OfType<DayItem>()],
            round, WorklistSql.Stamp(session),
            [.. WorklistSql.ByName(session, viewer, null, 300).Select(p => p.Patient).Concat(changed.Select(c => c.Patient)).Concat(mine.Select(i => i.Patient)).Concat(waiting.Select(c => c.View.Patient)).Concat(tasks.Select(t => t.Patient)).Concat(queue.Select(t => t.Patient)).Concat(alerts.Select(t => t.Patient)).Distinct()]) { Alerts = alerts };
        var shown = changed.Select(c => c.Patient).Concat(mine.Select(i => i.Patient)).Concat(waiting.Select(c => c.View.Patient)).Concat(tasks.Select(t => t.Patient)).Concat(queue.Select(t => t.Patient)).Concat(day.Asked.Select(i => i.Patient)).Concat(day.Mentions.Select(i => i.Patient)).Concat(round.Select(v => v.Patient)).Concat(alerts.Select(t => t.Patient));
        return ValueTask.FromResult((day, shown));
    }, ct);

    private DayChange ChangeOf(DbSession session, WorklistViewer viewer, WorklistPatient p)
    {
        var news = WorklistSql.News(session, viewer, p.Patient, p.SeenCursor!.Value, 12);
        // What people must know first: a question, then warnings and medication, then the newest.
        var headlines = news.Select((e, i) => (Entry: e, Rank: Rank((EntryKind)e.Kind), i)).OrderBy(e => e.Rank).ThenBy(e => e.i).Take(2).Select(e => new DayHeadline((EntryKind)e.Entry.Kind, Words(e.Entry))).ToList();
        var owner = p.Accountable is { } id ? people.Find(id) : null;
        return new DayChange(p.Patient, p.Name, p.New, news.Count == 0 ? 0 : news[0].Cursor, news.Count == 0 ? p.LastChangeAt : news.Max(e => e.CorrectedAt ?? e.RecordedAt), headlines, owner?.DisplayName, owner?.RoleTitle, owner?.Line);
    }

    private static int Rank(EntryKind kind) => kind switch
    {
        EntryKind.Question => 0,
        EntryKind.Alert or EntryKind.Allergy => 1,
        EntryKind.Handoff or EntryKind.Discharge => 2,
        EntryKind.Medication => 3,
        EntryKind.Problem or EntryKind.Document => 4,
        _ => 5,
    };

    private static string Words(EntryRow e)
    {
        var title = SafeText.Truncate(MarkdownText.Preview(e.Title, 90), 90);
        return (EntryKind)e.Kind switch
        {
            EntryKind.Question when e.AuthorName is { } name => $"{FirstName(name)}: {title}",
            EntryKind.Measurement or EntryKind.LabResult when Value(e) is { } value => $"{title} {value}",
            EntryKind.Medication when e.Text is { } dosage => $"{title}: {SafeText.Truncate(SafeText.Line(dosage.Split('\n')[0], 60), 60)}",
            _ => title,
        };
    }

    private static string? Value(EntryRow e)
    {
        if (e.Values is null)
            return null;
        var values = TimelineEntry.From(e, default).Values;
        var numbers = values.Where(v => v.Value is not null).Take(2).ToList();
        return numbers.Count switch
        {
            0 => null,
            2 when numbers[0].Unit == numbers[1].Unit => $"{Figure(numbers[0].Value!.Value)}/{Figure(numbers[1].Value!.Value)} {numbers[0].Unit}",
            _ => $"{Figure(numbers[0].Value!.Value)} {(numbers[0].Unit is "{INR}" ? null : numbers[0].Unit)}".TrimEnd(),
        };
    }

    private static string Figure(decimal value) => value.ToString("#,0.##", BelgianTime.Culture);

    private DayItem AsItem(EntryRow e, WorklistPatient p, DateTime now, DateOnly today)
    {
        var kind = (EntryKind)e.Kind;
        var by = e.ReplyBy ?? e.Until;
        var owner = e.ReplyOwner is { } id ? people.Find(id) : null;
        var text = kind is EntryKind.Question or EntryKind.Note or EntryKind.Reply ? e.Text ?? e.Title : e.Title;
        return new DayItem(p.Patient, p.Name, p.BirthDate is { } born && p.BirthDatePrecision != DatePrecision.Year ? BelgianTime.YearsOf(born, today) : null, $"{e.ResourceType}/{e.ResourceId}", kind, MarkdownText.Preview(text, 220), e.Time, by, by < now,
            e.AuthorName ?? e.Source ?? "", e.AuthorRole, e.Line, e.Discipline is Discipline.Patient or Discipline.InformalCaregiver, owner?.DisplayName, owner?.Line);
    }

    private static DayVisit VisitOf(EntryRow e, WorklistPatient p)
    {
        var words = p.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var brief = words.Length > 1 ? $"{words[0]} {words[^1][0]}." : p.Name;
        return new DayVisit(p.Patient, p.Name, brief, p.AddressLine is null ? p.City : $"{p.AddressLine}, {p.City}", e.Time, e.Until is { } until && until > e.Time ? until : e.Time.AddMinutes(20), e.Title, p.New);
    }

    /// <summary>How people call somebody in a short line: the title goes with the family name, otherwise the first name.</summary>
    internal static string FirstName(string name) => CareTeamPortal.Platform.Ui.Initials.Called(name);
}
