using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace CareTeamPortal.Tests.Live;

public sealed class LiveTests
{
    private static readonly PatientId P = new("p");

    [Fact]
    public async Task Whoever_is_called_is_called_for_each_commit_that_concerns_them_and_not_after_they_left()
    {
        var live = new LiveFeed();
        using var calls = new SemaphoreSlim(0);
        var pages = Enumerable.Range(0, 100).Select(_ => live.Subscribe(P, Topics.Timeline, () => calls.Release())).ToList();
        live.Publish(P, 1, Topics.Timeline); // nothing is known of what came before: all are called
        for (var i = 0; i < pages.Count; i++)
            Assert.True(await calls.WaitAsync(TimeSpan.FromSeconds(30)));
        live.Publish(P, 2, Topics.Tasks);
        pages[0].Dispose();
        live.Publish(P, 3, Topics.Timeline);
        for (var i = 1; i < pages.Count; i++)
            Assert.True(await calls.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, calls.CurrentCount);
        pages.ForEach(p => p.Dispose());
        Assert.Equal(0, live.SubscriberCount);
    }

    [Fact]
    public void Nobody_watches_after_everyone_left()
    {
        var live = new LiveFeed();
        var subscriptions = Enumerable.Range(0, 1_000).AsParallel().Select(i => live.Subscribe(new PatientId("p" + i % 3))).ToList();
        Assert.Equal(1_000, live.SubscriberCount);
        subscriptions.AsParallel().ForAll(s =>
        {
            s.Dispose();
            s.Dispose();
        });
        Assert.Equal(0, live.SubscriberCount);
        Assert.Empty(live.Watched);
        Assert.All(subscriptions, s => Assert.True(s.Wakes.Completion.IsCompleted));
        live.Publish(P, 1);
    }

    [Fact]
    public void A_thousand_commits_are_one_wake_up_with_the_newest()
    {
        var live = new LiveFeed();
        using var subscription = live.Subscribe(P);
        using var other = live.Subscribe(new PatientId("q"));
        for (var i = 1; i <= 1_000; i++)
            live.Publish(P, i);
        Assert.True(subscription.Wakes.TryRead(out var cursor));
        Assert.Equal(1_000, cursor);
        Assert.False(subscription.Wakes.TryRead(out _));
        Assert.False(other.Wakes.TryRead(out _));
    }

    [Fact]
    public void Who_follows_tasks_is_not_woken_by_a_note()
    {
        var live = new LiveFeed();
        using var all = live.Subscribe(P);
        using var tasks = live.Subscribe(P, Topics.Tasks);
        bool Woken(LiveFeed.Subscription who) => who.Wakes.TryRead(out _);

        live.Publish(P, 1);
        Assert.True(Woken(all) && Woken(tasks));
        live.Publish(P, 2, Topics.Timeline);
        Assert.True(Woken(all));
        Assert.False(Woken(tasks));
        live.Publish(P, 3, Topics.Tasks);
        Assert.True(Woken(all) && Woken(tasks));
    }

    [Fact]
    public void A_commit_of_another_node_before_a_note_of_this_one_wakes_who_follows_tasks()
    {
        var live = new LiveFeed();
        using var tasks = live.Subscribe(P, Topics.Tasks);
        live.Publish(P, 1);
        Assert.True(tasks.Wakes.TryRead(out _));
        live.Publish(P, 3, Topics.Timeline); // 2 was committed elsewhere and may have been a task
        Assert.True(tasks.Wakes.TryRead(out _));
    }

    [Fact]
    public async Task A_note_wakes_nobody_who_follows_tasks_and_a_task_does()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Karel, ward.Maria, "Voor wie kijkt.");
        using var tasks = ward.Live.Subscribe(ward.Maria, Topics.Tasks);
        await ward.NoteAsync(Who.Karel, ward.Maria, "De eerste na het openen kan alles zijn.");
        Assert.True(tasks.Wakes.TryRead(out _));
        await ward.NoteAsync(Who.Karel, ward.Maria, "Rustige nacht.");
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.CreateVersion7().ToString(), [.. QuickEntry.Parse("p72").Measurements], null));
        Assert.False(tasks.Wakes.TryRead(out _));
        await ward.TaskAsync(Who.Karel, Tasks.TaskLifeTests.Ask(Who.Pieter));
        Assert.True(tasks.Wakes.TryRead(out _));
    }

    [Fact]
    public async Task Who_subscribes_and_then_loads_misses_nothing_while_others_write_come_and_go()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
                await ward.NoteAsync(Who.Sofie, ward.Maria, $"{w}.{i}");
        })).ToList();
        var comers = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                ward.Live.Subscribe(ward.Maria).Dispose();
        });
        var read = ward.Get<ReadArrivals>();
        var viewers = Enumerable.Range(0, 8).Select(v => Task.Run(async () =>
        {
            var who = v % 2 == 0 ? Who.Karel : Who.Nadia;
            using var subscription = ward.Live.Subscribe(ward.Maria);
            var page = await ward.RunAsync(ward.Get<ReadTimeline>(), who, ward.Maria, new ReadTimeline.Request(Count: 200));
            var seen = page.Entries.Where(e => e.Cursor <= page.Cursor).Select(e => e.Reference).ToList();
            var cursor = page.Cursor;
            while (seen.Count < 240)
            {
                // One wake-up, one read: a read that were older than the wake-up would leave this viewer waiting for ever.
                await subscription.Wakes.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
                var more = true;
                while (more)
                {
                    var arrivals = await ward.RunAsync(read, who, ward.Maria, new ReadArrivals.Request(cursor));
                    seen.AddRange(arrivals.Entries.Select(e => e.Reference));
                    (cursor, more) = (arrivals.Cursor, arrivals.HasMore);
                }
            }

            return seen;
        })).ToList();
        await Task.WhenAll(writers);
        foreach (var seen in await Task.WhenAll(viewers))
        {
            Assert.Equal(240, seen.Count);
            Assert.Equal(240, seen.Distinct().Count());
        }

        await stop.CancelAsync();
        await comers;
        Assert.Equal(0, ward.Live.SubscriberCount);
    }

    [Fact]
    public async Task Many_viewers_with_the_same_reach_share_a_read_and_a_new_commit_ends_the_sharing()
    {
        var live = new LiveFeed();
        var clock = new TestClock();
        var shared = new SharedReads(live, clock);
        var key = (P, Ward.Rules.ReachOf(Discipline.HomeNurse, CareLine.First), 0L);
        var reads = 0;
        Task<SharedReads.Read> Read()
        {
            Interlocked.Increment(ref reads);
            return Task.FromResult(new SharedReads.Read([]));
        }

        await shared.GetAsync(key, Read);
        await shared.GetAsync(key, Read);
        Assert.Equal(2, reads); // nobody is watching: nothing to share by

        using var subscription = live.Subscribe(P);
        live.Publish(P, 1);
        for (var i = 0; i < 200; i++)
            await shared.GetAsync(key, Read);
        Assert.Equal(3, reads);
        await shared.GetAsync(key with { Item2 = Ward.Rules.ReachOf(Discipline.InformalCaregiver, CareLine.First) }, Read);
        Assert.Equal(4, reads);
        live.Publish(P, 2);
        await shared.GetAsync(key, Read);
        Assert.Equal(5, reads);
        clock.Advance(TimeSpan.FromMilliseconds(50));
        await shared.GetAsync(key, Read);
        Assert.Equal(6, reads);
    }

    [Fact]
    public async Task A_read_that_failed_is_not_shared()
    {
        var live = new LiveFeed();
        var shared = new SharedReads(live, new TestClock());
        using var subscription = live.Subscribe(P);
        var key = (P, Ward.Rules.ReachOf(Discipline.HomeNurse, CareLine.First), 0L);
        await Assert.ThrowsAsync<IOException>(() => shared.GetAsync(key, () => Task.FromException<SharedReads.Read>(new IOException())));
        Assert.Empty((await shared.GetAsync(key, () => Task.FromResult(new SharedReads.Read([])))).Entries);
    }

    [Fact]
    public async Task A_commit_of_another_process_wakes_who_watches_here_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var other = await ward.AnotherNodeAsync();
        using var relay = new CursorRelay(ward.Database, ward.Live, new RuleBook(), new BrokerState(), ward.Clock, NullLogger<CursorRelay>.Instance);
        using var subscription = ward.Live.Subscribe(ward.Maria);
        await relay.LookAsync(CancellationToken.None);
        Assert.False(subscription.Wakes.TryRead(out _));

        var note = await other.NoteAsync(Who.Sofie, ward.Maria, "elders");
        await relay.LookAsync(CancellationToken.None);
        Assert.True(subscription.Wakes.TryRead(out var cursor));
        Assert.Equal(note.Cursor, cursor);
        await relay.LookAsync(CancellationToken.None);
        Assert.False(subscription.Wakes.TryRead(out _));

        // What was committed here has woken them already.
        await ward.NoteAsync(Who.Sofie, ward.Maria, "hier");
        Assert.True(subscription.Wakes.TryRead(out _));
        await relay.LookAsync(CancellationToken.None);
        Assert.False(subscription.Wakes.TryRead(out _));
    }

    [Fact]
    public async Task Cursors_of_one_file_say_nothing_and_mean_nothing_in_another()
    {
        await using var ward = await Ward.OpenAsync();
        var q = new PatientId("q");
        var hidden = ward.Cursors.Hide(P, 42, 7);
        Assert.Equal((42, 7), ward.Cursors.Reveal(P, hidden));
        Assert.Equal(hidden, ward.Cursors.Hide(P, 42, 7));
        Assert.NotEqual((42L, 7L), ward.Cursors.Reveal(q, hidden));
        foreach (var nonsense in new[] { "", "x", "%%%", new string('A', 43), new string('A', 4_000), "\uD800" })
            Assert.True(ward.Cursors.Reveal(P, nonsense) is null or { First: not 42 });
    }

    [Fact]
    public void Typing_shows_to_its_audience_and_ends_by_itself()
    {
        var clock = new TestClock();
        var presence = new Presence(clock);
        var told = 0;
        using var karel = presence.Enter(P, Who.Karel.Actor(), () => told++);
        var sofie = presence.Enter(P, Who.Sofie.Actor(), () => { });
        Assert.Equal(1, told);
        sofie.Typing(Audience.Professionals);
        Assert.Equal(2, told);
        sofie.Typing(Audience.Professionals);
        Assert.Equal(2, told);
        bool Types(Discipline viewer) => presence.Here(P, Who.Karel.Id, Ward.Rules.ReachOf(viewer, CareLine.First)).Single().IsTyping;
        Assert.True(Types(Discipline.GeneralPractitioner));
        Assert.False(Types(Discipline.InformalCaregiver));

        clock.Advance(Presence.TypingLasts / 2);
        sofie.Typing(Audience.Professionals);
        clock.Advance(Presence.TypingLasts / 2 + TimeSpan.FromSeconds(1));
        Assert.True(Types(Discipline.GeneralPractitioner));
        clock.Advance(Presence.TypingLasts);
        Assert.False(Types(Discipline.GeneralPractitioner));
        Assert.Equal(3, told); // who looks on is told when it ends, or "is typing" would stand there for ever

        sofie.Typing(Audience.WholeTeam);
        Assert.True(Types(Discipline.InformalCaregiver));
        sofie.Dispose();
        Assert.Empty(presence.Here(P, Who.Karel.Id, Ward.Rules.ReachOf(Discipline.GeneralPractitioner, CareLine.First)));
        clock.Advance(Presence.TypingLasts * 2);
        Assert.Equal(5, told);
    }

    [Fact]
    public void Who_comes_while_the_last_one_leaves_is_seen()
    {
        var presence = new Presence(new TestClock());
        Parallel.For(0, 2_000, i =>
        {
            var patient = new PatientId("p" + i % 2);
            using var stay = presence.Enter(patient, Who.Karel.Actor(), () => { });
            Assert.NotEmpty(presence.Here(patient, Who.Sofie.Id, Ward.Rules.ReachOf(Discipline.HomeNurse, CareLine.First)));
        });
        Assert.Empty(presence.Here(new PatientId("p0"), Who.Sofie.Id, Ward.Rules.ReachOf(Discipline.HomeNurse, CareLine.First)));
    }
}
