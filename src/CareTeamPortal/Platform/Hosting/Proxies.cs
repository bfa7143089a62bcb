using System.Net;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>Proxies that stand before the portal (section <c>Proxy</c>).</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>) with commas between; empty: nobody is believed.</summary>
    public string Known { get; set; } = "";

    /// <summary>How many proxies a request passes on its way here.</summary>
    public int Hops { get; set; } = 1;

    internal IEnumerable<string> Parts => Known.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal bool IsReadable => Parts.All(p => IPAddress.TryParse(p, out _) || System.Net.IPNetwork.TryParse(p, out _));
}

/// <summary>Believes the proxies that are named, and only them, about who asks and whether it came by HTTPS.</summary>
internal static class Proxies
{
    public static IServiceCollection AddPortalProxies(this IServiceCollection services)
    {
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section)
            .Validate(o => o.IsReadable && o.Hops >= 1, "Proxy: Known is a list of addresses (10.0.0.7) and networks (10.0.0.0/8) with commas between, Hops is at least 1.")
            .ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((headers, proxy) =>
        {
            // The Host comes through as it was asked for (nginx: proxy_set_header Host $http_host), so it is nothing that a header could say otherwise.
            headers.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.ForwardLimit = proxy.Value.Hops;
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var part in proxy.Value.Parts)
            {
                if (IPAddress.TryParse(part, out var address))
                    headers.KnownProxies.Add(address);
                else
                    headers.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(part));
            }
        });
        return services;
    }

    public static IApplicationBuilder UsePortalProxies(this WebApplication app) =>
        app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Parts.Any() ? app.UseForwardedHeaders() : app;

    /// <summary>Demo sign-in lets anyone be anyone: not on an address that others reach, and not behind a proxy that others reach.</summary>
    public static void RefusePublicDemo(WebApplication app, SignInMode mode)
    {
        if (mode != SignInMode.Demo || app.Configuration.GetValue<bool>("Demo:AllowRemote"))
            return;
        const string ways = "Use a loopback address, set SignIn:Mode to OpenIdConnect, or set Demo:AllowRemote to true if you know that anyone may sign in as anyone.";
        // Kestrel's own section goes before Urls.
        var addresses = (app.Configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(app.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? ""));
        if (addresses.FirstOrDefault(a => !IsLoopback(a)) is { } remote)
            throw new InvalidOperationException($"Demo mode listens on this machine only, and the settings say {remote}. {ways}");
        if (app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Parts.Any())
            throw new InvalidOperationException($"Demo mode is for this machine only, and Proxy:Known says that a proxy stands before it. {ways}");
    }

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.IsLoopback;
}
