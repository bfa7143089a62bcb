using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Population;

/// <summary>One member as coordination sees them; live.</summary>
public sealed partial class CoordinationPage
{
    private ReadCoordination.Result? _read;

    [Inject] private ReadCoordination Read { get; set; } = default!;

    /// <inheritdoc/>
    private protected override Topics Wakes => Topics.Tasks;

    /// <inheritdoc/>
    private protected override void Forget() => _read = null;

    /// <inheritdoc/>
    private protected override async Task ReadAsync(CancellationToken ct)
    {
        _read = await Read.RunAsync(Me!, File, new(), ct);
        IsClosed = _read is null;
    }

    /// <inheritdoc/>
    private protected override async Task<bool> ReadAgainAsync(CancellationToken ct)
    {
        var before = (_read?.Stamp, HasFailed);
        await base.ReadAgainAsync(ct);
        return (_read?.Stamp, HasFailed) != before; // what the viewer may not see wakes this page too, and is not told
    }
}
