using CareTeamPortal.Features.Demo;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Tests.Demo;

public sealed class DemoPeopleTests
{
    [Theory]
    [InlineData("els.peeters", "dr. Els Peeters", Discipline.GeneralPractitioner, CareLine.First)]
    [InlineData("karel.janssens", "dr. Karel Janssens", Discipline.GeneralPractitioner, CareLine.First)]
    [InlineData("nadia.benali", "dr. Nadia Benali", Discipline.Specialist, CareLine.Second)]
    [InlineData("tom.lenaerts", "Tom Lenaerts", Discipline.HospitalNurse, CareLine.Second)]
    [InlineData("sofie.maes", "Sofie Maes", Discipline.HomeNurse, CareLine.First)]
    [InlineData("bram.goossens", "Bram Goossens", Discipline.HomeNurse, CareLine.First)]
    [InlineData("pieter.wouters", "Pieter Wouters", Discipline.Pharmacist, CareLine.First)]
    [InlineData("joke.hermans", "Joke Hermans", Discipline.Physiotherapist, CareLine.First)]
    [InlineData("hanne.wuyts", "Hanne Wuyts", Discipline.SocialWorker, CareLine.Support)]
    [InlineData("fatima.elidrissi", "Fatima El Idrissi", Discipline.HomeCareAide, CareLine.First)]
    [InlineData("an.desmedt", "An De Smedt", Discipline.InformalCaregiver, CareLine.Home)]
    [InlineData("maria.verhoeven", "Maria Verhoeven", Discipline.Patient, CareLine.Home)]
    [InlineData("ilse.baert", "Ilse Baert", Discipline.CaseManager, CareLine.Support)]
    [InlineData("piet.claeys", "Piet Claeys", Discipline.GovernanceOfficer, CareLine.Support)]
    [InlineData("wim.aerts", "Wim Aerts", Discipline.GovernanceOfficer, CareLine.Support)]
    public void A_person_is_as_the_contract_says(string user, string name, Discipline discipline, CareLine line)
    {
        var person = DemoPeople.Accounts.Single(p => p.UserName == user);
        Assert.Equal((name, discipline, line), (person.DisplayName, person.Discipline, person.Line));
    }

    [Fact]
    public void There_are_fifteen() => Assert.Equal(15, DemoPeople.Accounts.Count);

    [Fact]
    public void Professional_numbers_pass_their_check_and_belong_to_one_person()
    {
        var numbers = DemoPeople.All.Values.Select(p => p.Riziv).OfType<string>().ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.All(numbers, n =>
        {
            Assert.Equal(11, n.Length);
            Assert.Equal(97 - (int.Parse(n[..6], null) % 97), int.Parse(n[6..8], null));
        });
    }
}
