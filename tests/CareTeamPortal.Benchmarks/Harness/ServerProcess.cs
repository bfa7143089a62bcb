using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CareTeamPortal.Benchmarks.Harness;

/// <summary>A server that this program started, with what the kernel says of it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly int _probePort;

    private ServerProcess(Process process, int port, int probePort) => (_process, Port, _probePort) = (process, port, probePort);

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>Starts a floor: this program in another mode.</summary>
    public static Task<ServerProcess> FloorAsync(string mode, params string[] more) => FloorAsync(mode, probe: true, more);

    /// <inheritdoc cref="FloorAsync(string, string[])"/>
    public static Task<ServerProcess> FloorAsync(string mode, bool probe, params string[] more) =>
        StartAsync(Environment.ProcessPath!, port => [typeof(ServerProcess).Assembly.Location, "floor", mode, "--port", Text(port), .. more], probe ? "plain" : null, probe);

    /// <summary>Starts the portal on its own database, as people run it.</summary>
    public static Task<ServerProcess> PortalAsync(string database, bool probe = true, bool wait = true, string? program = null) =>
        StartAsync(Environment.ProcessPath!, port => [program ?? PortalDll, "--Urls", $"http://127.0.0.1:{Text(port)}", "--ConnectionStrings:CareTeam", $"Data Source={database}", "--SignIn:Mode", "Demo", "--Limits:RequestsPerSecond", "1000000", "--Session:MostPages", "1000000"],
            wait ? "health/ready" : null, probe);

    /// <summary>Starts the portal with the settings that are given and no others, on a free port.</summary>
    public static Task<ServerProcess> NodeAsync(IReadOnlyList<string> settings, IReadOnlyDictionary<string, string> environment, bool probe) =>
        StartAsync(Environment.ProcessPath!, port => [PortalDll, "--Urls", $"http://127.0.0.1:{Text(port)}", .. settings], "health/ready", probe, environment);

    /// <summary>The portal's program.</summary>
    public static string PortalDll { get; set; } = Path.Combine(Settings.RepoRoot, "src", "CareTeamPortal", "bin", Configuration, "net10.0", "CareTeamPortal.dll");

    private static string Configuration => typeof(ServerProcess).Assembly.Location.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    private static async Task<ServerProcess> StartAsync(string program, Func<int, string[]> arguments, string? readyPath, bool probe, IReadOnlyDictionary<string, string>? environment = null)
    {
        int port = FreePort(), probePort = probe ? FreePort() : 0;
        var start = new ProcessStartInfo(program, arguments(port)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_gcServer"] = "0";
        // Nobody changes its settings while it runs, and each watcher of a file takes one of the few that the machine has (128): many servers at once run out of them.
        start.Environment["DOTNET_hostBuilder__reloadConfigOnChange"] = "false";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        if (probe)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ServerProcess).Assembly.Location;
            start.Environment[StartupHook.PortVariable] = Text(probePort);
        }

        var process = Process.Start(start)!;
        var server = new ServerProcess(process, port, probePort);
        process.OutputDataReceived += (_, e) => server.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => server.Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (readyPath is not null)
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            await server.WaitAsync(http, readyPath);
        }

        return server;
    }

    /// <summary>Asks until the server answers well.</summary>
    public async Task WaitAsync(HttpClient http, string path)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(path);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
            }

            if (_process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(60))
                throw new InvalidOperationException($"The server on port {Port} did not come up: {string.Join(" / ", _lastLines)}");
            await Task.Delay(2);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 8)
                _lastLines.Dequeue();
        }
    }

    public int ProcessId => _process.Id;

    /// <summary>Processor seconds so far, user and system.</summary>
    public double Cpu() => Cpu(_process.Id);

    /// <inheritdoc cref="Cpu()"/>
    public static double Cpu(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>Resident memory now (or at its highest), KiB.</summary>
    public double ResidentKiB(bool peak = false) => ResidentKiB(_process.Id, peak);

    public static double ResidentKiB(int process, bool peak)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(peak ? "VmHWM:" : "VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Bytes on the managed heap after a full collection, and bytes allocated so far.</summary>
    public async Task<(long Heap, long Allocated)> ProbeAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _probePort);
        using var reader = new StreamReader(client.GetStream());
        var numbers = (await reader.ReadToEndAsync()).Split(' ');
        return (long.Parse(numbers[0], CultureInfo.InvariantCulture), long.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
