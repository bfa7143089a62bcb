using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>
/// One value inside a <see cref="FhirDocument"/>. The short ways to look into it answer null (or nothing) for what is absent or of another shape: imported data is not to be trusted.
/// Valid as long as its document.
/// </summary>
public readonly struct FhirNode
{
    private readonly FhirDocument? _document;
    private readonly int _at;

    internal FhirNode(FhirDocument document, int at) => (_document, _at) = (document, at);

    /// <summary>What it is; <see cref="JsonValueKind.Undefined"/> for a node of no document.</summary>
    public JsonValueKind ValueKind => _document is null ? JsonValueKind.Undefined : _document.Row(_at).Kind;

    /// <summary>The value of a property of this object.</summary>
    public bool TryGetProperty(ReadOnlySpan<byte> name, out FhirNode child)
    {
        var at = _document is null ? -1 : _document.Find(_at, name);
        child = at < 0 ? default : new FhirNode(_document!, at);
        return at >= 0;
    }

    /// <inheritdoc cref="TryGetProperty(ReadOnlySpan{byte}, out FhirNode)"/>
    public bool TryGetProperty(string name, out FhirNode child)
    {
        if (name.Length > 128)
        {
            child = default;
            return false;
        }

        Span<byte> bytes = stackalloc byte[3 * name.Length];
        return TryGetProperty(bytes[..Encoding.UTF8.GetBytes(name, bytes)], out child);
    }

    /// <summary>The text of a string.</summary>
    /// <exception cref="InvalidOperationException">It is no string.</exception>
    public string GetString() => ValueKind == JsonValueKind.String ? _document!.Text(_document.Row(_at)) : throw new InvalidOperationException("not a string");

    /// <summary>The value as it stands in the JSON, with the quotes of a string.</summary>
    public string GetRawText() => _document is null ? "" : Encoding.UTF8.GetString(_document.Raw(_document.Row(_at)));

    /// <summary>A number, when a decimal can hold it.</summary>
    public bool TryGetDecimal(out decimal value)
    {
        value = 0;
        if (ValueKind != JsonValueKind.Number) return false;
        var text = _document!.Raw(_document.Row(_at));
        return Utf8Parser.TryParse(text, out value, out int used, text.ContainsAny((byte)'e', (byte)'E') ? 'e' : default) && used == text.Length;
    }

    /// <summary>The bytes that a string holds in base64.</summary>
    public bool TryGetBytesFromBase64(out byte[] bytes)
    {
        bytes = [];
        if (ValueKind != JsonValueKind.String) return false;
        var reader = new Utf8JsonReader(_document!.Raw(_document.Row(_at)));
        if (!reader.Read() || !reader.TryGetBytesFromBase64(out var found)) return false;
        bytes = found;
        return true;
    }

    /// <summary>A child of any kind, or null.</summary>
    public FhirNode? Child(ReadOnlySpan<byte> name) => TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? child : null;

    /// <summary>A string child, or null.</summary>
    public string? Text(ReadOnlySpan<byte> name) => TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.String ? child.GetString() : null;

    /// <summary>The string child, trimmed, or null when it is absent or blank.</summary>
    public string? Words(ReadOnlySpan<byte> name) => Text(name)?.Trim() is { Length: > 0 } words ? words : null;

    /// <summary>The same for what is the same in many resources (a code, a system, a status): one string serves them all.</summary>
    internal string? Code(ReadOnlySpan<byte> name) => TryGetProperty(name, out var child) ? child.AsCode() : null;

    /// <inheritdoc cref="Code"/>
    internal string? AsCode()
    {
        if (ValueKind != JsonValueKind.String) return null;
        ref readonly var row = ref _document!.Row(_at);
        var text = row.Escaped ? _document.Text(row) : CommonWords.Of(_document.Bytes(row));
        return text.Trim() is { Length: > 0 } code ? code : null;
    }

    /// <summary>The child's items when it is an array; the child itself when it is one thing; else nothing.</summary>
    public FhirNodes Each(ReadOnlySpan<byte> name) => TryGetProperty(name, out var child) ? child.AsItems() : default;

    /// <summary>The items of an array; what is no array is its own only item; null is nothing.</summary>
    public FhirNodes AsItems() => _document is null ? default : _document.Items(_at);

    /// <summary>The first item of an array child (or the child itself), or null.</summary>
    public FhirNode? First(ReadOnlySpan<byte> name)
    {
        if (!TryGetProperty(name, out var child)) return null;
        foreach (var item in child.AsItems()) return item;
        return null;
    }

    /// <summary>How many items an array has; 0 for anything else.</summary>
    public int GetArrayLength()
    {
        if (ValueKind != JsonValueKind.Array) return 0;
        var count = 0;
        foreach (var _ in AsItems()) count++;
        return count;
    }

    /// <summary>A CodeableConcept in words: its text, else the first coding with a display, else the first code; null when it says nothing.</summary>
    public string? ConceptWords()
    {
        if (ValueKind == JsonValueKind.String) return GetString();
        if (Words("text"u8) is { } text) return text;
        string? code = null;
        foreach (var coding in Each("coding"u8))
        {
            if (coding.Words("display"u8) is { } display) return display;
            code ??= coding.Words("code"u8);
        }
        return code;
    }

    /// <summary>Whether a CodeableConcept holds words and not only a code.</summary>
    public string? ConceptDisplay()
    {
        if (Words("text"u8) is { } text) return text;
        foreach (var coding in Each("coding"u8))
            if (coding.Words("display"u8) is { } display) return display;
        return null;
    }

    /// <summary>A Reference datatype as written; null when the element is none or empty.</summary>
    public FhirReference? AsReference(string path)
    {
        if (ValueKind != JsonValueKind.Object) return null;
        var literal = Words("reference"u8);
        FhirToken? identifier = Child("identifier"u8) is { } id && id.Words("value"u8) is { } value ? new FhirToken(id.Words("system"u8), value) : null;
        var display = Words("display"u8);
        return literal is null && identifier is null && display is null ? null : new FhirReference(path, literal, identifier, Code("type"u8), display);
    }

    /// <summary>The reference in a child (the first, when it repeats), or null.</summary>
    public FhirReference? Ref(ReadOnlySpan<byte> name, string path) => First(name)?.AsReference(path);

    /// <summary>A date, dateTime or instant child, or null.</summary>
    public FhirDate? Date(ReadOnlySpan<byte> name) => TryGetProperty(name, out var child) ? child.AsDate() : null;

    /// <summary>The element as a date, dateTime or instant, or null.</summary>
    public FhirDate? AsDate()
    {
        if (ValueKind != JsonValueKind.String) return null;
        ref readonly var row = ref _document!.Row(_at);
        return row.Escaped ? FhirDates.Parse(_document.Text(row)) : FhirDates.Parse(_document.Bytes(row));
    }

    /// <summary>A Period child as one span. An open end is <see cref="DateTime.MaxValue"/>; a period with only an end starts where its end does.</summary>
    public FhirDate? Period(ReadOnlySpan<byte> name) => First(name)?.AsPeriod();

    /// <inheritdoc cref="Period"/>
    public FhirDate? AsPeriod() => FhirElements.Span(Date("start"u8), Date("end"u8));

    /// <summary>A Timing as one span: its first event, else its bounds.</summary>
    public FhirDate? Timing(ReadOnlySpan<byte> name)
    {
        if (Child(name) is not { ValueKind: JsonValueKind.Object } timing) return null;
        return timing.First("event"u8)?.AsDate() ?? timing.Child("repeat"u8)?.Period("boundsPeriod"u8);
    }
}

/// <summary>The items of an array, or one value as its own only item.</summary>
public readonly struct FhirNodes : IEnumerable<FhirNode>
{
    private readonly FhirDocument? _document;
    private readonly int _from, _to;

    internal FhirNodes(FhirDocument document, int from, int to) => (_document, _from, _to) = (document, from, to);

    /// <summary>One after the other.</summary>
    public Enumerator GetEnumerator() => new(_document, _from, _to);

    IEnumerator<FhirNode> IEnumerable<FhirNode>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks from value to value.</summary>
    public struct Enumerator : IEnumerator<FhirNode>
    {
        private readonly FhirDocument? _document;
        private readonly int _to;
        private int _at, _next;

        internal Enumerator(FhirDocument? document, int from, int to) => (_document, _next, _to) = (document, from, to);

        /// <inheritdoc/>
        public readonly FhirNode Current => new(_document!, _at);

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_document is null || _next >= _to) return false;
            _at = _next;
            _next = _document.Row(_at).Next;
            return true;
        }

        readonly void IEnumerator.Reset() => throw new NotSupportedException();

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}

/// <summary>
/// A resource taken apart in one pass over its bytes (<see cref="ContentScan"/>): where every value stands, its hash, its references, what is odd. The values stay in the bytes;
/// nothing is copied. One instance can take one resource after the other.
/// </summary>
public sealed class FhirDocument : IDisposable
{
    /// <summary>Larger buffers are not kept for the next resource.</summary>
    private const int KeptRows = 16 * 1024;

    /// <summary>One name or value: its bytes (a string without its quotes) and the row behind it and all that is in it. A property is a row for its name and the rows of its value.</summary>
    internal struct Line
    {
        public int At, Length, Next;
        public JsonValueKind Kind;
        public bool Escaped;
    }

    private ReadOnlyMemory<byte> _bytes;
    private Line[] _rows = ArrayPool<Line>.Shared.Rent(256);
    private int _count;

    /// <summary>The resource itself.</summary>
    public FhirNode RootElement => new(this, 0);

    internal byte[] Hash { get; private set; } = [];
    internal List<FhirReference> References { get; private set; } = [];
    internal List<string> Oddities { get; private set; } = [];

    /// <summary>Where a property stands that its object has already; -1 when none does.</summary>
    internal int TwiceAt { get; set; } = -1;

    /// <summary>What <see cref="ResourceReader"/> read of it.</summary>
    internal ResourceFacts? Facts { get; set; }

    internal int Count => _count;

    internal ref Line Row(int at) => ref _rows[at];

    internal ReadOnlySpan<byte> Bytes(in Line row) => _bytes.Span.Slice(row.At, row.Length);

    internal ReadOnlySpan<byte> Raw(in Line row) => row.Kind == JsonValueKind.String ? _bytes.Span.Slice(row.At - 1, row.Length + 2) : Bytes(row);

    internal string Text(in Line row)
    {
        if (!row.Escaped) return Encoding.UTF8.GetString(Bytes(row));
        var reader = new Utf8JsonReader(Raw(row));
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>Which resource this is about: another number for each.</summary>
    internal int Turn { get; private set; }

    /// <summary>Begins with the next resource, somewhere in these bytes.</summary>
    internal void Begin(ReadOnlyMemory<byte> bytes)
    {
        Turn++;
        _bytes = bytes;
        _count = 0;
        if (_rows.Length > KeptRows)
        {
            ArrayPool<Line>.Shared.Return(_rows);
            _rows = ArrayPool<Line>.Shared.Rent(256);
        }
        // The lists go out with the facts: a new resource has new ones.
        References = [];
        Oddities = [];
        TwiceAt = -1;
        Facts = null;
    }

    internal void End(byte[] hash) => Hash = hash;

    /// <summary>Adds a name or value; its row number.</summary>
    internal int Add(JsonValueKind kind, int at, int length, bool escaped)
    {
        if (_count == _rows.Length)
        {
            var larger = ArrayPool<Line>.Shared.Rent(_rows.Length * 2);
            _rows.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<Line>.Shared.Return(_rows);
            _rows = larger;
        }
        ref var row = ref _rows[_count];
        row.At = at;
        row.Length = length;
        row.Kind = kind;
        row.Escaped = escaped;
        row.Next = ++_count;
        return _count - 1;
    }

    /// <summary>The row of a property's value, or -1.</summary>
    internal int Find(int parent, ReadOnlySpan<byte> name)
    {
        ref readonly var container = ref _rows[parent];
        if (container.Kind != JsonValueKind.Object) return -1;
        var bytes = _bytes.Span;
        for (var at = parent + 1; at < container.Next; at = _rows[at + 1].Next)
        {
            ref readonly var row = ref _rows[at];
            if (row.Escaped ? Text(row) == Encoding.UTF8.GetString(name) : row.Length == name.Length && bytes.Slice(row.At, row.Length).SequenceEqual(name)) return at + 1;
        }
        return -1;
    }

    internal FhirNodes Items(int at)
    {
        ref readonly var row = ref _rows[at];
        return row.Kind switch
        {
            JsonValueKind.Array => new FhirNodes(this, at + 1, row.Next),
            JsonValueKind.Null => default,
            _ => new FhirNodes(this, at, row.Next),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rows.Length > 0) ArrayPool<Line>.Shared.Return(_rows);
        _rows = [];
        _count = 0;
        Turn++;
        _bytes = default;
    }
}

/// <summary>One string for the words that stand in nearly every resource: paths, systems, codes. A few hundred are remembered; others are made anew.</summary>
internal static class CommonWords
{
    private const int Longest = 96;
    private static readonly string?[] s_words = new string?[1024];

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > Longest) return Encoding.UTF8.GetString(utf8);
        // The two ends tell most words apart; what meets in one place only makes its string anew.
        var hash = utf8.Length >= 8
            ? BinaryPrimitives.ReadUInt64LittleEndian(utf8) * 0x9E3779B97F4A7C15 ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8[^8..]) * 0xC2B2AE3D27D4EB4F
            : (utf8[0] | (uint)utf8[^1] << 8 | (uint)utf8[utf8.Length / 2] << 16) * 0x9E3779B97F4A7C15;
        ref var slot = ref s_words[(int)((hash + (uint)utf8.Length * 0x9E3779B97F4A7C15) >> 54)];
        var known = slot;
        if (known is not null && known.Length == utf8.Length && Ascii.Equals(utf8, known)) return known;
        return slot = Encoding.UTF8.GetString(utf8);
    }
}
