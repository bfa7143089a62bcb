using System.Net;
using System.Text.Json;
using CareTeamPortal.Benchmarks.Clients;

namespace CareTeamPortal.BrowserTests;

/// <summary>What whoever runs the portal relies on: health, telemetry, logs, limits, proxies, verbs and a graceful end.</summary>
public sealed class OperationsTests
{
    private const string Maria = "maria-verhoeven";

    [Fact]
    public async Task A_receiver_gets_traces_and_metrics_and_nothing_of_a_patient()
    {
        await using var receiver = new OtlpReceiver();
        await using var portal = PortalProcess.Prepare();
        foreach (var (name, value) in receiver.Variables)
            portal.Environment[name] = value;
        await portal.RunAsync();
        var token = await portal.TokenAsync("sofie.maes");
        using var page = await CircuitClient.OpenAsync(portal.Http, "/patients/" + Maria, token);
        using var written = await portal.FhirAsync(token, HttpMethod.Post, "Communication", new { resourceType = "Communication", status = "completed", subject = new { reference = "Patient/" + Maria }, payload = new[] { new { contentString = "Geheimzinnige zwelling" } } });
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        using var read = await portal.FhirAsync(token, HttpMethod.Get, $"Observation?patient={Maria}&code=8310-5");
        using var refused = await portal.FhirAsync(await portal.TokenAsync("els.peeters"), HttpMethod.Get, $"Patient/{Maria}/$timeline");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);

        string[] metrics = ["careteam.writes", "careteam.write.duration", "careteam.publish.duration", "careteam.reads", "careteam.writes.waiting", "careteam.pages.open", "careteam.pages.connected", "careteam.pages.refused", "careteam.hub.clients", "careteam.refused", "http.server.request.duration"];
        await receiver.UntilAsync(() => metrics.All(receiver.Texts.ContainsKey) && receiver.Number("careteam.pages.open") == 1 && receiver.Texts.Keys.Any(t => t.StartsWith("POST ", StringComparison.Ordinal)), TimeSpan.FromSeconds(20));
        Assert.True(receiver.Number("careteam.writes") >= 1);
        Assert.Contains("/v1/traces", receiver.Posts.Keys);
        Assert.Contains("write", receiver.Texts.Keys);
        var everything = string.Concat(receiver.Bodies.Select(b => System.Text.Encoding.Latin1.GetString(b)));
        foreach (var secret in new[] { "maria", "verhoeven", "Geheimzinnige", "sofie", "peeters", "8310-5" })
            Assert.DoesNotContain(secret, everything, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Logs_can_be_JSON_one_object_a_line_without_patient_or_person()
    {
        await using var portal = PortalProcess.Prepare("--Logging:Console:FormatterName", "json", "--Logging:LogLevel:CareTeamPortal", "Debug");
        await portal.RunAsync();
        var token = await portal.TokenAsync("sofie.maes");
        using var page = await CircuitClient.OpenAsync(portal.Http, "/patients/" + Maria, token);
        using var nonsense = await portal.FhirAsync(token, HttpMethod.Post, "Communication", "{\"resourceType\":\"Communication\",\"status\":\"geheim-woord\"}");
        await portal.TerminateAsync();
        var lines = portal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.Contains(lines, l => l.Contains("listens on", StringComparison.Ordinal));
        foreach (var secret in new[] { "verhoeven", "geheim-woord" })
            Assert.DoesNotContain(secret, portal.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task When_a_node_is_full_who_comes_is_told_and_who_works_goes_on()
    {
        await using var portal = await PortalProcess.StartAsync("--Circuits:Most", "2", "--Circuits:KeepDisconnectedMinutes", "0.01");
        var token = await portal.TokenAsync("sofie.maes");
        var first = await CircuitClient.OpenAsync(portal.Http, "/patients/" + Maria, token);
        using var second = await CircuitClient.OpenAsync(portal.Http, "/patients/" + Maria, token);
        using (var third = await PageAsync(portal, token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
            Assert.Contains("Er zijn nu te veel vensters open", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.NotNull(third.Headers.RetryAfter);
        }

        Assert.Equal((503, "not ready: 2 pages are open, as many as Circuits:Most allows"), await portal.HealthAsync());
        using var note = await portal.FhirAsync(token, HttpMethod.Get, $"Patient/{Maria}/$timeline?_count=1");
        Assert.Equal(HttpStatusCode.OK, note.StatusCode); // programs and those at work go on
        using var signIn = await portal.Http.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);

        first.Dispose();
        await Wait.UntilAsync(async () => (await portal.HealthAsync()).Status == 200, TimeSpan.FromSeconds(20), "room again after a page has gone");
        using var again = await CircuitClient.OpenAsync(portal.Http, "/patients/" + Maria, token);
    }

    [Fact]
    public async Task When_memory_is_short_no_page_is_opened_and_the_check_says_why()
    {
        await using var portal = PortalProcess.Prepare("--Circuits:MostMemoryMb", "40"); // less than the program needs for itself
        portal.Start();
        await Wait.UntilAsync(async () => (await portal.HealthAsync()).Says.Contains("Circuits:MostMemoryMb", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "not ready for want of memory");
        using var page = await PageAsync(portal, await portal.TokenAsync("sofie.maes"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
    }

    [Fact]
    public async Task A_node_that_is_asked_to_end_says_so_refuses_new_pages_finishes_what_runs_and_ends_well()
    {
        await using var portal = await PortalProcess.StartAsync("--Drain:NoticeSeconds", "2", "--Drain:SpreadSeconds", "1");
        var token = await portal.TokenAsync("sofie.maes");
        using var page = await CircuitClient.OpenAsync(portal.Http, "/patients/" + Maria, token);
        var ending = portal.TerminateAsync();
        await Wait.UntilAsync(async () => await portal.HealthAsync() == (503, "not ready: this node is ending"), TimeSpan.FromSeconds(10), "not ready");
        using (var write = await portal.FhirAsync(token, HttpMethod.Post, "Communication", new { resourceType = "Communication", status = "completed", subject = new { reference = "Patient/" + Maria }, payload = new[] { new { contentString = "op de valreep" } } }))
            Assert.Equal(HttpStatusCode.Created, write.StatusCode);
        var (code, took) = await ending;
        Assert.Equal(0, code);
        Assert.True(took < TimeSpan.FromSeconds(20), $"{took.TotalSeconds:0.0} s");
        Assert.Contains("0 requests and 0 writes were still under way", portal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_proxy_that_is_named_is_believed_about_who_asks()
    {
        // A sign-in from one address is limited; what a stranger writes in a header must not make it another address.
        await using var portal = await PortalProcess.StartAsync("--Demo:Load", "false", "--Demo:AllowRemote", "true", "--Proxy:Known", "127.0.0.1, 10.0.0.0/8");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var answer = await portal.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("secure", await CookieAsync(portal, "https"), StringComparison.OrdinalIgnoreCase);

        await using var alone = await PortalProcess.StartAsync("--Demo:Load", "false");
        Assert.DoesNotContain("secure", await CookieAsync(alone, "https"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Proxy:Known", "localhost!")]
    [InlineData("Circuits:Most", "0")]
    [InlineData("Drain:MostSeconds", "-1")]
    public async Task A_limit_that_makes_no_sense_ends_the_start_with_its_section(string key, string value)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--Demo:Load", "false", "--" + key, value));
        Assert.Contains("cannot start: " + key.Split(':')[0] + ":", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_sign_in_behind_a_proxy_is_refused_with_the_key_to_change()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--Proxy:Known", "127.0.0.1"));
        Assert.Contains("Demo:AllowRemote", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_migrating_is_a_step_of_its_own_the_portal_waits_for_it()
    {
        await using var portal = PortalProcess.Prepare("--Demo:Load", "false", "--Database:MigrateAtStart", "false");
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(portal.RunAsync);
        Assert.Contains("Run the verb migrate first", fault.Message, StringComparison.Ordinal);
        var (code, output) = await portal.VerbAsync("migrate");
        Assert.True(code == 0, output);
        await portal.RunAsync();
        Assert.Equal((200, "ready"), await portal.HealthAsync());
    }

    [Fact]
    public async Task Backup_and_restore_say_in_one_line_what_they_will_not_do()
    {
        await using var portal = await PortalProcess.StartAsync("--Demo:Load", "false");
        async Task Refused(string words, params string[] verb)
        {
            var (code, output) = await portal.VerbAsync(verb);
            Assert.Equal(1, code);
            Assert.Contains(words, output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }

        var file = Path.Combine(portal.Folder, "copy.db");
        Assert.Equal(0, (await portal.VerbAsync("backup", file)).Code);
        await Refused("Stop it first", "restore", file); // the portal runs
        await Refused("the database itself", "backup", portal.Database);
        await Refused("is a folder", "backup", portal.Folder);
        await Refused("usage", "backup");
        await Refused("backup: ", "backup", Path.Combine(portal.Folder, "no", "such", "folder.db"));
        await portal.KillAsync();
        await Refused("There is no file", "restore", file + ".other");
        await using (var absent = PortalProcess.Prepare())
        {
            var (code, output) = await absent.VerbAsync("backup", file);
            Assert.Equal(1, code);
            Assert.Contains("There is no database", output, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await portal.VerbAsync("restore", file)).Code); // the lock of a killed process is no lock
        Assert.Empty(Directory.GetFiles(portal.Folder, "*.unfinished"));
    }

    private static Task<HttpResponseMessage> PageAsync(PortalProcess portal, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/patients/" + Maria);
        request.Headers.Add("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "text/html");
        return portal.Http.SendAsync(request);
    }

    private static async Task<string> CookieAsync(PortalProcess portal, string scheme)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        request.Headers.Add("X-Forwarded-Proto", scheme);
        using var answer = await portal.Http.SendAsync(request);
        return string.Join(' ', answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : []);
    }
}
