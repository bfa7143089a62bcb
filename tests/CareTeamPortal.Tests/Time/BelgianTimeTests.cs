using System.Globalization;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Tests.Time;

public sealed class BelgianTimeTests
{
    /// <summary>Tuesday 24 November 2026, 08:04 in Brussels.</summary>
    private static readonly DateTime Now = new(2026, 11, 24, 7, 4, 0, DateTimeKind.Utc);

    private static readonly DateOnly Today = new(2026, 11, 24);

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("2026-11-24T06:58:00Z", "vandaag 7:58")]
    [InlineData("2026-11-23T10:40:00Z", "gisteren 11:40")]
    [InlineData("2026-11-22T15:42:00Z", "zo 22 nov, 16:42")]
    [InlineData("2026-11-23T23:30:00Z", "vandaag 0:30")]
    [InlineData("2026-11-25T08:00:00Z", "wo 25 nov, 9:00")]
    [InlineData("2025-03-02T11:00:00Z", "zo 2 mrt 2025, 12:00")]
    [InlineData("2026-07-01T11:00:00Z", "wo 1 jul, 13:00")]
    public void A_moment_is_said_as_people_say_it(string utc, string expected) => Assert.Equal(expected, BelgianTime.Moment(Utc(utc), Now));

    [Theory]
    [InlineData(0, "Vandaag")]
    [InlineData(-1, "Gisteren")]
    [InlineData(1, "Morgen")]
    [InlineData(2, "Donderdag 26 november")]
    [InlineData(-400, "Maandag 20 oktober 2025")]
    public void A_day_has_a_heading(int days, string expected) => Assert.Equal(expected, BelgianTime.DayHeading(Today.AddDays(days), Today));

    [Theory]
    [InlineData(0, 0, "minder dan een minuut")]
    [InlineData(0, 12, "12 min")]
    [InlineData(15, 15, "15 u 15")]
    [InlineData(4, 0, "4 u")]
    [InlineData(39, 20, "1 d 15 u")]
    [InlineData(48, 0, "2 d")]
    [InlineData(-15, -15, "15 u 15")]
    [InlineData(24 * 12 + 5, 0, "12 d")]
    public void A_duration_is_short(int hours, int minutes, string expected) => Assert.Equal(expected, BelgianTime.Duration(new TimeSpan(hours, minutes, 0)));

    [Fact]
    public void The_longest_duration_does_not_overflow() => Assert.EndsWith(" d", BelgianTime.Duration(TimeSpan.MinValue), StringComparison.Ordinal);

    [Theory]
    [InlineData(1944, 3, 14, "82 jaar")]
    [InlineData(1944, 11, 25, "81 jaar")]
    [InlineData(2026, 7, 24, "4 maanden")]
    [InlineData(2026, 7, 25, "3 maanden")]
    [InlineData(2026, 10, 24, "1 maand")]
    [InlineData(2026, 11, 12, "12 dagen")]
    [InlineData(2026, 11, 23, "1 dag")]
    [InlineData(2026, 11, 24, "0 dagen")]
    [InlineData(2025, 9, 1, "14 maanden")]
    [InlineData(2024, 11, 24, "2 jaar")]
    [InlineData(2024, 11, 25, "23 maanden")]
    [InlineData(2027, 1, 1, "")]
    public void An_age_is_said_in_the_unit_of_that_age(int year, int month, int day, string expected) => Assert.Equal(expected, BelgianTime.Age(new(year, month, day), Today));

    [Fact]
    public void Who_was_born_on_a_leap_day_grows_older_on_the_first_of_March()
    {
        Assert.Equal(24, BelgianTime.YearsOf(new(2000, 2, 29), new(2025, 2, 28)));
        Assert.Equal(25, BelgianTime.YearsOf(new(2000, 2, 29), new(2025, 3, 1)));
    }

    [Theory]
    [InlineData("2026-03-29T02:30:00", "2026-03-29T01:30:00")] // skipped hour: 2:30 becomes 3:30 summer time
    [InlineData("2026-10-25T02:30:00", "2026-10-25T00:30:00")] // hour that comes twice: the first
    [InlineData("2026-10-25T03:30:00", "2026-10-25T02:30:00")]
    [InlineData("2026-11-24T08:04:00", "2026-11-24T07:04:00")]
    [InlineData("2026-07-24T08:04:00", "2026-07-24T06:04:00")]
    public void The_wall_clock_becomes_UTC_around_the_change_of_the_hour(string local, string utc) =>
        Assert.Equal(DateTime.Parse(utc, CultureInfo.InvariantCulture), DateTime.SpecifyKind(BelgianTime.ToUtc(DateTime.Parse(local, CultureInfo.InvariantCulture)), DateTimeKind.Unspecified));

    [Theory]
    [InlineData(2026, 3, 29, 23)]
    [InlineData(2026, 10, 25, 25)]
    [InlineData(2026, 11, 24, 24)]
    public void A_day_has_as_many_hours_as_it_has(int year, int month, int day, int hours)
    {
        var (start, end) = BelgianTime.BoundsOf(new(year, month, day));
        Assert.Equal(hours, (end - start).TotalHours);
        Assert.Equal(DateTimeKind.Utc, start.Kind);
    }

    [Fact]
    public void Any_instant_survives_the_way_to_the_wall_clock_and_back_except_in_the_doubled_hour()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var utc = new DateTime(1950, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(random.NextInt64(0, 60L * 24 * 365 * 100));
            var back = BelgianTime.ToUtc(BelgianTime.ToLocal(utc));
            Assert.True(back == utc || (BelgianTime.Zone.IsAmbiguousTime(BelgianTime.ToLocal(utc)) && utc - back == TimeSpan.FromHours(1)), $"seed {seed}: {utc:O} came back as {back:O}");
            var (start, end) = BelgianTime.BoundsOf(BelgianTime.DayOf(utc));
            Assert.True(start <= utc && utc < end, $"seed {seed}: {utc:O} is not inside its day");
        }
    }

    [Fact]
    public void The_ends_of_time_do_not_throw()
    {
        Assert.NotEmpty(BelgianTime.Moment(DateTime.MinValue, Now));
        Assert.NotEmpty(BelgianTime.Moment(DateTime.MaxValue, Now));
        Assert.NotEmpty(BelgianTime.FullMoment(DateTime.MaxValue));
        _ = BelgianTime.BoundsOf(DateOnly.MinValue);
        _ = BelgianTime.BoundsOf(DateOnly.MaxValue);
        Assert.Throws<ArgumentException>(() => BelgianTime.ToLocal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local)));
    }

    [Theory]
    [InlineData(DatePrecision.Year, "2019")]
    [InlineData(DatePrecision.Month, "nov 2019")]
    [InlineData(DatePrecision.Day, "za 23 nov 2019")]
    [InlineData(DatePrecision.Instant, "za 23 nov 2019, 16:42")]
    public void An_imprecise_date_claims_no_more_than_it_knows(DatePrecision precision, string expected) =>
        Assert.Equal(expected, BelgianTime.Moment(new FhirDate(Utc("2019-11-23T15:42:00Z"), Utc("2019-11-23T15:42:00Z"), precision), Now));

    [Theory]
    [InlineData("3-12-2026", 2026, 12, 3)]
    [InlineData("31122026", 2026, 12, 31)]
    [InlineData("311226", 2026, 12, 31)]
    [InlineData("14031944", 1944, 3, 14)]
    [InlineData("14-3-44", 1944, 3, 14)]
    [InlineData("3/12", 2026, 12, 3)]
    [InlineData("0312", 2026, 12, 3)]
    [InlineData("3.12.26", 2026, 12, 3)]
    [InlineData("2026-12-03", 2026, 12, 3)]
    [InlineData("3 december 2026", 2026, 12, 3)]
    [InlineData("3 dec", 2026, 12, 3)]
    [InlineData("do 3 dec", 2026, 12, 3)]
    [InlineData("Donderdag 3 December 2026", 2026, 12, 3)]
    [InlineData("1 maart 2026", 2026, 3, 1)]
    [InlineData("1 mrt 2026", 2026, 3, 1)]
    [InlineData("vandaag", 2026, 11, 24)]
    [InlineData(" Gisteren ", 2026, 11, 23)]
    [InlineData("morgen", 2026, 11, 25)]
    [InlineData("29/2", 2028, 2, 29)]
    [InlineData("2/1", 2027, 1, 2)]
    public void A_date_is_read_as_typed(string text, int year, int month, int day) => Assert.Equal(new DateOnly(year, month, day), BelgianTime.ParseDate(text, Today));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("32-1-2026")]
    [InlineData("29-2-2025")]
    [InlineData("12-13-2026")]
    [InlineData("3-12-2026-5")]
    [InlineData("12")]
    [InlineData("3 onzin 2026")]
    [InlineData("99999999")]
    [InlineData("٣/١٢")]
    [InlineData("0-0-2026")]
    [InlineData("3-12-99999")]
    public void What_is_no_date_is_not_guessed(string? text) => Assert.Null(BelgianTime.ParseDate(text, Today));

    [Fact]
    public void A_date_without_a_year_looks_the_way_it_is_asked()
    {
        Assert.Equal(new DateOnly(2027, 10, 1), BelgianTime.ParseDate("1/10", Today, YearGuess.Future));
        Assert.Equal(new DateOnly(2026, 10, 1), BelgianTime.ParseDate("1/10", Today));
        Assert.Equal(new DateOnly(2025, 12, 1), BelgianTime.ParseDate("1/12", Today, YearGuess.Past));
    }

    [Theory]
    [InlineData("1405", 14, 5)]
    [InlineData("905", 9, 5)]
    [InlineData("14:05", 14, 5)]
    [InlineData("14.05", 14, 5)]
    [InlineData("14u05", 14, 5)]
    [InlineData("14 u 05", 14, 5)]
    [InlineData("14h05", 14, 5)]
    [InlineData("14u", 14, 0)]
    [InlineData("9 uur", 9, 0)]
    [InlineData("14", 14, 0)]
    [InlineData("0000", 0, 0)]
    public void A_time_is_read_as_typed(string text, int hour, int minute) => Assert.Equal(new TimeOnly(hour, minute), BelgianTime.ParseTime(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("24:00")]
    [InlineData("14:60")]
    [InlineData("14:5")]
    [InlineData("14:05:00")]
    [InlineData("u")]
    [InlineData("-1")]
    [InlineData("140500")]
    [InlineData("1405u")]
    public void What_is_no_time_is_not_guessed(string? text) => Assert.Null(BelgianTime.ParseTime(text));

    [Fact]
    public void Every_date_reads_back_from_every_form_it_is_shown_in()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var date = new DateOnly(1900, 1, 1).AddDays(random.Next(0, 55_000));
            foreach (var text in (string[])[BelgianTime.Figures(date), date.ToString("ddMMyyyy", CultureInfo.InvariantCulture), date.ToString("d/M/yyyy", CultureInfo.InvariantCulture), date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), BelgianTime.Day(date, Today), BelgianTime.LongDay(date, Today)])
                Assert.True(BelgianTime.ParseDate(text, Today) is { } read && (read == date || (date.Year == Today.Year && Math.Abs(read.DayNumber - Today.DayNumber) < 190)), $"seed {seed}: {text} of {date:O} gave {BelgianTime.ParseDate(text, Today):O}");
        }
    }
}
