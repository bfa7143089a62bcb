using System.Data.Common;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// A component that follows one patient: owns the subscription and its disposal. Subscribe first, then load, then fetch what came after
/// on each wake-up; at most ten times a second.
/// </summary>
public abstract partial class LiveComponent : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>After a database that was not there the component reads again by itself.</summary>
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(5);

    private const int Idle = 0, Runs = 1, Again = 2;

    private readonly CancellationTokenSource _gone = new();
    private LiveFeed.Subscription? _subscription;
    private Func<Task>? _advance;
    private long _last = long.MinValue;
    private int _turn;

    [Inject] internal LiveFeed Feed { get; set; } = default!;
    [Inject] internal CurrentActor Current { get; set; } = default!;
    [Inject] internal TimeProvider Clock { get; set; } = default!;
    [Inject] internal ILoggerFactory Logs { get; set; } = default!;

    /// <summary>Ends when the component goes.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>Not yet drawn.</summary>
    // The token is kept: what is under way when the circuit ends still asks for it afterwards.
    protected LiveComponent() => Gone = _gone.Token;

    /// <summary>Begins to follow this patient (and stops following another). Call before the first load.</summary>
    /// <param name="topics">Wake for these alone.</param>
    internal void Follow(PatientId patient, Topics topics = Topics.All)
    {
        if (_subscription?.Patient == patient || Gone.IsCancellationRequested)
            return; // the circuit ended while the page was loading: nobody would end what began now
        _subscription?.Dispose();
        _subscription = Feed.Subscribe(patient, topics, Woken);
    }

    /// <summary>Something was committed in the file; read what came since, on the renderer's thread. Throwing <see cref="PatientNotFound"/> ends the following: see <see cref="OnClosedAsync"/>.</summary>
    protected abstract Task OnAdvancedAsync(CancellationToken ct);

    /// <summary>The right to see this file ended while it was open.</summary>
    protected virtual Task OnClosedAsync() => Task.CompletedTask;

    /// <summary>The database was not there: what stands on the page may be old. It is read again by itself.</summary>
    protected virtual Task OnUnreadAsync() => Task.CompletedTask;

    /// <summary>Reads on its next turn, as if something had been committed.</summary>
    private protected void LookAgain() => Woken();

    // Called by whoever carries the news; while a turn runs or waits, one more follows it.
    private void Woken()
    {
        if (Interlocked.Exchange(ref _turn, Again) == Idle)
            _ = TakeTurnsAsync();
    }

    private async Task TakeTurnsAsync()
    {
        try
        {
            do
            {
                if (_last != long.MinValue && AtMostEvery - Clock.GetElapsedTime(_last) is { Ticks: > 0 } wait)
                    await Task.Delay(wait, Clock, Gone);
                _last = Clock.GetTimestamp();
                Volatile.Write(ref _turn, Runs);
                try
                {
                    await InvokeAsync(_advance ??= () => OnAdvancedAsync(Gone));
                }
                catch (DbException fault)
                {
                    NotRead(Logs.CreateLogger(GetType()), fault);
                    await InvokeAsync(OnUnreadAsync);
                    await Task.Delay(AfterOutage, Clock, Gone);
                    Volatile.Write(ref _turn, Again);
                }
            }
            while (Interlocked.CompareExchange(ref _turn, Idle, Runs) != Runs);
        }
        catch (OperationCanceledException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
        catch (PatientNotFound)
        {
            _subscription?.Dispose();
            await InvokeAsync(OnClosedAsync);
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _subscription?.Dispose();
        await OnGoneAsync();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What else the component must let go of.</summary>
    protected virtual ValueTask OnGoneAsync() => ValueTask.CompletedTask;

    [LoggerMessage(4101, LogLevel.Warning, "What a page follows could not be read; it is read again.")]
    private protected static partial void NotRead(ILogger log, Exception fault);
}
