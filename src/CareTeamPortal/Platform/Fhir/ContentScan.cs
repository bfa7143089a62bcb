using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>
/// One pass over a resource's tokens: the content hash, every reference, and what is odd in numbers and dates.
/// A reader pass instead of walking a document, because this runs for every resource of an import.
/// </summary>
internal static class ContentScan
{
    /// <summary>Deepest nesting that a resource may have.</summary>
    public const int MaxDepth = 64;

    /// <summary>One open object or array; positions point into the scanned bytes, -1 when unseen.</summary>
    private struct Frame
    {
        public int NameAt, NameLength;
        public bool IsObject, NotReference;
        public int ReferenceAt, ReferenceLength, DisplayAt, DisplayLength, TypeAt, TypeLength;
        public int SystemAt, SystemLength, ValueAt, ValueLength;

        // The system and value of a child object named identifier, for references by identifier.
        public int ChildSystemAt, ChildSystemLength, ChildValueAt, ChildValueLength;

        public void Open(bool isObject, int nameAt, int nameLength)
        {
            this = default;
            IsObject = isObject;
            NameAt = nameAt;
            NameLength = nameLength;
            ReferenceAt = DisplayAt = TypeAt = SystemAt = ValueAt = ChildSystemAt = ChildValueAt = -1;
        }
    }

    /// <summary>Scans a resource. Throws <see cref="FhirFormatException"/> for broken JSON, lone surrogates, invalid UTF-8 and nesting beyond <see cref="MaxDepth"/>.</summary>
    public static byte[] Run(ReadOnlySpan<byte> json, List<FhirReference> references, List<string> oddities)
    {
        if (!System.Text.Unicode.Utf8.IsValid(json)) throw new FhirFormatException("", "is not valid UTF-8");
        var rented = ArrayPool<byte>.Shared.Rent(json.Length + 256);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            return Run(json, ref reader, ref rented, references, oddities);
        }
        catch (JsonException e)
        {
            throw new FhirFormatException(Where(e), "is not legal JSON or is nested too deep");
        }
        catch (InvalidOperationException)
        {
            throw new FhirFormatException("", "holds half of a surrogate pair");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    internal static string Where(JsonException e) => $"line {e.LineNumber + 1}, byte {e.BytePositionInLine} of the line";

    private static byte[] Run(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ref byte[] canonical, List<FhirReference> references, List<string> oddities)
    {
        Span<Frame> frames = stackalloc Frame[MaxDepth + 1];
        var depth = -1;
        int nameAt = -1, nameLength = 0;
        var length = 0;
        var metaFrom = -1;
        var metaEmptyLength = -1;

        while (reader.Read())
        {
            var token = reader.TokenType;
            switch (token)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    depth++;
                    frames[depth].Open(token == JsonTokenType.StartObject, nameAt, nameLength);
                    Ensure(ref canonical, length, 1);
                    canonical[length++] = token == JsonTokenType.StartObject ? (byte)7 : (byte)9;
                    if (depth == 1 && metaFrom >= 0 && metaEmptyLength < 0) metaEmptyLength = length;
                    nameAt = -1;
                    nameLength = 0;
                    break;

                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    if (token == JsonTokenType.EndObject) CloseObject(json, frames, depth, references, oddities);
                    if (depth == 1 && metaFrom >= 0 && length == metaEmptyLength)
                    {
                        // A meta that holds only the server's version and time says as much as no meta at all.
                        length = metaFrom;
                    }
                    else
                    {
                        Ensure(ref canonical, length, 1);
                        canonical[length++] = token == JsonTokenType.EndObject ? (byte)8 : (byte)10;
                    }
                    if (depth == 1)
                    {
                        metaFrom = -1;
                        metaEmptyLength = -1;
                    }
                    depth--;
                    nameAt = -1;
                    nameLength = 0;
                    break;

                case JsonTokenType.PropertyName:
                    nameAt = (int)reader.TokenStartIndex + 1;
                    nameLength = reader.ValueSpan.Length;
                    if (depth == 0)
                    {
                        metaFrom = reader.ValueTextEquals("meta"u8) ? length : -1;
                        metaEmptyLength = -1;
                    }
                    else if (depth == 1 && metaFrom >= 0 && frames[1].IsObject && (reader.ValueTextEquals("versionId"u8) || reader.ValueTextEquals("lastUpdated"u8)))
                    {
                        reader.Read();
                        reader.Skip();
                        nameAt = -1;
                        break;
                    }
                    Note(ref frames[depth], reader.ValueSpan);
                    Append(ref canonical, ref length, 1, ref reader);
                    break;

                case JsonTokenType.String:
                    Append(ref canonical, ref length, 2, ref reader);
                    if (depth >= 0 && nameLength > 0) TakeString(json, ref reader, frames, depth, nameAt, nameLength, oddities);
                    if (depth >= 0 && frames[depth].IsObject) nameAt = -1;
                    break;

                case JsonTokenType.Number:
                    Append(ref canonical, ref length, 3, ref reader);
                    break;

                default:
                    Ensure(ref canonical, length, 1);
                    canonical[length++] = token switch { JsonTokenType.True => 4, JsonTokenType.False => 5, _ => 6 };
                    break;
            }
        }
        return SHA256.HashData(canonical.AsSpan(0, length));
    }

    /// <summary>Remembers whether an object can still be a Reference datatype: it has no other properties than these.</summary>
    private static void Note(ref Frame frame, ReadOnlySpan<byte> name)
    {
        if (frame.NotReference) return;
        frame.NotReference = name.Length switch
        {
            2 => !name.SequenceEqual("id"u8),
            4 => !name.SequenceEqual("type"u8),
            5 => !name.SequenceEqual("_type"u8),
            7 => !name.SequenceEqual("display"u8),
            8 => !name.SequenceEqual("_display"u8),
            9 => !name.SequenceEqual("reference"u8) && !name.SequenceEqual("extension"u8),
            10 => !name.SequenceEqual("identifier"u8) && !name.SequenceEqual("_reference"u8),
            _ => true,
        };
    }

    private static void TakeString(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, scoped Span<Frame> frames, int depth, int nameAt, int nameLength, List<string> oddities)
    {
        ref var frame = ref frames[depth];
        var name = json.Slice(nameAt, nameLength);
        var at = (int)reader.TokenStartIndex + 1;
        var size = reader.ValueSpan.Length;
        if (!frame.IsObject) return;
        switch (nameLength)
        {
            case 4 when name.SequenceEqual("type"u8): frame.TypeAt = at; frame.TypeLength = size; return;
            case 5 when name.SequenceEqual("value"u8): frame.ValueAt = at; frame.ValueLength = size; return;
            case 6 when name.SequenceEqual("system"u8): frame.SystemAt = at; frame.SystemLength = size; return;
            case 7 when name.SequenceEqual("display"u8): frame.DisplayAt = at; frame.DisplayLength = size; return;
            case 9 when name.SequenceEqual("reference"u8): frame.ReferenceAt = at; frame.ReferenceLength = size; return;
        }
        if (IsDateName(name) && !reader.ValueIsEscaped && !IsDate(reader.ValueSpan)) // an escaped + is no fault of the date
        {
            oddities.Add($"{Path(json, frames, depth, name)}: not a date that can be");
        }
    }

    private static bool IsDateName(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            3 => name.SequenceEqual("end"u8),
            4 => name.SequenceEqual("sent"u8) || name.SequenceEqual("date"u8),
            5 => name.SequenceEqual("start"u8),
            6 => name.SequenceEqual("issued"u8),
            7 => name.SequenceEqual("created"u8) || name.SequenceEqual("started"u8),
            _ => name.EndsWith("Date"u8) || name.EndsWith("DateTime"u8) || name.SequenceEqual("recorded"u8) || name.SequenceEqual("received"u8) || name.SequenceEqual("authored"u8)
                || name.SequenceEqual("authoredOn"u8) || name.SequenceEqual("timestamp"u8) || name.SequenceEqual("lastModified"u8) || name.SequenceEqual("dateAsserted"u8)
                || name.SequenceEqual("whenHandedOver"u8) || name.SequenceEqual("whenPrepared"u8),
        };

    private static bool IsDate(ReadOnlySpan<byte> text)
    {
        if (text.Length > 40) return false;
        Span<char> chars = stackalloc char[40];
        var n = Encoding.UTF8.GetChars(text, chars);
        return FhirDates.Parse(chars[..n]) is not null;
    }

    private static void CloseObject(ReadOnlySpan<byte> json, scoped Span<Frame> frames, int depth, List<FhirReference> references, List<string> oddities)
    {
        ref var frame = ref frames[depth];
        if (frame.SystemAt >= 0 && frame.ValueAt >= 0)
        {
            CheckNumber(json, frames, depth, oddities);
            if (depth > 0 && frame.NameLength == 10 && json.Slice(frame.NameAt, 10).SequenceEqual("identifier"u8))
            {
                ref var parent = ref frames[depth - 1];
                (parent.ChildSystemAt, parent.ChildSystemLength, parent.ChildValueAt, parent.ChildValueLength) = (frame.SystemAt, frame.SystemLength, frame.ValueAt, frame.ValueLength);
            }
        }
        else if (frame.ValueAt >= 0 && depth > 0 && frame.NameLength == 10 && json.Slice(frame.NameAt, 10).SequenceEqual("identifier"u8))
        {
            (frames[depth - 1].ChildValueAt, frames[depth - 1].ChildValueLength) = (frame.ValueAt, frame.ValueLength);
        }

        if (frame.NotReference || depth == 0 || frame.ReferenceAt < 0 && frame.ChildValueAt < 0) return;
        FhirToken? identifier = frame.ChildValueAt < 0 ? null : new FhirToken(Text(json, frame.ChildSystemAt, frame.ChildSystemLength), Text(json, frame.ChildValueAt, frame.ChildValueLength)!);
        references.Add(new FhirReference(
            Path(json, frames, depth, default), Text(json, frame.ReferenceAt, frame.ReferenceLength), identifier,
            Text(json, frame.TypeAt, frame.TypeLength), Text(json, frame.DisplayAt, frame.DisplayLength)));
    }

    private static void CheckNumber(ReadOnlySpan<byte> json, scoped Span<Frame> frames, int depth, List<string> oddities)
    {
        ref var frame = ref frames[depth];
        var system = json.Slice(frame.SystemAt, frame.SystemLength);
        if (!system.StartsWith("https://www.ehealth.fgov.be/"u8)) return;
        var name = Text(json, frame.SystemAt, frame.SystemLength);
        var value = Text(json, frame.ValueAt, frame.ValueLength)!;

        // A pseudonym stands where a number would: nothing to check.
        if (value.StartsWith("urn:be:fgov:ehealth:pseudo:", StringComparison.Ordinal)) return;
        if (BelgianNumbers.IsSsinSystem(name) && !BelgianNumbers.IsInsz(value)) oddities.Add($"{Path(json, frames, depth, default)}: the check digits of this INSZ do not fit");
        else if (BelgianNumbers.IsNihdiSystem(name) && !BelgianNumbers.IsNihii(value)) oddities.Add($"{Path(json, frames, depth, default)}: the check digits of this NIHII do not fit");
    }

    /// <summary>Property names from the root down, without indices: <c>participant.actor</c>.</summary>
    private static string Path(ReadOnlySpan<byte> json, scoped Span<Frame> frames, int depth, ReadOnlySpan<byte> last)
    {
        var text = new StringBuilder(48);
        for (var i = 1; i <= depth; i++)
        {
            // An object inside an array carries no name of its own; the array has it.
            if (frames[i].NameLength == 0) continue;
            if (text.Length > 0) text.Append('.');
            text.Append(Encoding.UTF8.GetString(json.Slice(frames[i].NameAt, frames[i].NameLength)));
        }
        if (last.Length > 0)
        {
            if (text.Length > 0) text.Append('.');
            text.Append(Encoding.UTF8.GetString(last));
        }
        return text.ToString();
    }

    private static string? Text(ReadOnlySpan<byte> json, int at, int length)
    {
        if (at < 0) return null;
        var raw = json.Slice(at, length);
        if (raw.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(raw);
        var reader = new Utf8JsonReader(json.Slice(at - 1, length + 2));
        reader.Read();
        return reader.GetString();
    }

    private static void Append(ref byte[] canonical, ref int length, byte kind, ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        Ensure(ref canonical, length, raw.Length + 6);
        canonical[length++] = kind;
        if (!reader.ValueIsEscaped)
        {
            Size(canonical, ref length, raw.Length);
            raw.CopyTo(canonical.AsSpan(length));
            length += raw.Length;
            return;
        }
        var unescaped = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            var n = reader.CopyString(unescaped);
            if (unescaped.AsSpan(0, n).Contains((byte)0)) throw new FhirFormatException(At(reader), "holds a NUL character");
            Size(canonical, ref length, n);
            unescaped.AsSpan(0, n).CopyTo(canonical.AsSpan(length));
            length += n;
        }
        catch (InvalidOperationException)
        {
            throw new FhirFormatException(At(reader), "holds half of a surrogate pair");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unescaped);
        }
    }

    private static string At(in Utf8JsonReader reader) => $"byte {reader.TokenStartIndex}";

    private static void Size(byte[] canonical, ref int length, int size)
    {
        while (size >= 0x80)
        {
            canonical[length++] = (byte)(size | 0x80);
            size >>= 7;
        }
        canonical[length++] = (byte)size;
    }

    private static void Ensure(ref byte[] buffer, int length, int more)
    {
        if (length + more <= buffer.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
