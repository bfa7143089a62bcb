using System.Net;

namespace CareTeamPortal.Benchmarks.Floors;

/// <summary>A page as a flat list of what a renderer would write: open, attribute, text, close. Reads the HTML that Blazor itself wrote, so it need not forgive much.</summary>
public sealed class PageMarkup
{
    public enum Step
    {
        Open,
        Attribute,
        Text,
        Close,
    }

    private static readonly HashSet<string> Void = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

    public PageMarkup(string html)
    {
        var body = html.IndexOf("<body", StringComparison.Ordinal);
        var end = html.IndexOf("</body>", StringComparison.Ordinal);
        if (body >= 0 && end > body)
            Read(html.AsSpan(html.IndexOf('>', body) + 1, end - html.IndexOf('>', body) - 1));
    }

    public List<(Step Step, string Name, string? Value)> Steps { get; } = [];

    private void Read(ReadOnlySpan<char> html)
    {
        while (html.Length > 0)
        {
            var open = html.IndexOf('<');
            var text = open < 0 ? html : html[..open];
            if (!text.IsWhiteSpace())
                Steps.Add((Step.Text, "", WebUtility.HtmlDecode(text.ToString())));
            if (open < 0)
                return;
            html = html[open..];
            if (html.StartsWith("<!--"))
            {
                html = html[(html.IndexOf("-->") + 3)..];
            }
            else if (html.StartsWith("<script"))
            {
                html = html[(html.IndexOf("</script>") + 9)..];
            }
            else if (html[1] == '/')
            {
                Steps.Add((Step.Close, "", null));
                html = html[(html.IndexOf('>') + 1)..];
            }
            else
            {
                html = Tag(html[1..]);
            }
        }
    }

    /// <summary>Reads a tag after its bracket; what follows it.</summary>
    private ReadOnlySpan<char> Tag(ReadOnlySpan<char> html)
    {
        var length = html.IndexOfAny(" />\r\n\t");
        var name = html[..length].ToString();
        Steps.Add((Step.Open, name, null));
        html = html[length..].TrimStart();
        while (html[0] is not ('>' or '/'))
        {
            var end = html.IndexOfAny(" =>/\r\n");
            var attribute = html[..end].ToString();
            html = html[end..].TrimStart();
            string? value = null;
            if (html[0] == '=')
            {
                var close = html[2..].IndexOf(html[1]) + 2;
                value = WebUtility.HtmlDecode(html[2..close].ToString());
                html = html[(close + 1)..].TrimStart();
            }

            Steps.Add((Step.Attribute, attribute, value));
        }

        if (html[0] == '/' || Void.Contains(name))
            Steps.Add((Step.Close, "", null));
        return html[(html.IndexOf('>') + 1)..];
    }
}
