using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Cuts off, within seconds, whoever may not be here any more: sessions that ended on any node, people who were deactivated, accounts that their provider closed.</summary>
internal sealed partial class SessionWatch(Sessions sessions, PeopleDirectory people, LiveConnections connections, TimeProvider clock, ILogger<SessionWatch> log, ProviderQuestions? provider = null) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private const int SettleEvery = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        var from = clock.UtcMicroseconds();
        for (var beat = 1L; await timer.WaitForNextTickAsync(stoppingToken); beat++)
        {
            try
            {
                from = await sessions.LookAsync(from, beat % SettleEvery == 0, stoppingToken);
                if (await people.RefreshIfChangedAsync(stoppingToken))
                    connections.Cut(c => people.ActorFor(c.Person) is null);
                if (provider is not null)
                    await provider.AskAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LookFailed(log, fault); // the database is away: nothing is handed out either
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sessions could not be looked at")]
    private static partial void LookFailed(ILogger logger, Exception fault);
}
