using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Gives what somebody has open to others, in the transaction in which that person leaves the team or may not see it any more: no task is without an owner in between.</summary>
internal sealed class LeavingTasks(TaskFiling tasks, PeopleDirectory people)
{
    /// <summary>Why it goes on; the words of the step.</summary>
    internal enum Cause
    {
        /// <summary>Leaves the team.</summary>
        Leaves,

        /// <summary>Stays, or not: may not see it any more. The words do not say why.</summary>
        MayNotSee,
    }

    /// <summary>Somebody has to be found for it; the rest ends or falls back by itself.</summary>
    public static bool NeedsOwner(TaskRow row, PersonId person) => row.OwnerId == person && (TaskState)row.Status != TaskState.Draft && (!row.IsHandoff || ((TaskState)row.Status).IsAsked());

    /// <summary>Whether a party, without who leaves, could take a task.</summary>
    public bool CanTake(DbSession session, PatientRoom room, TaskRow task, TaskParty? to, PersonId leaving) =>
        to is not null && tasks.Eligible(session, room.Patient, to, task.Audience, task.Category, room.Now).Exists(p => p.Id != leaving && (!task.IsHandoff || room.Rules.MayIn(p, room.Patient, CareAction.HandOff)));

    /// <summary>Settles one task. <paramref name="to"/> is needed when <see cref="NeedsOwner"/> says so.</summary>
    /// <param name="keeper">Who answers until the new owner takes it on.</param>
    public void Settle(RoomWriter writer, TaskRow row, PersonId leaving, TaskParty? to, TaskParty? keeper, string? reason, Cause cause = Cause.Leaves)
    {
        var room = writer.Room;
        if (tasks.FindAny(writer.Session, room.Patient, row.Id) is not { Task: { IsOpen: true } task } stored)
            return;
        var said = TaskChange.Reason(SafeText.Lines(reason, TaskLimits.LongestReason)); // the form takes less
        var name = people.Find(leaving)?.DisplayName ?? "";
        var words = cause == Cause.Leaves ? "Step.Left" : "Step.Closed";
        var why = TaskWords.Get(cause == Cause.Leaves ? "Left.Reason" : "Closed.Reason", name);
        CareTask next;
        TaskStep step;
        if (NeedsOwner(row, leaving))
        {
            var acceptBy = room.Now + Reminders.AcceptWithin(task.Priority);
            step = new("reassigned", TaskWords.Get(words, task.Title, name, to!.Display), said);
            next = to.Person == room.Actor.Person && !task.IsHandoff ? task with { Owner = to, Delegate = null, AcceptBy = null, AcceptedAt = room.Now, State = task.State.IsAsked() ? TaskState.Ready : task.State }
                : task.State.IsAsked() ? task with { Owner = to, AcceptBy = acceptBy, State = TaskState.Requested, Business = task.IsHandoff ? HandoffStatus.Offered : task.Business }
                : to.IsSame(keeper) ? task with { Owner = keeper, Delegate = null, AcceptBy = null, AcceptedAt = room.Now }
                : task with { Owner = keeper ?? to, Delegate = keeper is null ? null : to, AcceptBy = acceptBy, AcceptedAt = room.Now };
        }
        else if (task.Delegate?.Person == leaving)
        {
            step = new("kept", TaskWords.Get("Step.Kept", task.Title, task.Owner?.Display), said);
            next = task with { Delegate = null, AcceptBy = null };
        }
        else if (task.IsHandoff && task.State.IsAsked())
        {
            step = new(HandoffStatus.Withdrawn, TaskWords.Get(words + "Withdrawn", task.Title, name), said);
            next = task with { State = TaskState.Cancelled, Business = HandoffStatus.Withdrawn, ClosedAt = room.Now, Reason = said ?? why };
        }
        else if (task.IsHandoff && task.Owner?.Person == leaving)
        {
            step = new(HandoffStatus.Ended, TaskWords.Get(words + "Ended", task.Title, name), said);
            next = task with { State = TaskState.Completed, Business = HandoffStatus.Ended, ClosedAt = room.Now };
        }
        else if (task.State == TaskState.Draft && task.Requester?.Person != leaving)
        {
            return; // a concept of somebody else: whom to ask instead is asked when it is asked
        }
        else if (task.State == TaskState.Draft)
        {
            step = new(TaskState.Cancelled.Code(), TaskWords.Moved(task, TaskState.Cancelled), said);
            next = task with { State = TaskState.Cancelled, ClosedAt = room.Now, Reason = said ?? why, NeverAsked = true };
        }
        else
        {
            return; // somebody else has to take it on: what the leaver answered for falls to who is accountable
        }

        tasks.Change(writer, stored, next, PartyOf(room.Actor), step);
    }

    private static TaskParty PartyOf(Actor actor) => actor.Person == Actor.Portal.Person ? TaskParty.Of(actor) with { Person = null } : TaskParty.Of(actor);
}
