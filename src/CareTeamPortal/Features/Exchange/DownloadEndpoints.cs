using System.Buffers;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using Microsoft.Net.Http.Headers;

namespace CareTeamPortal.Features.Exchange;

/// <summary>The patient takes the whole own file along: one FHIR Bundle, sent as it is read, so that a long life costs no memory.</summary>
internal static class DownloadEndpoints
{
    public static void MapDownload(this IEndpointRouteBuilder app) => app.MapGet("/patients/{patient}/download", async (HttpContext http, string patient, CurrentActor current, ReadWholeFile read, ReadAttachment files, TimeProvider clock, CancellationToken ct) =>
    {
        if (PatientId.TryParse(patient) is not { } file || current.From(http.User) is not { } actor)
            return Results.NotFound();
        ReadWholeFile.Piece first;
        try
        {
            first = await read.RunAsync(actor, file, new(0), ct, AccessSource.Export);
        }
        catch (Exception refused) when (refused is PatientNotFound or ActionRefused)
        {
            return Results.NotFound();
        }

        var at = clock.GetUtcNow().UtcDateTime;
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = $"mijn-dossier-{BelgianTime.DayOf(at):yyyy-MM-dd}.json" }.ToString();
        return Results.Stream(output => WriteAsync(output, $"{http.Request.Scheme}://{http.Request.Host}/fhir", first, actor, file, read, files, at, ct), "application/fhir+json; charset=utf-8");
    }).RequireAuthorization();

    /// <summary>Writes the Bundle. Every piece is read by the rights of that moment; when they end in the middle, the answer ends broken and is no Bundle.</summary>
    internal static async Task WriteAsync(Stream output, string baseUrl, ReadWholeFile.Piece first, Actor actor, PatientId patient, ReadWholeFile read, ReadAttachment files, DateTime at, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        void Text(string text) => Encoding.UTF8.GetBytes(text, buffer);
        async Task SendAsync()
        {
            await output.WriteAsync(buffer.WrittenMemory, ct);
            buffer.ResetWrittenCount();
        }

        Text($"{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"timestamp\":\"{FhirDates.Instant(at)}\"");
        var any = false;
        void Begin(string type, string id)
        {
            Text(any ? ",{" : ",\"entry\":[{"); // FHIR JSON knows no empty arrays
            any = true;
            Text($"\"fullUrl\":\"{JsonEncodedText.Encode($"{baseUrl}/{type}/{id}")}\",\"resource\":");
        }

        var piece = first;
        while (true)
        {
            foreach (var row in piece.Rows)
            {
                Begin(row.Type, row.Id);
                MetaSplice.Write(row.Json, row.Id, row.Version, row.LastUpdated, buffer);
                Text("}");
            }

            await SendAsync();
            if (!piece.More)
                break;
            piece = await read.RunAsync(actor, patient, new(piece.Rows[^1].Key), ct, AccessSource.Export);
        }

        foreach (var id in piece.Files)
        {
            if (await files.RunAsync(actor, patient, new ReadAttachment.Request(id), ct, AccessSource.Export) is not { } content)
                continue;
            Begin("Binary", id);
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("resourceType"u8, "Binary"u8);
                json.WriteString("id"u8, id);
                json.WriteString("contentType"u8, content.ContentType);
                json.WriteBase64String("data"u8, content.Bytes);
                json.WriteEndObject();
            }

            Text("}");
            await SendAsync();
        }

        Text(any ? "]}" : "}");
        await SendAsync();
    }
}
