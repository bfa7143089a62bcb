using System.Diagnostics;

namespace CareTeamPortal.Benchmarks.Clients;

/// <summary>Counts what all viewers received of one post, and when.</summary>
internal sealed class Arrivals
{
    private readonly Lock _gate = new();
    private readonly List<double> _latencies = [];
    private TaskCompletionSource _all = new();
    private long _begun;
    private int _missing;

    /// <summary>Milliseconds from post to receipt, of all viewers since the last <see cref="Take"/>.</summary>
    public IReadOnlyList<double> Take()
    {
        lock (_gate)
        {
            var taken = _latencies.ToList();
            _latencies.Clear();
            return taken;
        }
    }

    /// <summary>Before a post: how many viewers are to receive it.</summary>
    public Task Expect(int viewers)
    {
        lock (_gate)
        {
            _missing = viewers;
            _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _begun = Stopwatch.GetTimestamp();
            return _all.Task;
        }
    }

    /// <summary>One viewer has it.</summary>
    public void Arrived()
    {
        lock (_gate)
        {
            _latencies.Add(Stopwatch.GetElapsedTime(_begun).TotalMilliseconds);
            if (--_missing == 0)
                _all.TrySetResult();
        }
    }
}
