using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// What a page with a list across files follows: the files that it shows, and on a slow beat whatever nobody can wake it for (somebody put this person
/// on a team, another process took in a new patient). Owns the subscription, the pump and their end.
/// </summary>
internal sealed class LiveList : IAsyncDisposable
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _gone = new();
    private readonly LiveFeed _feed;
    private readonly TimeProvider _clock;
    private readonly Func<Task> _changed;
    private readonly Func<CancellationToken, Task<bool>> _beat;
    private readonly Topics _topics;
    private Task _beating = Task.CompletedTask;
    private LiveFeed.Subscription? _subscription;
    private HashSet<PatientId> _followed = [];

    /// <param name="changed">Something was committed in a followed file: read again. Called on the caller's dispatcher by the caller itself.</param>
    /// <param name="beat">Every five seconds, on any thread; true when the list may be another.</param>
    /// <param name="topics">What the list is made of.</param>
    public LiveList(LiveFeed feed, TimeProvider clock, Func<Task> changed, Func<CancellationToken, Task<bool>> beat, Topics topics = Topics.All)
    {
        (_feed, _clock, _changed, _beat, _topics) = (feed, clock, changed, beat, topics);
        feed.JoinBeat(clock, Beat);
    }

    /// <summary>Ends when the page goes.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Follows these files from now on.</summary>
    public void Follow(IEnumerable<PatientId> patients)
    {
        var wanted = patients.ToHashSet();
        if (_gone.IsCancellationRequested || wanted.SetEquals(_followed))
            return;
        _followed = wanted;
        var before = _subscription;
        _subscription = wanted.Count == 0 ? null : _feed.Subscribe(wanted, _topics);
        before?.Dispose();
        if (_subscription is { } subscription)
            _ = PumpAsync(subscription);
    }

    private async Task PumpAsync(LiveFeed.Subscription subscription)
    {
        var last = long.MinValue;
        try
        {
            await foreach (var _ in subscription.Wakes.ReadAllAsync(_gone.Token))
            {
                if (last != long.MinValue && AtMostEvery - _clock.GetElapsedTime(last) is { Ticks: > 0 } wait)
                    await Task.Delay(wait, _clock, _gone.Token);
                last = _clock.GetTimestamp();
                await _changed();
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private void Beat()
    {
        if (_beating.IsCompletedSuccessfully) // still at the beat before, or it ended in a fault that disposal tells
            _beating = BeatAsync();
    }

    private async Task BeatAsync()
    {
        try
        {
            if (!_gone.IsCancellationRequested && await _beat(_gone.Token))
                await _changed();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        _feed.LeaveBeat(Beat);
        await _gone.CancelAsync();
        _subscription?.Dispose();
        await _beating;
        _gone.Dispose();
    }
}
