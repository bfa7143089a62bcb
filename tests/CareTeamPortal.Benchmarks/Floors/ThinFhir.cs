using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Benchmarks.Floors;

/// <summary>The thinnest FHIR-shaped service: Kestrel on <see cref="ThinStore"/>; no rights, no checks, no audit.</summary>
internal static class ThinFhir
{
    public static async Task RunAsync(int port, string database)
    {
        using var store = new ThinStore(database);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(k =>
        {
            k.ListenLocalhost(port);
            k.Limits.MaxRequestBodySize = 100 << 20;
        });
        var app = builder.Build();
        app.MapGet("/plain", () => "ok");
        app.MapPost("/fhir/{type}", (string type, HttpContext http) => CreateAsync(type, http, store));
        app.MapPost("/fhir", (HttpContext http) => ImportAsync(http, store));
        app.MapGet("/fhir/{type}", (string type, HttpContext http) => ListAsync(http, store));
        await app.RunAsync();
    }

    private static async Task CreateAsync(string type, HttpContext http, ThinStore store)
    {
        var json = await BodyAsync(http.Request);
        var piece = Read(json);
        var id = Guid.CreateVersion7();
        var now = DateTimeOffset.UtcNow;
        var output = new ArrayBufferWriter<byte>(json.Length + 128);
        ByteSlicer.Stamp(json, id, now.UtcDateTime, output);
        var stored = output.WrittenSpan.ToArray();
        await store.CommitAsync([new ThinStore.Row(id.ToByteArray(true), type, now.UtcTicks, stored, ThinStore.PatientOf(piece.Subject), piece.At)]);
        http.Response.StatusCode = 201;
        http.Response.Headers.Location = $"/fhir/{type}/{id}";
        http.Response.Headers.ETag = "W/\"1\"";
        await AnswerAsync(http, stored);
    }

    private static ByteSlicer.Piece Read(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return ByteSlicer.Resource(ref reader);
    }

    private static async Task ImportAsync(HttpContext http, ThinStore store)
    {
        var stored = await store.ImportAsync(await BodyAsync(http.Request));
        var text = new StringBuilder("{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\",\"entry\":[");
        for (var i = 0; i < stored; i++)
            text.Append(i == 0 ? "" : ",").Append("{\"response\":{\"status\":\"201\"}}");
        await AnswerAsync(http, Encoding.UTF8.GetBytes(text.Append("]}").ToString()));
    }

    private static Task ListAsync(HttpContext http, ThinStore store) =>
        AnswerAsync(http, store.Newest(ThinStore.PatientOf(http.Request.Query["subject"])!, int.Parse(http.Request.Query["_count"]!, CultureInfo.InvariantCulture)));

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        var body = new MemoryStream((int)(request.ContentLength ?? 4096));
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static async Task AnswerAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.ContentType = "application/fhir+json";
        http.Response.ContentLength = json.Length;
        await http.Response.BodyWriter.WriteAsync(json);
    }
}
