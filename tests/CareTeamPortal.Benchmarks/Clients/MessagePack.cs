using System.Buffers.Binary;
using System.Text;

namespace CareTeamPortal.Benchmarks.Clients;

/// <summary>Just enough MessagePack to speak Blazor's circuit protocol.</summary>
internal static class MessagePack
{
    /// <summary>A hub invocation with its length in front.</summary>
    public static byte[] Invocation(string? id, string target, params ReadOnlySpan<object?> arguments)
    {
        var body = new List<byte>(512) { 0x96, 1, 0x80 };
        Write(body, id);
        Write(body, target);
        body.Add((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
            Write(body, argument);
        body.Add(0x90);
        var framed = new List<byte>(body.Count + 5);
        for (var rest = (uint)body.Count; ; rest >>= 7)
        {
            framed.Add((byte)((rest & 127) | (rest > 127 ? 128u : 0)));
            if (rest <= 127)
                break;
        }

        framed.AddRange(body);
        return [.. framed];
    }

    private static void Write(List<byte> to, object? value)
    {
        Span<byte> eight = stackalloc byte[8];
        switch (value)
        {
            case null:
                to.Add(0xc0);
                break;
            case bool yes:
                to.Add(yes ? (byte)0xc3 : (byte)0xc2);
                break;
            case long number:
                to.Add(0xd3);
                BinaryPrimitives.WriteInt64BigEndian(eight, number);
                to.AddRange(eight);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                to.Add(0xdb);
                BinaryPrimitives.WriteInt32BigEndian(eight, bytes.Length);
                to.AddRange(eight[..4]);
                to.AddRange(bytes);
                break;
            default:
                throw new ArgumentException(value.GetType().Name, nameof(value));
        }
    }

    /// <summary>Splits a message into its length-prefixed parts.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> message)
    {
        while (message.Length > 0)
        {
            int length = 0, shift = 0, at = 0;
            byte b;
            do
            {
                b = message.Span[at++];
                length |= (b & 127) << shift;
                shift += 7;
            }
            while ((b & 128) != 0);
            yield return message.Slice(at, length);
            message = message[(at + length)..];
        }
    }

    /// <summary>Reads one value: null, bool, long, double, string, byte[] or a list of these (a map gives its keys and values in turn).</summary>
    public static object? Read(ref ReadOnlySpan<byte> from)
    {
        var c = from[0];
        from = from[1..];
        switch (c)
        {
            case < 0x80: return (long)c;
            case >= 0xe0: return (long)(sbyte)c;
            case 0xc0: return null;
            case 0xc2: return false;
            case 0xc3: return true;
            case 0xca: return (double)BinaryPrimitives.ReadSingleBigEndian(Take(ref from, 4));
            case 0xcb: return BinaryPrimitives.ReadDoubleBigEndian(Take(ref from, 8));
            case >= 0xcc and <= 0xcf: return Number(ref from, 1 << (c - 0xcc), signed: false);
            case >= 0xd0 and <= 0xd3: return Number(ref from, 1 << (c - 0xd0), signed: true);
            case >= 0xa0 and <= 0xbf: return Encoding.UTF8.GetString(Take(ref from, c & 31));
            case >= 0xd9 and <= 0xdb: return Encoding.UTF8.GetString(Take(ref from, (int)Number(ref from, 1 << (c - 0xd9), signed: false)));
            case >= 0xc4 and <= 0xc6: return Take(ref from, (int)Number(ref from, 1 << (c - 0xc4), signed: false)).ToArray();
            case >= 0x90 and <= 0x9f: return List(ref from, c & 15);
            case 0xdc or 0xdd: return List(ref from, (int)Number(ref from, c == 0xdc ? 2 : 4, signed: false));
            case >= 0x80 and <= 0x8f: return List(ref from, 2 * (c & 15));
            case 0xde or 0xdf: return List(ref from, 2 * (int)Number(ref from, c == 0xde ? 2 : 4, signed: false));
            default: throw new InvalidDataException($"MessagePack {c:x2}");
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from, int count)
    {
        var taken = from[..count];
        from = from[count..];
        return taken;
    }

    private static long Number(ref ReadOnlySpan<byte> from, int size, bool signed)
    {
        long value = signed && (sbyte)from[0] < 0 ? -1 : 0;
        foreach (var b in Take(ref from, size))
            value = (value << 8) | b;
        return value;
    }

    private static List<object?> List(ref ReadOnlySpan<byte> from, int count)
    {
        var list = new List<object?>(count);
        for (var i = 0; i < count; i++)
            list.Add(Read(ref from));
        return list;
    }
}
