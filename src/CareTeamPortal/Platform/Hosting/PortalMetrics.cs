using System.Diagnostics.Metrics;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>
/// What the portal counts about itself, as the meter <c>CareTeamPortal</c>. No tag says anything about a patient or a person: the only ones are <c>outcome</c> and <c>reason</c>, each with a few
/// fixed values.
/// </summary>
internal sealed class PortalMetrics
{
    public const string Meter = "CareTeamPortal";

    // Seconds; a commit on a good disk takes milliseconds, and ten seconds is when a writer is told that it was not saved.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20] };

    private readonly Meter _meter;
    private readonly LiveFeed _live;
    private readonly Counter<long> _writes;
    private readonly Histogram<double> _writeTime;
    private readonly Histogram<double> _publishTime;
    private readonly Counter<long> _refused;

    public PortalMetrics(IMeterFactory meters, LiveFeed live, CircuitBudget pages, PatientHubRelay hub, LiveConnections sockets, CareDesk desk)
    {
        _live = live;
        desk.Refused = () => Refused("rights");
        _meter = meters.Create(Meter);
        _writes = _meter.CreateCounter<long>("careteam.writes", "{write}", "Transactions asked for; outcome kept or failed.");
        _writeTime = _meter.CreateHistogram("careteam.write.duration", "s", "From asking for a transaction to its being durable.", advice: Seconds);
        _publishTime = _meter.CreateHistogram("careteam.publish.duration", "s", "From asking for a transaction in a file to the waking of those who have it open.", advice: Seconds);
        _refused = _meter.CreateCounter<long>("careteam.refused", "{request}", "Requests that were not served; reason rate (too many from one person) or rights (the file is not open to who asked).");
        _meter.CreateObservableUpDownCounter("careteam.pages.open", () => pages.Pages.Open, "{page}", "Open pages (circuits) on this node.");
        _meter.CreateObservableUpDownCounter("careteam.pages.connected", () => pages.Pages.Connected, "{page}", "Those whose browser is there.");
        _meter.CreateObservableCounter("careteam.pages.refused", () => pages.Refused, "{page}", "Pages that this node did not open because it was full or ending.");
        _meter.CreateObservableUpDownCounter("careteam.hub.clients", () => hub.ConnectionCount, "{client}", "Programs that watch files, once for each file.");
        _meter.CreateObservableUpDownCounter("careteam.sockets", () => sockets.Open.Count, "{socket}", "Open sockets of pages and programs.");
        _meter.CreateObservableUpDownCounter("careteam.watchers", () => live.SubscriberCount, "{watcher}", "Parts of pages that follow a file.");
    }

    /// <summary>Begins to count what goes through the database.</summary>
    public void Follow(CareDatabase database)
    {
        database.Traffic.Written = Written;
        _live.Told = took => _publishTime.Record(took.TotalSeconds);
        _meter.CreateObservableCounter("careteam.reads", () => database.Traffic.Reads, "{read}", "Sessions rented to read with.");
        _meter.CreateObservableUpDownCounter("careteam.writes.waiting", () => database.Traffic.UnderWay, "{write}", "Transactions asked for and not yet answered.");
    }

    /// <summary>One more request that was not served.</summary>
    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    private void Written(TimeSpan took, bool kept)
    {
        _writes.Add(1, new KeyValuePair<string, object?>("outcome", kept ? "kept" : "failed"));
        _writeTime.Record(took.TotalSeconds);
    }
}
