using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Exchange;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.Tests.Trust;

/// <summary>What is answered when the portal cannot.</summary>
public sealed class FaultsTests
{
    private static HttpRequestMessage Get(string path, string accept, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    [Fact]
    public async Task When_the_database_does_not_answer_people_get_a_page_and_programs_an_outcome_and_nothing_of_the_fault()
    {
        await using var portal = new FhirPortal();
        var karel = await portal.AsAsync("karel.janssens");
        var sofie = await portal.AsAsync("sofie.maes");
        Assert.Equal(200, (await karel.GetAsync("Patient/maria-verhoeven")).Code);
        // As with a file that cannot be read any more: whatever is asked of the database fails.
        await portal.Services.GetRequiredService<CareDatabase>().WriteAsync((session, _) =>
        {
            foreach (var table in new[] { "CareTeamMembers", "Settings", "Sessions" })
                session.Sql($"ALTER TABLE \"{table}\" RENAME TO \"{table}Gone\"").With().Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        var fhir = await sofie.GetAsync("Patient/maria-verhoeven");
        Assert.Equal((503, "transient"), (fhir.Code, fhir.Issue.Code));
        Assert.NotNull(fhir.Raw.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("SQL", fhir.Json!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        using var page = await portal.CreateClient(new() { AllowAutoRedirect = false }).SendAsync(Get("/patients/maria-verhoeven/attachments/0197a1d2-0000-7000-8000-000000000000", "text/html", sofie.Http.DefaultRequestHeaders.Authorization!.Parameter));
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("De gegevens zijn even niet bereikbaar", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Sqlite", html, StringComparison.OrdinalIgnoreCase);
        Assert.True(page.Headers.Contains("Content-Security-Policy"));
        using var sheet = await portal.CreateClient().SendAsync(Get("/css/base.css", "text/css", sofie.Http.DefaultRequestHeaders.Authorization!.Parameter));
        Assert.Equal((HttpStatusCode.OK, "text/css"), (sheet.StatusCode, sheet.Content.Headers.ContentType?.MediaType)); // the page looks as it should
        using var ready = await portal.CreateClient().GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var live = await portal.CreateClient().GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Who_asks_too_much_learns_when_to_come_back_in_their_own_form()
    {
        await using var portal = new FhirPortal();
        await using var few = portal.WithWebHostBuilder(b => b.UseSetting("Limits:RequestsPerSecond", "1"));
        using var client = few.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        foreach (var (path, accept) in new[] { ("/fhir/metadata", "application/fhir+json"), ("/patients", "text/html"), ("/health/live", "*/*") })
        {
            HttpResponseMessage answer;
            do
            {
                answer = await client.SendAsync(Get(path, accept));
            }
            while (answer.StatusCode != HttpStatusCode.TooManyRequests);
            using (answer)
            {
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1), path);
                if (accept == "text/html")
                    Assert.Contains("Te veel aanvragen na elkaar", text, StringComparison.Ordinal);
                else if (path.StartsWith("/fhir", StringComparison.Ordinal))
                    Assert.Equal(("OperationOutcome", "throttled"), ((string?)JsonNode.Parse(text)!["resourceType"], (string?)JsonNode.Parse(text)!["issue"]![0]!["code"]));
                else
                    Assert.Empty(text);
            }
        }

        using var sheet = await client.SendAsync(Get("/css/base.css", "text/css"));
        Assert.Equal(HttpStatusCode.OK, sheet.StatusCode);
    }
}
