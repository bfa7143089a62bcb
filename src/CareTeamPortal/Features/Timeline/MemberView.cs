using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Somebody of the care team, as the page shows and offers them.</summary>
/// <param name="Person">User name.</param>
/// <param name="Name">Display name.</param>
/// <param name="Role">Role or relation in words.</param>
/// <param name="Line">Care line, when known.</param>
/// <param name="Me">The reader.</param>
/// <param name="Accountable">Who is accountable now.</param>
/// <param name="Sees">Which audiences this member belongs to: what is written for none of them they do not read.</param>
public sealed record MemberView(PersonId Person, string Name, string Role, CareLine? Line, bool Me, bool Accountable, Audience Sees = Audience.WholeTeam);
