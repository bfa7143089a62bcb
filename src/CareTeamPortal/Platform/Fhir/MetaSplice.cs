using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Writes a stored resource for reading: as it came, with the server's id, version and time put in by cutting bytes, so that nothing else is touched.</summary>
public static class MetaSplice
{
    /// <summary>Writes the resource with <paramref name="id"/>, <c>meta.versionId</c> and <c>meta.lastUpdated</c>; the rest of <c>meta</c> and everything else stays as it came.</summary>
    /// <param name="json">A resource that <see cref="ResourceReader"/> has accepted.</param>
    /// <param name="id">The server's id of the resource.</param>
    /// <param name="version">Version, from 1.</param>
    /// <param name="lastUpdatedUtc">When this version was stored, UTC.</param>
    /// <param name="output">Where to write.</param>
    public static void Write(ReadOnlySpan<byte> json, string id, int version, DateTime lastUpdatedUtc, IBufferWriter<byte> output)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        int open = json.IndexOf((byte)'{') + 1, typeEnd = -1, idAt = -1, idEnd = -1, metaAt = -1, metaEnd = -1;
        var members = new JsonMembers(json, open);
        while (members.Next())
        {
            if (members.Name.SequenceEqual("resourceType"u8)) typeEnd = members.End;
            else if (members.Name.SequenceEqual("id"u8)) (idAt, idEnd) = (members.At, members.End);
            else if (members.Name.SequenceEqual("meta"u8)) (metaAt, metaEnd) = (members.At, members.End);
        }

        // What is missing goes right behind resourceType (or the opening brace); what is there is replaced where it stands. Cuts are made from left to right.
        var insertAt = typeEnd >= 0 ? typeEnd : open;
        Span<(int At, int End, int What)> cuts = stackalloc (int, int, int)[3];
        var n = 0;
        if (idAt < 0 || metaAt < 0) cuts[n++] = (insertAt, insertAt, 0);
        if (idAt >= 0) cuts[n++] = (idAt, idEnd, 2);
        if (metaAt >= 0) cuts[n++] = (metaAt, metaEnd, 3);
        cuts = cuts[..n];
        cuts.Sort((a, b) => a.At.CompareTo(b.At));

        var from = 0;
        foreach (var (at, end, what) in cuts)
        {
            output.Write(json[from..at]);
            from = end;
            if (what == 2) WriteId(id, output);
            else if (what == 3) WriteMeta(json[at..end], version, lastUpdatedUtc, output);
            else WriteMissing(typeEnd >= 0, idAt < 0 ? id : null, metaAt < 0, version, lastUpdatedUtc, output);
        }
        output.Write(json[from..]);
    }

    private static void WriteMissing(bool behindType, string? id, bool meta, int version, DateTime lastUpdated, IBufferWriter<byte> output)
    {
        if (behindType) output.Write(","u8);
        if (id is not null)
        {
            output.Write("\"id\":"u8);
            WriteId(id, output);
            if (meta) output.Write(","u8);
        }
        if (meta)
        {
            output.Write("\"meta\":{"u8);
            WriteVersion(version, lastUpdated, output);
            output.Write("}"u8);
        }
        if (!behindType) output.Write(","u8);
    }

    private static void WriteMeta(ReadOnlySpan<byte> meta, int version, DateTime lastUpdated, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        WriteVersion(version, lastUpdated, output);
        var reader = new Utf8JsonReader(meta, new JsonReaderOptions { MaxDepth = ContentScan.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var keep = !reader.ValueTextEquals("versionId"u8) && !reader.ValueTextEquals("lastUpdated"u8);
            var at = (int)reader.TokenStartIndex;
            reader.Read();
            reader.Skip();
            if (!keep) continue;
            output.Write(","u8);
            output.Write(meta[at..(int)reader.BytesConsumed]);
        }
        output.Write("}"u8);
    }

    private static void WriteVersion(int version, DateTime lastUpdated, IBufferWriter<byte> output)
    {
        output.Write("\"versionId\":\""u8);
        var span = output.GetSpan(16);
        version.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write("\",\"lastUpdated\":\""u8);
        output.Advance(FhirDates.Instant(lastUpdated, output.GetSpan(32)));
        output.Write("\""u8);
    }

    private static void WriteId(string id, IBufferWriter<byte> output)
    {
        if (!ResourceReader.IsId(id)) throw new ArgumentException("Not a FHIR id.", nameof(id));
        output.Write("\""u8);
        output.Advance(Encoding.ASCII.GetBytes(id, output.GetSpan(id.Length)));
        output.Write("\""u8);
    }
}
