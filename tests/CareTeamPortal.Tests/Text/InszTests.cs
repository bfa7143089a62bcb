using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Tests.Text;

public sealed class InszTests
{
    [Theory]
    [InlineData("85073003328", 1985, 7, 30)]
    [InlineData("85.07.30-033.28", 1985, 7, 30)]
    [InlineData(" 85 07 30 033 28 ", 1985, 7, 30)]
    [InlineData("17073003384", 2017, 7, 30)]
    public void A_valid_number_gives_its_birth_date(string text, int year, int month, int day)
    {
        var insz = Insz.Parse(text);
        Assert.Equal(new DateOnly(year, month, day), insz.BirthDate);
        Assert.Equal(InszSex.Male, insz.Sex);
        Assert.False(insz.IsBis);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("85073003329")]
    [InlineData("8507300332")]
    [InlineData("850730033288")]
    [InlineData("85a73003328")]
    [InlineData("85\u066073003328")]
    [InlineData("00000000097")]
    [InlineData("85133003328")]
    public void What_is_no_number_is_refused(string? text)
    {
        Assert.False(Insz.TryParse(text, out _));
        var refusal = Assert.Throws<FormatException>(() => Insz.Parse(text));
        if (!string.IsNullOrEmpty(text))
            Assert.DoesNotContain(text, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_prints_masked_unless_asked()
    {
        var insz = Insz.Of(new DateOnly(1944, 3, 14), 124);
        Assert.Equal("44.03.14-•••.••", insz.Masked);
        Assert.Equal(insz.Masked, insz.ToString());
        Assert.StartsWith("44.03.14-124.", insz.Formatted, StringComparison.Ordinal);
        Assert.DoesNotContain("124", $"{insz}", StringComparison.Ordinal);
        Assert.Equal("", default(Insz).ToString());
    }

    [Theory]
    [InlineData("44031412399", "44.03.14-•••.••")]
    [InlineData("x", "••.••.••-•••.••")]
    [InlineData(null, "••.••.••-•••.••")]
    public void A_wrong_number_from_an_import_is_masked_too(string? text, string expected) => Assert.Equal(expected, Insz.Mask(text));

    [Theory]
    [InlineData(20, false)]
    [InlineData(40, true)]
    public void A_BIS_number_adds_to_the_month(int added, bool sexKnown)
    {
        var nine = $"90{5 + added:00}12002";
        var insz = Insz.Parse(nine + (97 - long.Parse(nine) % 97).ToString("00"));
        Assert.True(insz.IsBis);
        Assert.Equal(new DateOnly(1990, 5, 12), insz.BirthDate);
        Assert.Equal(sexKnown ? InszSex.Female : InszSex.Unknown, insz.Sex);
    }

    [Fact]
    public void Month_and_day_may_be_unknown()
    {
        const string nine = "900000003";
        var insz = Insz.Parse(nine + (97 - long.Parse(nine) % 97).ToString("00"));
        Assert.Null(insz.BirthDate);
        Assert.Equal(InszSex.Male, insz.Sex);
    }

    [Fact]
    public void Any_day_and_serial_make_a_number_that_reads_back_and_one_changed_digit_is_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            var born = new DateOnly(1900, 1, 1).AddDays(random.Next(0, 45_000));
            var serial = random.Next(1, 999);
            var insz = Insz.Of(born, serial);
            var reason = $"seed {seed}, born {born}, serial {serial}";
            Assert.True(Insz.TryParse(insz.Formatted, out var again), reason);
            Assert.True(insz == again && again.BirthDate == born && again.BornFrom2000 == born.Year >= 2000, reason);
            Assert.True(again.Sex == (serial % 2 == 1 ? InszSex.Male : InszSex.Female), reason);

            // One digit changed can only pass by the check of the other century.
            var digits = insz.Digits.ToCharArray();
            var at = random.Next(11);
            digits[at] = (char)('0' + (digits[at] - '0' + random.Next(1, 10)) % 10);
            if (Insz.TryParse(new string(digits), out var changed))
                Assert.True(changed.BornFrom2000 != insz.BornFrom2000, reason + $", changed digit {at}");
        }
    }

    [Theory]
    [InlineData("10012304997", false)]
    [InlineData("1-00001-04", false)]
    [InlineData("", false)]
    [InlineData("000000", false)]
    public void A_wrong_RIZIV_number_is_refused(string text, bool valid) => Assert.Equal(valid, Nihii.TryParse(text, out _));

    [Theory]
    [InlineData(97)]
    [InlineData(89)]
    public void A_RIZIV_number_checks_by_97_or_89(int modulus)
    {
        var text = "100123" + (modulus - 100123 % modulus).ToString("00");
        var nihii = Nihii.Parse(text + "004");
        Assert.Equal("004", nihii.Qualification);
        Assert.Equal(text, nihii.Core);
        Assert.Equal($"1-00123-{text[6..]}-004", nihii.Formatted);
        Assert.Null(Nihii.Parse(text).Qualification);
    }
}
