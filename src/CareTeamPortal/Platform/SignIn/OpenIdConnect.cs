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
    public OpenIdConnectOptions()
    {
        UsePkce = true;
        Scope.Add("openid");
        Scope.Add("profile");
        AuthorizationEndpoint = TokenEndpoint = "from-discovery";
    }
}

/// <summary>OpenID Connect code flow with PKCE and nonce on the framework's OAuth handler (the package with its own handler is not to be had); the ID token is checked by Microsoft.IdentityModel.</summary>
internal sealed class OpenIdConnectHandler(IOptionsMonitor<OpenIdConnectOptions> options, ILoggerFactory logger, UrlEncoder encoder, OpenIdProvider provider)
    : OAuthHandler<OpenIdConnectOptions>(options, logger, encoder)
{
    public const string Name = "OpenIdConnect";
    private const string Nonce = "nonce";

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

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri) =>
        QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), Nonce, properties.Items[Nonce]!);

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
        var accounts = Context.RequestServices.GetRequiredService<Accounts>();
        var person = await accounts.PersonForAsync(result.ClaimsIdentity, Context.RequestAborted);
        return new AuthenticationTicket(People.Principal(person, Scheme.Name), properties, Scheme.Name);
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
        return result.IsValid
            ? AuthenticateResult.Success(new AuthenticationTicket(People.Principal(await accounts.PersonForAsync(result.ClaimsIdentity, Context.RequestAborted), Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("The token is not valid.");
    }
}
