using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

public sealed class TaskRowsTests
{
    [Fact]
    public async Task An_update_writes_every_column_that_changed_whichever_columns_those_are()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Sofie, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = "wondzorg", DueAt = ward.Clock.Utc.AddDays(2) });
        await ward.Database.WriteAsync((session, _) =>
        {
            var before = TaskSql.Find(session, ward.Maria, task.Id)!;
            // Each alone, then back together: an update that leaves a column out would show.
            Action<TaskRow>[] changes =
            [
                t => t.Open = false, t => t.DueSort += 1, t => t.OwnerId = Who.Karel.Id, t => t.OwnerRole = CareTeamPortal.Platform.Access.Discipline.HomeNurse, t => t.OwnerOrganisation = "Wit-Gele Kruis", t => t.RequesterId = Who.Karel.Id,
                t => t.AccountableId = null, t => t.DelegateId = Who.Karel.Id, t => t.EscalateAt = null, t => t.RepeatAt = t.DueAt, t => t.Title = "andere", t => t.Status++, t => t.OwnerName = null, t => t.Told = 3,
            ];
            foreach (var change in changes)
            {
                var (now, next) = (TaskSql.Find(session, ward.Maria, task.Id)!, TaskSql.Find(session, ward.Maria, task.Id)!);
                change(next);
                TaskSql.Put(session, next, now);
                Assert.Equivalent(next, TaskSql.Find(session, ward.Maria, task.Id), strict: true);
            }

            TaskSql.Put(session, before, TaskSql.Find(session, ward.Maria, task.Id));
            Assert.Equivalent(before, TaskSql.Find(session, ward.Maria, task.Id), strict: true);
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
    }
}
