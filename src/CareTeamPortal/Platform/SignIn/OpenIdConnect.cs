using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>The provider's discovery document and keys, fetched once and renewed by the library.</summary>
internal sealed class OpenIdProvider(IOptions<AzureAdOptions> options, IHttpClientFactory clients)
{
    private readonly Lazy<ConfigurationManager<OpenIdConnectConfiguration>> _metadata = new(() => new(
        options.Value.EffectiveAuthority + "/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(clients.CreateClient(nameof(OpenIdProvider))) { RequireHttps = options.Value.RequireHttpsMetadata }));

    public Task<OpenIdConnectConfiguration> ConfigurationAsync(CancellationToken ct) => _metadata.Value.GetConfigurationAsync(ct);

    /// <summary>Where one signs out at the provider; null when it has no such place or does not answer.</summary>
    public async Task<string?> EndSessionAsync(CancellationToken ct)
    {
        try
        {
            return (await ConfigurationAsync(ct)).EndSessionEndpoint is { Length: > 0 } end ? end : null;
        }
        catch (InvalidOperationException)
        {
            return null; // signed out here is signed out, whatever the provider does
        }
    }

    /// <summary>Checks a token that the provider signed for this client.</summary>
    public async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken ct)
    {
        var configuration = await ConfigurationAsync(ct);
        return await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudiences = [options.Value.ClientId, "api://" + options.Value.ClientId],
            IssuerSigningKeys = configuration.SigningKeys,
            NameClaimType = "name",
            RoleClaimType = "roles",
        });
    }
}

/// <summary>Options of the code flow; addresses come from discovery.</summary>
internal sealed class OpenIdConnectOptions : OAuthOptions
{
    /// <summary>Sent along with each sign-in.</summary>
    public string? Prompt { get; set; }

    public OpenIdConnectOptions()
    {
        UsePkce = true;
        Scope.Add("openid");
        Scope.Add("profile");
        Scope.Add("offline_access"); // a refresh token: with it the provider is asked every minute whether the account still may
        AuthorizationEndpoint = TokenEndpoint = "from-discovery";
    }
}

/// <summary>OpenID Connect code flow with PKCE and nonce on the framework's OAuth handler (the package with its own handler is not to be had); the ID token is checked by Microsoft.IdentityModel.</summary>
internal sealed class OpenIdConnectHandler(IOptionsMonitor<OpenIdConnectOptions> options, ILoggerFactory logger, UrlEncoder encoder, OpenIdProvider provider)
    : OAuthHandler<OpenIdConnectOptions>(options, logger, encoder)
{
    public const string Name = "OpenIdConnect";

    /// <summary>In the properties of a challenge: the session whose person has to prove again who they are.</summary>
    public const string Again = "again";

    /// <summary>In the cookie: the identity token, which the provider wants to see again when somebody signs out there.</summary>
    public const string IdToken = ".id_token";

    private const string Nonce = "nonce";

    /// <summary>So old a proof may be when it comes back.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(2);

    private async Task DiscoverAsync()
    {
        var configuration = await provider.ConfigurationAsync(Context.RequestAborted);
        Options.AuthorizationEndpoint = configuration.AuthorizationEndpoint;
        Options.TokenEndpoint = configuration.TokenEndpoint;
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await DiscoverAsync();
        properties.Items[Nonce] = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var address = QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), Nonce, properties.Items[Nonce]!);
        if (properties.Items.ContainsKey(Again))
            address = QueryHelpers.AddQueryString(QueryHelpers.AddQueryString(address, "prompt", "login"), "max_age", "0");
        else if (!string.IsNullOrWhiteSpace(Options.Prompt))
            address = QueryHelpers.AddQueryString(address, "prompt", Options.Prompt);
        return address;
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        await DiscoverAsync();
        return await base.HandleRemoteAuthenticateAsync();
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var raw = tokens.Response?.RootElement.TryGetProperty("id_token", out var property) == true ? property.GetString() : null;
        var result = await provider.ValidateAsync(raw ?? "", Context.RequestAborted);
        if (!result.IsValid)
            throw new AuthenticationFailureException("The identity token is not valid.", result.Exception);
        if (result.ClaimsIdentity.FindFirst(Nonce)?.Value != properties.Items[Nonce])
            throw new AuthenticationFailureException("The identity token answers another sign-in.");
        var claims = result.ClaimsIdentity;
        var services = Context.RequestServices;
        var sessions = services.GetRequiredService<Sessions>();
        if (await services.GetRequiredService<Accounts>().PersonForAsync(claims, Context.RequestAborted) is not { } person)
            throw new AuthenticationFailureException("The account was deactivated here.");
        if (properties.Items.TryGetValue(Again, out var session) && session is not null)
        {
            // The same person, in the same session, who typed a password just now: anything else is not a proof.
            if ((await Context.AuthenticateAsync(Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationDefaults.AuthenticationScheme)).Principal is not { } before
                || before.FindFirst(CurrentActor.SessionClaim)?.Value != session || before.FindFirst(CurrentActor.PersonClaim)?.Value != person.Value
                || !long.TryParse(claims.FindFirst("auth_time")?.Value, out var at) || TimeProvider.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(at) > JustNow)
                throw new AuthenticationFailureException("This does not prove that it is the person who is signed in.");
            await sessions.ProveAsync(session, Context.RequestAborted);
        }
        else
        {
            session = await sessions.StartAsync(person, SignInServices.BrowserOf(Request), Context.RequestAborted, claims.FindFirst("sid")?.Value, tokens.RefreshToken);
        }

        properties.Items[IdToken] = raw;
        return new AuthenticationTicket(People.Principal(person, Scheme.Name, session), properties, Scheme.Name);
    }
}

/// <summary>Accepts the provider's access tokens on FHIR and hubs.</summary>
internal sealed class ProviderBearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, OpenIdProvider provider, Accounts accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Bearer.TokenOf(Request) is not { } token)
            return AuthenticateResult.NoResult();
        var result = await provider.ValidateAsync(token, Context.RequestAborted);
        if (!result.IsValid || await accounts.PersonForAsync(result.ClaimsIdentity, Context.RequestAborted) is not { } person)
            return AuthenticateResult.Fail("The token is not valid.");
        return AuthenticateResult.Success(new AuthenticationTicket(People.Principal(person, Scheme.Name), new AuthenticationProperties { ExpiresUtc = result.SecurityToken.ValidTo }, Scheme.Name));
    }
}
