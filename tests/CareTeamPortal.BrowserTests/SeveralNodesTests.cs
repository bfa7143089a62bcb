using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CareTeamPortal.BrowserTests.Drills;
using Xunit.Abstractions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>Two nodes on one database: what happens at one is at the other, with a broker at once and without one at the next look.</summary>
public sealed class SeveralNodesTests(ITestOutputHelper output)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task People_at_two_nodes_see_each_other_and_what_each_of_them_writes()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var first = await PortalProcess.StartAsync("--ConnectionStrings:Broker", broker.Address);
        await using var second = await first.StartBesideAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var karel = await browsing.SignInAsync(first.Url, "dr. Karel Janssens", "/patients/" + Maria);
        await using var sofie = await browsing.SignInAsync(second.Url, "Sofie Maes", "/patients/" + Maria);
        await karel.AliveAsync();
        await sofie.AliveAsync();

        var here = karel.Page.Locator(".pb-here");
        await Expect(here).ToContainTextAsync("Sofie Maes");
        await sofie.NoteField().PressSequentiallyAsync("Gewi");
        await Expect(here).ToContainTextAsync("Sofie typt");
        var text = Unique("Van het andere knooppunt");
        await sofie.WriteNoteAsync(text);
        await Expect(karel.Entry(text)).ToHaveCountAsync(1);

        // One sign-in serves all nodes: the keys are in the database.
        await karel.Page.GotoAsync(second.Url + "/patients/" + Maria);
        await karel.AliveAsync();
        await Expect(karel.Entry(text)).ToHaveCountAsync(1);

        await sofie.Page.CloseAsync();
        await Expect(here.Filter(new() { HasText = "Sofie Maes" })).ToHaveCountAsync(0);
        Assert.Empty(karel.Complaints);
    }

    [SkippableFact]
    public async Task A_right_that_is_taken_away_at_one_node_is_gone_from_the_open_page_at_the_other()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var first = await PortalProcess.StartAsync("--ConnectionStrings:Broker", broker.Address);
        await using var second = await first.StartBesideAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var sofie = await browsing.SignInAsync(second.Url, "Sofie Maes", "/patients/" + Maria);
        await using var maria = await browsing.SignInAsync(first.Url, "Maria Verhoeven", $"/patients/{Maria}/access");
        await sofie.AliveAsync();
        var notes = maria.Page.GetByRole(AriaRole.Switch, new() { Name = "Nota's", Exact = true });
        await Expect(notes).ToBeCheckedAsync();
        // The page at the other node has just read, and remembers for a second what it may see: the news must not be read by that, because nothing wakes the page again.
        var text = Unique("Net nog gezien");
        await sofie.WriteNoteAsync(text);
        await Expect(sofie.Entry(text)).ToHaveCountAsync(1);
        await notes.ClickAsync();
        await Expect(sofie.Entry(text)).ToHaveCountAsync(0);
        await notes.ClickAsync();
        await Expect(sofie.Entry(text)).ToHaveCountAsync(1);
    }

    [SkippableFact]
    [Trait(Drill.Trait, Drill.Value)]
    public async Task Without_its_broker_nothing_is_lost_or_late_and_nobody_who_writes_waits()
    {
        const int notes = 200;
        await using var broker = BrokerProcess.NotStarted(); // absent at the start
        await using var first = await PortalProcess.StartAsync("--ConnectionStrings:Broker", broker.Address);
        await using var second = await first.StartBesideAsync();
        Assert.Contains("The broker (ConnectionStrings:Broker) does not answer", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("guest", first.Output, StringComparison.Ordinal);

        var (sofie, karel) = (await first.TokenAsync("sofie.maes"), await second.TokenAsync("karel.janssens"));
        await using var hub = await HubAsync(second, karel);
        var cursor = (await hub.CallAsync("watch", Maria, null)).GetString()!;
        var written = new List<string>();
        IReadOnlyList<string> seen = [];
        var slowest = TimeSpan.Zero;
        async Task WriteAsync()
        {
            var text = $"Nota {written.Count} {Guid.NewGuid():n}";
            var watch = Stopwatch.StartNew();
            using var answer = await first.FhirAsync(sofie, HttpMethod.Post, "Communication", Note(text));
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            written.Add(text);
        }

        // Reads what is new at the other node whenever its hub says so, until everything that was written is there.
        async Task CatchUpAsync()
        {
            while (seen.Count < written.Count)
            {
                await hub.NextAsync("advanced");
                seen = await AfterAsync(second, karel, cursor);
            }
        }

        await WriteAsync();
        await CatchUpAsync(); // by the look in the database

        await broker.RunAsync();
        await BothAsync(first, second, "The broker wakes the other nodes.");
        while (written.Count < notes)
        {
            if (written.Count == notes / 4)
                await broker.KillAsync(); // in the middle; the others are written without it
            if (written.Count == notes * 3 / 4)
            {
                await BothAsync(first, second, "The connection to the broker ended");
                await CatchUpAsync();
                await broker.RunAsync();
            }

            await WriteAsync();
        }

        await CatchUpAsync();
        Assert.Equal(written, seen); // each once, in order
        Drill.Say($"broker absent at the start of two nodes, away again for half of {notes} notes: all at the other node once and in order; slowest write {slowest.TotalSeconds:0.00} s");
        output.WriteLine($"{notes} notes, the broker away for half of them: all at the other node once and in order; the slowest write took {slowest.TotalMilliseconds:0} ms");
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"somebody waited {slowest.TotalSeconds:0.0} s for a write");
    }

    /// <summary>Waits until both nodes have printed this (they print it each time anew).</summary>
    private static async Task BothAsync(PortalProcess first, PortalProcess second, string line)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!first.Output.Contains(line, StringComparison.Ordinal) || !second.Output.Contains(line, StringComparison.Ordinal))
            await tick.WaitForNextTickAsync(limit.Token);
    }

    private static async Task<Peer> HubAsync(PortalProcess portal, string token)
    {
        var hub = Peer.Start("hub.mjs");
        await hub.CallAsync("connect", portal.Url + "/hubs/patient", token, 100);
        return hub;
    }

    private static object Note(string text) => new { resourceType = "Communication", status = "completed", subject = new { reference = "Patient/" + Maria }, payload = new[] { new { contentString = text } } };

    /// <summary>The notes after this cursor, oldest first.</summary>
    private static async Task<IReadOnlyList<string>> AfterAsync(PortalProcess portal, string token, string cursor)
    {
        var texts = new List<string>();
        for (string? next = $"Patient/{Maria}/$timeline?_count=100&after={Uri.EscapeDataString(cursor)}"; next is not null;)
        {
            using var answer = await portal.FhirAsync(token, HttpMethod.Get, next);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var bundle = await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (!bundle.TryGetProperty("entry", out var entries))
                break;
            // What the portal's own clock writes meanwhile (a task that is overdue) is not ours.
            texts.AddRange(entries.EnumerateArray().Select(e => e.GetProperty("resource")).Where(r => r.GetProperty("resourceType").GetString() == "Communication").Select(r => r.GetProperty("payload")[0].GetProperty("contentString").GetString()!).Where(text => text.StartsWith("Nota ", StringComparison.Ordinal)));
            next = bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()!.Split("/fhir/")[1]).FirstOrDefault();
        }

        return texts;
    }
}
