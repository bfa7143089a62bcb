using System.Buffers;
using System.Text.Json;

namespace CareTeamPortal.Benchmarks.Floors;

/// <summary>The least that taking a Bundle apart can cost: one pass, byte ranges, the few fields an index needs, no object model, nothing checked.</summary>
internal static class ByteSlicer
{
    internal readonly record struct Piece(Guid FullUrl, string Type, int Start, int Length, string? Subject, long At);

    public static List<Piece> Slice(byte[] bundle)
    {
        var pieces = new List<Piece>(512);
        var reader = new Utf8JsonReader(bundle);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEntry = reader.ValueTextEquals("entry"u8);
            reader.Read();
            if (!isEntry)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                pieces.Add(Entry(ref reader));
        }

        return pieces;
    }

    private static Piece Entry(ref Utf8JsonReader reader)
    {
        Piece piece = default;
        var fullUrl = Guid.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("fullUrl"u8))
            {
                reader.Read();
                if (reader.ValueSpan.Length >= 36)
                    Guid.TryParse(reader.ValueSpan[^36..], out fullUrl);
            }
            else if (reader.ValueTextEquals("resource"u8))
            {
                reader.Read();
                piece = Resource(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return piece with { FullUrl = fullUrl };
    }

    /// <summary>One resource, the reader standing on its opening brace.</summary>
    public static Piece Resource(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        string type = "", subject = "";
        long at = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resourceType"u8))
            {
                reader.Read();
                type = reader.GetString()!;
            }
            else if (reader.ValueTextEquals("subject"u8) || reader.ValueTextEquals("patient"u8))
            {
                subject = Inside(ref reader, "reference"u8) ?? subject;
            }
            else if (reader.ValueTextEquals("period"u8) || reader.ValueTextEquals("performedPeriod"u8))
            {
                if (Inside(ref reader, "start"u8) is { } begin && DateTimeOffset.TryParse(begin, System.Globalization.CultureInfo.InvariantCulture, out var time))
                    at = time.UtcTicks;
            }
            else if (IsDate(ref reader))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time))
                    at = time.UtcTicks;
                else
                    reader.Skip();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new Piece(default, type, start, (int)reader.BytesConsumed - start, subject.Length == 0 ? null : subject, at);
    }

    private static bool IsDate(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("sent"u8) || reader.ValueTextEquals("effectiveDateTime"u8) || reader.ValueTextEquals("recordedDate"u8) || reader.ValueTextEquals("authoredOn"u8)
        || reader.ValueTextEquals("occurrenceDateTime"u8) || reader.ValueTextEquals("issued"u8) || reader.ValueTextEquals("date"u8) || reader.ValueTextEquals("created"u8);

    private static string? Inside(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? found = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt && reader.TokenType == JsonTokenType.String)
                found = reader.GetString();
            else
                reader.Skip();
        }

        return found;
    }

    /// <summary>The resource with its <c>urn:uuid:</c> references pointed at new ids.</summary>
    public static void Rewrite(ReadOnlySpan<byte> json, Dictionary<Guid, Guid> ids, IBufferWriter<byte> output)
    {
        while (json.IndexOf("urn:uuid:"u8) is >= 0 and var at && at + 45 <= json.Length)
        {
            output.Write(json[..at]);
            if (Guid.TryParse(json.Slice(at + 9, 36), out var old) && ids.TryGetValue(old, out var id))
            {
                id.TryFormat(output.GetSpan(36), out var written);
                output.Advance(written);
            }
            else
            {
                output.Write(json.Slice(at, 45));
            }

            json = json[(at + 45)..];
        }

        output.Write(json);
    }

    /// <summary>The resource with an id and a meta put behind its opening brace.</summary>
    public static void Stamp(ReadOnlySpan<byte> json, Guid id, DateTime now, IBufferWriter<byte> output)
    {
        output.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{\"id\":\"{id}\",\"meta\":{{\"versionId\":\"1\",\"lastUpdated\":\"{now:yyyy-MM-ddTHH:mm:ss.fffZ}\"}},")));
        output.Write(json[1..]);
    }
}
