using System.Text;
using System.Text.Json;
using CareTeamPortal.Features.Exchange;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.MyDay;

/// <summary>What caregiver and patient do from their own pages.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData("Mama kan niet meer ademen")]
    [InlineData("ze ademt bijna niet")]
    [InlineData("hij heeft PIJN op de BORST")]
    [InlineData("haar lippen zijn blauw")]
    [InlineData("haar mond hangt aan één kant")]
    [InlineData("papa kan zijn linkerarm niet meer opheffen, arm hangt")]
    [InlineData("ze spreekt wartaal")]
    [InlineData("hij kan niet meer\npraten")]
    [InlineData("mama reageert niet")]
    public void Words_of_danger_are_recognised(string said) => Assert.True(UrgentWords.Stand(said));

    [Theory]
    [InlineData("Mama is kortademig")]
    [InlineData("Ze heeft goed geslapen en praat weer")]
    [InlineData("Mag mama in bad?")]
    [InlineData("haar arm doet wat zeer")]
    [InlineData("")]
    [InlineData(null)]
    public void Everyday_words_are_not(string? said) => Assert.False(UrgentWords.Stand(said));

    [Fact]
    public async Task A_report_is_a_note_of_the_caregiver_that_names_who_is_accountable()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var report = new SeenAtHome(Guid.NewGuid().ToString(), "Gezien thuis", "Mama is kortademig, in rust.", false, Who.Karel.Id);
        var report2 = ward.Get<ReportObservation>();
        Assert.Equal(ReportOutcome.Written, await report2.RunAsync(Who.An.Actor(), ward.Maria, report, CancellationToken.None));
        Assert.Equal(ReportOutcome.Written, await report2.RunAsync(Who.An.Actor(), ward.Maria, report, CancellationToken.None)); // sent twice
        var seen = Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.Equal((Who.An.Id, EntryKind.Note, Audience.WholeTeam), (seen.AuthorId!.Value, seen.Kind, seen.Audience));
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM \"Mentions\" WHERE \"PersonId\" = @p0", Who.Karel.Id.Value));
    }

    [Fact]
    public async Task Danger_is_not_queued_before_112_was_named()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var report = new SeenAtHome(Guid.NewGuid().ToString(), "Gezien thuis", "Mama kan niet meer ademen", false, null);
        Assert.Equal(ReportOutcome.CallFirst, await ward.Get<ReportObservation>().RunAsync(Who.An.Actor(), ward.Maria, report, CancellationToken.None));
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.Equal(ReportOutcome.Written, await ward.Get<ReportObservation>().RunAsync(Who.An.Actor(), ward.Maria, report with { Called = true }, CancellationToken.None));
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
    }

    [Fact]
    public async Task The_own_load_is_read_by_nobody_else_and_leaves_no_trace()
    {
        var plain = await WorldAsync(withLoad: false);
        var full = await WorldAsync(withLoad: true);
        Assert.Equal(plain, full);
    }

    /// <summary>What everybody else reads, beside what An answered.</summary>
    private static async Task<string> WorldAsync(bool withLoad)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("gewassen") with { Id = new Guid(1, 0, 0, new byte[8]).ToString() });
        if (withLoad)
        {
            Assert.True(await ward.RunAsync(ward.Get<KeepOwnLoad>(), Who.An, ward.Maria, new(8)));
            Assert.False(await ward.RunAsync(ward.Get<KeepOwnLoad>(), Who.An, ward.Maria, new(11)));
            Assert.Equal(8, Assert.Single(await ward.RunAsync(ward.Get<ReadOwnLoad>(), Who.An, ward.Maria, new())).Score);
        }

        List<object?> said = [];
        foreach (var who in new[] { Who.MariaHerself, Who.Karel, Who.Sofie, Who.Fatima })
        {
            said.Add(await ward.RunAsync(ward.Get<ReadOwnLoad>(), who, ward.Maria, new()));
            said.Add(await ward.RunAsync(ward.Get<ReadDrafts>(), who, ward.Maria, new()));
            said.Add((await ward.PageAsync(who, ward.Maria)).Select(e => (e.Seq, e.Cursor, e.Title).ToString()));
            said.Add(await ward.Desk.ReadAcrossAsync(who.Actor(), (session, me, reach, _) => ValueTask.FromResult(WorklistSql.Patient(session, WorklistSql.Viewer(session, me.Person, reach, ward.Clock.Utc), ward.Maria)!.New), CancellationToken.None));
        }

        said.Add(Encoding.UTF8.GetString(await DownloadAsync(ward)));
        said.Add(await ward.NumberAsync("SELECT COUNT(*) FROM \"Resources\""));
        said.Add(await ward.NumberAsync("SELECT \"Cursor\" FROM \"Patients\" WHERE \"Id\" = @p0", ward.Maria.Value));
        return JsonSerializer.Serialize(said);
    }

    private static async Task<byte[]> DownloadAsync(Ward ward)
    {
        var (read, files, me) = (ward.Get<ReadWholeFile>(), ward.Get<ReadAttachment>(), Who.MariaHerself.Actor());
        using var output = new MemoryStream();
        var first = await read.RunAsync(me, ward.Maria, new(0), CancellationToken.None, AccessSource.Export);
        await DownloadEndpoints.WriteAsync(output, "https://portal.example/fhir", first, me, ward.Maria, read, files, ward.Clock.Utc, CancellationToken.None);
        return output.ToArray();
    }

    [Fact]
    public async Task The_download_holds_all_that_the_patient_may_see_and_no_trace_of_the_rest()
    {
        async Task<(List<string> Urls, string Json)> TakeAsync(bool withHidden)
        {
            await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
            for (var i = 1; i <= 450; i++)
                await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf($"nota {i}") with { Id = new Guid(i, 0, 0, new byte[8]).ToString() });
            if (withHidden)
            {
                await ward.NoteAsync(Who.Karel, ward.Maria, "onder ons", Audience.Professionals);
                var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
                var file = (await ward.RunAsync(ward.Get<AddAttachment>(), Who.Karel, ward.Maria, new("geheim.png", png))).Kept!;
                await ward.WriteAsync(Who.Karel, ward.Maria, Ward.NoteOf("met foto") with { Audience = Audience.Professionals, Attachments = [file] });
            }

            var bytes = await DownloadAsync(ward);
            Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM \"AccessRecords\" WHERE \"PersonId\" = @p0 AND \"Source\" = @p1", Who.MariaHerself.Id.Value, (int)AccessSource.Export));
            using var bundle = JsonDocument.Parse(bytes);
            Assert.Equal("collection", bundle.RootElement.GetProperty("type").GetString());
            return ([.. bundle.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("fullUrl").GetString()!)], Encoding.UTF8.GetString(bytes));
        }

        var plain = await TakeAsync(withHidden: false);
        var full = await TakeAsync(withHidden: true);
        Assert.Equal(450, plain.Urls.Distinct().Count());
        Assert.Equal(plain.Urls, full.Urls);
        Assert.Equal(plain.Json, full.Json);
    }

    [Fact]
    public async Task Nobody_but_the_patient_takes_the_whole_file()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var who in new[] { Who.Karel, Who.An })
            await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<ReadWholeFile>(), who, ward.Maria, new(0)));
    }

    [Fact]
    public async Task A_goal_is_written_and_said_otherwise_by_the_patient_alone()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var set = ward.Get<SetGoal>();
        var id = Guid.NewGuid().ToString();
        Assert.True(await ward.RunAsync(set, Who.MariaHerself, ward.Maria, new(id, "Met Kerstmis naar de nachtmis.")));
        Assert.True(await ward.RunAsync(set, Who.MariaHerself, ward.Maria, new(id, "Met Kerstmis naar de nachtmis."))); // sent twice
        var goal = Assert.Single(await ward.PageAsync(Who.Karel, ward.Maria));
        Assert.Equal((EntryKind.Goal, "Met Kerstmis naar de nachtmis.", Discipline.Patient), (goal.Kind, goal.Title, goal.Discipline));
        Assert.True(await ward.RunAsync(set, Who.MariaHerself, ward.Maria, new(id, "Te voet naar de nachtmis.", goal.Reference, goal.Version)));
        Assert.False(await ward.RunAsync(set, Who.MariaHerself, ward.Maria, new(id, "oud", goal.Reference, goal.Version))); // somebody changed it meanwhile
        Assert.Equal("Te voet naar de nachtmis.", Assert.Single(await ward.PageAsync(Who.An, ward.Maria)).Title);
        Assert.False(await ward.RunAsync(set, Who.MariaHerself, ward.Maria, new(Guid.NewGuid().ToString(), " ")));
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(set, Who.Karel, ward.Maria, new(Guid.NewGuid().ToString(), "van Karel")));
    }
}
