using System.Globalization;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Tasks;

/// <summary>How often a task comes back: every n days, on days of the week, or every n months; always at a time of day in Belgium.</summary>
/// <param name="Every">Number of days, weeks or months; at least 1.</param>
/// <param name="Unit">Days, weeks or months.</param>
/// <param name="Days">With weeks: on which days; none: on the day of the week of the first.</param>
/// <param name="Until">Last day on which it may come; null for ever.</param>
public sealed record RepeatRule(int Every, RepeatUnit Unit, IReadOnlyList<DayOfWeek> Days, DateOnly? Until = null)
{
    /// <summary>It comes back at all, and within a lifetime.</summary>
    public bool IsSound => Every is >= 1 and <= 1_000;

    /// <summary>Every day.</summary>
    public static RepeatRule Daily { get; } = new(1, RepeatUnit.Day, []);

    /// <summary>Every week on these days.</summary>
    public static RepeatRule Weekly(params DayOfWeek[] days) => new(1, RepeatUnit.Week, days);

    /// <summary>Every n months on the day of the month of the first.</summary>
    public static RepeatRule Monthly(int every) => new(every, RepeatUnit.Month, []);

    /// <summary>
    /// The due moment after <paramref name="due"/>, UTC; null when the series is over. The time on the clock in Belgium stays the same over a change of clocks:
    /// a task of 8:00 is at 8:00 on both sides. A time that the night skips falls on the first moment after it (BelgianTime.ToUtc).
    /// </summary>
    /// <param name="due">A due moment of the series, UTC.</param>
    /// <param name="first">The first due moment, UTC: it keeps the 31st after a month with 30 days.</param>
    public DateTime? Next(DateTime due, DateTime first)
    {
        var at = BelgianTime.ToLocal(first);
        var day = DateOnly.FromDateTime(BelgianTime.ToLocal(due));
        var start = DateOnly.FromDateTime(at);
        var next = Unit switch
        {
            RepeatUnit.Day => day.AddDays(Every),
            RepeatUnit.Month => NextMonth(day, start),
            _ => NextWeekday(day, start),
        };
        return Until is { } last && next > last ? null : BelgianTime.ToUtc(next, TimeOnly.FromDateTime(at));
    }

    /// <summary>The next few due moments after one, for showing; fewer when the series ends.</summary>
    public IEnumerable<DateTime> Following(DateTime due, DateTime first, int most)
    {
        for (DateTime? next = Next(due, first); next is { } at && most-- > 0; next = Next(at, first))
            yield return at;
    }

    private DateOnly NextMonth(DateOnly day, DateOnly start)
    {
        var months = (((day.Year - start.Year) * 12) + day.Month - start.Month) / Every * Every;
        DateOnly next;
        do
        {
            months += Every;
            next = start.AddMonths(months); // clips to the last of a short month, from the first day each time
        }
        while (next <= day);
        return next;
    }

    private DateOnly NextWeekday(DateOnly day, DateOnly start)
    {
        var wanted = Days.Count == 0 ? [start.DayOfWeek] : Days;
        var monday = start.AddDays(-(((int)start.DayOfWeek + 6) % 7));
        var next = day;
        do
        {
            next = next.AddDays(1);
        }
        while (!wanted.Contains(next.DayOfWeek) || (next.DayNumber - monday.DayNumber) / 7 % Every != 0);
        return next;
    }

    /// <summary>The rule as one short text, for forms and tests: <c>1d</c>, <c>1w:1,3,5</c>, <c>3m</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Every}{Unit switch { RepeatUnit.Day => 'd', RepeatUnit.Week => 'w', _ => 'm' }}{(Days.Count > 0 ? ":" + string.Join(',', Days.Select(d => (int)d)) : null)}");

    /// <inheritdoc/>
    public bool Equals(RepeatRule? other) => other is not null && Every == other.Every && Unit == other.Unit && Until == other.Until && Days.SequenceEqual(other.Days);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Every, Unit, Until, Days.Count);
}

/// <summary>Unit of a repeat rule.</summary>
public enum RepeatUnit
{
    Day,
    Week,
    Month,
}
