using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using CareTeamPortal.Benchmarks.Clients;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>The files of docs/deployment, as far as they can be run here.</summary>
public sealed class ProxyTests
{
    private const string Maria = "maria-verhoeven";
    private static readonly string[] Behind = ["--Demo:AllowRemote", "true", "--Proxy:Known", "127.0.0.1"];

    [SkippableFact]
    public async Task Behind_nginx_pages_sockets_and_programs_work_and_a_browser_keeps_its_node()
    {
        Machine.Need("nginx");
        await using var portal = await PortalProcess.StartAsync(Behind);
        await using var nginx = await new Nginx(portal).StartedAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(nginx.Url) };
        using (var first = await http.GetAsync("/sign-in"))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.Contains(first.Headers.GetValues("Set-Cookie"), c => c.StartsWith("careteam_node=", StringComparison.Ordinal) && c.Contains("HttpOnly", StringComparison.OrdinalIgnoreCase));
        }

        using (var again = new HttpRequestMessage(HttpMethod.Get, "/sign-in"))
        {
            again.Headers.Add("Cookie", "careteam_node=abc");
            using var answer = await http.SendAsync(again);
            Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], c => c.StartsWith("careteam_node=", StringComparison.Ordinal));
        }

        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CircuitClient.Awaited = "444";
        using var page = await CircuitClient.OpenAsync(http, "/patients/" + Maria, await portal.TokenAsync("karel.janssens"), () => seen.TrySetResult());
        using var write = new HttpRequestMessage(HttpMethod.Post, "/fhir/Communication")
        {
            Content = new StringContent($$"""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/{{Maria}}"},"payload":[{"contentString":"{{CircuitClient.Mark}}444x door de proxy"}]}""", null, "application/fhir+json"),
        };
        write.Headers.Add("Authorization", "Bearer " + await portal.TokenAsync("sofie.maes"));
        using (var written = await http.SendAsync(write))
            Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await portal.KillAsync();
        using var away = await http.GetAsync("/patients");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Equal("5", away.Headers.GetValues("Refresh").Single());
        Assert.Contains("even niet bereikbaar", await away.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task When_a_node_is_updated_its_pages_go_on_at_the_other_with_what_was_typed()
    {
        Machine.Need("nginx");
        Machine.NeedChromium();
        await using var one = await PortalProcess.StartAsync(Behind);
        await using var two = await PortalProcess.StartAsync([.. Behind, "--ConnectionStrings:CareTeam", "Data Source=" + one.Database]);
        await using var nginx = await new Nginx(one, two).StartedAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var karel = await browsing.SignInAsync(nginx.Url, "dr. Karel Janssens", "/patients/" + Maria);
        await karel.AliveAsync();
        var typed = Unique("Half af bij de update");
        await karel.NoteField().FillAsync(typed);

        // Each node in turn, as an update does: the page is at one of them.
        foreach (var node in new[] { one, two })
        {
            var (code, took) = await node.TerminateAsync();
            Assert.True(code == 0 && took < TimeSpan.FromSeconds(25), $"code {code} after {took.TotalSeconds:0.0} s");
            await Expect(karel.Page.Locator("html")).ToHaveAttributeAsync("data-started", "", new() { Timeout = 30_000 });
            await Expect(karel.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new() { Timeout = 30_000 });
            await Expect(karel.NoteField()).ToHaveValueAsync(typed, new() { Timeout = 30_000 });
            await node.RunAsync();
        }

        await karel.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Bewaren") }).ClickAsync();
        await Expect(karel.Entry(typed)).ToHaveCountAsync(1);
    }

    [SkippableFact]
    public async Task The_unit_of_systemd_is_one_that_systemd_reads()
    {
        var analyze = Machine.Need("systemd-analyze");
        var folder = Directory.CreateTempSubdirectory("careteam-unit-");
        var unit = Path.Combine(folder.FullName, "careteamportal.service");
        // The programs that it starts need not be at those places here.
        var text = await File.ReadAllTextAsync(Path.Combine(Machine.Root, "docs", "deployment", "systemd", "careteamportal.service"));
        await File.WriteAllTextAsync(unit, text.Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal));
        using var process = Process.Start(new ProcessStartInfo(analyze, ["verify", "--man=no", unit]) { RedirectStandardError = true })!;
        var says = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        folder.Delete(recursive: true);
        Assert.DoesNotContain("careteamportal.service", says, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }
}
