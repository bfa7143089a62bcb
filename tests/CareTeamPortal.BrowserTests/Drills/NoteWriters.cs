using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>
/// Many who write notes about one patient at once, each with a name of its own, and the oracle of all drills: what was acknowledged is there exactly once, each writer's notes in the order in
/// which they were written, numbered without a gap, and the audit verifies.
/// </summary>
/// <param name="portal">Where they write.</param>
/// <param name="name">Begins the names of their notes.</param>
/// <param name="open">A look into a database that is not a file of the portal's own.</param>
internal sealed class NoteWriters(PortalProcess portal, string name = "", Func<DbConnection>? open = null)
{
    public const string Maria = "maria-verhoeven";
    private const string Identifiers = "https://careteamportal.example/tests";

    private readonly ConcurrentDictionary<string, byte> _sent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<double> _seconds = new();
    private readonly ConcurrentQueue<(HttpStatusCode Status, double Seconds)> _refused = new();
    private CancellationTokenSource _stop = new();
    private List<Task> _writing = [];
    private string _token = "";
    private string _start = "";
    private Numbers _before;
    private int _round;
    private volatile bool _finish;

    /// <summary>Begins the names of their notes.</summary>
    public string Name => name;

    /// <summary>Names of notes whose storing was acknowledged.</summary>
    public ICollection<string> Acknowledged => _acknowledged.Keys;

    /// <summary>How long each acknowledged note took.</summary>
    public IReadOnlyCollection<double> Seconds => _seconds;

    /// <summary>Notes of which the writer was told that they are not stored, and how long that took.</summary>
    public IReadOnlyCollection<(HttpStatusCode Status, double Seconds)> Refused => _refused;

    /// <summary>How many entries the file has, and the last of both numbers.</summary>
    private readonly record struct Numbers(long Count, long LastSeq, long Cursors, long LastCursor);

    /// <summary>Remembers how the file is before.</summary>
    public async Task BeginAsync()
    {
        _token = await portal.TokenAsync("sofie.maes");
        using var answer = await portal.FhirAsync(_token, HttpMethod.Get, $"Patient/{Maria}/$timeline?_count=1");
        var bundle = await answer.Content.ReadFromJsonAsync<JsonElement>();
        _start = Link(bundle, "after")!;
        _before = await NumbersAsync();
    }

    /// <summary>Lets them write, one note after another each, until the connection breaks or <see cref="StopAsync"/>.</summary>
    public async Task StartAsync(int writers)
    {
        _token = await portal.TokenAsync("sofie.maes"); // after a restart too
        _stop = new CancellationTokenSource();
        _finish = false;
        var round = _round++;
        _writing = [.. Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; !_stop.IsCancellationRequested && !_finish; n++)
            {
                if (!await WriteAsync($"{name}r{round:00}-w{writer:00}-n{n:0000}"))
                    return;
            }
        }))];
    }

    /// <summary>Writes one note; false when the connection broke, so that nobody knows whether it was stored.</summary>
    public async Task<bool> WriteAsync(string key)
    {
        _sent[key] = 0;
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await portal.FhirAsync(_token, HttpMethod.Post, "Communication", Note(key), $"identifier={Identifiers}|{key}", _stop.Token);
            var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
            {
                _acknowledged[key] = 0;
                _seconds.Enqueue(took);
            }
            else
            {
                _refused.Enqueue((answer.StatusCode, took));
            }

            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits until so many were acknowledged in all.</summary>
    public Task<TimeSpan> UntilAsync(int acknowledged, TimeSpan limit) => Wait.UntilAsync(() => Task.FromResult(_acknowledged.Count >= acknowledged), limit, $"{acknowledged} notes acknowledged");

    /// <summary>Ends the writing; what is under way is called off, and nobody knows whether it was stored.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    /// <summary>Lets the writers finish the note that they are at, so that each knows what became of it.</summary>
    public async Task FinishAsync()
    {
        _finish = true;
        await Task.WhenAll(_writing);
    }

    /// <summary>The oracle. Everything that was sent is sent again, as a client does that is not sure: nothing comes twice.</summary>
    public async Task ExpectEachOnceAsync(PortalProcess? at = null)
    {
        at ??= portal;
        var token = await at.TokenAsync("sofie.maes");
        var stored = await StoredAsync(at, token);
        Assert.Empty(_acknowledged.Keys.Except(stored)); // nothing acknowledged was lost
        Assert.Equal(stored.Count, stored.Distinct(StringComparer.Ordinal).Count()); // nothing twice
        Assert.Empty(stored.Except(_sent.Keys)); // nothing invented
        foreach (var writer in stored.GroupBy(k => k[..^6]))
            Assert.Equal(writer.Order(StringComparer.Ordinal), writer); // each writer's in order
        foreach (var key in _sent.Keys.Except(stored).Take(200).Concat(_acknowledged.Keys.Order(StringComparer.Ordinal).Take(50)))
        {
            using var again = await at.FhirAsync(token, HttpMethod.Post, "Communication", Note(key), $"identifier={Identifiers}|{key}");
            Assert.Equal(_acknowledged.ContainsKey(key) ? HttpStatusCode.OK : HttpStatusCode.Created, again.StatusCode);
            _acknowledged[key] = 0;
        }

        stored = await StoredAsync(at, token);
        Assert.Equal(stored.Count, stored.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(_acknowledged.Keys.Except(stored));
        if (at != portal)
            return;
        var after = await NumbersAsync();
        // The portal's own clock writes in the file too, and what it changes gets a new number: at least ours, and none that shares a cursor with another.
        Assert.True(after.Count - _before.Count >= stored.Count && after.LastSeq - _before.LastSeq >= stored.Count, $"{after.Count - _before.Count} entries, {stored.Count} of them ours");
        Assert.True(after.LastCursor - _before.LastCursor >= stored.Count && after.Cursors - _before.Cursors >= stored.Count, "notes share a cursor");
    }

    /// <summary>Runs the verb that reads every access record.</summary>
    public static async Task<string> ExpectAuditAsync(PortalProcess at)
    {
        var (code, output) = await at.VerbAsync("verify-audit");
        Assert.True(code == 0, output);
        return output.Trim();
    }

    /// <summary>The notes of this drill that the portal has, in the order in which a reader after the cursor gets them.</summary>
    private async Task<List<string>> StoredAsync(PortalProcess at, string token)
    {
        var keys = new List<string>();
        for (var next = _start; next is not null;)
        {
            using var answer = await at.FhirAsync(token, HttpMethod.Get, next[(next.IndexOf("/fhir/", StringComparison.Ordinal) + 6)..]);
            var bundle = await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (!bundle.TryGetProperty("entry", out var entries) || entries.GetArrayLength() == 0)
                break;
            keys.AddRange(entries.EnumerateArray().Select(e => e.GetProperty("resource")).Where(r => r.TryGetProperty("identifier", out _))
                .SelectMany(r => r.GetProperty("identifier").EnumerateArray()).Where(i => i.GetProperty("system").GetString() == Identifiers).Select(i => i.GetProperty("value").GetString()!).Where(k => k.StartsWith(name, StringComparison.Ordinal)));
            next = Link(bundle, "next");
        }

        return keys;
    }

    private static string? Link(JsonElement bundle, string relation) =>
        bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == relation).Select(l => l.GetProperty("url").GetString()).FirstOrDefault();

    private static object Note(string key) => new
    {
        resourceType = "Communication",
        status = "completed",
        identifier = new[] { new { system = Identifiers, value = key } },
        subject = new { reference = $"Patient/{Maria}" },
        payload = new[] { new { contentString = $"Huisbezoek {key}" } },
    };

    private async Task<Numbers> NumbersAsync()
    {
        await using var database = open?.Invoke() ?? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = portal.Database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = """SELECT COUNT(*), MAX("Seq"), COUNT(DISTINCT "Cursor"), MAX("Cursor") FROM "TimelineEntries" WHERE "PatientId" = @patient""";
        var patient = command.CreateParameter();
        (patient.ParameterName, patient.Value) = ("@patient", Maria);
        command.Parameters.Add(patient);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new Numbers(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }
}
