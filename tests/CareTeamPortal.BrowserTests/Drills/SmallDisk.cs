using System.Diagnostics;
using System.Globalization;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>A disk of a few megabytes, in memory; needs the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static SmallDisk Mount(int megabytes)
    {
        var mount = Machine.Need("mount");
        var folder = Directory.CreateTempSubdirectory("careteam-disk-").FullName;
        var (code, says) = Run(mount, "-t", "tmpfs", "-o", $"size={megabytes.ToString(CultureInfo.InvariantCulture)}m", "careteam", folder);
        if (code != 0)
            Directory.Delete(folder);
        Skip.If(code != 0, $"needs the right to mount a small disk: {says.Trim()}");
        return new SmallDisk(folder);
    }

    /// <summary>Takes all room but so many bytes.</summary>
    public void Fill(string file, long leave)
    {
        using var ballast = new FileStream(file, FileMode.CreateNew);
        var block = new byte[64 * 1024];
        while (new DriveInfo(Folder).AvailableFreeSpace is var free && free > leave)
        {
            try
            {
                ballast.Write(block, 0, (int)Math.Min(block.Length, free - leave));
                ballast.Flush();
            }
            catch (IOException)
            {
                return; // somebody else took the rest
            }
        }
    }

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    private static (int Code, string Says) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var says = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, says);
    }
}
