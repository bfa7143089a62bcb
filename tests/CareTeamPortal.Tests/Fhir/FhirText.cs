using System.Text;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Tests.Fhir;

/// <summary>Short ways to read FHIR in tests.</summary>
internal static class FhirText
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>All items with their bytes copied, because an item's bytes live only until the next.</summary>
    public static async Task<(FhirInput Input, List<FhirItem> Items)> ReadAll(Stream stream, FhirInputLimits? limits = null)
    {
        var input = new FhirInput(limits);
        var items = new List<FhirItem>();
        await foreach (var item in input.ReadAsync(stream, CancellationToken.None)) items.Add(item with { Json = item.Json.ToArray() });
        return (input, items);
    }

    public static Task<(FhirInput Input, List<FhirItem> Items)> ReadAll(string text, FhirInputLimits? limits = null) => ReadAll(new MemoryStream(Utf8(text)), limits);

    public static Task<(FhirInput Input, List<FhirItem> Items)> ReadFile(string path, FhirInputLimits? limits = null) => ReadAll(new MemoryStream(File.ReadAllBytes(path)), limits);
}

/// <summary>A stream that gives its bytes in pieces of random size.</summary>
internal sealed class ChunkedStream(byte[] bytes, Random random, int largest) : Stream
{
    private int _at;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var n = Math.Min(Math.Min(buffer.Length, random.Next(1, largest + 1)), bytes.Length - _at);
        bytes.AsSpan(_at, n).CopyTo(buffer);
        _at += n;
        return n;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
