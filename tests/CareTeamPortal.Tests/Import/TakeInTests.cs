using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Import;

public sealed class TakeInTests : IDisposable
{
    private const string Jan = """{"resourceType":"Patient","id":"1","name":[{"family":"Peeters","given":["Jan"]}],"birthDate":"1948-02-29"}""";
    private const string Piet = """{"resourceType":"Patient","id":"1","name":[{"family":"Claes","given":["Piet"]}],"birthDate":"1960-01-01"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("careteam-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Weight(string id, string subject, decimal kg = 70) =>
        $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"Gewicht"},"subject":{{subject}},"effectiveDateTime":"2026-01-01","valueQuantity":{"value":{{kg.ToString(System.Globalization.CultureInfo.InvariantCulture)}},"unit":"kg"} }""";

    private string Write(string name, string content)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    private static async Task<IReadOnlyList<FileReport>> ImportAsync(Ward ward, params string[] paths) =>
        await ward.Get<ImportFiles>().RunAsync(ImportFiles.FilesOf(paths), new IntakeAuthority(null, [Who.Karel.Id, Who.Sofie.Id], "import", AccessSource.CommandLine), "import", null, CancellationToken.None);

    private static async Task<List<(string Patient, string Id)>> Entries(Ward ward) =>
        [.. (await ward.RowsAsync("SELECT \"PatientId\", \"ResourceId\" FROM \"TimelineEntries\" ORDER BY 1, 2")).Select(r => ((string)r[0]!, (string)r[1]!))];

    [Fact]
    public async Task Another_patient_with_the_same_id_is_kept_apart_with_all_that_is_about_that_one()
    {
        await using var ward = await Ward.OpenAsync();
        Write("a/all.ndjson", Jan + "\n" + Weight("w1", """{"reference":"Patient/1"}"""));
        Write("b/Patient.ndjson", Piet);
        Write("b/Weights.ndjson", Weight("w2", """{"reference":"Patient/1"}""", 90));
        Write("c/bundle.json", $$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://x/Patient/1","resource":{{Jan}}},{"fullUrl":"http://x/Observation/w3","resource":{{Weight("w3", """{"reference":"http://x/Patient/1"}""", 71)}}}]}""");

        for (var round = 0; round < 2; round++)
        {
            await ImportAsync(ward, _folder);
            var entries = await Entries(ward);
            // Piet came first, because files of patients are read first; Jan is the one who was kept apart.
            Assert.Equal(["w2"], entries.Where(e => e.Patient == "1").Select(e => e.Id));
            Assert.Equal(["w1", "w3"], entries.Where(e => e.Patient.StartsWith("1-", StringComparison.Ordinal)).Select(e => e.Id));
            Assert.Equal(["Jan Peeters", "Piet Claes"], (await ward.RowsAsync("SELECT \"DisplayName\" FROM \"Patients\" ORDER BY 1")).Select(r => r[0]));
        }
    }

    [Fact]
    public async Task A_new_version_of_the_same_patient_is_no_other_patient()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.TakeAsync([Who.Karel], Jan);
        var taken = await ward.TakeAsync([Who.Karel], Jan.Replace("\"birthDate\"", "\"gender\":\"male\",\"birthDate\"", StringComparison.Ordinal));
        Assert.Equal((Taken.NewVersion, 2), (taken[0].Outcome, taken[0].Version));
        Assert.Equal(Taken.Unchanged, (await ward.TakeAsync([Who.Karel], Jan))[0].Outcome);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM \"Patients\""));
    }

    [Fact]
    public async Task A_patient_only_described_gets_one_file_per_description()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.TakeAsync([Who.Karel],
            Weight("i1", """{"identifier":{"system":"urn:x","value":"42"},"display":"Jan P."}"""),
            Weight("i2", """{"identifier":{"system":"urn:x","value":"42"}}"""),
            Weight("i3", """{"identifier":{"system":"urn:x","value":"43"}}"""),
            """{"resourceType":"Observation","id":"c1","status":"final","code":{"text":"Apgar"},"subject":{"reference":"#baby"},"effectiveDateTime":"2026-01-01","contained":[{"resourceType":"Patient","id":"baby","name":[{"text":"Baby Peeters"}],"birthDate":"2026-01-01"}]}""",
            """{"resourceType":"Observation","id":"c2","status":"final","code":{"text":"Apgar na 5 minuten"},"subject":{"reference":"#p"},"effectiveDateTime":"2026-01-01","contained":[{"resourceType":"Patient","id":"p","name":[{"text":"Baby Peeters"}],"birthDate":"2026-01-01"}]}""",
            Weight("n", """{"display":"niemand"}"""));
        var entries = await Entries(ward);
        Assert.Equal(["c1,c2", "i1,i2", "i3"], entries.GroupBy(e => e.Patient).Select(g => string.Join(',', g.Select(e => e.Id))).Order(StringComparer.Ordinal));
        Assert.Equal(["Baby Peeters", "Jan P."], (await ward.RowsAsync("SELECT \"DisplayName\" FROM \"Patients\" WHERE \"DisplayName\" NOT LIKE 'ref-%' ORDER BY 1")).Select(r => r[0]));
        // What names nobody is kept for who brought it, and stands in no file.
        Assert.Equal([[null, Who.Karel.Id.Value]], await ward.RowsAsync("SELECT \"PatientId\", \"BroughtBy\" FROM \"Resources\" WHERE \"Id\" = 'n'"));
    }

    [Fact]
    public async Task A_file_that_only_references_name_becomes_the_patients_when_the_Patient_comes()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.TakeAsync([Who.Karel], Weight("w", """{"reference":"Patient/1","display":"J. P."}"""));
        Assert.Equal([["J. P.", 0L]], await ward.RowsAsync("SELECT \"DisplayName\", \"HasResource\" FROM \"Patients\""));
        await ward.TakeAsync([Who.Sofie], Jan);
        Assert.Equal([["Jan Peeters", 1L, "karel.janssens"]], await ward.RowsAsync("SELECT \"DisplayName\", \"HasResource\", \"AccountableId\" FROM \"Patients\""));
        Assert.Equal([("1", "w")], await Entries(ward));
    }

    [Fact]
    public async Task One_line_that_is_no_FHIR_is_refused_with_its_place_and_the_rest_goes_on()
    {
        await using var ward = await Ward.OpenAsync();
        var file = Write("x.ndjson", string.Join('\n', Jan, "{ not json", """{"a":1}""", """{"resourceType":"Observation","id":"a b"}""", Weight("w", """{"reference":"Patient/1"}""")));
        var report = Assert.Single(await ImportAsync(ward, file));
        Assert.Equal((2, 3), (report.Created, report.Refused));
        Assert.Contains(report.Lines, l => l.StartsWith("line 2", StringComparison.Ordinal));
        Assert.Equal([("1", "w")], await Entries(ward));
        Assert.Equal(0, Assert.Single(await ImportAsync(ward, Write("empty.json", ""))).Created);
    }

    [Fact]
    public async Task A_person_brings_data_only_for_own_patients_and_new_ones()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.TakeAsync([Who.Karel], Jan);
        var refused = await ward.TakeAsAsync(Who.Els, [Who.Els], Weight("w", """{"reference":"Patient/1"}"""), Weight("v", """{"reference":"Patient/new"}"""));
        Assert.Equal([(Taken.Refused, "not-found"), (Taken.Created, null)], refused.Select(t => (t.Outcome, t.Reason)));
        Assert.Equal([("new", "v")], await Entries(ward));
        Assert.Equal([Taken.Refused], (await ward.TakeAsAsync(Who.Piet, [Who.Piet], Weight("z", """{"reference":"Patient/newer"}"""))).Select(t => t.Outcome));
        Assert.Equal([Taken.Created], (await ward.TakeAsAsync(Who.Karel, [Who.Karel], Weight("k", """{"reference":"Patient/1"}"""))).Select(t => t.Outcome));
    }

    [Fact]
    public async Task An_import_writes_one_access_record_per_file_and_quarter_of_an_hour()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.TakeAsync([Who.Karel], Jan, Weight("a", """{"reference":"Patient/1"}"""));
        await ward.TakeAsync([Who.Karel], Weight("b", """{"reference":"Patient/1"}"""));
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM \"AccessRecords\""));
        ward.Clock.Advance(TimeSpan.FromMinutes(15));
        await ward.TakeAsync([Who.Karel], Weight("c", """{"reference":"Patient/1"}"""));
        Assert.Equal(2, await ward.NumberAsync("SELECT COUNT(*) FROM \"AccessRecords\""));
    }

    [Fact]
    public async Task A_thread_of_a_Bundle_is_a_thread_here_in_whatever_order_it_comes()
    {
        await using var ward = await Ward.OpenAsync();
        string Message(string text, string? answers)
        {
            var thread = answers is null ? "" : ",\"inResponseTo\":[{\"reference\":\"" + answers + "\"}]";
            return """{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/1"},"sent":"2026-01-01T10:00:00Z","payload":[{"contentString":"TEXT"}]""".Replace("TEXT", text, StringComparison.Ordinal) + thread + "}";
        }

        const string Root = "urn:uuid:11111111-1111-4111-8111-111111111111";
        var file = Write("thread.json", $$"""
            {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://x/Patient/1","resource":{{Jan}}},
            {"fullUrl":"urn:uuid:22222222-2222-4222-8222-222222222222","resource":{{Message("antwoord", Root)}}},
            {"fullUrl":"{{Root}}","resource":{{Message("vraag", null)}}},
            {"fullUrl":"urn:uuid:33333333-3333-4333-8333-333333333333","resource":{{Message("nog een antwoord", Root)}}}]}
            """);
        await ImportAsync(ward, file);
        var root = (await ward.PageAsync(Who.Karel, new PatientId("1"))).Single(e => e.Text == "vraag");
        var thread = await ward.RunAsync(ward.Get<ReadThread>(), Who.Karel, new PatientId("1"), new ReadThread.Request(root.Reference));
        Assert.Equal(["antwoord", "nog een antwoord"], thread!.Answers.Select(a => a.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scan_in_two_files_is_two_attachments()
    {
        await using var ward = await Ward.OpenAsync();
        const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        string Scan(string patient) => $$"""{"resourceType":"DocumentReference","status":"current","subject":{"reference":"Patient/{{patient}}"},"date":"2026-01-01T10:00:00Z","content":[{"attachment":{"contentType":"image/png","data":"{{Png}}","title":"scan"} }]}""";
        await ward.TakeAsync([Who.Karel], Scan("a"), Scan("b"));
        foreach (var patient in new[] { "a", "b" })
        {
            var attachment = Assert.Single(Assert.Single(await ward.PageAsync(Who.Karel, new PatientId(patient))).Attachments);
            Assert.NotNull(await ward.RunAsync(ward.Get<ReadAttachment>(), Who.Karel, new PatientId(patient), new ReadAttachment.Request(attachment.Id)));
        }
    }

    [Fact]
    public async Task Others_write_on_while_an_import_runs()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var other = await ward.AnotherNodeAsync();
        var file = Write("many.ndjson", Jan + "\n" + string.Join('\n', Enumerable.Range(0, 10_000).Select(i => Weight("m" + i, """{"reference":"Patient/1"}""", 60 + i % 30))));
        var import = Task.Run(() => ImportAsync(other, file));
        var written = 0;
        while (!import.IsCompleted)
        {
            await ward.NoteAsync(Who.Sofie, ward.Maria, "tijdens de import");
            written++;
        }

        Assert.Equal(10_001, Assert.Single(await import).Created);
        Assert.Equal(written, await ward.NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\" WHERE \"PatientId\" = @p0", Who.Maria));
        Assert.True(written > 2, $"{written} notes got through");
    }
}
