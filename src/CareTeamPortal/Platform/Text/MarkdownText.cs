using System.Net;
using System.Text;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Platform.Text;

/// <summary>
/// Markdown of notes to HTML that is safe to show, whoever wrote it. Raw HTML is shown as text; links lead only to http, https, mailto and tel;
/// images become their description, because an image from outside would tell its server who reads the file, and when; headings are levels 4 to 6,
/// below the page's own. The output holds no attribute but those of links, <c>start</c> of a numbered list and <c>class</c> of code (none is styled or scripted).
/// </summary>
internal static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseSoftlineBreakAsHardlineBreak()
        .Build();

    // One arrival is shown to many viewers at the same moment, who share its text: the last few results answer them all.
    private static readonly RecentTexts Htmls = new();
    private static readonly RecentTexts Previews = new();

    /// <summary>The text as markup for a component.</summary>
    public static MarkupString Render(string? markdown) => new(Htmls.Get(markdown, 0, (text, _) => ToHtml(text)));

    /// <summary>The text as HTML. Never throws; what Markdown cannot digest is shown as it was typed.</summary>
    public static string ToHtml(string? markdown)
    {
        var text = SafeText.Lines(markdown);
        if (text.Length == 0)
            return "";
        try
        {
            var document = Markdig.Markdown.Parse(text, Pipeline);
            Tame(document);
            using var writer = new StringWriter(new StringBuilder(text.Length * 2));
            var renderer = new HtmlRenderer(writer);
            Pipeline.Setup(renderer);
            renderer.Render(document);
            return writer.ToString().TrimEnd();
        }
        catch (ArgumentException)
        {
            return AsTyped(text); // nested deeper than the parser's limit: nobody writes that
        }
    }

    /// <summary>
    /// Cuts a text that would fill the screen: what is shown at once, and the rest. Between two blocks (paragraphs, lists, code) where there is one in reach, else at the end of a
    /// line, of a sentence or of a word. Null when the text is short enough to be shown whole.
    /// </summary>
    /// <param name="whole">Up to this many UTF-16 units and forty lines it is shown whole.</param>
    /// <param name="first">About so many are shown at once otherwise.</param>
    public static (string First, string More)? Fold(string markdown, int whole = 2_000, int first = 1_000)
    {
        const int Lines = 40, FirstLines = 16;
        var text = SafeText.Lines(markdown);
        var end = LineEnd(text, FirstLines) is var byLines && text.Length <= whole && LineEnd(text, Lines) >= text.Length ? text.Length : Math.Min(first, byLines);
        if (end >= text.Length)
            return null;
        var cut = 0;
        try
        {
            // A block that ends within reach is not cut; one that goes on far beyond is.
            foreach (var block in Markdig.Markdown.Parse(text, Pipeline))
            {
                if (block.Span.End + 1 <= end || (cut == 0 && block.Span.End + 1 <= 2 * end))
                    cut = block.Span.End + 1;
                else
                    break;
            }
        }
        catch (ArgumentException)
        {
            cut = 0; // nested deeper than the parser's limit: cut as plain text
        }

        if (cut < end / 4)
        {
            cut = text.LastIndexOf('\n', end - 1, end - cut);
            if (cut <= 0)
                cut = text.LastIndexOf(". ", end - 1, end / 2, StringComparison.Ordinal) is > 0 and var sentence ? sentence + 1 : text.LastIndexOf(' ', end - 1, end / 2);
            if (cut <= 0)
                cut = char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
        }

        var rest = text[cut..].Trim('\n', ' ');
        return rest.Length == 0 ? null : (text[..cut].TrimEnd(), rest);
    }

    /// <summary>Where a number of lines ends.</summary>
    private static int LineEnd(string text, int lines)
    {
        var at = -1;
        for (var i = 0; i < lines; i++)
        {
            at = text.IndexOf('\n', at + 1);
            if (at < 0)
                return text.Length;
        }

        return at;
    }

    /// <summary>The text without marks, in one line, for a preview of at most <paramref name="graphemes"/> characters.</summary>
    public static string Preview(string? markdown, int graphemes = 140) => Previews.Get(markdown, graphemes, MakePreview);

    private static string MakePreview(string? markdown, int graphemes)
    {
        var text = SafeText.Lines(markdown, 2_000);
        if (text.Length == 0)
            return "";
        try
        {
            return SafeText.Truncate(SafeText.Line(Markdig.Markdown.ToPlainText(text, Pipeline), SafeText.NoteLength), graphemes);
        }
        catch (ArgumentException)
        {
            return SafeText.Truncate(SafeText.Line(text, SafeText.NoteLength), graphemes);
        }
    }

    /// <summary>May a note link there?</summary>
    public static bool IsSafeLink(string? url)
    {
        if (string.IsNullOrEmpty(url) || url.Length > 2_000)
            return false;
        foreach (var c in url)
        {
            if (char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\')
                return false;
        }
        return (Starts("https://") || Starts("http://") || Starts("mailto:") || Starts("tel:")) && Uri.TryCreate(url, UriKind.Absolute, out _);

        bool Starts(string scheme) => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && url.Length > scheme.Length;
    }

    private static void Tame(MarkdownDocument document)
    {
        // A snapshot: the walk replaces what it visits.
        foreach (var node in document.Descendants().ToList())
        {
            switch (node)
            {
                case HeadingBlock heading:
                    heading.Level = Math.Min(6, heading.Level + 3);
                    break;
                case LinkInline link when link.IsImage || !IsSafeLink(link.Url):
                    Unwrap(link);
                    break;
                case LinkInline link:
                    link.Title = null;
                    LeadAway(link);
                    break;
                case AutolinkInline auto when !IsSafeLink(auto.IsEmail ? "mailto:" + auto.Url : auto.Url):
                    auto.ReplaceBy(new LiteralInline(auto.Url));
                    break;
                case AutolinkInline auto:
                    LeadAway(auto);
                    break;
                case FencedCodeBlock code:
                    code.Info = null; // would become a class name
                    code.SetAttributes(new HtmlAttributes());
                    break;
            }
        }
    }

    /// <summary>Keeps what the link said and drops the link.</summary>
    private static void Unwrap(LinkInline link)
    {
        if (link.FirstChild is null)
        {
            link.Remove();
            return;
        }
        Inline after = link;
        foreach (var child in link.ToList())
        {
            child.Remove();
            after.InsertAfter(child);
            after = child;
        }
        link.Remove();
    }

    private static void LeadAway(MarkdownObject link)
    {
        var attributes = new HtmlAttributes();
        attributes.AddProperty("rel", "noopener noreferrer nofollow");
        attributes.AddProperty("target", "_blank");
        link.SetAttributes(attributes);
    }

    private static string AsTyped(string text) =>
        "<p>" + WebUtility.HtmlEncode(text).Replace("\n", "<br />", StringComparison.Ordinal) + "</p>";

    /// <summary>The last results, by the very string that was asked for; a fixed number, so it cannot grow.</summary>
    private sealed class RecentTexts
    {
        private const int Slots = 64;

        private sealed record Slot(string Text, int Argument, string Result);

        private readonly Slot?[] _slots = new Slot?[Slots];

        public string Get(string? text, int argument, Func<string?, int, string> make)
        {
            if (text is null)
                return make(text, argument);
            ref var slot = ref _slots[(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(text) ^ argument) & (Slots - 1)];
            if (Volatile.Read(ref slot) is { } kept && ReferenceEquals(kept.Text, text) && kept.Argument == argument)
                return kept.Result;
            var result = make(text, argument);
            Volatile.Write(ref slot, new Slot(text, argument, result));
            return result;
        }
    }
}
