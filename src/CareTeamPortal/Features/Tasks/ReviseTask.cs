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
                if (wanted.DueAt is null && task.Repeat is not null)
                    throw new TaskRefusal(TaskRule.RepeatNeedsDeadline, task.State);
                task = task with { Title = wanted.Title, DueAt = wanted.DueAt, Priority = wanted.Priority, Detail = wanted.Detail };
            }

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

            // Who takes a task of a role or a queue becomes its owner by taking it; the body still names the role, or already the person.
            var takes = wanted.State.IsTaken() && wanted.Owner?.Person == room.Actor.Person && actor.IsIn(task.Owner);
            if (wanted.Owner is { } owner && !owner.IsSame(task.Owner ?? task.Requester) && !takes)
            {
                if (tasks.Eligible(writer.Session, room.Patient, owner, task.Audience, InformationCategory.Tasks, room.Now).Count == 0)
                    throw new TaskRefusal(TaskRule.MayNotSee, task.State);
                task = task.Assign(owner, actor, room.Now + Reminders.AcceptWithin(task.Priority));
                step = new TaskStep(task.Delegate is null ? "reassigned" : "delegated", TaskWords.Get(task.Delegate is null ? "Step.Reassigned" : "Step.Delegated", task.Title, owner.Display));
            }

            if (wanted.State != stored.Task.State)
            {
                var reason = TaskChange.Reason(wanted.Reason);
                var before = task;
                task = task.MoveTo(wanted.State, actor, reason, room.Now);
                TaskChange.MayBeAsked(writer, tasks, before, task);
                step = new TaskStep(wanted.State.Code(), TaskWords.Moved(task, wanted.State), reason);
            }
            else if (task.State.IsOpen() && !actor.MayAssign(stored.Task))
            {
                throw new TaskRefusal(TaskRule.NotYours, task.State);
            }

            // It may be closed to more eyes, never opened to more, and not closed to one's own.
            var audience = wanted.Audience & stored.Task.Audience;
            // Nor to the eyes of who has it or is asked: they would answer for what they cannot read.
            if (audience != stored.Task.Audience && new[] { task.Owner ?? task.Requester, task.Delegate }.OfType<TaskParty>()
                .Any(p => tasks.Eligible(writer.Session, room.Patient, p, audience, InformationCategory.Tasks, room.Now).Count == 0))
                throw new TaskRefusal(TaskRule.MayNotSee, task.State);
            return (audience & room.Reach.Audience) == 0 ? throw new TaskRefusal(TaskRule.MayNotSee, task.State) : (task with { Audience = audience }, step);
        }, ct, request.Source);

    /// <summary>The list as it has to be, null when it stays as it is. Who ticked a line off and when is said by the portal.</summary>
    private static List<ChecklistItem>? Checks(IReadOnlyList<ChecklistItem> present, IReadOnlyList<ChecklistItem> wanted, TaskActor actor, PatientRoom room)
    {
        if (present.Count == wanted.Count && present.Zip(wanted).All(p => p.First.Text == p.Second.Text && p.First.DoneAt is null == p.Second.DoneAt is null))
            return null;
        return [.. wanted.Select(w => (Item: w, Text: SafeText.Line(w.Text, TaskLimits.LongestCheck + 1))).Where(w => w.Text.Length > 0).Select(w =>
            w.Item.DoneAt is null ? new ChecklistItem(w.Text) : present.FirstOrDefault(p => p.Text == w.Text && p.DoneAt is not null) ?? new ChecklistItem(w.Text, room.Now, actor.Party.Display))];
    }
}
