using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Timeline;
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
internal sealed class EndMembership(CareDesk desk, LeavingTasks leavingTasks, PeopleDirectory people) : PatientUseCase<EndMembership.Request, EndMembership.Result>(desk)
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
    internal static bool NeedsOwner(TaskRow row, PersonId person) => LeavingTasks.NeedsOwner(row, person);

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
        var ownerless = held.Where(t => NeedsOwner(t, person) && !leavingTasks.CanTake(session, room, t, request.NewOwners.GetValueOrDefault(t.Id), person)).ToList();
        if (ownerless.Count > 0)
        {
            // What this person may not see is not named to them, only that it is there.
            var seen = ownerless.Where(t => room.Reach.Sees(t.Audience, t.Category)).Select(t => t.Title).ToList();
            return new Ownerless(seen.Count == ownerless.Count ? seen : [.. seen, TaskWords.Get("Left.Unseen")]);
        }


        var relation = RelationSql.Find(session, room.Patient, person, now);
        TeamSql.End(session, room.Patient, person, now);
        writer.NextCursor();
        // Until the new owner takes it on, somebody of the team who may read it answers: who does this, else who is accountable for the patient.
        var answers = Filing.AccountableWho(session, people, room.Rules, room.Patient, now);
        foreach (var task in held)
        {
            var keeper = room.Actor.Person != person && SharingRules.AnswersForCare(room.Actor.Discipline) && room.Reach.Sees(task.Audience, task.Category) ? TaskParty.Of(room.Actor)
                : answers(task.Audience, task.Category, null) is { } a && people.Find(a) is { } row ? TaskParty.Of(row) : null;
            leavingTasks.Settle(writer, task, person, request.NewOwners.GetValueOrDefault(task.Id), keeper, request.Reason);
        }

        TeamSql.FallToAccountable(session, room.Patient, person, now, answers);
        foreach (var question in TeamSql.QuestionsOf(session, room.Patient, person))
            TeamSql.SetReplyOwner(session, room.Patient, question, (CareStore.FindEntry(session, room.Patient, question) is { } entry ? Filing.NextAnswerer(session, people, room.Rules, room.Patient, entry, now, person) : null) ?? accountable, writer.NextCursor());
        if (TaskSql.Coordinator(session, room.Patient) == person)
            TaskSql.SetCoordinator(session, room.Patient, null, now);
        RelationSql.Tell(session, room.Patient, person, RelationStep.Ended, relation?.Kind ?? RelationKind.Unknown, now, now, room.Actor.Person, request.Reason is null ? null : SafeText.Line(request.Reason, 500), now);
        writer.RightsChanged();
        writer.Record(CareAction.ManageTeam, $"left/{person.Value}");
        return new Left();
    }
}
