using System.Security.Claims;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Tests.SignIn;

public sealed class AccountsTests : IAsyncLifetime
{
    /// <summary>Its check digits are wrong.</summary>
    private const string Riziv = "1-00060-71-000";

    private readonly ClaimOptions _claims = new();
    private Ward _ward = default!;
    private Sessions _sessions = default!;
    private Accounts _accounts = default!;

    public async Task InitializeAsync()
    {
        _ward = await Ward.OpenAsync();
        _sessions = new(_ward.Database, new(), new EphemeralDataProtectionProvider(), Options.Create(new SessionLimits()), _ward.Clock);
        _accounts = new(_ward.People, Options.Create(_claims), _sessions);
    }

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    private static string NumberOf(int six) => $"{six:D6}{97 - (six % 97):D2}000";

    private async Task<PersonRow> SignInAsync(string subject, params (string Type, string Value)[] more)
    {
        var claims = new ClaimsIdentity([new("iss", "https://provider.example"), new("sub", subject), new("name", "Lotte Aertsen"), .. more.Select(m => new Claim(m.Type, m.Value))]);
        return _ward.People.Find(Assert.NotNull(await _accounts.PersonForAsync(claims, CancellationToken.None)))!;
    }

    [Fact]
    public async Task A_first_sign_in_is_linked_to_the_professional_with_the_same_riziv_number()
    {
        var number = NumberOf(123456);
        await _ward.People.KeepAsync([Accounts.Copy(Who.Sofie, p => p.ProfessionalNumber = number[..8])], CancellationToken.None);
        var person = await SignInAsync("lotte", ("nihii", $"{number[0]}-{number[1..6]}-{number[6..8]}-{number[8..]}"), ("roles", "HomeNurse"));
        Assert.Equal(Who.Sofie.Id, person.Id);
        Assert.Equal(Discipline.HomeNurse, person.Discipline);

        // The account is hers now: another one with the same number is not.
        Assert.NotEqual(Who.Sofie.Id, (await SignInAsync("somebody-else", ("nihii", number))).Id);
        Assert.Equal(Who.Sofie.Id, (await SignInAsync("lotte")).Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Riziv)]
    [InlineData("not a number")]
    public async Task Whom_nobody_here_knows_waits_for_an_administrator_with_the_role_that_was_stated(string? number)
    {
        var person = await SignInAsync("lotte", [("roles", "HomeNurse"), .. number is null ? Array.Empty<(string, string)>() : [("nihii", number)]]);
        Assert.Equal(Discipline.Unknown, person.Discipline);
        Assert.Equal(Discipline.HomeNurse, person.Asks);
        Assert.True(Ward.Rules.ReachOf(person.Discipline, person.Line).IsEmpty);
    }

    [Fact]
    public async Task The_table_says_which_role_a_claim_means_and_what_is_not_in_it_means_nothing()
    {
        _claims.RoleClaim = "groups";
        _claims.NewAccounts = NewAccounts.ByRole;
        _claims.Roles["urn:huisarts"] = Discipline.GeneralPractitioner;
        Assert.Equal(Discipline.GeneralPractitioner, (await SignInAsync("a", ("groups", "urn:parking"), ("groups", "URN:huisarts"))).Discipline);
        Assert.Equal(Discipline.Unknown, (await SignInAsync("b", ("groups", "GovernanceOfficer"))).Discipline);
        Assert.Equal(Discipline.Unknown, (await SignInAsync("c", ("roles", "GeneralPractitioner"))).Discipline);
    }

    [Fact]
    public async Task Who_loses_a_role_at_the_provider_loses_it_here_and_every_open_session_with_it()
    {
        _claims.NewAccounts = NewAccounts.ByRole;
        var nurse = await SignInAsync("lotte", ("roles", "HomeNurse"), ("organisation", "Wit-Gele Kruis"));
        Assert.Equal("Wit-Gele Kruis", nurse.Organisation);
        var session = await _sessions.StartAsync(nurse.Id, null, CancellationToken.None);
        Assert.Equal(Discipline.HomeNurse, (await SignInAsync("lotte", ("roles", "HomeNurse"))).Discipline);
        Assert.True(await _sessions.IsInForceAsync(session, CancellationToken.None));

        Assert.Equal(Discipline.SocialWorker, (await SignInAsync("lotte", ("roles", "SocialWorker"))).Discipline);
        Assert.False(await _sessions.IsInForceAsync(session, CancellationToken.None));
        Assert.Equal(SessionEnd.RoleChanged, _sessions.WhyEnded(session));
    }

    [Fact]
    public async Task Who_was_deactivated_here_does_not_come_in_through_the_provider()
    {
        _claims.NewAccounts = NewAccounts.ByRole;
        var nurse = await SignInAsync("lotte", ("roles", "HomeNurse"));
        await _ward.People.KeepAsync([Accounts.Copy(nurse, p => p.DeactivatedAt = _ward.Clock.Utc)], CancellationToken.None);
        Assert.Null(_ward.People.ActorFor(nurse.Id));
        Assert.Null(await _accounts.PersonForAsync(new ClaimsIdentity([new("iss", "https://provider.example"), new("sub", "lotte"), new("roles", "HomeNurse")]), CancellationToken.None));
    }

    [Fact]
    public async Task Two_first_requests_of_one_account_make_one_person()
    {
        var before = _ward.People.People.Count;
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SignInAsync("lotte")));
        Assert.Single(made.Select(p => p.Id).Distinct());
        Assert.Equal(before + 1, _ward.People.People.Count);
    }

    [Fact]
    public async Task A_change_on_another_node_is_read_at_the_next_look()
    {
        await using var other = await _ward.AnotherNodeAsync();
        Assert.False(await other.People.RefreshIfChangedAsync(CancellationToken.None));
        _ward.Clock.Advance(TimeSpan.FromSeconds(1));
        await _ward.People.KeepAsync([Accounts.Copy(Who.Sofie, p => p.DeactivatedAt = _ward.Clock.Utc)], CancellationToken.None);
        Assert.True(await other.People.RefreshIfChangedAsync(CancellationToken.None));
        Assert.Null(other.People.ActorFor(Who.Sofie.Id));
    }
}
