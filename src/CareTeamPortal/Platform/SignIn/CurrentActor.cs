using System.Security.Claims;
using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components.Authorization;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Who acts: from the circuit's authentication state in a component, from the request in an endpoint or hub.</summary>
internal sealed class CurrentActor(PeopleDirectory people, AuthenticationStateProvider? state = null, Sessions? sessions = null)
{
    /// <summary>Claim with the user name.</summary>
    public const string PersonClaim = "careteam:person";

    /// <summary>Claim with the id of the session; programs have none.</summary>
    public const string SessionClaim = "careteam:session";

    /// <summary>The actor of this circuit.</summary>
    /// <exception cref="UnauthorizedAccessException">Nobody is signed in, or the account is no longer known.</exception>
    public async Task<Actor> RequireAsync()
    {
        var user = state is null ? null : (await state.GetAuthenticationStateAsync()).User;
        return From(user) ?? throw new UnauthorizedAccessException("Nobody is signed in here.");
    }

    /// <summary>The actor of this circuit, or null.</summary>
    public async Task<Actor?> FindAsync() => state is null ? null : From((await state.GetAuthenticationStateAsync()).User);

    /// <summary>The session of this circuit; null for who has none.</summary>
    public async Task<string?> SessionAsync() => state is null ? null : (await state.GetAuthenticationStateAsync()).User.FindFirst(SessionClaim)?.Value;

    /// <summary>The actor behind a principal; null when nobody is signed in, the session has ended or the account was deactivated.</summary>
    public Actor? From(ClaimsPrincipal? user) =>
        user?.FindFirst(PersonClaim)?.Value is { } id && (user.FindFirst(SessionClaim)?.Value is not { } session || sessions?.HasEnded(session) != true) ? people.ActorFor(new PersonId(id)) : null;
}
