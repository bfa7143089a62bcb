using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Tests.Text;

public sealed class WordDiffTests
{
    private static string Shown(IReadOnlyList<DiffPiece> pieces) => string.Concat(pieces.Select(p => p.Differs ? $"[{p.Text}]" : p.Text));

    [Theory]
    [InlineData("links rood", "rechts rood", "[links ]rood", "[rechts ]rood")]
    [InlineData("a b c d", "a x c y", "a [b ]c [d]", "a [x ]c [y]")]
    [InlineData("zelfde\n\ntekst", "zelfde tekst", "zelfde\n\ntekst", "zelfde tekst")]
    [InlineData("", "nieuw", "", "[nieuw]")]
    [InlineData("meer woorden hier", "meer hier", "meer [woorden ]hier", "meer hier")]
    public void Words_that_differ_are_marked_in_both(string one, string other, string first, string second)
    {
        var (a, b) = WordDiff.Compare(one, other);
        Assert.Equal((first, second), (Shown(a), Shown(b)));
    }

    [Fact]
    public void Texts_too_long_to_compare_are_marked_whole_between_their_equal_ends()
    {
        var long1 = string.Join(' ', Enumerable.Range(0, 9_000));
        var (a, b) = WordDiff.Compare($"begin {long1} einde", $"begin anders {long1[..20_000]} einde");
        Assert.Equal(["begin ", " einde"], new[] { a[0].Text, " " + a[^1].Text });
        Assert.Equal($"begin {long1} einde", string.Concat(a.Select(p => p.Text)));
        Assert.Contains(b, p => p.Differs);
    }
}
