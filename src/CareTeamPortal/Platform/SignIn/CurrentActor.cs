using System.Security.Claims;
using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components.Authorization;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Who acts: from the circuit's authentication state in a component, from the request in an endpoint or hub.</summary>
internal sealed class CurrentActor(PeopleDirectory people, AuthenticationStateProvider? state = null)
{
    /// <summary>Claim with the user name.</summary>
    public const string PersonClaim = "careteam:person";

    /// <summary>The actor of this circuit.</summary>
    /// <exception cref="UnauthorizedAccessException">Nobody is signed in, or the account is no longer known.</exception>
    public async Task<Actor> RequireAsync()
    {
        var user = state is null ? null : (await state.GetAuthenticationStateAsync()).User;
        return From(user) ?? throw new UnauthorizedAccessException("Nobody is signed in here.");
    }

    /// <summary>The actor of this circuit, or null.</summary>
    public async Task<Actor?> FindAsync() => state is null ? null : From((await state.GetAuthenticationStateAsync()).User);

    /// <summary>The actor behind a principal; null when nobody is signed in.</summary>
    public Actor? From(ClaimsPrincipal? user) => user?.FindFirst(PersonClaim)?.Value is { } id ? people.ActorFor(new PersonId(id)) : null;
}
