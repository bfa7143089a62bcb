using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Alerts;

/// <summary>A limit with what follows when it is broken.</summary>
public sealed record AlertRule
{
    /// <summary>The limit.</summary>
    public required Threshold Threshold { get; init; }

    /// <summary>Who looks at it; null: who is accountable for the patient.</summary>
    public TaskParty? Owner { get; init; }

    /// <summary>What is to be done, for whoever looks at it.</summary>
    public string? ToDo { get; init; }

    /// <summary>Where the number comes from: a trial, a guideline, the clinician.</summary>
    public string? Source { get; init; }

    /// <summary>The number is a default that a clinician has not confirmed for this patient.</summary>
    public bool ToConfirm { get; init; }

    /// <summary>That somebody looked at it again and kept it; null: nobody did since it was set.</summary>
    public RuleReview? Kept { get; init; }

    /// <summary>From when its alerts say something of it as it stands: since it was set, or kept.</summary>
    public DateTime JudgedFrom => Kept is { } kept && kept.At > Threshold.Since ? kept.At : Threshold.Since;
}

/// <summary>A limit of which most alerts were ignored was looked at again, and kept.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">Name of who decided.</param>
public sealed record RuleReview(DateTime At, string? By, string Reason);

/// <summary>What is measured of a patient, how often and by whom, and when a value is worth an alert. Kept as a FHIR ServiceRequest of intent plan; every change is a version with its author.</summary>
public sealed record MeasuringPlan
{
    /// <summary>Most limits of one plan.</summary>
    internal const int MostRules = 12;

    public required string Id { get; init; }
    public required PatientId Patient { get; init; }
    public int Version { get; init; }

    /// <summary>In force; a plan that was stopped asks nothing and alerts nobody.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>LOINC code of what is measured.</summary>
    public required string Loinc { get; init; }

    /// <summary>Its name in words.</summary>
    public string Name => Loinc == MeasurementCatalogue.BloodPressurePanel ? MeasurementCatalogue.GroupName(MeasurementCatalogue.BloodPressureGroup) : MeasurementCatalogue.Find(Loinc)?.Name ?? Loinc;

    /// <summary>How often; null: when somebody sees reason to.</summary>
    public RepeatRule? Repeat { get; init; }

    /// <summary>Who measures.</summary>
    public IReadOnlyList<TaskParty> By { get; init; } = [];

    /// <summary>The goal that it serves, <c>Goal/x</c>.</summary>
    public string? Goal { get; init; }

    /// <summary>Who set it as it stands: asks for the work that an alert brings.</summary>
    public TaskParty? Requester { get; init; }
    public required DateTime AuthoredOn { get; init; }

    /// <summary>Why it was stopped.</summary>
    public string? Reason { get; init; }
    public IReadOnlyList<AlertRule> Rules { get; init; } = [];
}

/// <summary>How a value and the limits of a plan find each other.</summary>
internal static class Measured
{
    /// <summary>What a limit names of a quantity: the group in whose unit it is drawn; the two blood pressures each for itself.</summary>
    public static string KeyOf(Quantity quantity) => quantity.Group == MeasurementCatalogue.BloodPressureGroup ? quantity.Key : quantity.Group;

    /// <summary>The quantity in whose unit the limits of a key stand; null when there is none of that name.</summary>
    public static Quantity? QuantityOf(string key) => MeasurementCatalogue.FindByKey(key);

    /// <summary>The keys of what a plan measures, by its LOINC code: two for a blood pressure, none for what the portal does not know.</summary>
    public static IReadOnlyList<string> KeysOf(string loinc) => loinc == MeasurementCatalogue.BloodPressurePanel ? [MeasurementCatalogue.Systolic.Key, MeasurementCatalogue.Diastolic.Key] : MeasurementCatalogue.Find(loinc) is { } quantity ? [KeyOf(quantity)] : [];

    /// <summary>Codes under which the values of a key are stored.</summary>
    public static IReadOnlyList<string> CodesOf(string key) =>
        [.. MeasurementCatalogue.All.Where(q => KeyOf(q) == key).SelectMany(q => q.Equivalent.Prepend(q.Loinc)).Distinct().Select(code => $"{Timeline.PortalCodes.Loinc}|{code}")];

    /// <summary>A stored value in the unit of its key; null when the portal does not know the quantity or cannot convert the unit.</summary>
    public static (string Key, decimal Value)? Place(string code, decimal? value, string? unit) =>
        value is { } number && code.StartsWith(Timeline.PortalCodes.Loinc + "|", StringComparison.Ordinal)
            && MeasurementCatalogue.TryPlace(code[(Timeline.PortalCodes.Loinc.Length + 1)..], number, unit, out var quantity, out var placed) ? (KeyOf(quantity), placed) : null;
}
