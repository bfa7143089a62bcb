using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Packed = CareTeamPortal.Benchmarks.Clients.MessagePack;
using CareTeamPortal.Tests.Exchange;

namespace CareTeamPortal.Tests.Trust;

/// <summary>A page whose circuit is open, without a browser: it acknowledges what is drawn and answers calls to JavaScript with nothing, until it is made to say something else.</summary>
internal sealed partial class CircuitTalk : IAsyncDisposable
{
    private readonly TaskCompletionSource _shaken = New(), _started = New(), _drawn = New();
    private readonly SemaphoreSlim _batches = new(0);
    private readonly CancellationTokenSource _gone = new();
    private readonly SemaphoreSlim _sending = new(1);
    private WebSocket _socket = null!;
    private Task _reading = Task.CompletedTask;
    private long _object;

    /// <summary>Numbers of the objects that the server gave to the browser: what a hostile page would call.</summary>
    public List<long> Objects { get; } = [];

    public bool IsOpen => _socket.State == WebSocketState.Open && !_reading.IsCompleted;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens a page of somebody and waits until it is drawn.</summary>
    public static async Task<CircuitTalk> OpenAsync(FhirPortal portal, string user, string path, CancellationToken ct)
    {
        var http = (await portal.AsAsync(user)).Http;
        var html = await http.GetStringAsync(new Uri(path, UriKind.Relative), ct);
        var operations = new JsonArray();
        foreach (var marker in Markers().Matches(html).Select(m => JsonNode.Parse(m.Groups[1].Value)!))
        {
            if ((string?)marker["type"] is "server" or "auto" && marker["descriptor"] is not null)
                operations.Add(new JsonObject { ["type"] = "add", ["ssrComponentId"] = operations.Count + 1, ["marker"] = marker.DeepClone() });
        }

        Assert.NotEmpty(operations);
        var state = State().Match(html) is { Success: true } match ? match.Groups[1].Value : "";
        var talk = new CircuitTalk();
        var client = portal.Server.CreateWebSocketClient();
        client.ConfigureRequest = request => request.Headers.Authorization = http.DefaultRequestHeaders.Authorization!.ToString();
        talk._socket = await client.ConnectAsync(new Uri(portal.Server.BaseAddress, "/_blazor"), ct);
        await talk.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray());
        talk._reading = talk.ReadAsync();
        await talk._shaken.Task.WaitAsync(ct);
        var address = portal.Server.BaseAddress.ToString();
        await talk.CallAsync("0", "StartCircuit", address, address.TrimEnd('/') + path, "[]", state);
        await talk._started.Task.WaitAsync(ct);
        await talk.CallAsync(null, "UpdateRootComponents", new JsonObject { ["batchId"] = 1, ["operations"] = operations }.ToJsonString(), state);
        await talk._drawn.Task.WaitAsync(ct);
        return talk;
    }

    /// <summary>Waits until something more is drawn.</summary>
    public async Task<bool> DrawsAsync(TimeSpan within)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        limit.CancelAfter(within);
        try
        {
            await _batches.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>What was drawn so far is known.</summary>
    public void Forget()
    {
        while (_batches.Wait(0))
        {
        }
    }

    public Task CallAsync(string? id, string target, params object?[] arguments) => SendAsync(Packed.Invocation(id, target, arguments));

    /// <summary>Sends bytes as they are; what can no longer be sent is not.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        await _sending.WaitAsync();
        try
        {
            if (_socket.State == WebSocketState.Open)
                await _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, _gone.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The server closed the door, as it may.
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var message = new List<byte>();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _gone.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                message.AddRange(buffer.AsSpan(0, part.Count));
                if (!part.EndOfMessage)
                    continue;
                await TakeAsync([.. message]);
                message.Clear();
            }
        }
        catch (Exception fault)
        {
            foreach (var waiting in new[] { _shaken, _started, _drawn })
                waiting.TrySetException(fault);
        }
    }

    private async Task TakeAsync(byte[] bytes)
    {
        ReadOnlyMemory<byte> rest = bytes;
        if (!_shaken.Task.IsCompleted)
        {
            rest = rest[(Array.IndexOf(bytes, (byte)0x1e) + 1)..];
            _shaken.TrySetResult();
        }

        foreach (var part in Packed.Parts(rest).ToList())
        {
            if (Answer(part.Span) is { } answer)
                await SendAsync(answer);
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> part)
    {
        var bytes = part;
        if (part.Length > 40 && part[..40].IndexOf("JS.RenderBatch"u8) is >= 0 and var at)
        {
            bytes = part[(at + 14)..][1..];
            var number = (long)Packed.Read(ref bytes)!;
            _drawn.TrySetResult();
            _batches.Release();
            return Packed.Invocation(null, "OnRenderCompleted", number, null);
        }

        var message = (List<object?>)Packed.Read(ref bytes)!;
        switch (message[0])
        {
            case 3L:
                if (message[3] is 1L)
                    _started.TrySetException(new InvalidOperationException((string?)message[4]));
                else
                    _started.TrySetResult();
                return null;
            case 1L when (string?)message[3] == "JS.BeginInvokeJS":
                var arguments = (List<object?>)message[4]!;
                foreach (Match known in DotNetObjects().Matches(arguments[2] as string ?? ""))
                    Objects.Add(long.Parse(known.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
                return arguments[0] is long task and not 0 ? Packed.Invocation(null, "EndInvokeJSFromDotNet", task, true, $"[{task},true,{(arguments[3] is 1L ? $"{{\"__jsObjectId\":{++_object}}}" : "null")}]") : null;
            default:
                return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _socket.Dispose();
        await _reading;
        _batches.Dispose();
        _sending.Dispose();
        _gone.Dispose();
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Markers();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();

    [GeneratedRegex("__dotNetObject\":(\\d+)")]
    private static partial Regex DotNetObjects();
}
