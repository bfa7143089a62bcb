using System.Globalization;
using System.Text;

namespace CareTeamPortal.Features.Demo;

/// <summary>
/// A letter as a small real PDF (1.4, the reader's own Helvetica, WinAnsi text), without clock or random id: the same text gives the same bytes.
/// </summary>
internal static class DemoPdf
{
    private const int CharactersPerLine = 88;
    private const int LinesPerPage = 46;

    /// <summary>Lays out <paramref name="paragraphs"/> under a heading; returns the file's bytes.</summary>
    public static byte[] Letter(string sender, string title, IReadOnlyList<string> heading, IReadOnlyList<string> paragraphs)
    {
        var lines = new List<(string Text, bool Bold)>();
        foreach (var line in heading)
            lines.Add((line, false));
        lines.Add(("", false));
        foreach (var paragraph in paragraphs)
        {
            var bold = paragraph.StartsWith('#');
            foreach (var line in Wrap(bold ? paragraph[1..].Trim() : paragraph))
                lines.Add((line, bold));
            if (!bold)
                lines.Add(("", false));
        }

        var pages = lines.Chunk(LinesPerPage).ToList();
        using var pdf = new MemoryStream();
        var offsets = new List<long>();
        Write(pdf, "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
        var kids = string.Join(' ', Enumerable.Range(0, pages.Count).Select(i => $"{5 + (2 * i)} 0 R"));
        AddObject(pdf, offsets, "<< /Type /Catalog /Pages 2 0 R /Lang (nl-BE) >>");
        AddObject(pdf, offsets, $"<< /Type /Pages /Kids [{kids}] /Count {pages.Count} >>");
        AddObject(pdf, offsets, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        AddObject(pdf, offsets, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>");
        for (var i = 0; i < pages.Count; i++)
        {
            AddObject(pdf, offsets, $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + (2 * i)} 0 R >>");
            var content = Content(sender, title, pages[i], i + 1, pages.Count);
            AddObject(pdf, offsets, $"<< /Length {content.Length} >>\nstream\n{content}endstream");
        }

        var xref = pdf.Position;
        Write(pdf, $"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            Write(pdf, offset.ToString("0000000000", CultureInfo.InvariantCulture) + " 00000 n \n");
        Write(pdf, $"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n");
        return pdf.ToArray();
    }

    private static string Content(string sender, string title, IEnumerable<(string Text, bool Bold)> lines, int page, int pages)
    {
        var text = new StringBuilder();
        text.Append("BT /F2 11 Tf 56 790 Td (").Append(Escape(sender)).Append(") Tj ET\n");
        text.Append("0.6 w 56 782 m 539 782 l S\n");
        text.Append("BT /F2 16 Tf 56 756 Td (").Append(Escape(title)).Append(") Tj ET\n");
        text.Append("BT 14 TL 56 730 Td\n");
        foreach (var (line, bold) in lines)
            text.Append(bold ? "/F2 10.5 Tf (" : "/F1 10.5 Tf (").Append(Escape(line)).Append(") Tj T*\n");
        text.Append("ET\n");
        text.Append(CultureInfo.InvariantCulture, $"BT /F1 9 Tf 56 40 Td (Fictief document van de demo. Bladzijde {page} van {pages}.) Tj ET\n");
        return text.ToString();
    }

    private static IEnumerable<string> Wrap(string paragraph)
    {
        var line = new StringBuilder();
        foreach (var word in paragraph.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > CharactersPerLine)
            {
                yield return line.ToString();
                line.Clear();
            }
            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }
        yield return line.ToString();
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal).Replace('’', '\'');

    private static void AddObject(MemoryStream pdf, List<long> offsets, string body)
    {
        offsets.Add(pdf.Position);
        Write(pdf, $"{offsets.Count} 0 obj\n{body}\nendobj\n");
    }

    // Latin-1 is WinAnsi for every letter that the letters use; the length in bytes is the length in characters.
    private static void Write(MemoryStream pdf, string text) => pdf.Write(Encoding.Latin1.GetBytes(text));
}
