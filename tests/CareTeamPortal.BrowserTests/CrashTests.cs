using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.BrowserTests;

/// <summary>Acknowledged means durable: the server is killed while many write.</summary>
public sealed class CrashTests
{
    private const string Maria = "maria-verhoeven";
    private const string Identifiers = "https://careteamportal.example/tests";
    private const int Writers = 50;

    [Fact]
    public async Task Killed_while_fifty_write_every_acknowledged_note_is_there_exactly_once_and_no_cursor_is_missing()
    {
        await using var portal = await PortalProcess.StartAsync();
        var token = await portal.TokenAsync("sofie.maes");
        var start = await CursorAsync(portal, token);
        var before = await NumbersAsync(portal);
        var acknowledged = new ConcurrentDictionary<string, string>();
        var sent = new ConcurrentDictionary<string, byte>();

        // Each writer posts one note after another until the connection breaks under it.
        using var crash = new CancellationTokenSource();
        var enough = new TaskCompletionSource();
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; !crash.IsCancellationRequested; n++)
            {
                var key = $"w{writer}-n{n}";
                sent[key] = 0;
                try
                {
                    using var answer = await portal.FhirAsync(token, HttpMethod.Post, "Communication", Note(key), $"identifier={Identifiers}|{key}", crash.Token);
                    Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                    acknowledged[key] = answer.Headers.Location!.ToString();
                }
                catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
                {
                    return; // not acknowledged: it may be there, or not
                }

                if (acknowledged.Count >= 500)
                    enough.TrySetResult();
            }
        })).ToList();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(120));
        await portal.KillAsync();
        await crash.CancelAsync();
        await Task.WhenAll(writers);

        var ready = await portal.RunAsync();
        Assert.True(ready < TimeSpan.FromSeconds(15), $"ready after {ready.TotalSeconds:0.0} s");

        // The same people send again what they are not sure of, as a client does after a crash: nothing comes twice.
        token = await portal.TokenAsync("sofie.maes");
        foreach (var key in sent.Keys)
        {
            using var again = await portal.FhirAsync(token, HttpMethod.Post, "Communication", Note(key), $"identifier={Identifiers}|{key}");
            Assert.Equal(acknowledged.ContainsKey(key) ? HttpStatusCode.OK : again.StatusCode, again.StatusCode);
            Assert.True(again.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, $"{key}: {again.StatusCode}");
        }

        var found = await AfterAsync(portal, token, start);
        Assert.Equal(sent.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal)); // each once, none lost, none invented

        // No gap: what was committed since the start is numbered one after another, in both numbers that a file has.
        await portal.KillAsync();
        var after = await NumbersAsync(portal);
        Assert.Equal(sent.Count, after.Count - before.Count);
        Assert.Equal(sent.Count, after.LastSeq - before.LastSeq);
        Assert.Equal(sent.Count, after.LastCursor - before.LastCursor);
        Assert.Equal(sent.Count, after.Cursors - before.Cursors);
    }

    private static object Note(string key) => new
    {
        resourceType = "Communication",
        status = "completed",
        identifier = new[] { new { system = Identifiers, value = key } },
        subject = new { reference = $"Patient/{Maria}" },
        payload = new[] { new { contentString = $"Nota {key}" } },
    };

    /// <summary>A cursor after which nothing has come yet.</summary>
    private static async Task<string> CursorAsync(PortalProcess portal, string token)
    {
        using var answer = await portal.FhirAsync(token, HttpMethod.Get, $"Patient/{Maria}/$timeline?_count=1");
        var bundle = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return bundle.GetProperty("link").EnumerateArray().Single(l => l.GetProperty("relation").GetString() == "after").GetProperty("url").GetString()!;
    }

    /// <summary>How many entries and different cursors the file has, and the last of both numbers.</summary>
    private static async Task<(long Count, long LastSeq, long Cursors, long LastCursor)> NumbersAsync(PortalProcess portal)
    {
        await using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = portal.Database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = """SELECT COUNT(*), MAX("Seq"), COUNT(DISTINCT "Cursor"), MAX("Cursor") FROM "TimelineEntries" WHERE "PatientId" = $patient""";
        command.Parameters.AddWithValue("$patient", Maria);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }

    /// <summary>The test's own notes after a cursor, in the order in which they come.</summary>
    private static async Task<List<string>> AfterAsync(PortalProcess portal, string token, string url)
    {
        var keys = new List<string>();
        for (string? next = url; next is not null;)
        {
            using var answer = await portal.FhirAsync(token, HttpMethod.Get, next[(next.IndexOf("/fhir/", StringComparison.Ordinal) + 6)..]);
            var bundle = await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (!bundle.TryGetProperty("entry", out var entries) || entries.GetArrayLength() == 0)
                break;
            keys.AddRange(entries.EnumerateArray().Select(e => e.GetProperty("resource")).Where(r => r.TryGetProperty("identifier", out _))
                .SelectMany(r => r.GetProperty("identifier").EnumerateArray()).Where(i => i.GetProperty("system").GetString() == Identifiers).Select(i => i.GetProperty("value").GetString()!));
            next = bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();
        }

        return keys;
    }
}
