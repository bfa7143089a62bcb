using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CareTeamPortal.Features.Measurements;

/// <summary>
/// The quantities that the portal knows by name, with LOINC and UCUM codes, usual ranges and limits of the possible.
/// A quantity outside the catalogue is still stored, shown and plotted, under the name and unit of its source.
/// </summary>
/// <remarks>
/// Sources of the usual ranges. NEWS2: Royal College of Physicians, National Early Warning Score 2, 2017 (the column that scores 0).
/// STRONG-HF: Mebazaa et al., Lancet 2022 (safety thresholds: systolic 95, potassium 5.0). Diabetes: HbA1c 53 mmol/mol under 70 years. PainPathways: act from 4
/// (hip fracture, palliative care). Custom: general knowledge (BP 140/90, glucose 70 to 180, BMI 18.5 to 25, sodium, low potassium, eGFR 60).
/// Those marked <c>Confirm</c> rest wholly or partly on general knowledge: the page says "default, confirm".
/// Grouping: two codes are <see cref="Quantity.Equivalent"/> when a clinician reads them on one line (SpO2 2708-6 and 59408-5);
/// codes with another unit are quantities of their own that are converted on the plot (glucose 2339-0 in mg/dL and 15074-8 in mmol/L, factor 18.016;
/// HbA1c NGSP and IFCC by the master equation IFCC = (NGSP - 2.152) / 0.09148, Hoelzel et al., Clin Chem 2004).
/// </remarks>
internal static class MeasurementCatalogue
{
    /// <summary>LOINC of the blood pressure panel, whose components are <see cref="Systolic"/> and <see cref="Diastolic"/>.</summary>
    public const string BloodPressurePanel = "85354-9";

    /// <summary>The older panel code that Synthea and many hospitals write.</summary>
    public const string BloodPressurePanelOld = "55284-4";

    /// <summary>Key of the plot on which both blood pressures stand.</summary>
    public const string BloodPressureGroup = "BloodPressure";

    private const string VitalSigns = "vital-signs";
    private const string Laboratory = "laboratory";
    private const string Survey = "survey";
    private const string Activity = "activity";

    private const string News2 = "News2";
    private const string StrongHf = "StrongHf";
    private const string Custom = "Custom";

    private static readonly UnitForm MillimetresOfMercury = new("mm[Hg]", 1, 0, ["mmhg", "mm hg", "mmkwik"]);
    private static readonly UnitForm PerMinute = new("/min", 1, 0, ["/min", "/minuut", "per minuut", "bpm", "spm", "x/min", "slagen/min", "sl/min", "slagen", "slagen per minuut", "{beats}/min", "beats/minute", "breaths/minute", "{breaths}/min", "1/min"]);
    private static readonly UnitForm Percent = new("%", 1, 0, ["%", "procent", "pct", "%o2"]);

    public static readonly Quantity Systolic = new()
    {
        Key = "Systolic", Group = BloodPressureGroup, Loinc = "8480-6", Equivalent = ["8459-0", "8461-6", "8460-8"], Ucum = "mm[Hg]", Symbol = "mmHg",
        Lowest = 40, Highest = 300, Units = [MillimetresOfMercury], ObservationCategory = VitalSigns,
        Band = new(95, 140, Custom, Confirm: true),
    };

    public static readonly Quantity Diastolic = new()
    {
        Key = "Diastolic", Group = BloodPressureGroup, Loinc = "8462-4", Equivalent = ["8453-3", "8455-8", "8454-1"], Ucum = "mm[Hg]", Symbol = "mmHg",
        Lowest = 20, Highest = 200, Units = [MillimetresOfMercury], ObservationCategory = VitalSigns,
        Band = new(null, 90, Custom, Confirm: true),
    };

    public static readonly Quantity HeartRate = new()
    {
        Key = "HeartRate", Group = "HeartRate", Loinc = "8867-4", Equivalent = ["8893-0", "8889-8", "76282-3", "40443-4", "68999-2"], Ucum = "/min", Symbol = "/min",
        Lowest = 20, Highest = 300, Units = [PerMinute], ObservationCategory = VitalSigns,
        Band = new(51, 90, News2, Confirm: false),
        Aliases = ["p", "pols", "polsslag", "hartslag", "hartritme", "hartfrequentie", "hf", "hr"],
    };

    public static readonly Quantity RespiratoryRate = new()
    {
        Key = "RespiratoryRate", Group = "RespiratoryRate", Loinc = "9279-1", Ucum = "/min", Symbol = "/min",
        Lowest = 3, Highest = 90, Units = [PerMinute], ObservationCategory = VitalSigns,
        Band = new(12, 20, News2, Confirm: false),
        Aliases = ["ah", "ademhaling", "ademhalingen", "ademfrequentie", "ademhalingsfrequentie"],
    };

    public static readonly Quantity OxygenSaturation = new()
    {
        Key = "OxygenSaturation", Group = "OxygenSaturation", Loinc = "2708-6", Equivalent = ["59408-5", "20564-1"], Ucum = "%", Symbol = "%",
        Lowest = 40, Highest = 100, Units = [Percent], ObservationCategory = VitalSigns,
        Band = new(96, null, News2, Confirm: false),
        Aliases = ["sat", "satu", "saturatie", "zuurstofsaturatie", "spo2", "sao2", "o2sat"],
    };

    public static readonly Quantity OxygenFlow = new()
    {
        Key = "OxygenFlow", Group = "OxygenFlow", Loinc = "3151-8", Ucum = "L/min", Symbol = "L/min", Decimals = 1,
        Lowest = 0, Highest = 80, ObservationCategory = VitalSigns,
        Units = [new("L/min", 1, 0, ["l/min", "l", "liter", "liter/min", "lpm", "l per minuut"])],
        Aliases = ["o2", "zuurstof"],
    };

    public static readonly Quantity Temperature = new()
    {
        Key = "Temperature", Group = "Temperature", Loinc = "8310-5", Equivalent = ["8331-1", "8328-7", "8332-9", "8333-7", "76011-6"], Ucum = "Cel", Symbol = "°C", Decimals = 1,
        Lowest = 25, Highest = 45, ObservationCategory = VitalSigns,
        Units = [new("Cel", 1, 0, ["°c", "c", "°", "graden", "graden celsius", "celsius", "cel"]), new("[degF]", 5m / 9m, -160m / 9m, ["°f", "[degf]"])],
        Band = new(36.1m, 38.0m, News2, Confirm: false),
        Aliases = ["t", "t°", "temp", "temperatuur", "koorts"],
    };

    public static readonly Quantity Weight = new()
    {
        Key = "Weight", Group = "Weight", Loinc = "29463-7", Equivalent = ["3141-9", "8350-1", "8351-9"], Ucum = "kg", Symbol = "kg", Decimals = 1,
        Lowest = 0.3m, Highest = 400, ObservationCategory = VitalSigns,
        Units = [new("kg", 1, 0, ["kg", "kilo", "kilogram"]), new("g", 0.001m, 0, ["g", "gram", "gr"]), new("[lb_av]", 0.45359237m, 0, ["[lb_av]", "lbs", "lb"])],
        Aliases = ["g", "gew", "gewicht", "lichaamsgewicht"],
    };

    public static readonly Quantity Height = new()
    {
        Key = "Height", Group = "Height", Loinc = "8302-2", Equivalent = ["3137-7", "8306-3"], Ucum = "cm", Symbol = "cm",
        Lowest = 20, Highest = 260, ObservationCategory = VitalSigns,
        Units = [new("cm", 1, 0, ["cm", "centimeter"]), new("m", 100, 0, ["m", "meter"]), new("[in_i]", 2.54m, 0, ["[in_i]", "in", "inch"])],
        Aliases = ["lengte", "lichaamslengte"],
    };

    public static readonly Quantity BodyMassIndex = new()
    {
        Key = "BodyMassIndex", Group = "BodyMassIndex", Loinc = "39156-5", Ucum = "kg/m2", Symbol = "kg/m²", Decimals = 1,
        Lowest = 5, Highest = 120, ObservationCategory = VitalSigns,
        Units = [new("kg/m2", 1, 0, ["kg/m²", "kg/m2"])],
        Band = new(18.5m, 25, Custom, Confirm: true),
        Aliases = ["bmi"],
    };

    public static readonly Quantity Glucose = new()
    {
        Key = "Glucose", Group = "Glucose", Loinc = "2339-0", Equivalent = ["2345-7", "41653-7", "1558-6"], Ucum = "mg/dL", Symbol = "mg/dL",
        Lowest = 10, Highest = 1500, ObservationCategory = Laboratory,
        Units = [new("mg/dL", 1, 0, ["mg/dl", "mg"])],
        Band = new(70, 180, Custom, Confirm: true),
        Aliases = ["gly", "glyc", "glycemie", "glucose", "gluc", "bloedsuiker", "suiker", "suikerspiegel"],
    };

    public static readonly Quantity GlucoseMolar = new()
    {
        Key = "GlucoseMolar", Group = "Glucose", GroupFactor = 18.016m, Loinc = "15074-8", Equivalent = ["14749-6"], Ucum = "mmol/L", Symbol = "mmol/L", Decimals = 1,
        Lowest = 0.6m, Highest = 83, ObservationCategory = Laboratory,
        Units = [new("mmol/L", 1, 0, ["mmol/l", "mmol"])],
        Band = new(3.9m, 10, Custom, Confirm: true),
    };

    public static readonly Quantity HbA1cIfcc = new()
    {
        Key = "HbA1cIfcc", Group = "HbA1cIfcc", Loinc = "59261-8", Ucum = "mmol/mol", Symbol = "mmol/mol",
        Lowest = 15, Highest = 200, ObservationCategory = Laboratory,
        Units = [new("mmol/mol", 1, 0, ["mmol/mol", "mmol"])],
        Band = new(null, 53, "Diabetes", Confirm: false),
        Aliases = ["hba1c", "a1c"],
    };

    public static readonly Quantity HbA1cPercent = new()
    {
        Key = "HbA1cPercent", Group = "HbA1cIfcc", GroupFactor = 1 / 0.09148m, GroupOffset = -2.152m / 0.09148m,
        Loinc = "4548-4", Equivalent = ["17856-6", "4549-2"], Ucum = "%", Symbol = "%", Decimals = 1,
        Lowest = 3, Highest = 20, Units = [Percent], ObservationCategory = Laboratory,
        Band = new(null, 7, "Diabetes", Confirm: false),
    };

    public static readonly Quantity Egfr = new()
    {
        Key = "Egfr", Group = "Egfr", Loinc = "33914-3", Equivalent = ["62238-1", "48642-3", "48643-1", "88293-6", "98979-8", "98980-6", "77147-7"],
        Ucum = "mL/min/{1.73_m2}", Symbol = "mL/min",
        Lowest = 1, Highest = 250, ObservationCategory = Laboratory,
        Units = [new("mL/min/{1.73_m2}", 1, 0, ["mL/min", "ml/min/1,73m²", "ml/min/1.73m2", "ml/min", "ml"])],
        Band = new(60, null, Custom, Confirm: true),
        Aliases = ["egfr", "gfr"],
    };

    public static readonly Quantity Inr = new()
    {
        Key = "Inr", Group = "Inr", Loinc = "6301-6", Equivalent = ["34714-6"], Ucum = "{INR}", Symbol = "", Decimals = 1,
        Lowest = 0.5m, Highest = 20, ObservationCategory = Laboratory,
        Units = [new("{INR}", 1, 0, ["inr", "{ratio}", "1"])],
        Aliases = ["inr"],
    };

    public static readonly Quantity Pain = new()
    {
        Key = "Pain", Group = "Pain", Loinc = "72514-3", Equivalent = ["38208-5"], Ucum = "{score}", Symbol = "",
        Lowest = 0, Highest = 10, ObservationCategory = Survey,
        Units = [new("{score}", 1, 0, ["{score}", "/10", "op 10", "op tien", "1"])],
        Band = new(null, 3, "PainPathways", Confirm: false),
        Aliases = ["pijn", "pijnscore", "nrs", "npr"],
    };

    public static readonly Quantity PeakFlow = new()
    {
        Key = "PeakFlow", Group = "PeakFlow", Loinc = "33452-4", Equivalent = ["19935-6"], Ucum = "L/min", Symbol = "L/min",
        Lowest = 30, Highest = 1000, ObservationCategory = VitalSigns,
        Units = [new("L/min", 1, 0, ["l/min", "l", "liter/min"])],
        Aliases = ["pef", "piekstroom", "peakflow", "piekflow"],
    };

    public static readonly Quantity Steps = new()
    {
        Key = "Steps", Group = "Steps", Loinc = "41950-7", Ucum = "/d", Symbol = "/d",
        Lowest = 0, Highest = 100_000, ObservationCategory = Activity,
        Units = [new("/d", 1, 0, ["/d", "/dag", "per dag", "1/d", "{steps}/d", "{steps}"])],
        Aliases = ["stappenteller", "stapteller"],
    };

    public static readonly Quantity Potassium = new()
    {
        Key = "Potassium", Group = "Potassium", Loinc = "2823-3", Equivalent = ["6298-4"], Ucum = "mmol/L", Symbol = "mmol/L", Decimals = 1,
        Lowest = 1, Highest = 12, ObservationCategory = Laboratory,
        Units = [new("mmol/L", 1, 0, ["mmol/l", "mmol", "meq/l"]), new("meq/L", 1, 0, [])],
        Band = new(3.5m, 5.0m, StrongHf, Confirm: true),
        Aliases = ["kalium"],
    };

    public static readonly Quantity Sodium = new()
    {
        Key = "Sodium", Group = "Sodium", Loinc = "2951-2", Equivalent = ["2947-0"], Ucum = "mmol/L", Symbol = "mmol/L",
        Lowest = 90, Highest = 200, ObservationCategory = Laboratory,
        Units = [new("mmol/L", 1, 0, ["mmol/l", "mmol", "meq/l"]), new("meq/L", 1, 0, [])],
        Band = new(135, 145, Custom, Confirm: true),
        Aliases = ["natrium"],
    };

    public static readonly Quantity Creatinine = new()
    {
        Key = "Creatinine", Group = "Creatinine", Loinc = "2160-0", Equivalent = ["38483-4"], Ucum = "mg/dL", Symbol = "mg/dL", Decimals = 2,
        Lowest = 0.1m, Highest = 30, ObservationCategory = Laboratory,
        Units = [new("mg/dL", 1, 0, ["mg/dl", "mg"])],
        Aliases = ["creatinine", "creat"],
    };

    public static readonly Quantity NtProBnp = new()
    {
        Key = "NtProBnp", Group = "NtProBnp", Loinc = "33762-6", Equivalent = ["83107-3"], Ucum = "pg/mL", Symbol = "pg/mL",
        Lowest = 1, Highest = 100_000, ObservationCategory = Laboratory,
        Units = [new("pg/mL", 1, 0, ["pg/ml", "ng/l"]), new("ng/L", 1, 0, [])],
        Aliases = ["ntprobnp", "nt-probnp", "probnp"],
    };

    public static readonly Quantity Haemoglobin = new()
    {
        Key = "Haemoglobin", Group = "Haemoglobin", Loinc = "718-7", Equivalent = ["59260-0", "20509-6"], Ucum = "g/dL", Symbol = "g/dL", Decimals = 1,
        Lowest = 1, Highest = 30, ObservationCategory = Laboratory,
        Units = [new("g/dL", 1, 0, ["g/dl"]), new("g/L", 0.1m, 0, ["g/l"]), new("mmol/L", 1.6114m, 0, ["mmol/l"])],
    };

    public static readonly Quantity CholesterolTotal = new()
    {
        Key = "CholesterolTotal", Group = "CholesterolTotal", Loinc = "2093-3", Ucum = "mg/dL", Symbol = "mg/dL",
        Lowest = 20, Highest = 1500, ObservationCategory = Laboratory,
        Units = [new("mg/dL", 1, 0, ["mg/dl"]), new("mmol/L", 38.67m, 0, ["mmol/l"])],
    };

    public static readonly Quantity CholesterolLdl = new()
    {
        Key = "CholesterolLdl", Group = "CholesterolLdl", Loinc = "13457-7", Equivalent = ["18262-6", "2089-1"], Ucum = "mg/dL", Symbol = "mg/dL",
        Lowest = 1, Highest = 1000, ObservationCategory = Laboratory,
        Units = [new("mg/dL", 1, 0, ["mg/dl"]), new("mmol/L", 38.67m, 0, ["mmol/l"])],
    };

    public static readonly Quantity CholesterolLdlMolar = new()
    {
        Key = "CholesterolLdlMolar", Group = "CholesterolLdl", GroupFactor = 38.67m, Loinc = "22748-8", Equivalent = ["39469-2"], Ucum = "mmol/L", Symbol = "mmol/L", Decimals = 1,
        Lowest = 0.03m, Highest = 26, ObservationCategory = Laboratory,
        Units = [new("mmol/L", 1, 0, ["mmol/l"])],
    };

    public static readonly Quantity CholesterolHdl = new()
    {
        Key = "CholesterolHdl", Group = "CholesterolHdl", Loinc = "2085-9", Ucum = "mg/dL", Symbol = "mg/dL",
        Lowest = 1, Highest = 300, ObservationCategory = Laboratory,
        Units = [new("mg/dL", 1, 0, ["mg/dl"]), new("mmol/L", 38.67m, 0, ["mmol/l"])],
    };

    public static readonly Quantity Triglycerides = new()
    {
        Key = "Triglycerides", Group = "Triglycerides", Loinc = "2571-8", Equivalent = ["3043-7"], Ucum = "mg/dL", Symbol = "mg/dL",
        Lowest = 5, Highest = 20_000, ObservationCategory = Laboratory,
        Units = [new("mg/dL", 1, 0, ["mg/dl"]), new("mmol/L", 88.57m, 0, ["mmol/l"])],
    };

    /// <summary>Every quantity, in the order in which a page shows them: vital signs, then what people measure at home, then laboratory.</summary>
    public static ImmutableArray<Quantity> All { get; } =
    [
        Systolic, Diastolic, HeartRate, Weight, OxygenSaturation, OxygenFlow, RespiratoryRate, Temperature, Pain,
        Glucose, GlucoseMolar, HbA1cIfcc, HbA1cPercent, Inr, PeakFlow, Steps,
        NtProBnp, Potassium, Sodium, Creatinine, Egfr, Haemoglobin,
        CholesterolTotal, CholesterolLdl, CholesterolLdlMolar, CholesterolHdl, Triglycerides,
        BodyMassIndex, Height,
    ];

    /// <summary>Words that start a blood pressure in quick entry; two numbers with a slash must follow.</summary>
    public static ImmutableArray<string> BloodPressureAliases { get; } = ["bd", "rr", "bloeddruk", "tensie", "bp"];

    private static readonly FrozenDictionary<string, Quantity> ByLoinc =
        All.SelectMany(q => q.Equivalent.Append(q.Loinc).Distinct(), (q, code) => (q, code)).ToFrozenDictionary(x => x.code, x => x.q, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Quantity> ByKey = All.ToFrozenDictionary(q => q.Key, StringComparer.Ordinal);

    /// <summary>The quantity of a LOINC code, equivalent codes included; null when the catalogue does not know it.</summary>
    public static Quantity? Find(string? loinc) => loinc is not null && ByLoinc.TryGetValue(loinc, out var quantity) ? quantity : null;

    /// <summary>The quantity with this key; null when there is none.</summary>
    public static Quantity? FindByKey(string? key) => key is not null && ByKey.TryGetValue(key, out var quantity) ? quantity : null;

    /// <summary>The quantity in whose unit a group is drawn. The blood pressure group is drawn in the systolic's.</summary>
    public static Quantity DrawnIn(Quantity quantity) => quantity.Group == BloodPressureGroup ? Systolic : ByKey[quantity.Group];

    /// <summary>Name of the group's plot in the reader's language.</summary>
    public static string GroupName(string group) => MeasurementsText.Get($"Name.{group}");

    /// <summary>
    /// The value as the plot of its group shows it. False when the code is not in the catalogue or its unit cannot be converted:
    /// then the value stands under its own code, unit and name, because nothing is invented.
    /// </summary>
    /// <param name="loinc">LOINC code.</param>
    /// <param name="value">The number as it came.</param>
    /// <param name="unit">UCUM code, or the unit as written when there is no UCUM code; null when the source gives none.</param>
    /// <param name="quantity">The quantity found.</param>
    /// <param name="inGroupUnit">The value in the unit of the group's plot.</param>
    public static bool TryPlace(string? loinc, decimal value, string? unit, [NotNullWhen(true)] out Quantity? quantity, out decimal inGroupUnit)
    {
        quantity = Find(loinc);
        inGroupUnit = default;
        if (quantity is null)
            return false;

        // A laboratory may send mmol/L under the mg/dL code or the reverse; the unit decides, not the code.
        var own = quantity.InOwnUnit(value, unit);
        if (own is null)
        {
            var group = quantity.Group;
            var sibling = All.FirstOrDefault(q => q.Group == group && q.Group != BloodPressureGroup && q.InOwnUnit(value, unit) is not null);
            if (sibling is null)
            {
                quantity = null;
                return false;
            }
            quantity = sibling;
            own = sibling.InOwnUnit(value, unit);
        }
        if (own is not { } number || quantity.InGroupUnit(number) is not { } placed)
        {
            quantity = null;
            return false;
        }
        inGroupUnit = placed;
        return true;
    }
}
