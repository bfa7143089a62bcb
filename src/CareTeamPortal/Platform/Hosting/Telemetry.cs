using System.Diagnostics;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>
/// Traces and metrics to an OTLP receiver, off unless the standard variables say where it is (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or the ones for traces and metrics; <c>OTEL_SERVICE_NAME</c>,
/// <c>OTEL_TRACES_SAMPLER</c> and the others work as their specification says). Addresses of files hold patients' ids, so what a span may say stands on a list here, and nothing else goes out.
/// </summary>
internal static class Telemetry
{
    /// <summary>Everything that a span may carry: no path, no query, no id, no words of a fault.</summary>
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "http.request.method", "http.route", "http.response.status_code", "url.scheme", "network.protocol.name", "network.protocol.version", "error.type",
        "aspnetcore.components.route", "aspnetcore.components.type", "aspnetcore.components.method", "aspnetcore.components.attribute.name",
    };

    private static readonly string[] Sources = [Steps.Name, "Microsoft.AspNetCore", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Server.Circuits"];

    private static readonly string[] Meters =
    [
        PortalMetrics.Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "Microsoft.AspNetCore.RateLimiting",
        "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Lifecycle", "Microsoft.AspNetCore.Components.Server.Circuits", "System.Runtime",
    ];

    public static WebApplicationBuilder AddPortalTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PortalMetrics>();
        var configuration = builder.Configuration;
        var (traces, metrics) = (IsWanted(configuration, "TRACES"), IsWanted(configuration, "METRICS"));
        if (!traces && !metrics)
            return builder;
        var telemetry = builder.Services.AddOpenTelemetry();
        if (string.IsNullOrWhiteSpace(configuration["OTEL_SERVICE_NAME"]))
            telemetry.ConfigureResource(r => r.AddService("careteamportal", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString()));
        if (traces)
            telemetry.WithTracing(t => t.AddSource(Sources).AddProcessor(new OnlyWhatIsAllowed()).AddOtlpExporter());
        if (metrics)
            telemetry.WithMetrics(m => m.AddMeter(Meters).AddOtlpExporter());
        return builder;
    }

    /// <summary>Names the request's span by its route, which has no ids in it.</summary>
    public static IApplicationBuilder UsePortalTelemetry(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
            span.SetTag("http.request.method", context.Request.Method);
            span.SetTag("http.route", route);
            span.SetTag("http.response.status_code", context.Response.StatusCode);
        }
    });

    private static bool IsWanted(IConfiguration configuration, string signal) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && (!string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || !string.IsNullOrWhiteSpace(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]));

    private sealed class OnlyWhatIsAllowed : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity span)
        {
            foreach (var (key, _) in span.TagObjects.ToList())
            {
                if (!Allowed.Contains(key))
                    span.SetTag(key, null);
            }

            if (span.Status == ActivityStatusCode.Error)
                span.SetStatus(ActivityStatusCode.Error); // without the fault's own words
        }
    }
}
