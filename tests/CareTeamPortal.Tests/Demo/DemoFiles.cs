using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Demo;

/// <summary>The demo files in a database of their own, at five past eight on the morning of the design.</summary>
public sealed class DemoFiles : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demo").FullName;

    internal static readonly DateTimeOffset Morning = new(2026, 11, 25, 8, 5, 0, TimeSpan.FromHours(1));

    public DemoFiles()
    {
        Database = TestDatabases.New(_folder);
        People = new PeopleDirectory(Database);
        Clock = new StandingClock(Morning);
        Desk = new CareDesk(Database, new LiveFeed(), new RuleBook(), Clock);
        Filing = new Filing(People, new RuleBook(), [new Features.Tasks.TaskProjection(People, new RuleBook())]);
        Demo = new LoadDemo(Desk, Database, Filing, new TakeIn(Desk, Filing), People, Clock);
        Patients = new ReadPatients(Desk, People, new RuleBook(), Clock);
        MyDay = new ReadMyDay(Desk, People, new Features.Handoffs.ReadHandoffs(Desk, new Features.Tasks.TaskFiling(Filing, People, new RuleBook()), People, Clock), Clock);
        HomeDay = new ReadHomeDay(Desk, People, new RuleBook(), Clock);
    }

    internal CareDatabase Database { get; }
    internal PeopleDirectory People { get; }
    internal TimeProvider Clock { get; }
    internal CareDesk Desk { get; }
    internal Filing Filing { get; }
    internal LoadDemo Demo { get; }
    internal ReadPatients Patients { get; }
    internal ReadMyDay MyDay { get; }
    internal ReadHomeDay HomeDay { get; }

    internal Actor Actor(string user) => People.ActorFor(new PersonId(user))!;

    internal async Task<long> NumberAsync(string sql)
    {
        using var session = await Database.RentAsync(CancellationToken.None);
        return session.Sql(SqlNames.Quoted(sql)).With().Number()!.Value;
    }

    public async Task InitializeAsync()
    {
        await Database.MigrateAsync(CancellationToken.None);
        await Demo.PeopleAsync(CancellationToken.None);
        await Demo.PatientsAsync(again: false, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
    }
}
