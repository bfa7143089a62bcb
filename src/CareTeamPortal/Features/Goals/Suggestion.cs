using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;

namespace CareTeamPortal.Features.Goals;

/// <summary>What the portal proposes.</summary>
public enum SuggestionKind
{
    /// <summary>The last values reach a goal's target.</summary>
    GoalMet = 0,

    /// <summary>Most alerts of a limit came to nothing: look at it again.</summary>
    ReviewLimit = 1,

    /// <summary>What was to be measured was not, and nobody is told of it.</summary>
    NotMeasured = 2,
}

/// <summary>
/// A proposal to somebody who decides, with the values and the rule behind it. Derived from the data at every reading: it enters the plan only when a named person accepts it, and goes
/// when the data do not say it any more.
/// </summary>
/// <param name="Key">Stable while it is about the same thing in the same version.</param>
/// <param name="Words">What is proposed.</param>
/// <param name="Evidence">The values, in words, newest first.</param>
/// <param name="EvidenceReferences">The resources behind it, <c>Type/x</c>.</param>
/// <param name="Rule">Why these values say so.</param>
/// <param name="Source">Where that rule comes from; null when the portal says it itself.</param>
/// <param name="Subject">What it is about: <c>Goal/x</c> or <c>ServiceRequest/x</c>.</param>
/// <param name="MayAnswer">The viewer may accept or decline it.</param>
public sealed record Suggestion(string Key, SuggestionKind Kind, string Words, IReadOnlyList<string> Evidence, IReadOnlyList<string> EvidenceReferences, string Rule, string? Source, string Subject, bool MayAnswer)
{
    /// <summary>The goal or plan that it is about; one of them is set.</summary>
    public CareGoal? Goal { get; init; }

    /// <inheritdoc cref="Goal"/>
    public MeasuringPlan? Plan { get; init; }
}

/// <summary>A proposal that somebody answered.</summary>
/// <param name="Accepted">It entered the plan; otherwise it was declined.</param>
public sealed record AnsweredSuggestion(string Words, bool Accepted, string? By, DateTime At, string? Reason);

/// <summary>How proposals follow from goals, plans and values: pure functions.</summary>
internal static class Suggestions
{
    /// <summary>So many times the interval without a value is too long.</summary>
    internal const int MissedTimes = 2;

    /// <summary>All that is proposed now and that nobody answered.</summary>
    public static IReadOnlyList<Suggestion> All(PlanOfPatient plan, MeasuringView measuring, DateTime now) =>
        [.. plan.Goals.Select(ForGoal).OfType<Suggestion>().Concat(measuring.Plans.SelectMany(p => ForLimits(p, measuring.MaySet))).Concat(measuring.Plans.Select(p => ForMissing(p, now, measuring.MaySet)).OfType<Suggestion>())
            .Where(s => !plan.AnsweredKeys.Contains(s.Key))];

    /// <summary>A goal whose last values reach its target.</summary>
    public static Suggestion? ForGoal(GoalView view) => view is { Goal: { State: GoalState.Active } goal, Progress: { MetInRow: >= GoalProgress.Enough } progress }
        ? new($"goal-met|{goal.Id}|{goal.Version}", SuggestionKind.GoalMet, GoalPhrases.Get("Suggest.GoalMet", goal.Words), [.. progress.Readings.TakeLast(GoalProgress.Enough).Reverse().Select(r => Said(progress.Target, r))],
            [.. progress.Readings.TakeLast(GoalProgress.Enough).Select(r => r.Reference).OfType<string>()], GoalPhrases.Get("Suggest.GoalMet.Rule", GoalPhrases.Target(progress.Target), GoalProgress.Enough), null, goal.Reference, view.Moves.Contains(GoalState.Achieved)) { Goal = goal }
        : null;

    /// <summary>The limits of a plan of which most alerts came to nothing.</summary>
    public static IEnumerable<Suggestion> ForLimits(PlanView view, bool may) => view.Plan.Rules.Where(r => view.Budget[r.Threshold.Id].IsMostlyIgnored).Select(r =>
    {
        var budget = view.Budget[r.Threshold.Id];
        return new Suggestion($"review-limit|{view.Plan.Id}|{r.Threshold.Id}|{view.Plan.Version}", SuggestionKind.ReviewLimit, GoalPhrases.Get("Suggest.ReviewLimit", view.Plan.Name, AlertWords.Limit(r.Threshold)),
            [GoalPhrases.Get("Suggest.ReviewLimit.Evidence", budget.Told, budget.Acted, budget.FalseAlarms)], [], GoalPhrases.Get("Suggest.ReviewLimit.Rule", RuleBudget.Fewest), r.Source, $"ServiceRequest/{view.Plan.Id}", may) { Plan = view.Plan };
    });

    /// <summary>A plan whose values stay away while no limit tells anybody of it.</summary>
    public static Suggestion? ForMissing(PlanView view, DateTime now, bool may)
    {
        var plan = view.Plan;
        if (plan.Repeat is not { } repeat || plan.Rules.Any(r => r.Threshold.Kind == ThresholdKind.Missing))
            return null;
        var days = repeat.Every * repeat.Unit switch { RepeatUnit.Week => 7, RepeatUnit.Month => 31, _ => 1 };
        var since = view.Last?.At ?? plan.AuthoredOn;
        if ((now - (since > plan.AuthoredOn ? since : plan.AuthoredOn)).TotalDays <= days * MissedTimes)
            return null;
        return new($"not-measured|{plan.Id}|{plan.Version}|{since.Ticks}", SuggestionKind.NotMeasured, GoalPhrases.Get("Suggest.NotMeasured", plan.Name.ToLower(Platform.Time.BelgianTime.Culture)),
            [view.Last is var (value, at) ? GoalPhrases.Get("Suggest.NotMeasured.Last", value, Platform.Time.BelgianTime.Moment(at, now)) : GoalPhrases.Get("Suggest.NotMeasured.Never")], [], GoalPhrases.Get("Suggest.NotMeasured.Rule", TaskSentences.Repeat(repeat)), null,
            $"ServiceRequest/{plan.Id}", may) { Plan = plan };
    }

    private static string Said(GoalTarget target, GoalReading reading)
    {
        var shown = GoalMeasure.Find(target.Loinc!)?.Show(reading.Value) ?? GoalMeasure.Show(reading.Value, 0, target.Unit ?? "");
        return GoalPhrases.Get("Suggest.Value", shown, Platform.Time.BelgianTime.FullMoment(reading.Time));
    }
}
