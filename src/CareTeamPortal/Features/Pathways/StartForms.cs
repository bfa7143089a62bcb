using System.Globalization;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What was chosen for a step in the form that starts a pathway.</summary>
public sealed class StepForm
{
    public bool In { get; set; } = true;

    /// <summary>Key of somebody else than who plays its role; empty: that person.</summary>
    public string Owner { get; set; } = "";
    public string Day { get; set; } = "";
    public string Why { get; set; } = "";
    public string? Reuse { get; set; }

    /// <summary>Of a measuring plan that is reused: it takes these limits in place of its own.</summary>
    public bool TakeLimits { get; set; }
    public IReadOnlyList<LimitForm> Limits { get; init; } = [];

    /// <summary>The limits as they were changed; null: as the template says.</summary>
    internal IReadOnlyList<TemplateLimit>? Changed(string source) => Limits.All(l => l.IsAsItWas) ? null : [.. Limits.Where(l => l.In).Select(l => l.Chosen(source))];
}

/// <summary>One limit of a step.</summary>
public sealed class LimitForm(TemplateLimit limit)
{
    public TemplateLimit Limit => limit;
    public bool In { get; set; } = true;

    /// <summary>Its number as it is typed; empty of a limit that has none.</summary>
    public string Number { get; set; } = Text(limit.Limit);

    private decimal? Value => decimal.TryParse(Number.Trim().Replace('.', ','), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, BelgianTime.Culture, out var number) ? number : null;

    /// <summary>What was typed is a number that can be a limit.</summary>
    public bool IsSound => !In || limit.Limit is null || Value is { } value && (limit with { Limit = value }).At(DateTime.UnixEpoch).IsSound;

    internal bool IsAsItWas => In && (limit.Limit is null || Value == limit.Limit);

    /// <summary>As words, with the number that stands in the field.</summary>
    public string Words => AlertWords.Limit((limit with { Limit = Value ?? limit.Limit }).At(DateTime.UnixEpoch));

    /// <summary>What a person changed comes from that person, not from the guideline.</summary>
    internal TemplateLimit Chosen(string source) => IsAsItWas ? limit : limit with { Limit = Value, Source = source, ToConfirm = false };

    private static string Text(decimal? value) => value?.ToString("0.######", BelgianTime.Culture) ?? "";
}

/// <summary>What was chosen for a goal that the pathway makes.</summary>
public sealed class StartGoalForm(TemplateGoal goal)
{
    /// <summary>The life goal that it serves, <c>Goal/x</c>; empty: none.</summary>
    public string Serves { get; set; } = "";
    public TargetSide Side { get; set; }
    public string Number { get; set; } = "";

    /// <summary>The quantity by which it is measured; null when words say it.</summary>
    internal GoalMeasure? Measure { get; } = goal.Quantity is { } key && Measured.QuantityOf(key) is { } quantity ? GoalMeasure.Find(quantity.Loinc) : null;

    private decimal? Value => decimal.TryParse(Number.Trim().Replace('.', ','), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, BelgianTime.Culture, out var number) ? number : null;

    internal bool IsSound => Number.Trim().Length == 0 || Value is not null;

    internal StartPathway.GoalChoice Choice => new(goal.Id, Serves.Length > 0 ? Serves : null, Measure is { } measure && Value is { } value ? new GoalTarget { Loinc = measure.Loinc, Side = Side, Value = value } : null);
}
