using System.Collections.Immutable;
using System.Globalization;

namespace CareTeamPortal.Features.Measurements;

/// <summary>A usual range for a measured quantity, both ends inclusive.</summary>
/// <param name="Low">Lowest usual value; null when only the top counts.</param>
/// <param name="High">Highest usual value; null when only the bottom counts.</param>
/// <param name="Source">Where the numbers come from: key <c>Band.Source.*</c> of the words, cited in <see cref="MeasurementCatalogue"/>.</param>
/// <param name="Confirm">True when the source is general knowledge: shown as "default, confirm" until a clinician sets it for the patient.</param>
internal sealed record ReferenceBand(decimal? Low, decimal? High, string Source, bool Confirm)
{
    /// <summary>Is the value inside the band?</summary>
    public bool Holds(decimal value) => (Low is not { } low || value >= low) && (High is not { } high || value <= high);
}

/// <summary>A way to write the unit of a quantity and how to get to the quantity's own unit: <c>value * Factor + Offset</c>.</summary>
internal sealed record UnitForm(string Ucum, decimal Factor, decimal Offset, ImmutableArray<string> Spellings);

/// <summary>A quantity that the portal knows: how it is coded, named, shown and judged.</summary>
internal sealed record Quantity
{
    /// <summary>Stable name, used in resources and in page addresses; not a code of any terminology.</summary>
    public required string Key { get; init; }

    /// <summary>The LOINC code that the portal writes.</summary>
    public required string Loinc { get; init; }

    /// <summary>Other LOINC codes that mean the same quantity for a plot (another specimen site, method or precision).</summary>
    public ImmutableArray<string> Equivalent { get; init; } = [];

    /// <summary>The UCUM code of <see cref="Loinc"/>'s unit as the portal writes it.</summary>
    public required string Ucum { get; init; }

    /// <summary>The unit's symbol, the same in every language; empty when the unit is a word or there is none.</summary>
    public required string Symbol { get; init; }

    /// <summary>Decimals shown.</summary>
    public int Decimals { get; init; }

    /// <summary>Lowest value that a living person can have; below it is a typing error.</summary>
    public required decimal Lowest { get; init; }

    /// <summary>Highest value that a living person can have; above it is a typing error.</summary>
    public required decimal Highest { get; init; }

    /// <summary>The usual range, null where it depends on the person (weight, INR) and no default would be honest.</summary>
    public ReferenceBand? Band { get; init; }

    /// <summary>Words that start this quantity in quick entry, lower case.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Unit spellings, the own unit first.</summary>
    public ImmutableArray<UnitForm> Units { get; init; } = [];

    /// <summary>Plots are drawn per group; the quantity that the group is drawn in has the same <see cref="Key"/>.</summary>
    public required string Group { get; init; }

    /// <summary>To the unit of the group: <c>value * GroupFactor + GroupOffset</c>. One and zero for the group's own quantity.</summary>
    public decimal GroupFactor { get; init; } = 1;

    /// <inheritdoc cref="GroupFactor"/>
    public decimal GroupOffset { get; init; }

    /// <summary>Vital sign or laboratory: the category code of the Observation (http://terminology.hl7.org/CodeSystem/observation-category).</summary>
    public required string ObservationCategory { get; init; }

    /// <summary>Name in the reader's language.</summary>
    public string Name => MeasurementsText.Get($"Name.{Key}");

    /// <summary>Unit as people read it, in the reader's language; may be empty.</summary>
    public string Unit => MeasurementsText.Find($"Unit.{Key}") ?? Symbol;

    /// <summary>Can a living person have this value?</summary>
    public bool IsPlausible(decimal value) => value >= Lowest && value <= Highest;

    /// <summary>The number as people read it: decimal comma, this quantity's decimals.</summary>
    public string Show(decimal value) => value.ToString(Decimals == 0 ? "#,0" : "#,0." + new string('0', Decimals), CultureInfo.CurrentCulture);

    /// <summary>A number as it was measured: this quantity's decimals, and up to two more when the source wrote them.</summary>
    public string ShowMeasured(decimal value) => value.ToString("#,0." + new string('0', Decimals) + "##", CultureInfo.CurrentCulture);

    /// <summary>The value in this quantity's own unit, or null when the unit is not one of its units.</summary>
    /// <param name="value">The number as it came.</param>
    /// <param name="unit">UCUM code or a spelling of it; null or empty means this quantity's own unit.</param>
    public decimal? InOwnUnit(decimal value, string? unit)
    {
        if (string.IsNullOrWhiteSpace(unit))
            return value;
        foreach (var form in Units)
        {
            if (string.Equals(form.Ucum, unit, StringComparison.Ordinal) || form.Spellings.Contains(unit, StringComparer.OrdinalIgnoreCase))
                return Scaled(value, form.Factor, form.Offset);
        }
        return null;
    }

    /// <summary>The value in the unit of the plot, or null when it does not fit in a number.</summary>
    public decimal? InGroupUnit(decimal value) => Scaled(value, GroupFactor, GroupOffset);

    private static decimal? Scaled(decimal value, decimal factor, decimal offset)
    {
        if (factor == 1 && offset == 0)
            return value;
        try
        {
            return value * factor + offset;
        }
        catch (OverflowException)
        {
            return null; // an import may hold any number that JSON can write
        }
    }
}
