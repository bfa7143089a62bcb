using System.Diagnostics;
using System.Globalization;
using System.Text;
using CareTeamPortal.Features.Measurements;

namespace CareTeamPortal.Tests.Measurements;

[Collection("culture")]
public sealed class QuickEntryTests : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public QuickEntryTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("nl-BE");

    public void Dispose() => CultureInfo.CurrentCulture = _before;

    private static string Read(string text)
    {
        var result = QuickEntry.Parse(text);
        return string.Join("; ", result.Measurements.Select(m => $"{m.Values[0].Quantity.Key} {string.Join('/', m.Values.Select(v => v.Value.ToString(CultureInfo.InvariantCulture)))}"))
            + (result.Doubts.IsEmpty ? "" : " ?" + string.Join(",", result.Doubts.Select(d => d.Reason)))
            + (result.LeftoverText is { } rest ? $" [{rest}]" : "");
    }

    [Fact]
    public void The_line_of_the_issue_is_read_whole() => Assert.Equal(
        "Systolic 130/80; HeartRate 72; Weight 78.4; OxygenSaturation 94; Temperature 37.2; Pain 3; Glucose 168",
        Read("bd 130/80 p72 g78,4 sat 94 t 37,2 pijn 3 gly 168"));

    [Theory]
    [InlineData("BD130/80", "Systolic 130/80")]
    [InlineData("rr 130/80", "Systolic 130/80")]
    [InlineData("bloeddruk: 130 / 80 mmHg", "Systolic 130/80")]
    [InlineData("bd 130/80 mmHg.", "Systolic 130/80")]
    [InlineData("bd 130/80, p72; g78", "Systolic 130/80; HeartRate 72; Weight 78")]
    [InlineData("pols 72", "HeartRate 72")]
    [InlineData("POLS: 72/min", "HeartRate 72")]
    [InlineData("hartslag = 72 bpm", "HeartRate 72")]
    [InlineData("gewicht 78.4 kg", "Weight 78.4")]
    [InlineData("gew. 78,4", "Weight 78.4")]
    [InlineData("g 78,40kg", "Weight 78.4")]
    [InlineData("gewicht 3400 gram", "Weight 3.4")]
    [InlineData("ah 16", "RespiratoryRate 16")]
    [InlineData("ademhaling 16/min", "RespiratoryRate 16")]
    [InlineData("sat 94%", "OxygenSaturation 94")]
    [InlineData("SpO2 94 %", "OxygenSaturation 94")]
    [InlineData("spo2 94", "OxygenSaturation 94")]
    [InlineData("o2 2", "OxygenFlow 2")]
    [InlineData("o2 2l", "OxygenFlow 2")]
    [InlineData("zuurstof 1,5 l/min", "OxygenFlow 1.5")]
    [InlineData("t 37,2", "Temperature 37.2")]
    [InlineData("T37.2°C", "Temperature 37.2")]
    [InlineData("temp. 38 graden", "Temperature 38")]
    [InlineData("t° 37,2", "Temperature 37.2")]
    [InlineData("inr 2,4", "Inr 2.4")]
    [InlineData("hba1c 53", "HbA1cIfcc 53")]
    [InlineData("hba1c 7,1", "HbA1cPercent 7.1")]
    [InlineData("hba1c 7,1 %", "HbA1cPercent 7.1")]
    [InlineData("hba1c 18 mmol/mol", "HbA1cIfcc 18")]
    [InlineData("lengte 168", "Height 168")]
    [InlineData("lengte 1,68", "Height 168")]
    [InlineData("lengte 1,68 m", "Height 168")]
    [InlineData("egfr 45", "Egfr 45")]
    [InlineData("pijn 3/10", "Pain 3")]
    [InlineData("nrs 7 op 10", "Pain 7")]
    [InlineData("pijn 0", "Pain 0")]
    [InlineData("gly 168", "Glucose 168")]
    [InlineData("gly 168 mg/dL", "Glucose 168")]
    [InlineData("gly 9,3 mmol", "GlucoseMolar 9.3")]
    [InlineData("glycemie 9.3 mmol/l", "GlucoseMolar 9.3")]
    [InlineData("kalium 5,1", "Potassium 5.1")]
    public void A_quantity_is_read(string text, string expected) => Assert.Equal(expected, Normalised(Read(text)));

    [Theory]
    [InlineData("gaat 3 keer per dag wandelen")]
    [InlineData("Pijn 3 dagen geleden begonnen")]
    [InlineData("pijn 3 à 4")]
    [InlineData("pijn 3-4")]
    [InlineData("pijn 2 x per dag")]
    [InlineData("p 72 jaar")]
    [InlineData("paracetamol 1 g 3 x per dag")]
    [InlineData("paracetamol 1 g 3")]
    [InlineData("heeft 't 38 keer gezegd")]
    [InlineData("bd goed, pols regelmatig")]
    [InlineData("bd 12/11/2026 laatst gemeten")]
    [InlineData("t 3-12-2026")]
    [InlineData("p 14:05")]
    [InlineData("bel 0470123456")]
    [InlineData("sat zaterdag 5 minuten op")]
    [InlineData("kamer 12, bed 3")]
    [InlineData("tot 37 weken")]
    [InlineData("temp stijgt")]
    [InlineData("mail p@72")]
    [InlineData("o22")]
    [InlineData("g 1234567890")]
    [InlineData("Voelt zich beter dan gisteren; wil zaterdag naar de markt.")]
    [InlineData("Pijn. 3 tabletten gegeven.")]
    [InlineData("pols 70-80")]
    [InlineData("gewicht 3 weken stabiel")]
    public void Prose_stays_prose(string text) => Assert.Equal($" [{text}]", Read(text));

    [Theory]
    [InlineData("rr 16", QuickEntryDoubt.SecondNumberMissing)]
    [InlineData("bd 130", QuickEntryDoubt.SecondNumberMissing)]
    [InlineData("bd 13/8", QuickEntryDoubt.Implausible)]
    [InlineData("bd 80/130", QuickEntryDoubt.DiastolicNotBelowSystolic)]
    [InlineData("bd 900/80", QuickEntryDoubt.Implausible)]
    [InlineData("t 372", QuickEntryDoubt.Implausible)]
    [InlineData("sat 194", QuickEntryDoubt.Implausible)]
    [InlineData("p720", QuickEntryDoubt.Implausible)]
    [InlineData("pijn 11", QuickEntryDoubt.Implausible)]
    [InlineData("pijn 3,5", QuickEntryDoubt.Implausible)]
    [InlineData("gly 9,3", QuickEntryDoubt.UnitNeeded)]
    [InlineData("hba1c 18", QuickEntryDoubt.UnitNeeded)]
    [InlineData("pols 72 kg", QuickEntryDoubt.UnitDoesNotFit)]
    [InlineData("o2 94%", QuickEntryDoubt.UnitDoesNotFit)]
    public void A_doubtful_value_is_flagged_and_stays_text(string text, object reason)
    {
        var result = QuickEntry.Parse("eerst " + text + " dan");
        Assert.Empty(result.Measurements);
        var doubt = Assert.Single(result.Doubts);
        Assert.Equal((QuickEntryDoubt)reason, doubt.Reason);
        Assert.Equal(text, doubt.Span.Of(result.Text));
        Assert.EndsWith(".", doubt.Message, StringComparison.Ordinal);
        Assert.Equal("eerst " + text + " dan", result.LeftoverText);
    }

    [Fact]
    public void An_implausible_value_says_what_was_expected() =>
        Assert.Equal("Temperatuur 372 kan niet kloppen: verwacht tussen 25,0 en 45,0 °C.", QuickEntry.Parse("t 372").Doubts.Single().Message);

    [Theory]
    [InlineData("Slecht geslapen. bd 130/80 p72, enkels gezwollen g78,4!", "Systolic 130/80; HeartRate 72; Weight 78.4 [Slecht geslapen. enkels gezwollen !]")]
    [InlineData("bd 130/80 l", "Systolic 130/80 [l]")]
    [InlineData("p72 g 78,4", "HeartRate 72; Weight 78.4")]
    [InlineData("sat 94 op 2 l o2", "OxygenSaturation 94 [op 2 l o2]")]
    [InlineData("130/80 p72", "HeartRate 72 [130/80]")]
    [InlineData("pijn 7 op dag 2", "Pain 7 [op dag 2]")]
    public void What_cannot_be_read_stays_text(string text, string expected) => Assert.Equal(expected, Read(text));

    [Fact]
    public void A_blood_pressure_is_one_measurement_with_the_panel_code()
    {
        var measurement = QuickEntry.Parse("bd 130/80").Measurements.Single();
        Assert.Equal("85354-9", measurement.Loinc);
        Assert.Equal(["8480-6", "8462-4"], measurement.Values.Select(v => v.Quantity.Loinc));
        Assert.Equal(("Bloeddruk", "130/80", "mmHg"), (measurement.Name, measurement.Shown, measurement.Unit));
    }

    [Fact]
    public void Spans_point_at_the_typed_text()
    {
        const string text = "ok  p72  en g78,4";
        var result = QuickEntry.Parse(text);
        Assert.Equal(["p72", "g78,4"], result.Measurements.Select(m => m.Span.Of(text)));
        Assert.Equal(["ok", "en"], result.Leftover.Select(s => s.Of(text)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public void Nothing_typed_is_nothing_read(string? text)
    {
        var result = QuickEntry.Parse(text);
        Assert.Empty(result.Measurements);
        Assert.Empty(result.Leftover);
        Assert.Null(result.LeftoverText);
    }

    [Fact]
    public void Any_text_is_covered_by_measurements_and_leftovers_and_never_throws()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] pieces = ["bd", "p", "g", "t", "gly", "o2", "pijn", "hba1c", " ", "  ", "/", ",", ".", ":", "-", "130", "80", "7", "9,3", "mmol", "kg", "%", "°", "\ud83d", "\udc4d", "👍", "é", "\u202e", "\0", "dagen", "x", "\n", "'", "999999999999", "rr", "130/80", "l", "½"];
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                var result = QuickEntry.Parse(text);
                var covered = new bool[text.Length];
                foreach (var span in result.Measurements.Select(m => m.Span).Concat(result.Leftover))
                {
                    for (var i = span.Start; i < span.End; i++)
                    {
                        Assert.False(covered[i], "spans overlap");
                        covered[i] = true;
                    }
                }
                for (var i = 0; i < text.Length; i++)
                    Assert.True(covered[i] || !char.IsLetterOrDigit(text[i]), $"lost character {i}");
                Assert.All(result.Doubts, d => Assert.Contains(result.Leftover, l => l.Start <= d.Span.Start && l.End >= d.Span.End));
                Assert.All(result.Measurements.SelectMany(m => m.Values), v => Assert.True(v.Quantity.IsPlausible(v.Value)));
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, text {Escaped(text)}: {e}");
            }
        }
    }

    [Fact]
    public void Every_alias_with_a_plausible_number_is_read_in_both_decimal_signs()
    {
        foreach (var quantity in MeasurementCatalogue.All.Where(q => !q.Aliases.IsEmpty))
        {
            foreach (var alias in quantity.Aliases)
            {
                var value = Math.Round((quantity.Lowest + quantity.Highest) / 2, quantity.Decimals);
                foreach (var text in (string[])[$"{alias} {value.ToString(CultureInfo.InvariantCulture)}", $"{alias} {value.ToString(CultureInfo.InvariantCulture).Replace('.', ',')}"])
                {
                    var found = Assert.Single(QuickEntry.Parse(text).Measurements);
                    Assert.Equal((quantity, value), (found.Values[0].Quantity, found.Values[0].Value));
                }
            }
        }
    }

    [Theory]
    [InlineData("p72 ")]
    [InlineData("p")]
    [InlineData("p ")]
    [InlineData("9")]
    [InlineData("bd 130/")]
    [InlineData("zuurstofsaturatie")]
    [InlineData("gly 9,3 ")]
    public void Hostile_length_takes_linear_time(string piece)
    {
        static long Ticks(string text)
        {
            var best = long.MaxValue;
            for (var i = 0; i < 5; i++)
            {
                var start = Stopwatch.GetTimestamp();
                QuickEntry.Parse(text);
                best = Math.Min(best, Stopwatch.GetTimestamp() - start);
            }
            return best;
        }

        var once = new StringBuilder().Insert(0, piece, 20_000).ToString();
        var tenfold = new StringBuilder().Insert(0, piece, 200_000).ToString();
        Ticks(once);
        var (small, large) = (Ticks(once), Ticks(tenfold));
        Assert.True(large < Math.Max(small, Stopwatch.Frequency / 2000) * 60, $"10 times the text took {(double)large / small:0.0} times as long");
    }

    private static string Normalised(string text) => text.Replace("78.40", "78.4", StringComparison.Ordinal).Replace("168.00", "168", StringComparison.Ordinal).Replace("3.400", "3.4", StringComparison.Ordinal);

    private static string Escaped(string text) => string.Concat(text.Select(c => c is > ' ' and < (char)127 ? c.ToString() : $"\\u{(int)c:x4}"));
}
