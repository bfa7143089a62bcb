namespace CareTeamPortal.Features.Demo;

/// <summary>A small generator of our own (SplitMix64), so that the same seed gives the same series on every machine and every .NET.</summary>
internal sealed class DemoRandom(string seed)
{
    private ulong _state = Seed(seed);

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + (int)(Next() % (ulong)(high - low + 1));

    /// <summary>A deviation around zero of at most <paramref name="most"/>, small ones likelier, in steps of <paramref name="step"/>.</summary>
    public decimal Around(decimal most, decimal step)
    {
        var steps = (int)(most / step);
        var sum = Between(-steps, steps) + Between(-steps, steps) + Between(-steps, steps);
        return Math.Round(sum / 3m, MidpointRounding.AwayFromZero) * step;
    }

    public int Around(int most) => (int)Around(most, 1m);

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static ulong Seed(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
