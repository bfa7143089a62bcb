using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Demo;

public sealed class LoadDemoTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demo").FullName;
    private readonly CareDatabase _database;
    private readonly PeopleDirectory _people;
    private readonly LoadDemo _demo;

    public LoadDemoTests()
    {
        _database = TestDatabases.New(_folder);
        _people = new PeopleDirectory(_database);
        var desk = new CareDesk(_database, new LiveFeed(), new RuleBook(), TimeProvider.System);
        var filing = new Filing(_people, new RuleBook(), []);
        _demo = new LoadDemo(desk, _database, filing, new TakeIn(desk, filing), _people, TimeProvider.System);
    }

    public async Task InitializeAsync()
    {
        await _database.MigrateAsync(CancellationToken.None);
        await _demo.PeopleAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Loading_twice_loads_once()
    {
        var (patients, resources) = await _demo.PatientsAsync(again: false, CancellationToken.None);
        Assert.Equal(DemoPatients.Ids.Count, patients);
        Assert.True(resources > 1_000);
        Assert.Equal((0, 0), await _demo.PatientsAsync(again: false, CancellationToken.None));
    }

    [Fact]
    public async Task Every_question_that_was_answered_is_closed_and_the_open_ones_have_an_owner()
    {
        await _demo.PatientsAsync(again: false, CancellationToken.None);
        Assert.Equal(0, await NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\" WHERE \"Kind\" = 1 AND \"AnsweredSeq\" IS NULL AND \"ReplyOwner\" IS NULL"));
        Assert.True(await NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\" WHERE \"Kind\" = 1 AND \"AnsweredSeq\" IS NULL") >= 5);
    }

    [Fact]
    public async Task Every_entry_has_a_voice_and_a_care_line_except_the_care_team()
    {
        await _demo.PatientsAsync(again: false, CancellationToken.None);
        Assert.Equal(0, await NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\" WHERE \"ResourceType\" <> 'CareTeam' AND (\"Line\" IS NULL OR (\"AuthorName\" IS NULL AND \"Source\" IS NULL))"));
    }

    [Fact]
    public async Task Marias_news_since_Sofie_looked_is_that_of_the_design()
    {
        await _demo.PatientsAsync(again: false, CancellationToken.None);
        var kinds = await NumberAsync("""
            SELECT COUNT(DISTINCT e."Kind") FROM "TimelineEntries" e JOIN "Visits" v ON v."PatientId" = e."PatientId"
            WHERE v."PersonId" = 'sofie.maes' AND e."PatientId" = 'maria-verhoeven' AND e."Cursor" > v."SeenCursor" AND e."Kind" IN (0, 1, 3, 6, 7, 8)
            """);
        Assert.Equal(6, kinds);
    }

    [Fact]
    public async Task Reloading_starts_the_files_anew_and_their_cursors_go_on()
    {
        await _demo.PatientsAsync(again: false, CancellationToken.None);
        var (cursor, entries) = (await NumberAsync("SELECT \"Cursor\" FROM \"Patients\" WHERE \"Id\" = 'maria-verhoeven'"), await NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\""));
        await _demo.PatientsAsync(again: true, CancellationToken.None);
        Assert.Equal(entries, await NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\""));
        Assert.True(await NumberAsync("SELECT MIN(\"Cursor\") FROM \"TimelineEntries\" WHERE \"PatientId\" = 'maria-verhoeven'") > cursor);
        Assert.Equal(9, await NumberAsync("SELECT COUNT(*) FROM \"CareTeamMembers\" WHERE \"PatientId\" = 'maria-verhoeven'"));
        Assert.Equal(0, await NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\" WHERE \"CorrectedAt\" IS NOT NULL"));
    }

    private async Task<long> NumberAsync(string sql)
    {
        using var session = await _database.RentAsync(CancellationToken.None);
        return session.Sql(sql).Number()!.Value;
    }
}
