using System.Net;

namespace CareTeamPortal.BrowserTests;

/// <summary>The program as an operator meets it.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Started_from_another_folder_it_is_ready_and_says_so_without_patient_data()
    {
        await using var portal = await PortalProcess.StartAsync("--Demo:Load", "false");
        Assert.Equal("ready", await portal.Http.GetStringAsync("/health/ready"));
        Assert.Equal("live", await portal.Http.GetStringAsync("/health/live"));
    }

    [Fact]
    public async Task Every_answer_carries_a_strict_policy_and_no_page_opens_without_sign_in()
    {
        await using var portal = await PortalProcess.StartAsync("--Demo:Load", "false");
        foreach (var path in new[] { "/", "/patients", "/patients/maria-verhoeven", "/patients/maria-verhoeven/measurements" })
        {
            using var answer = await portal.Http.GetAsync(path);
            var policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", string.Join(';', answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.NotFound, $"{path}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Data Sauce=x.db")]
    [InlineData("Data Source=/dev/null/x.db")]
    public async Task A_wrong_connection_string_is_one_clear_line(string connection)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--ConnectionStrings:CareTeam", connection));
        Assert.Single(fault.Message.Split('\n').Skip(1), l => l.StartsWith("CareTeamPortal cannot start: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_line()
    {
        await using var first = await PortalProcess.StartAsync("--Demo:Load", "false");
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--Demo:Load", "false", "--Urls", first.Url));
        Assert.Contains("cannot start: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("address already in use", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_mode_on_an_address_that_others_reach_is_refused_with_the_key_to_change()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--Urls", "http://0.0.0.0:0"));
        Assert.Contains("Demo:AllowRemote", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SignIn:Mode", "Kerberos")]
    [InlineData("Database:Provider", "Oracle")]
    public async Task A_setting_that_makes_no_sense_ends_the_start_with_its_name(string key, string value)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--" + key, value));
        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_in_at_a_provider_without_its_settings_ends_the_start_with_their_names()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--SignIn:Mode", "OpenIdConnect", "--AzureAd:Authority", "https://provider.example", "--AzureAd:ClientId", "careteam"));
        Assert.Contains("AzureAd:ClientSecret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_restores_what_it_held()
    {
        await using var portal = await PortalProcess.StartAsync("--Demo:Load", "false");
        var file = Path.Combine(portal.Folder, "copy.db");
        var (code, output) = await portal.VerbAsync("backup", file);
        Assert.True(code == 0, output);
        await portal.KillAsync();
        (code, output) = await portal.VerbAsync("restore", file);
        Assert.True(code == 0, output);
        await portal.RunAsync();
    }

    [Fact]
    public async Task A_socket_from_another_site_is_refused()
    {
        await using var portal = await PortalProcess.StartAsync("--Demo:Load", "false");
        foreach (var path in new[] { "/_blazor/negotiate?negotiateVersion=1", "/hubs/patient/negotiate?negotiateVersion=1" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.Add("Origin", "https://elsewhere.example");
            using var answer = await portal.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }
}
