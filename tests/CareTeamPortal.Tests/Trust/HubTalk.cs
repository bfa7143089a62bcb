using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CareTeamPortal.Tests.Trust;

/// <summary>A connection to the hub of a program hosted in this process: SignalR's JSON protocol over a socket, byte by byte.</summary>
internal sealed class HubTalk(WebSocket socket) : IDisposable
{
    private const char End = '\x1e';
    private readonly List<byte> _rest = [];

    public WebSocket Socket => socket;

    /// <summary>Connects and shakes hands. Without a token the server refuses the socket, and this throws.</summary>
    public static async Task<HubTalk> ConnectAsync(WebApplicationFactory<Program> portal, string? token, CancellationToken ct)
    {
        var client = portal.Server.CreateWebSocketClient();
        if (token is not null)
            client.ConfigureRequest = request => request.Headers.Authorization = "Bearer " + token;
        var talk = new HubTalk(await client.ConnectAsync(new Uri(portal.Server.BaseAddress, "/hubs/patient"), ct));
        await talk.SendAsync("""{"protocol":"json","version":1}""", ct);
        await talk.NextAsync(ct);
        return talk;
    }

    public Task SendAsync(string message, CancellationToken ct) => socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, true, ct);

    /// <summary>Calls a method and answers its completion: <c>result</c> or <c>error</c>. Null when the server closed instead.</summary>
    public async Task<JsonObject?> CallAsync(string method, CancellationToken ct, params string?[] arguments)
    {
        var id = Guid.NewGuid().ToString();
        var call = new JsonObject { ["type"] = 1, ["invocationId"] = id, ["target"] = method, ["arguments"] = new JsonArray([.. arguments.Select(a => (JsonNode?)a)]) };
        await SendAsync(call.ToJsonString(), ct);
        while (await NextAsync(ct) is { } text)
        {
            if (JsonNode.Parse(text) is JsonObject message && (int?)message["type"] == 3 && (string?)message["invocationId"] == id)
                return message;
        }

        return null;
    }

    /// <summary>The next message; null when the server closed.</summary>
    public async Task<string?> NextAsync(CancellationToken ct)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var at = _rest.IndexOf((byte)End);
            if (at >= 0)
            {
                var text = Encoding.UTF8.GetString([.. _rest[..at]]);
                _rest.RemoveRange(0, at + 1);
                return text;
            }

            if (socket.State != WebSocketState.Open)
                return null;
            var got = await socket.ReceiveAsync(buffer, ct);
            if (got.MessageType == WebSocketMessageType.Close)
                return null;
            _rest.AddRange(buffer.AsSpan(0, got.Count));
        }
    }

    public void Dispose() => socket.Dispose();
}
