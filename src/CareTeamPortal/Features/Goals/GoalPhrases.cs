using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>Marker of the words of goals (GoalsText.resx).</summary>
public sealed class GoalsText;

/// <summary>What goals say to people.</summary>
internal static class GoalPhrases
{
    private static readonly Words Words = new(typeof(GoalsText));

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    /// <summary>What is aimed at, in a line: "gewicht hoogstens 77,0 kg"; empty when the target is only a date.</summary>
    public static string Target(GoalTarget target)
    {
        if (!target.IsMeasured)
            return target.Words ?? "";
        var measure = GoalMeasure.Find(target.Loinc!);
        string Show(decimal value) => measure?.Show(value) ?? GoalMeasure.Show(value, 0, target.Unit ?? "");
        var name = measure?.Name ?? target.Words ?? target.Loinc!;
        return target.Side == TargetSide.Between ? Get("Target.Between", name, Show(target.Value!.Value), Show(target.High!.Value)) : Get($"Target.{target.Side}", name, Show(target.Value!.Value));
    }

    /// <summary>By when: "tegen do 24 dec".</summary>
    public static string? By(GoalTarget? target, DateTime now) => target?.Due is { } due ? Get("Target.By", BelgianTime.Day(due, BelgianTime.DayOf(now))) : null;
}
