using CareTeamPortal;
using CareTeamPortal.Features;
using CareTeamPortal.Platform.Hosting;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;

SharedPools.KeepMore();
try
{
    BelgianTime.UseAsDefault();
    var callersFolder = Environment.CurrentDirectory;
    var (verb, verbArguments, settings) = Verbs.Split(args);
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = Paths.Root });
    var mode = SignInServices.Mode(builder.Configuration, builder.Environment);

    builder.AddPortalUi();
    builder.AddPortalData();
    builder.AddPortalSignIn();
    builder.Services.AddPortalRateLimits(builder.Configuration);
    builder.Services.AddPortalProxies();
    builder.Services.AddPortalCircuits();
    builder.AddPortalTelemetry();
    if (verb is null)
        builder.AddDrain();
    builder.Services.AddPortalFeatures();
    builder.Services.AddSignalR(o => o.MaximumReceiveMessageSize = 32 * 1024);
    builder.Services.AddRazorComponents().AddInteractiveServerComponents()
        .AddHubOptions(o => o.MaximumReceiveMessageSize = 256 * 1024); // the longest note while somebody corrects it; a larger message ends the circuit

    // What hinders the start is told in one line below, not in a trace of the host as well.
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level is LogLevel.Information or LogLevel.Warning || (level >= LogLevel.Error && Startup.HasStarted));

    var app = builder.Build();
    if (verb is not null)
        return await Verbs.RunAsync(app, verb, verbArguments, callersFolder, mode);

    await Startup.PrepareAsync(app, mode, app.Lifetime.ApplicationStopping);
    app.UsePortalProxies();
    app.UsePortalTelemetry();
    app.UsePortalSecurity();
    app.UsePortalFaults();
    app.UsePortalNotFound();
    if (!app.Environment.IsDevelopment())
        app.UseHsts();
    app.UseAuthentication();
    app.UseRateLimiter();
    app.UseAuthorization();
    app.UsePageGate();
    app.UseLiveConnections();
    app.UseAntiforgery();
    app.MapStaticAssets();
    app.MapPortalSignIn(mode);
    app.MapPortalHealth();
    app.MapPortalFeatures();
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o =>
    {
        o.ContentSecurityFrameAncestorsPolicy = null; // our own policy says it
        o.DisableWebSocketCompression = true; // secrets and others' text share frames (BREACH)
    });
    Startup.Announce(app, mode);
    await app.RunAsync();
    return 0;
}
catch (Exception fault) when (Startup.LineOf(fault) is not null)
{
    await Console.Error.WriteLineAsync($"CareTeamPortal cannot start: {Startup.LineOf(fault)}");
    return 1;
}

/// <summary>Entry point; public so that tests can host the program.</summary>
public partial class Program;
