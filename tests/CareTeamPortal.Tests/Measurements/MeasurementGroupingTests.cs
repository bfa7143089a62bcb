using System.Globalization;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Tests.Measurements;

public sealed class MeasurementGroupingTests
{
    private static readonly DateTime Noon = new(2026, 11, 20, 11, 0, 0, DateTimeKind.Utc);
    private long _seq;

    public MeasurementGroupingTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("nl-BE");

    private StoredValue Loinc(string code, decimal? value, string? ucum, string? text = null, decimal? low = null, decimal? high = null, int day = 0, long? seq = null, int position = 0, string? unit = null) =>
        new(seq ?? ++_seq, position, "http://loinc.org|" + code, "Label of " + code, value, text, unit ?? ucum, ucum, low, high, Noon.AddDays(day), DatePrecision.Instant, CareLine.First, "Sofie Maes");

    [Fact]
    public void Native_and_imported_codes_of_one_quantity_are_one_series_oldest_first()
    {
        var series = Assert.Single(MeasurementGrouping.Series([Loinc("59408-5", 94, "%", day: 2), Loinc("2708-6", 96, "%", day: 1)]));
        Assert.Equal(["96", "94"], series.Points.Select(p => p.Shown));
        Assert.Equal("Zuurstof in het bloed", series.Name);
        Assert.Equal([BandPlace.Usual, BandPlace.Lower], series.Points.Select(p => p.Place));
    }

    [Fact]
    public void A_blood_pressure_is_a_pair()
    {
        var series = Assert.Single(MeasurementGrouping.Series([Loinc("8462-4", 80, "mm[Hg]", seq: 9, position: 0), Loinc("8480-6", 130, "mm[Hg]", seq: 9, position: 1)]));
        var point = Assert.Single(series.Points);
        Assert.Equal(("130/80", 130m, 80m), (point.Shown, point.Value, point.Second!.Value));
        Assert.Equal("mmHg", series.Unit);
        Assert.NotNull(series.SecondBand);
    }

    [Fact]
    public void Half_a_blood_pressure_says_what_is_missing()
    {
        Assert.Equal("130/?", Assert.Single(MeasurementGrouping.Series([Loinc("8480-6", 130, "mm[Hg]")])).Points[0].Shown);
        Assert.Equal("?/80", Assert.Single(MeasurementGrouping.Series([Loinc("8462-4", 80, "mm[Hg]")])).Points[0].Shown);
    }

    [Fact]
    public void Another_unit_is_converted_and_says_how_it_was_written()
    {
        var series = Assert.Single(MeasurementGrouping.Series([Loinc("2339-0", 168, "mg/dL"), Loinc("15074-8", 9.3m, "mmol/L", day: 1)]));
        Assert.Equal("mg/dL", series.Unit);
        Assert.Equal(["168", "168"], series.Points.Select(p => p.Shown));
        Assert.Equal([null, "9,3 mmol/L"], series.Points.Select(p => p.AsWritten));
    }

    [Fact]
    public void An_unknown_code_stands_under_its_own_name_and_unit()
    {
        var series = MeasurementGrouping.Series([Loinc("6206-7", 0.35m, "kU/L", high: 0.1m), Loinc("6206-7", 2, "mg/L")]);
        Assert.Equal(2, series.Count);
        Assert.All(series, s => Assert.Equal("Label of 6206-7", s.Name));
        var withRange = series.Single(s => s.Unit == "kU/L");
        Assert.Equal((BandOrigin.WithMeasurement, BandPlace.Higher), (withRange.Band!.Origin, withRange.Points[0].Place));
    }

    [Fact]
    public void The_range_that_came_with_the_newest_measurement_goes_before_the_catalogue()
    {
        var series = Assert.Single(MeasurementGrouping.Series([Loinc("2823-3", 4, "mmol/L"), Loinc("2823-3", 5.1m, "mmol/L", low: 3.4m, high: 5.2m, day: 1)]));
        Assert.Equal(new SeriesBand(3.4m, 5.2m, BandOrigin.WithMeasurement, null), series.Band);
    }

    [Fact]
    public void A_comparator_stays_with_its_number() =>
        Assert.Equal("< 15", Assert.Single(MeasurementGrouping.Series([Loinc("33914-3", 15, "mL/min/{1.73_m2}", text: "<")])).Points[0].Shown);

    [Fact]
    public void Words_are_no_series_but_are_told()
    {
        var word = Loinc("5803-2", null, null, "negatief\u202e");
        Assert.Empty(MeasurementGrouping.Series([word]));
        var quiet = Assert.Single(MeasurementGrouping.Quiet([(word, 3)]));
        Assert.Equal(("negatief", 3, false), (quiet.Shown, quiet.Count, quiet.HasNumbers));
    }

    [Fact]
    public void The_latest_blood_pressure_is_told_as_a_pair()
    {
        var quiet = Assert.Single(MeasurementGrouping.Quiet([(Loinc("8480-6", 130, "mm[Hg]", seq: 9), 4), (Loinc("8462-4", 80, "mm[Hg]", seq: 9, position: 1), 4)]));
        Assert.Equal(("130/80 mmHg", "Bloeddruk", 4), (quiet.Shown, quiet.Name, quiet.Count));
    }

    [Fact]
    public void Odd_values_of_an_import_do_not_break_the_page()
    {
        StoredValue[] odd =
        [
            Loinc("8302-2", decimal.MaxValue, "m"), Loinc("8302-2", -5, "cm"), Loinc("9999-9", decimal.MinValue, null), Loinc("8867-4", 70, "furlongs"),
            Loinc("8480-6", 130, "stone"), new(77, 0, "", "Zonder code", 1.2345678m, null, null, null, null, null, DateTime.MinValue, DatePrecision.Year, null, null),
            new(78, 0, "", "", 3, null, "\0", null, null, null, DateTime.MaxValue, DatePrecision.Day, null, null),
        ];
        var series = MeasurementGrouping.Series(odd);
        Assert.Equal(odd.Length, series.Sum(s => s.Points.Count));
        foreach (var one in series)
            PlotShape.Of(one, DateOnly.MinValue, DateOnly.MaxValue);
    }

    [Fact]
    public void The_catalogue_decides_the_order() =>
        Assert.Equal(["Bloeddruk", "Pols", "Gewicht", "Kalium", "Label of 6206-7"], MeasurementGrouping.Series([Loinc("6206-7", 1, "kU/L"), Loinc("2823-3", 4, "mmol/L"), Loinc("29463-7", 78, "kg"), Loinc("8867-4", 72, "/min"), Loinc("8480-6", 130, "mm[Hg]")]).Select(s => s.Name));
}
