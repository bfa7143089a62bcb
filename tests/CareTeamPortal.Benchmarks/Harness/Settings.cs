using System.Globalization;
using System.Reflection;

namespace CareTeamPortal.Benchmarks.Harness;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings
{
    /// <summary>Only these benchmarks (their numbers or names); empty: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>None of these.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Rounds A B of alternating slices.</summary>
    public int Rounds { get; init; } = 10;

    /// <summary>Length of a slice.</summary>
    public double Seconds { get; init; } = 1.5;

    /// <summary>Length of the warm-up of each side.</summary>
    public double WarmUp { get; init; } = 8;

    /// <summary>A smoke run: everything once and small; the figures mean nothing.</summary>
    public bool Quick { get; init; }

    /// <summary>Most viewers for the fan-out benchmarks.</summary>
    public int Viewers { get; init; } = 200;

    /// <summary>Everything that performance.md asks for, up to the largest sizes: 1,000 open pages, 2,000 hub clients, the load of 2,000 people.</summary>
    public bool All { get; init; }

    /// <summary>Minutes of the load of 2,000 people.</summary>
    public double LoadMinutes { get; init; } = 1;

    /// <summary>Settings of the portal where several nodes are measured (another database, a broker), as on its command line.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Folder with FHIR bundles of Synthea.</summary>
    public string Bundles { get; init; } = "";

    /// <summary>The portal's program; another one when it was published (the runner's own folder is the floors': publish both alike).</summary>
    public string Portal { get => ServerProcess.PortalDll; init => ServerProcess.PortalDll = value; }

    /// <summary>Another build of the portal to measure against instead of the floor, for a change that is to be told from the noise (pages, hub).</summary>
    public string? Against { get; init; }

    /// <summary>Where databases go; emptied at the end.</summary>
    public string Scratch { get; } = Path.Combine(Path.GetTempPath(), "careteam-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Root of the repository.</summary>
    public static string RepoRoot { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepoRoot").Value!;

    public bool Wants(string number, string name) => (Only.Count == 0 || Only.Contains(number) || Only.Contains(name)) && !Without.Contains(number) && !Without.Contains(name);

    /// <summary>The folder shared/data/synthea beside the repository or above it.</summary>
    private static string NearestBundles()
    {
        for (var folder = new DirectoryInfo(RepoRoot).Parent; folder is not null; folder = folder.Parent)
        {
            var bundles = Path.Combine(folder.FullName, "shared", "data", "synthea");
            if (Directory.Exists(bundles))
                return bundles;
        }

        return "";
    }

    public static Settings Parse(IReadOnlyList<string> args)
    {
        var settings = new Settings { Bundles = NearestBundles() };
        if (args.Contains("--quick"))
            settings = settings with { Quick = true, Rounds = 2, Seconds = 0.3, WarmUp = 0.5, Viewers = 10 };
        if (args.Contains("--all"))
            settings = settings with { All = true, Viewers = settings.Quick ? settings.Viewers : 1_000 };
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => i + 1 < args.Count ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");
            settings = args[i] switch
            {
                "--only" => settings with { Only = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--without" => settings with { Without = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--rounds" => settings with { Rounds = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--seconds" => settings with { Seconds = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--warm-up" => settings with { WarmUp = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--viewers" => settings with { Viewers = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--bundles" => settings with { Bundles = Path.GetFullPath(Value()) },
                "--portal" => settings with { Portal = Path.GetFullPath(Value()) },
                "--against" => settings with { Against = Path.GetFullPath(Value()) },
                "--load-minutes" => settings with { LoadMinutes = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--node-settings" => settings with { Nodes = Value().Split(' ', StringSplitOptions.RemoveEmptyEntries) },
                "--quick" or "--all" => settings,
                _ => throw new ArgumentException($"unknown option {args[i]}; known: --only 1,2,... --without 9,load,... --rounds N --seconds S --warm-up S --viewers N --bundles FOLDER --portal DLL --against DLL --node-settings 'SETTINGS' --load-minutes M --all --quick"),
            };
        }

        return settings;
    }
}
