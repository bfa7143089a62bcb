using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Handoffs;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Tasks;

/// <summary>What holds for every history, tried on random ones. A failure prints the seed that repeats it.</summary>
public sealed class TaskInvariantTests(ITestOutputHelper output)
{
    private static readonly PersonRow[] People = [Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter];

    /// <summary>The table of standards.md, written down a second time on purpose.</summary>
    private static readonly Dictionary<TaskState, TaskState[]> Model = new()
    {
        [TaskState.Draft] = [TaskState.Requested, TaskState.Ready, TaskState.Cancelled],
        [TaskState.Requested] = [TaskState.Received, TaskState.Accepted, TaskState.Rejected, TaskState.Cancelled],
        [TaskState.Received] = [TaskState.Accepted, TaskState.Rejected, TaskState.Cancelled],
        [TaskState.Accepted] = [TaskState.Ready, TaskState.InProgress, TaskState.Cancelled],
        [TaskState.Ready] = [TaskState.InProgress, TaskState.Cancelled],
        [TaskState.InProgress] = [TaskState.OnHold, TaskState.Completed, TaskState.Failed, TaskState.Cancelled],
        [TaskState.OnHold] = [TaskState.InProgress, TaskState.Failed, TaskState.Cancelled],
        [TaskState.Rejected] = [], [TaskState.Cancelled] = [], [TaskState.Failed] = [], [TaskState.Completed] = [], [TaskState.EnteredInError] = [],
    };

    private static bool IsFinal(TaskState state) => Model[state].Length == 0;

    private sealed class Modelled(string id, PersonRow requester, PersonRow owner)
    {
        public string Id => id;
        public PersonRow Requester => requester;
        public PersonRow Owner { get; set; } = owner;
        public PersonRow? Asked { get; set; }
        public TaskState State { get; set; }

        public bool IsTaken => State is TaskState.Accepted or TaskState.Ready or TaskState.InProgress or TaskState.OnHold;

        /// <summary>Who has to answer for it, by the promise: the owner who took it on, else who asked.</summary>
        public PersonRow Accountable => IsTaken ? Owner : Requester;

        public bool Expect(TaskState to, PersonRow by, bool reason)
        {
            var legal = to == TaskState.EnteredInError ? State != TaskState.EnteredInError : Model[State].Contains(to);
            var may = to switch
            {
                TaskState.EnteredInError or TaskState.Requested => by == Requester,
                TaskState.Ready when State == TaskState.Draft => by == Requester && by == Owner, // nobody makes it somebody else's
                TaskState.Cancelled => by == Requester || by == Who.Karel || (IsTaken && by == Owner),
                _ => by == Owner,
            };
            var needs = to is TaskState.Rejected or TaskState.Failed or TaskState.Cancelled or TaskState.OnHold or TaskState.EnteredInError;
            return legal && may && (reason || !needs) && (State != TaskState.Draft || by == Requester); // a concept is its requester's alone
        }
    }

    [Fact]
    public async Task Ten_thousand_random_steps_agree_with_the_table_and_leave_one_line_and_one_record_each()
    {
        var dice = new Dice(output);
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var move = ward.Get<MoveTask>();
        var assign = ward.Get<AssignTask>();
        var answer = ward.Get<AnswerDelegation>();
        var states = Enum.GetValues<TaskState>();
        var live = new List<Modelled>();
        var accepted = 0;
        for (var step = 0; step < 10_000; step++)
        {
            while (live.Count < 8)
            {
                var (requester, owner) = (dice.Of(People), dice.Of(People));
                var isDraft = dice.OneIn(4);
                var made = await ward.TaskAsync(requester, TaskLifeTests.Ask(owner, $"taak {step}") with { IsDraft = isDraft });
                live.Add(new Modelled(made.Id, requester, owner) { State = isDraft ? TaskState.Draft : requester == owner ? TaskState.Ready : TaskState.Requested });
                Assert.Equal(live[^1].State, made.State);
                accepted++;
            }

            var task = dice.Of(live);
            var by = dice.Of(People);
            if (dice.OneIn(8))
            {
                var to = dice.Of(People);
                var expected = !IsFinal(task.State) && (by == task.Requester || by == task.Owner || by == Who.Karel) && to != task.Owner && to != task.Asked && (task.State != TaskState.Draft || by == task.Requester);
                var result = await ward.RunAsync(assign, by, ward.Maria, new(task.Id, TaskParty.Of(to)));
                Assert.True(result is TaskDone == expected, $"step {step}: assign by {by.Id} to {to.Id}: {result}");
                if (expected)
                {
                    accepted++;
                    if (task.IsTaken)
                        task.Asked = to;
                    else
                        (task.Owner, task.State) = (to, task.State == TaskState.Received ? TaskState.Requested : task.State);
                }
            }
            else if (dice.OneIn(8))
            {
                var takes = dice.OneIn(2);
                var expected = !IsFinal(task.State) && task.Asked is not null && (by == task.Asked || (!takes && (by == task.Requester || by == task.Owner || by == Who.Karel)));
                var result = await ward.RunAsync(answer, by, ward.Maria, new(task.Id, takes));
                Assert.True(result is TaskDone == expected, $"step {step}: answer by {by.Id}: {result}");
                if (expected)
                {
                    accepted++;
                    (task.Owner, task.Asked) = (takes ? by : task.Owner, null);
                }
            }
            else
            {
                // Half of them such as people do: a step that the table knows, by somebody who may.
                var likely = dice.OneIn(2) && !IsFinal(task.State);
                var to = likely ? dice.Of(Model[task.State].Where(s => s != TaskState.Ready || task.State != TaskState.Draft || task.Requester == task.Owner).ToArray()) : dice.Of(states);
                by = !likely ? by : to is TaskState.Requested or TaskState.Cancelled || task.State == TaskState.Draft ? task.Requester : task.Owner;
                var reason = likely || dice.OneIn(2);
                var expected = task.Expect(to, by, reason);
                var result = await ward.RunAsync(move, by, ward.Maria, new(task.Id, to, reason ? "omdat het zo is" : null));
                Assert.True(result is TaskDone == expected, $"step {step}: {task.State} to {to} by {by.Id}: {result}");
                if (expected)
                {
                    accepted++;
                    task.State = to;
                }
            }

            if (step % 25 == 0)
            {
                foreach (var each in live.Where(t => !IsFinal(t.State)))
                {
                    var row = (await ward.RowsAsync("SELECT AccountableId, Status FROM Tasks WHERE Id = @p0", each.Id))[0];
                    Assert.Equal((each.Accountable.Id.Value, (long)each.State), ((string)row[0]!, (long)row[1]!));
                }
            }

            live.RemoveAll(t => t.State == TaskState.EnteredInError || (IsFinal(t.State) && dice.OneIn(3)));
        }

        Assert.Equal(accepted, await ward.NumberAsync("SELECT COUNT(*) FROM TimelineEntries"));
        Assert.Equal(accepted, await ward.NumberAsync("SELECT COUNT(*) FROM AccessRecords WHERE What LIKE 'Task/%'"));
        output.WriteLine($"{accepted} accepted");
    }

    [Fact]
    public async Task On_two_connections_at_once_nothing_is_ever_without_somebody_accountable()
    {
        var dice = new Dice(output);
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var other = await ward.AnotherNodeAsync();
        Ward[] nodes = [ward, other];
        var ids = new List<string>();
        for (var round = 0; round < 200; round++)
        {
            var id = Guid.NewGuid().ToString();
            var handoff = dice.OneIn(3);
            var (from, to) = (dice.Of(People), dice.Of(People));
            if (from == to)
                continue;
            if (handoff)
                await HandoffLifeTests.OfferAsync(ward, from, HandoffLifeTests.Offer(TaskParty.Of(to)) with { Id = id });
            else if (dice.OneIn(3))
                await ward.AskAsync(from, ward.Maria, $"vraag {round}", to);
            else
                await ward.TaskAsync(from, TaskLifeTests.Ask(to) with { Id = id });
            ids.Add(id);
            var work = new List<Task>();
            for (var i = 0; i < 8; i++)
            {
                var (node, by, target, aim) = (dice.Of(nodes), dice.Of(People), dice.Of(ids), dice.Next(6));
                var colleague = dice.Of(People);
                work.Add(aim switch
                {
                    0 => node.RunAsync(node.Get<AssignTask>(), by, ward.Maria, new(target, TaskParty.Of(colleague))),
                    1 => node.RunAsync(node.Get<AnswerDelegation>(), by, ward.Maria, new(target, true)),
                    2 => node.RunAsync(node.Get<AcceptHandoff>(), by, ward.Maria, new(target, "Begrepen, ik volg het op.")),
                    3 => node.RunAsync(node.Get<DeclineHandoff>(), by, ward.Maria, new(target, "Ik ben er niet.")),
                    4 => node.RunAsync(node.Get<FinishTask>(), by, ward.Maria, new(target)),
                    _ => node.RunAsync(node.Get<MoveTask>(), by, ward.Maria, new(target, TaskState.Accepted)),
                });
            }

            // While they run, and after: every reader sees everything owned.
            await NothingIsOwnerlessAsync(ward);
            await Task.WhenAll(work);
            await NothingIsOwnerlessAsync(other);
        }

        // A row is what its resource says, and every version that was written is kept.
        foreach (var row in await ward.RowsAsync("SELECT t.Version, r.Version, (SELECT COUNT(*) FROM ResourceVersions v WHERE v.Type = 'Task' AND v.Id = t.Id) FROM Tasks t JOIN Resources r ON r.Type = 'Task' AND r.Id = t.Id"))
            Assert.Equal((row[1], (long)row[1]! - 1), (row[0], row[2]));
    }

    private static async Task NothingIsOwnerlessAsync(Ward ward)
    {
        Assert.Empty(await ward.RowsAsync("SELECT Id FROM Tasks t WHERE t.Open = 1 AND NOT EXISTS (SELECT 1 FROM CareTeamMembers m WHERE m.PatientId = t.PatientId AND m.PersonId = t.AccountableId)"));
        Assert.Empty(await ward.RowsAsync("SELECT Seq FROM TimelineEntries WHERE Kind = @p0 AND AnsweredSeq IS NULL AND Retracted = 0 AND ReplyOwner IS NULL", (int)EntryKind.Question));
        Assert.Empty(await ward.RowsAsync("SELECT Id FROM Patients p WHERE (SELECT COUNT(*) FROM AccountabilityPeriods a WHERE a.PatientId = p.Id AND a.Until IS NULL) <> 1 OR AccountableId IS NULL"));
    }

    [Fact]
    public async Task Of_twenty_who_accept_a_hand_off_at_the_same_time_exactly_one_wins_a_hundred_times()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Tom));
        var nurses = Enumerable.Range(1, 20).Select(i => new PersonRow { Id = new($"nurse.{i}"), DisplayName = $"Verpleegkundige {i}", Discipline = Discipline.HomeNurse, Line = CareLine.First, RoleTitle = "thuisverpleegkundige", FhirType = "Practitioner" }).ToList();
        await ward.People.KeepAsync(nurses, CancellationToken.None);
        foreach (var nurse in nurses)
            await ward.GrantAsync(ward.Maria, nurse);
        await using var other = await ward.AnotherNodeAsync();
        for (var round = 0; round < 100; round++)
        {
            var handoff = await HandoffLifeTests.OfferAsync(ward, Who.Tom, HandoffLifeTests.Offer(TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige")));
            var results = await Task.WhenAll(nurses.Select((n, i) => Task.Run(() => (i % 2 == 0 ? ward : other).RunAsync((i % 2 == 0 ? ward : other).Get<AcceptHandoff>(), n, ward.Maria, new(handoff.Id, $"Ik neem het over, ronde {round}.")))));
            var winner = Assert.Single(results.OfType<TaskDone>()).Task.Owner!.Display;
            Assert.All(results.Where(r => r is not TaskDone), r => Assert.Equal(winner, Assert.IsType<TakenAlready>(r).By));
        }
    }

    [Fact]
    public async Task Each_level_is_told_exactly_once_whatever_restarts_happen()
    {
        var dice = new Dice(output);
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var nodes = new List<Ward> { ward };
        var made = new Dictionary<string, DateTime>();
        try
        {
            for (var step = 0; step < 150; step++)
            {
                if (made.Count < 30 && dice.OneIn(3))
                {
                    var (from, to) = (dice.Of(People), dice.Of(People));
                    if (from != to)
                        made[dice.OneIn(2)
                            ? (await ward.TaskAsync(from, TaskLifeTests.Ask(to) with { DueAt = ward.Clock.Utc.AddHours(1 + dice.Next(60)), Priority = (TaskPriority)dice.Next(4) })).Id
                            : (await HandoffLifeTests.OfferAsync(ward, from, HandoffLifeTests.Offer(TaskParty.Of(to)) with { Urgent = dice.OneIn(2) })).Id] = ward.Clock.Utc;
                }

                if (dice.OneIn(5) && nodes.Count < 4)
                    nodes.Add(await ward.AnotherNodeAsync());
                else if (dice.OneIn(5) && nodes.Count > 1)
                {
                    await nodes[^1].DisposeAsync();
                    nodes.RemoveAt(nodes.Count - 1);
                }

                ward.Clock.Advance(TimeSpan.FromMinutes(dice.Next(180)));
                await Task.WhenAll(nodes.Where(_ => !dice.OneIn(4)).Select(n => n.Get<TaskClock>().RunAsync(CancellationToken.None)));
            }

            ward.Clock.Advance(TimeSpan.FromDays(5));
            await Task.WhenAll(nodes.Select(n => n.Get<TaskClock>().RunAsync(CancellationToken.None)));
        }
        finally
        {
            foreach (var node in nodes.Skip(1))
                await node.DisposeAsync();
        }

        Assert.Empty(await ward.RowsAsync("SELECT TaskId, Kind, PersonId FROM Notices GROUP BY TaskId, Kind, PersonId HAVING COUNT(*) > 1"));
        Assert.Empty(await ward.RowsAsync("SELECT TaskId, Kind FROM Notices GROUP BY TaskId, Kind HAVING COUNT(DISTINCT PersonId) > 1"));
        // Every level was reached: nothing is left to tell, and each hand-off says once that it is stuck.
        foreach (var id in made.Keys)
        {
            var row = (await ward.RowsAsync("SELECT Told, EscalateAt, IsHandoff FROM Tasks WHERE Id = @p0", id))[0];
            Assert.Null(row[1]);
            Assert.Equal((long)row[2]! == 1 ? 0b1110000L : 0b1111111L, (long)row[0]!);
            if ((long)row[2]! == 1)
                Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM TimelineEntries WHERE AnswersSeq = (SELECT Seq FROM Tasks WHERE Id = @p0) AND Kind = @p1", id, (int)EntryKind.HandoffStep));
        }
    }
}
