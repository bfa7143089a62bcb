using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>Fills a hand-off in from the file, as far as the sender sees it: each fragment with the entry from which it comes. The writer edits.</summary>
internal sealed class PrefillHandoff(CareDesk desk, TaskFiling tasks, PeopleDirectory people, PathwayFiling pathways) : PatientUseCase<PrefillHandoff.Request, PrefillHandoff.Result>(desk)
{
    /// <param name="Again">A hand-off of mine that was declined or withdrawn: the same for somebody else.</param>
    /// <param name="Back">A hand-off that I accepted: given back to its sender.</param>
    /// <param name="Referral">Id of a ServiceRequest that it carries out.</param>
    /// <param name="Step">Id of the task of a pathway's step that asks for it.</param>
    internal sealed record Request(string? Again = null, string? Back = null, string? Referral = null, string? Step = null);

    /// <param name="Withheld">Open tasks that cannot travel, with who answers for them.</param>
    /// <param name="MayHandAll">The sender is accountable for the patient, or nobody is.</param>
    /// <param name="Accountable">Who is accountable for the patient.</param>
    internal sealed record Result(HandoffDraft Draft, IReadOnlyList<Withheld> Withheld, bool MayHandAll, string? Accountable, string? SeverityHint);

    /// <param name="HandoffId">A hand-off that is offered to me and holds it: to be accepted first.</param>
    internal sealed record Withheld(string TaskId, string Title, string? Accountable, string? HandoffId);

    private const int MostChanges = 6;
    private static readonly TimeSpan ChangesOf = TimeSpan.FromDays(7);

    /// <summary>What is measured most and tells most, in the order in which a hand-off says it.</summary>
    private static readonly string[] Telling = ["29463-7", "8480-6", "8867-4", "2708-6", "8310-5", "9279-1", "2339-0", "15074-8", "72514-3", "33914-3", "2823-3", "6298-4", "2160-0", "33762-6", "6301-6", "4548-4", "59261-8"];

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var session = reader.Session;
        var before = (request.Again ?? request.Back) is { } id && tasks.Find(session, room, id) is { Task: { IsHandoff: true } found } && MayFollow(found, room.Actor.Person, request.Again is not null) ? found : null;
        var referral = request.Referral is { Length: > 0 and <= 64 } named ? TimelineSql.One(session, room, "ServiceRequest", named) : null;
        var asked = Asked(session, room, request.Step ?? (before is null ? null : OfferHandoff.StepOf(before)));
        var accountable = CareStore.Accountable(session, room.Patient);
        var mayAll = OfferHandoff.MayHandOn(session, room.Patient, null, room.Actor.Person);
        var fragments = new List<HandoffFragment>();
        var gaps = new List<string>();
        AddStory(session, room, fragments, gaps);
        var hint = AddMeasurements(session, room, fragments, gaps);
        hint = AddChanges(session, room, fragments) ?? hint;
        var draft = new HandoffDraft
        {
            Id = Guid.CreateVersion7(new DateTimeOffset(room.Now)).ToString(), AllCare = before is null ? false : before.Handoff!.Scope is null && mayAll,
            Title = before?.Title ?? (referral is not null ? SafeText.Line(referral.Title, CreateTask.LongestTitle) : asked is { } part ? SafeText.Line(part.Step.Scope ?? part.Step.Title, CreateTask.LongestTitle) : ""), Follows = before?.Id, Step = asked?.Task, BasedOn = referral is null ? before?.Handoff?.BasedOn : $"ServiceRequest/{referral.ResourceId}",
            Fragments = fragments, Gaps = gaps, Identification = HandoffWords.Get("Identification", room.Actor.DisplayName, room.Actor.RoleTitle),
        };
        if (before is { Handoff: { } content })
            Follow(draft, before, content, isBack: request.Back is not null);
        if (asked is { } step)
        {
            draft.Receiver ??= step.Step.Receiver;
            if (draft.Situation.Length == 0)
                draft.Situation = HandoffWords.Get("Make.Pathway", step.Pathway.Title, step.Pathway.Current?.Title ?? "", step.Step.Title);
        }

        if (referral?.Text is { } why)
            draft.Summary = SafeText.Lines(why, 2_000).Trim();
        if (draft.Contingencies.Count == 0)
            draft.Contingencies.Add(new());
        var withheld = AddTasks(session, room, draft, before);
        return ValueTask.FromResult(new Result(draft, withheld, mayAll, accountable is { } who ? people.Find(who)?.DisplayName : null, hint));
    }, ct);

    /// <summary>The step of a running pathway that asks for a hand-off, when it is the sender's to make.</summary>
    private (string Task, Pathway Pathway, PathwayStep Step)? Asked(DbSession session, PatientRoom room, string? id)
    {
        if (id is not { Length: > 0 and <= 64 } || tasks.Find(session, room, id) is not { Task: { IsOpen: true, IsHandoff: false } task } || !tasks.ActorOf(session, room).IsIn(task.Owner ?? task.Requester))
            return null;
        foreach (var row in PathwaySql.StepsOf(session, room.Patient, "Task/" + id))
        {
            if (row.Kind == (int)StepKind.Handoff && pathways.Find(session, room, row.PathwayId) is { Pathway: { IsActive: true } pathway } && pathway.Steps.FirstOrDefault(s => s.Id == row.StepId) is { } step)
                return (id, pathway, step);
        }

        return null;
    }

    private static bool MayFollow(CareTask before, PersonId me, bool again) => again ? before.Requester?.Person == me && before.State is TaskState.Rejected or TaskState.Cancelled : before.Owner?.Person == me && before.State.IsTaken();

    private void Follow(HandoffDraft draft, CareTask before, HandoffContent content, bool isBack)
    {
        draft.Protocol = content.Protocol;
        draft.Until = content.ScopeUntil is { } until ? BelgianTime.ToLocal(until) : null;
        draft.Urgent = before.Priority >= TaskPriority.Urgent;
        draft.Contingencies.AddRange(content.Contingencies.Select(c => new DraftContingency { If = c.If, Then = c.Then }));
        if (isBack)
        {
            draft.Receiver = before.Requester is { Person: { } sender } && people.Find(sender) is { } person ? TaskParty.Of(person) : null;
            return;
        }

        // The same story for somebody else: it was written already, so the file is not told a second time.
        draft.Severity = content.Severity;
        draft.SeverityNote = content.SeverityNote ?? "";
        draft.Summary = content.Protocol == HandoffProtocol.Isbar ? content.Background ?? "" : content.Summary;
        draft.Situation = content.Situation ?? "";
        draft.Assessment = content.Assessment ?? "";
        draft.Recommendation = content.Recommendation ?? "";
        foreach (var fragment in draft.Fragments)
            fragment.In = fragment.Kind == FragmentKind.Change;
    }

    private List<Withheld> AddTasks(DbSession session, PatientRoom room, HandoffDraft draft, CareTask? before)
    {
        var withheld = new List<Withheld>();
        var offers = TaskSql.OfPatient(session, room, handoffs: true, open: true, 50).Where(h => ((TaskState)h.Status).IsAsked() && h.RequesterId != room.Actor.Person).ToList();
        var actor = tasks.ActorOf(session, room);
        var me = people.Find(room.Actor.Person);
        foreach (var row in TaskSql.OfPatient(session, room, handoffs: false, open: true, 500).Where(t => (TaskState)t.Status != TaskState.Draft))
        {
            if (row.Id == draft.Step)
                continue; // this hand-off is what it asks for
            if (row.AccountableId == room.Actor.Person)
            {
                draft.Tasks.Add(new DraftTask { Id = row.Id, Title = row.Title, DueAt = row.DueAt, NewOwner = before?.Handoff?.Tasks.FirstOrDefault(t => t.TaskId == row.Id)?.NewOwner, In = before is null || before.Owner?.Person == room.Actor.Person || before.Handoff!.Tasks.Any(t => t.TaskId == row.Id) });
                continue;
            }

            // Asked of me and not taken on, or travelling in a hand-off that I have not accepted.
            var offer = offers.Find(h => tasks.FindAny(session, room.Patient, h.Id) is { Task: { } t } && actor.IsIn(t.Owner) && t.Handoff!.Tasks.Any(x => x.TaskId == row.Id));
            var asked = row.OwnerId == room.Actor.Person || (row.OwnerRole is { } role && role == room.Actor.Discipline) || (row.OwnerOrganisation is { } place && place == me?.Organisation);
            if (offer is not null || asked)
                withheld.Add(new Withheld(row.Id, row.Title, row.AccountableId is { } who ? people.Find(who)?.DisplayName : row.RequesterName, offer?.Id));
        }

        return withheld;
    }

    private static List<TimelineEntry> Entries(DbSession session, PatientRoom room, int most, params ReadOnlySpan<EntryKind> kinds)
    {
        var wanted = new int[kinds.Length];
        for (var i = 0; i < kinds.Length; i++)
            wanted[i] = (int)kinds[i];
        return [.. TimelineSql.Page(session, room, null, new TimelineFilter { Kinds = wanted }, most).Where(e => !e.Retracted).Select(e => TimelineEntry.From(e, room.Actor.Person))];
    }

    private static void AddStory(DbSession session, PatientRoom room, List<HandoffFragment> fragments, List<string> gaps)
    {
        var own = Entries(session, room, 40, EntryKind.Note).FirstOrDefault(e => e.Discipline == Discipline.Patient && e.Title == ReadHomeDay.OwnWordsTopic && e.Text is not null)
            ?? Entries(session, room, 20, EntryKind.Goal).FirstOrDefault(g => g.Discipline is Discipline.Patient or Discipline.InformalCaregiver && g.Status is not ("cancelled" or "rejected"));
        if (own is not null)
            fragments.Add(Fragment(FragmentKind.Goal, $"“{SafeText.Line(own.Kind == EntryKind.Note ? own.Text! : own.Title, 200).Trim('“', '”', '"')}”", own, room.Now));

        // The newest word about a thing counts: what was stopped or resolved afterwards is not told.
        List<TimelineEntry> Current(int most, EntryKind kind, Func<TimelineEntry, bool> isCurrent) =>
            [.. Entries(session, room, 400, kind).DistinctBy(e => SafeText.Line(e.Title, 200).ToUpperInvariant()).Where(e => isCurrent(e) && (e.Until is not { } until || until > room.Now || e.Kind != EntryKind.Medication)).Take(most)];
        var problems = Current(12, EntryKind.Problem, e => e.Status is null or "active" or "recurrence" or "relapse");
        var allergies = Current(10, EntryKind.Allergy, e => e.Status is null or "active");
        var medication = Current(25, EntryKind.Medication, e => e.Status is null or "active" or "draft");
        fragments.AddRange(problems.Select(e => Fragment(FragmentKind.Problem, SafeText.Line(e.Title, 160), e, room.Now)));
        fragments.AddRange(allergies.Select(e => Fragment(FragmentKind.Allergy, SafeText.Line(e.Title, 160), e, room.Now)));
        fragments.AddRange(medication.Select(e => Fragment(FragmentKind.Medication, e.Text?.Split('\n')[0] is { Length: > 0 } dose && dose != e.Title ? $"{SafeText.Line(e.Title, 120)} {SafeText.Line(dose, 80)}" : SafeText.Line(e.Title, 120), e, room.Now)));
        // What the sender does not see is not said to be absent; why they do not see it is nobody's business.
        void Gap(bool isEmpty, InformationCategory category, string key)
        {
            if (isEmpty)
                gaps.Add(HandoffWords.Get(room.Reach.Categories.HasFlag(category) ? key : key + ".Unseen"));
        }

        Gap(problems.Count == 0, InformationCategory.ProblemsAndAllergies, "Gap.Problems");
        Gap(allergies.Count == 0, InformationCategory.ProblemsAndAllergies, "Gap.Allergies");
        Gap(medication.Count == 0, InformationCategory.Medication, "Gap.Medication");
    }

    /// <summary>The last of each quantity with how it moved. Answers what is out of its range, as a hint for the severity.</summary>
    private static string? AddMeasurements(DbSession session, PatientRoom room, List<HandoffFragment> fragments, List<string> gaps)
    {
        var measured = Entries(session, room, 300, EntryKind.Measurement, EntryKind.LabResult);
        string? hint = null;
        var added = 0;
        foreach (var loinc in Telling)
        {
            var course = measured.SelectMany(e => e.Values.Where(v => v.Loinc == loinc && v.Value is not null).Take(1), (e, v) => (Entry: e, Value: v)).Take(2).ToList();
            if (course.Count == 0 || added == 10)
                continue;
            var (entry, value) = course[0];
            var name = loinc == "8480-6" ? HandoffWords.Get("BloodPressure") : MeasurementCatalogue.Find(loinc)?.Name ?? SafeText.Line(value.Label, 60);
            var shown = Figure(value, entry);
            var arrow = "";
            if (course.Count == 2)
            {
                var moved = value.Value!.Value - course[1].Value.Value!.Value;
                arrow = $" {(moved > 0 ? "↑" : moved < 0 ? "↓" : "→")} ({HandoffWords.Get("Measured.Before", Figure(course[1].Value, course[1].Entry), BelgianTime.Day(BelgianTime.DayOf(course[1].Entry.Time), BelgianTime.DayOf(room.Now)))})";
            }

            var unit = (value.Unit ?? value.Ucum) switch { "mm[Hg]" => "mmHg", "Cel" => "°C", "{score}" or "1" or null => "", var u => SafeText.Line(u, 20) };
            fragments.Add(Fragment(FragmentKind.Measurement, $"{name} {shown} {unit}".TrimEnd() + arrow, entry, room.Now));
            added++;
            if (hint is null && entry.Time > room.Now.AddDays(-3) && (value.Interpretation is "H" or "HH" or "L" or "LL" || value.Value > value.High || value.Value < value.Low))
                hint = HandoffWords.Get("Hint.OutOfRange", name);
        }

        if (added == 0)
            gaps.Add(HandoffWords.Get(room.Reach.Categories.HasFlag(InformationCategory.Measurements) ? "Gap.Measurements" : "Gap.Measurements.Unseen"));
        return hint;
    }

    private static string Figure(MeasuredValue value, TimelineEntry entry)
    {
        static string Number(decimal n) => n.ToString(Math.Abs(n) >= 100 ? "#,0.#" : "0.##", BelgianTime.Culture);
        return value.Loinc == "8480-6" && entry.Values.FirstOrDefault(v => v.Loinc == "8462-4")?.Value is { } low ? $"{Number(value.Value!.Value)}/{Number(low)}" : Number(value.Value!.Value);
    }

    /// <summary>What changed since care was last handed over, or in a week. Answers an open question, as a hint.</summary>
    private static string? AddChanges(DbSession session, PatientRoom room, List<HandoffFragment> fragments)
    {
        var last = TaskSql.OfPatient(session, room, handoffs: true, open: true, 50).Concat(TaskSql.OfPatient(session, room, handoffs: true, open: false, 20)).Where(h => h.AcceptedAt is not null).Select(h => h.AcceptedAt!.Value).DefaultIfEmpty().Max();
        var since = last > room.Now.AddDays(-60) ? last : room.Now - ChangesOf;
        var changes = Entries(session, room, 80, EntryKind.Question, EntryKind.Note, EntryKind.Alert, EntryKind.Deviation, EntryKind.Discharge, EntryKind.Medication, EntryKind.Problem, EntryKind.Encounter)
            .Where(e => e.Time > since && e.Time <= room.Now && e.Title != ReadHomeDay.OwnWordsTopic && !(e.Kind == EntryKind.Question && e.IsAnswered)).ToList();
        foreach (var entry in changes.OrderBy(e => e.Kind switch { EntryKind.Question => 0, EntryKind.Alert or EntryKind.Deviation => 1, EntryKind.Discharge => 2, EntryKind.Medication or EntryKind.Problem => 3, _ => 4 }).Take(MostChanges).OrderByDescending(e => e.Time))
        {
            var words = entry.Kind is EntryKind.Note or EntryKind.Question ? MarkdownText.Preview(string.IsNullOrWhiteSpace(entry.Text) ? entry.Title : entry.Text, 160) : entry.Kind == EntryKind.Medication && entry.Text is { } dose ? $"{SafeText.Line(entry.Title, 100)}: {SafeText.Line(dose.Split('\n')[0], 80)}" : SafeText.Line(entry.Title, 160);
            var who = entry.AuthorName is { } name ? $"{ReadMyDay.FirstName(SafeText.Line(name, 60))}: " : "";
            fragments.Add(Fragment(FragmentKind.Change, $"{BelgianTime.Moment(entry.Time, room.Now)}, {who}{words}", entry, room.Now));
        }

        return changes.FirstOrDefault(e => e.Kind == EntryKind.Question) is { } open ? HandoffWords.Get("Hint.Question", ReadMyDay.FirstName(SafeText.Line(open.AuthorName ?? "", 60))) : null;
    }

    private static HandoffFragment Fragment(FragmentKind kind, string text, TimelineEntry entry, DateTime now) => new()
    {
        Kind = kind, Text = text, Source = entry.Reference, Tells = entry.Category,
        SourceWords = $"{HandoffWords.Get("Source." + (entry.Kind switch { EntryKind.Measurement or EntryKind.LabResult => "Measured", EntryKind.Medication => "Medication", EntryKind.Problem => "Problem", EntryKind.Allergy => "Allergy", EntryKind.Question => "Question", EntryKind.Goal => "Goal", EntryKind.Discharge => "Discharge", _ => "Entry" }))} {BelgianTime.Moment(new Platform.Fhir.FhirDate(entry.Time, entry.Time, entry.Precision), now)}",
    };
}
