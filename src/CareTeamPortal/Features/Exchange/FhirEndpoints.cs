using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Hosting;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>The FHIR R4 REST API under <c>/fhir</c>: from HTTP to <see cref="FhirApi"/> and back. Every answer is FHIR JSON.</summary>
internal static partial class FhirEndpoints
{
    private sealed record Call(HttpContext Http, FhirApi Api, Actor Actor, string Base, CancellationToken Ct);

    public static IServiceCollection AddExchange(this IServiceCollection services) => services
        .AddSingleton<ReadResource>().AddSingleton<ReadNamedPatient>().AddSingleton<SearchFile>().AddSingleton<LookOnce>().AddSingleton<ReadFhirTimeline>().AddSingleton<ReadAccessLog>().AddSingleton<CreateResource>().AddSingleton<CreateAnswers>().AddSingleton<UpdateResource>().AddSingleton<TaskExchange>().AddSingleton<GoalExchange>().AddSingleton<RequestExchange>().AddSingleton<AlertExchange>().AddSingleton<PathwayExchange>().AddSingleton<TemplateExchange>()
        .AddSingleton<EntryBytes>().AddSingleton<TakeBundle>().AddSingleton<FhirApi>();

    public static void MapExchange(this IEndpointRouteBuilder app)
    {
        var started = app.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        app.MapGet("/fhir/metadata", (HttpContext http) => WriteAsync(http, new FhirAnswer(200, Capabilities.Write(Base(http.Request), started))));

        Map(app, "GET", "/fhir/{type}/{id}", c => c.Api.ReadAsync(c.Actor, Route(c, "type"), Route(c, "id"), null, history: false, c.Base, c.Ct));
        Map(app, "GET", "/fhir/{type}/{id}/_history", c => c.Api.ReadAsync(c.Actor, Route(c, "type"), Route(c, "id"), null, history: true, c.Base, c.Ct));
        Map(app, "GET", "/fhir/{type}/{id}/_history/{version}", c => int.TryParse(Route(c, "version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? c.Api.ReadAsync(c.Actor, Route(c, "type"), Route(c, "id"), version, history: false, c.Base, c.Ct) : Task.FromResult(FhirAnswer.NotFound()));
        Map(app, "GET", "/fhir/Patient/{id}/$timeline", c => c.Api.TimelineAsync(c.Actor, Route(c, "id"), FhirRequest.Parameters(c.Http.Request.QueryString.Value ?? ""), c.Base, c.Ct));
        // Compartment search: the patient stands in the path.
        Map(app, "GET", "/fhir/Patient/{id}/{type:regex(^[A-Z])}", c => c.Api.SearchAsync(
            c.Actor, Route(c, "type"), [new("patient", Route(c, "id")), .. FhirRequest.Parameters(c.Http.Request.QueryString.Value ?? "")], FhirRequest.Prefers(c.Http.Request, "handling=lenient"), c.Base, c.Ct));
        Map(app, "GET", "/fhir/{type}", c => c.Api.SearchAsync(c.Actor, Route(c, "type"), FhirRequest.Parameters(c.Http.Request.QueryString.Value ?? ""), FhirRequest.Prefers(c.Http.Request, "handling=lenient"), c.Base, c.Ct));
        Map(app, "POST", "/fhir/{type}/_search", SearchByPostAsync);
        Map(app, "POST", "/fhir/{type}", async c =>
        {
            var (body, refusal) = await FhirRequest.BodyAsync(c.Http.Request, FhirRequest.MostResourceBytes, c.Ct);
            var condition = c.Http.Request.Headers["If-None-Exist"].ToString();
            return refusal ?? await c.Api.CreateAsync(c.Actor, Route(c, "type"), body!, condition.Length == 0 ? null : condition, c.Ct);
        });
        Map(app, "PUT", "/fhir/{type}/{id}", async c =>
        {
            var (body, refusal) = await FhirRequest.BodyAsync(c.Http.Request, FhirRequest.MostResourceBytes, c.Ct);
            return refusal ?? await c.Api.UpdateAsync(c.Actor, Route(c, "type"), Route(c, "id"), body!, FhirRequest.IfMatch(c.Http.Request), c.Ct);
        });
        Map(app, "POST", "/fhir", async c =>
        {
            var (body, refusal) = await FhirRequest.BodyAsync(c.Http.Request, FhirRequest.MostBundleBytes, c.Ct);
            return refusal ?? await c.Api.BundleAsync(c.Actor, body!, c.Base, c.Ct);
        });
        app.Map("/fhir/{**rest}", http => HandleAsync(http, NothingElseAsync));
    }

    private static Task<FhirAnswer> NothingElseAsync(Call c) => Task.FromResult(
        HttpMethods.IsGet(c.Http.Request.Method) ? FhirAnswer.NotFound() : FhirAnswer.Refuse(405, FhirIssue.Error("not-supported", "This interaction is not supported here; nothing is deleted or patched.")));

    private static async Task<FhirAnswer> SearchByPostAsync(Call c)
    {
        if (!c.Http.Request.HasFormContentType) return FhirAnswer.Refuse(415, FhirIssue.Error("not-supported", "_search takes application/x-www-form-urlencoded."));
        IFormCollection form;
        try
        {
            form = await c.Http.Request.ReadFormAsync(c.Ct);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            // Cut off, without its boundary, too many fields, in letters that nobody knows: the sender's, not ours.
            return FhirAnswer.Refuse(400, FhirIssue.Error("invalid", "The form could not be read."));
        }
        var parameters = FhirRequest.Parameters(c.Http.Request.QueryString.Value ?? "");
        foreach (var (name, values) in form)
            foreach (var value in values) parameters.Add(new(name, value ?? ""));
        return await c.Api.SearchAsync(c.Actor, Route(c, "type"), parameters, FhirRequest.Prefers(c.Http.Request, "handling=lenient"), c.Base, c.Ct);
    }

    private static void Map(IEndpointRouteBuilder app, string method, string pattern, Func<Call, Task<FhirAnswer>> run) => app.MapMethods(pattern, [method], http => HandleAsync(http, run));

    private static async Task HandleAsync(HttpContext http, Func<Call, Task<FhirAnswer>> run)
    {
        var services = http.RequestServices;
        if (services.GetRequiredService<CurrentActor>().From(http.User) is not { } actor)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await WriteAsync(http, FhirAnswer.Refuse(401, FhirIssue.Error("login", "Sign in first: send a bearer token.")));
            return;
        }
        // With the session's cookie a browser writes without its person's doing: then the page that asks must be ours.
        if (!HttpMethods.IsGet(http.Request.Method) && Bearer.TokenOf(http.Request) is null && !Security.SameOrigin(http.Request))
        {
            await WriteAsync(http, FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "A page of another origin does not write with this session: send a bearer token.")));
            return;
        }
        if (!Acceptable(http.Request))
        {
            await WriteAsync(http, FhirAnswer.Refuse(406, FhirIssue.Error("not-supported", "Only application/fhir+json can be had here.")));
            return;
        }
        FhirAnswer answer;
        try
        {
            answer = await run(new Call(http, services.GetRequiredService<FhirApi>(), actor, Base(http.Request), http.RequestAborted));
        }
        catch (PatientNotFound)
        {
            answer = FhirAnswer.NotFound();
        }
        catch (ActionRefused refused)
        {
            answer = Forbidden(refused);
        }
        catch (FhirFormatException fault)
        {
            answer = FhirAnswer.Refuse(400, FhirIssue.Error("structure", fault.Reason, fault.Place.Length > 0 ? fault.Place : null));
        }
        catch (BadHttpRequestException fault)
        {
            answer = FhirAnswer.Refuse(fault.StatusCode, FhirIssue.Error("invalid", "The request could not be read."));
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !Platform.Hosting.Faults.IsAway(fault))
        {
            Failed(services.GetRequiredService<ILogger<FhirApi>>(), http.TraceIdentifier, fault);
            answer = FhirAnswer.Refuse(500, FhirIssue.Error("exception", $"Something went wrong here; it is logged as {http.TraceIdentifier}."));
        }
        await WriteAsync(http, answer);
    }

    /// <summary>The file is open, this action is not.</summary>
    public static FhirAnswer Forbidden(ActionRefused refused) => FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", $"Rule {refused.Rule.Rule ?? "none"} of version {refused.Rule.Version} of the sharing rules: your role may not do this in a file ({refused.Action})."));

    private static async Task WriteAsync(HttpContext http, FhirAnswer answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers.CacheControl = "private, no-store";
        if (answer.Version is { } version) response.Headers.ETag = $"W/\"{version}\"";
        if (answer.LastModified is { } at) response.Headers.LastModified = at.ToString("R", CultureInfo.InvariantCulture);
        if (answer is { Written: true, Type: { } type, Id: { } id, Status: 200 or 201 }) response.Headers.Location = $"{Base(http.Request)}/{type}/{id}/_history/{answer.Version}";
        if (answer.ContentType is not null)
        {
            await WriteBinaryAsync(http, answer);
            return;
        }
        response.ContentType = "application/fhir+json; charset=utf-8";

        // What the client has already is not sent again.
        if (HttpMethods.IsGet(http.Request.Method) && answer.Status == 200 && answer.Version is { } v && http.Request.Headers.IfNoneMatch == $"W/\"{v}\"")
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (answer.Written && answer.Status is 200 or 201 && FhirRequest.Prefers(http.Request, "return=minimal")) return;
        if (answer.Written && answer.Status is 200 or 201 && FhirRequest.Prefers(http.Request, "return=OperationOutcome"))
        {
            await response.Body.WriteAsync(OperationOutcomes.Write(), http.RequestAborted);
            return;
        }
        response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }

    private static async Task WriteBinaryAsync(HttpContext http, FhirAnswer answer)
    {
        // A client that asks for FHIR gets the Binary resource, any other the file itself.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        if (http.Request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.ContentType = "application/fhir+json; charset=utf-8";
            await using var json = new System.Text.Json.Utf8JsonWriter(http.Response.BodyWriter);
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Binary"u8);
            json.WriteString("id"u8, answer.Id);
            json.WriteString("contentType"u8, answer.ContentType);
            json.WriteBase64String("data"u8, answer.Body.Span);
            json.WriteEndObject();
            return;
        }
        http.Response.ContentType = answer.ContentType!;
        http.Response.Headers.ContentDisposition = "attachment";
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }

    private static bool Acceptable(HttpRequest request)
    {
        if (request.Query["_format"].ToString() is { Length: > 0 } format) return format.Contains("json", StringComparison.OrdinalIgnoreCase);
        var accept = request.Headers.Accept.ToString();
        return accept.Length == 0 || accept.Contains("json", StringComparison.OrdinalIgnoreCase) || accept.Contains("*/*", StringComparison.Ordinal) || accept.Contains("application/*", StringComparison.Ordinal)
            || accept.Contains("text/html", StringComparison.Ordinal) || request.Path.StartsWithSegments("/fhir/Binary", StringComparison.Ordinal);
    }

    private static string Route(Call call, string name) => (string)call.Http.Request.RouteValues[name]!;

    private static string Base(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}/fhir";

    [LoggerMessage(LogLevel.Error, "FHIR request {Trace} failed.")]
    private static partial void Failed(ILogger logger, string trace, Exception fault);
}
