using CareTeamPortal.Features.Measurements;

namespace CareTeamPortal.Tests.Measurements;

public sealed class MeasurementCatalogueTests
{
    [Fact]
    public void Codes_keys_and_aliases_are_unique()
    {
        var codes = MeasurementCatalogue.All.SelectMany(q => q.Equivalent.Append(q.Loinc)).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        var aliases = MeasurementCatalogue.All.SelectMany(q => q.Aliases).Concat(MeasurementCatalogue.BloodPressureAliases).ToList();
        Assert.Equal(aliases.Count, aliases.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(MeasurementCatalogue.All.Length, MeasurementCatalogue.All.Select(q => q.Key).Distinct().Count());
    }

    [Fact]
    public void Every_LOINC_code_has_its_check_digit()
    {
        foreach (var code in MeasurementCatalogue.All.SelectMany(q => q.Equivalent.Append(q.Loinc)).Append(MeasurementCatalogue.BloodPressurePanel).Append(MeasurementCatalogue.BloodPressurePanelOld))
        {
            var parts = code.Split('-');
            var sum = 0; // mod 10, double-add-double (LOINC users' guide, appendix C)
            for (var i = 0; i < parts[0].Length; i++)
            {
                var digit = parts[0][parts[0].Length - 1 - i] - '0';
                if (i % 2 == 0)
                    digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
                sum += digit;
            }
            Assert.True((10 - sum % 10) % 10 == parts[1][0] - '0', code);
        }
    }

    [Fact]
    public void Every_quantity_has_a_name_and_limits_around_its_band()
    {
        foreach (var quantity in MeasurementCatalogue.All)
        {
            Assert.NotEmpty(quantity.Name);
            Assert.NotEmpty(MeasurementCatalogue.GroupName(quantity.Group));
            Assert.True(quantity.Lowest < quantity.Highest);
            Assert.Equal(1, quantity.InOwnUnit(1, quantity.Ucum));
            if (quantity.Band is { } band)
            {
                Assert.True((band.Low ?? quantity.Lowest) >= quantity.Lowest && (band.High ?? quantity.Highest) <= quantity.Highest, quantity.Key);
                Assert.NotEmpty(band.Source);
            }
            var drawn = MeasurementCatalogue.DrawnIn(quantity);
            Assert.Equal((1m, 0m), (drawn.GroupFactor, drawn.GroupOffset));
        }
    }

    [Theory]
    [InlineData("2708-6", "59408-5")]
    [InlineData("8310-5", "8331-1")]
    [InlineData("29463-7", "3141-9")]
    public void Equivalent_codes_are_one_quantity(string one, string other) => Assert.Same(MeasurementCatalogue.Find(one), MeasurementCatalogue.Find(other));

    [Fact]
    public void Glucose_in_mmol_is_its_own_quantity_on_the_same_plot()
    {
        Assert.NotSame(MeasurementCatalogue.Find("2339-0"), MeasurementCatalogue.Find("15074-8"));
        Assert.True(MeasurementCatalogue.TryPlace("15074-8", 9.3m, "mmol/L", out var quantity, out var placed));
        Assert.Equal("Glucose", quantity.Group);
        Assert.Equal(167.5m, Math.Round(placed, 1));
    }

    [Fact]
    public void HbA1c_in_per_cent_is_drawn_in_mmol_per_mol()
    {
        Assert.True(MeasurementCatalogue.TryPlace("4548-4", 7.0m, "%", out _, out var placed));
        Assert.Equal(53, Math.Round(placed));
    }

    [Theory]
    [InlineData("29463-7", 185, "[lb_av]", 83.9)]
    [InlineData("29463-7", 3260, "g", 3.3)]
    [InlineData("29463-7", 80, "kg", 80.0)]
    [InlineData("8302-2", 1.7, "m", 170.0)]
    [InlineData("8310-5", 98.6, "[degF]", 37.0)]
    [InlineData("8867-4", 44, "beats/minute", 44.0)]
    [InlineData("2339-0", 9.3, "mmol/L", 167.5)]
    [InlineData("8480-6", 120, null, 120.0)]
    public void The_unit_decides_not_the_code(string loinc, double value, string? unit, double expected)
    {
        Assert.True(MeasurementCatalogue.TryPlace(loinc, (decimal)value, unit, out _, out var placed));
        Assert.Equal((decimal)expected, Math.Round(placed, 1));
    }

    [Theory]
    [InlineData("29463-7", "stone")]
    [InlineData("0000-0", "kg")]
    [InlineData(null, "kg")]
    public void What_is_unknown_is_not_placed(string? loinc, string unit) => Assert.False(MeasurementCatalogue.TryPlace(loinc, 1, unit, out _, out _));

    [Fact]
    public void A_number_too_large_to_convert_is_not_placed() => Assert.False(MeasurementCatalogue.TryPlace("8302-2", decimal.MaxValue, "m", out _, out _));
}
