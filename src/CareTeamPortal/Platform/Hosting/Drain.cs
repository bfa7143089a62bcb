using System.Runtime.InteropServices;
using CareTeamPortal.Platform.SignIn;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>How a node ends (section <c>Drain</c>).</summary>
internal sealed class DrainOptions
{
    public const string Section = "Drain";

    /// <summary>Seconds between "not ready" and the first refusal, for a balancer that asks. None for one that does not.</summary>
    public double NoticeSeconds { get; set; }

    /// <summary>Seconds over which the open pages are sent away, so that they do not all come to the other nodes at once.</summary>
    public double SpreadSeconds { get; set; } = 2;

    /// <summary>Seconds after which the node ends whatever is still under way.</summary>
    public double MostSeconds { get; set; } = 20;
}

/// <summary>
/// Ends a node without losing anything: at SIGTERM (or Ctrl+C) the readiness check says no, then no new page is opened and the open ones are cut off a few at a time (they come back on
/// another node, or here after the start, with what was typed), what is under way finishes, and the program ends. A second signal ends it at once.
/// </summary>
internal sealed partial class Drain(IOptions<DrainOptions> options, IHostApplicationLifetime lifetime, LiveConnections connections, TimeProvider clock, ILogger<Drain> log) : IHostLifetime, IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly List<PosixSignalRegistration> _signals = [];
    private Task? _leaving;
    private int _requests;
    private volatile bool _leavingNow;
    private volatile bool _closed;

    /// <summary>This node is to end: it is not ready.</summary>
    public bool IsLeaving => _leavingNow;

    /// <summary>No page and no socket is opened any more.</summary>
    public bool IsClosed => _closed;

    /// <summary>Requests under way that are not sockets.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Writes under way; set at the start, because whoever drains holds no database.</summary>
    public Func<long> Writes { get; set; } = () => 0;

    public static bool IsSocket(PathString path) => path.StartsWithSegments("/_blazor", StringComparison.Ordinal) || path.StartsWithSegments("/hubs", StringComparison.Ordinal);

    /// <summary>Counts a request until it is answered.</summary>
    public Request Enter(HttpContext context) => new(IsSocket(context.Request.Path) ? null : this);

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true; // the program ends by itself, when it is done
        if (Interlocked.CompareExchange(ref _leaving, Task.CompletedTask, null) is not null || !lifetime.ApplicationStarted.IsCancellationRequested)
            lifetime.StopApplication();
        else
            _leaving = Task.Run(LeaveAsync);
    }

    /// <summary>Does all of it, and asks the host to end.</summary>
    internal async Task LeaveAsync()
    {
        var begun = clock.GetTimestamp();
        var wanted = options.Value;
        try
        {
            _leavingNow = true;
            Begins(log, connections.Open.Count, Requests);
            if (wanted.NoticeSeconds > 0)
                await Task.Delay(TimeSpan.FromSeconds(wanted.NoticeSeconds), clock);
            _closed = true;
            await SendAwayAsync(TimeSpan.FromSeconds(wanted.SpreadSeconds));
            while ((Requests > 0 || Writes() > 0) && clock.GetElapsedTime(begun).TotalSeconds < wanted.MostSeconds)
                await Task.Delay(Step, clock);
            Ends(log, clock.GetElapsedTime(begun).TotalSeconds, Requests, Writes());
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task SendAwayAsync(TimeSpan over)
    {
        var open = connections.Open.ToList();
        var steps = Math.Max(1, (int)(over / Step));
        var perStep = Math.Max(1, (int)Math.Ceiling(open.Count / (double)steps));
        for (var from = 0; from < open.Count; from += perStep)
        {
            foreach (var connection in open.Skip(from).Take(perStep))
                connection.Cut();
            await Task.Delay(Step, clock);
        }

        foreach (var late in connections.Open)
            late.Cut(); // opened in between
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
    }

    /// <summary>One request that is under way.</summary>
    internal readonly struct Request : IDisposable
    {
        private readonly Drain? _drain;

        public Request(Drain? drain)
        {
            _drain = drain;
            if (drain is not null)
                Interlocked.Increment(ref drain._requests);
        }

        public void Dispose()
        {
            if (_drain is not null)
                Interlocked.Decrement(ref _drain._requests);
        }
    }

    [LoggerMessage(LogLevel.Information, "This node ends: {Sockets} open pages and programs are sent away, {Requests} requests finish.")]
    private static partial void Begins(ILogger logger, int sockets, int requests);

    [LoggerMessage(LogLevel.Information, "Sent away after {Seconds:0.0} s; {Requests} requests and {Writes} writes were still under way.")]
    private static partial void Ends(ILogger logger, double seconds, int requests, long writes);
}

/// <summary>Lets the portal end by <see cref="Drain"/>.</summary>
internal static class DrainServices
{
    public static WebApplicationBuilder AddDrain(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DrainOptions>().BindConfiguration(DrainOptions.Section)
            .Validate(o => o.NoticeSeconds is >= 0 and <= 600 && o.SpreadSeconds is >= 0 and <= 600 && o.MostSeconds is > 0 and <= 3600, "Drain: NoticeSeconds and SpreadSeconds from 0 to 600, MostSeconds from 1 to 3600.")
            .ValidateOnStart();
        builder.Services.AddSingleton<Drain>();
        // A host that somebody else ends (a test) keeps its own way.
        if (builder.Services.FirstOrDefault(s => s.ServiceType == typeof(IHostLifetime)) is { ImplementationType: { } type } own && type == typeof(Microsoft.Extensions.Hosting.Internal.ConsoleLifetime))
        {
            builder.Services.Remove(own);
            builder.Services.AddSingleton<IHostLifetime>(services => services.GetRequiredService<Drain>());
        }

        builder.Services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>>((host, drain) => host.ShutdownTimeout = TimeSpan.FromSeconds(drain.Value.MostSeconds));
        return builder;
    }
}
