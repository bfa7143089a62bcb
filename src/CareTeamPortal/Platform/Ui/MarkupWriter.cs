using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;

namespace CareTeamPortal.Platform.Ui;

/// <summary>
/// Writes plain Razor markup (elements, attributes, text; no components, no event handlers) as HTML, so that what is the same for many viewers is
/// made once and is one frame in each of their circuits. Text and values are encoded here, once; only <see cref="MarkupString"/> goes through as it is.
/// </summary>
internal static class MarkupWriter
{
    // Letters stay letters; what HTML means something by, what has no character and what is beyond the basic plane becomes a reference.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly HashSet<string> Void = new(StringComparer.OrdinalIgnoreCase) { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr" };

    [ThreadStatic]
    private static StringBuilder? s_free;

    /// <summary>The fragment as HTML; empty when it draws nothing.</summary>
    /// <exception cref="InvalidOperationException">It holds a component or an event handler: those cannot be shared.</exception>
    public static string Write(RenderFragment fragment)
    {
        using var tree = new RenderTreeBuilder();
        fragment(tree);
#pragma warning disable BL0006 // The frames are read and nothing else; Blazor's own writer makes a renderer for each piece. MarkupWriterTests hold both to the same HTML.
        var frames = tree.GetFrames();
        var text = s_free ?? new StringBuilder(1024);
        s_free = null;
        Children(text, frames.Array, 0, frames.Count);
#pragma warning restore BL0006
        var html = text.ToString();
        if (text.Capacity <= 64 * 1024)
            s_free = text.Clear();
        return html;
    }

#pragma warning disable BL0006 // As above.
    private static void Children(StringBuilder to, RenderTreeFrame[] frames, int at, int end)
    {
        while (at < end)
        {
            ref var frame = ref frames[at];
            switch (frame.FrameType)
            {
                case RenderTreeFrameType.Element:
                    Element(to, frames, at);
                    at += frame.ElementSubtreeLength;
                    break;
                case RenderTreeFrameType.Region:
                    Children(to, frames, at + 1, at + frame.RegionSubtreeLength);
                    at += frame.RegionSubtreeLength;
                    break;
                case RenderTreeFrameType.Text:
                    Text(to, frame.TextContent);
                    at++;
                    break;
                case RenderTreeFrameType.Markup:
                    Markup(to, frame.MarkupContent);
                    at++;
                    break;
                case RenderTreeFrameType.None:
                    at++;
                    break;
                default:
                    throw new InvalidOperationException($"A {frame.FrameType} cannot be written as shared markup.");
            }
        }
    }

    private static void Text(StringBuilder to, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        if (Indents(text))
            to.Append('\n');
        else
            to.Append(Encoder.Encode(text));
    }

    private static void Markup(StringBuilder to, string? html)
    {
        if (!string.IsNullOrEmpty(html))
            _ = Indents(html) ? to.Append('\n') : to.Append(html);
    }

    // The indentation of the source between two elements says no more than a line end.
    private static bool Indents(string text) => text is ['\r' or '\n', ..] && string.IsNullOrWhiteSpace(text);

    private static void Element(StringBuilder to, RenderTreeFrame[] frames, int at)
    {
        var name = frames[at].ElementName;
        var end = at + frames[at].ElementSubtreeLength;
        to.Append('<').Append(name);
        for (at++; at < end && frames[at].FrameType is RenderTreeFrameType.Attribute; at++)
        {
            switch (frames[at].AttributeValue)
            {
                case string value:
                    to.Append(' ').Append(frames[at].AttributeName).Append("=\"").Append(Encoder.Encode(value)).Append('"');
                    break;
                case true:
                    to.Append(' ').Append(frames[at].AttributeName);
                    break;
                case false or null:
                    break;
                default:
                    throw new InvalidOperationException($"{frames[at].AttributeName} cannot be written as shared markup.");
            }
        }

        to.Append('>');
        if (Void.Contains(name))
            return;
        Children(to, frames, at, end);
        to.Append("</").Append(name).Append('>');
    }
#pragma warning restore BL0006
}
