using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>What somebody has open in a file: to be settled before they leave its team.</summary>
/// <param name="NeedOwner">Needs a new owner: a task that is theirs or asked of them, a hand-off that waits for them.</param>
/// <param name="Fall">Ends or falls back by itself: drafts, hand-offs that they offered or hold, questions.</param>
/// <param name="IsAccountable">Accountable for the patient: care must be handed over first.</param>
internal sealed record OpenOnLeaving(IReadOnlyList<TaskView> NeedOwner, IReadOnlyList<TaskView> Fall, int Questions, bool IsAccountable);

/// <summary>What a member has open in this file.</summary>
internal sealed class ReadOpenOnLeaving(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadOpenOnLeaving.Request, OpenOnLeaving?>(desk)
{
    internal sealed record Request(PersonId Person);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<OpenOnLeaving?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        if (!EndMembership.MayEnd(room, request.Person) || !CareStore.IsOnTeam(reader.Session, room.Patient, request.Person, room.Now))
            return ValueTask.FromResult<OpenOnLeaving?>(null);
        var me = people.Find(room.Actor.Person);
        TaskView View(TaskRow row) => TaskView.From(row, "", room.Actor.Person, me, people, room.Now);
        var held = TaskSql.HeldBy(reader.Session, room.Patient, request.Person).Where(t => room.Reach.Sees(t.Audience, t.Category)).ToList();
        return ValueTask.FromResult<OpenOnLeaving?>(new OpenOnLeaving(
            [.. held.Where(t => EndMembership.NeedsOwner(t, request.Person)).Select(View)], [.. held.Where(t => !EndMembership.NeedsOwner(t, request.Person)).Select(View)],
            TeamSql.QuestionsOf(reader.Session, room.Patient, request.Person).Count, CareStore.Accountable(reader.Session, room.Patient) == request.Person));
    }, ct);
}

/// <summary>
/// Leaves a team, or ends somebody's membership. All that is open on that person gets a new owner in the same transaction; while something would be
/// without one, nothing happens.
/// </summary>
internal sealed class EndMembership(CareDesk desk, TaskFiling tasks, PeopleDirectory people) : PatientUseCase<EndMembership.Request, EndMembership.Result>(desk)
{
    /// <param name="NewOwners">Who gets which task, by task id.</param>
    internal sealed record Request(PersonId Person, string? Reason, IReadOnlyDictionary<string, TaskParty> NewOwners);

    internal abstract record Result;

    internal sealed record Left : Result;

    /// <summary>There is no such member, or this person may not end it.</summary>
    internal sealed record NotPossible : Result;

    /// <summary>Accountable for the patient: care is handed over first.</summary>
    internal sealed record AccountableFirst : Result;

    /// <summary>These would be without an owner, or whom they were given may not see them. Nothing was written.</summary>
    internal sealed record Ownerless(IReadOnlyList<string> Titles) : Result;

    protected override CareAction Needs => CareAction.Read; // leaving is everyone's own; for others see MayEnd

    internal static bool MayEnd(PatientRoom room, PersonId person) => (room.Actor.Person == person && room.Actor.OwnFile != room.Patient) || (room.May(CareAction.ManageTeam) && person != room.Actor.Person);

    /// <summary>Somebody has to be chosen for it; the rest ends or falls back by itself.</summary>
    internal static bool NeedsOwner(TaskRow row, PersonId person) => row.OwnerId == person && (TaskState)row.Status != TaskState.Draft && (!row.IsHandoff || ((TaskState)row.Status).IsAsked());

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) => ValueTask.FromResult(End(writer, request)), ct);

    private Result End(RoomWriter writer, Request request)
    {
        var (session, room) = (writer.Session, writer.Room);
        var (person, now) = (request.Person, room.Now);
        if (!MayEnd(room, person) || people.Find(person) is not { } leaving || leaving.OwnFile == room.Patient || !CareStore.IsOnTeam(session, room.Patient, person, now))
            return new NotPossible();
        var accountable = CareStore.Accountable(session, room.Patient);
        if (accountable == person)
            return new AccountableFirst();
        var held = TaskSql.HeldBy(session, room.Patient, person);
        var ownerless = held.Where(t => NeedsOwner(t, person) && !CanTake(session, room, t, request.NewOwners.GetValueOrDefault(t.Id), person)).ToList();
        if (ownerless.Count > 0)
        {
            // What this person may not see is not named to them, only that it is there.
            var seen = ownerless.Where(t => room.Reach.Sees(t.Audience, t.Category)).Select(t => t.Title).ToList();
            return new Ownerless(seen.Count == ownerless.Count ? seen : [.. seen, TaskWords.Get("Left.Unseen")]);
        }


        TeamSql.End(session, room.Patient, person, now);
        writer.NextCursor();
        // Until the new owner takes it on, somebody of the team answers: who does this, else who is accountable for the patient.
        var keeper = room.Actor.Person != person && SharingRules.AnswersForCare(room.Actor.Discipline) ? TaskParty.Of(room.Actor) : accountable is { } a && people.Find(a) is { } row ? TaskParty.Of(row) : null;
        foreach (var task in held)
            Settle(writer, task, person, request.NewOwners.GetValueOrDefault(task.Id), keeper, request.Reason);
        TeamSql.FallToAccountable(session, room.Patient, person, accountable);
        foreach (var question in TeamSql.QuestionsOf(session, room.Patient, person))
            TeamSql.SetReplyOwner(session, room.Patient, question, accountable, writer.NextCursor());
        if (TaskSql.Coordinator(session, room.Patient) == person)
            TaskSql.SetCoordinator(session, room.Patient, null, now);
        CareStore.InsertAccessRecord(session, room.Patient, room.Actor.Person, now, room.Actor.OwnFile == room.Patient ? AccessPurpose.OwnFile : AccessPurpose.Care, room.Source, CareAction.ManageTeam, true, $"left/{person.Value}");
        return new Left();
    }

    private bool CanTake(DbSession session, PatientRoom room, TaskRow task, TaskParty? to, PersonId leaving) =>
        to is not null && tasks.Eligible(session, room.Patient, to, task.Audience, task.Category, room.Now).Exists(p => p.Id != leaving && (!task.IsHandoff || room.Rules.MayIn(p, room.Patient, CareAction.HandOff)));

    private void Settle(RoomWriter writer, TaskRow row, PersonId leaving, TaskParty? to, TaskParty? keeper, string? reason)
    {
        var room = writer.Room;
        if (tasks.FindAny(writer.Session, room.Patient, row.Id) is not { Task: { IsOpen: true } task } stored)
            return;
        var said = TaskChange.Reason(SafeText.Lines(reason, TaskLimits.LongestReason)); // the form takes less
        var name = people.Find(leaving)?.DisplayName ?? "";
        CareTask next;
        TaskStep step;
        if (NeedsOwner(row, leaving))
        {
            var acceptBy = room.Now + Reminders.AcceptWithin(task.Priority);
            step = new("reassigned", TaskWords.Get("Step.Left", task.Title, name, to!.Display), said);
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
            step = new(HandoffStatus.Withdrawn, TaskWords.Get("Step.LeftWithdrawn", task.Title, name), said);
            next = task with { State = TaskState.Cancelled, Business = HandoffStatus.Withdrawn, ClosedAt = room.Now, Reason = said ?? TaskWords.Get("Left.Reason", name) };
        }
        else if (task.IsHandoff && task.Owner?.Person == leaving)
        {
            step = new(HandoffStatus.Ended, TaskWords.Get("Step.LeftEnded", task.Title, name), said);
            next = task with { State = TaskState.Completed, Business = HandoffStatus.Ended, ClosedAt = room.Now };
        }
        else if (task.State == TaskState.Draft && task.Requester?.Person != leaving)
        {
            return; // a concept of somebody else: whom to ask instead is asked when it is asked
        }
        else if (task.State == TaskState.Draft)
        {
            step = new(TaskState.Cancelled.Code(), TaskWords.Moved(task, TaskState.Cancelled), said);
            next = task with { State = TaskState.Cancelled, ClosedAt = room.Now, Reason = said ?? TaskWords.Get("Left.Reason", name), NeverAsked = true };
        }
        else
        {
            return; // somebody else has to take it on: what the leaver answered for falls to who is accountable
        }

        tasks.Change(writer, stored, next, TaskParty.Of(room.Actor), step);
    }
}
