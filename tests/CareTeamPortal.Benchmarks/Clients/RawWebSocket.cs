using System.Net.Sockets;
using System.Text;

namespace CareTeamPortal.Benchmarks.Clients;

/// <summary>A WebSocket client that does as little as possible, so that hundreds of them cost the machine less than the server they measure.</summary>
internal sealed class RawWebSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private bool _left;

    /// <summary>Connects and shakes hands; <paramref name="received"/> gets every message on a thread-pool thread, <paramref name="closed"/> is told when the other side ended it.</summary>
    public static async Task<RawWebSocket> ConnectAsync(Uri address, string path, string? token, Action<byte[]> received, Action? closed = null)
    {
        var client = new RawWebSocket();
        await client._socket.ConnectAsync(address.Host, address.Port);
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        await client._socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{authorization}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = new byte[4096];
        var have = 0;
        while (head.AsSpan(0, have).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await client._socket.ReceiveAsync(head.AsMemory(have));
            if (read <= 0)
                throw new InvalidOperationException("the server closed the connection");
            have += read;
        }

        var status = Encoding.ASCII.GetString(head, 9, 3);
        if (status != "101")
            throw new InvalidOperationException($"the server answered {status} to a WebSocket");
        _ = client.ReadAsync(received, closed);
        return client;
    }

    private async Task ReadAsync(Action<byte[]> received, Action? closed)
    {
        var buffer = new byte[8192];
        var have = 0;
        using var message = new MemoryStream();
        try
        {
            while (!_stalled && await _socket.ReceiveAsync(buffer.AsMemory(have)) is > 0 and var read)
            {
                have += read;
                var at = 0;
                while (Frame(buffer.AsSpan(at, have - at), out var operation, out var last, out var header, out var length))
                {
                    if (header + length > have - at)
                    {
                        if (header + length > buffer.Length)
                            Array.Resize(ref buffer, at + header + length + 4096);
                        break;
                    }

                    if (operation is 0 or 1 or 2)
                    {
                        message.Write(buffer, at + header, length);
                        if (last)
                        {
                            received(message.ToArray());
                            message.SetLength(0);
                        }
                    }

                    at += header + length;
                }

                Buffer.BlockCopy(buffer, at, buffer, 0, have - at);
                have -= at;
                if (have == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
        }

        if (!_left)
            closed?.Invoke();
    }

    /// <summary>Reads nothing more and keeps the connection, as a browser on a train does.</summary>
    public void Stall() => _stalled = true;

    private volatile bool _stalled;

    private static bool Frame(ReadOnlySpan<byte> bytes, out int operation, out bool last, out int header, out int length)
    {
        (operation, last, header, length) = (0, false, 2, 0);
        if (bytes.Length < 2)
            return false;
        operation = bytes[0] & 15;
        last = (bytes[0] & 0x80) != 0;
        length = bytes[1] & 127;
        header = length switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < header)
            return false;
        if (length >= 126)
        {
            long wide = 0;
            foreach (var b in bytes[2..header])
                wide = (wide << 8) | b;
            length = checked((int)wide);
        }

        return true;
    }

    public void Send(ReadOnlySpan<byte> payload, bool text)
    {
        var frame = new byte[payload.Length + 14];
        var n = 0;
        frame[n++] = text ? (byte)0x81 : (byte)0x82;
        if (payload.Length < 126)
        {
            frame[n++] = (byte)(0x80 | payload.Length);
        }
        else
        {
            var wide = payload.Length >= 65536;
            frame[n++] = (byte)(0x80 | (wide ? 127 : 126));
            for (var shift = wide ? 56 : 8; shift >= 0; shift -= 8)
                frame[n++] = (byte)((long)payload.Length >> shift);
        }

        n += 4; // a mask of zeros changes nothing
        payload.CopyTo(frame.AsSpan(n));
        var rest = frame.AsSpan(0, n + payload.Length);
        lock (_socket)
        {
            while (rest.Length > 0)
                rest = rest[_socket.Send(rest)..];
        }
    }

    public void Dispose()
    {
        _left = true;
        _socket.Dispose();
    }
}
