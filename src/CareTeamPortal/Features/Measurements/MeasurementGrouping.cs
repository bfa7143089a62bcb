using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Measurements;

/// <summary>
/// One measured value as it is stored, native or imported alike: the entry it belongs to, <c>system|code</c> (empty when not coded), its name in the
/// words of the source, the number (null when the value is a word) and the word or comparator.
/// </summary>
internal sealed record StoredValue(
    long Seq, int Position, string Code, string Label, decimal? Value, string? Text, string? Unit, string? Ucum, decimal? Low, decimal? High,
    DateTime At, DatePrecision Precision, CareLine? Line, string? Who);

/// <summary>Puts stored values together that belong on one plot: by the catalogue where it knows the code and the unit, else by the source's own code and unit.</summary>
internal static class MeasurementGrouping
{
    private const string LoincPrefix = "http://loinc.org|";

    /// <summary>The LOINC code in <c>system|code</c>, or null.</summary>
    public static string? LoincOf(string code) => code.StartsWith(LoincPrefix, StringComparison.Ordinal) ? code[LoincPrefix.Length..] : null;

    /// <summary>The key of the plot on which a value stands.</summary>
    public static string KeyOf(StoredValue stored)
    {
        if (stored.Value is { } number && MeasurementCatalogue.TryPlace(LoincOf(stored.Code), number, stored.Ucum ?? stored.Unit, out var quantity, out _))
            return quantity.Group;
        var code = stored.Code.Length > 0 ? stored.Code : "|" + NameFolding.Fold(stored.Label);
        return stored.Value is null ? "words " + code : code + " " + (stored.Ucum ?? stored.Unit);
    }

    /// <summary>The series of all numbers among the values, in the catalogue's order, then by name.</summary>
    public static IReadOnlyList<MeasuredSeries> Series(IEnumerable<StoredValue> values) =>
        [.. values.Where(v => v.Value is not null).GroupBy(KeyOf).Select(g => One(g.Key, g)).OrderBy(s => OrderOf(s.Key)).ThenBy(s => s.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(s => s.Key, StringComparer.Ordinal)];

    /// <summary>The latest value of each quantity as one line, newest first.</summary>
    public static IReadOnlyList<QuietQuantity> Quiet(IEnumerable<(StoredValue Latest, int Count)> latest) =>
        [.. latest.GroupBy(v => KeyOf(v.Latest)).Select(g =>
        {
            var newest = g.MaxBy(v => v.Latest.At).Latest;
            var pair = g.Key == MeasurementCatalogue.BloodPressureGroup ? g.Where(v => v.Latest.Seq == newest.Seq).Select(v => v.Latest).ToList() : [newest];
            var (shown, unit) = pair[0].Value is null
                ? (SafeText.Line(pair[0].Text, SafeText.TitleLength), "")
                : One(g.Key, pair) is var series ? (series.Points[^1].Shown, series.Unit) : default;
            return new QuietQuantity(g.Key, NameOf(g.Key, newest), unit.Length > 0 ? $"{shown} {unit}" : shown, newest.At, newest.Precision, g.Max(v => v.Count), newest.Value is not null);
        }).OrderByDescending(q => q.HasNumbers).ThenByDescending(q => q.At).ThenBy(q => q.Name, StringComparer.CurrentCultureIgnoreCase)];

    private static MeasuredSeries One(string key, IEnumerable<StoredValue> values)
    {
        var ordered = values.OrderBy(v => v.At).ThenBy(v => v.Seq).ThenBy(v => v.Position).ToList();
        var newest = ordered[^1];
        if (key == MeasurementCatalogue.BloodPressureGroup)
            return BloodPressure(ordered);

        if (MeasurementCatalogue.FindByKey(key) is { } drawn)
        {
            var band = Band(newest, drawn);
            return new()
            {
                Key = key,
                Name = drawn.Name,
                Unit = drawn.Unit,
                Decimals = drawn.Decimals,
                Band = band,
                Points = [.. ordered.Select(v => Placed(v, drawn, band))],
            };
        }

        var own = newest is { Low: null, High: null } ? null : new SeriesBand(newest.Low, newest.High, BandOrigin.WithMeasurement, null);
        var decimals = Math.Min(3, ordered.Max(v => DecimalsOf(v.Value!.Value)));
        return new()
        {
            Key = key,
            Name = NameOf(key, newest),
            Unit = SafeText.Line(newest.Unit ?? newest.Ucum, 40),
            Decimals = decimals,
            Band = own,
            Points = [.. ordered.Select(v => new MeasuredPoint(KeyOfPoint(v), v.At, v.Precision, v.Value!.Value, null, Compared(v, Readable(v.Value.Value)), v.Line, Who(v), own?.PlaceOf(v.Value.Value) ?? BandPlace.Usual, null))],
        };
    }

    private static MeasuredSeries BloodPressure(List<StoredValue> values)
    {
        var upper = Band(null, MeasurementCatalogue.Systolic);
        var lower = Band(null, MeasurementCatalogue.Diastolic);
        var points = new List<MeasuredPoint>();
        foreach (var together in values.GroupBy(v => v.Seq))
        {
            var high = together.Where(v => Is(v, MeasurementCatalogue.Systolic)).ToList();
            var low = together.Where(v => Is(v, MeasurementCatalogue.Diastolic)).ToList();
            for (var i = 0; i < Math.Max(high.Count, low.Count); i++)
            {
                var (top, bottom) = (high.ElementAtOrDefault(i), low.ElementAtOrDefault(i));
                var one = top ?? bottom!;
                var (systolic, diastolic) = (Number(top), Number(bottom));
                var place = systolic is { } s && upper!.PlaceOf(s) is var p and not BandPlace.Usual ? p : diastolic is { } d ? lower!.PlaceOf(d) : BandPlace.Usual;
                var shown = $"{(systolic is { } a ? Plain(Math.Round(a, 1)) : "?")}/{(diastolic is { } b ? Plain(Math.Round(b, 1)) : "?")}";
                points.Add(new(KeyOfPoint(one), one.At, one.Precision, systolic ?? diastolic!.Value, systolic is null ? null : diastolic, shown, one.Line, Who(one), place, null));
            }
        }
        return new()
        {
            Key = MeasurementCatalogue.BloodPressureGroup,
            Name = MeasurementCatalogue.GroupName(MeasurementCatalogue.BloodPressureGroup),
            Unit = MeasurementCatalogue.Systolic.Unit,
            Band = upper,
            SecondBand = lower,
            Points = [.. points.OrderBy(p => p.At)],
        };

        static bool Is(StoredValue v, Quantity quantity) => MeasurementCatalogue.Find(LoincOf(v.Code)) == quantity;

        static decimal? Number(StoredValue? v) =>
            v is not null && MeasurementCatalogue.TryPlace(LoincOf(v.Code), v.Value!.Value, v.Ucum ?? v.Unit, out _, out var number) ? number : null;
    }

    private static MeasuredPoint Placed(StoredValue v, Quantity drawn, SeriesBand? band)
    {
        MeasurementCatalogue.TryPlace(LoincOf(v.Code), v.Value!.Value, v.Ucum ?? v.Unit, out _, out var number);
        var converted = number != v.Value.Value;
        var written = converted ? $"{Plain(v.Value.Value)} {SafeText.Line(v.Unit ?? v.Ucum, 40)}".TrimEnd() : null;
        return new(KeyOfPoint(v), v.At, v.Precision, number, null, Compared(v, converted ? drawn.Show(number) : drawn.ShowMeasured(number)), v.Line, Who(v), band?.PlaceOf(number) ?? BandPlace.Usual, written);
    }

    /// <summary>The range that came with the newest measurement goes before the catalogue's: a laboratory knows its own method.</summary>
    private static SeriesBand? Band(StoredValue? newest, Quantity drawn)
    {
        if (newest is { Low: not null } or { High: not null })
        {
            var low = Place(newest!.Low);
            var high = Place(newest.High);
            if (low is not null || high is not null)
                return new(low, high, BandOrigin.WithMeasurement, null);
        }
        return drawn.Band is { } band ? new(band.Low, band.High, band.Confirm ? BandOrigin.ToConfirm : BandOrigin.Published, MeasurementsText.Get($"Band.Source.{band.Source}")) : null;

        decimal? Place(decimal? limit) =>
            limit is { } number && MeasurementCatalogue.TryPlace(LoincOf(newest!.Code), number, newest.Ucum ?? newest.Unit, out _, out var placed)
                ? placed == number ? number : Math.Round(placed, drawn.Decimals)
                : null;
    }

    private static string NameOf(string key, StoredValue newest) =>
        key == MeasurementCatalogue.BloodPressureGroup || MeasurementCatalogue.FindByKey(key) is not null ? MeasurementCatalogue.GroupName(key)
        : MeasurementCatalogue.Find(LoincOf(newest.Code)) is { } quantity ? quantity.Name
        : LoincOf(newest.Code) is { } loinc && MeasurementsText.Find($"Loinc.{loinc}") is { } name ? name
        : SafeText.Line(newest.Label, SafeText.TitleLength);

    private static int OrderOf(string key)
    {
        for (var i = 0; i < MeasurementCatalogue.All.Length; i++)
        {
            if (MeasurementCatalogue.All[i].Group == key)
                return i;
        }
        return int.MaxValue;
    }

    private static string? Who(StoredValue v) => v.Who is null ? null : SafeText.Line(v.Who, SafeText.NameLength);

    private static string KeyOfPoint(StoredValue v) => string.Create(CultureInfo.InvariantCulture, $"{v.Seq}.{v.Position}");

    /// <summary>"&lt; 5": what the source could not measure exactly.</summary>
    private static string Compared(StoredValue v, string number) =>
        v.Text?.Trim() is { Length: > 0 } text && text[0] is '<' or '>' or '≤' or '≥' ? $"{(text.Length > 1 && text[1] == '=' ? text[..2] : text[..1])} {number}" : number;

    private static string Plain(decimal value) => value.ToString("#,0.######", CultureInfo.CurrentCulture);

    /// <summary>Four figures say all that a laboratory knows; simulated data has nine.</summary>
    private static string Readable(decimal value) =>
        value.ToString(Math.Abs(value) switch { >= 1000 => "#,0", >= 100 => "0.#", >= 10 => "0.##", _ => "0.###" }, CultureInfo.CurrentCulture);

    private static int DecimalsOf(decimal value)
    {
        var bits = Math.Abs(value) % 1;
        var decimals = 0;
        while (bits != 0 && decimals < 6)
        {
            bits = bits * 10 % 1;
            decimals++;
        }
        return decimals;
    }
}
