using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>Offers responsibility for a patient's care, or for a part of it. The sender stays accountable until somebody accepts it with a read-back.</summary>
internal sealed class OfferHandoff(CareDesk desk, TaskFiling tasks) : PatientUseCase<OfferHandoff.Request, TaskResult>(desk)
{
    internal sealed record Request
    {
        /// <summary>Chosen by the page when the form was opened. A guid.</summary>
        public required string Id { get; init; }

        /// <summary>One line: what is handed on.</summary>
        public required string Title { get; init; }
        public required TaskParty Receiver { get; init; }
        public required HandoffContent Content { get; init; }
        public bool Urgent { get; init; }

        /// <summary>Until when somebody has to accept; null: four hours when urgent, a day otherwise.</summary>
        public DateTime? AcceptBy { get; init; }

        /// <summary>Professionals, or the whole team.</summary>
        public Audience Audience { get; init; } = Audience.Professionals;

        /// <summary>The task that asked for this hand-off (a step of a pathway), its id: it is done when the hand-off is accepted.</summary>
        public string? Step { get; init; }

        /// <summary>Only kept, not offered: for programs. A page keeps a concept with its sender alone (Handoffs.md).</summary>
        public bool IsDraft { get; init; }

        /// <summary>The Task as a program sent it; kept in what we do not know.</summary>
        public byte[]? Source { get; init; }

        /// <summary>Looked at in the transaction that writes: when it says yes, nothing is written.</summary>
        public Func<RoomWriter, bool>? Unless { get; init; }
    }

    public const int LongestText = 20_000;
    public const int MostTasks = 2_000;

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.Id, out var guid))
            throw new ArgumentException("The id of a hand-off is a guid.", nameof(request));
        if (TaskLimits.Broken(request.Title, null, null) is { } broken)
            return Task.FromResult<TaskResult>(new TaskRefused(broken));
        var title = SafeText.Line(request.Title, CreateTask.LongestTitle);
        var content = Clean(request.Content);
        if (content is null)
            return Task.FromResult<TaskResult>(new TaskRefused(TaskRule.TextTooLong));
        if (IsEmpty(content))
            return Task.FromResult<TaskResult>(new TaskRefused(TaskRule.Incomplete));
        if (request.AcceptBy <= room.Now || content.ScopeUntil <= room.Now)
            return Task.FromResult<TaskResult>(new TaskRefused(TaskRule.BadDeadline));
        if ((request.Audience & room.Reach.Audience) == 0)
            return Task.FromResult<TaskResult>(new TaskRefused(TaskRule.MayNotSee));
        var me = TaskParty.Of(room.Actor);
        var priority = request.Urgent ? TaskPriority.Urgent : TaskPriority.Routine;
        var acceptBy = request.AcceptBy ?? room.Now + Reminders.AcceptWithin(priority);
        var task = new CareTask
        {
            Id = guid.ToString(), Patient = room.Patient, State = request.IsDraft ? TaskState.Draft : TaskState.Requested, Business = request.IsDraft ? null : HandoffStatus.Offered, IsHandoff = true, Title = title, Priority = priority,
            Requester = me, Owner = request.Receiver, AuthoredOn = room.Now, AcceptBy = acceptBy, DueAt = acceptBy, Audience = request.Audience, Handoff = content, Focus = request.Step is { Length: > 0 and <= 64 } step ? "Task/" + step : null,
        };
        return room.CommitAsync<TaskResult>((writer, _) => ValueTask.FromResult(request.Unless?.Invoke(writer) == true ? new TaskThereAlready() : Offer(writer, task, request.Source)), ct);
    }

    private TaskResult Offer(RoomWriter writer, CareTask task, byte[]? source)
    {
        var (session, room) = (writer.Session, writer.Room);
        if (CareStore.Find(session, "Task", task.Id) is not null)
            return tasks.Find(session, room, task.Id) is { } present && present.Task.Requester?.Person == room.Actor.Person ? new TaskDone(present.Task) : new TaskRefused(TaskRule.NotYours);
        if (Refuses(session, tasks, room, task) is { } refused)
            return refused;
        var entry = tasks.Add(writer, task, TaskParty.Of(room.Actor), source is null ? "portal" : "fhir", source);
        TaskSql.SetOffered(session, room.Patient, task.Id, entry.Cursor);
        return new TaskDone(task with { Version = 1 });
    }

    /// <summary>Why this person cannot offer it; null when they can.</summary>
    internal static TaskRefused? Refuses(DbSession session, TaskFiling tasks, PatientRoom room, CareTask task)
    {
        if (!MayHandOn(session, room.Patient, task.Handoff!.Scope, room.Actor.Person))
            return new TaskRefused(TaskRule.NotAccountable);
        if (StepOf(task) is { } step && (tasks.Find(session, room, step) is not { Task: { IsHandoff: false, IsOpen: true } asked } || !tasks.ActorOf(session, room).IsIn(asked.Owner ?? asked.Requester) || !PathwaySql.IsHandoffStep(session, room.Patient, step)))
            return new TaskRefused(TaskRule.NotYours);
        var tells = task.Handoff.Tells;
        foreach (var receiver in new[] { task.Owner, task.Handoff.SecondReceiver }.OfType<TaskParty>())
        {
            if (receiver.Person == room.Actor.Person)
                return new TaskRefused(TaskRule.SameOwner);
            // Of a role or a queue somebody else must be there: one does not hand on to oneself.
            if (Receivers(session, tasks, room.Patient, receiver, task.Audience, tells, room.Now).TrueForAll(p => p.Id == room.Actor.Person))
                return new TaskRefused(TaskRule.MayNotSee);
        }

        foreach (var travelling in task.Handoff.Tasks)
        {
            // Nobody hands on what they do not answer for, and nothing that is closed or that the receiver may not see.
            if (tasks.Find(session, room, travelling.TaskId) is not { } stored || !stored.Task.IsOpen || stored.Task.IsHandoff || stored.Task.IsConcept)
                return new TaskRefused(TaskRule.Closed);
            if (stored.Row.AccountableId != room.Actor.Person)
                return new TaskRefused(TaskRule.NotYours); // what one has not taken on oneself cannot be handed on
            if (travelling.NewOwner?.Person == room.Actor.Person)
                continue; // it stays
            if (tasks.Eligible(session, room.Patient, travelling.NewOwner ?? task.Owner!, stored.Task.Audience, stored.Task.Needs, room.Now).Count == 0)
                return new TaskRefused(TaskRule.MayNotSee);
        }

        return new[] { task.Handoff.BasedOn }.OfType<string>().Any(r => EntryReference.Split(r) is not var (type, id) || TimelineSql.One(session, room, type, id) is null)
            || (task.Handoff.Follows is { } follows && tasks.Find(session, room, follows) is not { Task.IsHandoff: true }) ? new TaskRefused(TaskRule.MayNotSee) : null;
    }

    /// <summary>The task that asked for a hand-off; null when none did.</summary>
    internal static string? StepOf(CareTask handoff) => handoff is { IsHandoff: true, Focus: { } focus } && EntryReference.Split(focus) is ("Task", var id) ? id : null;

    /// <summary>
    /// Whether somebody may hand this on: all of a patient's care only who is accountable for the patient; a part of it who holds that part, or who is
    /// accountable for the patient, or anybody while nobody holds it.
    /// </summary>
    internal static bool MayHandOn(DbSession session, PatientId patient, string? scope, PersonId sender) =>
        CareStore.Accountable(session, patient) is not { } accountable || accountable == sender || (scope is not null && (Holder(session, patient, scope) is not { } holder || holder == sender));

    /// <summary>Who holds a part of care by an accepted hand-off; null when nobody does.</summary>
    internal static PersonId? Holder(DbSession session, PatientId patient, string scope) =>
        TaskSql.OpenHandoffs(session, patient).Where(t => ((TaskState)t.Status).IsTaken() && HandoffContent.IsSamePart(t.Scope, scope)).Select(t => t.OwnerId).FirstOrDefault(o => o is not null);

    /// <summary>Who of the team could accept: professionals whom the receiver names and who see all that is in it.</summary>
    internal static List<PersonRow> Receivers(DbSession session, TaskFiling tasks, PatientId patient, TaskParty receiver, Audience audience, InformationCategory tells, DateTime now) =>
        [.. tasks.Eligible(session, patient, receiver, audience, tells, now).Where(p => tasks.Rules.MayIn(p, patient, CareAction.HandOff))];

    private static bool IsEmpty(HandoffContent c) => string.IsNullOrWhiteSpace(c.Summary) && string.IsNullOrWhiteSpace(c.Situation);

    /// <summary>The content without what cannot be shown; null when it is too long.</summary>
    private static HandoffContent? Clean(HandoffContent c)
    {
        string? Text(string? text) => text is null ? null : SafeText.Lines(text, LongestText).Trim() is { Length: > 0 } kept ? kept : null;
        var total = (c.Summary.Length + (c.Situation?.Length ?? 0) + (c.Background?.Length ?? 0) + (c.Assessment?.Length ?? 0) + (c.Recommendation?.Length ?? 0)) + c.Actions.Sum(a => a.Length) + c.Contingencies.Sum(i => i.If.Length + i.Then.Length);
        string?[] texts = [c.Summary, c.Identification, c.Situation, c.Background, c.Assessment, c.Recommendation, .. c.Actions, .. c.Contingencies.SelectMany(i => new[] { i.If, i.Then })];
        if (texts.Any(t => t?.Length > LongestText) || (c.Scope?.Length ?? 0) > CreateTask.LongestTitle || c.Gaps.Any(g => g.Length > 300))
            return null;
        if (c.Sources.Count > 200 || c.Gaps.Count > 50 || (c.SeverityNote?.Length ?? 0) > 500)
            return null;
        if (total > 3 * LongestText || c.Actions.Count > 100 || c.Contingencies.Count > 100 || c.Tasks.Count > MostTasks)
            return null;
        return c with
        {
            Scope = c.Scope is null ? null : SafeText.Line(c.Scope, 200) is { Length: > 0 } scope ? scope : null, Summary = Text(c.Summary) ?? "", Identification = Text(c.Identification), Situation = Text(c.Situation), Background = Text(c.Background),
            Assessment = Text(c.Assessment), Recommendation = Text(c.Recommendation), Actions = [.. c.Actions.Select(Text).OfType<string>()], ReadBack = null, Clarifications = [],
            SeverityNote = c.SeverityNote is null ? null : SafeText.Line(c.SeverityNote, 500) is { Length: > 0 } why ? why : null,
            Sources = [.. c.Sources.Where(s => EntryReference.Split(s.Reference) is not null).Select(s => new HandoffSource(s.Reference, SafeText.Line(s.Display, 120))).DistinctBy(s => s.Reference)],
            Gaps = [.. c.Gaps.Select(g => SafeText.Line(g, 300)).Where(g => g.Length > 0)], Tells = c.Tells | HandoffContent.DefaultTells,
            Contingencies = [.. c.Contingencies.Select(i => new Contingency(Text(i.If) ?? "", Text(i.Then) ?? "")).Where(i => i.If.Length > 0 && i.Then.Length > 0)],
        };
    }
}
