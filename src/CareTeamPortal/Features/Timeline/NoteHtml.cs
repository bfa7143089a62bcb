using CareTeamPortal.Platform.Ui;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Markdown of a note as harmless HTML: no HTML of the writer, no pictures from elsewhere, links to the web only, no styles.</summary>
internal static class NoteHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UseEmphasisExtras().UseAutoLinks().UseSoftlineBreakAsHardlineBreak().Build();

    /// <summary>The note as markup. What goes wrong inside Markdown is shown as the plain text.</summary>
    public static MarkupString Of(string text)
    {
        var clean = SafeText.Of(text);
        try
        {
            return new(Render(clean));
        }
        catch (ArgumentException)
        {
            // Nested deeper than Markdig goes: shown as it was typed.
            return new($"<p>{System.Net.WebUtility.HtmlEncode(clean)}</p>");
        }
    }

    private static string Render(string clean)
    {
        var document = Markdown.Parse(clean, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage || !IsWeb(link.Url))
                Unlink(link);
            else
                link.SetAttributes(new() { Properties = [new("rel", "noopener noreferrer nofollow"), new("target", "_blank")] });
        }
        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsWeb(l.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));

        // A note's headings stand under the card's own.
        foreach (var heading in document.Descendants<HeadingBlock>())
            heading.Level = Math.Min(6, heading.Level + 3);
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return writer.ToString();
    }

    private static bool IsWeb(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "mailto" or "tel";

    /// <summary>Keeps the words, drops the address.</summary>
    private static void Unlink(LinkInline link)
    {
        var words = link.FirstChild;
        if (words is null)
            link.InsertBefore(new LiteralInline(link.Label ?? link.Url ?? ""));
        while (words is not null)
        {
            var next = words.NextSibling;
            words.Remove();
            link.InsertBefore(words);
            words = next;
        }
        link.Remove();
    }
}
