using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Disciplines by the Belgian code system cd-hcparty.</summary>
public static class HcParty
{
    public const string System = "https://www.ehealth.fgov.be/standards/fhir/core/CodeSystem/cd-hcparty";

    /// <summary>The discipline of a code, or null when the code is none of cd-hcparty. A nurse is a home or a hospital nurse only when the care line tells.</summary>
    public static Discipline? DisciplineOf(string? code, CareLine? line = null) => code switch
    {
        null => null,
        "persgeneralphysician" => Discipline.GeneralPractitioner,
        "persnurse" => line switch { CareLine.First => Discipline.HomeNurse, CareLine.Second or CareLine.Third => Discipline.HospitalNurse, _ => Discipline.OtherClinician },
        "perspracticalnurse" => Discipline.HomeCareAide,
        "perscaregiver" => Discipline.InformalCaregiver,
        "perspharmacist" or "pershospitalpharmacist" => Discipline.Pharmacist,
        "perssocialworker" => Discipline.SocialWorker,
        "perspsychologist" or "persclinicalpsychologist" => Discipline.Psychologist,
        "persdietician" => Discipline.Dietician,
        "persoccupationaltherapist" => Discipline.OccupationalTherapist,
        "perscardiologist" or "persnephrologist" or "persneurologist" or "persgeriatrist" or "perspneumologist" or "personcologist" or "persgastroenterologist" or "persendocrinodiabetologist"
            or "persdiabetologist" or "persinternalphysician" or "persrheumatologist" or "persurologist" or "perssurger" or "persneurosurger" or "persophthalmologist" or "persotolaryngologist"
            or "perspediatrician" or "persgynecologistobstetrics" or "persadultpsychiatrist" or "perspsychatrist" or "persneuropsychiatrist" or "perschildandadolescentpsychiatrist"
            or "persorthopedist" or "persphysicalphysician" or "persdermatovenereologist" or "persemergencyphycisian" or "persanesthesistandresuscitation" or "persclinicalbiologist"
            or "persclinialhematologist" or "persclinicalinfectiologist" or "persneonatologist" or "perspediatricneurologist" => Discipline.Specialist,
        _ when code.EndsWith("physiotherapist", StringComparison.Ordinal) => Discipline.Physiotherapist,
        _ when code.StartsWith("pers", StringComparison.Ordinal) => Discipline.OtherClinician,
        _ when code.StartsWith("org", StringComparison.Ordinal) => Discipline.Organisation,
        _ => null,
    };
}
