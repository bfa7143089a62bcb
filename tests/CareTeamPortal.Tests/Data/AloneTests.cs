using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Data;

/// <summary>What one process at a time may do on a database.</summary>
public sealed class AloneTests
{
    [Fact]
    public async Task Another_node_waits_until_the_first_has_done_and_other_work_does_not_wait()
    {
        await using var ward = await Ward.OpenAsync();
        await using var other = await ward.AnotherNodeAsync();
        var first = await ward.Database.AloneAsync("test", CancellationToken.None);
        var second = other.Database.AloneAsync("test", CancellationToken.None);
        await (await other.Database.AloneAsync("elsewhere", CancellationToken.None)).DisposeAsync();
        await other.Database.MigrateAsync(CancellationToken.None); // has a lock of its own
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await (await second.WaitAsync(TimeSpan.FromSeconds(10))).DisposeAsync();
    }
}
