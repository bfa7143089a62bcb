using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace CareTeamPortal.BrowserTests;

/// <summary>A real client or server from npm in a Node process, spoken to in lines of JSON.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<JsonElement> _answers = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private int _id;

    private Peer(Process process)
    {
        _process = process;
        process.OutputDataReceived += Heard;
        process.BeginOutputReadLine();
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>Starts tests/node/<paramref name="script"/>; skips the test on a machine without Node or the packages.</summary>
    public static Peer Start(string script, params string[] arguments)
    {
        var info = new ProcessStartInfo(Machine.NeedPeers()) { WorkingDirectory = Machine.Peers, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add(script);
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        return new Peer(Process.Start(info)!);
    }

    /// <summary>Calls a command of the script and answers its result; a fault throws <see cref="PeerFault"/>.</summary>
    public async Task<JsonElement> CallAsync(string name, params object?[] args)
    {
        var id = ++_id;
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { id, name, args }));
        await _process.StandardInput.FlushAsync();
        using var limit = new CancellationTokenSource(Limit);
        var answer = await _answers.Reader.ReadAsync(limit.Token);
        Assert.Equal(id, answer.GetProperty("id").GetInt32());
        return answer.TryGetProperty("error", out var error) ? throw new PeerFault(error.GetString()!) : answer.GetProperty("result");
    }

    /// <summary>The next event; fails when it is not <paramref name="kind"/>.</summary>
    public async Task<JsonElement> NextAsync(string kind)
    {
        using var limit = new CancellationTokenSource(Limit);
        var next = await _events.Reader.ReadAsync(limit.Token);
        Assert.Equal(kind, next.GetProperty("event").GetString());
        return next;
    }

    /// <summary>Events that came and that nobody has read.</summary>
    public int Unread => _events.Reader.Count;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Heard(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
        {
            _answers.Writer.TryComplete();
            _events.Writer.TryComplete();
            return;
        }

        if (!line.Data.StartsWith('{'))
            return; // a package's own chatter
        var message = JsonDocument.Parse(line.Data).RootElement;
        (message.TryGetProperty("event", out _) ? _events : _answers).Writer.TryWrite(message);
    }
}

/// <summary>What a peer's command failed with.</summary>
internal sealed class PeerFault(string message) : Exception(message);
