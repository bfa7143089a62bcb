using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Benchmarks.Clients;

/// <summary>Speaks to the portal as a program does: a demo token, FHIR.</summary>
internal sealed class PortalClient : IDisposable
{
    private PortalClient(HttpClient http, string token) => (Http, Token) = (http, token);

    public HttpClient Http { get; }
    public string Token { get; }

    public static async Task<PortalClient> SignInAsync(Uri address, string user)
    {
        var http = NewHttp(address);
        using var answer = await http.PostAsync("sign-in/demo/token", new FormUrlEncodedContent([new("user", user)]));
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"sign-in answered {(int)answer.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        var token = json.RootElement.GetProperty("access_token").GetString()!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new PortalClient(http, token);
    }

    public static HttpClient NewHttp(Uri address) => new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Makes a patient; the caller is on the team. Each has a number of its own: equal content is one resource, so it would be one patient.</summary>
    public async Task<string> NewPatientAsync()
    {
        var text = await SendAsync(Http, "fhir/Patient", $$"""{"resourceType":"Patient","active":true,"identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:{{Guid.NewGuid()}}"}],"name":[{"family":"Bank","given":["Test"]}],"birthDate":"1950-01-01"}""");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Creates by POST; the answer's body.</summary>
    public static async Task<string> SendAsync(HttpClient http, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/fhir+json");
        using var answer = await http.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"POST {path} answered {(int)answer.StatusCode}: {text[..Math.Min(300, text.Length)]}");
    }

    /// <summary>A note; the mark makes it findable in what viewers receive.</summary>
    public static string Note(string patient, string mark = "") =>
        $$"""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/{{patient}}"},"sent":"{{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}}","payload":[{"contentString":"{{mark}} Huisbezoek: bloeddruk 132/84, wonde zuiver, volgende verzorging over twee dagen. Familie vraagt naar vervoer naar de kinesist."}]}""";

    public void Dispose() => Http.Dispose();
}
