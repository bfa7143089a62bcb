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

    [Fact]
    public async Task Lists_share_one_beat_and_its_clock_stops_with_the_last()
    {
        var (feed, clock) = (new LiveFeed(), new HandClock());
        int changed = 0, beats = 0;
        LiveList List() => new(feed, clock, () => { changed++; return Task.CompletedTask; }, _ => Task.FromResult(++beats % 2 == 0));
        var (one, other) = (List(), List());
        Assert.Equal(1, clock.Timers);
        clock.Strike();
        Assert.Equal((2, 1), (beats, changed));
        await one.DisposeAsync();
        clock.Strike();
        Assert.Equal(3, beats);
        await other.DisposeAsync();
        Assert.Equal(0, clock.Timers);
    }

    [Fact]
    public async Task A_list_that_is_still_at_the_beat_before_leaves_one_out()
    {
        var (feed, clock) = (new LiveFeed(), new HandClock());
        var (beats, slow) = (0, new TaskCompletionSource<bool>());
        await using var list = new LiveList(feed, clock, () => Task.CompletedTask, _ => { beats++; return slow.Task; });
        clock.Strike();
        clock.Strike();
        Assert.Equal(1, beats);
        slow.SetResult(false);
        clock.Strike();
        Assert.Equal(2, beats);
    }

    /// <summary>Its timers strike when they are told to.</summary>
    private sealed class HandClock : TimeProvider
    {
        private readonly List<Timer> _timers = [];

        public int Timers => _timers.Count;

        public void Strike() => _timers.ToList().ForEach(t => t.Strike());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state));
            _timers.Add(timer);
            return timer;
        }

        private sealed class Timer(HandClock of, Action strike) : ITimer
        {
            public void Strike() => strike();

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => of._timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
