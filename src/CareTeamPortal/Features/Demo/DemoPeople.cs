using System.Text.Json.Nodes;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Demo;

/// <summary>A fictional person of the demo: with an account (the fifteen of the contract) or only in the directory, as an author.</summary>
/// <param name="UserName">User name, and the FHIR id of the Practitioner, RelatedPerson or Patient behind it.</param>
/// <param name="Title">"dr." or null.</param>
/// <param name="Role">What they are, for people.</param>
/// <param name="Riziv">RIZIV number, eleven digits with valid check digits; null for who has none.</param>
/// <param name="HcParty">Code of cd-hcparty; null for who is no care professional.</param>
/// <param name="PatientId">The file a patient or caregiver belongs to.</param>
internal sealed record DemoPerson(
    string UserName, string GivenName, string FamilyName, string? Title, Discipline Discipline, CareLine? Line, string Role,
    string? OrganisationId, string? Riziv, string? HcParty, string? PatientId, bool HasAccount)
{
    public string Name => $"{GivenName} {FamilyName}";
    public string DisplayName => Title is null ? Name : $"{Title} {Name}";

    /// <summary>A number that nobody has: 55 00 of the series that the demo uses, with the place in the list. Null for a patient, whose number stands in the file, and for who has no account.</summary>
    public string? Phone => UserName == "an.desmedt" ? "0470 55 01 15" : HasAccount && Discipline != Discipline.Patient ? $"0470 55 00 {DemoPeople.Accounts.ToList().IndexOf(this) + 10}" : null;

    /// <summary>An address in a domain that cannot exist.</summary>
    public string? Email => Phone is not null && OrganisationId is not null ? $"{UserName}@{OrganisationId}.example" : null;
    public string? Organisation => OrganisationId is null ? null : DemoPeople.Organisations[OrganisationId].Name;

    /// <summary>The FHIR reference of who this person is as an author.</summary>
    public string Reference => Discipline switch
    {
        Discipline.Patient => $"Patient/{PatientId}",
        Discipline.InformalCaregiver => $"RelatedPerson/{UserName}",
        _ => $"Practitioner/{UserName}",
    };
}

/// <summary>A fictional organisation of the region.</summary>
internal sealed record DemoOrganisation(string Id, string Name, CareLine Line, string HcParty, string City, string PostalCode);

/// <summary>Everybody in the demo. All are fictional: names, numbers and organisations belong to nobody.</summary>
internal static class DemoPeople
{
    public static readonly IReadOnlyDictionary<string, DemoOrganisation> Organisations = new DemoOrganisation[]
    {
        new("az-dijlezicht", "AZ Dijlezicht", CareLine.Second, "orghospital", "Mechelen", "2800"),
        new("uz-kesselberg", "UZ Kesselberg", CareLine.Third, "orghospital", "Leuven", "3000"),
        new("praktijk-de-vaart", "Huisartsenpraktijk De Vaart", CareLine.First, "orgpractice", "Mechelen", "2800"),
        new("praktijk-bonheiden", "Huisartsen Bonheiden-Dorp", CareLine.First, "orgpractice", "Bonheiden", "2820"),
        new("thuisverpleging-dijleland", "Thuisverpleging Dijleland", CareLine.First, "orgprimaryhealthcarecenter", "Mechelen", "2800"),
        new("apotheek-wouters", "Apotheek Wouters", CareLine.First, "orgpharmacy", "Mechelen", "2800"),
        new("kine-hermans", "Kinepraktijk Hermans", CareLine.First, "orgpractice", "Bonheiden", "2820"),
        new("gezinszorg-rivierenland", "Gezinszorg Rivierenland", CareLine.First, "orgprimaryhealthcarecenter", "Mechelen", "2800"),
        new("welzijnshuis-mechelen", "Welzijnshuis Dijlestad", CareLine.Support, "orgprimaryhealthcarecenter", "Mechelen", "2800"),
        new("ziekenfonds-de-brug", "Ziekenfonds De Brug", CareLine.Support, "orgprimaryhealthcarecenter", "Mechelen", "2800"),
        new("zorgraad-dijleland", "Zorgraad Dijleland", CareLine.Support, "orgprimaryhealthcarecenter", "Mechelen", "2800"),
        new("labo-dijleland", "Labo Dijleland", CareLine.First, "orgpractice", "Mechelen", "2800"),
        new("pallion", "Palliatieve thuiszorg Pallion", CareLine.First, "orgprimaryhealthcarecenter", "Mechelen", "2800"),
        new("diabetespunt", "Diabetespunt Leuven-Noord", CareLine.First, "orgpractice", "Haacht", "3150"),
    }.ToDictionary(o => o.Id);

    /// <summary>Who administers: the contract's governance officer and administrator.</summary>
    public const string Administrator = "piet.claeys";

    /// <summary>The fifteen people who can sign in, in the order of the sign-in page.</summary>
    public static readonly IReadOnlyList<DemoPerson> Accounts =
    [
        new("els.peeters", "Els", "Peeters", "dr.", Discipline.GeneralPractitioner, CareLine.First, "huisarts", "praktijk-bonheiden", Riziv(148201, "004"), "persphysician", null, true),
        new("karel.janssens", "Karel", "Janssens", "dr.", Discipline.GeneralPractitioner, CareLine.First, "huisarts", "praktijk-de-vaart", Riziv(136742, "003"), "persphysician", null, true),
        new("nadia.benali", "Nadia", "Benali", "dr.", Discipline.Specialist, CareLine.Second, "cardioloog", "az-dijlezicht", Riziv(172915, "730"), "persphysician", null, true),
        new("tom.lenaerts", "Tom", "Lenaerts", null, Discipline.HospitalNurse, CareLine.Second, "hartfalenverpleegkundige", "az-dijlezicht", Riziv(441208, "401"), "persnurse", null, true),
        new("sofie.maes", "Sofie", "Maes", null, Discipline.HomeNurse, CareLine.First, "thuisverpleegkundige", "thuisverpleging-dijleland", Riziv(426117, "401"), "persnurse", null, true),
        new("bram.goossens", "Bram", "Goossens", null, Discipline.HomeNurse, CareLine.First, "thuisverpleegkundige", "thuisverpleging-dijleland", Riziv(437590, "401"), "persnurse", null, true),
        new("pieter.wouters", "Pieter", "Wouters", null, Discipline.Pharmacist, CareLine.First, "apotheker", "apotheek-wouters", Riziv(215884, "000"), "perspharmacist", null, true),
        new("joke.hermans", "Joke", "Hermans", null, Discipline.Physiotherapist, CareLine.First, "kinesitherapeut", "kine-hermans", Riziv(539026, "527"), "persphysiotherapist", null, true),
        new("hanne.wuyts", "Hanne", "Wuyts", null, Discipline.SocialWorker, CareLine.Support, "maatschappelijk werker", "welzijnshuis-mechelen", null, "perssocialworker", null, true),
        new("fatima.elidrissi", "Fatima", "El Idrissi", null, Discipline.HomeCareAide, CareLine.First, "verzorgende", "gezinszorg-rivierenland", null, "perscaregiver", null, true),
        new("an.desmedt", "An", "De Smedt", null, Discipline.InformalCaregiver, CareLine.Home, "dochter, mantelzorger", null, null, null, "maria-verhoeven", true),
        new("maria.verhoeven", "Maria", "Verhoeven", null, Discipline.Patient, CareLine.Home, "patiënt", null, null, null, "maria-verhoeven", true),
        new("ilse.baert", "Ilse", "Baert", null, Discipline.CaseManager, CareLine.Support, "casemanager", "ziekenfonds-de-brug", null, null, null, true),
        new("piet.claeys", "Piet", "Claeys", null, Discipline.GovernanceOfficer, CareLine.Support, "spelregelaar en beheerder", "zorgraad-dijleland", null, null, null, true),
        new("wim.aerts", "Wim", "Aerts", null, Discipline.GovernanceOfficer, CareLine.Support, "spelregelaar", "zorgraad-dijleland", null, null, null, true),
    ];

    /// <summary>Colleagues without an account: they wrote in the files, and are found in the directory.</summary>
    public static readonly IReadOnlyList<DemoPerson> Colleagues =
    [
        Colleague("mieke.bosmans", "Mieke", "Bosmans", null, Discipline.HospitalNurse, CareLine.Second, "verpleegkundige cardiologie", "az-dijlezicht", Riziv(448301, "401"), "persnurse"),
        Colleague("katrien.dewolf", "Katrien", "Dewolf", "dr.", Discipline.Specialist, CareLine.Second, "endocrinoloog", "az-dijlezicht", Riziv(163380, "580"), "persphysician"),
        Colleague("stefaan.moons", "Stefaan", "Moons", "dr.", Discipline.Specialist, CareLine.Second, "neuroloog", "az-dijlezicht", Riziv(158264, "770"), "persphysician"),
        Colleague("peter.daems", "Peter", "Daems", "dr.", Discipline.Specialist, CareLine.Second, "orthopedisch chirurg", "az-dijlezicht", Riziv(151177, "480"), "persphysician"),
        Colleague("ann.thijs", "Ann", "Thijs", "dr.", Discipline.Specialist, CareLine.Second, "geriater", "az-dijlezicht", Riziv(166093, "687"), "persphysician"),
        Colleague("marc.hendrickx", "Marc", "Hendrickx", "dr.", Discipline.Specialist, CareLine.Second, "longarts", "az-dijlezicht", Riziv(144928, "620"), "persphysician"),
        Colleague("lies.vanhoof", "Lies", "Vanhoof", null, Discipline.HospitalNurse, CareLine.Second, "longverpleegkundige", "az-dijlezicht", Riziv(445716, "401"), "persnurse"),
        Colleague("dirk.stevens", "Dirk", "Stevens", "dr.", Discipline.Specialist, CareLine.Second, "oncoloog", "az-dijlezicht", Riziv(149655, "660"), "persphysician"),
        Colleague("els.vos", "Els", "Vos", "dr.", Discipline.Specialist, CareLine.Second, "uroloog", "az-dijlezicht", Riziv(168412, "450"), "persphysician"),
        Colleague("sarah.willems", "Sarah", "Willems", "dr.", Discipline.Specialist, CareLine.Third, "kinderendocrinoloog", "uz-kesselberg", Riziv(174036, "690"), "persphysician"),
        Colleague("lotte.jacobs", "Lotte", "Jacobs", null, Discipline.HospitalNurse, CareLine.Third, "kinderdiabetesverpleegkundige", "uz-kesselberg", Riziv(449872, "401"), "persnurse"),
        Colleague("veerle.nijs", "Veerle", "Nijs", null, Discipline.HomeNurse, CareLine.First, "palliatief verpleegkundige", "pallion", Riziv(431065, "401"), "persnurse"),
        Colleague("inge.smets", "Inge", "Smets", null, Discipline.OtherClinician, CareLine.First, "diabeteseducator", "diabetespunt", Riziv(433519, "401"), "persnurse"),
        Colleague("tine.verbeeck", "Tine", "Verbeeck", null, Discipline.Dietician, CareLine.First, "diëtist", "diabetespunt", Riziv(561243, "601"), "persdietician"),
        Colleague("lut.claessens", "Lut", "Claessens", null, Discipline.OtherClinician, CareLine.First, "podoloog", "diabetespunt", Riziv(553807, "701"), null),
        Colleague("greet.cools", "Greet", "Cools", null, Discipline.OtherClinician, CareLine.First, "logopedist", "kine-hermans", Riziv(557104, "801"), null),
        Colleague("eva.martens", "Eva", "Martens", null, Discipline.OccupationalTherapist, CareLine.First, "ergotherapeut", "gezinszorg-rivierenland", Riziv(562938, "001"), "persoccupationaltherapist"),
        Colleague("jan.willekens", "Jan", "Willekens", null, Discipline.Psychologist, CareLine.First, "psycholoog", "welzijnshuis-mechelen", null, "perspsychologist"),
    ];

    public static readonly IReadOnlyDictionary<string, DemoPerson> All = Accounts.Concat(Colleagues).ToDictionary(p => p.UserName);

    /// <summary>Organisations and practitioners as FHIR resources; patients and their relatives come with the patient's file.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Directory()
    {
        var resources = new List<ReadOnlyMemory<byte>>();
        foreach (var organisation in Organisations.Values)
            resources.Add(DemoJson.Bytes(OrganisationResource(organisation)));
        foreach (var person in All.Values.Where(p => p.Discipline is not (Discipline.Patient or Discipline.InformalCaregiver)))
            resources.Add(DemoJson.Bytes(PractitionerResource(person)));
        return resources;
    }

    /// <summary>RIZIV number: six digits, two check digits (97 - n mod 97), three for the qualification.</summary>
    internal static string Riziv(int six, string qualification) => $"{six:000000}{97 - (six % 97):00}{qualification}";

    private static DemoPerson Colleague(string user, string given, string family, string? title, Discipline discipline, CareLine line, string role, string organisation, string? riziv, string? hcParty) =>
        new(user, given, family, title, discipline, line, role, organisation, riziv, hcParty, null, false);

    private static JsonObject OrganisationResource(DemoOrganisation o) => new()
    {
        ["resourceType"] = "Organization",
        ["id"] = o.Id,
        ["extension"] = new JsonArray(DemoJson.CareLine(o.Line)),
        ["active"] = true,
        ["type"] = new JsonArray(DemoJson.Concept(DemoJson.HcParty, o.HcParty, null)),
        ["name"] = o.Name,
        ["address"] = new JsonArray(new JsonObject { ["city"] = o.City, ["postalCode"] = o.PostalCode, ["country"] = "BE" }),
    };

    private static JsonObject PractitionerResource(DemoPerson p)
    {
        var json = new JsonObject { ["resourceType"] = "Practitioner", ["id"] = p.UserName };
        if (p.Line is { } line)
            json["extension"] = new JsonArray(DemoJson.CareLine(line));
        if (p.Riziv is not null)
            json["identifier"] = new JsonArray(new JsonObject { ["system"] = DemoJson.Nihdi, ["value"] = p.Riziv });
        json["active"] = true;
        var name = new JsonObject { ["text"] = p.DisplayName, ["family"] = p.FamilyName, ["given"] = new JsonArray(p.GivenName) };
        if (p.Title is not null)
            name["prefix"] = new JsonArray(p.Title);
        json["name"] = new JsonArray(name);
        if (p.Phone is { } phone)
            json["telecom"] = new JsonArray(new JsonObject { ["system"] = "phone", ["value"] = phone, ["use"] = "work" }, new JsonObject { ["system"] = "email", ["value"] = p.Email, ["use"] = "work" });
        json["qualification"] = new JsonArray(new JsonObject
        {
            ["code"] = p.HcParty is null ? new JsonObject { ["text"] = p.Role } : DemoJson.Concept(DemoJson.HcParty, p.HcParty, p.Role),
            ["issuer"] = p.Organisation is null ? null : new JsonObject { ["reference"] = $"Organization/{p.OrganisationId}", ["display"] = p.Organisation },
        });
        return json;
    }
}
