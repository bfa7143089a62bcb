using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Tests.Live;

public sealed class LiveListTests
{
    private static readonly PatientId A = new("a"), B = new("b"), C = new("c");

    [Fact]
    public async Task A_commit_in_a_followed_file_wakes_the_list_and_another_does_not()
    {
        var feed = new LiveFeed();
        var woken = new TaskCompletionSource();
        var wakes = 0;
        await using var list = new LiveList(feed, TimeProvider.System, () =>
        {
            wakes++;
            woken.TrySetResult();
            return Task.CompletedTask;
        }, _ => Task.FromResult(false));
        list.Follow([A, B]);
        feed.Publish(C, 1);
        Assert.Equal(0, wakes);
        feed.Publish(B, 7);
        await woken.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, wakes);
    }

    [Fact]
    public async Task Following_others_lets_go_of_the_first()
    {
        var feed = new LiveFeed();
        await using var list = new LiveList(feed, TimeProvider.System, () => Task.CompletedTask, _ => Task.FromResult(false));
        list.Follow([A, B]);
        Assert.Equal(2, feed.SubscriberCount);
        list.Follow([C]);
        Assert.Equal([C], feed.Watched);
        list.Follow([]);
        Assert.Equal(0, feed.SubscriberCount);
    }

    [Fact]
    public async Task After_its_end_nobody_watches_and_nothing_is_followed_any_more()
    {
        var feed = new LiveFeed();
        var list = new LiveList(feed, TimeProvider.System, () => Task.CompletedTask, _ => Task.FromResult(false));
        list.Follow([A, B, C]);
        await list.DisposeAsync();
        Assert.Equal(0, feed.SubscriberCount);
        list.Follow([A]);
        Assert.Equal(0, feed.SubscriberCount);
    }
}
