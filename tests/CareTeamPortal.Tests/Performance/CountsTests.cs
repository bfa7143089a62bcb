using System.Text;
using CareTeamPortal.Features.Exchange;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Performance;

/// <summary>Holds the hottest paths to counts that are the same on every machine: statements and bytes, not time (docs/performance.md).</summary>
[Trait("Database", "Sqlite")]
public sealed class CountsTests
{
    [Fact]
    public async Task A_note_takes_ten_statements()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Sofie, ward.Maria, "de eerste opent het dossier");
        var before = await WrittenAsync(ward);
        await ward.NoteAsync(Who.Sofie, ward.Maria, "de tweede");
        // The right once more, is the id taken, the resource, the cursor (two), the line; and four for its access record: the chain and its end, the record, the chain's hash.
        Assert.Equal(10, await WrittenAsync(ward) - before);
    }

    /// <summary>Bytes say what a busy machine hides: whatever is made for each note anew costs time here, and again when it is collected.</summary>
    [Fact]
    public async Task A_note_by_FHIR_allocates_less_than_20_kilobytes_and_10_more_where_it_is_written()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var api = ward.Get<FhirApi>();
        var actor = ward.People.ActorFor(Who.Sofie.Id)!;
        var body = Encoding.UTF8.GetBytes($$"""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/{{ward.Maria.Value}}"},"sent":"2026-11-20T10:00:00Z","payload":[{"contentString":"Huisbezoek: bloeddruk 132/84, wonde zuiver, volgende verzorging over twee dagen."}]}""");
        Task<long> WriterAsync() => ward.Database.WriteAsync((_, _) => ValueTask.FromResult(GC.GetAllocatedBytesForCurrentThread()), CancellationToken.None);
        var (asking, writing) = (long.MaxValue, long.MaxValue);
        for (var i = 0; i < 60; i++)
        {
            // One thread writes, in the order of asking: what it allocated before and after is the note's.
            var before = WriterAsync();
            var begun = GC.GetAllocatedBytesForCurrentThread();
            var note = api.CreateAsync(actor, "Communication", body, null, CancellationToken.None);
            var asked = GC.GetAllocatedBytesForCurrentThread() - begun;
            var after = WriterAsync();
            Assert.Equal(201, (await note).Status);
            if (i > 30) // the statements are prepared, the code is compiled
                (asking, writing) = (Math.Min(asking, asked), Math.Min(writing, await after - await before));
        }

        Assert.InRange(asking, 1, 20_000);
        Assert.InRange(writing, 1, 10_000);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(120)]
    public async Task A_page_takes_two_statements_however_many_rows_it_has(int notes)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        for (var i = 0; i < notes; i++)
            await ward.NoteAsync(Who.Sofie, ward.Maria, $"nota {i}");
        await ReadAsync(ward);
        var before = await AskedAsync(ward);
        Assert.Equal(Math.Min(50, notes), (await ReadAsync(ward)).Entries.Count);
        Assert.Equal(2, await AskedAsync(ward) - before);
    }

    [Fact]
    public async Task What_arrived_takes_one_statement()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "al gezien");
        var arrivals = ward.Get<ReadArrivals>();
        await ward.RunAsync(arrivals, Who.Karel, ward.Maria, new ReadArrivals.Request(note.Cursor));
        var before = await AskedAsync(ward);
        await ward.RunAsync(arrivals, Who.Karel, ward.Maria, new ReadArrivals.Request(note.Cursor));
        Assert.Equal(1, await AskedAsync(ward) - before);
    }

    [Fact]
    public async Task A_page_of_fifty_notes_allocates_less_than_150_kilobytes()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        for (var i = 0; i < 60; i++)
            await ward.NoteAsync(Who.Sofie, ward.Maria, $"Huisbezoek {i}: bloeddruk 132/84, wonde zuiver, volgende verzorging over twee dagen.");
        for (var i = 0; i < 20; i++)
            await ReadAsync(ward);
        var least = long.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            // SQLite answers on the calling thread, so the whole read is counted; the least of ten leaves out what the runtime does beside it.
            var before = GC.GetAllocatedBytesForCurrentThread();
            var reading = ReadAsync(ward);
            Assert.True(reading.IsCompletedSuccessfully);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 1, 150_000);
    }

    [Fact]
    public async Task A_page_of_the_worklist_takes_two_statements_however_many_files_it_is_from()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        for (var i = 0; i < 30; i++)
            await ward.TaskAsync(Who.Sofie, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = $"taak {i}" });
        await ward.WorklistAsync(Who.Sofie, TaskList.Mine);
        var before = await AskedAsync(ward);
        Assert.Equal(30, (await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks.Count);
        // The page, and what others ask Sofie to take over.
        Assert.Equal(2, await AskedAsync(ward) - before);
    }

    [Fact]
    public async Task What_lasts_in_the_care_lines_is_found_without_looking_at_the_rest_of_the_file()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        async Task<int> StepsAsync()
        {
            var before = await TakenAsync();
            await ward.RunAsync(ward.Get<ReadLanes>(), Who.Karel, ward.Maria, new());
            return await TakenAsync() - before;
        }

        async Task<int> TakenAsync()
        {
            using var session = await ward.Database.RentAsync(CancellationToken.None);
            return ((SqliteStatement)session.Sql(LanesSql.LastingText)).Steps;
        }

        await ward.NoteAsync(Who.Karel, ward.Maria, "de eerste notitie");
        await StepsAsync();
        var few = await StepsAsync();
        for (var i = 0; i < 30; i++)
            await ward.NoteAsync(Who.Karel, ward.Maria, $"notitie {i}");
        Assert.Equal(few, await StepsAsync());
    }

    [Fact]
    public async Task A_statement_is_planned_once_whatever_is_bound()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        using var session = await ward.Database.RentAsync(CancellationToken.None);
        const string text = "SELECT \"Id\" FROM \"Tasks\" WHERE \"DelegateId\" = @p0 AND \"Open\" = 1 ORDER BY \"DueSort\", \"Id\" LIMIT @p1";
        foreach (var person in new[] { "a", "b", "c" })
        {
            using var reader = session.Sql(text).With(person, 10).Read();
            Assert.False(reader.Read());
        }

        Assert.Equal(0, ((SqliteStatement)session.Sql(text)).Replans);
    }

    private static Task<ReadTimeline.Page> ReadAsync(Ward ward) => ward.RunAsync(ward.Get<ReadTimeline>(), Who.Karel, ward.Maria, new ReadTimeline.Request());

    /// <summary>Statements of the one writing session so far.</summary>
    private static Task<long> WrittenAsync(Ward ward) => ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.StatementCount), CancellationToken.None);

    /// <summary>Statements of the reading session so far: there is one, because nothing reads at the same time.</summary>
    private static async Task<long> AskedAsync(Ward ward)
    {
        using var session = await ward.Database.RentAsync(CancellationToken.None);
        return session.StatementCount;
    }
}
