using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>The hub for programs, spoken to by Microsoft's own JavaScript client.</summary>
[Collection(PortalCollection.Name)]
public sealed class HubTests(PortalFixture fixture)
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task A_watcher_hears_of_each_commit_and_reads_it_by_the_cursor()
    {
        var portal = fixture.Portal;
        var (karel, sofie) = (await portal.TokenAsync("karel.janssens"), await portal.TokenAsync("sofie.maes"));
        await using var hub = await ConnectAsync(portal, karel);
        var cursor = (await hub.CallAsync("watch", Maria, null)).GetString()!;

        var text = Unique("Via de hub");
        await WriteAsync(portal, sofie, text, hidden: false);
        var advanced = await hub.NextAsync("advanced");
        Assert.Equal(Maria, advanced.GetProperty("patient").GetString());
        Assert.NotEqual(cursor, advanced.GetProperty("cursor").GetString());
        Assert.Equal(["advanced|" + text], (await NewsAsync(portal, karel, cursor)).Select(t => "advanced|" + t));

        // From the cursor that was told there is nothing more; watching from the old one is told at once.
        Assert.Empty(await NewsAsync(portal, karel, advanced.GetProperty("cursor").GetString()!));
        await using var late = await ConnectAsync(portal, karel);
        Assert.Equal(advanced.GetProperty("cursor").GetString(), (await late.CallAsync("watch", Maria, cursor)).GetString());
        await late.NextAsync("advanced");
    }

    [SkippableFact]
    public async Task A_caregiver_gets_no_tick_for_what_only_professionals_may_see()
    {
        var portal = fixture.Portal;
        var (karel, an, sofie) = (await portal.TokenAsync("karel.janssens"), await portal.TokenAsync("an.desmedt"), await portal.TokenAsync("sofie.maes"));
        await using var professional = await ConnectAsync(portal, karel);
        await using var caregiver = await ConnectAsync(portal, an);
        await professional.CallAsync("watch", Maria, null);
        var start = (await caregiver.CallAsync("watch", Maria, null)).GetString()!;

        await WriteAsync(portal, sofie, Unique("Onder ons"), hidden: true);
        await professional.NextAsync("advanced"); // both are told in one go: had there been a tick for An, it would have been sent by now
        var shared = Unique("Voor iedereen");
        await WriteAsync(portal, sofie, shared, hidden: false);
        await professional.NextAsync("advanced");
        var told = await caregiver.NextAsync("advanced");
        Assert.Equal([shared], await NewsAsync(portal, an, start));
        Assert.Empty(await NewsAsync(portal, an, told.GetProperty("cursor").GetString()!));
        Assert.Equal((await caregiver.CallAsync("watch", Maria, null)).GetString(), told.GetProperty("cursor").GetString());
        Assert.Equal(0, caregiver.Unread);
    }

    [SkippableFact]
    public async Task Who_stops_watching_hears_nothing_more()
    {
        var portal = fixture.Portal;
        var (karel, sofie) = (await portal.TokenAsync("karel.janssens"), await portal.TokenAsync("sofie.maes"));
        await using var stays = await ConnectAsync(portal, karel);
        await using var leaves = await ConnectAsync(portal, karel);
        await stays.CallAsync("watch", Maria, null);
        await leaves.CallAsync("watch", Maria, null);
        await leaves.CallAsync("unwatch", Maria);
        await WriteAsync(portal, sofie, Unique("Na het weggaan"), hidden: false);
        await stays.NextAsync("advanced");
        var cursor = (await leaves.CallAsync("watch", Maria, null)).GetString(); // an answer that comes after anything sent before
        Assert.NotNull(cursor);
        Assert.Equal(0, leaves.Unread);
    }

    [SkippableTheory]
    [InlineData("els.peeters", Maria)] // a stranger to this file
    [InlineData("karel.janssens", "nobody-at-all")]
    [InlineData("karel.janssens", "")]
    [InlineData("karel.janssens", "../admin")]
    [InlineData("karel.janssens", "maria-verhoeven' OR 1=1 --")]
    public async Task A_file_that_is_not_open_to_the_caller_answers_as_one_that_does_not_exist(string user, string patient)
    {
        var portal = fixture.Portal;
        await using var hub = await ConnectAsync(portal, await portal.TokenAsync(user));
        var fault = await Assert.ThrowsAsync<PeerFault>(() => hub.CallAsync("watch", patient, null));
        Assert.EndsWith("not-found", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception: Exception", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Odd_calls_end_in_an_error_and_not_in_a_broken_connection()
    {
        var portal = fixture.Portal;
        await using var hub = await ConnectAsync(portal, await portal.TokenAsync("karel.janssens"));
        await Assert.ThrowsAsync<PeerFault>(() => hub.CallAsync("invoke", "Watch"));
        await Assert.ThrowsAsync<PeerFault>(() => hub.CallAsync("invoke", "Watch", 12, new { a = 1 }));
        await Assert.ThrowsAsync<PeerFault>(() => hub.CallAsync("invoke", "Advanced", Maria, "x"));
        await Assert.ThrowsAsync<PeerFault>(() => hub.CallAsync("invoke", "OnDisconnectedAsync", (object?)null));
        Assert.NotNull((await hub.CallAsync("watch", Maria, "no cursor of ours")).GetString());
    }

    [SkippableFact]
    public async Task Without_a_token_nobody_connects()
    {
        await using var hub = Peer.Start("hub.mjs");
        var fault = await Assert.ThrowsAsync<PeerFault>(() => hub.CallAsync("connect", fixture.Portal.Url + "/hubs/patient", "not-a-token", 100));
        Assert.Contains("401", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task After_a_crash_a_client_comes_back_and_hears_what_it_missed()
    {
        Machine.NeedPeers();
        await using var portal = await PortalProcess.StartAsync();
        var (karel, sofie) = (await portal.TokenAsync("karel.janssens"), await portal.TokenAsync("sofie.maes"));
        await using var hub = await ConnectAsync(portal, karel);
        var cursor = (await hub.CallAsync("watch", Maria, null)).GetString()!;
        await portal.KillAsync();
        await hub.NextAsync("reconnecting");
        await portal.RunAsync();
        await hub.NextAsync("reconnected"); // the token of before the crash is still good: the keys are in the database
        var missed = Unique("Gemist");
        await WriteAsync(portal, sofie, missed, hidden: false);
        await hub.CallAsync("watch", Maria, cursor);
        await hub.NextAsync("advanced");
        Assert.Equal([missed], await NewsAsync(portal, karel, cursor));
    }

    private static async Task<Peer> ConnectAsync(PortalProcess portal, string token)
    {
        var hub = Peer.Start("hub.mjs");
        await hub.CallAsync("connect", portal.Url + "/hubs/patient", token, 100);
        return hub;
    }

    private static async Task WriteAsync(PortalProcess portal, string token, string text, bool hidden)
    {
        object note = hidden
            ? new { resourceType = "Communication", meta = new { security = new[] { new { system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code = "R" } } }, status = "completed", subject = new { reference = $"Patient/{Maria}" }, payload = new[] { new { contentString = text } } }
            : new { resourceType = "Communication", status = "completed", subject = new { reference = $"Patient/{Maria}" }, payload = new[] { new { contentString = text } } };
        using var answer = await portal.FhirAsync(token, HttpMethod.Post, "Communication", note);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<IReadOnlyList<string>> NewsAsync(PortalProcess portal, string token, string cursor)
    {
        using var answer = await portal.FhirAsync(token, HttpMethod.Get, $"Patient/{Maria}/$timeline?after={Uri.EscapeDataString(cursor)}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bundle = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return bundle.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("payload")[0].GetProperty("contentString").GetString()!)]
            : [];
    }
}
