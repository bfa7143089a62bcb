using System.Diagnostics;

namespace CareTeamPortal.Platform.Time;

/// <summary>What a request goes through, for a trace. Names only: a step carries no id and no content.</summary>
internal static class Steps
{
    public const string Name = "CareTeamPortal";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Begins a step; dispose to end it. Null, and nearly free, when nobody traces.</summary>
    public static Activity? Begin(string name) => Source.StartActivity(name);

    /// <summary>A step by the name of what is done.</summary>
    public static Activity? Begin(Type what) => Source.HasListeners() ? Source.StartActivity(what.Name) : null;
}
