using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Benchmarks.Floors;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Benchmarks.Runs;

// floor MODE --port N ...: one of the floors, started by the runner as a process of its own.
if (args is ["floor", var mode, ..])
{
    string Option(string name) => args[Array.IndexOf(args, name) + 1];
    var port = int.Parse(Option("--port"), CultureInfo.InvariantCulture);
    await (mode switch
    {
        "fhir" => ThinFhir.RunAsync(port, Option("--database")),
        "hub" => BareHub.RunAsync(port),
        "pages" => BarePages.RunAsync(port, args.Contains("--markup") ? Option("--markup") : null),
        _ => throw new ArgumentException($"there is no floor {mode}"),
    });
    return 0;
}

// load ...: the portal under many people at once.
if (args is ["load", .. var loadArgs])
    return await CareTeamPortal.Benchmarks.Load.LoadRun.MainAsync(loadArgs);

(string Number, string Name, Func<Settings, Report, Task> Run)[] runs =
[
    ("1", "create", FhirRun.CreateAsync),
    ("2", "page", FhirRun.PageAsync),
    ("3", "growth", GrowthRun.RunAsync),
    ("4", "hub", HubRun.RunAsync),
    ("5", "pages", PagesRun.FanOutAsync),
    ("6", "memory", PagesRun.MemoryAsync),
    ("7", "first-page", PagesRun.FirstPageAsync),
    ("8", "worklist", WorklistRun.RunAsync),
    ("9", "import", ImportRun.RunAsync),
    ("9", "import-memory", ImportRun.MemoryAsync),
    ("10", "parse", ParseRun.RunAsync),
    ("11", "nodes", NodesRun.RunAsync),
    ("12", "mixed", MixedRun.RunAsync),
    ("13", "handoff", HandoffRun.RunAsync),
    ("14", "cold-start", ColdStartRun.RunAsync),
    ("i6", "load", CareTeamPortal.Benchmarks.Load.LoadRun.RunAsync),
    ("i3", "lanes", LanesRun.RunAsync),
    ("i5", "alerts", AlertsRun.RunAsync),
    ("i5", "start-pathway", PathwayRun.RunAsync),
    ("i5", "figures", FiguresRun.RunAsync),
    ("i4", "access-cost", AccessCostRun.RunAsync),
    ("i4", "audit", AuditRun.RunAsync),
    ("i4", "equal-answers", EqualAnswersRun.RunAsync),
];

Settings settings;
try
{
    settings = Settings.Parse(args);
}
catch (Exception fault) when (fault is ArgumentException or FormatException)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}

var report = new Report();
var failed = false;
var clock = Stopwatch.StartNew();
var took = new List<string>();
Directory.CreateDirectory(settings.Scratch);
try
{
    foreach (var run in runs.Where(r => settings.Wants(r.Number, r.Name)))
    {
        var begun = clock.Elapsed;
        Console.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss}  {run.Number} {run.Name}");
        try
        {
            await run.Run(settings, report);
        }
        catch (Exception fault)
        {
            // One benchmark that cannot run does not take the others with it.
            failed = true;
            report.Missing(run.Number, run.Name, fault.Message.ReplaceLineEndings(" "));
            Console.Error.WriteLine(fault);
        }

        took.Add($"{run.Name} {(clock.Elapsed - begun).TotalSeconds:0} s");
    }
}
finally
{
    Directory.Delete(settings.Scratch, recursive: true);
}

Console.WriteLine();
Console.WriteLine(report.ToMarkdown(settings));
Console.WriteLine($"{clock.Elapsed.TotalMinutes:0.0} minutes: {string.Join(", ", took)}");
return failed ? 1 : 0;
