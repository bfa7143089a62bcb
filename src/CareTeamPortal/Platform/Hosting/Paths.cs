namespace CareTeamPortal.Platform.Hosting;

/// <summary>Where things are: configured paths resolve from the repository's root, or from the published folder.</summary>
internal static class Paths
{
    /// <summary>The folder above the program that holds CareTeamPortal.sln, else the program's own folder.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CareTeamPortal.sln")))
                return folder.FullName;
        }

        return AppContext.BaseDirectory;
    }
}
