using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

public sealed class AbsenceTests
{
    [Fact]
    public async Task Fourteen_days_ahead_owner_accountable_and_coordinator_hear_once_of_a_task_that_no_colleague_can_take()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var task = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = BelgianTime.ToUtc(today.AddDays(21), new TimeOnly(9, 0)) });
        await ward.RunAsync(ward.Get<Features.CareTeams.SetCoordinator>(), Who.Karel, ward.Maria, new(Who.Tom.Id));
        Assert.True(await ward.Get<Absences>().EnterAsync(Who.Sofie.Actor(), today.AddDays(20), today.AddDays(25), CancellationToken.None));

        for (var day = 0; day < 12; day++)
        {
            await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
            Assert.Equal(day < 6 ? 0 : 3, (await ToldAsync(ward, task.Id)).Count);
            await using var again = await ward.AnotherNodeAsync();
            await again.Get<TaskClock>().RunAsync(CancellationToken.None);
            ward.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal([Who.Karel.Id.Value, Who.Sofie.Id.Value, Who.Tom.Id.Value], (await ToldAsync(ward, task.Id)).Select(t => (string)t[0]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_colleague_who_is_there_is_no_reason_to_warn()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.Bram));
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var task = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = BelgianTime.ToUtc(today.AddDays(5), new TimeOnly(9, 0)) });
        Assert.True(await ward.Get<Absences>().EnterAsync(Who.Sofie.Actor(), today.AddDays(4), today.AddDays(6), CancellationToken.None));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Empty(await ToldAsync(ward, task.Id));

        Assert.True(await ward.Get<Absences>().EnterAsync(Who.Bram.Actor(), today.AddDays(5), today.AddDays(5), CancellationToken.None)); // now nobody is left
        ward.Clock.Advance(TimeSpan.FromMinutes(2));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(2, (await ToldAsync(ward, task.Id)).Count);
    }

    [Fact]
    public async Task An_absence_that_is_over_turned_round_or_overlaps_is_not_entered_and_one_taken_back_does_not_count()
    {
        await using var ward = await Ward.OpenAsync();
        var (absences, me, today) = (ward.Get<Absences>(), Who.Sofie.Actor(), BelgianTime.DayOf(ward.Clock.Utc));
        Assert.False(await absences.EnterAsync(me, today.AddDays(-3), today.AddDays(-1), CancellationToken.None));
        Assert.False(await absences.EnterAsync(me, today.AddDays(3), today.AddDays(2), CancellationToken.None));
        Assert.True(await absences.EnterAsync(me, today, today.AddDays(2), CancellationToken.None));
        Assert.False(await absences.EnterAsync(me, today.AddDays(2), today.AddDays(4), CancellationToken.None));
        var mine = Assert.Single(await absences.ReadAsync(me, CancellationToken.None));
        Assert.Empty(await absences.ReadAsync(Who.Bram.Actor(), CancellationToken.None));
        Assert.False(await absences.WithdrawAsync(Who.Bram.Actor(), mine.Key, CancellationToken.None));
        Assert.True(await absences.WithdrawAsync(me, mine.Key, CancellationToken.None));
        Assert.True(await absences.EnterAsync(me, today.AddDays(2), today.AddDays(4), CancellationToken.None));
    }

    [Fact]
    public async Task The_warning_begins_fourteen_days_ahead_to_the_microsecond_and_ends_with_the_absence()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie));
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var (from, until) = Absences.Bounds(today.AddDays(20), today.AddDays(21));
        var first = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = from });
        var last = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = until.AddMicroseconds(-1) });
        var before = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = from.AddMicroseconds(-1) });
        var after = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = until });
        await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie)); // without a date nothing falls due
        Assert.True(await ward.Get<Absences>().EnterAsync(Who.Sofie.Actor(), today.AddDays(20), today.AddDays(21), CancellationToken.None));

        async Task<string> WarnedAtAsync(DateTime at)
        {
            ward.Clock.Advance(at - ward.Clock.Utc);
            await using var node = await ward.AnotherNodeAsync(); // looks at once, as after a restart
            await node.Get<TaskClock>().RunAsync(CancellationToken.None);
            return string.Join(' ', (await Task.WhenAll(new[] { before, first, last, after }.Select(t => ToldAsync(ward, t.Id)))).Select(t => t.Count));
        }

        Assert.Equal("0 0 0 0", await WarnedAtAsync(from.AddDays(-14).AddMicroseconds(-1)));
        Assert.Equal("0 2 2 0", await WarnedAtAsync(from.AddDays(-14)));
        Assert.Equal("0 2 2 0", await WarnedAtAsync(from));
    }

    [Fact]
    public async Task What_somebody_who_is_there_was_asked_to_take_over_is_not_warned_of_until_they_say_no()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.Tom));
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var task = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie) with { DueAt = BelgianTime.ToUtc(today.AddDays(5), new TimeOnly(9, 0)) });
        Assert.True((await EnterAsync(ward, today.AddDays(4), today.AddDays(6), (ward.Maria, task.Id, Who.Tom))).IsEntered);
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Empty(await ToldAsync(ward, task.Id));

        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AnswerDelegation>(), Who.Tom, ward.Maria, new(task.Id, false)));
        ward.Clock.Advance(TimeSpan.FromMinutes(2));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(2, (await ToldAsync(ward, task.Id)).Count);
    }

    [Fact]
    public void An_absence_over_the_night_of_the_clocks_begins_and_ends_at_midnight_in_Belgium()
    {
        var (from, until) = Absences.Bounds(new DateOnly(2027, 3, 28), new DateOnly(2027, 3, 28));
        Assert.Equal((new DateTime(2027, 3, 27, 23, 0, 0), new DateTime(2027, 3, 28, 22, 0, 0)), (from, until));
        (from, until) = Absences.Bounds(new DateOnly(2026, 10, 25), new DateOnly(2026, 10, 25));
        Assert.Equal(TimeSpan.FromHours(25), until - from);
    }

    [Fact]
    public async Task The_four_hundredth_task_without_a_colleague_is_warned_of_too_and_a_colleague_who_will_have_left_is_none()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.Bram));
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var due = BelgianTime.ToUtc(today.AddDays(5), new TimeOnly(9, 0));
        for (var i = 0; i < 230; i++)
            await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie, $"taak {i}") with { DueAt = due });
        var other = new Platform.Access.PatientId("jan");
        await ward.AddAsync(A.Patient("jan").WithTeam(Who.Karel, Who.Sofie));
        var alone = Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<CreateTask>(), Who.Sofie, other, TaskLifeTests.Ask(Who.Sofie) with { DueAt = due.AddHours(1) })).Task;
        Assert.True(await ward.Get<Absences>().EnterAsync(Who.Sofie.Actor(), today.AddDays(4), today.AddDays(6), CancellationToken.None));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(2, (await ToldAsync(ward, alone.Id)).Count); // Bram is a colleague for Maria's, not for Jan's
        Assert.Equal(2, await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE Kind = @p0", (int)NoticeKind.NobodyLeft));

        // Bram's membership ends the day before.
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p0 WHERE \"PersonId\" = @p1").With(due.AddDays(-1).Ticks, Who.Bram.Id.Value).Run()), CancellationToken.None);
        ward.Clock.Advance(TimeSpan.FromMinutes(2));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(231 * 2, await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE Kind = @p0", (int)NoticeKind.NobodyLeft));
    }

    [Fact]
    public async Task All_that_is_open_on_somebody_is_in_the_plan_however_many_and_what_falls_in_it_is_told_apart()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.AddAsync(A.Patient("jan").WithTeam(Who.Karel, Who.Sofie));
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var (from, until) = Absences.Bounds(today.AddDays(3), today.AddDays(5));
        for (var i = 0; i < 430; i++)
        {
            var due = (i % 3) switch { 0 => from.AddHours(8), 1 => until.AddDays(2), _ => (DateTime?)null };
            Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<CreateTask>(), Who.Sofie, i % 2 == 0 ? ward.Maria : new("jan"), TaskLifeTests.Ask(Who.Sofie, $"taak {i}") with { DueAt = due }));
        }

        var asked = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "Te aanvaarden") with { AcceptBy = from.AddHours(2), DueAt = until.AddDays(9) });
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Tom, "Van Tom"));
        await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Tom, "Concept") with { IsDraft = true });

        var plan = await ward.Get<ReadAbsencePlan>().RunAsync(Who.Sofie.Actor(), from, until, CancellationToken.None);
        Assert.Equal(431, plan.Sum(f => f.Items.Count));
        Assert.Equal(144 + 1, plan.Sum(f => f.Falling));
        Assert.Contains(plan.SelectMany(f => f.Items), i => i.Task.Id == asked.Id && i.Falls);
    }

    private static Task<EnterAbsence.Result> EnterAsync(Ward ward, DateOnly from, DateOnly to, params (PatientId Patient, string Id, PersonRow To)[] gifts) =>
        ward.Get<EnterAbsence>().RunAsync(Who.Sofie.Actor(), new(from, to, [.. gifts.GroupBy(g => g.Patient).Select(f => new EnterAbsence.Gifts(f.Key, [.. f.Select(g => new EnterAbsence.Gift(g.Id, TaskParty.Of(g.To)))]))], "Wegens afwezigheid"), CancellationToken.None);

    [Fact]
    public async Task An_absence_and_what_is_asked_for_it_over_all_files_is_one_act_or_nothing()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.AddAsync(A.Patient("jan").WithTeam(Who.Karel, Who.Sofie, Who.Tom));
        var (me, jan, today) = (Who.Sofie, new PatientId("jan"), BelgianTime.DayOf(ward.Clock.Utc));
        var mine = await ward.TaskAsync(me, TaskLifeTests.Ask(me, "Wondzorg"));
        var hidden = await ward.TaskAsync(me, TaskLifeTests.Ask(me, "Professionals") with { Audience = Audience.Professionals });
        var asked = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(me, "Bloedname"));
        var done = await ward.TaskAsync(me, TaskLifeTests.Ask(me, "Klaar"));
        await ward.RunAsync(ward.Get<FinishTask>(), me, ward.Maria, new(done.Id));
        var elsewhere = Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<CreateTask>(), me, jan, TaskLifeTests.Ask(me, "Bij Jan"))).Task;
        async Task<(int, int)> WrittenAsync() => ((int)await ward.NumberAsync("SELECT COUNT(*) FROM TimelineEntries"), (int)await ward.NumberAsync("SELECT COUNT(*) FROM Absences"));
        Task<EnterAbsence.Result> GiveAsync(PersonRow whom) => EnterAsync(ward, today, today.AddDays(3), (jan, elsewhere.Id, Who.Tom), (ward.Maria, mine.Id, whom), (ward.Maria, hidden.Id, whom), (ward.Maria, asked.Id, whom), (ward.Maria, done.Id, whom));

        // An may not see one of them: nothing is asked of anybody in any file, no absence is entered, and each says why.
        var before = await WrittenAsync();
        var refused = await GiveAsync(Who.An);
        Assert.False(refused.IsEntered);
        Assert.Equal([EnterAbsence.Outcome.Undone, EnterAbsence.Outcome.Undone, EnterAbsence.Outcome.Refused, EnterAbsence.Outcome.Undone, EnterAbsence.Outcome.Settled], refused.Tasks.Select(g => g.Outcome));
        Assert.Equal(TaskRule.MayNotSee, Assert.IsType<TaskRefused>(refused.Tasks[2].Why).Rule);
        Assert.Equal(before, await WrittenAsync());

        var given = await GiveAsync(Who.Tom);
        Assert.True(given.IsEntered);
        Assert.Equal([EnterAbsence.Outcome.Asked, EnterAbsence.Outcome.Asked, EnterAbsence.Outcome.Asked, EnterAbsence.Outcome.Asked, EnterAbsence.Outcome.Settled], given.Tasks.Select(g => g.Outcome));
        Assert.Equal((me.Id, Who.Tom.Id, me.Id), ((await ward.TaskViewAsync(Who.Karel, mine.Id)).OwnerId, (await ward.TaskViewAsync(Who.Karel, mine.Id)).DelegateId, (await ward.TaskViewAsync(Who.Karel, mine.Id)).AccountableId));
        Assert.Equal((Who.Tom.Id, Who.Karel.Id), ((await ward.TaskViewAsync(Who.Karel, asked.Id)).OwnerId, (await ward.TaskViewAsync(Who.Karel, asked.Id)).AccountableId));
        var after = await WrittenAsync();
        Assert.Equal((before.Item1 + 4, 1), after);

        // The same days again overlap: nothing happens a second time.
        var again = await GiveAsync(Who.Tom);
        Assert.Equal((false, true), (again.IsEntered, again.Overlaps));
        Assert.Equal(after, await WrittenAsync());

        // Other days: what was asked before is not asked twice.
        var later = await EnterAsync(ward, today.AddDays(9), today.AddDays(9), (jan, elsewhere.Id, Who.Tom));
        Assert.Equal((true, EnterAbsence.Outcome.AskedBefore), (later.IsEntered, Assert.Single(later.Tasks).Outcome));
    }

    [Fact]
    public async Task A_file_that_closed_meanwhile_stops_all_of_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var mine = await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie, "Wondzorg"));
        await ward.AddAsync(A.Patient("jan").WithTeam(Who.Karel));
        var result = await EnterAsync(ward, today, today.AddDays(1), (ward.Maria, mine.Id, Who.Tom), (new("jan"), "x", Who.Tom));
        Assert.False(result.IsEntered);
        Assert.Equal(new PatientId("jan"), Assert.Single(result.Closed).Key);
        Assert.Null((await ward.TaskViewAsync(Who.Sofie, mine.Id)).DelegateId);
        Assert.Empty(await ward.Get<Absences>().ReadAsync(Who.Sofie.Actor(), CancellationToken.None));
        Assert.True((await EnterAsync(ward, today, today.AddDays(1))).IsEntered); // nothing to give
    }

    [Fact]
    public async Task Nobody_gives_away_what_is_another_persons()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Karel));
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        var given = await EnterAsync(ward, today, today, (ward.Maria, task.Id, Who.Tom), (ward.Maria, "../etc", Who.Tom), (ward.Maria, "", Who.Tom));
        Assert.All(given.Tasks, g => Assert.Equal(EnterAbsence.Outcome.Settled, g.Outcome));
        Assert.Null((await ward.TaskViewAsync(Who.Karel, task.Id)).DelegateId);
    }

    [Fact]
    public async Task Who_is_away_then_stands_last_and_says_so()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.Bram, Who.Tom));
        var today = BelgianTime.DayOf(ward.Clock.Utc);
        Assert.True(await ward.Get<Absences>().EnterAsync(Who.Bram.Actor(), today.AddDays(4), today.AddDays(4), CancellationToken.None));
        var (from, until) = Absences.Bounds(today.AddDays(4), today.AddDays(8));
        var stand = await ward.Get<ReadAbsencePlan>().StandInsAsync(Who.Sofie.Actor(), ward.Maria, from, until, CancellationToken.None);
        Assert.Contains("p:" + Who.Bram.Id, stand.Away);
        Assert.Contains($"r:{(int)Platform.Access.Discipline.HomeNurse}", stand.Away); // Sofie and Bram are the nurses, and both are away
        Assert.DoesNotContain("p:" + Who.Tom.Id, stand.Away);
        Assert.True(stand.Away.Contains(stand.All[^1].Key) && !stand.Away.Contains(stand.All[0].Key));
        Assert.DoesNotContain(stand.All, c => c.Party.Person == Who.Sofie.Id);
    }

    private static Task<List<object?[]>> ToldAsync(Ward ward, string task) => ward.RowsAsync("SELECT PersonId FROM Notices WHERE TaskId = @p0 AND Kind = @p1", task, (int)NoticeKind.NobodyLeft);
}
