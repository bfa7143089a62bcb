namespace CareTeamPortal.Platform.Hosting;

/// <summary>How many open pages this node carries (section <c>Circuits</c>).</summary>
internal sealed class CircuitLimits
{
    public const string Section = "Circuits";

    /// <summary>Open pages on this node, those whose browser is away for a moment counted in.</summary>
    public int Most { get; set; } = 5_000;

    /// <summary>Megabytes of memory of this process from which no page is opened any more; 0 is 85% of what the machine or the container gives it.</summary>
    public int MostMemoryMb { get; set; }

    /// <summary>Minutes that a page is kept whose browser is away.</summary>
    public double KeepDisconnectedMinutes { get; set; } = 3;

    /// <summary>Pages kept at once whose browser is away; the oldest goes first.</summary>
    public int MostDisconnected { get; set; } = 400;

    /// <summary>Drawings that a slow browser may be behind; beyond that its page waits instead of piling them up here.</summary>
    public int MostUnacknowledged { get; set; } = 10;
}
