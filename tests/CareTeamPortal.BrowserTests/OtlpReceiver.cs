using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace CareTeamPortal.BrowserTests;

/// <summary>Takes OTLP over HTTP (protobuf) on 127.0.0.1 and keeps what came: every text in it, and the newest value of each metric that is one number.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _taking;

    public OtlpReceiver()
    {
        Url = $"http://127.0.0.1:{Machine.FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _taking = TakeAsync();
    }

    public string Url { get; }

    /// <summary>Variables that send a program's traces and metrics here.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", Url), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), new("OTEL_METRIC_EXPORT_INTERVAL", "300"), new("OTEL_BSP_SCHEDULE_DELAY", "300"),
    ];

    /// <summary>Paths that were posted to.</summary>
    public ConcurrentDictionary<string, int> Posts { get; } = new(StringComparer.Ordinal);

    /// <summary>Every text in what came: names, tags, values.</summary>
    public ConcurrentDictionary<string, byte> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>Everything that came, one after the other.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    private readonly ConcurrentDictionary<string, double> _numbers = new(StringComparer.Ordinal);

    /// <summary>Called when something came.</summary>
    public event Action? Came;

    /// <summary>The newest value of a metric, the sum of its tags' values; null when none came.</summary>
    public double? Number(string metric) => _numbers.TryGetValue(metric, out var value) ? value : null;

    /// <summary>Waits until what came satisfies this.</summary>
    public async Task UntilAsync(Func<bool> holds, TimeSpan limit)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (holds())
                done.TrySetResult();
        }

        Came += Look;
        Look();
        try
        {
            await done.Task.WaitAsync(limit);
        }
        finally
        {
            Came -= Look;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _taking;
        _listener.Close();
    }

    private async Task TakeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            using var body = new MemoryStream();
            Stream from = context.Request.InputStream;
            if (context.Request.Headers["Content-Encoding"] == "gzip")
                from = new GZipStream(from, CompressionMode.Decompress);
            await from.CopyToAsync(body);
            Posts.AddOrUpdate(context.Request.Url!.AbsolutePath, 1, (_, n) => n + 1);
            var bytes = body.ToArray();
            Bodies.Enqueue(bytes);
            Read(bytes, context.Request.Url.AbsolutePath == "/v1/metrics");
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
            Came?.Invoke();
        }
    }

    // opentelemetry-proto 1.x: ResourceMetrics (1) / ScopeMetrics (2) / Metric (2) { name 1, gauge 5, sum 7 } / data point (1) { as_double 4, as_int 6 }.
    private void Read(byte[] bytes, bool metrics)
    {
        Collect(bytes);
        if (!metrics)
            return;
        foreach (var metric in Inside(bytes, 1).SelectMany(r => Inside(r, 2)).SelectMany(s => Inside(s, 2)))
        {
            var name = Encoding.UTF8.GetString(Inside(metric, 1).First());
            var points = Inside(metric, 5).Concat(Inside(metric, 7)).SelectMany(d => Inside(d, 1)).ToList();
            if (points.Count > 0)
                _numbers[name] = points.Sum(p => Fields(p).Where(f => f.Number is 4 or 6).Sum(f => f.Number == 4 ? BitConverter.Int64BitsToDouble(f.Fixed) : f.Fixed));
        }
    }

    private void Collect(byte[] message)
    {
        foreach (var field in Fields(message))
        {
            if (field.Bytes is not { Length: > 0 } bytes)
                continue;
            if (bytes.All(b => b is >= 0x20 and < 0x7f or >= 0x80) && new UTF8Encoding(false, false).GetString(bytes) is var text && !text.Contains('\ufffd', StringComparison.Ordinal))
                Texts[text] = 0;
            Collect(bytes);
        }
    }

    private static IEnumerable<byte[]> Inside(byte[] message, int number) => Fields(message).Where(f => f.Number == number && f.Bytes is not null).Select(f => f.Bytes!);

    /// <summary>The fields of a message; none of what is not one.</summary>
    private static List<(int Number, long Fixed, byte[]? Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, long, byte[]?)>();
        var at = 0;
        while (at < message.Length)
        {
            if (!Varint(message, ref at, out var key) || key >> 3 is 0 or > 2_000)
                return [];
            switch (key & 7)
            {
                case 0 when Varint(message, ref at, out var value):
                    fields.Add(((int)(key >> 3), (long)value, null));
                    break;
                case 1 when at + 8 <= message.Length:
                    fields.Add(((int)(key >> 3), BitConverter.ToInt64(message, at), null));
                    at += 8;
                    break;
                case 2 when Varint(message, ref at, out var length) && length <= (ulong)(message.Length - at):
                    fields.Add(((int)(key >> 3), 0, message[at..(at + (int)length)]));
                    at += (int)length;
                    break;
                case 5 when at + 4 <= message.Length:
                    fields.Add(((int)(key >> 3), BitConverter.ToInt32(message, at), null));
                    at += 4;
                    break;
                default:
                    return [];
            }
        }

        return fields;
    }

    private static bool Varint(byte[] message, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
                return true;
        }

        return false;
    }
}
