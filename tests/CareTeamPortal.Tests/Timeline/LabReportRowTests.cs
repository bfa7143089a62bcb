using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Tests.Timeline;

public sealed class LabReportRowTests
{
    private static readonly DateTime At = new(2026, 11, 18, 6, 30, 0, DateTimeKind.Utc);
    private static long _seq;

    private static TimelineEntry Entry(string type, string title, string? text = null, MeasuredValue? value = null, DateTime? at = null) => new(
        ++_seq, _seq, EntryKind.LabResult, at ?? At, DatePrecision.Instant, null, InformationCategory.Measurements, Audience.WholeTeam, CareLine.First, Discipline.Unknown, null, null, null, "Labo", title, text,
        value is null ? [] : [value], [], type, "r" + _seq, 1, null, 0, null, null, false, null, null, false, null, null, At, "final", false);

    private static TimelineEntry Result(string title, decimal value, string? flag = null, DateTime? at = null) => Entry("Observation", title, null, new(null, null, title, value, "mmol/L", null, null, null, null, flag), at);

    private static string Shown(TimelineEntry report, params TimelineEntry[] feed) => string.Join(" | ", RowViews.ResultsOf(report, new(() => feed.Append(report).ToDictionary(e => e.Seq))).Select(e => e.Title));

    [Fact]
    public void A_report_shows_the_values_that_stand_in_the_feed_those_outside_their_range_first() =>
        Assert.Equal("Creatinine | Natrium | Kalium", Shown(Entry("DiagnosticReport", "Bloed", "Besluit: stabiel\nNatrium\nKalium\nCreatinine\nIJzer"), Result("Kalium", 4.4m), Result("Creatinine", 1.34m, "H"), Result("Natrium", 138), Result("Glucose", 90)));

    [Fact]
    public void What_was_measured_at_another_moment_or_stands_there_twice_or_was_withdrawn_is_not_taken()
    {
        var report = Entry("DiagnosticReport", "Bloed", "Natrium\nKalium\nIJzer");
        Assert.Equal("", Shown(report, Result("Natrium", 138, at: At.AddDays(-1)), Result("Kalium", 4), Result("Kalium", 5), Result("IJzer", 1) with { Retracted = true }));
        Assert.Equal("", Shown(report with { Retracted = true }, Result("Natrium", 138)));
        Assert.Equal("", Shown(report with { Kind = EntryKind.Document }, Result("Natrium", 138)));
    }

    [Fact]
    public void A_long_report_shows_a_few_and_names_the_rest()
    {
        var results = Enumerable.Range(0, 40).Select(i => Result($"Test {i}", i)).ToArray();
        Assert.Equal("Test 0 | Test 1 | Test 2 | Test 3 | Test 4 | Test 5", Shown(Entry("DiagnosticReport", "Bloed", string.Join('\n', results.Select(r => r.Title))), results));
    }
}
