using System.Text.Json.Nodes;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Import;

/// <summary>All the real data beside the repository goes in, twice, and comes out as it was.</summary>
public sealed class SharedDataImportTests(ITestOutputHelper log)
{
    private static readonly PersonId[] Team = [Who.Karel.Id, Who.Sofie.Id, Who.Nadia.Id];

    private static Task<IReadOnlyList<FileReport>> ImportAsync(Ward ward, params string[] paths) =>
        ward.Get<ImportFiles>().RunAsync(ImportFiles.FilesOf(paths), new IntakeAuthority(null, Team, "import", AccessSource.CommandLine), "import", null, CancellationToken.None);

    [SkippableFact]
    public async Task Everything_goes_in_and_the_second_time_changes_nothing()
    {
        var data = SharedData.Path();
        await using var ward = await Ward.OpenAsync();
        var first = await ImportAsync(ward, data);
        foreach (var report in first.Where(r => r.Refused + r.KeptApart > 0))
            log.WriteLine($"{report.Name}: {report.Refused} refused, {report.KeptApart} apart: {string.Join(" / ", report.Lines.Where(l => l.Contains("refused", StringComparison.Ordinal) || l.Contains("kept as", StringComparison.Ordinal)).Take(3))}");
        // An export's log is no FHIR, and a transaction that asks for searches and deletions is no data.
        Assert.Equal(["Bundle-bundle-transaction.json", "log.ndjson"], first.Where(r => r.Refused > 0).Select(r => r.Name).Order(StringComparer.Ordinal));
        Assert.True(first.Sum(r => r.Created + r.KeptApart) > 11_000);

        var before = await StateAsync(ward);
        var second = await ImportAsync(ward, data);
        foreach (var report in second.Where(r => r.Created + r.NewVersions + r.KeptApart > 0))
            log.WriteLine($"again {report.Name}: {report.Created} created, {report.NewVersions} versions, {report.KeptApart} apart {string.Join(" / ", report.Lines.Take(5))}");
        Assert.Equal(0, second.Sum(r => r.Created + r.NewVersions + r.KeptApart));
        Assert.Equal(before, await StateAsync(ward));
        Assert.Equal(first.Sum(r => r.Read), second.Sum(r => r.Read));

        // Every patient has exactly one person accountable and an open period that says so.
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"Patients\" p WHERE p.\"AccountableId\" IS NULL OR 1 <> (SELECT COUNT(*) FROM \"AccountabilityPeriods\" a WHERE a.\"PatientId\" = p.\"Id\" AND a.\"Until\" IS NULL AND a.\"PersonId\" = p.\"AccountableId\")"));
        // Cursors are dense: every file's newest number is that of its newest change. Versions of a task without any date take numbers and have no line (Seq 0).
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"Patients\" p WHERE p.\"Cursor\" <> COALESCE((SELECT MAX(e.\"Cursor\") FROM \"TimelineEntries\" e WHERE e.\"PatientId\" = p.\"Id\"), 0) AND NOT EXISTS (SELECT 1 FROM \"Tasks\" t WHERE t.\"PatientId\" = p.\"Id\" AND t.\"Seq\" = 0)"));
        // Nothing stands in the file of somebody else than its patient.
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\" e JOIN \"Resources\" r ON r.\"Type\" = e.\"ResourceType\" AND r.\"Id\" = e.\"ResourceId\" WHERE r.\"PatientId\" IS NULL OR r.\"PatientId\" <> e.\"PatientId\""));
    }

    [SkippableFact]
    public async Task What_went_in_comes_out_with_the_same_meaning_and_every_dated_resource_stands_on_its_timeline()
    {
        await using var ward = await Ward.OpenAsync();
        foreach (var folder in new[] { "be", "ips", "eu-careplan", "hl7-r4-examples", "synthea-careteam" })
        {
            var path = SharedData.Path(folder);
            await ImportAsync(ward, path);
            var lost = 0;
            foreach (var file in ImportFiles.FilesOf([path]))
            {
                await using var stream = File.OpenRead(file);
                var input = new FhirInput(new FhirInputLimits { KeepBundle = true });
                await foreach (var item in input.ReadAsync(stream, CancellationToken.None))
                {
                    if (item.Error is not null || item.Json.IsEmpty)
                        continue;
                    var facts = ResourceReader.Read(item.Json);
                    var rows = await ward.RowsAsync("SELECT \"Json\" FROM \"Resources\" WHERE \"Type\" = @p0 AND \"Hash\" = @p1 UNION ALL SELECT \"Json\" FROM \"ResourceVersions\" WHERE \"Type\" = @p0 AND \"Hash\" = @p1", facts.Type, facts.Hash);
                    if (rows.Count == 0)
                    {
                        lost++;
                        log.WriteLine($"{file} {item.Place} {facts.Type}/{facts.Id}");
                        continue;
                    }

                    Assert.Contains(rows, r => JsonNode.DeepEquals(JsonNode.Parse(item.Json.Span), JsonNode.Parse((byte[])r[0]!)));
                }
            }

            Assert.Equal(0, lost);
        }

        var missing = await ward.RowsAsync("SELECT r.\"Type\", r.\"Id\", r.\"Json\" FROM \"Resources\" r WHERE r.\"PatientId\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \"TimelineEntries\" e WHERE e.\"ResourceType\" = r.\"Type\" AND e.\"ResourceId\" = r.\"Id\")");
        foreach (var row in missing)
        {
            var facts = ResourceReader.Read((byte[])row[2]!, out var document);
            using (document)
                Assert.True(TimelineFhir.Describe(document.RootElement, facts) is null, $"{row[0]}/{row[1]} is dated and has a patient, and is not on the timeline");
        }
    }

    [SkippableFact]
    public async Task Memory_does_not_grow_with_the_number_of_bundles()
    {
        var bundles = Directory.EnumerateFiles(SharedData.Path("synthea"), "*.json").Order(StringComparer.Ordinal).Where(f => !f.Contains("Information", StringComparison.Ordinal)).ToList();
        Skip.If(bundles.Count == 0, "needs bundles in shared/data/synthea");
        async Task<long> PeakAsync(int times)
        {
            await using var ward = await Ward.OpenAsync();
            var peak = 0L;
            for (var i = 0; i < times; i++)
            {
                await ImportAsync(ward, bundles[i % bundles.Count]);
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
            }

            return peak;
        }

        await PeakAsync(1);
        var one = await PeakAsync(1);
        var twenty = await PeakAsync(20);
        log.WriteLine($"1 bundle {one / 1024 / 1024} MB, 20 bundles {twenty / 1024 / 1024} MB");
        Assert.True(twenty < one + 24L * 1024 * 1024, $"{one} bytes after one bundle, {twenty} after twenty");
    }

    private static async Task<string> StateAsync(Ward ward)
    {
        var rows = new List<string>();
        foreach (var sql in new[]
        {
            "SELECT 'p', Id, Cursor, LastChangeAt, AccountableId FROM Patients", "SELECT Type, Id, Version, PatientId, Hash FROM Resources", "SELECT 'e', ResourceId, Cursor, Seq, AnswersSeq FROM TimelineEntries",
            "SELECT 'v', Id, Version, Type FROM ResourceVersions", "SELECT 't', PersonId, Since, PatientId FROM CareTeamMembers",
        })
            rows.AddRange((await ward.RowsAsync(sql)).Select(r => string.Join('|', r.Select(v => v is byte[] bytes ? Convert.ToHexString(bytes) : v))).Order(StringComparer.Ordinal));
        return string.Join('\n', rows);
    }
}
