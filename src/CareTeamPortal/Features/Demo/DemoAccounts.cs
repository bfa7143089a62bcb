using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Demo;

/// <summary>The people of the sign-in page, in the contract's order.</summary>
internal sealed class DemoAccounts : IDemoAccounts
{
    public IReadOnlyList<PersonId> Accounts { get; } = [.. DemoPeople.Accounts.Select(p => new PersonId(p.UserName))];
}
