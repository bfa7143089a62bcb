using System.Data.Common;
using System.Diagnostics;

namespace CareTeamPortal.Platform.Data;

/// <summary>What goes through a database now, and how the last write ended: for metrics, for the health page and for a node that is to end when its writes have.</summary>
internal sealed class WriteTraffic
{
    private long _underWay;
    private long _reads;
    private Failure? _failure;

    /// <summary>Writes that were asked for and not yet answered.</summary>
    public long UnderWay => Interlocked.Read(ref _underWay);

    /// <summary>Sessions rented to read with, since the start.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Why the last write that reached the database was not kept; null when it was.</summary>
    public Failure? LastFailure => Volatile.Read(ref _failure);

    /// <summary>Called after each write with how long it took from asking to being durable; false when the database did not keep it. Must not wait.</summary>
    public Action<TimeSpan, bool>? Written { get; set; }

    /// <summary>One more reader.</summary>
    public void Rented() => Interlocked.Increment(ref _reads);

    /// <summary>Follows one write from its asking to its end.</summary>
    /// <param name="write">The write, just asked for.</param>
    public async Task<T> FollowAsync<T>(Task<T> write)
    {
        using var step = Time.Steps.Begin("write");
        var begun = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _underWay);
        try
        {
            var result = await write;
            if (LastFailure is not null)
                Volatile.Write(ref _failure, null);
            Written?.Invoke(Stopwatch.GetElapsedTime(begun), true);
            return result;
        }
        catch (Exception fault) when (IsOfDatabase(fault))
        {
            // What the job itself refuses says nothing of the database.
            Volatile.Write(ref _failure, new Failure(Stopwatch.GetTimestamp(), fault));
            Written?.Invoke(Stopwatch.GetElapsedTime(begun), false);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private static bool IsOfDatabase(Exception fault) => fault is DbException or IOException or TimeoutException;

    /// <param name="At">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="Fault">What the database said.</param>
    internal sealed record Failure(long At, Exception Fault)
    {
        public TimeSpan Ago => Stopwatch.GetElapsedTime(At);
    }
}
