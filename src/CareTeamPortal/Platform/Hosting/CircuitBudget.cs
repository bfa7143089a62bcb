using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>
/// How much of this node its open pages take. When it is full no further page is opened: who is at work goes on working, who comes is told, and the readiness check says so, so that
/// a balancer sends them to another node.
/// </summary>
internal sealed class CircuitBudget(IOptions<CircuitLimits> options, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private const double RelaxedAt = 0.95; // of the limit: else one page that closes opens the gate for one that closes it again

    private readonly long _mostMemory = options.Value.MostMemoryMb > 0 ? options.Value.MostMemoryMb * 1024L * 1024 : (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 0.85);
    private readonly Lock _gate = new();
    private int _open;
    private int _connected;
    private long _refused;
    private long _looked = long.MinValue;
    private bool _short;

    /// <summary>Pages that are open here, and those of them whose browser is there.</summary>
    public (int Open, int Connected) Pages => (Volatile.Read(ref _open), Volatile.Read(ref _connected));

    /// <summary>Pages that were not opened because this node was full or leaving.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Why no page is opened now, for an operator; null when there is room.</summary>
    public string? Full()
    {
        if (Volatile.Read(ref _open) >= options.Value.Most)
            return $"{options.Value.Most} pages are open, as many as Circuits:Most allows";
        return IsShort() ? $"the process uses more than {_mostMemory / 1024 / 1024} MB (Circuits:MostMemoryMb)" : null;
    }

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Opened() => Interlocked.Increment(ref _open);

    public void Closed() => Interlocked.Decrement(ref _open);

    public void Up() => Interlocked.Increment(ref _connected);

    public void Down() => Interlocked.Decrement(ref _connected);

    private bool IsShort()
    {
        lock (_gate)
        {
            if (_looked != long.MinValue && clock.GetElapsedTime(_looked) < LookEvery)
                return _short;
            _looked = clock.GetTimestamp();
            var used = Environment.WorkingSet;
            _short = used > (_short ? _mostMemory * RelaxedAt : _mostMemory);
            return _short;
        }
    }
}

/// <summary>Counts one page.</summary>
internal sealed class CountedCircuit(CircuitBudget budget) : CircuitHandler
{
    private bool _up;

    /// <inheritdoc/>
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        budget.Opened();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) => Set(true);

    /// <inheritdoc/>
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => Set(false);

    /// <inheritdoc/>
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        budget.Closed();
        return Set(false);
    }

    private Task Set(bool up)
    {
        if (_up == up)
            return Task.CompletedTask;
        _up = up;
        if (up)
            budget.Up();
        else
            budget.Down();
        return Task.CompletedTask;
    }
}

/// <summary>Stands before the pages.</summary>
internal static class PageGate
{
    public static IServiceCollection AddPortalCircuits(this IServiceCollection services)
    {
        services.AddOptions<CircuitLimits>().BindConfiguration(CircuitLimits.Section)
            .Validate(o => o.Most >= 1 && o.MostMemoryMb >= 0 && o.KeepDisconnectedMinutes is >= 0 and <= 24 * 60 && o.MostDisconnected >= 0 && o.MostUnacknowledged >= 2,
                "Circuits: Most is at least 1, MostMemoryMb at least 0, KeepDisconnectedMinutes from 0 to 1440, MostDisconnected at least 0, MostUnacknowledged at least 2.")
            .ValidateOnStart();
        services.AddOptions<Microsoft.AspNetCore.Components.Server.CircuitOptions>().Configure<IOptions<CircuitLimits>>((circuits, limits) =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(limits.Value.KeepDisconnectedMinutes);
            circuits.DisconnectedCircuitMaxRetained = limits.Value.MostDisconnected;
            circuits.MaxBufferedUnacknowledgedRenderBatches = limits.Value.MostUnacknowledged;
        });
        return services.AddSingleton<CircuitBudget>().AddScoped<CircuitHandler, CountedCircuit>();
    }

    /// <summary>Refuses pages that this node cannot carry, and everything that would stay, once it is to end. What is under way goes on.</summary>
    public static IApplicationBuilder UsePageGate(this IApplicationBuilder app)
    {
        var budget = app.ApplicationServices.GetRequiredService<CircuitBudget>();
        var drain = app.ApplicationServices.GetRequiredService<Drain>();
        return app.Use(async (context, next) =>
        {
            using var _ = drain.Enter(context);
            var isPage = context.GetEndpoint()?.Metadata is { } about && about.GetMetadata<ComponentTypeMetadata>() is not null && about.GetMetadata<ExcludeFromInteractiveRoutingAttribute>() is null;
            var stays = isPage || Drain.IsSocket(context.Request.Path);
            if (stays && drain.IsClosed)
            {
                budget.Refuse();
                context.Response.Headers["Refresh"] = "5"; // the page comes by itself: from another node, or from this one's successor
                await Faults.AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(5), "Leaving");
                return;
            }

            if (isPage && context.User.Identity?.IsAuthenticated == true && budget.Full() is not null)
            {
                budget.Refuse();
                context.Response.Headers["Refresh"] = "20";
                await Faults.AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(20), "Full");
                return;
            }

            await next(context);
        });
    }
}
