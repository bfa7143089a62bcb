using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Features.Measurements;

/// <summary>The sentences that a plot and its table share, so that they say the same.</summary>
internal static class SeriesText
{
    /// <summary>When, as exact as the source: <c>ma 23 nov, 16:42</c>.</summary>
    public static string When(MeasuredPoint point, DateTime now) => BelgianTime.Moment(new FhirDate(point.At, point.At, point.Precision), now);

    /// <summary>When the latest was, as exact as the source.</summary>
    public static string When(QuietQuantity quantity, DateTime now) => BelgianTime.Moment(new FhirDate(quantity.At, quantity.At, quantity.Precision), now);

    /// <summary>Value with unit: <c>78,4 kg</c>.</summary>
    public static string ValueOf(MeasuredSeries series, MeasuredPoint point) => series.Unit.Length == 0 ? point.Shown : $"{point.Shown} {series.Unit}";

    /// <summary>Everything about one value in a sentence: the label of its point.</summary>
    public static string Label(MeasuredSeries series, MeasuredPoint point, DateTime now, IStringLocalizer<UiText> words) =>
        string.Join(", ", new[]
        {
            $"{When(point, now)}: {ValueOf(series, point)}",
            Against(point),
            point.AsWritten is { } written ? MeasurementsText.Get("Point.Written", written) : null,
            point.Who,
            point.Line is { } line ? words[$"Line.{line}"].Value : null,
        }.OfType<string>());

    /// <summary>"hoger dan gewoonlijk", or null inside the usual range.</summary>
    public static string? Against(MeasuredPoint point) => point.Place == BandPlace.Usual ? null : MeasurementsText.Get($"Point.{point.Place}");

    /// <summary>The usual range and where it comes from, or null.</summary>
    public static string? BandOf(MeasuredSeries series)
    {
        if (series.Band is not { } band)
            return null;
        string Number(decimal n) => n.ToString(n == Math.Floor(n) ? "#,0" : "#,0.##", System.Globalization.CultureInfo.CurrentCulture);
        var range = (band.Low, band.High) switch
        {
            ({ } low, { } high) => MeasurementsText.Get("Band.Between", Number(low), Number(high)),
            ({ } low, null) => MeasurementsText.Get("Band.From", Number(low)),
            (null, { } high) => MeasurementsText.Get("Band.UpTo", Number(high)),
            _ => null,
        };
        if (range is null)
            return null;
        if (series.SecondBand?.High is { } second)
            range = MeasurementsText.Get("Band.Pair", range, Number(second));
        return $"{range} {MeasurementsText.Get($"Band.Origin.{band.Origin}", band.Source)}";
    }

    /// <summary>What a screen reader says of the whole plot.</summary>
    public static string Summary(MeasuredSeries series, DateTime now)
    {
        var first = series.Points[0];
        var last = series.Points[^1];
        if (series.Points.Count == 1)
            return MeasurementsText.Get("Plot.LabelOne", series.Name, When(first, now), first.Shown, series.Unit).Replace(" .", ".", StringComparison.Ordinal);
        var lowest = series.Points.MinBy(p => p.Value)!.Shown;
        var highest = series.Points.MaxBy(p => p.Value)!.Shown;
        return MeasurementsText.Get("Plot.Label", series.Name, Count(series.Points.Count), When(first, now), When(last, now), lowest, highest, series.Unit).Replace(" .", ".", StringComparison.Ordinal)
            + " " + MeasurementsText.Get("Plot.Help");
    }

    /// <summary>"12 metingen".</summary>
    public static string Count(int count) => count == 1 ? MeasurementsText.Get("Series.CountOne") : MeasurementsText.Get("Series.Count", count);

    /// <summary>Class of colour and shape of a care line: l0, l1, l2, lz, or lx when nobody knows it.</summary>
    public static string CssOf(CareLine? line) => "l" + (line is { } known ? CareLines.Shape(known) : "x");
}
