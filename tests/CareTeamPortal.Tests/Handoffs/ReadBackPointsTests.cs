using CareTeamPortal.Features.Handoffs;

namespace CareTeamPortal.Tests.Handoffs;

public sealed class ReadBackPointsTests
{
    private static readonly HandoffContent Content = new()
    {
        Contingencies =
        [
            new("gewicht +1,5 kg in twee dagen", "bel dr. Janssens, dezelfde voormiddag"),
            new("kortademig in rust of 's nachts", "bel dr. Janssens binnen 4 uur"),
            new("systolisch onder 100 of duizelig", "bumetanide niet verhogen"),
        ],
    };

    private static readonly string[] Tasks = ["Wegen, bloeddruk, oedeem", "Bloedname: nierfunctie, kalium", "An leren: wegen en noteren"];

    private static string Said(string readBack) => string.Join(" | ", ReadBackPoints.Of("Te bewaken", Content, Tasks, readBack).Where(p => p.Said).Select(p => p.Words));

    [Fact]
    public void Tasks_of_a_series_bear_the_same_words_and_are_one_point_that_can_be_said()
    {
        var points = ReadBackPoints.Of(null, new HandoffContent { Contingencies = [new("koorts", "bel"), new("koorts", "geef paracetamol")] }, ["Wegen, bloeddruk, oedeem", "Wegen, bloeddruk, oedeem"], "Bij koorts bel ik; elke ochtend wegen, bloeddruk en oedeem.");
        Assert.Equal(["koorts", "Wegen, bloeddruk, oedeem"], points.Select(p => p.Words));
        Assert.All(points, p => Assert.True(p.Said, p.Words));
    }

    [Fact]
    public void What_the_read_back_says_is_recognised_and_the_rest_is_not() => Assert.Equal(
        "Te bewaken | gewicht +1,5 kg in twee dagen | kortademig in rust of 's nachts | Wegen, bloeddruk, oedeem | Bloedname: nierfunctie, kalium",
        Said("Te bewaken. Elke ochtend wegen, bloeddruk, enkels. Droog gewicht 77,0. Bij +1,5 kg in 2 dagen of kortademig bel ik dr. Janssens. Bloedname donderdag vóór 10 uur."));

    [Theory]
    [InlineData("Bij +2,5 kg in 2 dagen bel ik.", "")]
    [InlineData("Bij 15 kg in 2 dagen bel ik.", "")]
    [InlineData("Gewicht 1.5 kg, 2 dagen", "gewicht +1,5 kg in twee dagen")]
    [InlineData("gewicht 1,50 in twee dagen", "gewicht +1,5 kg in twee dagen")]
    [InlineData("100", "")]
    [InlineData("Duizelig of 100", "systolisch onder 100 of duizelig")]
    [InlineData("duizelig", "")]
    public void A_point_with_numbers_is_said_only_with_each_of_its_numbers(string readBack, string expected) => Assert.Equal(expected, Said(readBack));

    [Theory]
    [InlineData("KÓRTADEMÍGHEID", "kortademig in rust of 's nachts")]
    [InlineData("te bewáken", "Te bewaken")]
    [InlineData("Ik ga wegen.", "")]
    [InlineData("Ik bel als het dan nog niet beter is.", "")]
    [InlineData("", "")]
    public void Accents_and_capitals_make_no_difference_and_shared_words_say_nothing(string readBack, string expected) => Assert.Equal(expected, Said(readBack));

    [Fact]
    public void An_unstable_patient_is_not_read_back_as_a_stable_one()
    {
        Assert.DoesNotContain(ReadBackPoints.Of("Onstabiel", new(), [], "De patiënt is stabiel."), p => p.Said);
        Assert.DoesNotContain(ReadBackPoints.Of("Stabiel", new(), [], "De patiënt is onstabiel."), p => p.Said);
    }

    [Fact]
    public void Long_and_odd_text_is_taken_as_it_comes()
    {
        var odd = new HandoffContent { Contingencies = [.. Enumerable.Range(0, 100).Select(i => new Contingency(new string('\ud800', 50) + i, "\u202e")), new("", "")] };
        Assert.Equal(1 + 6 + 6, ReadBackPoints.Of("", odd, Enumerable.Range(0, 50).Select(i => "1.2.3,,4.." + i), new string('9', 20_000)).Count);
    }
}
