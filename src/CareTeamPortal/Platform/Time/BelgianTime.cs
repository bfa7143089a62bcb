using System.Globalization;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Time;

/// <summary>Which year a date without a year means.</summary>
internal enum YearGuess
{
    /// <summary>The nearest to today.</summary>
    Nearest = 0,

    /// <summary>The last one: for looking back.</summary>
    Past = 1,

    /// <summary>The next one: for deadlines and appointments.</summary>
    Future = 2,
}

/// <summary>
/// Time for people: Europe/Brussels, in Dutch as spoken in Flanders. Instants are UTC everywhere else; a <see cref="DateTime"/> from the database without a kind is UTC.
/// </summary>
internal static class BelgianTime
{
    /// <summary>Europe/Brussels.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>Dutch as in Belgium, with month and day names without points on every version of ICU.</summary>
    public static CultureInfo Culture { get; } = MakeCulture();

    /// <summary>Makes Dutch as in Belgium the language of every thread: decimal comma, dates, and the neutral words of the resources.</summary>
    public static void UseAsDefault() =>
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Culture;

    /// <summary>The clock on the wall.</summary>
    public static DateTime ToLocal(DateTime utc) =>
        utc.Kind == DateTimeKind.Local ? throw new ArgumentException("An instant is UTC here.", nameof(utc))
            : DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeFromUtc(Clamped(utc), Zone), DateTimeKind.Unspecified);

    /// <summary>
    /// The instant of a clock on the wall. In the hour that summer time skips, the clock is read as if it had not yet been put forward (2:30 becomes 3:30);
    /// in the hour that comes twice, the first one is meant.
    /// </summary>
    public static DateTime ToUtc(DateTime local)
    {
        var clock = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (clock < DateTime.MinValue.AddDays(1))
            return DateTime.SpecifyKind(clock, DateTimeKind.Utc);
        if (Zone.IsInvalidTime(clock))
            return DateTime.SpecifyKind(clock - Zone.GetUtcOffset(clock.AddHours(-2)), DateTimeKind.Utc);
        var offset = Zone.IsAmbiguousTime(clock) ? Zone.GetAmbiguousTimeOffsets(clock).Max() : Zone.GetUtcOffset(clock);
        return DateTime.SpecifyKind(clock - offset, DateTimeKind.Utc);
    }

    /// <summary>The instant of a day and a time of the wall clock.</summary>
    public static DateTime ToUtc(DateOnly day, TimeOnly time) => ToUtc(day.ToDateTime(time));

    /// <summary>The day that a person would name.</summary>
    public static DateOnly DayOf(DateTime utc) => DateOnly.FromDateTime(ToLocal(utc));

    /// <summary>First instant of a day and of the next: 23, 24 or 25 hours apart.</summary>
    public static (DateTime Start, DateTime End) BoundsOf(DateOnly day) =>
        (ToUtc(day, TimeOnly.MinValue), day == DateOnly.MaxValue ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc) : ToUtc(day.AddDays(1), TimeOnly.MinValue));

    /// <summary>The last moment of a day: an end that its source named as a day.</summary>
    public static bool IsDaysEnd(DateTime utc) => BoundsOf(DayOf(utc)).End - utc <= TimeSpan.FromMicroseconds(1);

    /// <summary><c>16:42</c>, <c>8:05</c>.</summary>
    public static string Time(DateTime utc) => ToLocal(utc).ToString("H:mm", Culture);

    /// <summary>A moment in a list: <c>vandaag 16:42</c>, <c>gisteren 11:40</c>, <c>ma 23 nov, 16:42</c>, with the year when it is another one.</summary>
    public static string Moment(DateTime utc, DateTime nowUtc)
    {
        var local = ToLocal(utc);
        var day = DateOnly.FromDateTime(local);
        var today = DayOf(nowUtc);
        var time = local.ToString("H:mm", Culture);
        return NearWord(day, today, onlyBack: true) is { } word ? $"{word} {time}" : $"{Day(day, today)}, {time}";
    }

    /// <summary>Always the whole: <c>ma 23 nov 2026, 16:42</c>; for a title or a reader of the screen.</summary>
    public static string FullMoment(DateTime utc) => ToLocal(utc).ToString("ddd d MMM yyyy, H:mm", Culture);

    /// <summary><c>ma 23 nov</c>, with the year when it is not this year's.</summary>
    public static string Day(DateOnly day, DateOnly today) => day.ToString(day.Year == today.Year ? "ddd d MMM" : "ddd d MMM yyyy", Culture);

    /// <summary>Heading of a day in the feed: <c>Vandaag</c>, <c>Gisteren</c>, <c>Woensdag 25 november</c>, with the year when it is not this year's.</summary>
    public static string DayHeading(DateOnly day, DateOnly today)
    {
        var text = NearWord(day, today, onlyBack: false) ?? LongDay(day, today);
        return char.ToUpper(text[0], Culture) + text[1..];
    }

    /// <summary><c>woensdag 25 november</c>, with the year when it is not this year's.</summary>
    public static string LongDay(DateOnly day, DateOnly today) => day.ToString(day.Year == today.Year ? "dddd d MMMM" : "dddd d MMMM yyyy", Culture);

    /// <summary>Day and month and year in figures, as a birth date is written: <c>14-03-1944</c>.</summary>
    public static string Figures(DateOnly day) => day.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);

    /// <summary>A moment as exact as its source: <c>2019</c>, <c>nov 2019</c>, <c>ma 23 nov</c>, or as <see cref="Moment(DateTime, DateTime)"/>.</summary>
    public static string Moment(FhirDate date, DateTime nowUtc)
    {
        var local = ToLocal(date.Start);
        var today = DayOf(nowUtc);
        var day = DateOnly.FromDateTime(local);
        return date.Precision switch
        {
            DatePrecision.Year => local.ToString("yyyy", Culture),
            DatePrecision.Month => local.ToString("MMM yyyy", Culture),
            DatePrecision.Day => NearWord(day, today, onlyBack: true) ?? Day(day, today),
            _ => Moment(date.Start, nowUtc),
        };
    }

    /// <summary>How long something lasts or waits, rounded down: <c>12 min</c>, <c>15 u 15</c>, <c>1 d 15 u</c>, <c>12 d</c>. The sign is left out.</summary>
    public static string Duration(TimeSpan span)
    {
        if (span < TimeSpan.Zero)
            span = span == TimeSpan.MinValue ? TimeSpan.MaxValue : span.Negate();
        if (span < TimeSpan.FromMinutes(1))
            return TimeText.Get("Duration.Now");
        if (span < TimeSpan.FromHours(1))
            return TimeText.Get("Duration.Minutes", span.Minutes);
        if (span < TimeSpan.FromDays(1))
            return span.Minutes == 0 ? TimeText.Get("Duration.Hours", span.Hours) : TimeText.Get("Duration.HoursMinutes", span.Hours, span.Minutes);
        return span.Days >= 7 || span.Hours == 0 ? TimeText.Get("Duration.Days", span.Days) : TimeText.Get("Duration.DaysHours", span.Days, span.Hours);
    }

    /// <summary>Age in words: days in the first month, months in the first two years, then years. Empty for a birth date in the future.</summary>
    public static string Age(DateOnly born, DateOnly today)
    {
        if (born > today)
            return "";
        var months = (today.Year - born.Year) * 12 + today.Month - born.Month;
        if (today.Day < born.Day)
            months--;
        if (months >= 24)
            return TimeText.Get("Age.Years", YearsOf(born, today));
        if (months >= 1)
            return TimeText.Get(months == 1 ? "Age.Month" : "Age.Months", months);
        var days = today.DayNumber - born.DayNumber;
        return TimeText.Get(days == 1 ? "Age.Day" : "Age.Days", days);
    }

    /// <summary>Completed years. Somebody born on 29 February has their birthday on 1 March in other years, as Belgian civil law counts.</summary>
    public static int YearsOf(DateOnly born, DateOnly today)
    {
        var years = today.Year - born.Year;
        return (today.Month, today.Day).CompareTo((born.Month, born.Day)) < 0 ? years - 1 : years;
    }

    /// <summary>
    /// A date as people type it: <c>3-12-2026</c>, <c>3/12/26</c>, <c>3.12</c>, <c>31122026</c>, <c>311226</c>, <c>3 december 2026</c>, <c>3 dec</c>,
    /// <c>2026-12-03</c>, <c>vandaag</c>, <c>gisteren</c>, <c>morgen</c>, also with the name of the day before it. Null for anything else, never a guess at the order of day and month.
    /// </summary>
    public static DateOnly? ParseDate(string? text, DateOnly today, YearGuess guess = YearGuess.Nearest)
    {
        if (text is null || text.Length > 60)
            return null;
        text = text.Trim().ToLower(Culture);
        if (text.Length == 0)
            return null;
        foreach (var (key, days) in NearDays)
        {
            if (text == TimeText.Get(key))
                return today.AddDays(days);
        }

        var parts = Split(text);
        if (parts.Count > 0 && IsDayName(parts[0]))
            parts.RemoveAt(0);
        switch (parts.Count)
        {
            case 1 when AllDigits(parts[0]):
                var run = parts[0];
                return run.Length switch
                {
                    8 => Date(run[4..], run[2..4], run[..2], today),
                    6 => Date(run[4..], run[2..4], run[..2], today),
                    4 => DateInSomeYear(run[..2], run[2..], today, guess),
                    _ => null,
                };
            case 2 when AllDigits(parts[0]):
                return DateInSomeYear(parts[0], parts[1], today, guess);
            case 3 when AllDigits(parts[0]) && AllDigits(parts[2]):
                return parts[0].Length == 4 ? Date(parts[0], parts[1], parts[2], today) : Date(parts[2], parts[1], parts[0], today);
            default:
                return null;
        }
    }

    /// <summary>A time as people type it: <c>1405</c>, <c>905</c>, <c>14:05</c>, <c>14.05</c>, <c>14u05</c>, <c>14u</c>, <c>14 u 05</c>, <c>14h05</c>, <c>14</c>. Null for anything else; 24:00 is not a time of this day.</summary>
    public static TimeOnly? ParseTime(string? text)
    {
        if (text is null || text.Length > 20)
            return null;
        text = text.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal);
        foreach (var ending in (ReadOnlySpan<string>)["uur", "u", "h"])
        {
            if (text.EndsWith(ending, StringComparison.Ordinal))
            {
                text = text[..^ending.Length];
                if (text.Length > 2)
                    return null;
                break;
            }
        }
        var sign = text.IndexOfAny([':', '.', 'u', 'h']);
        string hours, minutes;
        if (sign >= 0)
        {
            hours = text[..sign];
            minutes = text[(sign + 1)..];
            if (minutes.Length != 2)
                return null;
        }
        else
        {
            (hours, minutes) = text.Length switch { 1 or 2 => (text, "00"), 3 => (text[..1], text[1..]), 4 => (text[..2], text[2..]), _ => ("", "") };
        }
        return hours.Length is 1 or 2 && AllDigits(hours) && AllDigits(minutes) && Number(hours) < 24 && Number(minutes) < 60 ? new TimeOnly(Number(hours), Number(minutes)) : null;
    }

    private static readonly (string Key, int Days)[] NearDays =
        [("Today", 0), ("Yesterday", -1), ("Tomorrow", 1), ("DayBeforeYesterday", -2), ("DayAfterTomorrow", 2)];

    private static string? NearWord(DateOnly day, DateOnly today, bool onlyBack) => (day.DayNumber - today.DayNumber) switch
    {
        0 => TimeText.Get("Today"),
        -1 => TimeText.Get("Yesterday"),
        1 when !onlyBack => TimeText.Get("Tomorrow"),
        _ => null,
    };

    private static DateOnly? DateInSomeYear(string day, string month, DateOnly today, YearGuess guess)
    {
        DateOnly? best = null;
        for (var year = today.Year - 4; year <= today.Year + 4; year++) // four, for 29 February
        {
            if (year is < 1 or > 9999 || Date(year.ToString("0000", CultureInfo.InvariantCulture), month, day, today) is not { } date)
                continue;
            if ((guess == YearGuess.Past && date > today) || (guess == YearGuess.Future && date < today))
                continue;
            if (best is null || Math.Abs(date.DayNumber - today.DayNumber) < Math.Abs(best.Value.DayNumber - today.DayNumber))
                best = date;
        }
        return best;
    }

    private static DateOnly? Date(string year, string month, string day, DateOnly today)
    {
        if (!AllDigits(year) || !AllDigits(day) || year.Length is not (2 or 4) || day.Length > 2 || MonthNumber(month) is not { } m)
            return null;
        var y = Number(year);
        if (year.Length == 2)
        {
            // 26 is 2026, 44 is 1944: never more than ten years ahead.
            var century = today.Year / 100 * 100;
            y += century;
            if (y > today.Year + 10)
                y -= 100;
        }
        var d = Number(day);
        return y is >= 1850 and <= 2200 && m is >= 1 and <= 12 && d >= 1 && d <= DateTime.DaysInMonth(y, m) ? new DateOnly(y, m, d) : null;
    }

    private static int? MonthNumber(string text)
    {
        if (AllDigits(text))
            return text.Length <= 2 ? Number(text) : null;
        if (text.Length < 3)
            return null;
        var names = Culture.DateTimeFormat.MonthNames;
        for (var i = 0; i < 12; i++)
        {
            if (names[i].StartsWith(text, StringComparison.Ordinal) || Culture.DateTimeFormat.AbbreviatedMonthNames[i] == text)
                return i + 1;
        }
        return text == "maa" ? 3 : null;
    }

    private static bool IsDayName(string text) =>
        Culture.DateTimeFormat.DayNames.Contains(text, StringComparer.Ordinal) || Culture.DateTimeFormat.AbbreviatedDayNames.Contains(text, StringComparer.Ordinal);

    private static List<string> Split(string text) =>
        [.. text.Split(['-', '/', '.', ' ', ',', '–'], StringSplitOptions.RemoveEmptyEntries)];

    private static bool AllDigits(string text)
    {
        if (text.Length == 0)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
        }
        return true;
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>An import may hold year 1 or 9999; the zone must not push it over the edge.</summary>
    private static DateTime Clamped(DateTime utc)
    {
        var high = DateTime.MaxValue.AddDays(-1);
        var low = DateTime.MinValue.AddDays(1);
        return DateTime.SpecifyKind(utc > high ? high : utc < low ? low : utc, DateTimeKind.Utc);
    }

    private static CultureInfo MakeCulture()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("nl-BE").Clone();
        var format = culture.DateTimeFormat;
        format.AbbreviatedMonthNames = WithoutPoints(format.AbbreviatedMonthNames);
        format.AbbreviatedMonthGenitiveNames = WithoutPoints(format.AbbreviatedMonthGenitiveNames);
        format.AbbreviatedDayNames = WithoutPoints(format.AbbreviatedDayNames);
        return CultureInfo.ReadOnly(culture);
    }

    private static string[] WithoutPoints(string[] names) => [.. names.Select(n => n.TrimEnd('.'))];
}
