using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Puts a whole task as a program sends it in the place of the stored one: what differs are edits, another owner, another state, in that order, all or nothing.</summary>
internal sealed class ReviseTask(CareDesk desk, TaskFiling tasks) : PatientUseCase<ReviseTask.Request, TaskResult>(desk)
{
    /// <param name="Wanted">The task as it has to be.</param>
    /// <param name="Source">The Task as it came; kept in what we do not know.</param>
    internal sealed record Request(string Id, CareTask Wanted, byte[] Source, int SeenVersion);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        TaskChange.RunAsync(room, tasks, request.Id, request.SeenVersion, (writer, stored, actor) =>
        {
            var (task, wanted) = (stored.Task, request.Wanted);
            if (task.IsHandoff)
                throw new TaskRefusal(TaskRule.IllegalTransition, task.State, wanted.State);
            var step = new TaskStep("edited", TaskWords.Get("Step.Edited", task.Title));
            var checks = Checks(task.Checklist, wanted.Checklist, actor, room);
            if (wanted.Title != task.Title || wanted.DueAt != task.DueAt || wanted.Priority != task.Priority || wanted.Detail != task.Detail)
            {
                if (!task.IsOpen)
                    throw new TaskRefusal(TaskRule.Closed, task.State);
                if (!actor.MayAssign(task))
                    throw new TaskRefusal(TaskRule.NotYours, task.State);
                if (TaskLimits.Broken(wanted.Title, wanted.Detail == task.Detail ? null : wanted.Detail, null) is { } broken)
                    throw new TaskRefusal(broken, task.State);
                if (wanted.DueAt != task.DueAt && wanted.DueAt <= room.Now)
                    throw new TaskRefusal(TaskRule.BadDeadline, task.State);
                if (wanted.DueAt is null && wanted.Repeat is not null)
                    throw new TaskRefusal(TaskRule.RepeatNeedsDeadline, task.State);
                task = task with { Title = wanted.Title, DueAt = wanted.DueAt, Priority = wanted.Priority, Detail = wanted.Detail };
            }

            task = Around(writer, stored, task, wanted, actor);

            if (checks is not null)
            {
                if (!task.IsOpen)
                    throw new TaskRefusal(TaskRule.Closed, task.State);
                if (TaskLimits.Broken(task.Title, null, [.. checks.Select(c => c.Text)]) is { } broken)
                    throw new TaskRefusal(broken, task.State);
                // Who has it ticks off; what has to be ticked off is written by whose task it is.
                if (!actor.MayAssign(task) && !(actor.IsIn(task.Owner ?? task.Requester) && checks.Select(c => c.Text).SequenceEqual(task.Checklist.Select(c => c.Text))))
                    throw new TaskRefusal(TaskRule.NotYours, task.State);
                task = task with { Checklist = checks };
            }

            if (task.Delegate is { } asked && wanted.State.IsOpen())
            {
                if (wanted.Owner?.Person == room.Actor.Person && actor.IsIn(asked))
                {
                    task = task.TakeOver(actor, room.Now);
                    step = new TaskStep("taken-over", TaskWords.Get("Step.TakenOver", task.Title));
                }
                else if (wanted.Delegate is null && wanted.Owner?.IsSame(task.Owner) != false)
                {
                    task = task.KeepWithOwner(actor);
                    step = new TaskStep("kept", TaskWords.Get("Step.Kept", task.Title, task.Owner?.Display));
                }
            }

            // Who takes a task of a role or a queue becomes its owner by taking it; the body still names the role, or already the person.
            var takes = wanted.State.IsTaken() && wanted.Owner?.Person == room.Actor.Person && actor.IsIn(task.Owner);
            if (wanted.Owner is { } owner && !owner.IsSame(task.Owner ?? task.Requester) && !takes)
            {
                if (tasks.Eligible(writer.Session, room.Patient, owner, task.Audience, task.Needs, room.Now).Count == 0)
                    throw new TaskRefusal(TaskRule.MayNotSee, task.State);
                task = task.Assign(owner, actor, room.Now + Reminders.AcceptWithin(task.Priority));
                step = new TaskStep(task.Delegate is null ? "reassigned" : "delegated", TaskWords.Get(task.Delegate is null ? "Step.Reassigned" : "Step.Delegated", task.Title, owner.Display));
            }

            if (wanted.State != stored.Task.State)
            {
                var reason = TaskChange.Reason(wanted.Reason);
                var before = task;
                task = task.MoveTo(wanted.State, actor, reason, room.Now);
                TaskChange.MayBeTicked(writer, task);
                TaskChange.MayBeAsked(writer, tasks, before, task);
                step = new TaskStep(wanted.State.Code(), TaskWords.Moved(task, wanted.State), reason);
            }
            else if (step.Code == "edited" && !actor.MayAssign(stored.Task))
            {
                throw new TaskRefusal(TaskRule.NotYours, task.State);
            }

            // It may be closed to more eyes, never opened to more, and not closed to one's own.
            var audience = wanted.Audience & stored.Task.Audience;
            var protection = stored.Task.Protection != InformationCategory.None ? stored.Task.Protection : wanted.Protection;
            // Nor to the eyes of who has it or is asked: they would answer for what they cannot read.
            if ((audience != stored.Task.Audience || protection != stored.Task.Protection) && new[] { task.Owner ?? task.Requester, task.Delegate }.OfType<TaskParty>()
                .Any(p => tasks.Eligible(writer.Session, room.Patient, p, audience, InformationCategory.Tasks | protection, room.Now).Count == 0))
                throw new TaskRefusal(TaskRule.MayNotSee, task.State);
            return (audience & room.Reach.Audience) == 0 || (protection & ~room.Reach.Categories) != 0 ? throw new TaskRefusal(TaskRule.MayNotSee, task.State) : (task with { Audience = audience, Protection = protection }, step);
        }, ct, request.Source);

    /// <summary>What stands around the words of a task: how it comes back, what it is about and serves, its files.</summary>
    private static CareTask Around(RoomWriter writer, StoredTask stored, CareTask task, CareTask wanted, TaskActor actor)
    {
        var (session, room) = (writer.Session, writer.Room);
        // Where a series began is the portal's to say, and who is asked to take over is asked as owner: another word about it is not passed over in silence.
        if (Differs(wanted.SeriesStart, stored.Task.SeriesStart) || (wanted.NextIsMade && !stored.Task.NextIsMade) || wanted.Delegate?.IsSame(stored.Task.Delegate) == false)
            throw new TaskRefusal(TaskRule.PortalSays, task.State);
        var files = wanted.Attachments.Select(a => a.Id).SequenceEqual(task.Attachments.Select(a => a.Id)) ? null : wanted.Attachments;
        if (wanted.Repeat == task.Repeat && wanted.Goal == task.Goal && wanted.Focus == task.Focus && files is null)
            return task;
        if (!task.IsOpen)
            throw new TaskRefusal(TaskRule.Closed, task.State);
        if (!actor.MayAssign(stored.Task))
            throw new TaskRefusal(TaskRule.NotYours, task.State);
        if ((wanted.Goal is { } goal && goal != task.Goal && !CreateTask.IsInFile(session, room, goal)) || (wanted.Focus is { } focus && focus != task.Focus && !CreateTask.IsInFile(session, room, focus)))
            throw new TaskRefusal(TaskRule.NotInFile, task.State);
        if (wanted.Goal is { } served && served != task.Goal && !CreateTask.IsSeenWith(session, served, task))
            throw new TaskRefusal(TaskRule.GoalForFewer, task.State);
        if (files?.All(a => CareStore.MayAttach(session, room.Patient, a.Id, stored.Row.Seq, room.Actor.Person)) == false)
            throw new TaskRefusal(TaskRule.UnknownFile, task.State);
        task = task.RepeatBy(wanted.Repeat) with { Goal = wanted.Goal, Focus = wanted.Focus };
        return files is null ? task : task with { Attachments = [.. files.DistinctBy(a => a.Id).Select(a => task.Attachments.FirstOrDefault(t => t.Id == a.Id) is { Id: not null } known ? known : (a.Id, SafeText.Line(a.Name, 200)))] };
    }

    /// <summary>Whether a moment that was sent is another one; a program may write it to the second.</summary>
    private static bool Differs(DateTime? sent, DateTime? stored) => sent is { } at && (stored is not { } was || (at - was).Duration() >= TimeSpan.FromSeconds(1));

    /// <summary>The list as it has to be, null when it stays as it is. Who ticked a line off and when is said by the portal.</summary>
    private static List<ChecklistItem>? Checks(IReadOnlyList<ChecklistItem> present, IReadOnlyList<ChecklistItem> wanted, TaskActor actor, PatientRoom room)
    {
        if (present.Count == wanted.Count && present.Zip(wanted).All(p => p.First.Text == p.Second.Text && p.First.DoneAt is null == p.Second.DoneAt is null))
            return null;
        return [.. wanted.Select(w => (Item: w, Text: SafeText.Line(w.Text, TaskLimits.LongestCheck + 1))).Where(w => w.Text.Length > 0).Select(w =>
            w.Item.DoneAt is null ? new ChecklistItem(w.Text) : present.FirstOrDefault(p => p.Text == w.Text && p.DoneAt is not null) ?? new ChecklistItem(w.Text, room.Now, actor.Party.Display))];
    }
}
