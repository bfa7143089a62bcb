using System.Diagnostics;
using CareTeamPortal.Benchmarks.Floors;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>Issue 5: starting a pathway of 40 tasks in a file that is open, against one bare transaction of the very rows that it writes.</summary>
internal static class PathwayRun
{
    private const int Tasks = 40;
    private const int Files = 40;
    private static readonly PersonId Nurse = new("sofie.maes");

    public static async Task RunAsync(Settings settings, Report report)
    {
        await using var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "pathway.db"));
        var people = portal.Get<PeopleDirectory>();
        await people.KeepAsync([new PersonRow { Id = Nurse, DisplayName = "Sofie Maes", Discipline = Discipline.HomeNurse, Line = CareLine.First, RoleTitle = "thuisverpleegkundige", FhirType = "Practitioner" }], CancellationToken.None);
        var template = Template();
        await portal.Get<SeedTemplates>().PutAsync(template, TemplateFhir.Write(template, null), CancellationToken.None);
        var roles = new Dictionary<string, TaskParty> { ["huisarts"] = TaskParty.Of(portal.Actor), ["thuisverpleegkundige"] = TaskParty.Of(people.ActorFor(Nurse)!) };

        // Files that are open: the form was read, so that the start is what is measured.
        async Task<List<PatientId>> OpenFilesAsync(int count)
        {
            var patients = Enumerable.Range(0, count).Select(_ => new PatientId(Guid.NewGuid().ToString())).ToList();
            await portal.Get<CareDatabase>().WriteAsync((session, _) =>
            {
                foreach (var patient in patients)
                {
                    InProcessPortal.MakeFile(session, patient, portal.Actor.Person, Nurse);
                    CareStore.SetAccountable(session, patient, portal.Actor.Person, TimeProvider.System.GetUtcNow().UtcDateTime, (_, _, _) => portal.Actor.Person);
                }

                return ValueTask.FromResult(true);
            }, CancellationToken.None);
            foreach (var patient in patients)
                await portal.Get<ReadStart>().RunAsync(portal.Actor, patient, new(template.Id), CancellationToken.None);
            return patients;
        }

        async Task StartAsync(PatientId patient)
        {
            var request = new StartPathway.Request { Id = Guid.NewGuid().ToString(), Template = template.Id, TemplateVersion = template.Version, StartsOn = BelgianTime.DayOf(TimeProvider.System.GetUtcNow().UtcDateTime), Roles = roles };
            var result = await portal.Get<StartPathway>().RunAsync(portal.Actor, patient, request, CancellationToken.None);
            if (result is not StartPathway.Started)
                throw new InvalidOperationException($"the pathway did not start: {result}{(result is StartPathway.Refused refused ? string.Join(", ", refused.Problems) : "")}");
        }

        async Task<Slice> ProductAsync(double seconds)
        {
            using var self = Process.GetCurrentProcess();
            double cpu = 0, wall = 0;
            long starts = 0;
            do
            {
                var files = await OpenFilesAsync(Files);
                self.Refresh();
                var before = self.TotalProcessorTime;
                var clock = Stopwatch.StartNew();
                foreach (var file in files)
                    await StartAsync(file);
                wall += clock.Elapsed.TotalSeconds;
                self.Refresh();
                cpu += (self.TotalProcessorTime - before).TotalSeconds;
                starts += files.Count;
            }
            while (wall < seconds);
            return new Slice(starts, cpu, wall, []);
        }

        var first = (await OpenFilesAsync(2)).ToArray();
        await StartAsync(first[0]);
        using var floor = await WrittenRows.OfAsync(portal.File, Path.Combine(settings.Scratch, "floor-pathway.db"), () => StartAsync(first[1]));
        if (floor.Count < Tasks * 4)
            throw new InvalidOperationException($"a pathway of {Tasks} tasks wrote {floor.Count} rows only: {floor.Tables}");
        report.AddCpu("i5", $"starting a pathway of {Tasks} tasks in an open file, in process", $"one bare transaction of the same {floor.Count} rows with the same indexes (FULL)", 10, await Slices.AlternateAsync(settings, floor.SliceAsync, ProductAsync));
        Console.WriteLine("   rows: " + floor.Tables);
    }

    private static PathwayTemplate Template() => new()
    {
        Id = "veertig-taken", Version = 1, Title = "Veertig taken", Purpose = "Hoe snel een zorgpad begint.", Status = TemplateStatus.Active,
        Roles = [new("huisarts", "huisarts", [Discipline.GeneralPractitioner]), new("thuisverpleegkundige", "thuisverpleegkundige", [Discipline.HomeNurse])],
        Goals = [new("stabiel", "Stabiel thuis blijven")],
        Phases =
        [
            new()
            {
                Id = "begin", Title = "Begin", FromDay = 0, UntilDay = 28,
                Steps = [.. Enumerable.Range(0, Tasks).Select(i => new TemplateStep { Id = $"stap-{i}", Kind = StepKind.Task, Title = $"Bloedname nierfunctie en kalium {i}", Detail = "Uitslag dezelfde dag doorgeven.", Role = i % 2 == 0 ? "huisarts" : "thuisverpleegkundige", Due = new(1 + (i % 28)), Goal = "stabiel" })],
            },
        ],
    };
}
