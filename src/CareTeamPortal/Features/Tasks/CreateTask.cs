using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Examinations;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Asks somebody to do something, or takes something on oneself.</summary>
internal sealed class CreateTask(CareDesk desk, TaskFiling tasks, Filing filing) : PatientUseCase<CreateTask.Request, TaskResult>(desk)
{
    internal sealed record Request
    {
        /// <summary>Chosen by the page when the form was opened: sending it twice makes one task. A guid.</summary>
        public required string Id { get; init; }
        public required string Title { get; init; }
        public string? Detail { get; init; }

        /// <summary>For whom; null: oneself.</summary>
        public TaskParty? Owner { get; init; }
        public DateTime? DueAt { get; init; }

        /// <summary>Until when somebody has to take it on; null: <see cref="Reminders.AcceptWithin"/>.</summary>
        public DateTime? AcceptBy { get; init; }
        public TaskPriority Priority { get; init; }
        public IReadOnlyList<string> Checklist { get; init; } = [];
        public RepeatRule? Repeat { get; init; }
        public string? Goal { get; init; }
        public string? Focus { get; init; }
        public IReadOnlyList<Attachment> Attachments { get; init; } = [];

        /// <summary>Whole team or professionals only.</summary>
        public Audience Audience { get; init; } = Audience.WholeTeam;

        /// <summary>Labelled as mental or sexual health by the program that sends it.</summary>
        public InformationCategory Protection { get; init; }

        /// <summary>Not asked yet: only kept.</summary>
        public bool IsDraft { get; init; }

        /// <summary>Of one's own task: the state in which it begins, when that is not ready.</summary>
        public TaskState? State { get; init; }

        /// <summary>Key of the <see cref="Examination"/> that is asked for.</summary>
        public string? Examination { get; init; }

        /// <summary>Why it is asked for although there is a recent result.</summary>
        public string? AskedAgain { get; init; }

        /// <summary>The Task as a program sent it; kept in what we do not know.</summary>
        public byte[]? Source { get; init; }

        /// <summary>Looked at in the transaction that writes: when it says yes, nothing is written.</summary>
        public Func<RoomWriter, bool>? Unless { get; init; }

        /// <summary>The ServiceRequest that asks it, with the id that it will have (a guid): kept in the same transaction, as what the task is about.</summary>
        public (string Id, byte[] Json)? Order { get; init; }
    }

    public const int LongestTitle = 200;
    public const int LongestDetail = 10_000;
    public const int MostChecks = 50;

    protected override CareAction Needs => CareAction.DoTasks;

    protected override async Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        Asked(room, request, out var task) is { } refused ? refused : await room.CommitAsync((writer, _) => ValueTask.FromResult(Create(writer, request, task!)), ct);

    /// <summary>The same inside a transaction that does more. What is refused left nothing behind.</summary>
    internal TaskResult Create(RoomWriter writer, Request request)
    {
        if (!writer.Room.May(CareAction.DoTasks))
            throw writer.Room.Refusal(CareAction.DoTasks, InformationCategory.Tasks);
        return Asked(writer.Room, request, out var task) is { } refused ? refused : Create(writer, request, task!);
    }

    /// <summary>The task that is asked for; or why it cannot be.</summary>
    private static TaskRefused? Asked(PatientRoom room, Request request, out CareTask? task)
    {
        task = null;
        if (TaskLimits.Broken(request.Title, request.Detail, request.Checklist) is { } broken)
            return new TaskRefused(broken);
        var title = SafeText.Line(request.Title, LongestTitle);
        if (request.DueAt <= room.Now)
            return new TaskRefused(TaskRule.BadDeadline);
        if (request.Repeat is not null && request.DueAt is null)
            return new TaskRefused(TaskRule.RepeatNeedsDeadline);
        if (!Guid.TryParse(request.Id, out var guid))
            throw new ArgumentException("The id of a task is a guid.", nameof(request));
        if ((request.Audience & room.Reach.Audience) == 0 || (request.Protection & ~room.Reach.Categories) != 0)
            return new TaskRefused(TaskRule.MayNotSee);
        var me = TaskParty.Of(room.Actor);
        var owner = request.Owner ?? me;
        var own = owner.Person == room.Actor.Person;
        var acceptBy = request.AcceptBy ?? room.Now + Reminders.AcceptWithin(request.Priority);
        if (request.DueAt < acceptBy)
            acceptBy = request.DueAt.Value;
        var detail = SafeText.Lines(request.Detail ?? "", LongestDetail).Trim();
        task = new CareTask
        {
            Id = guid.ToString(),
            Patient = room.Patient,
            State = request.IsDraft ? TaskState.Draft : !own ? TaskState.Requested : request.State is TaskState.Accepted or TaskState.InProgress ? request.State.Value : TaskState.Ready,
            Title = title,
            Detail = detail.Length > 0 ? detail : null,
            Priority = request.Priority,
            Requester = me,
            Owner = owner,
            AuthoredOn = room.Now,
            DueAt = request.DueAt,
            AcceptBy = own ? null : acceptBy,
            AcceptedAt = own && !request.IsDraft ? room.Now : null,
            Checklist = [.. request.Checklist.Select(c => SafeText.Line(c, TaskLimits.LongestCheck)).Where(c => c.Length > 0).Select(c => new ChecklistItem(c))],
            Repeat = request.Repeat,
            SeriesStart = request.Repeat is null ? null : request.DueAt,
            Goal = request.Goal,
            Focus = request.Order is var (order, _) ? $"ServiceRequest/{order}" : request.Focus,
            Attachments = [.. request.Attachments.Select(a => (a.Id, a.Name))],
            Audience = request.Audience,
            Protection = request.Protection,
        };
        return null;
    }

    private TaskResult Create(RoomWriter writer, Request request, CareTask task)
    {
        var (room, me, owner) = (writer.Room, TaskParty.Of(writer.Room.Actor), task.Owner!);
        var own = owner.Person == room.Actor.Person;
        if (request.Unless?.Invoke(writer) == true)
            return new TaskThereAlready();
        if (CareStore.Find(writer.Session, "Task", task.Id) is not null)
        {
            // Sent twice (a cut in between): the first one stands.
            return tasks.Find(writer.Session, room, task.Id) is { } present && present.Task.Requester?.Person == room.Actor.Person ? new TaskDone(present.Task) : new TaskRefused(TaskRule.NotYours);
        }

        var order = request.Order is var (orderId, json) ? filing.Prepare(json, "urn:uuid:" + orderId, "fhir") : null;
        if (order is not null && !SharingRules.AnswersForCare(room.Role))
            throw room.Refusal(CareAction.Write, InformationCategory.Tasks); // family and aides ask by a task
        if (order is not null && !room.Reach.Sees(order.Resource.Audience, order.Resource.Category))
            return new TaskRefused(TaskRule.MayNotSee);
        if (!own && tasks.Eligible(writer.Session, room.Patient, owner, request.Audience, task.Needs, room.Now).Count == 0)
            return new TaskRefused(TaskRule.MayNotSee);
        if (!new[] { request.Focus, request.Goal }.OfType<string>().All(r => IsInFile(writer.Session, room, r)))
            return new TaskRefused(TaskRule.NotInFile);
        if (request.Goal is { } goal && !IsSeenWith(writer.Session, goal, task))
            return new TaskRefused(TaskRule.GoalForFewer);
        if (!task.Attachments.All(a => CareStore.MayAttach(writer.Session, room.Patient, a.Id, null, room.Actor.Person)))
            return new TaskRefused(TaskRule.UnknownFile);

        var examination = Examinations.Examination.Find(request.Examination) ?? Examinations.Examination.OfTask(request.Source);
        var again = SafeText.Line(request.AskedAgain ?? Examinations.Examination.OverrideOf(request.Source), TaskLimits.LongestReason);
        var recent = examination is null || request.IsDraft ? null : FindRecentResult.In(writer.Session, room, examination);
        if (recent is not null && again.Length == 0)
            return new TaskRefused(TaskRule.RecentResult) { Recent = recent };
        if (recent is not null)
        {
            // It tells the result: whoever does not see that does not read it in the task either.
            if (CareStore.FindEntry(writer.Session, EntryReference.Split(recent.Reference)!.Value.Type, EntryReference.Split(recent.Reference)!.Value.Id) is { } shown && (task.Audience & ~shown.Audience) == 0 && ClinicalCodes.Protected(shown.Category) == InformationCategory.None)
                task = task with { Detail = string.Join("\n\n", new[] { task.Detail, ExaminationWords.Get("Detail", RecentResultFiling.Says(recent, room.Now), again) }.OfType<string>()) };
            RecentResultFiling.Keep(writer, filing, recent, again, Guid.CreateVersion7(new DateTimeOffset(room.Now)).ToString());
        }

        if (order is not null)
        {
            writer.RequireWrite(order.Resource.Category);
            CareStore.Insert(writer.Session, order.Resource, room.Patient, null, room.Now);
            filing.PutEntry(writer.Session, room.Patient, order, 1, writer.NextCursor, room.Now, null, room.Actor.Person);
            writer.RecordWritten($"ServiceRequest/{order.Resource.Id}/_history/1");
        }

        tasks.Add(writer, task, me, request.Source is null ? "portal" : "fhir", request.Source ?? Asking(examination, request.Goal));
        return new TaskDone(task with { Version = 1 });
    }

    /// <summary>What a Task is made of that asks for an examination: its code, beside what the portal writes.</summary>
    private static byte[]? Asking(Examination? examination, string? goal)
    {
        if (examination is null)
            return null;
        var root = new JsonObject
        {
            ["resourceType"] = "Task",
            ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = PortalCodes.Loinc, ["code"] = examination.Loinc, ["display"] = examination.Name }) },
        };
        if (goal is not null)
            root["basedOn"] = new JsonArray(new JsonObject { ["reference"] = goal });
        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    /// <summary>Whether an entry that a task names is there for whoever names it; a questionnaire is there for everyone.</summary>
    /// <param name="reference"><c>Type/id</c>.</param>
    internal static bool IsInFile(DbSession session, PatientRoom room, string reference) => Outcomes.Questionnaires.AskedBy(reference) is not null || EntryReference.Split(reference) is var (type, id) && (TimelineSql.One(session, room, type, id) is not null || type == "Goal" && IsGoal(session, room, id));

    // A goal that came without a date stands in the plan and not on the timeline.
    private static bool IsGoal(DbSession session, PatientRoom room, string id) => CareStore.Find(session, "Goal", id) is { } stored && stored.Patient == room.Patient && room.Reach.Sees(stored.Audience, stored.Category);

    /// <summary>Whether who sees the task sees the goal too that it serves: a link would tell the others that there is one.</summary>
    /// <param name="goal"><c>Goal/x</c>.</param>
    internal static bool IsSeenWith(DbSession session, string goal, CareTask task) => EntryReference.Split(goal) is var (type, id) && CareStore.Find(session, type, id) is { } stored
        && (task.Audience & ~stored.Audience) == 0 && ClinicalCodes.Protected(stored.Category) is var closed && (closed == InformationCategory.None || closed == task.Protection);
}
