using System.Text.Json.Nodes;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Demo;

/// <summary>A laboratory test: LOINC, name, unit, UCUM, reference limits.</summary>
internal sealed record LabTest(string Loinc, string Name, string Unit, string Ucum, decimal? Low = null, decimal? High = null);

/// <summary>The tests that the stories use.</summary>
internal static class Lab
{
    public static readonly LabTest Creatinine = new("2160-0", "Creatinine", "mg/dL", "mg/dL", 0.5m, 1.1m);
    public static readonly LabTest Egfr = new("33914-3", "eGFR", "mL/min/1,73 m²", "mL/min/{1.73_m2}", 60m);
    public static readonly LabTest Potassium = new("2823-3", "Kalium", "mmol/L", "mmol/L", 3.5m, 5.0m);
    public static readonly LabTest Sodium = new("2951-2", "Natrium", "mmol/L", "mmol/L", 135m, 145m);
    public static readonly LabTest NtProBnp = new("33762-6", "NT-proBNP", "pg/mL", "pg/mL", null, 450m);
    public static readonly LabTest Haemoglobin = new("718-7", "Hemoglobine", "g/dL", "g/dL", 12.0m, 16.0m);
    public static readonly LabTest HbA1c = new("4548-4", "HbA1c", "%", "%", 4.0m, 6.0m);
    public static readonly LabTest HbA1cIfcc = new("59261-8", "HbA1c (IFCC)", "mmol/mol", "mmol/mol", 20m, 42m);
    public static readonly LabTest Ldl = new("13457-7", "LDL-cholesterol", "mg/dL", "mg/dL", null, 70m);
    public static readonly LabTest Crp = new("1988-5", "CRP", "mg/L", "mg/L", null, 5m);
    public static readonly LabTest Leucocytes = new("6690-2", "Leukocyten", "10³/µL", "10*3/uL", 4.0m, 10.0m);
    public static readonly LabTest Inr = new("6301-6", "INR", "", "{INR}", 2.0m, 3.0m);
    public static readonly LabTest VitaminD = new("1989-3", "Vitamine D", "ng/mL", "ng/mL", 30m, 80m);
    public static readonly LabTest Albumin = new("1751-7", "Albumine", "g/L", "g/L", 35m, 52m);
    public static readonly LabTest AlbuminCreatinineRatio = new("9318-7", "Albumine/creatinine in urine", "mg/g", "mg/g", null, 30m);
    public static readonly LabTest Bilirubin = new("1975-2", "Bilirubine, totaal", "mg/dL", "mg/dL", null, 1.2m);
    public static readonly LabTest Tsh = new("3016-3", "TSH", "mU/L", "m[IU]/L", 0.4m, 4.0m);
}

internal sealed partial class DemoChart
{
    public void Weight(string by, int day, string at, decimal kg, string? note = null) => Vital(by, day, at, "29463-7", "Gewicht", kg, "kg", "kg", note);

    public void Pulse(string by, int day, string at, int perMinute) => Vital(by, day, at, "8867-4", "Pols", perMinute, "/min", "/min");

    public void Saturation(string by, int day, string at, int percent, string? note = null) => Vital(by, day, at, "2708-6", "Zuurstofsaturatie", percent, "%", "%", note);

    public void Temperature(string by, int day, string at, decimal celsius) => Vital(by, day, at, "8310-5", "Temperatuur", celsius, "°C", "Cel");

    public void Glucose(string by, int day, string at, int mgPerDl, string? note = null) => Vital(by, day, at, "2339-0", "Glycemie", mgPerDl, "mg/dL", "mg/dL", note);

    public void Pain(string by, int day, string at, int score, string? note = null) => Vital(by, day, at, "72514-3", "Pijnscore", score, "/10", "{score}", note);

    public void PeakFlow(string by, int day, string at, int litrePerMinute) => Vital(by, day, at, "33452-4", "Piekstroom", litrePerMinute, "L/min", "L/min");

    public void Height(string by, int day, string at, int cm) => Vital(by, day, at, "8302-2", "Lengte", cm, "cm", "cm");

    public void BloodPressure(string by, int day, string at, int systolic, int diastolic, string? note = null)
    {
        var observation = Observation(by, day, at, "85354-9", "Bloeddruk", note, out var person);
        observation["component"] = new JsonArray(Component("8480-6", "Systolische bloeddruk", systolic), Component("8462-4", "Diastolische bloeddruk", diastolic));
        Add(Days.At(day, at), person, Seen.ByAll, observation);
    }

    /// <summary>A laboratory report with its results, released by the laboratory.</summary>
    public void LabReport(int day, string at, string title, params (LabTest Test, decimal Value)[] results)
    {
        var results_ = new JsonArray();
        foreach (var (test, value) in results)
        {
            var id = Id("labo");
            var unit = test.Unit.Length == 0 ? test.Ucum : test.Unit;
            var range = test.Low is null && test.High is null ? null : new JsonArray(new JsonObject
            {
                ["low"] = test.Low is { } low ? Quantity(low, unit, test.Ucum) : null,
                ["high"] = test.High is { } high ? Quantity(high, unit, test.Ucum) : null,
            });
            var flag = value < test.Low ? "L" : value > test.High ? "H" : "N";
            _timed.Add((Days.At(day, at), new JsonObject
            {
                ["resourceType"] = "Observation",
                ["id"] = id,
                ["extension"] = new JsonArray(DemoJson.CareLine(CareLine.First)),
                ["status"] = "final",
                ["category"] = new JsonArray(DemoJson.Concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", null)),
                ["code"] = DemoJson.Concept(DemoJson.Loinc, test.Loinc, test.Name),
                ["subject"] = Subject(),
                ["effectiveDateTime"] = Stamp(day, at),
                ["performer"] = new JsonArray(Laboratory()),
                ["valueQuantity"] = Quantity(value, unit, test.Ucum),
                ["interpretation"] = new JsonArray(DemoJson.Concept("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", flag, null)),
                ["referenceRange"] = range,
            }));
            results_.Add(new JsonObject { ["reference"] = $"Observation/{id}", ["display"] = test.Name });
        }

        _timed.Add((Days.At(day, at), new JsonObject
        {
            ["resourceType"] = "DiagnosticReport",
            ["id"] = Id("verslag"),
            ["extension"] = new JsonArray(DemoJson.CareLine(CareLine.First)),
            ["status"] = "final",
            ["category"] = new JsonArray(DemoJson.Concept("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB", null)),
            ["code"] = DemoJson.Concept(DemoJson.Loinc, "11502-2", title),
            ["subject"] = Subject(),
            ["effectiveDateTime"] = Stamp(day, at),
            ["issued"] = Stamp(day, at),
            ["performer"] = new JsonArray(Laboratory()),
            ["result"] = results_,
        }));
    }

    /// <summary>A score of a permitted questionnaire or scale, total only.</summary>
    public void Score(string by, int day, string at, string name, int score, string? note = null)
    {
        var observation = Observation(by, day, at, null, name, note, out var person);
        observation["category"] = new JsonArray(DemoJson.Concept("http://terminology.hl7.org/CodeSystem/observation-category", "survey", null));
        observation["valueQuantity"] = Quantity(score, "punten", "{score}");
        Add(Days.At(day, at), person, Seen.ByAll, observation);
    }

    private void Vital(string by, int day, string at, string loinc, string name, decimal value, string unit, string ucum, string? note = null)
    {
        var observation = Observation(by, day, at, loinc, name, note, out var person);
        observation["valueQuantity"] = Quantity(value, unit, ucum);
        Add(Days.At(day, at), person, Seen.ByAll, observation);
    }

    private JsonObject Observation(string by, int day, string at, string? loinc, string name, string? note, out DemoPerson person)
    {
        person = Person(by);
        var code = loinc is null ? DemoJson.Text(name) : DemoJson.Concept(DemoJson.Loinc, loinc, name);
        if (loinc == "2708-6")
            code["coding"]!.AsArray().Add(new JsonObject { ["system"] = DemoJson.Loinc, ["code"] = "59408-5" });
        return new JsonObject
        {
            ["resourceType"] = "Observation",
            ["id"] = Id("meting"),
            ["status"] = "final",
            ["category"] = new JsonArray(DemoJson.Concept("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", null)),
            ["code"] = code,
            ["subject"] = Subject(),
            ["effectiveDateTime"] = Stamp(day, at),
            ["performer"] = new JsonArray(Ref(person)),
            ["note"] = Notes(note),
        };
    }

    private static JsonObject Component(string loinc, string name, int value) => new()
    {
        ["code"] = DemoJson.Concept(DemoJson.Loinc, loinc, name),
        ["valueQuantity"] = Quantity(value, "mmHg", "mm[Hg]"),
    };

    private static JsonObject Quantity(decimal value, string unit, string ucum) =>
        new() { ["value"] = value, ["unit"] = unit, ["system"] = "http://unitsofmeasure.org", ["code"] = ucum };

    private static JsonObject Laboratory() => new() { ["reference"] = "Organization/labo-dijleland", ["display"] = DemoPeople.Organisations["labo-dijleland"].Name };
}
