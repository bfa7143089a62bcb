using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>
/// One pass over a resource's tokens: where each stands, the content hash, every reference, and what is odd in numbers and dates.
/// The only pass that is made, because it runs for every resource of an import.
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

        // Where its rows begin, and which names it had so far, roughly.
        public int Row, Names;
        public ulong Seen;
        public bool Compare;

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

    /// <summary>Takes a resource apart.</summary>
    /// <exception cref="FhirFormatException">Broken JSON, lone surrogates, invalid UTF-8, nesting beyond <see cref="MaxDepth"/>.</exception>
    public static void Run(ReadOnlyMemory<byte> json, FhirDocument document)
    {
        var text = json.Span;
        if (!System.Text.Unicode.Utf8.IsValid(text)) throw new FhirFormatException("", "is not valid UTF-8");
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            Run(json, ref reader, document);
            // Whatever follows is an error.
            reader.Read();
        }
        catch (JsonException e)
        {
            throw new FhirFormatException(Where(e), "is not legal JSON or is nested too deep");
        }
        catch (InvalidOperationException)
        {
            throw new FhirFormatException("", "holds half of a surrogate pair");
        }
    }

    internal static string Where(JsonException e) => $"line {e.LineNumber + 1}, byte {e.BytePositionInLine} of the line";

    /// <summary>The place of a byte, as <see cref="Where(JsonException)"/> says it.</summary>
    internal static string Where(ReadOnlySpan<byte> json, int at) => $"line {json[..at].Count((byte)'\n') + 1}, byte {at - (json[..at].LastIndexOf((byte)'\n') + 1)} of the line";

    /// <summary>
    /// Takes the value apart on which the reader stands, and leaves the reader on its end. The bytes may hold more before and behind.
    /// False when the bytes end before it does (only a reader of a piece) or it is nested too deep. Does not look whether the bytes are UTF-8.
    /// </summary>
    public static bool Run(ReadOnlyMemory<byte> bytes, ref Utf8JsonReader reader, FhirDocument document)
    {
        document.Begin(bytes);
        var json = bytes.Span;
        var canonical = new Canonical();
        try
        {
            return Run(json, ref reader, document, ref canonical);
        }
        finally
        {
            canonical.Dispose();
        }
    }

    private static bool Run(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, FhirDocument document, ref Canonical canonical)
    {
        Span<Frame> frames = stackalloc Frame[MaxDepth];
        var depth = -1;
        int nameAt = -1, nameLength = 0;
        var metaFrom = -1;
        var metaEmptyLength = -1;

        // While the server's version and time pass: they are not part of the content.
        var quiet = false;

        while (true)
        {
            var token = reader.TokenType;
            switch (token)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    if (++depth == MaxDepth) return false;
                    frames[depth].Open(token == JsonTokenType.StartObject, nameAt, nameLength);
                    frames[depth].Row = document.Add(token == JsonTokenType.StartObject ? JsonValueKind.Object : JsonValueKind.Array, (int)reader.TokenStartIndex, 0, false);
                    if (!quiet)
                    {
                        canonical.Mark(token == JsonTokenType.StartObject ? (byte)7 : (byte)9);
                        if (depth == 1 && metaFrom >= 0 && metaEmptyLength < 0) metaEmptyLength = canonical.Length;
                    }
                    nameAt = -1;
                    nameLength = 0;
                    break;

                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    ref var row = ref document.Row(frames[depth].Row);
                    row.Length = (int)reader.TokenStartIndex + 1 - row.At;
                    row.Next = document.Count;
                    if (frames[depth].Compare && document.TwiceAt < 0) document.TwiceAt = Twice(document, frames[depth].Row);
                    if (!quiet)
                    {
                        if (token == JsonTokenType.EndObject) CloseObject(json, frames, depth, document.References, document.Oddities);
                        // A meta that holds only the server's version and time says as much as no meta at all.
                        if (depth == 1 && metaFrom >= 0 && canonical.Length == metaEmptyLength) canonical.Length = metaFrom;
                        else canonical.Mark(token == JsonTokenType.EndObject ? (byte)8 : (byte)10);
                    }
                    if (depth == 1)
                    {
                        metaFrom = -1;
                        metaEmptyLength = -1;
                    }
                    depth--;
                    nameAt = -1;
                    nameLength = 0;
                    if (depth == 1) quiet = false;
                    break;

                case JsonTokenType.PropertyName:
                    nameAt = (int)reader.TokenStartIndex + 1;
                    nameLength = reader.ValueSpan.Length;
                    Name(ref reader, document, ref frames[depth], nameAt);
                    if (depth == 0)
                    {
                        metaFrom = reader.ValueTextEquals("meta"u8) ? canonical.Length : -1;
                        metaEmptyLength = -1;
                    }
                    else if (depth == 1 && metaFrom >= 0 && frames[1].IsObject && (reader.ValueTextEquals("versionId"u8) || reader.ValueTextEquals("lastUpdated"u8)))
                    {
                        quiet = true;
                    }
                    if (quiet) break;
                    Note(ref frames[depth], reader.ValueSpan);
                    canonical.Add(1, ref reader);
                    break;

                case JsonTokenType.String:
                    document.Add(JsonValueKind.String, (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
                    if (!quiet)
                    {
                        canonical.Add(2, ref reader);
                        if (depth >= 0 && nameLength > 0) TakeString(json, ref reader, frames, depth, nameAt, nameLength, document.Oddities);
                    }
                    if (depth >= 0 && frames[depth].IsObject) nameAt = -1;
                    if (depth == 1) quiet = false;
                    break;

                case JsonTokenType.Number:
                    document.Add(JsonValueKind.Number, (int)reader.TokenStartIndex, reader.ValueSpan.Length, false);
                    if (!quiet) canonical.Add(3, ref reader);
                    if (depth == 1) quiet = false;
                    break;

                default:
                    document.Add(token switch { JsonTokenType.True => JsonValueKind.True, JsonTokenType.False => JsonValueKind.False, _ => JsonValueKind.Null }, (int)reader.TokenStartIndex, reader.ValueSpan.Length, false);
                    if (!quiet) canonical.Mark(token switch { JsonTokenType.True => 4, JsonTokenType.False => 5, _ => 6 });
                    if (depth == 1) quiet = false;
                    break;
            }
            if (depth < 0) break;
            if (!reader.Read()) return false;
        }
        document.End(SHA256.HashData(canonical.Written));
        return true;
    }

    /// <summary>Keeps a property's name, and finds out whether its object has it already.</summary>
    private static void Name(ref Utf8JsonReader reader, FhirDocument document, ref Frame frame, int at)
    {
        var name = reader.ValueSpan;
        var row = document.Add(JsonValueKind.String, at, name.Length, reader.ValueIsEscaped);
        frame.Names++;
        if (reader.ValueIsEscaped || frame.Names > 48)
        {
            // Rare: compared by their text when the object closes, in a set, so that many names cost no more than their number.
            frame.Compare = true;
            return;
        }
        var bit = 1UL << (name.Length == 0 ? 0 : (name[0] * 7 + name[^1] * 3 + name.Length * 11) & 63);
        if ((frame.Seen & bit) == 0 || document.TwiceAt >= 0)
        {
            frame.Seen |= bit;
            return;
        }
        for (var i = frame.Row + 1; i < row; i = document.Row(i + 1).Next)
            if (document.Row(i).Length == name.Length && document.Bytes(document.Row(i)).SequenceEqual(name)) document.TwiceAt = at - 1;
    }

    private static int Twice(FhirDocument document, int row)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = row + 1; i < document.Row(row).Next; i = document.Row(i + 1).Next)
            if (!names.Add(document.Text(document.Row(i)))) return document.Row(i).At - 1;
        return -1;
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

    private static bool IsDate(ReadOnlySpan<byte> text) => text.Length <= 40 && FhirDates.Parse(text) is not null;

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
        var size = last.Length + 1;
        for (var i = 1; i <= depth; i++) size += frames[i].NameLength + 1;
        Span<byte> path = size <= 512 ? stackalloc byte[512] : new byte[size];
        var length = 0;
        for (var i = 1; i <= depth; i++)
            // An object inside an array carries no name of its own; the array has it.
            if (frames[i].NameLength > 0) Step(path, ref length, json.Slice(frames[i].NameAt, frames[i].NameLength));
        if (last.Length > 0) Step(path, ref length, last);
        return CommonWords.Of(path[..length]);

        static void Step(Span<byte> path, ref int length, ReadOnlySpan<byte> name)
        {
            if (length > 0) path[length++] = (byte)'.';
            name.CopyTo(path[length..]);
            length += name.Length;
        }
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

    private static string At(in Utf8JsonReader reader) => $"byte {reader.TokenStartIndex}";

    /// <summary>What is hashed: the tokens with their kinds and sizes, so that white space and ways of escaping make no difference.</summary>
    private ref struct Canonical()
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(8 * 1024);

        public int Length { get; set; }

        public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

        /// <summary>A token that is all said by its kind.</summary>
        public void Mark(byte kind)
        {
            Ensure(1);
            _bytes[Length++] = kind;
        }

        /// <summary>A name, string or number.</summary>
        public void Add(byte kind, ref Utf8JsonReader reader)
        {
            var raw = reader.ValueSpan;
            Ensure(raw.Length + 6);
            _bytes[Length++] = kind;
            if (!reader.ValueIsEscaped)
            {
                Size(raw.Length);
                raw.CopyTo(_bytes.AsSpan(Length));
                Length += raw.Length;
                return;
            }
            var unescaped = ArrayPool<byte>.Shared.Rent(raw.Length);
            try
            {
                var n = reader.CopyString(unescaped);
                if (unescaped.AsSpan(0, n).Contains((byte)0)) throw new FhirFormatException(At(reader), "holds a NUL character");
                Size(n);
                unescaped.AsSpan(0, n).CopyTo(_bytes.AsSpan(Length));
                Length += n;
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

        private void Size(int size)
        {
            while (size >= 0x80)
            {
                _bytes[Length++] = (byte)(size | 0x80);
                size >>= 7;
            }
            _bytes[Length++] = (byte)size;
        }

        private void Ensure(int more)
        {
            if (Length + more <= _bytes.Length) return;
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
    }
}
