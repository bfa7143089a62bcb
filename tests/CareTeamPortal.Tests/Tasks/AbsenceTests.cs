using CareTeamPortal.Features.Tasks;
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

    private static Task<List<object?[]>> ToldAsync(Ward ward, string task) => ward.RowsAsync("SELECT PersonId FROM Notices WHERE TaskId = @p0 AND Kind = @p1", task, (int)NoticeKind.NobodyLeft);
}
