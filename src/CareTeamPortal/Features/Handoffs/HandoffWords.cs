using System.Text;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>Words of hand-offs outside pages.</summary>
internal static class HandoffWords
{
    private static readonly Words Words = new(typeof(HandoffsText));

    /// <summary>A word by its key.</summary>
    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    /// <summary>The state in words: "aangeboden".</summary>
    public static string Status(string status) => Get("Status." + status);

    /// <summary>The illness severity in words; of a hand-off that says none, that it says none.</summary>
    public static string Severity(IllnessSeverity? severity) => Get("Severity." + (severity?.ToString() ?? "Unsaid"));

    /// <summary>The hand-off as people read it on the timeline.</summary>
    /// <param name="sender">Tasks that stay with the sender do not move.</param>
    public static string Story(HandoffContent handoff, Platform.Access.PersonId? sender = null)
    {
        var story = new StringBuilder();
        void Line(string? text)
        {
            if (!string.IsNullOrWhiteSpace(text))
                story.Append(story.Length > 0 ? "\n" : "").Append(text.Trim());
        }

        void Part(string key, string? text)
        {
            if (!string.IsNullOrWhiteSpace(text))
                Line(Get("Part." + key, text.Trim()));
        }

        if (handoff.Protocol == HandoffProtocol.Isbar)
        {
            Part("Identification", handoff.Identification);
            Part("Situation", handoff.Situation);
            Part("Background", handoff.Background);
            Part("Assessment", handoff.Assessment);
            Part("Recommendation", handoff.Recommendation);
        }
        else
        {
            Line($"{Severity(handoff.Severity)}. {handoff.SeverityNote} {handoff.Summary.Trim()}".Replace("  ", " ", StringComparison.Ordinal).TrimEnd());
            Line(handoff.Situation);
        }

        if (handoff.Protocol == HandoffProtocol.Isbar)
            Line(handoff.Summary);
        foreach (var action in handoff.Actions)
            Part("Action", action);
        foreach (var contingency in handoff.Contingencies)
        {
            if (contingency.If.Length > 0 && contingency.Then.Length > 0)
                Line(Get("Part.Contingency", contingency.If, contingency.Then));
        }

        var moving = handoff.Tasks.Count(t => sender is null || t.NewOwner?.Person != sender);
        if (moving > 0)
            Line(moving == 1 ? Get("Part.Tasks1") : Get("Part.TasksN", moving));
        if (handoff.ReadBack is { } readBack)
            Part("ReadBack", readBack);
        return story.ToString();
    }
}
