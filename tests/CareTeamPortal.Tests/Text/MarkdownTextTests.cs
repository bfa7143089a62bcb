using System.Text;
using System.Text.RegularExpressions;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Tests.Text;

public sealed partial class MarkdownTextTests
{
    [Theory]
    [InlineData("gewoon", "<p>gewoon</p>")]
    [InlineData("**vet** en *schuin* en ~~weg~~", "<p><strong>vet</strong> en <em>schuin</em> en <del>weg</del></p>")]
    [InlineData("# Titel", "<h4>Titel</h4>")]
    [InlineData("###### Titel", "<h6>Titel</h6>")]
    [InlineData("een\ntwee", "<p>een<br />\ntwee</p>")]
    [InlineData("@Sofie Maes kijk je?", "<p>@Sofie Maes kijk je?</p>")]
    [InlineData("bd > 140 & pols < 50", "<p>bd &gt; 140 &amp; pols &lt; 50</p>")]
    [InlineData("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")]
    [InlineData("<b onclick=x>y</b>", "<p>&lt;b onclick=x&gt;y&lt;/b&gt;</p>")]
    [InlineData("[x](javascript:alert(1))", "<p>x</p>")]
    [InlineData("[x](JaVaScRiPt&#58;alert(1))", "<p>x</p>")]
    [InlineData("[x](data:text/html,1)", "<p>x</p>")]
    [InlineData("[x](//evil.example)", "<p>x</p>")]
    [InlineData("[x](/patients/1)", "<p>x</p>")]
    [InlineData("[**x** y](vbscript:1)", "<p><strong>x</strong> y</p>")]
    [InlineData("![foto](https://evil.example/p.png)", "<p>foto</p>")]
    [InlineData("[![foto](https://evil.example/p.png)](javascript:1)", "<p>foto</p>")]
    [InlineData("<javascript:alert(1)>", "<p>javascript:alert(1)</p>")]
    [InlineData("```js onload=x\ncode\n```", "<pre><code>code\n</code></pre>")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Markdown_renders_safely(string? markdown, string expected) => Assert.Equal(expected, MarkdownText.ToHtml(markdown));

    [Theory]
    [InlineData("[site](https://example.org \"hover\")", "https://example.org")]
    [InlineData("https://example.org", "https://example.org")]
    [InlineData("<https://example.org>", "https://example.org")]
    [InlineData("[bel](tel:+3215123456)", "tel:+3215123456")]
    [InlineData("[mail](mailto:a@example.org)", "mailto:a@example.org")]
    [InlineData("<a@example.org>", "mailto:a@example.org")]
    public void A_safe_link_leads_away_without_telling_from_where(string markdown, string href)
    {
        var html = MarkdownText.ToHtml(markdown);
        Assert.Contains($"<a href=\"{href}\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("title=", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_shown_as_typed_and_cheaply()
    {
        foreach (var piece in (string[])["> ", "- ", "[", "![", "*a ", "**", "`", "<", "](", "[a](", "_", "~~", "&", "\\", "1. ", "https://", "@", "a@", "***a* ", "[a]: /b\n"])
        {
            var before = GC.GetAllocatedBytesForCurrentThread(); // unlike time, the same on a busy machine
            Assert.NotNull(MarkdownText.ToHtml(new StringBuilder().Insert(0, piece, 30_000 / piece.Length).ToString()));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30_000 * 250);
        }
    }

    [Fact]
    public void Fuzzed_markdown_never_makes_anything_but_the_few_allowed_tags()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] pieces = ["<script>", "</script>", "<img src=x onerror=alert(1)>", "[", "]", "(", ")", "javascript:alert(1)", "data:text/html;base64,x", "https://a.b/", "\"", "'", " onmouseover=alert(1) ", "![", "`", "```", "\n", "\n\n", "> ", "# ", "- ", "1. ", "*", "**", "_", "<", ">", "&", "&#x3c;", "&lt;", "\\", "\u202e", "\ud83d", "\0", "tel:", "mailto:", "<https://x.y/\"onclick=1>", "a@b.c", "style=\"x\"", "{.class onclick=x}", "|", "---", "[x]: javascript:alert(1)", "[x]", "www.evil.example", "ftp://x", "&colon;", "%0a"];
        for (var round = 0; round < 20_000; round++)
        {
            var markdown = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var html = MarkdownText.ToHtml(markdown);
            foreach (Match tag in AnyTag().Matches(html))
                Assert.True(AllowedTag().IsMatch(tag.Value), $"seed {seed}: {markdown} gave {tag.Value}");
            var without = AllowedTag().Replace(html, "");
            Assert.False(without.Contains('<', StringComparison.Ordinal), $"seed {seed}: {markdown} gave {html}");
        }
    }

    [Fact]
    public void A_preview_is_one_line_without_marks() =>
        Assert.Equal("Titel vet punt", MarkdownText.Preview("# Titel\n\n**vet**\n\n- punt").Replace("\n", " ", StringComparison.Ordinal));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex AnyTag();

    [GeneratedRegex("""<(?:/?(?:p|strong|em|del|h[456]|ul|ol|li|blockquote|pre|code|a)|(?:br|hr) /|ol start="\d{1,9}"|a href="(?:https?://|mailto:|tel:)[^"<>]*" rel="noopener noreferrer nofollow" target="_blank")>""", RegexOptions.IgnoreCase)]
    private static partial Regex AllowedTag();

    [Fact]
    public void A_long_text_is_cut_between_blocks_and_nothing_of_it_is_lost()
    {
        var paragraphs = Enumerable.Range(1, 60).Select(i => $"Alinea {i}: " + new string('x', 150)).ToList();
        var (first, rest) = MarkdownText.Fold(string.Join("\n\n", paragraphs))!.Value;
        Assert.Equal(paragraphs, (first + "\n\n" + rest).Split("\n\n"));
        Assert.InRange(first.Length, 300, 1_400);
        var list = string.Join('\n', Enumerable.Range(1, 200).Select(i => $"{i}. punt"));
        Assert.Equal(list, MarkdownText.Fold(list)!.Value.First + "\n" + MarkdownText.Fold(list)!.Value.More);
        var wall = string.Join(' ', Enumerable.Repeat("woord", 2_000));
        Assert.Equal(wall, MarkdownText.Fold(wall)!.Value.First + " " + MarkdownText.Fold(wall)!.Value.More);
        var one = new string('a', 10_000);
        Assert.Equal(one, MarkdownText.Fold(one)!.Value.First + MarkdownText.Fold(one)!.Value.More);
        Assert.Equal(10_000, (MarkdownText.Fold(string.Concat(Enumerable.Repeat("\U0001F600", 5_000)))!.Value is var (a, b) ? a + b : "").Length);
    }

    [Theory]
    [InlineData("kort")]
    [InlineData("")]
    [InlineData("een\n\ntwee")]
    public void A_short_text_is_shown_whole(string text) => Assert.Null(MarkdownText.Fold(text));
}
