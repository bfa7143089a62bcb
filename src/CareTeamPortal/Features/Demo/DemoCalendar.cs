using System.Globalization;

namespace CareTeamPortal.Features.Demo;

/// <summary>
/// The calendar of the demo stories: everything is told as "so many days before the anchor day", in Brussels time.
/// The stories of the anchor day end at 08:00, so the anchor is the last day whose 08:05 has passed: no demo entry lies in the future.
/// </summary>
internal sealed class DemoCalendar
{
    private static readonly TimeZoneInfo Brussels = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");
    private static readonly TimeSpan StoriesAreTold = new(8, 5, 0);

    // Names of our own: the texts are data of the stories and may not change with the machine's culture tables.
    private static readonly string[] Weekdays = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"];
    private static readonly string[] Months = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];

    public DemoCalendar(DateOnly today) => Today = today;

    /// <summary>The anchor day.</summary>
    public DateOnly Today { get; }

    /// <summary>The anchor day for a load at this moment.</summary>
    public static DateOnly AnchorFor(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Brussels);
        var day = DateOnly.FromDateTime(local.DateTime);
        return local.TimeOfDay >= StoriesAreTold ? day : day.AddDays(-1);
    }

    public DateOnly Day(int day) => Today.AddDays(day);

    /// <summary>The moment of the clock time <paramref name="at"/> ("7:51") on the day that is <paramref name="day"/> days from the anchor.</summary>
    public DateTimeOffset At(int day, string at)
    {
        var colon = at.IndexOf(':', StringComparison.Ordinal);
        var clock = new TimeOnly(int.Parse(at.AsSpan(0, colon), CultureInfo.InvariantCulture), int.Parse(at.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        var local = Day(day).ToDateTime(clock);

        // In the hour that does not exist in spring the clock has moved on already.
        if (Brussels.IsInvalidTime(local))
            local = local.AddHours(1);
        return new DateTimeOffset(local, Brussels.GetUtcOffset(local));
    }

    public DateTime Utc(int day, string at) => At(day, at).UtcDateTime;

    public int Age(DateOnly born) => Today.Year - born.Year - (Today < born.AddYears(Today.Year - born.Year) ? 1 : 0);

    /// <summary>"dinsdag 24 november".</summary>
    public string Long(int day)
    {
        var d = Day(day);
        return $"{Weekdays[(int)d.DayOfWeek]} {d.Day} {Months[d.Month - 1]}";
    }

    /// <summary>"dinsdag".</summary>
    public string Weekday(int day) => Weekdays[(int)Day(day).DayOfWeek];

    /// <summary>"24 november".</summary>
    public string DayMonth(int day) => $"{Day(day).Day} {Months[Day(day).Month - 1]}";

    /// <summary>"24/11/2026".</summary>
    public string Numeric(int day) => Day(day).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
