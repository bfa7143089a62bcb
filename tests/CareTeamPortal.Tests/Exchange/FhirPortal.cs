using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CareTeamPortal.Tests.Exchange;

/// <summary>The whole program in this process with the demo patients, on a database of its own; asked through HTTP as programs do.</summary>
public sealed class FhirPortal : WebApplicationFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("careteam-fhir-").FullName;
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Database:Provider", TestDatabases.Provider);
        builder.UseSetting("ConnectionStrings:CareTeam", TestDatabases.NewConnectionString(_folder));
        builder.UseSetting("Audit:Folder", Path.Combine(_folder, "audit"));
        builder.UseSetting("SignIn:Mode", "Demo");
        builder.UseSetting("Limits:RequestsPerSecond", "1000000"); // a test asks faster than any program
    }

    /// <summary>A client that speaks as this demo person.</summary>
    public async Task<FhirClient> AsAsync(string user)
    {
        var http = CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        if (!_tokens.TryGetValue(user, out var token))
        {
            using var answer = await http.PostAsync("/sign-in/demo/token", new FormUrlEncodedContent([new("user", user)]));
            answer.EnsureSuccessStatusCode();
            _tokens[user] = token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
        }
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new FhirClient(http);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // The system's clean-up of its temporary folder takes what is still held.
        }
    }
}

/// <summary>One answer: status, headers and the JSON, if it is some.</summary>
public sealed record FhirReply(HttpStatusCode Status, HttpResponseMessage Raw, JsonNode? Json)
{
    public int Code => (int)Status;
    public string? ETag => Raw.Headers.TryGetValues("ETag", out var values) ? values.Single() : null;
    public JsonArray Entries => Json?["entry"]?.AsArray() ?? [];
    public IEnumerable<JsonNode> Resources => Entries.Select(e => e!["resource"]).OfType<JsonNode>();

    /// <summary>The first issue's code and expression.</summary>
    public (string? Code, string? Expression) Issue => ((string?)Json?["issue"]?[0]?["code"], (string?)Json?["issue"]?[0]?["expression"]?[0]);

    public string? Link(string relation) => (string?)Json?["link"]?.AsArray().FirstOrDefault(l => (string?)l!["relation"] == relation)?["url"];
}

/// <summary>A FHIR client for tests.</summary>
public sealed class FhirClient(HttpClient http)
{
    public HttpClient Http => http;

    public Task<FhirReply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<FhirReply> PostAsync(string path, object body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers);

    public Task<FhirReply> PutAsync(string path, object body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, body, headers);

    public async Task<FhirReply> SendAsync(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("http", StringComparison.Ordinal) ? path : path.Length == 0 ? "/fhir" : "/fhir/" + path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is HttpContent content) request.Content = content;
        else if (body is not null)
        {
            request.Content = body is byte[] bytes ? new ByteArrayContent(bytes) : new StringContent(body as string ?? (body as JsonNode)?.ToJsonString() ?? JsonSerializer.Serialize(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        }
        var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new FhirReply(answer.StatusCode, answer, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }
}
