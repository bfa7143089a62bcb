using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Files;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Net.Http.Headers;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What pages fetch outside the circuit: attachments, and drafts when the circuit is gone.</summary>
internal static class TimelineEndpoints
{
    private sealed record DraftPost(string? Patient, string? Slot, string? Text);

    public static void MapTimeline(this IEndpointRouteBuilder app)
    {
        app.MapGet("/patients/{patient}/attachments/{id}", async (HttpContext http, string patient, string id, CurrentActor current, ReadAttachment read, CancellationToken ct) =>
        {
            if (PatientId.TryParse(patient) is not { } file || current.From(http.User) is not { } actor)
                return Results.NotFound();
            try
            {
                var content = await read.RunAsync(actor, file, new ReadAttachment.Request(id), ct);
                if (content is null)
                    return Results.NotFound();
                http.Response.Headers.CacheControl = "private, no-store";
                http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
                var inline = content.ContentType != FileSniffer.MediaTypeOf(FileKind.Pdf);
                if (!inline)
                    await read.RunAsync(actor, file, new ReadAttachment.Request(id), ct, AccessSource.Export); // it leaves the portal as a file: in the access record
                http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment") { FileNameStar = content.FileName }.ToString();
                return Results.Bytes(content.Bytes, content.ContentType);
            }
            catch (PatientNotFound)
            {
                return Results.NotFound();
            }
        }).RequireAuthorization();

        // The page posts what is unsaved before it reloads itself; the circuit may be gone then.
        app.MapPost("/drafts", async (HttpContext http, DraftPost[] drafts, CurrentActor current, SaveDraft save, IAntiforgery antiforgery, CancellationToken ct) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http))
                return Results.BadRequest();
            if (current.From(http.User) is not { } actor)
                return Results.Unauthorized();
            var kept = true;
            foreach (var draft in drafts.Take(20))
            {
                try
                {
                    kept &= PatientId.TryParse(draft?.Patient) is { } patient && draft!.Slot is { } slot && await save.RunAsync(actor, patient, new SaveDraft.Request(slot, draft.Text), ct);
                }
                catch (PatientNotFound)
                {
                    kept = false; // the other drafts are kept all the same
                }
            }

            return kept ? Results.NoContent() : Results.NotFound();
        }).RequireAuthorization();
    }
}
