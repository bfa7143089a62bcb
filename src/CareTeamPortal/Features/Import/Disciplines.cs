using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Import;

/// <summary>What imported people and organisations are, by the Belgian code system cd-hcparty where they carry it; silent otherwise.</summary>
internal static class Disciplines
{
    public static Discipline Of(Prepared prepared) => Of(prepared.Facts);

    public static CareLine? LineOf(Prepared prepared) => LineOf(prepared.Facts);

    /// <summary>The discipline that a code states.</summary>
    public static Discipline Of(ResourceFacts facts) => facts.Type switch
    {
        "Patient" => Discipline.Patient,
        "RelatedPerson" => Discipline.InformalCaregiver,
        "Organization" or "HealthcareService" or "Location" => Discipline.Organisation,
        _ => facts.Codes.Select(c => HcParty.DisciplineOf(c.Code, LineOf(facts))).FirstOrDefault(d => d is not null) ?? Discipline.Unknown,
    };

    /// <summary>The care line that a code states; null when nothing does.</summary>
    public static CareLine? LineOf(ResourceFacts facts) => facts.Type switch
    {
        "Patient" or "RelatedPerson" => CareLine.Home,
        _ => facts.Codes.Select(c => LineOfHcParty(c.Code)).FirstOrDefault(l => l is not null),
    };

    private static CareLine? LineOfHcParty(string code) => code switch
    {
        "orghospital" => CareLine.Second,
        "orgpractice" or "orgpharmacy" or "orgprimaryhealthcarecenter" => CareLine.First,
        "persgeneralphysician" or "persnurse" or "perspharmacist" or "persphysiotherapist" => CareLine.First,
        "perscaregiver" => CareLine.Home,
        _ => null,
    };
}
