using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Drills;

/// <summary>The two nights a year in which the clock on the wall jumps, lived through in steps of ten minutes with the portal's own clock running on two nodes.</summary>
[Trait("Kind", "drill")]
public sealed class ClockChangeNightTests
{
    [Theory]
    [InlineData("2027-03-28", 23)] // 2:00 becomes 3:00
    [InlineData("2027-10-31", 25)] // 3:00 becomes 2:00 again
    public async Task Every_due_date_of_the_night_is_told_once_and_on_time_and_the_daily_task_keeps_its_hour(string day, int hours)
    {
        var night = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var (start, end) = BelgianTime.BoundsOf(night);
        Assert.Equal(TimeSpan.FromHours(hours), end - start);
        ward.Clock.Advance(start.AddHours(-23) - ward.Clock.Utc);

        // One task for every half hour of the wall clock, the hour that is skipped and the hour that comes twice among them, and one that comes back every day at 2:30 and at 8:00.
        var tasks = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        for (var local = night.ToDateTime(TimeOnly.MinValue); local < night.ToDateTime(new TimeOnly(6, 0)); local = local.AddMinutes(30))
        {
            var due = BelgianTime.ToUtc(local);
            tasks[(await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie, $"om {local:HH:mm}") with { DueAt = due })).Id] = due;
        }

        foreach (var time in new[] { new TimeOnly(2, 30), new TimeOnly(8, 0) })
            await ward.TaskAsync(Who.Sofie, TaskLifeTests.Ask(Who.Sofie, $"dagelijks {time:HH:mm}") with { DueAt = BelgianTime.ToUtc(night.AddDays(-1), time), Repeat = RepeatRule.Daily });

        await using var other = await ward.AnotherNodeAsync();
        var told = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        while (ward.Clock.Utc < end.AddHours(12))
        {
            await Task.WhenAll(ward.Get<TaskClock>().RunAsync(CancellationToken.None), other.Get<TaskClock>().RunAsync(CancellationToken.None));
            foreach (var row in await ward.RowsAsync($"SELECT \"TaskId\", COUNT(*) FROM \"Notices\" WHERE \"Kind\" = {(int)NoticeKind.OverdueOwner} GROUP BY \"TaskId\""))
            {
                Assert.Equal(1L, Convert.ToInt64(row[1], System.Globalization.CultureInfo.InvariantCulture)); // the owner, once
                told.TryAdd((string)row[0]!, ward.Clock.Utc);
            }

            ward.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.All(tasks, t => Assert.True(told.TryGetValue(t.Key, out var at) && at >= t.Value && at <= t.Value.AddMinutes(10), $"due {t.Value:O}, told {(told.TryGetValue(t.Key, out var late) ? late.ToString("O") : "never")}"));
        foreach (var time in new[] { new TimeOnly(2, 30), new TimeOnly(8, 0) })
        {
            var days = (await ward.RowsAsync($"SELECT \"DueAt\" FROM \"Tasks\" WHERE \"Title\" = 'dagelijks {time:HH:mm}' ORDER BY 1")).Select(r => BelgianTime.ToLocal(new DateTime(Convert.ToInt64(r[0], System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc))).ToList();
            Assert.Equal(days.Select(d => d.Date).Distinct(), days.Select(d => d.Date)); // each day once, none twice
            Assert.Contains(night.AddDays(1).ToDateTime(time), days); // and the wall clock's hour again on the day after
            Assert.Contains(days, d => d.Date == night.ToDateTime(TimeOnly.MinValue));
        }
    }
}
