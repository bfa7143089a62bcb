using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Reads the demographics of a Patient.</summary>
public static class PatientReader
{
    /// <summary>Reads a Patient resource. Silent elements stay null; the official name is preferred, then the usual one, then the first.</summary>
    public static PatientFacts Read(FhirNode patient)
    {
        var name = BestName(patient);
        var family = name?.Words("family"u8);
        var given = name is { } n ? string.Join(' ', n.Each("given"u8).Where(g => g.ValueKind == JsonValueKind.String).Select(g => g.GetString()!.Trim()).Where(g => g.Length > 0)) : "";
        var display = name?.Words("text"u8) ?? string.Join(' ', new[] { given, family ?? "" }.Where(p => p.Length > 0));

        var birth = patient.Date("birthDate"u8);
        var deceased = patient.Date("deceasedDateTime"u8);
        var address = BestOf(patient, "address"u8, "home");
        return new PatientFacts(
            family, given.Length == 0 ? null : given, display.Length == 0 ? null : display,
            birth is { } b ? LocalDate(b) : null, birth?.Precision ?? DatePrecision.Day,
            patient.Words("gender"u8),
            deceased is not null || patient.Child("deceasedBoolean"u8)?.ValueKind == JsonValueKind.True || patient.Child("deceasedDateTime"u8) is not null,
            deceased is { } d ? LocalDate(d) : null,
            Insz(patient),
            address?.Words("city"u8), Line(address),
            Telecom(patient, "phone", "sms"),
            [.. patient.Each("generalPractitioner"u8).Select(g => g.AsReference("generalPractitioner")).OfType<FhirReference>()]);
    }

    private static FhirNode? BestName(FhirNode patient) => BestOf(patient, "name"u8, "official", "usual");

    private static FhirNode? BestOf(FhirNode patient, ReadOnlySpan<byte> list, params ReadOnlySpan<string> uses)
    {
        foreach (var use in uses)
            foreach (var item in patient.Each(list))
                if (item.Text("use"u8) == use) return item;
        foreach (var item in patient.Each(list))
            if (item.ValueKind == JsonValueKind.Object && item.Text("use"u8) is not "old") return item;
        return patient.First(list);
    }

    private static string? Insz(FhirNode patient)
    {
        foreach (var identifier in patient.Each("identifier"u8))
            if (BelgianNumbers.IsSsinSystem(identifier.Text("system"u8)) && identifier.Words("value"u8) is { } value) return value;
        return null;
    }

    private static string? Line(FhirNode? address)
    {
        if (address is not { } a) return null;
        var lines = string.Join(", ", a.Each("line"u8).Where(l => l.ValueKind == JsonValueKind.String).Select(l => l.GetString()!.Trim()).Where(l => l.Length > 0));
        return lines.Length > 0 ? lines : a.Words("text"u8);
    }

    /// <summary>A number or an address of one of these systems: a mobile one first, none that is old; null when there is none.</summary>
    internal static string? Telecom(FhirNode person, params ReadOnlySpan<string> systems)
    {
        string? first = null;
        foreach (var telecom in person.Each("telecom"u8))
        {
            if (telecom.Text("system"u8) is not { } system || !systems.Contains(system) || telecom.Text("use"u8) == "old" || telecom.Words("value"u8) is not { } value) continue;
            if (telecom.Text("use"u8) == "mobile") return value;
            first ??= value;
        }
        return first;
    }

    /// <summary>The calendar day that was written: an imprecise date starts at local midnight, so the local day of its start is the day as written.</summary>
    private static DateOnly LocalDate(FhirDate date) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(date.Start, FhirDates.Belgium));
}
