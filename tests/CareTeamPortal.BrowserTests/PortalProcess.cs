using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CareTeamPortal.BrowserTests;

/// <summary>The real program as a child process, on a free port of this machine, with a database of its own that goes when it does.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly string[] _settings;
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    private readonly PortalProcess? _beside;

    private PortalProcess(string[] settings, PortalProcess? beside = null)
    {
        (_settings, _beside) = (settings, beside);
        Folder = beside?.Folder ?? Directory.CreateTempSubdirectory("careteam-").FullName;
        Url = $"http://127.0.0.1:{Machine.FreePort()}";
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 256 }) { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The address, without a slash at its end.</summary>
    public string Url { get; }

    /// <summary>Holds the database; removed at the end, by the first node that uses it.</summary>
    public string Folder { get; }

    /// <summary>The database file.</summary>
    public string Database => Path.Combine(DatabaseFolder ?? Folder, "careteam.db");

    /// <summary>Where the database stands, when that is not <see cref="Folder"/>.</summary>
    public string? DatabaseFolder { get; set; }

    /// <summary>Variables that it starts with.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);


    /// <summary>The process, while it runs.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException("It does not run.");

    /// <summary>A client of nobody: no cookie, no token.</summary>
    public HttpClient Http { get; }

    /// <summary>Everything that the program printed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The arguments that name this portal's database and address.</summary>
    public IEnumerable<string> Arguments =>
        ["--Urls", Url, "--ConnectionStrings:CareTeam", $"Data Source={Database}", .. _settings];

    /// <summary>One that <see cref="RunAsync"/> starts.</summary>
    public static PortalProcess Prepare(params string[] settings) => new(settings);

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<PortalProcess> StartAsync(params string[] settings) => StartAsync(new PortalProcess(settings));

    /// <summary>Starts another node on the same database, with the same settings.</summary>
    /// <param name="variables">With which it starts.</param>
    public Task<PortalProcess> StartBesideAsync(params (string Name, string Value)[] variables)
    {
        var node = new PortalProcess(_settings, this);
        foreach (var (name, value) in variables)
            node.Environment[name] = value;
        return StartAsync(node);
    }

    private static async Task<PortalProcess> StartAsync(PortalProcess portal)
    {
        try
        {
            await portal.RunAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it (again) and waits until <c>/health/ready</c> says so. Answers how long that took.</summary>
    public async Task<TimeSpan> RunAsync()
    {
        var watch = Stopwatch.StartNew();
        Start();
        await ReadyAsync(watch);
        return watch.Elapsed;
    }

    /// <summary>Starts it and does not wait.</summary>
    public void Start()
    {
        _process = Process.Start(StartInfo(Arguments))!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task ReadyAsync(Stopwatch watch)
    {
        var process = _process!;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await tick.WaitForNextTickAsync())
        {
            if (process.HasExited)
            {
                await process.WaitForExitAsync(); // also for the last lines of its output
                throw new InvalidOperationException($"The portal ended with {process.ExitCode} before it was ready:\n{Output}");
            }
            if (watch.Elapsed > StartLimit)
                throw new TimeoutException($"The portal was not ready after {StartLimit.TotalSeconds} s:\n{Output}");
            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                    break;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
        }
    }

    /// <summary>Ends it at once, as a crash does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Asks it to end (SIGTERM) and waits. Answers its exit code and how long it took.</summary>
    public async Task<(int Code, TimeSpan Took)> TerminateAsync()
    {
        var process = _process ?? throw new InvalidOperationException("It does not run.");
        var watch = Stopwatch.StartNew();
        Signal("TERM");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        var code = process.ExitCode;
        process.Dispose();
        _process = null;
        return (code, watch.Elapsed);
    }

    /// <summary>Sends it a signal by name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
        kill.WaitForExit();
    }

    /// <summary>What <c>/health/ready</c> says.</summary>
    public async Task<(int Status, string Says)> HealthAsync()
    {
        using var answer = await Http.GetAsync("/health/ready");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Megabytes of memory that it takes (VmRSS).</summary>
    public double Megabytes() => long.Parse(File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>Starts a verb of the program and does not wait.</summary>
    public Process StartVerb(params string[] arguments) => Process.Start(StartInfo([.. arguments, .. Arguments]))!;

    /// <summary>Runs a verb of the program beside the running portal, on the same database.</summary>
    public async Task<(int Code, string Output)> VerbAsync(params string[] arguments)
    {
        using var process = Process.Start(StartInfo([.. arguments, .. Arguments]))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    /// <summary>A bearer token of a demo person.</summary>
    public async Task<string> TokenAsync(string user)
    {
        using var answer = await Http.PostAsync("/sign-in/demo/token", new FormUrlEncodedContent([new("user", user)]));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>Sends FHIR JSON in a person's name.</summary>
    public async Task<HttpResponseMessage> FhirAsync(string token, HttpMethod method, string path, object? body = null, string? ifNoneExist = null, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(method, "/fhir/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (ifNoneExist is not null)
            request.Headers.TryAddWithoutValidation("If-None-Exist", ifNoneExist);
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        }

        return await Http.SendAsync(request, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Http.Dispose();
        if (_beside is not null)
            return; // the first node takes the database away
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // Something still holds a file: the system's clean-up of its temporary folder takes it.
        }
    }

    private ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        string[] command = ["dotnet", Machine.Portal];
        var info = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = Path.GetTempPath(), // from any folder
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in command.Skip(1).Concat(arguments))
            info.ArgumentList.Add(argument);
        info.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        info.Environment.Remove("ASPNETCORE_URLS");
        foreach (var (name, value) in Environment)
            info.Environment[name] = value;
        return info;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        _output.Enqueue(line.Data);
        while (_output.Count > 4_000)
            _output.TryDequeue(out _);
    }
}
