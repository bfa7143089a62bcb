using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Finds what gets in each other's way where several pathways, or a pathway and other care, run for one patient. Pure.</summary>
public static class Conflicts
{
    /// <summary>Two tasks of one kind closer together than this are one too many.</summary>
    public static readonly TimeSpan Close = TimeSpan.FromDays(7);

    /// <summary>Something that has to be done on a day.</summary>
    /// <param name="Kind">What makes two the same: a code or a folded title.</param>
    /// <param name="From">Title of the pathway that it belongs to; null: none.</param>
    public sealed record Ask(string Title, string Kind, DateTime Due, string? From, string Id);

    /// <summary>Tasks of one kind that are due within a week of each other, the nearest of each pair of pathways.</summary>
    public static IReadOnlyList<PathwayConflict> OfTasks(IEnumerable<Ask> asks)
    {
        var found = new List<PathwayConflict>();
        foreach (var same in asks.DistinctBy(a => a.Id).GroupBy(a => a.Kind).Where(g => g.Count() > 1))
        {
            var order = same.OrderBy(a => a.Due).ThenBy(a => a.Id, StringComparer.Ordinal).ToList();
            for (var i = 1; i < order.Count; i++)
            {
                // Within one pathway it is the plan that they follow each other.
                if (order[i].Due - order[i - 1].Due < Close && (order[i].From != order[i - 1].From || order[i].From is null))
                    found.Add(new(order[i].Title, order[i - 1].From ?? "", order[i].From ?? "", order[i].Due));
            }
        }

        return found;
    }

    /// <summary>Limits of two plans that say something else about the same quantity.</summary>
    public static IReadOnlyList<PathwayConflict> OfLimits(IEnumerable<(string Plan, string Name, AlertRule Rule)> limits)
    {
        var found = new List<PathwayConflict>();
        foreach (var same in limits.Where(l => l.Rule.Threshold.Kind == ThresholdKind.Value).GroupBy(l => (l.Rule.Threshold.Quantity, l.Rule.Threshold.Side, l.Rule.Threshold.Severity)))
        {
            var list = same.DistinctBy(l => l.Plan).ToList();
            for (var i = 1; i < list.Count; i++)
            {
                if (list[i].Rule.Threshold.Limit != list[0].Rule.Threshold.Limit)
                    found.Add(new(list[i].Name, AlertWords.Limit(list[0].Rule.Threshold), AlertWords.Limit(list[i].Rule.Threshold), null, same.Key.Quantity));
            }
        }

        return found;
    }

    /// <summary>Targets of two goals that say something else about the same quantity.</summary>
    /// <param name="targets">Of each open goal its id and target.</param>
    public static IReadOnlyList<PathwayConflict> OfTargets(IEnumerable<(string Goal, GoalTarget Target)> targets)
    {
        var found = new List<PathwayConflict>();
        foreach (var same in targets.Where(t => t.Target.IsMeasured).GroupBy(t => GoalMeasure.Find(t.Target.Loinc!)?.Loinc ?? t.Target.Loinc!))
        {
            var list = same.DistinctBy(t => (t.Target.Side, t.Target.Value, t.Target.High)).ToList();
            for (var i = 1; i < list.Count; i++)
                found.Add(new(GoalMeasure.Find(same.Key)?.Name ?? list[i].Target.Words ?? same.Key, GoalPhrases.Target(list[0].Target), GoalPhrases.Target(list[i].Target), null, same.Key) { IsTarget = true });
        }

        return found;
    }

    /// <summary>What makes two steps the same.</summary>
    public static string KindOf(string title, string? loinc, string? questionnaire) => questionnaire is not null ? "q:" + questionnaire : loinc is not null ? "l:" + loinc : "t:" + NameFolding.Fold(title);
}
