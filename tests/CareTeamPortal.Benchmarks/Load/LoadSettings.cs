using System.Globalization;

namespace CareTeamPortal.Benchmarks.Load;

/// <summary>What a load run is asked to do.</summary>
internal sealed record LoadSettings
{
    /// <summary>Connected people.</summary>
    public int People { get; init; } = 2_000;

    /// <summary>How many of them look at the same file.</summary>
    public int ViewersPerFile { get; init; } = 5;

    public double PostsPerSecond { get; init; } = 10;
    public double Minutes { get; init; } = 10;

    /// <summary>Seconds of posts before anything counts.</summary>
    public double WarmUp { get; init; } = 10;

    /// <summary>People who come in a second, at most.</summary>
    public double Ramp { get; init; } = 25;

    /// <summary>Pages that are being opened at the same moment, at most.</summary>
    public int AtOnce { get; init; } = 8;

    /// <summary>Of the viewers of a file, how many are programs (hub and FHIR) and not open pages.</summary>
    public int ProgramsPerFile { get; init; } = 1;

    /// <summary>Nodes to start here; not used when addresses are given.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Nodes that run already; the database behind them holds the data set (<see cref="SeedOnly"/> makes it).</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [];

    /// <summary>Their processes, where they run on this machine.</summary>
    public IReadOnlyList<int> Processes { get; init; } = [];

    /// <summary>SQLite file that is kept and used again; null: one that goes when the run ends.</summary>
    public string? Database { get; init; }

    /// <summary>Settings of the portal, as on its command line.</summary>
    public IReadOnlyList<string> Portal { get; init; } = [];

    /// <summary>The portal's program, when it is another one than this build's.</summary>
    public string Program { get => Harness.ServerProcess.PortalDll; init => Harness.ServerProcess.PortalDll = value; }

    /// <summary>Environment of the nodes that are started here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes the data set and stops.</summary>
    public bool SeedOnly { get; init; }

    /// <summary>Reads the managed heap at the end (a full collection, after everything was measured).</summary>
    public bool Heap { get; init; } = true;

    /// <summary>Reads it each minute too: says whether what grows is held, or only not collected yet. The collections are in the latencies.</summary>
    public bool HeapEachMinute { get; init; }

    public int Files => (People + ViewersPerFile - 1) / ViewersPerFile;

    public const string Usage = "load [--people 2000] [--viewers-per-file 5] [--programs-per-file 1] [--posts 10] [--minutes 10] [--warm-up 10] [--ramp 25] [--at-once 8] [--nodes 1] [--addresses URL,URL --processes PID,PID] [--database FILE] [--program DLL] [--seed-only] [--env NAME=VALUE] [--no-heap] [--heap-each-minute] [-- settings of the portal]";

    public static LoadSettings Parse(IReadOnlyList<string> args)
    {
        var settings = new LoadSettings();
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => i + 1 < args.Count ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");
            int Whole() => int.Parse(Value(), CultureInfo.InvariantCulture);
            double Number() => double.Parse(Value(), CultureInfo.InvariantCulture);
            string[] List() => Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (args[i] == "--")
                return settings with { Portal = [.. args.Skip(i + 1)] };
            settings = args[i] switch
            {
                "--people" => settings with { People = Whole() },
                "--viewers-per-file" => settings with { ViewersPerFile = Whole() },
                "--programs-per-file" => settings with { ProgramsPerFile = Whole() },
                "--posts" => settings with { PostsPerSecond = Number() },
                "--minutes" => settings with { Minutes = Number() },
                "--warm-up" => settings with { WarmUp = Number() },
                "--ramp" => settings with { Ramp = Number() },
                "--at-once" => settings with { AtOnce = Whole() },
                "--nodes" => settings with { Nodes = Whole() },
                "--addresses" => settings with { Addresses = [.. List().Select(a => new Uri(a.TrimEnd('/') + "/"))] },
                "--processes" => settings with { Processes = [.. List().Select(p => int.Parse(p, CultureInfo.InvariantCulture))] },
                "--database" => settings with { Database = Path.GetFullPath(Value()) },
                "--program" => settings with { Program = Path.GetFullPath(Value()) },
                "--seed-only" => settings with { SeedOnly = true },
                "--heap-each-minute" => settings with { HeapEachMinute = true },
                "--no-heap" => settings with { Heap = false },
                "--env" => settings with { Environment = new Dictionary<string, string>(settings.Environment) { [Value().Split('=')[0]] = args[i].Split('=', 2)[1] } },
                _ => throw new ArgumentException($"unknown option {args[i]}; {Usage}"),
            };
        }

        return settings;
    }
}
