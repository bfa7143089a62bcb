using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

// Two cores: one portal and one browser at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CareTeamPortal.BrowserTests;

/// <summary>What this machine has for tests; what it has not makes a test skip with the reason.</summary>
internal static class Machine
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Metadata("RepoRoot");

    /// <summary>The built program.</summary>
    public static string Portal { get; } = Path.Combine(Root, "src", "CareTeamPortal", "bin", Metadata("Configuration"), "net10.0", "CareTeamPortal.dll");

    /// <summary>The folder with the npm peers.</summary>
    public static string Peers { get; } = Path.Combine(Root, "tests", "node");

    private static readonly Lazy<string?> Chromium = new(() => OnPath("chromium") ?? OnPath("chromium-browser"));
    private static readonly Lazy<string?> Node = new(FindNode);

    /// <summary>Chromium's path; skips the test without one.</summary>
    public static string NeedChromium()
    {
        Skip.If(Chromium.Value is null, "needs Chromium (./test.sh installs it)");
        return Chromium.Value!;
    }

    /// <summary>Node's path; skips the test without Node 20 and the npm peers.</summary>
    public static string NeedPeers()
    {
        Skip.If(Node.Value is null, "needs Node 20 or later (./test.sh installs it)");
        Skip.IfNot(Directory.Exists(Path.Combine(Peers, "node_modules")), "needs the npm peers of tests/node (./test.sh installs them)");
        return Node.Value!;
    }

    /// <summary>A program that this machine has; skips the test without it.</summary>
    public static string Need(string program)
    {
        var found = OnPath(program) ?? new[] { "/usr/sbin", "/sbin", "/usr/local/sbin" }.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        Skip.If(found is null, $"needs {program} (./test.sh installs what Debian has)");
        return found!;
    }

    /// <summary>A path under shared/data; skips the test when it is not beside the repository.</summary>
    public static string NeedShared(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", relative));
        Skip.IfNot(Path.Exists(path), $"needs shared/data/{relative}, which is not beside the repository");
        return path;
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Metadata(string key) => typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string? FindNode()
    {
        if (OnPath("node") is not { } node)
            return null;
        using var process = Process.Start(new ProcessStartInfo(node, "--version") { RedirectStandardOutput = true })!;
        var version = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return int.TryParse(version.TrimStart('v').Split('.')[0], out var major) && major >= 20 ? node : null;
    }
}
