using System.Globalization;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Reads and writes the FHIR primitives date, dateTime and instant (R4 datatypes, section 2.24.0.1).</summary>
public static class FhirDates
{
    /// <summary>The people's clock; a dateTime without a zone is read on it.</summary>
    public static TimeZoneInfo Belgium { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>Reads a date, dateTime or instant; null when it cannot be one. Imprecise dates become the Belgian year, month or day, end exclusive.</summary>
    public static FhirDate? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || !Digits(text[..4], out var year) || year < 1 || year > 9998) return null;
        if (text.Length == 4) return Local(new DateTime(year, 1, 1), new DateTime(year + 1, 1, 1), DatePrecision.Year);
        if (text.Length < 7 || text[4] != '-' || !Digits(text.Slice(5, 2), out var month) || month is < 1 or > 12) return null;
        if (text.Length == 7)
        {
            var first = new DateTime(year, month, 1);
            return Local(first, first.AddMonths(1), DatePrecision.Month);
        }
        if (text.Length < 10 || text[7] != '-' || !Digits(text.Slice(8, 2), out var day) || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        var date = new DateTime(year, month, day);
        if (text.Length == 10) return Local(date, date.AddDays(1), DatePrecision.Day);

        if (text.Length < 16 || text[10] != 'T' || text[13] != ':' || !Digits(text.Slice(11, 2), out var hour) || !Digits(text.Slice(14, 2), out var minute) || hour > 23 || minute > 59) return null;
        var rest = text[16..];
        long ticks = 0;
        if (rest.Length >= 3 && rest[0] == ':')
        {
            // 60 is a leap second: legal in FHIR, and the next minute for us.
            if (!Digits(rest.Slice(1, 2), out var second) || second > 60) return null;
            ticks = second * TimeSpan.TicksPerSecond;
            rest = rest[3..];
            if (rest.Length > 1 && rest[0] == '.')
            {
                var n = 1;
                long unit = TimeSpan.TicksPerSecond;
                while (n < rest.Length && char.IsAsciiDigit(rest[n]))
                {
                    unit /= 10;
                    ticks += (rest[n] - '0') * unit;
                    n++;
                }
                if (n == 1) return null;
                rest = rest[n..];
            }
        }
        var local = date.AddTicks(hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute + ticks);
        DateTime utc;
        if (rest.Length == 0) utc = ToUtc(local);
        else if (rest is "Z") utc = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        else if (rest.Length == 6 && rest[0] is '+' or '-' && rest[3] == ':' && Digits(rest.Slice(1, 2), out var zh) && Digits(rest.Slice(4, 2), out var zm) && zh <= 14 && zm <= 59)
        {
            var offset = zh * TimeSpan.TicksPerHour + zm * TimeSpan.TicksPerMinute;
            var utcTicks = rest[0] == '+' ? local.Ticks - offset : local.Ticks + offset;
            if (utcTicks < 0) return null;
            utc = new DateTime(utcTicks, DateTimeKind.Utc);
        }
        else return null;
        return new FhirDate(utc, utc, DatePrecision.Instant);
    }

    /// <summary>The same from UTF-8.</summary>
    public static FhirDate? Parse(ReadOnlySpan<byte> text)
    {
        Span<char> chars = stackalloc char[64];
        return text.Length <= chars.Length ? Parse(chars[..System.Text.Encoding.UTF8.GetChars(text, chars)]) : Parse(System.Text.Encoding.UTF8.GetString(text));
    }

    /// <summary>An instant as FHIR writes it, in UTC with microseconds.</summary>
    public static string Instant(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same as bytes; how many.</summary>
    public static int Instant(DateTime utc, Span<byte> into)
    {
        // The round-trip format has seven decimals and a Z; ours has six.
        DateTime.SpecifyKind(utc, DateTimeKind.Utc).TryFormat(into, out _, "O", CultureInfo.InvariantCulture);
        into[26] = (byte)'Z';
        return 27;
    }

    /// <summary>A moment on the Belgian clock with its offset, the way people's entries are dated.</summary>
    public static string BelgianDateTime(DateTime utc) =>
        TimeZoneInfo.ConvertTime(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)), Belgium).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture);

    private static FhirDate Local(DateTime start, DateTime end, DatePrecision precision) => new(ToUtc(start), ToUtc(end), precision);

    private static DateTime ToUtc(DateTime local)
    {
        // Spring's missing hour is pushed forward instead of refused: the source's clock simply had not been set.
        if (Belgium.IsInvalidTime(local)) local = local.AddHours(1);
        var ticks = local.Ticks - Belgium.GetUtcOffset(local).Ticks;
        return new DateTime(Math.Max(0, ticks), DateTimeKind.Utc);
    }

    private static bool Digits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }
}
