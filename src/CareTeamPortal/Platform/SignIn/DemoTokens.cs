using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Bearer tokens of the Demo mode: the user name and an end, sealed with the keys that the nodes share.</summary>
internal sealed class DemoTokens(IDataProtectionProvider protection, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("CareTeamPortal.DemoToken.v1").ToTimeLimitedDataProtector();
    private readonly ConcurrentDictionary<string, (PersonId Person, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>A token for one hour.</summary>
    public string Issue(PersonId person) => _protector.Protect(person.Value, Lifetime);

    /// <summary>Whose token it is; null when it is not one of ours or is over. Unsealing is done once per token.</summary>
    public (PersonId Person, DateTimeOffset Until)? Read(string token)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(token, out var known))
            return known.Until > now ? known : null;
        try
        {
            var person = new PersonId(_protector.Unprotect(token, out var until));
            if (_known.Count > 10_000)
                _known.Clear();
            _known[token] = (person, until);
            return until > now ? (person, until) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Accepts the bearer tokens of the Demo mode on FHIR and hubs.</summary>
internal sealed class DemoBearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, DemoTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Bearer.TokenOf(Request) is not { } token ? AuthenticateResult.NoResult()
        : tokens.Read(token) is var (person, until) ? AuthenticateResult.Success(new AuthenticationTicket(People.Principal(person, Scheme.Name), new AuthenticationProperties { ExpiresUtc = until }, Scheme.Name))
        : AuthenticateResult.Fail("The token is not valid or is over."));
}

/// <summary>Where a bearer token stands in a request.</summary>
internal static class Bearer
{
    public const string Scheme = "Bearer";

    /// <summary>From the Authorization header; on hubs also from <c>access_token</c>, because browsers cannot set headers on a WebSocket.</summary>
    public static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return header[7..].Trim();
        return request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal) && request.Query["access_token"].ToString() is { Length: > 0 } token ? token : null;
    }
}

/// <summary>Principals of the portal.</summary>
internal static class People
{
    /// <summary>A signed-in person.</summary>
    public static ClaimsPrincipal Principal(PersonId person, string scheme, string? session = null) =>
        new(new ClaimsIdentity(session is null ? [new(CurrentActor.PersonClaim, person.Value)] : [new(CurrentActor.PersonClaim, person.Value), new(CurrentActor.SessionClaim, session)], scheme, CurrentActor.PersonClaim, ClaimTypes.Role));
}
