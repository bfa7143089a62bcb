using System.Text;
using System.Text.Encodings.Web;

namespace CareTeamPortal.Features.Exchange;

/// <summary>The searchset of a timeline page, put together from bytes that are JSON already: one buffer of the right size, copies only.</summary>
internal static class TimelineBundle
{
    /// <summary>Writes the Bundle.</summary>
    /// <param name="baseUrl">Address of the service.</param>
    /// <param name="entries">The page's entries in order, as <see cref="EntryBytes"/> gives them.</param>
    /// <param name="links">Relations and addresses; those that are null are left out.</param>
    public static ReadOnlyMemory<byte> Write(string baseUrl, IReadOnlyList<byte[]> entries, params ReadOnlySpan<(string Relation, string? Url)> links)
    {
        var head = new StringBuilder("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[");
        var first = true;
        foreach (var (relation, url) in links)
        {
            if (url is null) continue;
            head.Append(first ? "" : ",").Append("{\"relation\":\"").Append(relation).Append("\",\"url\":\"").Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(url)).Append("\"}");
            first = false;
        }
        head.Append(']');
        var start = Encoding.UTF8.GetBytes(head.ToString());
        var prefix = Encoding.UTF8.GetBytes("{\"fullUrl\":\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(baseUrl) + "/");

        var size = start.Length + EntryHead.Length + 2;
        foreach (var entry in entries) size += 1 + prefix.Length + entry.Length;
        var bytes = GC.AllocateUninitializedArray<byte>(size);
        var output = bytes.AsSpan();
        var at = 0;
        Put(start, output, ref at);
        if (entries.Count > 0)
        {
            Put(EntryHead, output, ref at);
            for (var i = 0; i < entries.Count; i++)
            {
                if (i > 0) output[at++] = (byte)',';
                Put(prefix, output, ref at);
                Put(entries[i], output, ref at);
            }
            output[at++] = (byte)']';
        }
        output[at++] = (byte)'}';
        return bytes.AsMemory(0, at);
    }

    private static ReadOnlySpan<byte> EntryHead => ",\"entry\":["u8;

    private static void Put(ReadOnlySpan<byte> piece, Span<byte> output, ref int at)
    {
        piece.CopyTo(output[at..]);
        at += piece.Length;
    }
}
