using System.Buffers.Binary;
using System.Text;
using CareTeamPortal.Platform.Files;

namespace CareTeamPortal.Tests.Files;

public sealed class FileSnifferTests
{
    private static byte[] Pdf(string body = "1 0 obj\n<< >>\nendobj\n") => Encoding.Latin1.GetBytes("%PDF-1.7\n" + body + "%%EOF\n");

    private static byte[] Png(uint width = 2, uint height = 2, byte[]? extra = null)
    {
        var bytes = new List<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        void Chunk(string type, byte[] data)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)data.Length);
            bytes.AddRange([.. length, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0]);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        Chunk("IHDR", header);
        if (extra is not null)
            Chunk("tEXt", extra);
        Chunk("IDAT", [1, 2, 3]);
        Chunk("IEND", []);
        return [.. bytes];
    }

    private static byte[] Jpeg(ushort width = 8, ushort height = 8, string comment = "c")
    {
        var text = Encoding.Latin1.GetBytes(comment);
        return [0xFF, 0xD8, 0xFF, 0xFE, (byte)((text.Length + 2) >> 8), (byte)(text.Length + 2), .. text,
            0xFF, 0xC0, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3, 0xFF, 0xD9];
    }

    private static byte[] Gif() => [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];

    private static byte[] WebP()
    {
        byte[] data = [0x30, 0x01, 0x00, 0x9D, 0x01, 0x2A, 8, 0, 8, 0, 0, 0];
        var bytes = new List<byte>([.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, (byte)data.Length, 0, 0, 0, .. data]);
        bytes[4] = (byte)(bytes.Count - 8);
        return [.. bytes];
    }

    private static byte[] Zip() => [.. "PK\x03\x04"u8, .. new byte[30], .. "PK\x05\x06"u8, .. new byte[18]];

    public static TheoryData<string> Kinds => [.. Enum.GetNames<FileKind>()];

    private static byte[] Example(FileKind kind) => kind switch { FileKind.Pdf => Pdf(), FileKind.Png => Png(), FileKind.Jpeg => Jpeg(), FileKind.Gif => Gif(), _ => WebP() };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_is_known_by_its_bytes(string name)
    {
        var kind = Enum.Parse<FileKind>(name);
        Assert.Equal(new FileVerdict(kind, null), FileSniffer.Sniff(Example(kind)));
        Assert.NotEmpty(FileSniffer.MediaTypeOf(kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_archive_behind_it_is_refused(string name) =>
        Assert.Equal(FileRefusal.Polyglot, FileSniffer.Sniff([.. Example(Enum.Parse<FileKind>(name)), .. Zip()]).Refusal);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_cut_short_is_refused_and_never_throws(string name)
    {
        var bytes = Example(Enum.Parse<FileKind>(name));
        for (var length = 0; length < bytes.Length - (name == "Pdf" ? 6 : 0); length++)
            Assert.NotNull(FileSniffer.Sniff(bytes.AsSpan(0, length)).Refusal);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("  \n<!DOCTYPE html><html></html>")]
    [InlineData("\uFEFF<html>")]
    [InlineData("<?xml version='1.0'?><svg/>")]
    [InlineData("#!/bin/sh")]
    [InlineData("hello <script>alert(1)</script>")]
    public void Active_content_is_refused(string text) => Assert.Equal(FileRefusal.ActiveContent, FileSniffer.Sniff(Encoding.UTF8.GetBytes(text)).Refusal);

    [Theory]
    [InlineData("hello")]
    [InlineData("MZ\u0090")]
    [InlineData("PK\u0003\u0004")]
    public void Other_kinds_are_refused(string text) => Assert.Equal(FileRefusal.UnknownKind, FileSniffer.Sniff(Encoding.Latin1.GetBytes(text)).Refusal);

    [Fact]
    public void A_picture_that_is_also_a_page_or_a_PDF_is_refused()
    {
        Assert.Equal(FileRefusal.Polyglot, FileSniffer.Sniff(Jpeg(comment: "<script>alert(1)</script>")).Refusal);
        Assert.Equal(FileRefusal.Polyglot, FileSniffer.Sniff(Png(extra: "%PDF-1.4"u8.ToArray())).Refusal);
        Assert.Equal(FileRefusal.Polyglot, FileSniffer.Sniff(Png(extra: "<HTML >"u8.ToArray())).Refusal);
        Assert.Equal(FileRefusal.Polyglot, FileSniffer.Sniff([.. Png(), 0]).Refusal);
        Assert.Equal(FileRefusal.Polyglot, FileSniffer.Sniff([.. Gif(), 1]).Refusal);
        Assert.Equal(FileRefusal.Polyglot, FileSniffer.Sniff(Pdf("<html><script>1</script>")).Refusal);
    }

    [Fact]
    public void Metadata_of_a_camera_is_no_page() => Assert.Equal(FileKind.Jpeg, FileSniffer.Sniff(Jpeg(comment: "<?xpacket begin=''?><x:xmpmeta><rdf:RDF/></x:xmpmeta>")).Kind);

    [Fact]
    public void Sizes_have_limits()
    {
        Assert.Equal(FileRefusal.Empty, FileSniffer.Sniff([]).Refusal);
        Assert.Equal(FileRefusal.TooLarge, FileSniffer.Sniff(new byte[FileSniffer.MostBytes + 1]).Refusal);
        Assert.Equal(FileRefusal.TooManyPixels, FileSniffer.Sniff(Png(20_000, 20_000)).Refusal);
        Assert.Equal(FileRefusal.TooManyPixels, FileSniffer.Sniff(Png(uint.MaxValue, 1)).Refusal);
        Assert.Equal(FileRefusal.TooManyPixels, FileSniffer.Sniff(Jpeg(65_000, 1)).Refusal);
        Assert.Equal(FileRefusal.Damaged, FileSniffer.Sniff(Png(0, 1)).Refusal);
        Assert.Equal("Dit bestand is groter dan 15 MB.", new FileVerdict(null, FileRefusal.TooLarge).Message);
        Assert.All(Enum.GetValues<FileRefusal>(), r => Assert.NotEmpty(new FileVerdict(null, r).Message!));
    }

    [Fact]
    public void Fuzzed_bytes_never_throw()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var kind in Enum.GetValues<FileKind>())
        {
            var original = Example(kind);
            for (var round = 0; round < 5_000; round++)
            {
                var bytes = (byte[])original.Clone();
                for (var changes = random.Next(1, 5); changes > 0; changes--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                try
                {
                    var verdict = FileSniffer.Sniff(bytes);
                    Assert.True(verdict.Kind is null != verdict.Refusal is null);
                }
                catch (Exception e)
                {
                    Assert.Fail($"seed {seed}, {Convert.ToHexString(bytes)}: {e}");
                }
            }
        }
    }

    [Theory]
    [InlineData("ontslagbrief.pdf", FileKind.Pdf, "ontslagbrief.pdf")]
    [InlineData("Wonde LINKS.JPEG", FileKind.Jpeg, "Wonde LINKS.jpeg")]
    [InlineData("wonde.png", FileKind.Jpeg, "wonde.png.jpg")]
    [InlineData("../../etc/passwd", FileKind.Pdf, "passwd.pdf")]
    [InlineData("C:\\Users\\an\\brief.pdf", FileKind.Pdf, "brief.pdf")]
    [InlineData("brief\u202efdp.exe", FileKind.Pdf, "brieffdp.exe.pdf")]
    [InlineData("a\r\nSet-Cookie: x.pdf", FileKind.Pdf, "a Set-Cookie_ x.pdf")]
    [InlineData("con.pdf", FileKind.Pdf, "_con.pdf")]
    [InlineData("...", FileKind.Png, "bijlage.png")]
    [InlineData(".htaccess", FileKind.Png, "htaccess.png")]
    [InlineData("", FileKind.Gif, "bijlage.gif")]
    [InlineData(null, FileKind.WebP, "bijlage.webp")]
    [InlineData("\ud800.pdf", FileKind.Pdf, "bijlage.pdf")]
    public void A_name_can_be_saved_anywhere(string? name, object kind, string expected) => Assert.Equal(expected, FileSniffer.SafeName(name, (FileKind)kind));

    [Fact]
    public void A_long_name_is_cut_before_its_extension()
    {
        var name = FileSniffer.SafeName(new string('x', 10_000) + ".pdf", FileKind.Pdf);
        Assert.True(name.Length <= 100 && name.EndsWith("….pdf", StringComparison.Ordinal), name);
    }
}
