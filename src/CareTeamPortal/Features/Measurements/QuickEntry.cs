using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace CareTeamPortal.Features.Measurements;

/// <summary>A stretch of the typed text.</summary>
internal readonly record struct TypedSpan(int Start, int Length)
{
    /// <summary>Position after the last character.</summary>
    public int End => Start + Length;

    /// <summary>The stretch itself.</summary>
    public string Of(string text) => text.Substring(Start, Length);
}

/// <summary>One number of a recognised measurement, in the quantity's own unit.</summary>
internal readonly record struct QuantityValue(Quantity Quantity, decimal Value);

/// <summary>A measurement read from a typed line. A blood pressure has two values (systolic first), an answer in words none, all others one.</summary>
/// <param name="Loinc">Code of the Observation: the quantity's, or the panel's for a blood pressure.</param>
/// <param name="Values">The numbers.</param>
/// <param name="Span">Where it stood.</param>
internal sealed record RecognisedMeasurement(string Loinc, ImmutableArray<QuantityValue> Values, TypedSpan Span)
{
    /// <summary>What was answered, when it is no number; then there are no values.</summary>
    public BedsideAnswer? Answer { get; init; }

    /// <summary>Name in the reader's language.</summary>
    public string Name => Answer is { } answer ? answer.Name : Values.Length == 2 ? MeasurementsText.Get("Name.BloodPressure") : Values[0].Quantity.Name;

    /// <summary>Value as people read it, without the unit: <c>130/80</c>, <c>78,4</c>.</summary>
    public string Shown => Answer is { } answer ? answer.Words : string.Join('/', Values.Select(v => v.Quantity.Show(v.Value)));

    /// <summary>Unit as people read it; may be empty.</summary>
    public string Unit => Answer is null ? Values[0].Quantity.Unit : "";
}

/// <summary>Why something that looked like a measurement was not taken as one.</summary>
internal enum QuickEntryDoubt
{
    /// <summary>No living person has this value.</summary>
    Implausible,

    /// <summary>A blood pressure with one number ("rr 16" may also mean the respiratory rate).</summary>
    SecondNumberMissing,

    /// <summary>The second number of a blood pressure is not lower than the first.</summary>
    DiastolicNotBelowSystolic,

    /// <summary>A unit follows that belongs to another quantity.</summary>
    UnitDoesNotFit,

    /// <summary>Without a unit the number could be either of two ("gly 9,3").</summary>
    UnitNeeded,
}

/// <summary>Something that looked like a measurement and is not one; the text stays text.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Span">Where it stood.</param>
/// <param name="Message">The reason in a sentence for the person who types.</param>
internal sealed record DoubtfulMeasurement(QuickEntryDoubt Reason, TypedSpan Span, string Message);

/// <summary>What a typed line holds.</summary>
/// <param name="Text">The line as typed.</param>
/// <param name="Measurements">What was recognised, in order.</param>
/// <param name="Doubts">What looked like a measurement and is not one; each lies inside a leftover.</param>
/// <param name="Leftover">All that was not recognised, without surrounding spaces and separators. Together with the measurements it covers every word of the line.</param>
internal sealed record QuickEntryResult(string Text, ImmutableArray<RecognisedMeasurement> Measurements, ImmutableArray<DoubtfulMeasurement> Doubts, ImmutableArray<TypedSpan> Leftover)
{
    /// <summary>The leftover as one text, or null when everything was recognised.</summary>
    public string? LeftoverText => Leftover.IsEmpty ? null : string.Join(' ', Leftover.Select(s => s.Of(Text)));
}

/// <summary>
/// Reads measurements from a typed line such as <c>bd 130/80 p72 g78,4 sat 94 t 37,2 pijn 3 gly 168</c>.
/// It takes an alias with a number right behind it (or one of the few answers of <see cref="BedsideAnswer"/>) and nothing else, so ordinary prose stays prose; what it cannot read stays text.
/// Never throws; reads each character a bounded number of times.
/// </summary>
internal static class QuickEntry
{
    /// <summary>More than this in one line is not a round at the bedside; the rest stays text.</summary>
    public const int MostMeasurements = 30;

    /// <summary>Digits before and behind the decimal sign; a longer run is a telephone number or a mistake.</summary>
    private const int MostDigits = 6;

    /// <summary>Below this a glucose without a unit may be mmol/L or a deep hypoglycaemia in mg/dL: the unit must be typed.</summary>
    private const decimal GlucoseNeedsUnitBelow = 40;

    private static readonly FrozenDictionary<string, Quantity?> Aliases =
        MeasurementCatalogue.All.SelectMany(q => q.Aliases, (q, alias) => (alias, quantity: (Quantity?)q))
            .Concat(MeasurementCatalogue.BloodPressureAliases.Select(alias => (alias, quantity: (Quantity?)null)))
            .ToFrozenDictionary(x => x.alias, x => x.quantity, StringComparer.OrdinalIgnoreCase);

    private static readonly int LongestAlias = Aliases.Keys.Max(a => a.Length);

    /// <summary>Every unit spelling of every quantity, so that a foreign unit behind a number is noticed.</summary>
    private static readonly FrozenSet<string> UnitSpellings =
        MeasurementCatalogue.All.SelectMany(q => q.Units).SelectMany(u => u.Spellings).Where(u => !u.Contains('{', StringComparison.Ordinal) && u != "1" && u != "in")
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly int LongestUnit = UnitSpellings.Max(u => u.Length);

    /// <summary>Words behind a number that make it a count or a time: "pijn 3 dagen" is no pain score.</summary>
    private static readonly FrozenSet<string> CountingWords = new[]
    {
        "jaar", "jarige", "j", "jr", "maand", "maanden", "mnd", "week", "weken", "wk", "dag", "dagen", "d", "uur", "uren", "u", "h", "min", "minuten", "minuut", "sec", "seconden",
        "keer", "keren", "x", "maal", "à", "tot", "of", "tabletten", "tablet", "tabl", "comp", "co", "pillen", "pil", "druppels", "dr", "puffs", "puff", "stuks", "stuk",
        "mensen", "personen", "euro", "eur", "pagina", "plaatsen", "nachten", "nacht", "eenheden", "ie", "stappen", "kaarsjes", "verdiepingen", "treden",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Quantity?>.AlternateLookup<ReadOnlySpan<char>> AliasOf = Aliases.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> IsUnit = UnitSpellings.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> IsCountingWord = CountingWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What <paramref name="text"/> holds. Null reads as empty.</summary>
    public static QuickEntryResult Parse(string? text)
    {
        text ??= "";
        var measurements = ImmutableArray.CreateBuilder<RecognisedMeasurement>();
        var doubts = ImmutableArray.CreateBuilder<DoubtfulMeasurement>();
        var position = 0;
        var afterUnreadNumber = false;
        while (position < text.Length && measurements.Count < MostMeasurements)
        {
            var c = text[position];
            if (char.IsWhiteSpace(c))
            {
                position++;
                continue;
            }

            var startsWord = IsWordCharacter(c) && (position == 0 || !JoinsWords(text[position - 1]));
            if (startsWord && doubts.Count < MostMeasurements && TryRead(text, position, afterUnreadNumber, out var found, out var doubt, out var end))
            {
                if (found is not null)
                    measurements.Add(found);
                else
                    doubts.Add(doubt!);
                position = end;
                afterUnreadNumber = false;
                continue;
            }

            if (startsWord && BedsideAnswer.TryRead(text, position, out var answer, out end))
            {
                measurements.Add(new(answer.Loinc, [], new(position, end - position)) { Answer = answer });
                position = end;
                afterUnreadNumber = false;
                continue;
            }

            // Step over one word, or over one character that is no word.
            if (!IsWordCharacter(c))
            {
                position++;
                afterUnreadNumber = false;
                continue;
            }
            while (position < text.Length && IsWordCharacter(text[position]))
                position++;
            afterUnreadNumber = char.IsAsciiDigit(text[position - 1]);
        }
        return new(text, measurements.ToImmutable(), doubts.ToImmutable(), Leftovers(text, measurements));
    }

    /// <summary>An alias, perhaps a separator, a number, perhaps a unit. False: it is prose.</summary>
    private static bool TryRead(string text, int start, bool afterUnreadNumber, out RecognisedMeasurement? found, out DoubtfulMeasurement? doubt, out int end)
    {
        found = null;
        doubt = null;
        end = start;
        for (var length = Math.Min(LongestAlias, text.Length - start); length >= 1; length--)
        {
            if (!AliasOf.TryGetValue(text.AsSpan(start, length), out var quantity))
                continue;

            var at = start + length;
            if (at < text.Length && char.IsLetter(text[at]))
                continue;
            if (at < text.Length && char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at - 1]))
                continue; // "o22" is not oxygen 2

            // "paracetamol 1 g 3 x per dag": the letter is the unit of the number before it.
            if (length == 1 && afterUnreadNumber && IsUnit.Contains(text.AsSpan(start, 1)) && at < text.Length && !char.IsAsciiDigit(text[at]))
                return false;
            if (!SkipSeparator(text, ref at, abbreviation: length is > 1 and <= 4 && quantity != MeasurementCatalogue.Pain))
                return false;
            if (!TryNumber(text, at, out var first, out var afterFirst))
                return false;
            return quantity is null
                ? TryBloodPressure(text, start, first, afterFirst, out found, out doubt, out end)
                : TryQuantity(text, start, quantity, first, afterFirst, out found, out doubt, out end);
        }
        return false;
    }

    private static bool TryBloodPressure(string text, int start, decimal systolic, int at, out RecognisedMeasurement? found, out DoubtfulMeasurement? doubt, out int end)
    {
        found = null;
        doubt = null;
        end = at;
        var slash = at;
        SkipSpaces(text, ref slash);
        if (slash >= text.Length || text[slash] != '/')
        {
            if (!EndsNumber(text, at) || FollowedByCount(text, at))
                return false;
            doubt = new(QuickEntryDoubt.SecondNumberMissing, new(start, at - start), MeasurementsText.Get("Doubt.SecondNumberMissing"));
            return true;
        }
        var second = slash + 1;
        SkipSpaces(text, ref second);
        if (!TryNumber(text, second, out var diastolic, out end))
            return false;
        if (end < text.Length && text[end] == '/')
            return false; // 12/11/2026
        var afterUnit = end;
        var unit = ReadUnit(text, ref afterUnit, MeasurementCatalogue.Systolic);
        if (unit is null && (!EndsNumber(text, end) || FollowedByCount(text, end)))
            return false;
        var high = MeasurementCatalogue.Systolic;
        var low = MeasurementCatalogue.Diastolic;
        if (unit is not null)
        {
            end = afterUnit;
            if (high.InOwnUnit(systolic, unit) is null)
            {
                doubt = Misfit(start, end, MeasurementsText.Get("Name.BloodPressure"), unit);
                return true;
            }
        }
        var span = new TypedSpan(start, end - start);
        if (!high.IsPlausible(systolic))
            doubt = Implausible(high, systolic, span);
        else if (!low.IsPlausible(diastolic))
            doubt = Implausible(low, diastolic, span);
        else if (diastolic >= systolic)
            doubt = new(QuickEntryDoubt.DiastolicNotBelowSystolic, span, MeasurementsText.Get("Doubt.DiastolicNotBelowSystolic"));
        else
            found = new(MeasurementCatalogue.BloodPressurePanel, [new(high, systolic), new(low, diastolic)], span);
        return true;
    }

    private static bool TryQuantity(string text, int start, Quantity quantity, decimal value, int at, out RecognisedMeasurement? found, out DoubtfulMeasurement? doubt, out int end)
    {
        found = null;
        doubt = null;
        end = at;
        var afterUnit = at;
        var unit = ReadUnit(text, ref afterUnit, quantity);
        if (unit is null)
        {
            if (!EndsNumber(text, at) || FollowedByCount(text, at))
                return false;
        }
        else
        {
            end = afterUnit;
            if (!EndsWord(text, end))
                return false;
        }

        var typed = value;
        if (unit is null)
        {
            (quantity, value, var unclear) = WithoutUnit(quantity, value);
            if (unclear)
            {
                doubt = new(QuickEntryDoubt.UnitNeeded, new(start, end - start), MeasurementsText.Get("Doubt.UnitNeeded", quantity.Name, quantity.Show(typed)));
                return true;
            }
        }
        else if (quantity.InOwnUnit(value, unit) is { } own)
        {
            value = own;
        }
        else if (MeasurementCatalogue.All.FirstOrDefault(q => q.Group == quantity.Group && q.InOwnUnit(value, unit) is not null) is { } sibling)
        {
            quantity = sibling;
            value = sibling.InOwnUnit(value, unit)!.Value;
        }
        else
        {
            doubt = Misfit(start, end, quantity.Name, unit);
            return true;
        }

        var span = new TypedSpan(start, end - start);
        if (quantity.IsPlausible(value) && (quantity != MeasurementCatalogue.Pain || decimal.IsInteger(value)))
            found = new(quantity.Loinc, [new(quantity, value)], span);
        else
            doubt = Implausible(quantity, value, span);
        return true;
    }

    /// <summary>What a bare number means. Ranges that cannot overlap decide (1,68 is metres, 7,1 is per cent); where they overlap the unit must be typed.</summary>
    private static (Quantity Quantity, decimal Value, bool Unclear) WithoutUnit(Quantity quantity, decimal value)
    {
        if (quantity == MeasurementCatalogue.Height && value is > 0 and <= 2.6m)
            return (quantity, value * 100, false);
        if (quantity == MeasurementCatalogue.HbA1cIfcc && value < 15)
            return (MeasurementCatalogue.HbA1cPercent, value, false);
        if (quantity == MeasurementCatalogue.HbA1cIfcc && value <= 20)
            return (quantity, value, true);
        if (quantity == MeasurementCatalogue.Glucose && value < GlucoseNeedsUnitBelow)
            return (quantity, value, true);
        return (quantity, value, false);
    }

    private static DoubtfulMeasurement Implausible(Quantity quantity, decimal value, TypedSpan span) =>
        new(QuickEntryDoubt.Implausible, span, MeasurementsText.Get("Doubt.Implausible", quantity.Name, value.ToString("#,0.####", CultureInfo.CurrentCulture), quantity.Show(quantity.Lowest), quantity.Show(quantity.Highest), quantity.Unit).Replace(" .", ".", StringComparison.Ordinal));

    private static DoubtfulMeasurement Misfit(int start, int end, string name, string unit) =>
        new(QuickEntryDoubt.UnitDoesNotFit, new(start, end - start), MeasurementsText.Get("Doubt.UnitDoesNotFit", name, unit));

    /// <summary>Spaces, and one of <c>: = .</c> between alias and number; the point only behind an abbreviation, where it is no full stop.</summary>
    private static bool SkipSeparator(string text, ref int at, bool abbreviation)
    {
        SkipSpaces(text, ref at);
        if (at < text.Length && (text[at] is ':' or '=' || (text[at] == '.' && abbreviation)))
        {
            at++;
            SkipSpaces(text, ref at);
        }
        return at < text.Length;
    }

    private static void SkipSpaces(string text, ref int at)
    {
        var most = Math.Min(text.Length, at + 4); // bounded: a gap of a thousand spaces is no typing
        while (at < most && text[at] is ' ' or '\t' or '\u00A0' or '\u202F')
            at++;
    }

    /// <summary>A number with a decimal comma or point.</summary>
    private static bool TryNumber(string text, int at, out decimal value, out int end)
    {
        value = 0;
        end = at;
        var digits = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            value = value * 10 + (text[end] - '0');
            end++;
            if (++digits > MostDigits)
                return false;
        }
        if (digits == 0)
            return false;
        if (end + 1 < text.Length && text[end] is ',' or '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end++;
            var scale = 1m;
            digits = 0;
            var fraction = 0m;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                fraction = fraction * 10 + (text[end] - '0');
                scale *= 10;
                end++;
                if (++digits > MostDigits)
                    return false;
            }
            value += fraction / scale;
        }
        return true;
    }

    /// <summary>Nothing follows that makes the digits part of a date, a time, a range, a fraction or a code.</summary>
    private static bool EndsNumber(string text, int at)
    {
        if (at >= text.Length)
            return true;
        var c = text[at];
        if (char.IsLetterOrDigit(c) || c is '_' or '\'' or '’' || char.IsSurrogate(c))
            return false;
        if (c is ',' or '.' or ':' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
            return false;
        if (c is '/' or '-' or '–' or '+' or '*' or '×' or '%' or '€' or '°' or '&' or '@' or '#')
            return false;
        return true;
    }

    /// <summary>A unit ends where no letter, digit or slash follows.</summary>
    private static bool EndsWord(string text, int at) =>
        at >= text.Length || !(char.IsLetterOrDigit(text[at]) || char.IsSurrogate(text[at]) || text[at] is '/' or '_');

    /// <summary>"3 dagen", "3 à 4", "3 - 4": a count or a range, not a value.</summary>
    private static bool FollowedByCount(string text, int at)
    {
        SkipSpaces(text, ref at);
        if (at >= text.Length)
            return false;
        if (text[at] is '-' or '–' or '×' or '€' or '/')
            return true;
        var end = at;
        while (end < text.Length && end - at < 20 && char.IsLetter(text[end]))
            end++;
        return end > at && IsCountingWord.Contains(text.AsSpan(at, end - at));
    }

    /// <summary>The longest unit spelling that starts here, spaces before it allowed; <paramref name="at"/> moves behind it.</summary>
    private static string? ReadUnit(string text, ref int at, Quantity quantity)
    {
        var start = at;
        SkipSpaces(text, ref start);
        for (var length = Math.Min(LongestUnit, text.Length - start); length >= 1; length--)
        {
            var candidate = text.AsSpan(start, length);
            if (!IsUnit.Contains(candidate))
                continue;
            var end = start + length;
            if (char.IsLetterOrDigit(candidate[^1]) && end < text.Length && char.IsLetterOrDigit(text[end]))
                continue;

            // "p72 g 78,4": a letter with a number behind it starts the next measurement and is no unit.
            if (start > at && AliasOf.TryGetValue(candidate, out _) && NumberFollows(text, end))
                return null;

            // "bd 130/80 l": one letter that is no unit of this quantity is a remark (the left arm), not a misfit.
            if (length == 1 && start > at && char.IsLetter(candidate[0]) && !Owns(quantity, candidate.ToString()))
                return null;
            at = end;
            return candidate.ToString();
        }
        return null;
    }

    private static bool Owns(Quantity quantity, string unit) =>
        MeasurementCatalogue.All.Any(q => q.Group == quantity.Group && q.InOwnUnit(1, unit) is not null);

    private static bool NumberFollows(string text, int at)
    {
        SkipSpaces(text, ref at);
        if (at < text.Length && text[at] is ':' or '=')
        {
            at++;
            SkipSpaces(text, ref at);
        }
        return at < text.Length && char.IsAsciiDigit(text[at]);
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c);

    /// <summary>Before an alias these make it the tail of something else: 't, o.a., e-mail@p.</summary>
    private static bool JoinsWords(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '\'' or '’' or '.' or '-' or '_' or '@' or '#' or '/' or '°' or '%';

    private static ImmutableArray<TypedSpan> Leftovers(string text, ImmutableArray<RecognisedMeasurement>.Builder measurements)
    {
        var spans = ImmutableArray.CreateBuilder<TypedSpan>();
        var from = 0;
        foreach (var measurement in measurements)
        {
            Add(from, measurement.Span.Start, last: false);
            from = measurement.Span.End;
        }
        Add(from, text.Length, last: true);
        return spans.ToImmutable();

        void Add(int start, int end, bool last)
        {
            if (start > 0)
            {
                while (start < end && IsSeparator(text[start]))
                    start++;
            }
            while (start < end && char.IsWhiteSpace(text[start]))
                start++;
            while (end > start && (char.IsWhiteSpace(text[end - 1]) || (!last && text[end - 1] is ',' or ';' or '+')))
                end--;
            if (end > start)
                spans.Add(new(start, end - start));
        }

        static bool IsSeparator(char c) => char.IsWhiteSpace(c) || c is ',' or ';' or '.' or '+' or '·' or '|';
    }
}
