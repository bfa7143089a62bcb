using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

public sealed class KeepTaskRowsTests
{
    [Fact]
    public async Task Tasks_from_before_there_were_rows_get_theirs_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie));
        var before = await ward.RowsAsync("SELECT * FROM Tasks");
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("DELETE FROM \"Tasks\"").With().Run()), CancellationToken.None);

        await ward.Get<KeepTaskRows>().RunAsync(CancellationToken.None);
        Assert.Equal(before, await ward.RowsAsync("SELECT * FROM Tasks"));
        Assert.Equal(Who.Karel.Id, (await ward.TaskViewAsync(Who.Sofie, task.Id)).AccountableId);

        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("DELETE FROM \"Tasks\"").With().Run()), CancellationToken.None);
        await ward.Get<KeepTaskRows>().RunAsync(CancellationToken.None);
        Assert.Empty(await ward.RowsAsync("SELECT * FROM Tasks")); // the next start does not look again
    }
}
