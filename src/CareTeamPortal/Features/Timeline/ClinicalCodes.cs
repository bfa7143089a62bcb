using System.Collections.Frozen;
using CareTeamPortal.Platform.Access;
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

    /// <summary>LOINC: PHQ-2 and PHQ-9 totals, panels and items, GAD-7, EPDS, AUDIT and AUDIT-C, DAST-10.</summary>
    private static readonly FrozenSet<string> MentalLoinc = Set("""
        55758-7 44261-6 55757-9 44249-1 44250-9 44251-7 44252-5 44253-3 44254-1 44255-8 44256-6 44257-4 44258-2 44259-0 44260-8 69730-0 89204-2
        70274-6 69737-5 71354-5 75626-2 75624-7 72109-2 72110-0 82666-9 82667-7
        """);

    /// <summary>SNOMED CT: depression, anxiety, psychosis, trauma, eating disorders, attention deficit, self-harm, dependence, and the screening and talks about them.</summary>
    private static readonly FrozenSet<string> MentalSnomed = Set("""
        35489007 370143000 36923009 66344007 40379007 87512008 832007 78667006 310495003 310496002 310497006 58703003
        48694002 197480006 21897009 371631005 80583007 231504006 191736004 47505003 17226007 13746004 58214004 69322001 74732009 406506008 192127007 72366004 56882008 78004001
        82313006 6471006 225444004 394687007 225337009 7200002 15167005 66214007 26416006 191816009 5602001 55680006 361055000 10939881000119105
        171207006 715252007 454711000124102 428211000124100 710841007 713106006 763302001 24165007
        """);

    /// <summary>LOINC: tests for HIV, syphilis, gonorrhoea, chlamydia; sexual orientation.</summary>
    private static readonly FrozenSet<string> SexualLoinc = Set("""
        75622-1 56888-1 7917-8 30361-0 20447-9 25836-8 20507-0 22461-8 5292-8 21613-5 43304-5 43305-2 76690-7
        """);

    /// <summary>SNOMED CT: HIV, other sexually transmitted infections and their tests, contraception, termination of pregnancy, erectile dysfunction.</summary>
    private static readonly FrozenSet<string> SexualSnomed = Set("""
        86406008 62479008 165816005 76272004 15628003 240589008 8098009 165829005 269828009 310861008
        13197004 169553002 301807007 65200003 46706006 57797005 714812005 386394001 10383002 397803000 860914002
        """);

    /// <summary>Words for entries whose codes nobody can read: a private code or none at all.</summary>
    private static readonly string[] MentalWords = ["depress", "anxiety", "angststoornis", "suicid", "zelfmoord", "zelfdoding", "psychos", "psychot", "schizo", "bipolar", "bipolair", "phq-9", "phq-2", "gad-7"];
    private static readonly string[] SexualWords = ["hiv infect", "hiv-infect", "syphilis", "gonorr", "chlamydia", "seksueel overdraagbare", "sexually transmitted"];

    /// <summary>The source's own sensitivity labels (v3-ActCode): psychiatry, mental health, substance use.</summary>
    public static bool IsMentalHealthLabel(string code) =>
        code is "PSY" or "MH" or "PSYTHPN" or "PSYTHPY" or "BH" or "COGN" or "DVD" or "EMOTDIS" or "ETH" or "ETHUD" or "SUD" or "ALCOHOLUD" or "OPIOIDUD" or "SUBSTANCE" or "SUICIDE";

    /// <summary>The source's own sensitivity labels (v3-ActCode): HIV, sexually transmitted disease, sexuality, sexual assault and domestic violence.</summary>
    public static bool IsSexualHealthLabel(string code) => code is "HIV" or "STD" or "SEX" or "SDV" or "SEXUAL";

    /// <summary>The specially protected category that a source's own labels name; none when they name none. What it is about outweighs what shape it has.</summary>
    public static InformationCategory ProtectedBy(IEnumerable<FhirToken> labels)
    {
        var protection = InformationCategory.None;
        foreach (var label in labels)
        {
            if (IsMentalHealthLabel(label.Code)) return InformationCategory.MentalHealth;
            if (IsSexualHealthLabel(label.Code)) protection = InformationCategory.SexualHealth;
        }
        return protection;
    }

    /// <summary>The protected part of a category: itself when it is a specially protected one, else none.</summary>
    public static InformationCategory Protected(InformationCategory category) => category is InformationCategory.MentalHealth or InformationCategory.SexualHealth ? category : InformationCategory.None;

    /// <summary>The label that says it in FHIR: mental or sexual health; null for every other category.</summary>
    public static string? LabelOf(InformationCategory protection) => protection switch { InformationCategory.MentalHealth => "PSY", InformationCategory.SexualHealth => "SEX", _ => null };

    /// <summary>Code system of these labels.</summary>
    public const string Labels = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

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
