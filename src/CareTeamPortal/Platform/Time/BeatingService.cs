namespace CareTeamPortal.Platform.Time;

/// <summary>Does something on a beat for as long as the program runs. A fault is told and the next beat tries again: a database that is away for a moment ends no clock.</summary>
internal abstract class BeatingService(TimeSpan beat, TimeProvider clock) : BackgroundService
{
    /// <summary>The clock whose beats these are.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>How often it is to beat.</summary>
    public TimeSpan Every => beat;

    /// <summary>When a beat last ended, well or badly, as a timestamp of the clock; null before the first.</summary>
    public long? LastBeat { get; private set; }

    /// <summary>When it was started, as a timestamp of the clock; null before that.</summary>
    public long? Started { get; private set; }

    /// <summary>It should have beaten long ago: something in it hangs. A beat that fails has beaten.</summary>
    public bool IsStuck => (LastBeat ?? Started) is { } last && Clock.GetElapsedTime(last) > Patience + (3 * Every);

    // A beat that has a lot to do (an evening's reminders, a checkpoint of a large audit) is not a beat that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What is done at each beat; the first comes after one beat.</summary>
    protected abstract Task OnBeatAsync(CancellationToken ct);

    /// <summary>Tells what hindered a beat.</summary>
    protected abstract void OnFault(Exception fault);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Started = Clock.GetTimestamp();
        using var timer = new PeriodicTimer(beat, Clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await OnBeatAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                OnFault(fault);
            }

            LastBeat = Clock.GetTimestamp();
        }
    }
}
