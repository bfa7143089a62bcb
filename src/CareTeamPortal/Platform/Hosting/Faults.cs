using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>
/// What is answered when the portal cannot: the database does not answer (503), too much was asked (429), a fault of the program (500). People get a page in plain words that needs
/// neither database nor circuit, programs an OperationOutcome, everything else the bare status; nothing of the fault itself is told.
/// </summary>
internal static partial class Faults
{
    private static readonly Words Words = new(typeof(UiText));

    /// <summary>Answers what nothing further in could.</summary>
    public static IApplicationBuilder UsePortalFaults(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception fault) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Faults));
            if (fault is BadHttpRequestException bad)
            {
                await AnswerAsync(context, bad.StatusCode, null);
                return;
            }

            var away = IsAway(fault);
            // What a page needs to look as it should is no patient's: it comes although nobody can be asked who is there.
            if (away && AssetOf(context) is { } asset)
            {
                context.Response.ContentType = asset.Name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "image/svg+xml";
                await context.Response.SendFileAsync(asset, context.RequestAborted);
                return;
            }

            if (away)
                Away(log, context.TraceIdentifier, fault);
            else
                Failed(log, context.TraceIdentifier, fault);
            await AnswerAsync(context, away ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError, away ? TimeSpan.FromSeconds(10) : null);
        }
    });

    /// <summary>Style sheets and pictures of the portal, which are the same for everybody.</summary>
    public static bool IsAsset(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && (request.Path.StartsWithSegments("/css", StringComparison.Ordinal) || request.Path.Value is "/favicon.svg" or "/icons.svg");

    private static Microsoft.Extensions.FileProviders.IFileInfo? AssetOf(HttpContext context) => IsAsset(context.Request)
        && context.RequestServices.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider.GetFileInfo(context.Request.Path.Value!) is { Exists: true } file ? file : null;

    /// <summary>Answers who asks more than people and well-behaved programs do; they learn when to come back.</summary>
    public static ValueTask TooManyAsync(HttpContext context, RateLimitLease lease) =>
        new(AnswerAsync(context, StatusCodes.Status429TooManyRequests, lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1)));

    /// <summary>The database does not answer, as against a fault of the program.</summary>
    public static bool IsAway(Exception fault) => fault is DbException or TimeoutException or IOException || (fault.InnerException is { } inner && IsAway(inner));

    /// <summary>Writes the answer; headers that were set for every answer stay.</summary>
    /// <param name="what">Which words people get, where the status alone does not say it.</param>
    public static async Task AnswerAsync(HttpContext context, int status, TimeSpan? after, string? what = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.ContentLength = null;
        response.Headers.ContentEncoding = default;
        response.Headers.CacheControl = "no-store";
        if (after is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (context.Request.Path.StartsWithSegments("/fhir", StringComparison.Ordinal))
        {
            response.ContentType = "application/fhir+json; charset=utf-8";
            await response.Body.WriteAsync(OperationOutcomes.Write(status switch
            {
                StatusCodes.Status429TooManyRequests => FhirIssue.Error("throttled", "Too many requests at once; ask again after the seconds in Retry-After."),
                StatusCodes.Status503ServiceUnavailable => FhirIssue.Error("transient", $"The portal cannot reach its data now; ask again after the seconds in Retry-After. It is logged as {context.TraceIdentifier}."),
                StatusCodes.Status500InternalServerError => FhirIssue.Error("exception", $"Something went wrong here; it is logged as {context.TraceIdentifier}."),
                _ => FhirIssue.Error("invalid", "The request could not be read."),
            }), context.RequestAborted);
        }
        else if (context.Request.Headers.Accept.Any(a => a?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true))
        {
            response.ContentType = "text/html; charset=utf-8";
            await response.WriteAsync(Page(what ?? status switch { StatusCodes.Status429TooManyRequests => "Many", StatusCodes.Status503ServiceUnavailable => "Away", _ => "Fault" }, context.Request.Path), context.RequestAborted);
        }
    }

    private static string Page(string what, string path)
    {
        string Of(string key) => WebUtility.HtmlEncode(Words.Get($"Down.{key}"));
        // The same address again, without what was asked in it: a search is not repeated by a press.
        return $"""
            <!DOCTYPE html>
            <html lang="nl-BE"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{Of(what)}</title>
            <link rel="stylesheet" href="/css/tokens.css"><link rel="stylesheet" href="/css/base.css"><link rel="stylesheet" href="/css/parts.css"><link rel="icon" type="image/svg+xml" href="/favicon.svg"></head>
            <body><main class="page narrow" id="main"><div class="empty" role="alert"><h1>{Of(what)}</h1><p>{Of(what + "More")}</p><p><a class="btn pri" href="{WebUtility.HtmlEncode(path)}">{Of("Again")}</a></p></div></main></body></html>
            """;
    }

    [LoggerMessage(LogLevel.Error, "The database did not answer during request {Request}.")]
    private static partial void Away(ILogger logger, string request, Exception fault);

    [LoggerMessage(LogLevel.Error, "Request {Request} failed.")]
    private static partial void Failed(ILogger logger, string request, Exception fault);
}
