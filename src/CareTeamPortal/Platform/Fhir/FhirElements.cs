using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Short ways to look into FHIR JSON. Every one answers null (or nothing) for what is absent or of another shape: imported data is not to be trusted.</summary>
public static class FhirElements
{
    /// <summary>A child of any kind, or null.</summary>
    public static JsonElement? Child(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? child : null;

    /// <summary>A string child, or null.</summary>
    public static string? Text(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.String ? child.GetString() : null;

    /// <summary>The string child, trimmed, or null when it is absent or blank.</summary>
    public static string? Words(this JsonElement element, ReadOnlySpan<byte> name) => element.Text(name)?.Trim() is { Length: > 0 } words ? words : null;

    /// <summary>The child's items when it is an array; the child itself when it is one thing; else nothing.</summary>
    public static IEnumerable<JsonElement> Each(this JsonElement element, ReadOnlySpan<byte> name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var child)) return [];
        return child.ValueKind switch
        {
            JsonValueKind.Array => child.EnumerateArray(),
            JsonValueKind.Null or JsonValueKind.Undefined => [],
            _ => [child],
        };
    }

    /// <summary>The first item of an array child (or the child itself), or null.</summary>
    public static JsonElement? First(this JsonElement element, ReadOnlySpan<byte> name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var child)) return null;
        if (child.ValueKind != JsonValueKind.Array) return child.ValueKind == JsonValueKind.Null ? null : child;
        return child.GetArrayLength() > 0 ? child[0] : null;
    }

    /// <summary>A CodeableConcept in words: its text, else the first coding with a display, else the first code; null when it says nothing.</summary>
    public static string? ConceptWords(this JsonElement concept)
    {
        if (concept.ValueKind == JsonValueKind.String) return concept.GetString();
        if (concept.Words("text"u8) is { } text) return text;
        string? code = null;
        foreach (var coding in concept.Each("coding"u8))
        {
            if (coding.Words("display"u8) is { } display) return display;
            code ??= coding.Words("code"u8);
        }
        return code;
    }

    /// <summary>A date, dateTime or instant child, or null.</summary>
    public static FhirDate? Date(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child.AsDate() : null;

    /// <summary>The element as a date, dateTime or instant, or null.</summary>
    public static FhirDate? AsDate(this JsonElement element) => element.ValueKind == JsonValueKind.String ? FhirDates.Parse(element.GetString()) : null;

    /// <summary>From a start and an end, either of which may be missing, one span.</summary>
    internal static FhirDate? Span(FhirDate? start, FhirDate? end) => (start, end) switch
    {
        ({ } s, { } e) => new FhirDate(s.Start, e.End < s.Start ? s.End : e.End, s.Precision),
        ({ } s, null) => new FhirDate(s.Start, OpenEnd, s.Precision),
        (null, { } e) => e,
        _ => null,
    };

    /// <summary>The end of a period that has none.</summary>
    public static DateTime OpenEnd { get; } = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
}
