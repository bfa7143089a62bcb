using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Who can sign in with a button in Demo mode.</summary>
internal interface IDemoAccounts
{
    /// <summary>User names, in the order of the sign-in page.</summary>
    IReadOnlyList<PersonId> Accounts { get; }
}
