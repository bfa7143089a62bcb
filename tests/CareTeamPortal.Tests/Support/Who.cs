using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Tests.Support;

/// <summary>The people of the contract, as rows.</summary>
internal static class Who
{
    public const string Maria = "maria-verhoeven";

    public static readonly PersonRow Els = Professional("els.peeters", "dr. Els Peeters", Discipline.GeneralPractitioner, CareLine.First, "huisarts");
    public static readonly PersonRow Karel = Professional("karel.janssens", "dr. Karel Janssens", Discipline.GeneralPractitioner, CareLine.First, "huisarts");
    public static readonly PersonRow Nadia = Professional("nadia.benali", "dr. Nadia Benali", Discipline.Specialist, CareLine.Second, "cardioloog");
    public static readonly PersonRow Tom = Professional("tom.lenaerts", "Tom Lenaerts", Discipline.HospitalNurse, CareLine.Second, "hartfalenverpleegkundige");
    public static readonly PersonRow Sofie = Professional("sofie.maes", "Sofie Maes", Discipline.HomeNurse, CareLine.First, "thuisverpleegkundige");
    public static readonly PersonRow Bram = Professional("bram.goossens", "Bram Goossens", Discipline.HomeNurse, CareLine.First, "thuisverpleegkundige");
    public static readonly PersonRow Pieter = Professional("pieter.wouters", "Pieter Wouters", Discipline.Pharmacist, CareLine.First, "apotheker");
    public static readonly PersonRow Fatima = Professional("fatima.elidrissi", "Fatima El Idrissi", Discipline.HomeCareAide, CareLine.First, "verzorgende");
    public static readonly PersonRow Ilse = Professional("ilse.baert", "Ilse Baert", Discipline.CaseManager, CareLine.Support, "casemanager");
    public static readonly PersonRow Piet = Professional("piet.claeys", "Piet Claeys", Discipline.GovernanceOfficer, CareLine.Support, "spelregelaar");
    public static readonly PersonRow An = new()
    {
        Id = new("an.desmedt"), DisplayName = "An De Smedt", Discipline = Discipline.InformalCaregiver, Line = CareLine.Home, RoleTitle = "mantelzorger", FhirType = "RelatedPerson",
    };
    public static readonly PersonRow MariaHerself = new()
    {
        Id = new("maria.verhoeven"), DisplayName = "Maria Verhoeven", Discipline = Discipline.Patient, Line = CareLine.Home, RoleTitle = "patiënt", FhirType = "Patient", OwnFile = new(Maria),
    };

    public static IReadOnlyList<PersonRow> Everyone { get; } = [Els, Karel, Nadia, Tom, Sofie, Bram, Pieter, Fatima, Ilse, Piet, An, MariaHerself];

    /// <summary>The person as somebody who acts.</summary>
    public static Actor Actor(this PersonRow p) => new(p.Id, p.DisplayName, p.Discipline, p.Line, p.RoleTitle, p.FhirType, p.OwnFile);

    private static PersonRow Professional(string id, string name, Discipline discipline, CareLine line, string role) =>
        new() { Id = new(id), DisplayName = name, Discipline = discipline, Line = line, RoleTitle = role, FhirType = "Practitioner" };
}
