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
        var members = new Members(json, open);
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

    /// <summary>
    /// The members of an object that is known to be legal JSON, by following quotes and brackets: many times cheaper than reading every token, and
    /// stored resources were read in full when they came.
    /// </summary>
    private ref struct Members(ReadOnlySpan<byte> json, int from)
    {
        private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
        private static readonly SearchValues<byte> EndOfPrimitive = SearchValues.Create(",}] \t\r\n"u8);

        private readonly ReadOnlySpan<byte> _json = json;
        private int _at = from;

        /// <summary>As it stands in the text: names of FHIR are never escaped.</summary>
        public ReadOnlySpan<byte> Name { get; private set; }

        /// <summary>Where the value begins.</summary>
        public int At { get; private set; }

        /// <summary>Behind the value.</summary>
        public int End { get; private set; }

        public bool Next()
        {
            var quote = _json[_at..].IndexOfAny((byte)'"', (byte)'}');
            if (quote < 0 || _json[_at + quote] == (byte)'}') return false;
            var nameAt = _at + quote + 1;
            var nameEnd = StringEnd(nameAt) - 1;
            Name = _json[nameAt..nameEnd];
            var colon = nameEnd + 1 + _json[(nameEnd + 1)..].IndexOf((byte)':');
            At = colon + 1 + _json[(colon + 1)..].IndexOfAnyExcept(" \t\r\n"u8);
            _at = End = ValueEnd(At);
            return true;
        }

        private readonly int ValueEnd(int at)
        {
            if (_json[at] == (byte)'"') return StringEnd(at + 1);
            if (_json[at] is not ((byte)'{' or (byte)'[')) return at + _json[at..].IndexOfAny(EndOfPrimitive);
            var depth = 0;
            while (true)
            {
                at += _json[at..].IndexOfAny(Structure) + 1;
                switch (_json[at - 1])
                {
                    case (byte)'"': at = StringEnd(at); break;
                    case (byte)'{' or (byte)'[': depth++; break;
                    default:
                        if (--depth == 0) return at;
                        break;
                }
            }
        }

        /// <summary>Behind the closing quote of a string whose first character is at <paramref name="at"/>.</summary>
        private readonly int StringEnd(int at)
        {
            while (true)
            {
                at += _json[at..].IndexOfAny((byte)'"', (byte)'\\') + 1;
                if (_json[at - 1] == (byte)'"') return at;
                at++;
            }
        }
    }
}
