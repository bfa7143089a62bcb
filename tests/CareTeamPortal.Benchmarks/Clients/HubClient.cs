using System.Text;

namespace CareTeamPortal.Benchmarks.Clients;

/// <summary>A SignalR client of the JSON protocol over a bare WebSocket: shakes hands, invokes, and says when an invocation of one name came.</summary>
internal sealed class HubClient : IDisposable
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RawWebSocket _socket = null!;

    public static Task<HubClient> ConnectAsync(Uri address, string path, string? token, string target, Action arrived) => ConnectAsync(address, path, token, target, _ => arrived());

    /// <param name="arrived">Gets the whole message.</param>
    /// <param name="closed">The server ended the connection.</param>
    public static async Task<HubClient> ConnectAsync(Uri address, string path, string? token, string target, Action<byte[]> arrived, Action? closed = null)
    {
        var client = new HubClient();
        var sought = Encoding.UTF8.GetBytes($"\"target\":\"{target}\"");
        client._socket = await RawWebSocket.ConnectAsync(address, path, token, message =>
        {
            if (!client._ready.Task.IsCompleted)
                client._ready.TrySetResult();
            if (message.AsSpan().IndexOf(sought) >= 0)
                arrived(message);
            else if (message.AsSpan().IndexOf("\"type\":3"u8) >= 0)
                client._answer.TrySetResult(Encoding.UTF8.GetString(message));
        }, closed);
        client._socket.Send("{\"protocol\":\"json\",\"version\":1}\u001e"u8, text: true);
        await client._ready.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return client;
    }

    /// <summary>Invokes and waits for the completion; <paramref name="arguments"/> is JSON.</summary>
    public async Task InvokeAsync(string target, string arguments)
    {
        _socket.Send(Encoding.UTF8.GetBytes($"{{\"type\":1,\"invocationId\":\"1\",\"target\":\"{target}\",\"arguments\":[{arguments}]}}\u001e"), text: true);
        var answer = await _answer.Task.WaitAsync(TimeSpan.FromSeconds(20));
        if (answer.Contains("\"error\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"{target}: {answer}");
    }

    /// <summary>Invokes without asking for an answer.</summary>
    public void Send(string target, string arguments) => _socket.Send(Encoding.UTF8.GetBytes($"{{\"type\":1,\"target\":\"{target}\",\"arguments\":[{arguments}]}}\u001e"), text: true);

    /// <summary>Keeps the server from taking a silent client for dead.</summary>
    public void Ping() => _socket.Send("{\"type\":6}\u001e"u8, text: true);

    public void Dispose() => _socket.Dispose();
}
