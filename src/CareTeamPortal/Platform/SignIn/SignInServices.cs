using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

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
        builder.Services.AddSingleton<Accounts>();
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton<OpenIdProvider>();
        builder.Services.AddScoped<CurrentActor>();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAntiforgery(o => o.HeaderName = "X-CSRF-TOKEN");

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
                o.ExpireTimeSpan = TimeSpan.FromHours(12);
                o.SlidingExpiration = true;
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
            authentication.AddScheme<AuthenticationSchemeOptions, ProviderBearerHandler>(Bearer.Scheme, null);
            var provider = builder.Configuration.GetSection(AzureAdOptions.Section).Get<AzureAdOptions>() ?? new();
            authentication.AddOAuth<OpenIdConnectOptions, OpenIdConnectHandler>(OpenIdConnectHandler.Name, o =>
            {
                o.ClientId = provider.ClientId ?? "";
                o.ClientSecret = provider.ClientSecret ?? "";
                o.CallbackPath = provider.CallbackPath;
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
        app.MapPost("/sign-out", async (HttpContext http) =>
        {
            await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return Results.LocalRedirect("/sign-in");
        });
        if (mode == SignInMode.OpenIdConnect)
        {
            app.MapGet("/sign-in/provider", (string? returnUrl) => Results.Challenge(new AuthenticationProperties { RedirectUri = Local(returnUrl) }, [OpenIdConnectHandler.Name]));
            return app;
        }

        app.MapPost("/sign-in/demo", async (HttpContext http, [FromForm] string user, [FromForm] string? returnUrl, PeopleDirectory people) =>
        {
            var person = new PersonId(user);
            if (people.Find(person) is null)
                return Results.BadRequest();
            await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, People.Principal(person, CookieAuthenticationDefaults.AuthenticationScheme));
            return Results.LocalRedirect(Local(returnUrl));
        });
        // For programs, which have no cookie and so no antiforgery token to give.
        app.MapPost("/sign-in/demo/token", ([FromForm] string user, PeopleDirectory people, DemoTokens tokens) =>
            people.Find(new PersonId(user)) is null
                ? Results.Json(new { error = "invalid_request", error_description = "There is no such demo person." }, statusCode: StatusCodes.Status400BadRequest)
                : Results.Json(new { access_token = tokens.Issue(new PersonId(user)), token_type = "Bearer", expires_in = (int)DemoTokens.Lifetime.TotalSeconds })).DisableAntiforgery();
        return app;
    }

    private static string Local(string? returnUrl) =>
        returnUrl is ['/', not ('/' or '\\'), ..] or "/" ? returnUrl : "/";
}
