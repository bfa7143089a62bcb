using System.Globalization;
using System.Text.Json;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Timeline;

/// <content>Measured values of an Observation.</content>
public static partial class TimelineFhir
{
    /// <summary>The Observation's own value and those of its components; nothing for other types.</summary>
    private static IReadOnlyList<MeasuredValue> Values(FhirNode root, string type)
    {
        if (type != "Observation") return [];
        var values = new List<MeasuredValue>(1);
        if (ValueOf(root) is { } own) values.Add(own);
        foreach (var component in root.Each("component"u8))
            if (ValueOf(component) is { } value) values.Add(value);
        return values.Count == 0 ? [] : values;
    }

    private static MeasuredValue? ValueOf(FhirNode element)
    {
        decimal? number = null;
        string? unit = null, ucum = null, text = null;
        if (element.Child("valueQuantity"u8) is { } quantity)
        {
            number = Decimal(quantity.Child("value"u8));
            unit = quantity.Words("unit"u8) ?? quantity.Words("code"u8);
            ucum = quantity.Text("system"u8) == PortalCodes.Ucum ? quantity.Words("code"u8) : null;
            // A comparator changes what the number means, so it is shown and never lost; a number too large for us stays text.
            if (quantity.Words("comparator"u8) is { } comparator) text = comparator + Number(quantity.Child("value"u8));
            else if (number is null) text = Number(quantity.Child("value"u8));
        }
        else if (element.Child("valueInteger"u8) is { } integer)
        {
            number = Decimal(integer);
            if (number is null) text = Number(integer);
        }
        else if (element.Child("valueCodeableConcept"u8) is { } concept) text = concept.ConceptWords();
        else if (element.Words("valueString"u8) is { } words) text = words;
        else if (element.Child("valueBoolean"u8) is { } boolean) text = Number(boolean);
        else if (element.Words("valueDateTime"u8) is { } at) text = at;
        else if (element.Words("valueTime"u8) is { } time) text = time;
        else if (element.Child("valuePeriod"u8) is { } period) text = Join(" – ", period.Words("start"u8), period.Words("end"u8));
        else if (element.Child("valueRange"u8) is { } range) text = Join(" – ", range.Child("low"u8) is { } low ? Quantity(low) : null, range.Child("high"u8) is { } high ? Quantity(high) : null);
        else if (element.Child("valueRatio"u8) is { } ratio) text = Join(" : ", ratio.Child("numerator"u8) is { } top ? Quantity(top) : null, ratio.Child("denominator"u8) is { } bottom ? Quantity(bottom) : null);
        else if (element.Child("valueSampledData"u8) is { } sampled)
        {
            unit = sampled.Child("origin"u8)?.Words("unit"u8);
            text = Samples(sampled);
        }
        if (number is null && text is null) return null;

        var (low2, high2) = Range(element);
        var code = element.Child("code"u8);
        string? loinc = null, first = null;
        foreach (var coding in code?.Each("coding"u8) ?? default)
        {
            if (coding.Words("code"u8) is not { } c) continue;
            first ??= $"{coding.Words("system"u8)}|{c}";
            if (loinc is null && coding.Text("system"u8) == PortalCodes.Loinc) loinc = c;
        }
        return new MeasuredValue(loinc, first, code?.ConceptWords() ?? "", number, unit, ucum, text, low2, high2, Interpretation(element));
    }

    private static decimal? Decimal(FhirNode? element)
    {
        if (element is not { ValueKind: JsonValueKind.Number } number) return null;
        if (number.TryGetDecimal(out var value)) return value;
        return null;
    }

    /// <summary>How many samples and from where to where: the series itself is in the resource.</summary>
    private static string? Samples(FhirNode sampled)
    {
        if (sampled.Words("data"u8) is not { } data) return null;
        decimal? low = null, high = null;
        var count = 0;
        var factor = Decimal(sampled.Child("factor"u8)) ?? 1;
        var origin = Decimal(sampled.Child("origin"u8)?.Child("value"u8)) ?? 0;
        foreach (var part in data.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            count++;
            if (!decimal.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var sample)) continue;
            if (low is null || sample < low) low = sample;
            if (high is null || sample > high) high = sample;
        }
        if (low is null || Math.Abs(low.Value) > 1_000_000_000 || Math.Abs(high!.Value) > 1_000_000_000 || Math.Abs(factor) > 1_000_000 || Math.Abs(origin) > 1_000_000_000) return $"n={count}";
        return string.Create(CultureInfo.InvariantCulture, $"n={count}, {origin + low * factor:0.####} – {origin + high * factor:0.####}");
    }

    private static (decimal? Low, decimal? High) Range(FhirNode element)
    {
        foreach (var range in element.Each("referenceRange"u8))
        {
            // The normal range; others (treatment, by age) say so in their type.
            if (range.Child("type"u8) is { } type && type.First("coding"u8)?.Text("code"u8) is not (null or "normal")) continue;
            var low = Decimal(range.Child("low"u8)?.Child("value"u8));
            var high = Decimal(range.Child("high"u8)?.Child("value"u8));
            if (low is not null || high is not null) return (low, high);
        }
        return (null, null);
    }

    private static string? Interpretation(FhirNode element)
    {
        foreach (var concept in element.Each("interpretation"u8))
        {
            foreach (var coding in concept.Each("coding"u8))
                if (coding.Words("code"u8) is { } code) return code;
            if (concept.Words("text"u8) is { } text) return text;
        }
        return null;
    }
}
