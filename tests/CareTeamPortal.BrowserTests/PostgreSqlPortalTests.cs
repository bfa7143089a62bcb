using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CareTeamPortal.Tests.Support;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>The program as it stands on a PostgreSQL server.</summary>
public sealed class PostgreSqlPortalTests
{
    private const string Maria = "maria-verhoeven";

    private static string[] Settings(string connection, string audit) => ["--Database:Provider", "PostgreSql", "--ConnectionStrings:CareTeam", connection, "--Audit:Folder", audit];

    [SkippableFact]
    public async Task It_makes_its_database_loads_the_demo_keeps_a_note_through_a_kill_and_verifies_its_audit()
    {
        var server = Need.PostgreSql();
        var audit = Directory.CreateTempSubdirectory("careteam-audit-");
        await using (var portal = await PortalProcess.StartAsync(Settings(server.ConnectionString("portal"), audit.FullName)))
        {
            var sofie = await portal.TokenAsync("sofie.maes");
            var text = Unique("Op de server");
            await WriteAsync(portal, sofie, text);
            await portal.KillAsync();
            await portal.RunAsync();
            Assert.Equal(text, await NewestAsync(portal, await portal.TokenAsync("karel.janssens"))); // the demo was not loaded again

            var (code, output) = await portal.VerbAsync("verify-audit");
            Assert.True(code == 0, output);
            (code, output) = await portal.VerbAsync("backup", "copy.dump");
            Assert.Equal(1, code);
            Assert.Contains("pg_dump", output, StringComparison.Ordinal);
            Assert.DoesNotContain("\n   at ", output, StringComparison.Ordinal);
        }

        audit.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task What_is_written_at_one_node_is_told_by_the_hub_of_another_without_a_broker()
    {
        Machine.NeedPeers();
        var server = Need.PostgreSql();
        var audit = Directory.CreateTempSubdirectory("careteam-audit-");
        var settings = Settings(server.ConnectionString("nodes"), audit.FullName);
        // Both at once, on a server that has no such database yet.
        var nodes = await Task.WhenAll(PortalProcess.StartAsync(settings), PortalProcess.StartAsync(settings));
        await using var first = nodes[0];
        await using var second = nodes[1];
        var (sofie, karel) = (await first.TokenAsync("sofie.maes"), await first.TokenAsync("karel.janssens")); // its token is good at the other: the keys are in the database
        await using var hub = Peer.Start("hub.mjs");
        await hub.CallAsync("connect", second.Url + "/hubs/patient", karel, 100);
        await hub.CallAsync("watch", Maria, null);
        for (var i = 0; i < 3; i++)
        {
            var text = Unique("Van de ene naar de andere");
            await WriteAsync(first, sofie, text);
            await hub.NextAsync("advanced");
            Assert.Equal(text, await NewestAsync(second, karel));
        }

        audit.Delete(recursive: true);
    }

    [Fact]
    public async Task A_provider_that_does_not_exist_is_told_in_one_line()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProcess.StartAsync("--Database:Provider", "Oracle"));
        Assert.Contains("CareTeamPortal cannot start: Database:Provider is 'Oracle'; it can be Sqlite, SqlServer or PostgreSql.", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", fault.Message, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(PortalProcess portal, string token, string text)
    {
        using var answer = await portal.FhirAsync(token, HttpMethod.Post, "Communication", new { resourceType = "Communication", status = "completed", subject = new { reference = "Patient/" + Maria }, payload = new[] { new { contentString = text } } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    /// <summary>The text of the newest note.</summary>
    private static async Task<string?> NewestAsync(PortalProcess portal, string token)
    {
        using var answer = await portal.FhirAsync(token, HttpMethod.Get, $"Patient/{Maria}/$timeline?_count=20");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))
            .Where(r => r.GetProperty("resourceType").GetString() == "Communication").Select(r => r.GetProperty("payload")[0].GetProperty("contentString").GetString()).FirstOrDefault();
    }
}
