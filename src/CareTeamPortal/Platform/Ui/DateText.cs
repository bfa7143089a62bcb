using System.Globalization;

namespace CareTeamPortal.Platform.Ui;

/// <summary>Reads dates and times as they are typed here.</summary>
internal static class DateText
{
    private static readonly string[] Full = ["d-M-yyyy", "d/M/yyyy", "d.M.yyyy", "d M yyyy", "ddMMyyyy", "yyyy-MM-dd", "d-M-yy", "d/M/yy"];
    private static readonly string[] DayMonth = ["d-M", "d/M", "ddMM"];
    private static readonly string[] Times = ["H:mm", "HHmm", "H.mm", "H'u'mm", "H'u'", "%H"];

    /// <summary>The date, or null; a day and month alone are the one nearest to today.</summary>
    public static DateOnly? Parse(string text, DateTime today)
    {
        if (DateOnly.TryParseExact(text, Full, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var date))
            return date;
        var now = DateOnly.FromDateTime(today);
        foreach (var year in new[] { now.Year, now.Year - 1, now.Year + 1 }.Where(y => y is > 0 and < 10000))
        {
            foreach (var pattern in DayMonth)
            {
                if (DateOnly.TryParseExact(text + "|" + year.ToString("0000", CultureInfo.InvariantCulture), pattern + "'|'yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out date) && Math.Abs(date.DayNumber - now.DayNumber) <= 183)
                    return date;
            }
        }
        return null;
    }

    public static TimeOnly? ParseTime(string text) => TimeOnly.TryParseExact(text.Length == 3 && text.All(char.IsAsciiDigit) ? "0" + text : text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var time) ? time : null;
}
