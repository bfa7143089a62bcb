namespace CareTeamPortal.Platform.Time;

/// <summary>Does something on a beat for as long as the program runs. A fault is told and the next beat tries again: a database that is away for a moment ends no clock.</summary>
internal abstract class BeatingService(TimeSpan beat, TimeProvider clock) : BackgroundService
{
    /// <summary>The clock whose beats these are.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>What is done at each beat; the first comes after one beat.</summary>
    protected abstract Task OnBeatAsync(CancellationToken ct);

    /// <summary>Tells what hindered a beat.</summary>
    protected abstract void OnFault(Exception fault);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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
        }
    }
}
