using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// Looks up the cursors of the patients that somebody here is watching, so that a change by another process (an import on the command line,
/// another node) or a lost wake-up shows at the next look.
/// </summary>
internal sealed partial class CursorRelay(CareDatabase database, LiveFeed live, RuleBook rules, BrokerState broker, TimeProvider clock, ILogger<CursorRelay> log) : BeatingService(Interval, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>While the broker wakes, every so many beats suffice: the look only finds what was lost on the way.</summary>
    private const int BeatsWithBroker = 4;

    private int _beats;

    /// <inheritdoc/>
    protected override Task OnBeatAsync(CancellationToken ct) => broker.IsConnected && ++_beats % BeatsWithBroker != 0 ? Task.CompletedTask : LookAsync(ct);

    /// <inheritdoc/>
    protected override void OnFault(Exception fault) => LookFailed(log, fault);

    /// <summary>One look at all watched patients.</summary>
    internal async Task LookAsync(CancellationToken ct)
    {
        var watched = live.Watched;
        if (watched.Count == 0)
            return;
        IReadOnlyList<(PatientId Patient, long Cursor)> cursors;
        using (var session = await database.RentAsync(ct))
        {
            cursors = CareStore.Cursors(session, watched);
            rules.Look(session, Clock.UtcMicroseconds()); // a publication on another node wakes those who watch here
        }

        foreach (var (patient, cursor) in cursors)
        {
            // What was committed here has woken its watchers already.
            if (live.Newest(patient) is { } newest && newest.Cursor < cursor)
                live.PublishFromElsewhere(patient, cursor);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The look at the cursors failed; the next one follows.")]
    private static partial void LookFailed(ILogger logger, Exception fault);
}
