using System.Globalization;
using System.Text.RegularExpressions;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.MyDay;

/// <summary>The day of a professional: one sentence first, then what it counts.</summary>
public sealed partial class ProfessionalDay
{
    private IReadOnlyList<Part> _parts = [];
    private DayVisit? _next;

    [Parameter, EditorRequired] public string Name { get; set; } = "";

    /// <summary>"Alles gezien".</summary>
    [Parameter] public EventCallback OnAllSeen { get; set; }

    /// <summary>The viewer's whole name, as a mention writes it.</summary>
    [Parameter] public string FullName { get; set; } = "";

    /// <summary>Whose day it is.</summary>
    [Parameter, EditorRequired] public PersonId Me { get; set; }

    /// <summary>Finishes a task; null, or why not.</summary>
    [Parameter] public Func<TaskView, Task<string?>> Finish { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>Takes a task on or over; null, or why not.</summary>
    [Parameter] public Func<TaskView, Task<string?>> Take { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>What stands above the tasks: reminders.</summary>
    [Parameter] public RenderFragment? Reminders { get; set; }

    [Parameter, EditorRequired] public DayView Day { get; set; } = default!;

    /// <summary>A part of the sentence, which leads to what it counts.</summary>
    private sealed record Part(string Target, string Joint, string? Before, string Bold, string Rest)
    {
        public string Href => $"#{Target}";
    }

    private string Moment
    {
        get
        {
            var today = BelgianTime.DayOf(Day.Now);
            var day = BelgianTime.LongDay(today, today);
            return $"{char.ToUpper(day[0], BelgianTime.Culture)}{day[1..]}, {BelgianTime.Time(Day.Now)}";
        }
    }

    private string TaskCount
    {
        get
        {
            var late = Day.Tasks.Count(t => t.Late);
            var open = Day.Tasks.Count - late;
            string?[] parts =
            [
                late switch { 0 => null, 1 => T["Tasks.Late1"].Value, _ => T["Tasks.LateN", late].Value },
                open switch { 0 => null, 1 => T["Tasks.Open1"].Value, _ => T["Tasks.OpenN", open].Value },
            ];
            return string.Join(", ", parts.OfType<string>());
        }
    }

    private bool HasMany => Day.Patients > Patients.ReadPatients.Counted;

    /// <summary>Since when belongs to what changed, not to what waits.</summary>
    private bool SaysSince => Day.LastLook is not null && (Day.Changed.Count > 0 || _parts.Count == 0);

    private string NeverBefore => T["Changed.Never", ""].Value;

    protected override void OnParametersSet()
    {
        _next = Day.Round.FirstOrDefault(v => v.Until > Day.Now);
        var late = Day.Tasks.Count(t => t.Late);
        var parts = new List<(string Target, string? Before, string Bold, string Tail)>();
        void Add(int count, string target, string one, string many, string oneRest, string manyRest)
        {
            if (count > 0)
                parts.Add((target, null, count == 1 ? T[one] : T[many, count], count == 1 ? T[oneRest] : T[manyRest]));
        }

        Add(Day.Alerts.Count, "h-al", "Say.Alert1", "Say.Alerts", "Say.Alert1.Rest", "Say.Alerts.Rest");
        Add(Day.Handoffs.Count, "h-w", "Say.Handoff1", "Say.Handoffs", "Say.Handoff1.Rest", "Say.Handoffs.Rest");
        Add(Day.Questions.Count, "h-q", "Say.Question1", "Say.Questions", "Say.Question1.Rest", "Say.Questions.Rest");
        Add(late, "h-t", "Say.Task1", "Say.Tasks", "Say.Task1.Rest", "Say.Tasks.Rest");
        if (parts.Count == 0 && Day.Tasks.Count > 0)
            Add(Day.Tasks.Count, "h-t", "Say.Task1", "Say.Tasks", "Say.Open1.Rest", "Say.Open.Rest");
        if (Day.Changed.Count > 0)
            parts.Add(("h-n", T["Say.Changed.Before"], HasMany ? T["Say.ChangedMany", Day.Changed.Count] : T["Say.Changed", Day.Changed.Count, Day.Patients.ToString("N0", BelgianTime.Culture)], T["Say.Changed.Rest"]));
        _parts = [.. parts.Select((p, i) => new Part(p.Target, i == 0 ? "" : i == parts.Count - 1 ? T["Say.And"] : T["Say.Comma"],
            i == 0 && p.Before is { } before ? char.ToUpper(before[0], BelgianTime.Culture) + before[1..] : p.Before, p.Bold, p.Tail))];
    }

    /// <summary>The row itself, not only the file it stands in.</summary>
    private static string RowHref(DayItem item) => $"/patients/{item.Patient}#{item.Key.Replace('/', '-')}";

    private static bool IsLate(TaskView alert, DateTime now) => alert.State.IsAsked() && alert.AcceptBy < now;

    /// <summary>Where alerts are answered.</summary>
    private static string AlertHref(TaskView alert) => $"/patients/{alert.Patient}/plan";

    private static string FileHref(PatientId patient) => $"/patients/{patient}";

    private string Deadline(DayItem item) => Deadline(item.By, item.Late);

    private string Deadline(DateTime? until, bool late) => until is not { } by ? T["Question.NoBy"]
        : late ? $"{T["Question.Before", BelgianTime.Moment(by, Day.Now)]}, {T["Question.Late", BelgianTime.Duration(Day.Now - by)]}"
        : $"{T["Question.Before", BelgianTime.Moment(by, Day.Now)]}, {T["Question.Left", BelgianTime.Duration(by - Day.Now)]}";

    /// <summary>Today only the hour; further back the day too.</summary>
    private string Near(DateTime at) => BelgianTime.DayOf(at) == BelgianTime.DayOf(Day.Now) ? BelgianTime.Time(at) : BelgianTime.Moment(at, Day.Now);

    private string Names(IEnumerable<string> names, int more)
    {
        var list = string.Join(", ", names);
        return more > 0 ? T["Changed.CalmMore", list, more.ToString("N0", BelgianTime.Culture)] : list.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and var last ? $"{list[..last]}{T["Say.And"]}{list[(last + 2)..]}" : list;
    }

    private IEnumerable<(string Text, bool IsName)> Pieces(string text)
    {
        var at = 0;
        foreach (Match name in MentionedName().Matches(text))
        {
            if (name.Index > at)
                yield return (text[at..name.Index], false);
            // One's own name is marked whole, as the list under the field wrote it.
            var length = FullName.Length > 0 && string.Compare(text, name.Index + 1, FullName, 0, FullName.Length, StringComparison.OrdinalIgnoreCase) == 0 ? FullName.Length + 1 : name.Length;
            yield return (text.Substring(name.Index, length), true);
            at = name.Index + length;
        }

        if (at < text.Length)
            yield return (text[at..], false);
    }

    [GeneratedRegex(@"@[\p{L}.]+", RegexOptions.CultureInvariant)]
    private static partial Regex MentionedName();
}
