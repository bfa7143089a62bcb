using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Tasks;

/// <summary>What somebody filled in for a new task and has not saved yet; kept as a draft in this form.</summary>
public sealed class TaskForm
{
    /// <summary>Id of the task to come: saving twice makes one.</summary>
    public string Id { get; set; } = "";
    public string Title { get; set; } = "";
    public string Detail { get; set; } = "";

    /// <summary>Key of a <see cref="TaskChoice"/>; null: oneself.</summary>
    public string? For { get; set; }

    /// <summary>On the clock in Belgium.</summary>
    public DateTime? Due { get; set; }
    public DateTime? AcceptBy { get; set; }
    public TaskPriority Priority { get; set; }

    /// <summary>One line each.</summary>
    public string Checks { get; set; } = "";

    /// <summary>Empty, day, weekdays, days, week or month.</summary>
    public string Repeat { get; set; } = "";

    /// <summary>Most days, weeks or months between two.</summary>
    public const int MostEvery = 1_000;
    public int Every { get; set; } = 1;
    public List<DayOfWeek> Days { get; set; } = [];

    /// <summary>Last day of a series that a program ended; the form keeps it.</summary>
    public DateOnly? Until { get; set; }
    public string? Goal { get; set; }
    public string? Focus { get; set; }
    public string? FocusTitle { get; set; }
    public Audience Audience { get; set; }

    /// <summary>Key of the examination that is asked for; empty for none.</summary>
    public string Examination { get; set; } = "";

    /// <summary>Why it is asked for although there is a recent result.</summary>
    public string AskedAgain { get; set; } = "";
    public List<UploadedFile> Files { get; set; } = [];

    /// <summary>Nothing worth keeping was filled in.</summary>
    public bool IsEmpty => Title.Length == 0 && Detail.Length == 0 && Checks.Length == 0 && For is null && Due is null && Files.Count == 0 && Repeat.Length == 0;

    /// <summary>The rule as chosen; null when it does not repeat.</summary>
    public RepeatRule? Rule => Repeat switch
    {
        "day" => RepeatRule.Daily with { Until = Until },
        "weekdays" => WorkDays with { Until = Until },
        "days" => new RepeatRule(Every, RepeatUnit.Day, [], Until),
        "week" => new RepeatRule(Every, RepeatUnit.Week, [.. Days.OrderBy(d => ((int)d + 6) % 7)], Until),
        "month" => RepeatRule.Monthly(Every) with { Until = Until },
        _ => null,
    };

    private static readonly RepeatRule WorkDays = RepeatRule.Weekly(DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday);

    /// <summary>Fills in a rule as it stands.</summary>
    public void Choose(RepeatRule? rule)
    {
        (Every, Days, Until) = (rule?.Every ?? 1, [.. rule?.Days ?? []], rule?.Until);
        Repeat = rule switch
        {
            null => "",
            { Unit: RepeatUnit.Day } => rule.Every == 1 ? "day" : "days",
            { Unit: RepeatUnit.Month } => "month",
            _ => rule with { Until = null } == WorkDays ? "weekdays" : "week",
        };
    }

    /// <summary>A moment as it was filled in, UTC. A day without an hour means: before that day is over.</summary>
    public static DateTime? Utc(DateTime? local) => local is not { } at ? null : BelgianTime.ToUtc(at.TimeOfDay == TimeSpan.Zero ? at.Date.AddHours(23).AddMinutes(59) : at);

    /// <summary>The items of the checklist.</summary>
    public static IReadOnlyList<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public string ToDraft() => JsonSerializer.Serialize(this);

    /// <summary>The draft, or null when it is not one of ours.</summary>
    public static TaskForm? FromDraft(string? text)
    {
        try
        {
            var form = text is null ? null : JsonSerializer.Deserialize<TaskForm>(text);
            return form is { Every: >= 1 and <= MostEvery } && Guid.TryParse(form.Id, out _) && Enum.IsDefined(form.Priority) ? form : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
