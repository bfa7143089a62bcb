using CareTeamPortal.Features.Admin;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Admin;

/// <summary>Keeping people and roles: only administrators, nothing ownerless, sessions end.</summary>
public sealed class AdminTests : IAsyncLifetime
{
    private const string Nursing = "Thuisverpleging Dijleland";

    /// <summary>A governance officer who administers nothing.</summary>
    private static readonly PersonRow Wim = new() { Id = new("wim.aerts"), DisplayName = "Wim Aerts", Discipline = Discipline.GovernanceOfficer, Line = CareLine.Support, RoleTitle = "spelregelaar", FhirType = "Practitioner" };

    private Ward _ward = default!;
    private Actor _piet = default!;

    public async Task InitializeAsync()
    {
        _ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await _ward.People.KeepAsync([Accounts.Copy(Who.Piet, p => p.IsAdministrator = true), Wim, Accounts.Copy(Who.Sofie, p => p.Organisation = Nursing), Accounts.Copy(Who.Tom, p => p.Organisation = "AZ Dijlezicht")], CancellationToken.None);
        _piet = _ward.People.ActorFor(Who.Piet.Id)!;
    }

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    private Task<KeepPerson.Result> KeepAsync(PersonRow? who, string name, Discipline role, string? riziv = null, Actor? by = null, bool administrator = false) =>
        _ward.Get<KeepPerson>().RunAsync(by ?? _piet, new(who?.Id, name, role, Roles.LineOf(role), "", Nursing, riziv, administrator, who is null ? null : _ward.People.Find(who.Id)!.ChangedAt), CancellationToken.None);

    private Task<Deactivate.Result> ShutAsync(PersonRow who, Actor? by = null) => _ward.Get<Deactivate>().RunAsync(by ?? _piet, who.Id, "Uit dienst", CancellationToken.None);

    [Fact]
    public async Task Only_an_administrator_keeps_people_and_a_governance_officer_without_that_right_does_not()
    {
        foreach (var other in new[] { Wim.Actor(), Who.Karel.Actor(), Who.An.Actor() })
        {
            Assert.Equal(KeepPerson.Why.NotYours, Assert.IsType<KeepPerson.Refused>(await KeepAsync(null, "Lotte Aertsen", Discipline.HomeNurse, by: other)).Reason);
            Assert.Equal(Deactivate.Why.NotYours, Assert.IsType<Deactivate.Refused>(await ShutAsync(Who.Sofie, other)).Reason);
            Assert.Null(_ward.Get<ReadPeople>().Run(other, PeopleShown.Active, null));
            Assert.Null(_ward.Get<ReadPeople>().Organisations(other));
        }
    }

    [Fact]
    public async Task A_new_person_gets_a_user_name_after_their_name_and_a_riziv_number_that_is_right_and_theirs_alone()
    {
        var riziv = $"123456{97 - (123456 % 97):D2}401";
        var lotte = Assert.IsType<KeepPerson.Kept>(await KeepAsync(null, "dr. Lotte Aërtsen", Discipline.HomeNurse, riziv)).Person;
        Assert.Equal("lotte.aertsen", lotte.Id.Value);
        Assert.Equal("lotte.aertsen.2", Assert.IsType<KeepPerson.Kept>(await KeepAsync(null, "Lotte Aertsen", Discipline.HomeNurse)).Person.Id.Value);
        Assert.Equal(KeepPerson.Why.RizivTaken, Assert.IsType<KeepPerson.Refused>(await KeepAsync(null, "Iemand Anders", Discipline.HomeNurse, riziv)).Reason);
        Assert.Equal(KeepPerson.Why.BadRiziv, Assert.IsType<KeepPerson.Refused>(await KeepAsync(null, "Iemand Anders", Discipline.HomeNurse, "12345600401")).Reason);
        Assert.Equal(KeepPerson.Why.NoName, Assert.IsType<KeepPerson.Refused>(await KeepAsync(null, " \u200b ", Discipline.HomeNurse)).Reason);
        Assert.Equal(KeepPerson.Why.NoRole, Assert.IsType<KeepPerson.Refused>(await KeepAsync(null, "Lotte", Discipline.Unknown)).Reason);
    }

    [Fact]
    public async Task Two_administrators_at_one_person_at_once_the_second_is_told()
    {
        var seen = _ward.People.Find(Who.Sofie.Id)!.ChangedAt;
        _ward.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<KeepPerson.Kept>(await KeepAsync(Who.Sofie, "Sofie Maes-De Wit", Discipline.HomeNurse));
        var late = await _ward.Get<KeepPerson>().RunAsync(_piet, new(Who.Sofie.Id, "Sofie M.", Discipline.HomeNurse, CareLine.First, "", null, null, false, seen), CancellationToken.None);
        Assert.Equal(KeepPerson.Why.ChangedMeanwhile, Assert.IsType<KeepPerson.Refused>(late).Reason);
        Assert.Equal("Sofie Maes-De Wit", _ward.People.Find(Who.Sofie.Id)!.DisplayName);
    }

    [Fact]
    public async Task There_is_always_an_administrator_and_nobody_shuts_themselves_out()
    {
        Assert.Equal(KeepPerson.Why.LastAdministrator, Assert.IsType<KeepPerson.Refused>(await KeepAsync(Who.Piet, "Piet Claeys", Discipline.GovernanceOfficer)).Reason);
        Assert.Equal(Deactivate.Why.Oneself, Assert.IsType<Deactivate.Refused>(await ShutAsync(Who.Piet)).Reason);
        Assert.IsType<KeepPerson.Kept>(await KeepAsync(Wim, "Wim Aerts", Discipline.GovernanceOfficer, administrator: true));
        Assert.IsType<KeepPerson.Kept>(await KeepAsync(Who.Piet, "Piet Claeys", Discipline.GovernanceOfficer));
        Assert.False(_ward.People.ActorFor(Who.Piet.Id)!.IsAdministrator);
    }

    [Fact]
    public async Task A_patients_account_gets_no_other_role() =>
        Assert.Equal(KeepPerson.Why.RoleOfPatient, Assert.IsType<KeepPerson.Refused>(await KeepAsync(Who.MariaHerself, "Maria Verhoeven", Discipline.GeneralPractitioner)).Reason);

    [Fact]
    public async Task Who_is_shut_out_loses_access_and_leaves_nothing_without_an_owner()
    {
        var task = await _ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie));
        await _ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);
        var done = Assert.IsType<Deactivate.Done>(await ShutAsync(Who.Sofie));
        Assert.Equal(1, done.Teams);
        Assert.Empty(done.NobodyElse);
        Assert.Null(_ward.People.ActorFor(Who.Sofie.Id));
        Assert.True((await _ward.Desk.ReachAsync(Who.Sofie.Actor(), _ward.Maria, CancellationToken.None)).IsEmpty);
        using var session = await _ward.Database.RentAsync(CancellationToken.None);
        Assert.Empty(TaskSql.HeldBy(session, _ward.Maria, Who.Sofie.Id));
    }

    [Fact]
    public async Task Who_is_accountable_hands_that_on_when_shut_out()
    {
        Assert.IsType<Deactivate.Done>(await ShutAsync(Who.Karel));
        using var session = await _ward.Database.RentAsync(CancellationToken.None);
        var next = CareStore.Accountable(session, _ward.Maria);
        Assert.NotNull(next);
        Assert.NotEqual(Who.Karel.Id, next);
        Assert.True(CareStore.IsOnTeam(session, _ward.Maria, next.Value, _ward.Clock.Utc));
    }

    [Fact]
    public async Task A_file_that_nobody_else_can_answer_for_is_named_and_settled_later()
    {
        var alone = await _ward.AddAsync(A.Patient("alleen").WithTeam(Who.Bram));
        var done = Assert.IsType<Deactivate.Done>(await ShutAsync(Who.Bram));
        Assert.Equal([alone], done.NobodyElse);
        Assert.Null(_ward.People.ActorFor(Who.Bram.Id)); // shut out all the same
        await _ward.GrantAsync(alone, Who.Karel);
        Assert.Equal(1, Assert.IsType<Deactivate.Done>(await ShutAsync(Who.Bram)).Teams);
        using var session = await _ward.Database.RentAsync(CancellationToken.None);
        Assert.Equal(Who.Karel.Id, CareStore.Accountable(session, alone));
    }

    [Fact]
    public async Task An_account_that_waits_is_let_in_or_tied_to_somebody_known()
    {
        await _ward.People.KeepAsync([
            new PersonRow { Id = new("p-1"), DisplayName = "Lotte", Discipline = Discipline.Unknown, Line = CareLine.First, RoleTitle = "", FhirType = "Practitioner", ExternalSubject = "a|1", Asks = Discipline.HomeNurse },
            new PersonRow { Id = new("p-2"), DisplayName = "Sofie M.", Discipline = Discipline.Unknown, Line = CareLine.First, RoleTitle = "", FhirType = "Practitioner", ExternalSubject = "a|2" },
        ], CancellationToken.None);
        Assert.Equal(2, _ward.Get<ReadPeople>().Run(_piet, PeopleShown.Waiting, null)!.Found);

        Assert.IsType<KeepPerson.Kept>(await KeepAsync(_ward.People.Find(new("p-1"))!, "Lotte Aertsen", Discipline.HomeNurse));
        Assert.True(await _ward.Get<LinkAccount>().RunAsync(_piet, new("p-2"), Who.Sofie.Id, CancellationToken.None));
        Assert.False(await _ward.Get<LinkAccount>().RunAsync(_piet, new("p-2"), Who.Karel.Id, CancellationToken.None));
        Assert.Equal("a|2", _ward.People.Find(Who.Sofie.Id)!.ExternalSubject);
        Assert.Equal(0, _ward.Get<ReadPeople>().Run(_piet, PeopleShown.Waiting, null)!.Found);
    }

    [Fact]
    public async Task An_organisation_keeps_its_name_while_tasks_wait_in_its_queue()
    {
        const string name = Nursing;
        var rename = _ward.Get<RenameOrganisation>();
        await _ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie) with { Owner = TaskParty.OfOrganisation(name) });
        Assert.Equal(1, Assert.IsType<RenameOrganisation.TasksWait>(await rename.RunAsync(_piet, name, "Wit-Gele Kruis", CancellationToken.None)).Tasks);
        Assert.IsType<RenameOrganisation.Renamed>(await rename.RunAsync(_piet, "AZ Dijlezicht", "AZ Dijlezicht-Noord", CancellationToken.None));
        Assert.Equal("AZ Dijlezicht-Noord", _ward.People.Find(Who.Tom.Id)!.Organisation);
        Assert.IsType<RenameOrganisation.Refused>(await rename.RunAsync(_piet, "Bestaat niet", "X", CancellationToken.None));
    }

    [Fact]
    public async Task What_an_administrator_did_stands_in_a_chain_of_its_own()
    {
        await KeepAsync(null, "Lotte Aertsen", Discipline.HomeNurse);
        await ShutAsync(Who.Sofie);
        using var session = await _ward.Database.RentAsync(CancellationToken.None);
        using var reader = session.Sql("SELECT \"What\", \"PersonId\" FROM \"AccessRecords\" WHERE \"PatientId\" = '_administration' ORDER BY \"Position\"").With().Read();
        var found = new List<(string, string)>();
        while (reader.Read())
            found.Add((reader.GetString(0), reader.GetString(1)));
        Assert.Equal([("person/lotte.aertsen", "piet.claeys"), ("deactivated/sofie.maes", "piet.claeys")], found);
    }
}
