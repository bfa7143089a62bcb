using System.Diagnostics;
using System.Net.Sockets;

namespace CareTeamPortal.BrowserTests;

/// <summary>A RabbitMQ server of its own (Debian's package) on 127.0.0.1, with a folder that goes when it does.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("careteam-broker-").FullName;
    private readonly int _port = Machine.FreePort();
    private readonly int _distribution = Machine.FreePort();
    private readonly int _names = Machine.FreePort();
    private Process? _nameServer;
    private Process? _server;

    /// <summary>What a portal is told as <c>ConnectionStrings:Broker</c>.</summary>
    public string Address => $"amqp://guest:guest@127.0.0.1:{_port}/";

    /// <summary>One that has an address and does not run yet; skips the test on a machine without RabbitMQ.</summary>
    public static BrokerProcess NotStarted()
    {
        Skip.IfNot(File.Exists(Server), "needs RabbitMQ (./test.sh installs it)");
        return new();
    }

    public static async Task<BrokerProcess> StartAsync()
    {
        var broker = NotStarted();
        await broker.RunAsync();
        return broker;
    }

    /// <summary>Starts it (again) and waits until it takes connections.</summary>
    public async Task RunAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{_port}\nlog.console = true\nlog.file = false\n");
        // Erlang's name server in the foreground, so that it can be stopped by its process id; the broker would leave one behind.
        _nameServer ??= Start("epmd", "-port", _names.ToString(System.Globalization.CultureInfo.InvariantCulture), "-address", "127.0.0.1");
        _server = Start(Server);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (_server.HasExited)
                throw new InvalidOperationException($"RabbitMQ ended with {_server.ExitCode} before it was ready.");
            if (watch.Elapsed > StartLimit)
                throw new TimeoutException($"RabbitMQ was not ready after {StartLimit.TotalSeconds} s.");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", _port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100); // it does not listen yet, and there is nothing else to wait for
            }
        }
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        if (_server is not { } server)
            return;
        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync();
        server.Dispose();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_nameServer is { } names)
        {
            names.Kill();
            await names.WaitForExitAsync();
            names.Dispose();
        }

        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // Something still holds a file: the system's clean-up of its temporary folder takes it.
        }
    }

    private Process Start(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _folder };
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["RABBITMQ_NODENAME"] = $"careteam{_port}@localhost",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq"),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "db"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
            ["RABBITMQ_DIST_PORT"] = $"{_distribution}",
            ["ERL_EPMD_PORT"] = $"{_names}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        })
            info.Environment[name] = value;
        var process = Process.Start(info)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
