namespace CareTeamPortal.Benchmarks.Harness;

/// <summary>Synthea bundles, as new people each time: every uuid in a copy is another one, so that nothing is skipped as known.</summary>
internal static class Bundles
{
    private static uint s_copy = (uint)Random.Shared.Next();

    /// <summary>Files of at most this size, the smallest first.</summary>
    public static IReadOnlyList<byte[]> Read(Settings settings, int most = int.MaxValue) => !Directory.Exists(settings.Bundles)
        ? throw new DirectoryNotFoundException($"There are no bundles in {settings.Bundles}; name a folder with --bundles.")
        : [.. Directory.EnumerateFiles(settings.Bundles, "*.json").Select(f => new FileInfo(f)).OrderBy(f => f.Length).Take(settings.Quick ? 2 : most).Select(f => File.ReadAllBytes(f.FullName))];

    /// <summary>The same bundle about somebody else.</summary>
    public static byte[] Renewed(byte[] bundle)
    {
        var copy = (byte[])bundle.Clone();
        var number = Interlocked.Increment(ref s_copy);
        for (var i = 0; i + 36 <= copy.Length; i++)
        {
            if (copy[i + 8] != '-' || copy[i + 13] != '-' || copy[i + 18] != '-' || copy[i + 23] != '-' || !AreHex(copy.AsSpan(i, 8)) || !AreHex(copy.AsSpan(i + 24, 12)))
                continue;
            for (var digit = 0; digit < 8; digit++)
                copy[i + digit] = (byte)"0123456789abcdef"[(Convert.ToInt32(((char)copy[i + digit]).ToString(), 16) ^ (int)(number >> (4 * digit))) & 15];
            i += 35;
        }

        return copy;
    }

    private static bool AreHex(ReadOnlySpan<byte> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit((char)c))
                return false;
        }

        return true;
    }

    /// <summary>Writes renewed copies as files.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<byte[]> bundles, string folder)
    {
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        foreach (var bundle in bundles)
        {
            files.Add(Path.Combine(folder, $"{Guid.NewGuid():N}.json"));
            File.WriteAllBytes(files[^1], Renewed(bundle));
        }

        return files;
    }
}
