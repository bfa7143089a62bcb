using System.Text;
using CareTeamPortal.Features;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.Tests.Support;

/// <summary>The portal without its pages, on a real database of its own and a clock that the test moves.</summary>
internal sealed class Ward : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly ServiceProvider _services;
    private readonly string _connection;
    private readonly string? _folder;

    /// <param name="folder">What goes with it; null for another node of the same.</param>
    private Ward(string connection, TestClock clock, string? folder)
    {
        _connection = connection;
        _folder = folder;
        Clock = clock;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<CareDatabase>(_ => TestDatabases.Open(connection));
        services.AddSingleton<LiveFeed>().AddSingleton<RuleBook>().AddSingleton<CareDesk>().AddSingleton<PeopleDirectory>().AddSingleton<CursorCodec>().AddSingleton<Presence>();
        services.AddSingleton<LiveConnections>().AddSingleton<Sessions>().AddSingleton<OpenPages>().AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddPortalFeatures();
        _services = services.BuildServiceProvider();
    }

    /// <summary>The rules that come with the program.</summary>
    public static SharingRules Rules { get; } = new RuleBook().Current;

    public TestClock Clock { get; }
    public CareDatabase Database => _services.GetRequiredService<CareDatabase>();
    public CareDesk Desk => _services.GetRequiredService<CareDesk>();
    public LiveFeed Live => _services.GetRequiredService<LiveFeed>();
    public PeopleDirectory People => _services.GetRequiredService<PeopleDirectory>();
    public Filing Filing => _services.GetRequiredService<Filing>();
    public CursorCodec Cursors => _services.GetRequiredService<CursorCodec>();
    public PatientId Maria { get; } = new(Who.Maria);

    /// <summary>A new ward with everyone of the contract and no patients.</summary>
    public static async Task<Ward> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("careteam-test-").FullName;
        return await StartAsync(new Ward(await TestDatabases.CopyAsync(await Template.Value, folder), new TestClock(), folder));
    }

    /// <summary>A new ward with these patients.</summary>
    public static async Task<Ward> WithAsync(params A.PatientBuilder[] patients)
    {
        var ward = await OpenAsync();
        foreach (var patient in patients)
            await ward.AddAsync(patient);
        return ward;
    }

    /// <summary>Another process on the same database: its own memory, its own connections.</summary>
    public Task<Ward> AnotherNodeAsync() => StartAsync(new Ward(_connection, Clock, folder: null));

    private static async Task<Ward> StartAsync(Ward ward)
    {
        await ward.Cursors.LoadAsync(CancellationToken.None);
        await ward.People.RefreshAsync(CancellationToken.None);
        return ward;
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("careteam-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var connection = TestDatabases.NewConnectionString(folder);
        var copy = TestDatabases.IsSqlite ? "Data Source=" + Path.Combine(folder, "template.db") : connection;
        await using (var database = TestDatabases.Open(connection))
        {
            await database.MigrateAsync(CancellationToken.None);
            await new PeopleDirectory(database).KeepAsync([.. Who.Everyone], CancellationToken.None);
            if (TestDatabases.IsSqlite)
                await database.BackupAsync(TestDatabases.FileOf(copy), CancellationToken.None);
        }

        return copy;
    }

    /// <summary>A service or a use case with its dependencies.</summary>
    public T Get<T>() where T : class => ActivatorUtilities.GetServiceOrCreateInstance<T>(_services);

    public object Get(Type type) => ActivatorUtilities.GetServiceOrCreateInstance(_services, type);

    /// <summary>Makes the file of a patient.</summary>
    public Task<PatientId> AddAsync(A.PatientBuilder patient)
    {
        var id = new PatientId(patient.Id);
        return Desk.TakeInAsync(new IntakeAuthority(null, [.. patient.Team.Select(p => p.Id)], "test", AccessSource.CommandLine), intake =>
        {
            intake.KeepPatient(new PatientRow { Id = id, DisplayName = patient.Id, SortName = patient.Id, HasResource = true, LastChangeAt = intake.Now });
            return id;
        }, CancellationToken.None);
    }

    /// <summary>Puts somebody on a team.</summary>
    public Task GrantAsync(PatientId patient, PersonRow person) => Database.WriteAsync((session, _) =>
        ValueTask.FromResult(CareStore.Grant(session, patient, person.Id, null, Clock.Utc, null, "test", Clock.Utc)), CancellationToken.None);

    /// <summary>Ends somebody's membership now.</summary>
    public Task RevokeAsync(PatientId patient, PersonRow person) => Database.WriteAsync((session, _) =>
        ValueTask.FromResult(session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p2 WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1").With(patient.Value, person.Id.Value, Clock.Utc.Ticks).Run()), CancellationToken.None);

    /// <summary>Does a use case as somebody.</summary>
    public Task<TResult> RunAsync<TRequest, TResult>(PatientUseCase<TRequest, TResult> useCase, PersonRow who, PatientId patient, TRequest request) =>
        useCase.RunAsync(who.Actor(), patient, request, CancellationToken.None);

    /// <summary>Writes a note, question or reply that must succeed.</summary>
    public async Task<TimelineEntry> WriteAsync(PersonRow who, PatientId patient, AddNote.Request request) =>
        Assert.IsType<AddNote.Written>(await RunAsync(Get<AddNote>(), who, patient, request)).Entry;

    public Task<TimelineEntry> NoteAsync(PersonRow who, PatientId patient, string text, Audience audience = Audience.WholeTeam) =>
        WriteAsync(who, patient, NoteOf(text) with { Audience = audience });

    public Task<TimelineEntry> ReplyAsync(PersonRow who, PatientId patient, TimelineEntry to, string text, Audience audience = Audience.WholeTeam) =>
        WriteAsync(who, patient, NoteOf(text) with { Kind = EntryKind.Reply, Answers = to.Reference, Audience = audience });

    public Task<TimelineEntry> AskAsync(PersonRow who, PatientId patient, string text, PersonRow? owner = null, Audience audience = Audience.WholeTeam) =>
        WriteAsync(who, patient, NoteOf(text) with { Kind = EntryKind.Question, ReplyOwner = owner?.Id, Audience = audience, ReplyBy = Clock.Utc.AddDays(1) });

    /// <summary>Makes a task that must succeed.</summary>
    public async Task<CareTask> TaskAsync(PersonRow who, CreateTask.Request request) =>
        Assert.IsType<TaskDone>(await RunAsync(Get<CreateTask>(), who, Maria, request)).Task;

    /// <summary>Brings a task into a state, which must succeed.</summary>
    public async Task<CareTask> MoveAsync(PersonRow who, string task, TaskState to, string? reason = null) =>
        Assert.IsType<TaskDone>(await RunAsync(Get<MoveTask>(), who, Maria, new(task, to, reason))).Task;

    /// <summary>A task as somebody sees it.</summary>
    public async Task<TaskView> TaskViewAsync(PersonRow who, string task) => (await RunAsync(Get<ReadTask>(), who, Maria, new(task)))!.View;

    public Task<ReadWorklist.Result> WorklistAsync(PersonRow who, TaskList list, TaskFilter? filter = null) =>
        Get<ReadWorklist>().RunAsync(who.Actor(), new(list, filter ?? new TaskFilter()), CancellationToken.None);

    /// <summary>A note that can be sent; the id is new each time.</summary>
    public static AddNote.Request NoteOf(string text) => new() { Id = Guid.NewGuid().ToString(), Kind = EntryKind.Note, Text = text };

    public async Task<IReadOnlyList<TimelineEntry>> PageAsync(PersonRow who, PatientId patient, TimelineFilter? filter = null, int count = 200) =>
        (await RunAsync(Get<ReadTimeline>(), who, patient, new ReadTimeline.Request(Filter: filter, Count: count))).Entries;

    /// <summary>Brings FHIR resources in as the operator.</summary>
    public async Task<IReadOnlyList<TakenItem>> TakeAsync(IReadOnlyList<PersonRow> team, params string[] resources) => await TakeAsAsync(null, team, resources);

    /// <summary>Brings FHIR resources in as a person.</summary>
    public async Task<IReadOnlyList<TakenItem>> TakeAsAsync(PersonRow? by, IReadOnlyList<PersonRow> team, params string[] resources)
    {
        var book = new ReferenceBook(Database);
        var items = new List<Ready>();
        foreach (var resource in resources)
        {
            var prepared = Filing.Prepare(Encoding.UTF8.GetBytes(resource), null, "test", book.NameOf, book.Resolve);
            book.Meet(prepared);
            items.Add(new Ready("", prepared, book.PatientOf(prepared), prepared.PatientDisplay, null));
        }

        return await Get<TakeIn>().RunAsync(items, new IntakeAuthority(by?.Actor(), [.. team.Select(t => t.Id)], "test", by is null ? AccessSource.CommandLine : AccessSource.Fhir), false, CancellationToken.None);
    }

    /// <summary>Rows of a table, each as its values, for looking behind the use cases.</summary>
    public async Task<List<object?[]>> RowsAsync(string sql, params object?[] values)
    {
        using var session = await Database.RentAsync(CancellationToken.None);
        using var reader = session.Sql(SqlNames.Quoted(sql)).With(values).Read();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    public async Task<long> NumberAsync(string sql, params object?[] values) => Convert.ToInt64((await RowsAsync(sql, values))[0][0], System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_folder is null)
            return;
        await TestDatabases.DropAsync(_connection);
        Directory.Delete(_folder, recursive: true);
    }
}
