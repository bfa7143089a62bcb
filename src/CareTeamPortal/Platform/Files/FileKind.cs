using System.Buffers.Binary;
using System.Globalization;
using System.Resources;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Platform.Files;

/// <summary>Kinds of file that people may attach. Stored as a number: append, never renumber.</summary>
internal enum FileKind
{
    Pdf = 1,
    Png = 2,
    Jpeg = 3,
    Gif = 4,
    WebP = 5,
}

/// <summary>Why a file was refused.</summary>
internal enum FileRefusal
{
    Empty,
    TooLarge,

    /// <summary>None of the kinds that people may attach.</summary>
    UnknownKind,

    /// <summary>SVG, HTML, XML or a script: it would run in the reader's browser.</summary>
    ActiveContent,

    /// <summary>Two files in one: what a picture shows here would be a page or an archive elsewhere.</summary>
    Polyglot,

    /// <summary>It begins as one of the kinds and does not end as one.</summary>
    Damaged,
    TooManyPixels,

    /// <summary>Too much of this person waits to be sent.</summary>
    TooManyUnsent,
}

/// <summary>What the bytes are. Exactly one of <see cref="Kind"/> and <see cref="Refusal"/> is set.</summary>
internal readonly record struct FileVerdict(FileKind? Kind, FileRefusal? Refusal)
{
    /// <summary>The reason in a sentence, for the person who attaches; null when accepted.</summary>
    public string? Message => Refusal is { } refusal ? FilesText.Get($"Refused.{refusal}", FileSniffer.MostBytes / 1024 / 1024) : null;

    public static implicit operator FileVerdict(FileKind kind) => new(kind, null);

    public static implicit operator FileVerdict(FileRefusal refusal) => new(null, refusal);
}

/// <summary>
/// Decides what a file is by its bytes; names and declared types are not asked. Walks the structure of pictures to their end, so that nothing hides behind it.
/// Serve what it accepts with its <see cref="MediaTypeOf">media type</see>, <c>X-Content-Type-Options: nosniff</c> and, for a PDF, as a download.
/// </summary>
internal static class FileSniffer
{
    /// <summary>Largest attachment, in bytes.</summary>
    public const int MostBytes = 15 * 1024 * 1024;

    /// <summary>Most pixels on a side and in all; a small file can hold a picture that takes the reader's memory.</summary>
    private const int MostSide = 20_000;

    /// <inheritdoc cref="MostSide"/>
    private const long MostPixels = 100_000_000;

    /// <summary>Longest name kept, in characters, extension included.</summary>
    private const int LongestName = 100;

    /// <summary>What the whole content of a file is.</summary>
    public static FileVerdict Sniff(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return FileRefusal.Empty;
        if (content.Length > MostBytes)
            return FileRefusal.TooLarge;

        FileVerdict verdict;
        if (content.StartsWith("%PDF-"u8))
            verdict = Pdf(content);
        else if (content.StartsWith(PngSignature))
            verdict = Png(content);
        else if (content.StartsWith(JpegStart))
            verdict = Jpeg(content);
        else if (content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8))
            verdict = Gif(content);
        else if (content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8))
            verdict = WebP(content);
        else
            return LooksActive(content) ? FileRefusal.ActiveContent : FileRefusal.UnknownKind;

        return verdict.Kind is { } kind && HidesAnother(content, kind) ? FileRefusal.Polyglot : verdict;
    }

    /// <summary>The media type to serve a kind with.</summary>
    public static string MediaTypeOf(FileKind kind) => kind switch
    {
        FileKind.Pdf => "application/pdf",
        FileKind.Png => "image/png",
        FileKind.Jpeg => "image/jpeg",
        FileKind.Gif => "image/gif",
        FileKind.WebP => "image/webp",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>True for pictures, which a page may show in place.</summary>
    public static bool IsPicture(FileKind kind) => kind is not FileKind.Pdf;

    /// <summary>
    /// A name that any system can save: the last part of a path, without invisible or reserved characters, not longer than 100 characters,
    /// with the extension of what the bytes are. Never empty.
    /// </summary>
    public static string SafeName(string? name, FileKind kind)
    {
        string[] extensions = kind switch
        {
            FileKind.Pdf => [".pdf"],
            FileKind.Png => [".png"],
            FileKind.Jpeg => [".jpg", ".jpeg"],
            FileKind.Gif => [".gif"],
            FileKind.WebP => [".webp"],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        var line = SafeText.Line(name?.Length > 2_000 ? name[^2_000..] : name, 2_000);
        line = line[(line.LastIndexOfAny(['/', '\\']) + 1)..];
        Span<char> kept = stackalloc char[Math.Min(line.Length, 2_000)];
        var length = 0;
        foreach (var c in line)
            kept[length++] = c is '<' or '>' or ':' or '"' or '|' or '?' or '*' or ';' or '%' or '\uFFFD' ? '_' : c;
        var safe = new string(kept[..length]).Trim('.', ' ');

        var extension = extensions.FirstOrDefault(e => safe.EndsWith(e, StringComparison.OrdinalIgnoreCase));
        var stem = extension is null ? safe : safe[..^extension.Length].TrimEnd('.', ' ');
        if (stem.Length == 0 || stem.All(c => c is '_' or '.'))
            stem = FilesText.Get("Name.Fallback");
        if (IsReserved(stem))
            stem = "_" + stem;
        return SafeText.Line(stem, LongestName - 5).TrimEnd('.', ' ') + (extension ?? extensions[0]);
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    private static FileVerdict Pdf(ReadOnlySpan<byte> content)
    {
        if (content.Length < 8 || !char.IsAsciiDigit((char)content[5]))
            return FileRefusal.Damaged;
        var tail = content[Math.Max(0, content.Length - 2048)..];
        return tail.LastIndexOf("%%EOF"u8) < 0 ? FileRefusal.Damaged : FileKind.Pdf;
    }

    private static FileVerdict Png(ReadOnlySpan<byte> content)
    {
        var at = 8;
        for (var first = true; ; first = false)
        {
            if (at + 12 > content.Length)
                return FileRefusal.Damaged;
            var length = BinaryPrimitives.ReadUInt32BigEndian(content[at..]);
            var type = content.Slice(at + 4, 4);
            if (length > (uint)(content.Length - at - 12))
                return FileRefusal.Damaged;
            if (first)
            {
                if (!type.SequenceEqual("IHDR"u8) || length != 13)
                    return FileRefusal.Damaged;
                if (Size(BinaryPrimitives.ReadUInt32BigEndian(content[(at + 8)..]), BinaryPrimitives.ReadUInt32BigEndian(content[(at + 12)..])) is { } refusal)
                    return refusal;
            }
            at += 12 + (int)length;
            if (type.SequenceEqual("IEND"u8))
                return at == content.Length ? FileKind.Png : FileRefusal.Polyglot;
        }
    }

    private static FileVerdict Jpeg(ReadOnlySpan<byte> content)
    {
        var at = 2;
        var sized = false;
        while (true)
        {
            while (at < content.Length && content[at] == 0xFF && at + 1 < content.Length && content[at + 1] == 0xFF)
                at++; // fill bytes
            if (at + 2 > content.Length || content[at] != 0xFF)
                return FileRefusal.Damaged;
            var marker = content[at + 1];
            if (marker == 0xD9)
                return FileRefusal.Damaged; // ends before it shows anything
            if (marker is 0x01 or >= 0xD0 and <= 0xD7)
            {
                at += 2;
                continue;
            }
            if (at + 4 > content.Length)
                return FileRefusal.Damaged;
            var length = BinaryPrimitives.ReadUInt16BigEndian(content[(at + 2)..]);
            if (length < 2 || at + 2 + length > content.Length)
                return FileRefusal.Damaged;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (length < 8)
                    return FileRefusal.Damaged;
                var body = content[(at + 4)..];
                if (Size(BinaryPrimitives.ReadUInt16BigEndian(body[3..]), BinaryPrimitives.ReadUInt16BigEndian(body[1..])) is { } refusal)
                    return refusal;
                sized = true;
            }
            if (marker == 0xDA)
            {
                // The picture's data: cameras put previews and depth behind its end, so the end need only be there.
                return sized && content[(at + 2 + length)..].IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0 ? FileKind.Jpeg : FileRefusal.Damaged;
            }
            at += 2 + length;
        }
    }

    private static FileVerdict Gif(ReadOnlySpan<byte> content)
    {
        if (content.Length < 14)
            return FileRefusal.Damaged;
        if (Size(BinaryPrimitives.ReadUInt16LittleEndian(content[6..]), BinaryPrimitives.ReadUInt16LittleEndian(content[8..])) is { } refusal)
            return refusal;
        var at = 13 + ((content[10] & 0x80) != 0 ? 3 << ((content[10] & 7) + 1) : 0);
        while (at < content.Length)
        {
            switch (content[at])
            {
                case 0x3B:
                    return at + 1 == content.Length ? FileKind.Gif : FileRefusal.Polyglot;
                case 0x21:
                    at += 2;
                    break;
                case 0x2C:
                    if (at + 10 > content.Length)
                        return FileRefusal.Damaged;
                    at += 10 + ((content[at + 9] & 0x80) != 0 ? 3 << ((content[at + 9] & 7) + 1) : 0) + 1;
                    break;
                default:
                    return FileRefusal.Damaged;
            }
            while (at < content.Length && content[at] != 0)
                at += content[at] + 1;
            at++;
        }
        return FileRefusal.Damaged;
    }

    private static FileVerdict WebP(ReadOnlySpan<byte> content)
    {
        if (content.Length < 30)
            return FileRefusal.Damaged;
        var declared = (long)BinaryPrimitives.ReadUInt32LittleEndian(content[4..]) + 8;
        if (declared > content.Length)
            return FileRefusal.Damaged;
        if (declared < content.Length)
            return FileRefusal.Polyglot;
        var chunk = content.Slice(12, 4);
        var data = content[20..];
        FileRefusal? refusal;
        if (chunk.SequenceEqual("VP8X"u8))
            refusal = Size((uint)(data[4] | data[5] << 8 | data[6] << 16) + 1, (uint)(data[7] | data[8] << 8 | data[9] << 16) + 1);
        else if (chunk.SequenceEqual("VP8L"u8) && data[0] == 0x2F)
            refusal = Size((uint)((data[1] | data[2] << 8) & 0x3FFF) + 1, (uint)((data[2] >> 6 | data[3] << 2 | data[4] << 10) & 0x3FFF) + 1);
        else if (chunk.SequenceEqual("VP8 "u8) && data[3] == 0x9D && data[4] == 0x01 && data[5] == 0x2A)
            refusal = Size((uint)(data[6] | data[7] << 8) & 0x3FFF, (uint)(data[8] | data[9] << 8) & 0x3FFF);
        else
            refusal = FileRefusal.Damaged;
        return refusal is { } reason ? reason : FileKind.WebP;
    }

    private static FileRefusal? Size(uint width, uint height) =>
        width == 0 || height == 0 ? FileRefusal.Damaged
        : width > MostSide || height > MostSide || (long)width * height > MostPixels ? FileRefusal.TooManyPixels
        : null;

    private static bool HidesAnother(ReadOnlySpan<byte> content, FileKind kind)
    {
        if (EndsAsZip(content))
            return true;
        if (kind == FileKind.Pdf)
            return ContainsTag(content[..Math.Min(content.Length, 1024)]);

        // PDF readers look for their mark in the first kilobyte; browsers without nosniff for tags in the first half.
        return content[..Math.Min(content.Length, 1024)].IndexOf("%PDF-"u8) >= 0 || ContainsTag(content);
    }

    /// <summary>An end-of-central-directory record whose comment runs exactly to the end: a zip, jar or Office file behind the picture.</summary>
    private static bool EndsAsZip(ReadOnlySpan<byte> content)
    {
        var from = Math.Max(0, content.Length - 65_557);
        var tail = content[from..];
        while (tail.Length >= 22)
        {
            var at = tail.LastIndexOf("PK\x05\x06"u8);
            if (at < 0)
                return false;
            if (tail.Length - at >= 22 && from + at + 22 + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) <= content.Length)
                return true;
            tail = tail[..at];
        }
        return false;
    }

    private static bool ContainsTag(ReadOnlySpan<byte> content)
    {
        for (var at = content.IndexOf((byte)'<'); at >= 0;)
        {
            var rest = content[(at + 1)..];
            if (Begins(rest, "script"u8) || Begins(rest, "html"u8) || Begins(rest, "svg"u8) || Begins(rest, "iframe"u8) || Begins(rest, "!doctype"u8) || Begins(rest, "?php"u8) || Begins(rest, "object"u8))
                return true;
            var next = rest.IndexOf((byte)'<');
            at = next < 0 ? -1 : at + 1 + next;
        }
        return false;

        // With a boundary behind it, because compressed data holds every short run of letters by chance.
        static bool Begins(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> tag)
        {
            if (rest.Length <= tag.Length)
                return false;
            for (var i = 0; i < tag.Length; i++)
            {
                if ((rest[i] | 0x20) != (tag[i] | 0x20))
                    return false;
            }
            return rest[tag.Length] is (byte)' ' or (byte)'>' or (byte)'/' or (byte)'\t' or (byte)'\n' or (byte)'\r';
        }
    }

    private static bool LooksActive(ReadOnlySpan<byte> content)
    {
        var head = content[..Math.Min(content.Length, 1024)];
        if (head.StartsWith("\uFEFF"u8))
            head = head[3..];
        head = head.TrimStart(" \t\r\n\0"u8);
        return head.StartsWith("<"u8) || head.StartsWith("#!"u8) || ContainsTag(content[..Math.Min(content.Length, 65_536)])
            || content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, (byte)'<', 0]) || content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF, 0, (byte)'<']);
    }

    private static bool IsReserved(string stem)
    {
        var name = stem.Split('.')[0].TrimEnd().ToUpperInvariant();
        return name is "CON" or "PRN" or "AUX" or "NUL" || (name.Length == 4 && (name.StartsWith("COM", StringComparison.Ordinal) || name.StartsWith("LPT", StringComparison.Ordinal)) && char.IsAsciiDigit(name[3]));
    }
}

/// <summary>The words about files (FilesText.resx).</summary>
internal sealed class FilesText
{
    private static readonly Words Words = new("CareTeamPortal.Platform.Files.FilesText");

    private FilesText()
    {
    }

    /// <summary>The text under <paramref name="key"/> with its places filled.</summary>
    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
