using System.Security.Cryptography;
using System.Threading.RateLimiting;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.RateLimiting;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>Headers, origin check and rate limits, before anything else answers.</summary>
internal static class Security
{
    /// <summary>Where App.razor finds the nonce for its import map.</summary>
    public const string NonceKey = "csp-nonce";

    /// <summary>Sets the response headers and refuses sockets from elsewhere.</summary>
    public static IApplicationBuilder UsePortalSecurity(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if ((context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal)) && !SameOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Items[NonceKey] = nonce;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; manifest-src 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    });

    /// <summary>Whether a request comes from a page of ours. A browser states the origin of each socket and each write; programs state none and are let through to the authentication.</summary>
    public static bool SameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Limits per person (per address when nobody is signed in): far above what people and well-behaved programs do.</summary>
    public static IServiceCollection AddPortalRateLimits(this IServiceCollection services, IConfiguration configuration) => services.AddRateLimiter(options =>
    {
        var perSecond = configuration.GetValue("Limits:RequestsPerSecond", 1_000);
        var signInsPerSecond = configuration.GetValue("Limits:SignInsPerSecond", 20);
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = static (rejected, _) =>
        {
            rejected.HttpContext.RequestServices.GetRequiredService<PortalMetrics>().Refused("rate");
            return Faults.TooManyAsync(rejected.HttpContext, rejected.Lease);
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            Faults.IsAsset(context.Request) ? RateLimitPartition.GetNoLimiter("assets")
            : context.Request.Path.StartsWithSegments("/sign-in", StringComparison.Ordinal) && HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetTokenBucketLimiter("sign-in|" + context.Connection.RemoteIpAddress, _ => Bucket(signInsPerSecond, 20 * signInsPerSecond))
                : RateLimitPartition.GetTokenBucketLimiter(context.User.FindFirst(CurrentActor.PersonClaim)?.Value ?? "address|" + context.Connection.RemoteIpAddress, _ => Bucket(perSecond, 20 * perSecond)));
    });

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) =>
        new() { TokenLimit = burst, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0, AutoReplenishment = true };
}
