using System.Reflection;

namespace CareTeamPortal.Tests;

/// <summary>The real FHIR data beside the repository (<c>../shared/data</c>); tests that need it skip with a reason where it is absent.</summary>
internal static class SharedData
{
    /// <summary>Folder of the repository, written by the build.</summary>
    public static string RepoRoot { get; } =
        typeof(SharedData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepoRoot").Value!;

    /// <summary>Full path of a file or folder of the shared data; skips the running test when it is not there.</summary>
    public static string Path(string relative = "")
    {
        var root = Environment.GetEnvironmentVariable("CARETEAM_SHARED") ?? System.IO.Path.Combine(RepoRoot, "..", "shared");
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, "data", relative));
        Skip.IfNot(File.Exists(path) || Directory.Exists(path), $"needs shared/data/{relative}, which is not beside the repository");
        return path;
    }
}
