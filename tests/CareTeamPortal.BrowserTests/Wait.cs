using System.Diagnostics;

namespace CareTeamPortal.BrowserTests;

/// <summary>Waiting for another process, which cannot call back.</summary>
internal static class Wait
{
    /// <summary>Looks ten times a second until it holds; a process that does not answer yet counts as no. Answers how long it took.</summary>
    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> holds, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            try
            {
                if (await holds())
                    return watch.Elapsed;
            }
            catch (HttpRequestException)
            {
                // not there yet, or not there any more
            }

            if (watch.Elapsed > limit)
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds:0} s");
        }
        while (await tick.WaitForNextTickAsync());
        throw new UnreachableException();
    }
}
