using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Cuts off, within seconds, whoever may not be here any more: sessions that ended on any node, people who were deactivated, accounts that their provider closed.</summary>
internal sealed partial class SessionWatch(Sessions sessions, PeopleDirectory people, LiveConnections connections, TimeProvider clock, ILogger<SessionWatch> log, ProviderQuestions? provider = null) : BeatingService(Beat, clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private const int SettleEvery = 10;

    private DateTime _from = clock.UtcMicroseconds();
    private long _beat;

    /// <inheritdoc/>
    protected override async Task OnBeatAsync(CancellationToken ct)
    {
        _from = await sessions.LookAsync(_from, ++_beat % SettleEvery == 0, ct);
        if (await people.RefreshIfChangedAsync(ct))
            connections.Cut(c => people.ActorFor(c.Person) is null);
        if (provider is not null)
            await provider.AskAsync(ct);
    }

    /// <inheritdoc/>
    protected override void OnFault(Exception fault) => LookFailed(log, fault); // the database is away: nothing is handed out either

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sessions could not be looked at")]
    private static partial void LookFailed(ILogger logger, Exception fault);
}
