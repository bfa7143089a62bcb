using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Benchmarks.Load;

/// <summary>A patient's file and the people of its team.</summary>
internal sealed record FileOfLoad(string Patient, IReadOnlyList<string> Team);

/// <summary>
/// People who exist for the load alone, and files that the portal's own import takes in: copies of Synthea bundles about new people each time, with a team of some people each.
/// Every person is on the team of one file. What is there already is used again.
/// </summary>
internal static class DataSet
{
    private const string Prefix = "load.";
    private const int Bundles = 6;

    private static readonly (Discipline Discipline, CareLine Line, string Role)[] s_roles =
    [
        (Discipline.GeneralPractitioner, CareLine.First, "huisarts"), (Discipline.HomeNurse, CareLine.First, "thuisverpleegkundige"), (Discipline.Specialist, CareLine.Second, "cardioloog"),
        (Discipline.Pharmacist, CareLine.First, "apotheker"), (Discipline.Physiotherapist, CareLine.First, "kinesitherapeut"),
    ];

    public static async Task<IReadOnlyList<FileOfLoad>> EnsureAsync(InProcessPortal portal, Settings settings, LoadSettings load, string scratch)
    {
        var files = await ReadAsync(portal, load.ViewersPerFile);
        if (files.Count >= load.Files)
            return [.. files.Take(load.Files)];
        var clock = Stopwatch.StartNew();
        var directory = portal.Get<PeopleDirectory>();
        var people = Enumerable.Range(0, load.Files * load.ViewersPerFile).Select(PersonOf).Where(p => directory.Find(p.Id) is null).ToList();
        foreach (var some in people.Chunk(500))
            await directory.KeepAsync(some, CancellationToken.None);
        var bundles = Harness.Bundles.Read(settings, Bundles);
        var resources = 0;
        for (var number = files.Count; number < load.Files; number++)
        {
            var written = Harness.Bundles.Write([bundles[number % bundles.Count]], scratch);
            var team = Enumerable.Range(number * load.ViewersPerFile, load.ViewersPerFile).Select(i => PersonOf(i).Id).ToList();
            resources += await portal.ImportAsync(written, team);
            File.Delete(written[0]);
            if (number % 100 == 99)
                Console.WriteLine($"   {number + 1} files, {resources} resources, {clock.Elapsed.TotalSeconds:0} s");
        }

        files = await ReadAsync(portal, load.ViewersPerFile);
        // A page is open when it shows this word.
        foreach (var file in files)
        {
            var actor = directory.ActorFor(new PersonId(file.Team[0]))!;
            await portal.Get<AddNote>().RunAsync(actor, new PatientId(file.Patient), new AddNote.Request { Id = Guid.NewGuid().ToString(), Kind = EntryKind.Note, Text = Clients.CircuitClient.Content + ": parameters stabiel." }, CancellationToken.None);
        }

        return files.Count >= load.Files ? [.. files.Take(load.Files)] : throw new InvalidOperationException($"{load.Files} files were imported and {files.Count} have a team of {load.ViewersPerFile}");
    }

    private static PersonRow PersonOf(int number)
    {
        var (discipline, line, role) = s_roles[number % s_roles.Length];
        return new PersonRow { Id = new(Prefix + number.ToString("D5", CultureInfo.InvariantCulture)), DisplayName = $"Test {role} {number.ToString(CultureInfo.InvariantCulture)}", Discipline = discipline, Line = line, RoleTitle = role, FhirType = "Practitioner" };
    }

    private static async Task<IReadOnlyList<FileOfLoad>> ReadAsync(InProcessPortal portal, int viewers)
    {
        var teams = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        using var session = await portal.Get<CareDatabase>().RentAsync(CancellationToken.None);
        using var reader = session.Sql("SELECT \"PatientId\", \"PersonId\" FROM \"CareTeamMembers\" WHERE \"PersonId\" LIKE @p0 ORDER BY \"PersonId\"").With(Prefix + "%").Read();
        while (reader.Read())
        {
            if (!teams.TryGetValue(reader.GetString(0), out var team))
                teams[reader.GetString(0)] = team = [];
            team.Add(reader.GetString(1));
        }

        return [.. teams.Where(t => t.Value.Count == viewers).OrderBy(t => t.Value[0], StringComparer.Ordinal).Select(t => new FileOfLoad(t.Key, t.Value))];
    }
}
