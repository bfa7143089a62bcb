using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// What time does to tasks and hand-offs: reminders, escalations, the next of a series. Rows say when they want to be looked at; whoever claims one
/// by a conditional update, on whichever node and after whatever restart, is the one who tells, in the same transaction.
/// </summary>
internal sealed class TaskClock(CareDesk desk, TaskFiling tasks, PeopleDirectory people, TimeProvider clock, ILogger<TaskClock> log)
{
    private const int AtOnce = 200;

    /// <summary>So long before an absence begins people are told what nobody else can do.</summary>
    internal static readonly TimeSpan WarnAhead = TimeSpan.FromDays(14);
    private static readonly TimeSpan LookAtAbsencesEvery = TimeSpan.FromMinutes(1);
    private DateTime _lookedAtAbsences;

    /// <summary>Does all that is due now.</summary>
    /// <returns>How many tasks were looked at.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var done = 0;
        while (!ct.IsCancellationRequested)
        {
            var now = clock.UtcMicroseconds();
            var due = await desk.ReadForTheClockAsync(session => TaskSql.Due(session, now, AtOnce), ct);
            var failed = 0;
            foreach (var (patient, id) in due.Distinct())
                failed += await TryAsync(patient, id, Look, ct) ? 0 : 1;
            done += due.Count;
            if (due.Count < AtOnce || failed > 0)
                break; // what failed is still due: the next beat tries again
        }

        await WarnOfAbsencesAsync(ct);
        return done;
    }

    /// <summary>Tells owner, accountable and coordinator, each once, of a task that falls due while its owner is away and that no colleague can take.</summary>
    private async Task WarnOfAbsencesAsync(CancellationToken ct)
    {
        var now = clock.UtcMicroseconds();
        if (now - _lookedAtAbsences < LookAtAbsencesEvery)
            return;
        _lookedAtAbsences = now;
        var left = await desk.ReadForTheClockAsync(session => TeamSql.AbsencesBefore(session, now, now + WarnAhead).SelectMany(a => TeamSql.DueWhileAway(session, a, (int)NoticeKind.NobodyLeft).Where(t => NobodyCan(session, t.Patient, t.Id, now))).ToList(), ct);
        foreach (var (patient, id) in left)
            await TryAsync(patient, id, Warn, ct);
    }

    /// <summary>Each task in a transaction of its own: one that cannot be looked at keeps no other from being told.</summary>
    private async Task<bool> TryAsync(PatientId patient, string id, Func<RoomWriter, string, bool> look, CancellationToken ct)
    {
        try
        {
            await desk.RoomForTheClock(patient).CommitAsync((writer, _) => ValueTask.FromResult(look(writer, id)), ct);
            return true;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            TasksLog.NotLookedAt(log, fault, id);
            return false;
        }
    }

    /// <summary>Nobody of the same role or organisation is on the team, may see it, and is there when it is due.</summary>
    private bool NobodyCan(DbSession session, PatientId patient, string id, DateTime now)
    {
        if (TaskSql.Find(session, patient, id) is not { Open: true, OwnerId: { } owner, DueAt: { } due } row || people.Find(owner) is not { } away || !TeamSql.IsAway(session, owner, due))
            return false;
        var parties = new[] { TaskParty.OfRole(away.Discipline, ""), away.Organisation is { } organisation ? TaskParty.OfOrganisation(organisation) : null };
        // Somebody who is there was asked to take it over: that question has its own limit and its own reminders.
        if (row.DelegateId is { } asked ? !TeamSql.IsAway(session, asked, due) : row.DelegateName is not null)
            return false;
        // Who is on the team when it is due, not now: a membership may end before, or begin.
        var at = due > now ? due : now;
        return !parties.OfType<TaskParty>().SelectMany(p => tasks.Eligible(session, patient, p, row.Audience, row.Category, at)).Any(p => p.Id != owner && !TeamSql.IsAway(session, p.Id, due));
    }

    private bool Warn(RoomWriter writer, string id)
    {
        var (session, room) = (writer.Session, writer.Room);
        // Looked at again inside the transaction: another node may have told it, or somebody took it over.
        if (TeamSql.IsTold(session, id, (int)NoticeKind.NobodyLeft) || !NobodyCan(session, room.Patient, id, room.Now) || TaskSql.Find(session, room.Patient, id) is not { } row)
            return false;
        writer.NextCursor();
        var accountable = CareStore.Accountable(session, room.Patient);
        foreach (var person in new[] { row.OwnerId, row.AccountableId == row.OwnerId ? accountable : row.AccountableId, TaskSql.Coordinator(session, room.Patient) ?? accountable }.OfType<PersonId>().Distinct())
            TaskSql.Tell(session, row, person, (int)NoticeKind.NobodyLeft, room.Now);
        return true;
    }

    private bool Look(RoomWriter writer, string id)
    {
        var (session, room) = (writer.Session, writer.Room);
        if (TaskSql.Find(session, room.Patient, id) is not { } row)
            return false;
        if (row.RepeatAt is { } at && at <= room.Now)
        {
            MakeNext(writer, id);
            row = TaskSql.Find(session, room.Patient, id)!;
        }

        var due = Reminders.Steps(row).Where(s => s.At <= room.Now && (row.Told & Reminders.Bit(s.Kind)) == 0).Select(s => s.Kind).ToList();
        var told = due.Aggregate(row.Told, (bits, kind) => bits | Reminders.Bit(kind));
        if (!TaskSql.Claim(session, row, told, Reminders.Next(row, told)))
            return false; // another node was first
        if (due.Count == 0)
            return true;
        writer.NextCursor(); // wakes the pages of who is told
        var reached = new HashSet<PersonId>();
        // What is late is not told as soon due too, when the portal stood still in between.
        foreach (var kind in due.Where(k => k != NoticeKind.DueSoon || !due.Contains(NoticeKind.OverdueOwner)))
        {
            foreach (var person in Whom(session, row, kind, room.Now))
            {
                // Who is owner, accountable and coordinator in one is told once per round.
                if (reached.Add(person))
                    TaskSql.Tell(session, row, person, (int)kind, room.Now);
            }
        }

        if (due.Contains(NoticeKind.PeriodOver) && tasks.FindAny(session, room.Patient, id) is { Task: { State: TaskState.InProgress } part } running)
        {
            tasks.Change(writer, running, part with { State = TaskState.Completed, Business = Handoffs.HandoffStatus.Ended, ClosedAt = room.Now }, TaskParty.Of(Actor.Portal) with { Person = null },
                new TaskStep(Handoffs.HandoffStatus.Ended, Handoffs.HandoffWords.Get("Step.Ended", part.Title), Handoffs.HandoffWords.Get("Step.Ended.Over")));
        }

        if (row.IsHandoff && row.Business != Handoffs.HandoffStatus.Escalated && due.Contains(NoticeKind.UntakenOwner) && tasks.FindAny(session, room.Patient, id) is { } stored)
        {
            tasks.Change(writer, stored, stored.Task with { Business = Handoffs.HandoffStatus.Escalated }, TaskParty.Of(Actor.Portal) with { Person = null },
                new TaskStep(Handoffs.HandoffStatus.Escalated, Handoffs.HandoffWords.Get("Step.Escalated", stored.Task.Title), Handoffs.HandoffWords.Get("Step.Escalated.Said", people.Find(row.AccountableId ?? default)?.DisplayName ?? row.RequesterName)));
        }

        return true;
    }

    /// <summary>Who is told: the person, or everyone of a role or queue who could take it.</summary>
    private IEnumerable<PersonId> Whom(DbSession session, TaskRow row, NoticeKind kind, DateTime now)
    {
        switch (kind)
        {
            case NoticeKind.DueSoon or NoticeKind.OverdueOwner or NoticeKind.UntakenOwner:
                if (kind == NoticeKind.UntakenOwner && row.DelegateId is { } asked)
                    return [asked];
                if (row.OwnerId is { } owner)
                    return [owner];
                var party = row.OwnerKind == OwnerKind.Organisation ? TaskParty.OfOrganisation(row.OwnerOrganisation ?? "") : TaskParty.OfRole(row.OwnerRole ?? Discipline.Unknown, "");
                var queue = tasks.Eligible(session, row.PatientId, party, row.Audience, row.Category, now).ConvertAll(p => p.Id);
                return queue.Count > 0 ? queue : Answering(row);
            case NoticeKind.PeriodOver:
                return new[] { row.OwnerId, CareStore.Accountable(session, row.PatientId) }.OfType<PersonId>().Distinct();
            case NoticeKind.OverdueCoordinator or NoticeKind.UntakenCoordinator:
                return TaskSql.Coordinator(session, row.PatientId) is { } coordinator ? [coordinator] : CareStore.Accountable(session, row.PatientId) is { } accountable ? [accountable] : [];
            default:
                return Answering(row);
        }
    }

    private static IEnumerable<PersonId> Answering(TaskRow row) => row.AccountableId is { } accountable ? [accountable] : [];

    private void MakeNext(RoomWriter writer, string id)
    {
        if (tasks.FindAny(writer.Session, writer.Room.Patient, id) is not { Task: { NextIsMade: false } task } stored)
            return;
        var me = TaskParty.Of(Actor.Portal) with { Person = null };
        var next = task.NextOfSeries(Guid.CreateVersion7(new DateTimeOffset(writer.Room.Now)).ToString(), writer.Room.Now);
        while (next is { DueAt: { } due } && due <= writer.Room.Now && next.Repeat!.Next(due, next.SeriesStart!.Value) is { } later)
            next = next with { DueAt = later }; // what nobody could do any more while the portal stood still is not made
        tasks.Change(writer, stored, task with { NextIsMade = true, SeriesStart = task.SeriesStart ?? task.DueAt }, me, null);
        // Who did it may have left since: nobody of it is on the team, so it is asked of who is accountable for the patient.
        if (next is { Owner: { } owner } && tasks.Eligible(writer.Session, writer.Room.Patient, owner, next.Audience, next.Needs, writer.Room.Now).Count == 0
            && CareStore.Accountable(writer.Session, writer.Room.Patient) is { } accountable && people.Find(accountable) is { } person)
            next = next with { Owner = TaskParty.Of(person), State = TaskState.Requested, AcceptedAt = null };
        if (next is not null)
            tasks.Add(writer, next with { AcceptBy = next.State.IsAsked() ? writer.Room.Now + Reminders.AcceptWithin(next.Priority) : null }, me, "portal");
    }
}

/// <summary>Lets <see cref="TaskClock"/> look every few seconds.</summary>
internal sealed class TaskClockService(TaskClock tasks, TimeProvider clock, ILogger<TaskClockService> log) : BeatingService(Beat, clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override Task OnBeatAsync(CancellationToken ct) => tasks.RunAsync(ct);

    /// <inheritdoc/>
    protected override void OnFault(Exception fault) => TasksLog.ClockFailed(log, fault); // the database is away: the rows still say what is due
}
