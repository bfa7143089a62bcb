using System.Collections.Frozen;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// Which coded things belong to the specially protected categories. A short, readable list: codes that the data in use really carries, and whole chapters where a system has them.
/// The sharing rules decide who sees the category; this only names it.
/// </summary>
internal static class ClinicalCodes
{
    private const string Loinc = "http://loinc.org";
    private const string Snomed = "http://snomed.info/sct";

    /// <summary>LOINC: PHQ-2 and PHQ-9 totals, panels and items, GAD-7, WHO-5, EPDS, AUDIT and AUDIT-C, DAST-10, HAM-D, C-SSRS.</summary>
    private static readonly FrozenSet<string> MentalLoinc = Set("""
        55758-7 44261-6 55757-9 44249-1 44250-9 44251-7 44252-5 44253-3 44254-1 44255-8 44256-6 44257-4 44258-2 44259-0 44260-8 69730-0 89204-2
        70274-6 69737-5 70273-8 89883-3 71354-5 99046-5 75626-2 75624-7 72109-2 72110-0 82666-9 82667-7 93373-5 90437-5
        """);

    /// <summary>SNOMED CT: depression, anxiety, psychosis, trauma, self-harm, dependence, and the talks and therapies about them.</summary>
    private static readonly FrozenSet<string> MentalSnomed = Set("""
        35489007 370143000 36923009 66344007 310495003 310496002 310497006 191736004 78667006 87512008 832007 40379007 15639000 191610000 191613003
        48694002 197480006 21897009 371631005 231504006 47505003 13746004 16506000 58214004 69322001 74732009 17226007 406506008 192127007 35919005
        82313006 6471006 225444004 248062006 7200002 66214007 5602001 55680006 361055000 15167005 26416006 191816009 52448006 26929004 386806002
        171207006 715252007 762993000 454711000124102 428211000124100 88848003 228557008 304891004 38678006 183339004 72366004 72076002 56882008 61633005 60603007
        """);

    /// <summary>LOINC: HIV, syphilis, gonorrhoea, chlamydia tests; sexual orientation and activity.</summary>
    private static readonly FrozenSet<string> SexualLoinc = Set("""
        75622-1 56888-1 7917-8 30361-0 20447-9 25836-8 24313-9 24467-3 20507-0 22461-8 20508-8 5292-8 21613-5 43304-5 43305-2 47387-6 76690-7 86645-9 64728-9
        """);

    /// <summary>SNOMED CT: HIV, other sexually transmitted infections, contraception, termination of pregnancy, sexual function and violence.</summary>
    private static readonly FrozenSet<string> SexualSnomed = Set("""
        86406008 62479008 165816005 76272004 15628003 240589008 105629000 8098009 235871004 56335008 169553002 13197004 389095005 268460000 46706006 57797005 386639001
        287664005 65200003 267036007 398175006 37931006 397803000 422843001 248110007 225783008 171131006 310357009 169471002
        """);

    /// <summary>Words for entries whose codes nobody can read: a private code or none at all.</summary>
    private static readonly string[] MentalWords = ["depress", "anxiety", "angststoornis", "suicid", "zelfmoord", "zelfdoding", "psychos", "psychot", "schizo", "bipolar", "bipolair", "phq-9", "phq-2", "gad-7"];
    private static readonly string[] SexualWords = ["hiv infect", "hiv-infect", "syphilis", "gonorr", "chlamydia", "seksueel overdraagbare", "sexually transmitted"];

    /// <summary>Whether any of the codes names mental health.</summary>
    public static bool IsMentalHealth(IReadOnlyList<FhirToken> codes, string? title) => Any(codes, title, MentalLoinc, MentalSnomed, MentalChapter, MentalWords);

    /// <summary>Whether any of the codes names sexual health.</summary>
    public static bool IsSexualHealth(IReadOnlyList<FhirToken> codes, string? title) => Any(codes, title, SexualLoinc, SexualSnomed, SexualChapter, SexualWords);

    private static bool Any(IReadOnlyList<FhirToken> codes, string? title, FrozenSet<string> loinc, FrozenSet<string> snomed, Func<FhirToken, bool> chapter, string[] words)
    {
        var readable = false;
        foreach (var code in codes)
        {
            switch (code.System)
            {
                case Loinc:
                    readable = true;
                    if (loinc.Contains(code.Code)) return true;
                    break;
                case Snomed:
                    readable = true;
                    if (snomed.Contains(code.Code)) return true;
                    break;
                case not null when IsIcd10(code.System) || IsIcpc(code.System):
                    readable = true;
                    if (chapter(code)) return true;
                    break;
            }
        }
        return !readable && title is not null && words.Any(w => title.Contains(w, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsIcd10(string system) => system.Contains("icd-10", StringComparison.OrdinalIgnoreCase) || system == "urn:oid:2.16.840.1.113883.6.3" || system == "urn:oid:2.16.840.1.113883.6.90";

    private static bool IsIcpc(string system) => system.Contains("icpc", StringComparison.OrdinalIgnoreCase) || system == "urn:oid:2.16.840.1.113883.6.139" || system == "urn:oid:2.16.840.1.113883.2.4.4.31.1";

    /// <summary>ICD-10 chapter V without dementia and other organic states (F00-F09); ICPC-2 chapter P.</summary>
    private static bool MentalChapter(FhirToken code) =>
        IsIcpc(code.System!) ? code.Code.StartsWith('P') : code.Code.StartsWith('F') && !code.Code.StartsWith("F0", StringComparison.Ordinal);

    /// <summary>ICD-10 A50-A64, B20-B24, Z30, O04, F52; ICPC-2 B90, W10-W15, W79, W83, X70, X71, X90-X92, Y70-Y72, Y76.</summary>
    private static bool SexualChapter(FhirToken code)
    {
        var c = code.Code;
        if (c.Length < 3) return false;
        if (IsIcpc(code.System!)) return c[..3] is "B90" or "W10" or "W11" or "W12" or "W13" or "W14" or "W15" or "W79" or "W83" or "X70" or "X71" or "X90" or "X91" or "X92" or "Y70" or "Y71" or "Y72" or "Y76";
        return string.CompareOrdinal(c[..3], "A50") >= 0 && string.CompareOrdinal(c[..3], "A64") <= 0 || c[..3] is "B20" or "B21" or "B22" or "B23" or "B24" or "Z30" or "O04" or "F52";
    }

    private static FrozenSet<string> Set(string codes) => codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
