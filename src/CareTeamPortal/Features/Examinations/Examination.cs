using System.Collections.Immutable;
using System.Text.Json;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Examinations;

/// <summary>Marker of the words of examinations (ExaminationsText.resx).</summary>
public sealed class ExaminationsText;

/// <summary>What examinations say to people.</summary>
internal static class ExaminationWords
{
    private static readonly Words Words = new(typeof(ExaminationsText));

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}

/// <summary>A kind of examination that can be asked for, and how long a result of it usually is good enough not to ask again.</summary>
/// <param name="Key">Stable name; its word is <c>Kind.*</c>.</param>
/// <param name="Loinc">The code that a request for it carries.</param>
/// <param name="ValidDays">General practice, to be confirmed by the team; shown as such.</param>
/// <param name="Codes">LOINC codes of results that answer it: any one of them will do.</param>
public sealed record Examination(string Key, string Loinc, int ValidDays, ImmutableArray<string> Codes)
{
    public string Name => ExaminationWords.Get($"Kind.{Key}");

    /// <summary>Every kind, in the order of the list.</summary>
    public static ImmutableArray<Examination> All { get; } =
    [
        Of("Kidney", 14, MeasurementCatalogue.Egfr, MeasurementCatalogue.Creatinine),
        Of("Potassium", 7, MeasurementCatalogue.Potassium),
        Of("Sodium", 7, MeasurementCatalogue.Sodium),
        Of("NtProBnp", 30, MeasurementCatalogue.NtProBnp),
        Of("HbA1c", 90, MeasurementCatalogue.HbA1cIfcc, MeasurementCatalogue.HbA1cPercent),
        Of("Glucose", 3, MeasurementCatalogue.Glucose, MeasurementCatalogue.GlucoseMolar),
        Of("Lipids", 180, MeasurementCatalogue.CholesterolLdl, MeasurementCatalogue.CholesterolLdlMolar, MeasurementCatalogue.CholesterolTotal),
        Of("Haemoglobin", 30, MeasurementCatalogue.Haemoglobin),
        Of("Inr", 3, MeasurementCatalogue.Inr),
    ];

    private static Examination Of(string key, int days, params ReadOnlySpan<Quantity> results)
    {
        var codes = ImmutableArray.CreateBuilder<string>();
        foreach (var quantity in results)
        {
            codes.Add(quantity.Loinc);
            codes.AddRange(quantity.Equivalent.AsSpan());
        }
        return new(key, results[0].Loinc, days, codes.ToImmutable());
    }

    /// <summary>The kind with this key; null when there is none.</summary>
    public static Examination? Find(string? key) => All.FirstOrDefault(e => e.Key == key);

    /// <summary>The kind that a Task asks for by its code; null when it asks for none that is known here.</summary>
    public static Examination? OfTask(byte[]? task)
    {
        if (task is null)
            return null;
        using var document = JsonDocument.Parse(task);
        return Of(document.RootElement);
    }

    /// <summary>The kind that a Task or a ServiceRequest asks for by its code; null when it asks for none that is known here.</summary>
    public static Examination? Of(JsonElement root) =>
        root.Child("code"u8)?.Each("coding"u8).Where(c => c.Text("system"u8) == PortalCodes.Loinc).Select(c => All.FirstOrDefault(e => e.Loinc == c.Text("code"u8) || e.Codes.Contains(c.Text("code"u8) ?? ""))).FirstOrDefault(e => e is not null);

    /// <summary>Why a program asks although there is a recent result; null when it does not say.</summary>
    public static string? OverrideOf(byte[]? task)
    {
        if (task is null)
            return null;
        using var document = JsonDocument.Parse(task);
        return OverrideOf(document.RootElement);
    }

    /// <inheritdoc cref="OverrideOf(byte[])"/>
    public static string? OverrideOf(JsonElement root) =>
        root.Each("extension"u8).Where(e => e.ValueKind == JsonValueKind.Object && e.Text("url"u8) == OverrideUrl).Select(e => e.Words("valueString"u8)).FirstOrDefault();

    /// <summary>Extension of a Task or a ServiceRequest: why it was asked although there is a recent result.</summary>
    public const string OverrideUrl = PortalCodes.Base + "StructureDefinition/recent-result-override";
}

/// <summary>A result that makes asking again superfluous for a while.</summary>
/// <param name="Shown">The value with its unit.</param>
/// <param name="Who">Who measured, or the source; null when nobody knows.</param>
/// <param name="Reference">The entry, <c>Type/id</c>.</param>
/// <param name="Until">Until when it usually is good enough, UTC.</param>
public sealed record RecentResult(Examination Kind, string Name, string Shown, DateTime At, string? Who, string Reference, DateTime Until);
