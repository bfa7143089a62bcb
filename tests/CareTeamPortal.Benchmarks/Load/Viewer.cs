using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Benchmarks.Clients;

namespace CareTeamPortal.Benchmarks.Load;

/// <summary>A post, from the moment at which it was due: a generator that is late must not look like a portal that is quick.</summary>
/// <param name="Place">The how manieth of its file.</param>
internal sealed record Post(int Number, int File, int Place, long Due, bool Counts)
{
    public double Elapsed => Stopwatch.GetElapsedTime(Due).TotalMilliseconds;

    /// <summary>The portal said that it is kept. Answered or not, it counts from then on.</summary>
    public volatile bool Acknowledged;
}

/// <summary>All posts of a run by their number.</summary>
internal sealed class Posts
{
    // A database that is used again holds the marks of earlier runs.
    private readonly int _first = (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() % 20_000) * 100_000;
    private readonly Lock _gate = new();
    private readonly List<Post> _all = [];
    private readonly Dictionary<int, int> _perFile = [];

    public Post Next(int file, long due, bool counts)
    {
        lock (_gate)
        {
            var place = _perFile[file] = _perFile.GetValueOrDefault(file) + 1;
            _all.Add(new Post(_first + _all.Count, file, place, due, counts));
            return _all[^1];
        }
    }

    public Post? Find(int number)
    {
        lock (_gate)
            return number >= _first && number - _first < _all.Count ? _all[number - _first] : null;
    }

    public IReadOnlyList<Post> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    /// <summary>Calls for each post that a piece of what the portal sent speaks of, once.</summary>
    public void Marked(ReadOnlySpan<byte> sent, Action<Post> found)
    {
        int last = -1;
        ReadOnlySpan<byte> mark = "zq7mark"u8;
        for (var at = sent.IndexOf(mark); at >= 0; at = sent.IndexOf(mark))
        {
            sent = sent[(at + mark.Length)..];
            if (System.Buffers.Text.Utf8Parser.TryParse(sent, out int number, out var digits) && digits < sent.Length && sent[digits] == 'x' && number != last && Find(number) is { } post)
                found(post);
            last = number;
        }
    }
}

/// <summary>Somebody who looks at a file, and what of the posts came to them.</summary>
internal abstract class Viewer(string person, int file) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _seen = [];
    private readonly List<double> _latencies = [];
    private int _last;

    public string Person { get; } = person;
    public int File { get; } = file;
    public Uri Node { get; init; } = null!;

    /// <summary>When it was open: posts from then on have to come.</summary>
    public long OpenedAt { get; protected set; } = long.MaxValue;

    /// <summary>Why it is gone; null while it is connected.</summary>
    public string? Dropped { get; protected set; }
    public int Misordered { get; private set; }

    /// <summary>Posts that came again. A page may draw a row anew that it drew before, so only of programs it is a fault.</summary>
    public int Again { get; private set; }

    /// <summary>Posts of files at which this viewer does not look.</summary>
    public int Strange { get; private set; }

    public abstract Task OpenAsync(HttpClient http, string patient, string token, Posts posts);

    public abstract void Ping();

    protected void Arrived(Post post)
    {
        lock (_gate)
        {
            if (post.File != File)
            {
                Strange++;
                return;
            }

            if (!_seen.Add(post.Place))
            {
                Again++;
                return;
            }

            if (post.Place < _last)
                Misordered++;
            _last = Math.Max(_last, post.Place);
            if (post.Counts)
                _latencies.Add(post.Elapsed);
        }
    }

    public bool Has(Post post)
    {
        lock (_gate)
            return _seen.Contains(post.Place);
    }

    public IReadOnlyList<double> Latencies
    {
        get
        {
            lock (_gate)
                return [.. _latencies];
        }
    }

    public abstract void Dispose();
}

/// <summary>An open timeline page: a real circuit, without a browser.</summary>
internal sealed class PageViewer(string person, int file) : Viewer(person, file)
{
    private CircuitClient? _circuit;

    public override async Task OpenAsync(HttpClient http, string patient, string token, Posts posts)
    {
        _circuit = await CircuitClient.OpenAsync(http, $"patients/{patient}", token, seen: batch => posts.Marked(batch, Arrived), closed: why => Dropped ??= why);
        OpenedAt = Stopwatch.GetTimestamp();
    }

    public override void Ping() => _circuit?.Ping();

    public override void Dispose() => _circuit?.Dispose();
}

/// <summary>A program: it watches by the hub and reads by FHIR what came. Seen is what it read.</summary>
internal sealed class ProgramViewer(string person, int file) : Viewer(person, file)
{
    private readonly Lock _turn = new();
    private HubClient? _hub;
    private HttpClient _http = null!;
    private Posts _posts = null!;
    private string _token = "";
    private string _after = "";
    private bool _reading;
    private bool _more;

    /// <summary>Reads that were answered otherwise than well.</summary>
    public List<string> Faults { get; } = [];

    public override async Task OpenAsync(HttpClient http, string patient, string token, Posts posts)
    {
        (_http, _token, _posts) = (http, token, posts);
        await ReadAsync($"fhir/Patient/{patient}/$timeline?_count=1");
        _hub = await HubClient.ConnectAsync(http.BaseAddress!, "/hubs/patient", token, "Advanced", _ => Advanced(), () => Dropped ??= "the hub connection ended");
        await _hub.InvokeAsync("Watch", $"\"{patient}\",null");
        OpenedAt = Stopwatch.GetTimestamp();
        Advanced(); // what came between the first read and the watch
    }

    /// <summary>One read at a time; a wake-up during it is one more read after it.</summary>
    private void Advanced()
    {
        lock (_turn)
        {
            _more = true;
            if (_reading)
                return;
            _reading = true;
        }

        _ = Task.Run(async () =>
        {
            while (true)
            {
                lock (_turn)
                {
                    if (!_more)
                    {
                        _reading = false;
                        return;
                    }

                    _more = false;
                }

                try
                {
                    await ReadAsync(_after);
                }
                catch (Exception fault)
                {
                    lock (_turn)
                        Faults.Add(fault.Message);
                }
            }
        });
    }

    private async Task ReadAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        using var answer = await _http.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"$timeline answered {((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)}");
        _posts.Marked(body, Arrived);
        using var bundle = JsonDocument.Parse(body);
        foreach (var link in bundle.RootElement.GetProperty("link").EnumerateArray())
        {
            if (link.GetProperty("relation").GetString() is "after" or "next" && link.GetProperty("url").GetString() is { } url && url.Contains("after=", StringComparison.Ordinal))
                _after = new Uri(url).PathAndQuery[1..];
        }
    }

    public override void Ping() => _hub?.Ping();

    public override void Dispose() => _hub?.Dispose();
}
