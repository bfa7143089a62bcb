using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Tests.Text;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("Maria\u202eneveohreV", "MarianeveohreV")]
    [InlineData("a\u200bb\ufeffc\u2060d", "abcd")]
    [InlineData("\u2066x\u2069", "x")]
    [InlineData("x\0y\u0007", "xy")]
    [InlineData("  twee   woorden\t\r\n samen ", "twee woorden samen")]
    [InlineData("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧")]
    [InlineData("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥")]
    [InlineData("ab\u200dcd", "abcd")]
    [InlineData("tag\U000E0041s", "tags")]
    [InlineData("a\u0301 é", "a\u0301 é")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_line_holds_nothing_hidden(string? text, string expected) => Assert.Equal(expected, SafeText.Line(text));

    [Fact]
    public void Half_of_a_character_becomes_a_visible_mark()
    {
        Assert.Equal("lone \ufffd here", SafeText.Line("lone \ud83d here"));
        Assert.Equal("\ufffd", SafeText.Line("\udc00"));
    }

    [Theory]
    [InlineData("een\r\ntwee\rdrie\u2028vier", "een\ntwee\ndrie\nvier")]
    [InlineData("een\n\n\n\n\n\ntwee", "een\n\n\ntwee")]
    [InlineData("- a\n  - b", "- a\n  - b")]
    [InlineData("\n\n  \n tekst  \n\n", " tekst")]
    public void Lines_stay_lines(string text, string expected) => Assert.Equal(expected, SafeText.Lines(text));

    [Fact]
    public void Marks_piled_on_a_letter_are_cut() => Assert.Equal(7, SafeText.Line("e" + new string('\u0301', 500)).Length);

    [Theory]
    [InlineData("Verhoeven", 9, "Verhoeven")]
    [InlineData("Verhoeven", 5, "Verh…")]
    [InlineData("👨\u200d👩\u200d👧👍👍", 2, "👨\u200d👩\u200d👧…")]
    [InlineData("e\u0301e\u0301e\u0301", 2, "e\u0301…")]
    [InlineData("een twee", 5, "een…")]
    [InlineData(null, 3, "")]
    public void Truncation_counts_what_people_see(string? text, int graphemes, string expected) => Assert.Equal(expected, SafeText.Truncate(text, graphemes));

    [Fact]
    public void A_long_name_is_cut_with_an_ellipsis()
    {
        var name = SafeText.Line(new string('x', 10_000), SafeText.NameLength);
        Assert.Equal(SafeText.NameLength, name.Length);
        Assert.EndsWith("…", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_becomes_well_formed_visible_and_stable()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 10_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(4) switch { 0 => (char)random.Next(0x20, 0x7f), 1 => (char)random.Next(0x2000, 0x2070), 2 => (char)random.Next(0xd800, 0xe000), _ => (char)random.Next(0x10000) })]);
            foreach (var clean in (string[])[SafeText.Line(text, 30), SafeText.Lines(text, 30)])
            {
                var reason = $"seed {seed}: {string.Join(' ', text.Select(c => ((int)c).ToString("x4")))}";
                Assert.True(clean.Length <= 30, reason);
                Assert.True(clean.IsNormalized(NormalizationForm.FormC) || true, reason); // throws on a lone surrogate
                Assert.True(clean.EnumerateRunes().All(r => r.Value == '\n' || Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control or UnicodeCategory.Surrogate)), reason);
                Assert.True(!clean.Any(c => c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u200b' or '\u200e' or '\u200f'), reason);
            }
            var once = SafeText.Line(text, 1000);
            Assert.True(once == SafeText.Line(once, 1000), $"not stable, seed {seed}: {string.Join(' ', text.Select(c => ((int)c).ToString("x4")))}");
        }
    }
}
