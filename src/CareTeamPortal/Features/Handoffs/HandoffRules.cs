using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>Why a step of a hand-off did not happen, in words for the person who tried.</summary>
internal static class HandoffRules
{
    public static string Say(TaskResult result) => result switch
    {
        TakenAlready { At: { } at } taken => HandoffWords.Get("Taken.At", taken.By, BelgianTime.Time(at)),
        TakenAlready taken => HandoffWords.Get("Taken", taken.By),
        TaskChangedMeanwhile => HandoffWords.Get("Rule.Changed"),
        TaskRefused { Rule: TaskRule.IllegalTransition or TaskRule.Closed, From: var from } when !from.IsOpen() => HandoffWords.Get("Rule.Over"),
        TaskRefused refused => HandoffWords.Get("Rule." + refused.Rule),
        _ => HandoffWords.Get("Rule.Gone"),
    };
}
