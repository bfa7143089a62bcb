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

    private PortalProcess(string[] settings)
    {
        _settings = settings;
        Folder = Directory.CreateTempSubdirectory("careteam-").FullName;
        Url = $"http://127.0.0.1:{Machine.FreePort()}";
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 256 }) { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The address, without a slash at its end.</summary>
    public string Url { get; }

    /// <summary>Holds the database; removed at the end.</summary>
    public string Folder { get; }

    /// <summary>The database file.</summary>
    public string Database => Path.Combine(Folder, "careteam.db");

    /// <summary>A client of nobody: no cookie, no token.</summary>
    public HttpClient Http { get; }

    /// <summary>Everything that the program printed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The arguments that name this portal's database and address.</summary>
    public IEnumerable<string> Arguments =>
        ["--Urls", Url, "--ConnectionStrings:CareTeam", $"Data Source={Database}", .. _settings];

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<PortalProcess> StartAsync(params string[] settings)
    {
        var portal = new PortalProcess(settings);
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
        _process = Process.Start(StartInfo(Arguments))!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await tick.WaitForNextTickAsync())
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(); // also for the last lines of its output
                throw new InvalidOperationException($"The portal ended with {_process.ExitCode} before it was ready:\n{Output}");
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

        return watch.Elapsed;
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
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // Something still holds a file: the system's clean-up of its temporary folder takes it.
        }
    }

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path.GetTempPath(), // from any folder
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        info.ArgumentList.Add(Machine.Portal);
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        info.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        info.Environment.Remove("ASPNETCORE_URLS");
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
