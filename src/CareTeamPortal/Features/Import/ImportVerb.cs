using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Import;

/// <summary><c>-- import PATH... [--team USER,...]</c>: works while the portal runs; open pages show what came.</summary>
internal static class ImportVerb
{
    private static readonly string[] DemoTeam = ["karel.janssens", "sofie.maes", "nadia.benali"];

    /// <returns>0 when everything that is FHIR was stored; 1 when something was refused or the call is wrong.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> arguments, string callersFolder, SignInMode mode, CancellationToken ct)
    {
        var paths = new List<string>();
        string? team = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--team" && i + 1 < arguments.Count)
                team = arguments[++i];
            else if (arguments[i].StartsWith("--team=", StringComparison.Ordinal))
                team = arguments[i][7..];
            else
                paths.Add(Path.GetFullPath(arguments[i], callersFolder));
        }

        var people = services.GetRequiredService<PeopleDirectory>();
        var names = team?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? (mode == SignInMode.Demo ? DemoTeam : []);
        if (paths.Count == 0 || names.Length == 0)
        {
            await Console.Error.WriteLineAsync("import: usage: import PATH... --team USER,...   (who forms the team of a patient that is new; in Demo mode there is a default)");
            return 1;
        }

        if (names.FirstOrDefault(n => people.Find(new PersonId(n)) is null) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"import: there is no person {unknown}; nothing was imported.");
            return 1;
        }

        if (!names.Any(n => SharingRules.AnswersForCare(people.Find(new PersonId(n))!.Discipline)))
        {
            await Console.Error.WriteLineAsync("import: nobody of --team can be accountable for a patient: name a professional who can answer for care. Nothing was imported.");
            return 1;
        }

        IReadOnlyList<string> files;
        try
        {
            files = ImportFiles.FilesOf(paths);
        }
        catch (FileNotFoundException fault)
        {
            await Console.Error.WriteLineAsync($"import: {fault.Message} Nothing was imported.");
            return 1;
        }

        var authority = new IntakeAuthority(null, [.. names.Select(n => new PersonId(n))], "import", AccessSource.CommandLine);
        var quiet = Console.IsOutputRedirected;
        var reports = await services.GetRequiredService<ImportFiles>().RunAsync(files, authority, "import", (report, share) =>
        {
            if (!quiet)
                Console.Write($"\r{report.Name}: {share:P0}, {report.Read} resources ");
        }, ct);
        if (!quiet)
            Console.Write("\r");
        foreach (var report in reports)
            Print(report);
        Console.WriteLine($"{reports.Count} files: {reports.Sum(r => r.Created)} stored, {reports.Sum(r => r.NewVersions)} new versions, {reports.Sum(r => r.KeptApart)} kept apart, {reports.Sum(r => r.Unchanged)} skipped as unchanged, {reports.Sum(r => r.Refused)} refused, {reports.Sum(r => r.Odd)} odd but kept, {reports.Sum(r => r.DanglingCount)} references to nowhere");
        return reports.Any(r => r.Refused > 0) ? 1 : 0;
    }

    private static void Print(FileReport report)
    {
        Console.WriteLine($"{report.Name}: {report.Created} stored, {report.NewVersions} new versions, {report.Unchanged} skipped, {report.Refused} refused{(report.KeptApart > 0 ? $", {report.KeptApart} kept apart" : "")}");
        foreach (var line in report.Lines)
            Console.WriteLine("  " + line);
        if (report.DanglingCount > 0)
            Console.WriteLine($"  {report.DanglingCount} references point nowhere, for example {string.Join(", ", report.Dangling.Take(3))}");
    }
}
