using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>
/// Accepts a hand-off with a read-back. Accountability, the travelling tasks and (where the sender said so) the coordinator move in the same
/// transaction; of several who accept at the same moment exactly one wins, the others learn who.
/// </summary>
internal sealed class AcceptHandoff(CareDesk desk, TaskFiling tasks, PeopleDirectory people) : PatientUseCase<AcceptHandoff.Request, TaskResult>(desk)
{
    /// <param name="ReadBack">What the receiver understood, in the receiver's words.</param>
    /// <param name="Owners">Who gets which travelling task instead of whom the sender proposed; by task id.</param>
    /// <param name="SeenNewsUpTo">Commit up to which this person acknowledged the news; null: what is kept with the hand-off.</param>
    /// <param name="SeenNewsUntil">Instead: everything that was recorded until this moment, UTC.</param>
    internal sealed record Request(string Id, string ReadBack, int? SeenVersion = null, IReadOnlyDictionary<string, TaskParty>? Owners = null, long? SeenNewsUpTo = null, DateTime? SeenNewsUntil = null);

    public const int ShortestReadBack = 3;

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        room.CommitAsync((writer, _) => ValueTask.FromResult(Accept(writer, request)), ct);

    private TaskResult Accept(RoomWriter writer, Request request)
    {
        var (session, room) = (writer.Session, writer.Room);
        if (tasks.Find(session, room, request.Id) is not { Task.IsHandoff: true } before)
            return new TaskNotFound();
        var readBack = SafeText.Lines(request.ReadBack ?? "", OfferHandoff.LongestText).Trim();
        if (before.Task.State.IsTaken())
        {
            // The same acceptance again (pressed twice, or the answer was lost on the way) is done; other words of the same person are not passed over in silence.
            return before.Task.Owner?.Person != room.Actor.Person ? new TakenAlready(before.Task.Owner?.Display ?? "", before.Task.AcceptedAt)
                : readBack == before.Task.Handoff!.ReadBack ? new TaskDone(before.Task) : new TaskChangedMeanwhile(before.Task);
        }

        if (request.SeenVersion is { } seen && seen != before.Task.Version)
            return new TaskChangedMeanwhile(before.Task);
        var news = UnseenNews(session, room, before.Row, request.SeenNewsUpTo ?? (request.SeenNewsUntil is { } until ? TimelineSql.CursorAt(session, room, until) : null));
        var result = TaskChange.Run(writer, tasks, before, request.SeenVersion, (_, stored, actor) =>
        {
            var task = stored.Task.MoveTo(TaskState.Accepted, actor, null, room.Now);
            var content = stored.Task.Handoff!;
            // The right may have ended since the offer: nobody takes what they may not see.
            if ((room.Reach.Audience & stored.Task.Audience) == 0 || (room.Reach.Categories & content.Tells) != content.Tells)
                throw new TaskRefusal(TaskRule.MayNotSee, stored.Task.State, TaskState.Accepted);
            if (content.ScopeUntil <= room.Now)
                throw new TaskRefusal(TaskRule.BadDeadline, stored.Task.State, TaskState.Accepted);
            // Nor does it move when the sender does not answer for it any more: somebody else took it in between.
            if (stored.Task.Requester?.Person is not { } sender ? content.Scope is null && CareStore.Accountable(session, room.Patient) is not null : !OfferHandoff.MayHandOn(session, room.Patient, content.Scope, sender))
                throw new TaskRefusal(TaskRule.NotAccountable, stored.Task.State, TaskState.Accepted);
            if ((request.ReadBack?.Length ?? 0) > OfferHandoff.LongestText)
                throw new TaskRefusal(TaskRule.TextTooLong, stored.Task.State, TaskState.Accepted);
            if (readBack.Length < ShortestReadBack)
                throw new TaskRefusal(TaskRule.NeedsReadBack, stored.Task.State, TaskState.Accepted);
            if (news > 0)
                throw new TaskRefusal(TaskRule.UnseenNews, stored.Task.State, TaskState.Accepted);
            // Accepted and at once carried out: responsibility begins now (standards.md: accepted, then in-progress).
            task = task with { State = TaskState.InProgress, Owner = actor.Party, Business = HandoffStatus.Accepted, AcceptBy = null, Handoff = content with { ReadBack = readBack } };
            return (task, new TaskStep(HandoffStatus.Accepted, HandoffWords.Get("Step.Accepted", task.Title, task.Requester?.Display), HandoffWords.Get("Part.ReadBack", readBack)));
        });
        if (result is not TaskDone { Task: { } accepted })
            return result;
        MoveTasks(writer, accepted, request.Owners);
        EndStep(writer, accepted);
        EndEarlier(writer, accepted);
        if (accepted.Handoff!.Scope is null)
            CareStore.SetAccountable(session, room.Patient, room.Actor.Person, room.Now, Filing.AccountableWho(session, people, room.Rules, room.Patient, room.Now));

        if (accepted.Handoff.MovesCoordinator)
            TaskSql.SetCoordinator(session, room.Patient, room.Actor.Person, room.Now);
        return result;
    }

    /// <summary>How much came in since the offer that the receiver may see, did not write and has not acknowledged; the hand-off's own steps apart.</summary>
    internal static int UnseenNews(DbSession session, PatientRoom room, TaskRow row, long? seen = null) =>
        TimelineSql.CountSince(session, room, NewsFrom(row, room.Actor.Person, seen), room.Actor.Person, row.Seq);

    /// <summary>
    /// From where news counts. What is kept with the hand-off is the acknowledgement of the one person who was asked; of a role or queue each
    /// acknowledges for themselves.
    /// </summary>
    internal static long NewsFrom(TaskRow row, PersonId reader, long? seen) =>
        Math.Max(row.OfferedCursor, seen ?? (row.OwnerId == reader || row.OwnerId is null ? row.AcknowledgedCursor : row.OfferedCursor));

    /// <summary>The step of a pathway that asked for this hand-off is done with its acceptance.</summary>
    private void EndStep(RoomWriter writer, CareTask handoff)
    {
        var (session, room) = (writer.Session, writer.Room);
        if (OfferHandoff.StepOf(handoff) is not { } id || !PathwaySql.IsHandoffStep(session, room.Patient, id) || tasks.FindAny(session, room.Patient, id) is not { Task: { IsOpen: true, IsHandoff: false } step } stored)
            return;
        var done = step with { State = TaskState.Completed, AcceptedAt = step.AcceptedAt ?? room.Now, ClosedAt = room.Now, AcceptBy = null, Delegate = null };
        tasks.Change(writer, stored, done, TaskParty.Of(room.Actor), new TaskStep(TaskState.Completed.Code(), HandoffWords.Get("Step.OfPathway", step.Title, room.Actor.DisplayName)));
    }

    private void MoveTasks(RoomWriter writer, CareTask handoff, IReadOnlyDictionary<string, TaskParty>? owners)
    {
        var (session, room) = (writer.Session, writer.Room);
        var me = TaskParty.Of(room.Actor);
        var eligible = new Dictionary<(TaskParty, Audience, InformationCategory), bool>(); // a thousand tasks go to a few people
        bool CanTake(TaskParty to, TaskRow task)
        {
            var key = (to, task.Audience, task.Category);
            if (!eligible.TryGetValue(key, out var can))
                eligible[key] = can = tasks.Eligible(session, room.Patient, to, task.Audience, InformationCategory.Tasks | task.Category, room.Now).Count > 0;
            return can;
        }

        var sender = handoff.Requester?.Person;
        var handover = new TaskHandover(writer, tasks, people);
        foreach (var travelling in handoff.Handoff!.Tasks)
        {
            if (TaskSql.FindStored(session, room.Patient, travelling.TaskId) is not { Row: { Open: true } task } stored)
                continue; // done or cancelled since the offer
            if (sender is not null && task.AccountableId != sender)
                continue; // somebody else took it on since the offer: it is theirs
            if (!room.Reach.Sees(task.Audience, task.Category))
                continue; // it was protected since the offer: it stays with who may read it
            var to = owners?.GetValueOrDefault(travelling.TaskId) ?? travelling.NewOwner ?? me;
            if (to.Person is not null && to.Person == sender)
                continue; // it stays with the sender
            if (!CanTake(to, task))
                to = me; // whoever was proposed has left: nothing falls between two chairs
            var mine = to.Person == room.Actor.Person || (to.Kind != OwnerKind.Person && to.Includes(room.Actor.Person, room.Actor.Discipline, people.Find(room.Actor.Person)?.Organisation) && to.IsSame(handoff.Owner));
            // Somebody else is asked; until they take it on it is the receiver's.
            handover.Take(stored, mine ? null : to);
        }

        handover.Finish();
    }

    /// <summary>What was handed to the sender before for the same part ends: it was handed on. Other offers of the same part are taken back: it has an owner now.</summary>
    private void EndEarlier(RoomWriter writer, CareTask accepted)
    {
        foreach (var row in TaskSql.OpenHandoffs(writer.Session, writer.Room.Patient).Where(t => t.Id != accepted.Id && HandoffContent.IsSamePart(t.Scope, accepted.Handoff!.Scope)))
        {
            if (((TaskState)row.Status).IsTaken())
                tasks.End(writer, row.Id, TaskParty.Of(writer.Room.Actor));
            else if (((TaskState)row.Status).IsAsked() && tasks.FindAny(writer.Session, writer.Room.Patient, row.Id) is { } earlier)
            {
                var taken = HandoffWords.Get("Step.Withdrawn.Taken", writer.Room.Actor.DisplayName);
                tasks.Change(writer, earlier, earlier.Task with { State = TaskState.Cancelled, Business = HandoffStatus.Withdrawn, ClosedAt = writer.Room.Now, Reason = taken }, TaskParty.Of(writer.Room.Actor), new TaskStep(HandoffStatus.Withdrawn, HandoffWords.Get("Step.Withdrawn", earlier.Task.Title), taken));
            }
        }
    }
}

/// <summary>Ends a hand-off of a part of care: its period is over or it is not needed any more. What it covered falls back to who is accountable for the patient.</summary>
internal sealed class EndHandoff(CareDesk desk, TaskFiling tasks) : PatientUseCase<EndHandoff.Request, TaskResult>(desk)
{
    internal sealed record Request(string Id, string? Remark = null, int? SeenVersion = null);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        HandoffChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            if (stored.Task.Handoff!.Scope is null)
                throw new TaskRefusal(TaskRule.NotYours, stored.Task.State, TaskState.Completed); // all of a patient's care is given on, never dropped
            if (!actor.IsIn(stored.Task.Owner) && !actor.IsAccountableForPatient)
                throw new TaskRefusal(TaskRule.NotYours, stored.Task.State, TaskState.Completed);
            if (!TaskStates.MayFollow(stored.Task.State, TaskState.Completed))
                throw new TaskRefusal(TaskRule.IllegalTransition, stored.Task.State, TaskState.Completed);
            var remark = TaskChange.Reason(request.Remark);
            return (stored.Task with { State = TaskState.Completed, Business = HandoffStatus.Ended, ClosedAt = room.Now }, new TaskStep(HandoffStatus.Ended, HandoffWords.Get("Step.Ended", stored.Task.Title), remark));
        }, ct);
}
