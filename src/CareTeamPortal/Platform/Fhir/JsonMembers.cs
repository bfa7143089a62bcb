using System.Buffers;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>
/// The members of an object that is known to be legal JSON, by following quotes and brackets: many times cheaper than reading every token, and
/// stored resources were read in full when they came.
/// </summary>
/// <param name="json">Bytes that hold the object.</param>
/// <param name="from">Behind its opening brace.</param>
internal ref struct JsonMembers(ReadOnlySpan<byte> json, int from)
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

    /// <summary>The value as it stands in the text, a string with its quotes.</summary>
    public readonly ReadOnlySpan<byte> Value => _json[At..End];

    /// <summary>Goes to the next member; false at the end.</summary>
    public bool Next()
    {
        var quote = _json[_at..].IndexOfAny((byte)'"', (byte)'}');
        if (quote < 0 || _json[_at + quote] == (byte)'}') return false;
        var nameAt = _at + quote + 1;
        var nameEnd = StringEnd(_json, nameAt) - 1;
        Name = _json[nameAt..nameEnd];
        var colon = nameEnd + 1 + _json[(nameEnd + 1)..].IndexOf((byte)':');
        At = colon + 1 + _json[(colon + 1)..].IndexOfAnyExcept(" \t\r\n"u8);
        _at = End = ValueEnd(_json, At);
        return true;
    }

    /// <summary>The first object of an array from a place on, and where it ends; -1 when there is none.</summary>
    public static (int At, int End) NextObject(ReadOnlySpan<byte> array, int from)
    {
        var at = array[from..].IndexOf((byte)'{');
        return at < 0 ? (-1, -1) : (from + at, ValueEnd(array, from + at));
    }

    private static int ValueEnd(ReadOnlySpan<byte> json, int at)
    {
        if (json[at] == (byte)'"') return StringEnd(json, at + 1);
        if (json[at] is not ((byte)'{' or (byte)'[')) return at + json[at..].IndexOfAny(EndOfPrimitive);
        var depth = 0;
        while (true)
        {
            at += json[at..].IndexOfAny(Structure) + 1;
            switch (json[at - 1])
            {
                case (byte)'"': at = StringEnd(json, at); break;
                case (byte)'{' or (byte)'[': depth++; break;
                default:
                    if (--depth == 0) return at;
                    break;
            }
        }
    }

    /// <summary>Behind the closing quote of a string whose first character is at <paramref name="at"/>.</summary>
    private static int StringEnd(ReadOnlySpan<byte> json, int at)
    {
        while (true)
        {
            at += json[at..].IndexOfAny((byte)'"', (byte)'\\') + 1;
            if (json[at - 1] == (byte)'"') return at;
            at++;
        }
    }
}
