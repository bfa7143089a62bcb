using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Registers how people and programs sign in, and the endpoints for it.</summary>
internal static class SignInServices
{
    /// <summary>Demo in Development unless stated otherwise.</summary>
    public static SignInMode Mode(IConfiguration configuration, IHostEnvironment environment)
    {
        var stated = configuration["SignIn:Mode"];
        if (string.IsNullOrWhiteSpace(stated))
            return environment.IsDevelopment() ? SignInMode.Demo : SignInMode.OpenIdConnect;
        return Enum.TryParse<SignInMode>(stated, ignoreCase: true, out var mode) && Enum.IsDefined(mode) ? mode
            : throw new InvalidOperationException($"SignIn:Mode is '{stated}'; it can be Demo or OpenIdConnect.");
    }

    public static WebApplicationBuilder AddPortalSignIn(this WebApplicationBuilder builder)
    {
        var mode = Mode(builder.Configuration, builder.Environment);
        builder.Services.AddOptions<AzureAdOptions>().BindConfiguration(AzureAdOptions.Section)
            .Validate(o => mode == SignInMode.Demo || (o.EffectiveAuthority is not null && !string.IsNullOrWhiteSpace(o.ClientId) && !string.IsNullOrWhiteSpace(o.ClientSecret)),
                "AzureAd: sign-in needs AzureAd:ClientId, AzureAd:ClientSecret and either AzureAd:TenantId (Entra ID) or AzureAd:Authority (another OpenID provider). For a look around without a provider set SignIn:Mode to Demo.")
            .ValidateOnStart();
        builder.Services.AddSingleton<DemoTokens>();
        builder.Services.AddOptions<ClaimOptions>().BindConfiguration(ClaimOptions.Section).ValidateOnStart();
        builder.Services.AddOptions<SessionLimits>().BindConfiguration(SessionLimits.Section)
            .Validate(o => o.IdleMinutes >= 1 && o.LongestMinutes >= o.IdleMinutes && o.MostPages >= 1 && o.AskProviderSeconds is >= 1 and <= 50,
                "Session: IdleMinutes is at least 1, LongestMinutes at least as much, MostPages at least 1, AskProviderSeconds from 1 to 50.")
            .ValidateOnStart();
        builder.Services.AddSingleton<Accounts>().AddSingleton<LiveConnections>().AddSingleton<Sessions>().AddSingleton<OpenPages>().AddHostedService<SessionWatch>();
        builder.Services.AddMeEntry(SessionsPage.Entry);
        builder.Services.AddScoped<CircuitSession>();
        builder.Services.AddScoped<Microsoft.AspNetCore.Components.Server.Circuits.CircuitHandler>(services => services.GetRequiredService<CircuitSession>());
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton<OpenIdProvider>();
        builder.Services.AddScoped<CurrentActor>();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAntiforgery(o =>
        {
            o.HeaderName = "X-CSRF-TOKEN";
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest; // as the session's
        });

        const string either = "CookieOrBearer";
        var authentication = builder.Services.AddAuthentication(o =>
            {
                o.DefaultScheme = either;
                o.DefaultSignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                o.DefaultSignOutScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                o.DefaultChallengeScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            })
            .AddPolicyScheme(either, null, o => o.ForwardDefaultSelector = context => Bearer.TokenOf(context.Request) is null ? CookieAuthenticationDefaults.AuthenticationScheme : Bearer.Scheme)
            .AddCookie(o =>
            {
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "returnUrl";
                o.Cookie.Name = "careteam";
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest; // plain HTTP only on loopback, HTTPS elsewhere: see UseHsts and Urls
                o.ExpireTimeSpan = TimeSpan.FromDays(1); // the session that it names decides, and ends earlier
                o.SlidingExpiration = false;
                o.Events.OnValidatePrincipal = async context =>
                {
                    var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
                    if (context.Principal?.FindFirst(CurrentActor.SessionClaim)?.Value is { } session && await sessions.IsInForceAsync(session, context.HttpContext.RequestAborted, isUsed: context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null))
                        return;
                    context.RejectPrincipal();
                    await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
                };
                o.Events.OnRedirectToLogin = context =>
                {
                    // Programs get a status, people a page.
                    if (context.Request.Path.StartsWithSegments("/fhir", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal))
                        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    else
                        context.Response.Redirect(context.RedirectUri);
                    return Task.CompletedTask;
                };
            });
        if (mode == SignInMode.Demo)
        {
            authentication.AddScheme<AuthenticationSchemeOptions, DemoBearerHandler>(Bearer.Scheme, null);
        }
        else
        {
            builder.Services.AddSingleton<ProviderQuestions>();
            authentication.AddScheme<AuthenticationSchemeOptions, ProviderBearerHandler>(Bearer.Scheme, null);
            var provider = builder.Configuration.GetSection(AzureAdOptions.Section).Get<AzureAdOptions>() ?? new();
            authentication.AddOAuth<OpenIdConnectOptions, OpenIdConnectHandler>(OpenIdConnectHandler.Name, o =>
            {
                o.ClientId = provider.ClientId ?? "";
                o.ClientSecret = provider.ClientSecret ?? "";
                o.CallbackPath = provider.CallbackPath;
                o.Prompt = provider.Prompt;
                // The code flow comes back by a top-level GET: Lax is enough, and unlike None it also works on plain HTTP on loopback.
                o.CorrelationCookie.SameSite = SameSiteMode.Lax;
                o.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            });
        }

        builder.Services.AddAuthorization();
        return builder;
    }

    public static IEndpointRouteBuilder MapPortalSignIn(this IEndpointRouteBuilder app, SignInMode mode)
    {
        app.MapPost("/sign-out", async (HttpContext http, Sessions sessions, CancellationToken ct) =>
        {
            var cookie = await http.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            if (cookie.Principal?.FindFirst(CurrentActor.SessionClaim)?.Value is { } session)
                await sessions.EndAsync(session, SessionEnd.SignedOut, ct);
            await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            if (mode == SignInMode.OpenIdConnect && http.RequestServices.GetRequiredService<OpenIdProvider>() is { } provider && await provider.EndSessionAsync(ct) is { } end)
            {
                var back = $"{http.Request.Scheme}://{http.Request.Host}/sign-in";
                var hint = cookie.Properties?.Items.TryGetValue(OpenIdConnectHandler.IdToken, out var token) == true ? token : null;
                var there = QueryHelpers.AddQueryString(end, hint is null
                    ? new Dictionary<string, string?> { ["post_logout_redirect_uri"] = back }
                    : new() { ["id_token_hint"] = hint, ["post_logout_redirect_uri"] = back });
                // A form of this page may lead to this site only (Content-Security-Policy), also by redirection: the page in between goes there by itself.
                var address = System.Net.WebUtility.HtmlEncode(there);
                return Results.Content($"<!doctype html><html lang=\"nl\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={address}\"><title>CareTeamPortal</title><p><a href=\"{address}\">{System.Net.WebUtility.HtmlEncode(SignInWords.Get("AtProvider"))}</a></p></html>", "text/html; charset=utf-8");
            }

            return Results.LocalRedirect("/sign-in");
        });
        // A page whose socket was cut asks why: the network, or its session ended.
        app.MapGet("/sign-in/session", (HttpContext http, CurrentActor current) => current.From(http.User) is null ? Results.Unauthorized() : Results.NoContent());
        if (mode == SignInMode.OpenIdConnect)
        {
            app.MapGet("/sign-in/provider", (string? returnUrl) => Results.Challenge(new AuthenticationProperties { RedirectUri = Local(returnUrl) }, [OpenIdConnectHandler.Name]));
            app.MapGet("/sign-in/again", (HttpContext http, string? returnUrl) => http.User.FindFirst(CurrentActor.SessionClaim)?.Value is { } session
                ? Results.Challenge(new AuthenticationProperties { RedirectUri = Local(returnUrl), Items = { [OpenIdConnectHandler.Again] = session } }, [OpenIdConnectHandler.Name])
                : Results.LocalRedirect("/sign-in"));
            app.MapPost("/sign-out/back-channel", BackChannelAsync).DisableAntiforgery();
            return app;
        }

        app.MapPost("/sign-in/demo", async (HttpContext http, [FromForm] string user, [FromForm] string? returnUrl, PeopleDirectory people, Sessions sessions, CancellationToken ct) =>
        {
            var person = new PersonId(user);
            if (people.ActorFor(person) is null)
                return Results.BadRequest();
            var session = await sessions.StartAsync(person, BrowserOf(http.Request), ct);
            await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, People.Principal(person, CookieAuthenticationDefaults.AuthenticationScheme, session));
            return Results.LocalRedirect(Local(returnUrl));
        });
        // Proving again who one is: the user name typed once more stands in for the password that a provider would ask.
        app.MapGet("/sign-in/again", (string? returnUrl) => Results.LocalRedirect(QueryHelpers.AddQueryString("/sign-in/prove", "returnUrl", Local(returnUrl))));
        app.MapPost("/sign-in/again", async (HttpContext http, [FromForm] string? user, [FromForm] string? returnUrl, CurrentActor current, Sessions sessions, CancellationToken ct) =>
        {
            if (http.User.FindFirst(CurrentActor.SessionClaim)?.Value is not { } session || current.From(http.User) is not { } actor)
                return Results.LocalRedirect("/sign-in");
            if (!string.Equals(user?.Trim(), actor.Person.Value, StringComparison.OrdinalIgnoreCase))
                return Results.LocalRedirect(QueryHelpers.AddQueryString("/sign-in/prove", new Dictionary<string, string?> { ["returnUrl"] = Local(returnUrl), ["wrong"] = "1" }));
            await sessions.ProveAsync(session, ct);
            return Results.LocalRedirect(Local(returnUrl));
        });
        // For programs, which have no cookie and so no antiforgery token to give.
        app.MapPost("/sign-in/demo/token", ([FromForm] string user, PeopleDirectory people, DemoTokens tokens) =>
            people.ActorFor(new PersonId(user)) is null
                ? Results.Json(new { error = "invalid_request", error_description = "There is no such demo person." }, statusCode: StatusCodes.Status400BadRequest)
                : Results.Json(new { access_token = tokens.Issue(new PersonId(user)), token_type = "Bearer", expires_in = (int)DemoTokens.Lifetime.TotalSeconds })).DisableAntiforgery();
        return app;
    }

    /// <summary>OpenID Connect Back-Channel Logout 1.0: the provider ended a session there.</summary>
    private static async Task<IResult> BackChannelAsync([FromForm(Name = "logout_token")] string token, OpenIdProvider provider, Sessions sessions, CancellationToken ct)
    {
        var result = await provider.ValidateAsync(token, ct);
        if (!result.IsValid || result.Claims.ContainsKey("nonce") || !result.Claims.TryGetValue("events", out var events) || events.ToString()?.Contains("http://schemas.openid.net/event/backchannel-logout", StringComparison.Ordinal) != true
            || result.ClaimsIdentity.FindFirst("sid")?.Value is not { } session)
            return Results.BadRequest();
        await sessions.EndOfProviderAsync(session, ct);
        return Results.Ok();
    }

    /// <summary>The browser in two words, for the person's own list of sessions; nothing that tells one machine from another.</summary>
    internal static string BrowserOf(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        string? First(params ReadOnlySpan<(string Sign, string Name)> known)
        {
            foreach (var (sign, name) in known)
            {
                if (agent.Contains(sign, StringComparison.OrdinalIgnoreCase))
                    return name;
            }

            return null;
        }

        var browser = First(("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"));
        var system = First(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"));
        return string.Join(", ", new[] { browser, system }.OfType<string>());
    }

    private static string Local(string? returnUrl) =>
        returnUrl is ['/', not ('/' or '\\'), ..] or "/" ? returnUrl : "/";
}
