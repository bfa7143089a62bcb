using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CareTeamPortal.Benchmarks.Clients;

/// <summary>A browser without a browser: loads a page, opens its Blazor circuit, waits until entries are shown, acknowledges render batches, answers JavaScript calls with nothing, and says when a marked update came.</summary>
internal sealed partial class CircuitClient : IDisposable
{
    private readonly TaskCompletionSource _handshake = New(), _started = New(), _rendered = New();
    private RawWebSocket _socket = null!;
    private Action? _arrived;
    private BatchSeen? _seen;
    private long _jsObject;
    private string? _closedBecause;

    /// <summary>Gets every render batch as it came.</summary>
    public delegate void BatchSeen(ReadOnlySpan<byte> batch);

    /// <summary>Keeps the server from taking a page for dead on which nothing happens.</summary>
    private static readonly byte[] s_ping = [2, 0x91, 6];

    /// <summary>Stands before the number in a marked text.</summary>
    public const string Mark = "zq7mark";

    /// <summary>Number of the mark that is awaited; older ones are ignored.</summary>
    public static string Awaited { get; set; } = "none";

    /// <summary>In every entry of both sides.</summary>
    public const string Content = "Huisbezoek";

    private byte[] _shown = [];

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="shown">The page is open when a render batch brought this.</param>
    /// <param name="closed">The server ended it; with what it said.</param>
    public static async Task<CircuitClient> OpenAsync(HttpClient http, string path, string? token, Action? arrived = null, string shown = Content, BatchSeen? seen = null, Action<string>? closed = null)
    {
        var html = await PageAsync(http, path, token);
        var operations = new JsonArray();
        foreach (var marker in Markers().Matches(html).Select(m => JsonNode.Parse(m.Groups[1].Value)!))
        {
            if ((string?)marker["type"] is "server" or "auto" && marker["descriptor"] is not null)
                operations.Add(new JsonObject { ["type"] = "add", ["ssrComponentId"] = operations.Count + 1, ["marker"] = marker.DeepClone() });
        }

        if (operations.Count == 0)
            throw new InvalidOperationException($"there is no interactive component on {path}: {html[..Math.Min(200, html.Length)]}");
        var state = State().Match(html) is { Success: true } match ? match.Groups[1].Value : "";
        var client = new CircuitClient { _arrived = arrived, _seen = seen, _shown = Encoding.UTF8.GetBytes(shown) };
        client._socket = await RawWebSocket.ConnectAsync(http.BaseAddress!, "/_blazor", token, client.Receive, closed is null ? null : () => closed(client._closedBecause ?? "the connection ended"));
        try
        {
            client._socket.Send("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8, text: true);
            await client._handshake.Task.WaitAsync(TimeSpan.FromSeconds(20));
            client.Call("0", "StartCircuit", http.BaseAddress!.ToString(), new Uri(http.BaseAddress!, path).ToString(), "[]", state);
            await client._started.Task.WaitAsync(TimeSpan.FromSeconds(20));
            client.Call(null, "UpdateRootComponents", new JsonObject { ["batchId"] = 1, ["operations"] = operations }.ToJsonString(), state);
            await client._rendered.Task.WaitAsync(TimeSpan.FromSeconds(20));
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>To be called at least twice in the time after which the server gives a silent client up (30 s).</summary>
    public void Ping() => _socket.Send(s_ping, text: false);

    public static async Task<string> PageAsync(HttpClient http, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? html : throw new InvalidOperationException($"GET {path} answered {(int)answer.StatusCode}");
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Markers();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();

    private void Receive(byte[] message)
    {
        ReadOnlyMemory<byte> rest = message;
        if (!_handshake.Task.IsCompleted)
        {
            var end = Array.IndexOf(message, (byte)0x1e);
            rest = rest[(end + 1)..];
            _handshake.TrySetResult();
        }

        foreach (var part in MessagePack.Parts(rest))
        {
            try
            {
                Take(part.Span);
            }
            catch (Exception fault)
            {
                _closedBecause ??= fault.Message;
                _started.TrySetException(fault);
                _rendered.TrySetException(fault);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> part)
    {
        var bytes = part;
        // Not read as a whole: a render batch is large, and only its number and the mark in it matter.
        var isBatch = part.Length > 40 && part[..40].IndexOf("JS.RenderBatch"u8) is >= 0;
        if (isBatch)
        {
            bytes = part[(part.IndexOf("JS.RenderBatch"u8) + 14)..][1..];
            var number = (long)MessagePack.Read(ref bytes)!;
            if (!_rendered.Task.IsCompleted && bytes.IndexOf(_shown) >= 0)
                _rendered.TrySetResult();
            _seen?.Invoke(bytes);
            Call(null, "OnRenderCompleted", number, null);
            if (_arrived is not null && bytes.IndexOf(Encoding.ASCII.GetBytes(Mark + Awaited + "x")) >= 0)
                _arrived();
            return;
        }

        var message = (List<object?>)MessagePack.Read(ref bytes)!;
        switch (message[0])
        {
            case 3L:
                if (message[3] is 1L)
                    _started.TrySetException(new InvalidOperationException((string?)message[4]));
                else
                    _started.TrySetResult();
                break;
            case 7L:
                throw new InvalidOperationException("the server closed the circuit: " + message[1]);
            case 1L when (string?)message[3] == "JS.BeginInvokeJS":
                var arguments = (List<object?>)message[4]!;
                if (arguments[0] is long task and not 0)
                {
                    // A module that is imported must be an object; everything else may be nothing.
                    var result = arguments[3] is 1L ? $"{{\"__jsObjectId\":{++_jsObject}}}" : "null";
                    Call(null, "EndInvokeJSFromDotNet", task, true, $"[{task},true,{result}]");
                }

                break;
            case 1L when (string?)message[3] == "JS.Error":
                throw new InvalidOperationException("JS.Error: " + ((List<object?>)message[4]!)[0]);
        }
    }

    private void Call(string? id, string target, params ReadOnlySpan<object?> arguments) => _socket.Send(MessagePack.Invocation(id, target, arguments), text: false);

    /// <summary>Stops reading what the server sends; the connection stays.</summary>
    public void Stall() => _socket.Stall();

    public void Dispose() => _socket.Dispose();
}
