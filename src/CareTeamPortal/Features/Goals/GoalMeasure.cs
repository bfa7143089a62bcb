using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>Something by which a goal can be measured: a quantity of the catalogue, or the score of a questionnaire.</summary>
/// <param name="Loinc">The code that the portal writes.</param>
/// <param name="Unit">As people read it; may be empty.</param>
/// <param name="Codes">Codes under which its values are stored, <c>system|code</c>.</param>
internal sealed record GoalMeasure(string Loinc, string Name, string Unit, string Ucum, int Decimals, IReadOnlyList<string> Codes)
{
    /// <summary>System of the scores of questionnaires that have no LOINC code here: the code is the questionnaire's id.</summary>
    public const string ScoreSystem = PortalCodes.Base + "CodeSystem/questionnaire-score";

    /// <summary>Id of the questionnaire whose score it is; null when it is a quantity.</summary>
    public string? Questionnaire { get; init; }

    /// <summary>System of <see cref="Loinc"/>.</summary>
    public string System => Loinc == Questionnaire ? ScoreSystem : PortalCodes.Loinc;

    // Total scores of the questionnaires that may be shipped (clinical.md); LOINC names of the panels' totals.
    private static readonly (string Code, string Key, string Questionnaire)[] Scores = [("55758-7", "PHQ-2", "phq-2"), ("44261-6", "PHQ-9", "phq-9"), ("72514-3", "NRS", "pijn-nrs"), ("who-5", "WHO-5", "who-5")];

    /// <summary>All that can be chosen, by name.</summary>
    public static IReadOnlyList<GoalMeasure> All { get; } =
        [.. MeasurementCatalogue.All.Where(q => q.Key == q.Group || q.Group == MeasurementCatalogue.BloodPressureGroup).Select(Of)
            .Concat(Scores.Where(s => MeasurementCatalogue.Find(s.Code) is null).Select(s => new GoalMeasure(s.Code, GoalPhrases.Get($"Score.{s.Key}"), "", "{score}", 0, [$"{(s.Code == s.Questionnaire ? ScoreSystem : PortalCodes.Loinc)}|{s.Code}"]) { Questionnaire = s.Questionnaire }))
            .OrderBy(m => m.Name, StringComparer.Create(BelgianTime.Culture, true))];

    /// <summary>What has this code, also under a code that means the same; null when the portal does not know it.</summary>
    public static GoalMeasure? Find(string loinc) => All.FirstOrDefault(m => m.Loinc == loinc) ?? (MeasurementCatalogue.Find(loinc) is { } quantity ? All.FirstOrDefault(m => m.Codes.Contains($"{PortalCodes.Loinc}|{quantity.Loinc}")) : null);

    private static GoalMeasure Of(Quantity quantity) => new(quantity.Loinc, quantity.Name, quantity.Unit, quantity.Ucum, quantity.Decimals, Measured.CodesOf(Measured.KeyOf(quantity)));

    /// <summary>A number with its unit: "77,0 kg".</summary>
    public string Show(decimal value) => Show(value, Decimals, Unit);

    /// <summary>A number as people read it.</summary>
    public static string Show(decimal value, int decimals, string unit)
    {
        var number = value.ToString(decimals == 0 ? "#,0.##" : "#,0." + new string('0', decimals) + "#", BelgianTime.Culture);
        return unit.Length == 0 ? number : $"{number} {unit}";
    }
}
