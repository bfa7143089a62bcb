using Microsoft.AspNetCore.Components.Server.Circuits;

namespace CareTeamPortal.Platform.Live;

/// <summary>Whether the browser behind this circuit is there: a circuit outlives a closed tab by minutes, a person's presence must not.</summary>
internal sealed class CircuitConnection : CircuitHandler
{
    /// <summary>True while the browser is connected.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Raised when the browser goes or comes back.</summary>
    public event Action? Changed;

    /// <inheritdoc/>
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => Set(false);

    /// <inheritdoc/>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) => Set(true);

    private Task Set(bool up)
    {
        if (IsUp != up)
        {
            IsUp = up;
            Changed?.Invoke();
        }

        return Task.CompletedTask;
    }
}
