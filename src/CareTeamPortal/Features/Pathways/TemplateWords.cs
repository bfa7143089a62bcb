using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Marker of the words of pathway templates (TemplateText.resx).</summary>
public sealed class TemplateText;

/// <summary>What templates say to people.</summary>
internal static class TemplateWords
{
    private static readonly Words Words = new(typeof(TemplateText));

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    /// <summary>Where a problem is: "Fase Ontslag, stap Bloedname".</summary>
    public static string Place(TemplateProblem problem, PathwayTemplate template)
    {
        var phase = problem.Phase is null ? null : template.Phases.FirstOrDefault(p => p.Id == problem.Phase);
        var step = problem.Step is null ? null : template.Phases.SelectMany(p => p.Steps).FirstOrDefault(s => s.Id == problem.Step);
        var field = Get("Field." + problem.Field);
        if (step is not null)
            return problem.Part is { } part && step.Limits.Index().FirstOrDefault(l => l.Item.Id == part) is { Item: not null } limit
                ? Get("Place.Limit", Name(phase?.Title), Name(step.Title), limit.Index + 1) : Get("Place.Step", Name(phase?.Title), Name(step.Title), field);
        if (phase is not null)
            return Get("Place.Phase", Name(phase.Title), field);
        return problem.Part is not null && PartName(problem, template) is { } name ? Get("Place.Part", field, name) : Get("Place.Whole", field);
    }

    /// <summary>What is wrong.</summary>
    public static string What(TemplateProblem problem) => Get("Fault." + problem.Fault, [.. problem.Values]);

    /// <summary>How to mend it.</summary>
    public static string Mend(TemplateProblem problem) => Get("Mend." + problem.Fault, [.. problem.Values]);

    /// <summary>When a step is due: "dag 7", "binnen 24 uur".</summary>
    public static string When(StepTime due) => due.Hours is { } hours ? Get("When.Hours", hours) : Get("When.Day", due.Day);

    /// <summary>How often it comes back: "elke dag, tot dag 14"; null when once.</summary>
    public static string? Often(TemplateStep step)
    {
        if (step.Repeat is not { } repeat)
            return null;
        var often = TaskSentences.Repeat(repeat);
        return step.RepeatUntilDay is { } until ? Get("Often.Until", often, until) : often;
    }

    /// <summary>The days of a phase: "dag 0 tot 3".</summary>
    public static string Days(TemplatePhase phase) => phase.UntilDay is not { } until ? Get("Days.From", phase.FromDay) : until == phase.FromDay ? Get("When.Day", until) : Get("Days.Between", phase.FromDay, until);

    /// <summary>A limit as a sentence: "bovenste onder 95 mmHg".</summary>
    public static string Limit(TemplateLimit limit)
    {
        var threshold = limit.At(DateTime.UnixEpoch);
        if (!threshold.IsSound)
            return Get("Limit.Incomplete");
        var words = AlertWords.Limit(threshold);
        return limit.Quantity == MeasurementCatalogue.Systolic.Key || limit.Quantity == MeasurementCatalogue.Diastolic.Key ? $"{AlertWords.Get("Plan." + limit.Quantity).ToLower(BelgianTime.Culture)} {words}" : words;
    }

    /// <summary>What a role is called; the id when the template has no such role.</summary>
    public static string Role(PathwayTemplate template, string? id) => template.Roles.FirstOrDefault(r => r.Id == id)?.Title ?? id ?? "";

    /// <summary>What is measured, by its code.</summary>
    public static string Measures(string loinc) => loinc == MeasurementCatalogue.BloodPressurePanel ? MeasurementCatalogue.GroupName(MeasurementCatalogue.BloodPressureGroup) : MeasurementCatalogue.Find(loinc)?.Name ?? loinc;

    /// <summary>What a step can measure, by name; a blood pressure is one.</summary>
    public static IReadOnlyList<(string Loinc, string Name)> Measurables { get; } =
        [.. MeasurementCatalogue.All.Where(q => q.Key == q.Group || q.Key == MeasurementCatalogue.Systolic.Key)
            .Select(q => q.Key == MeasurementCatalogue.Systolic.Key ? (MeasurementCatalogue.BloodPressurePanel, MeasurementCatalogue.GroupName(q.Group)) : (q.Loinc, q.Name)).OrderBy(c => c.Item2, StringComparer.Create(BelgianTime.Culture, true))];

    /// <summary>Quantities that a goal can be read from, by name.</summary>
    public static IReadOnlyList<(string Key, string Name)> Quantities { get; } =
        [.. MeasurementCatalogue.All.Where(q => Measured.KeyOf(q) == q.Key).Select(q => (q.Key, q.Name)).OrderBy(q => q.Name, StringComparer.Create(BelgianTime.Culture, true))];

    private static string? PartName(TemplateProblem problem, PathwayTemplate template) => problem.Field switch
    {
        TemplateField.Roles => template.Roles.FirstOrDefault(r => r.Id == problem.Part)?.Title,
        TemplateField.Goals => template.Goals.FirstOrDefault(g => g.Id == problem.Part)?.Text,
        TemplateField.Sources => template.Sources.FirstOrDefault(s => s.Id == problem.Part)?.Label,
        _ => null,
    } is { Length: > 0 } name ? name : problem.Part;

    private static string Name(string? title) => string.IsNullOrWhiteSpace(title) ? Get("Unnamed") : title;
}
