using System.Globalization;
using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Measurements;

/// <summary>The use case on a real database with the demo patients.</summary>
public sealed class ReadMeasurementsTests : IAsyncLifetime
{
    private static readonly PatientId Maria = new("maria-verhoeven");
    private readonly string _folder = Directory.CreateTempSubdirectory("measurements").FullName;
    private readonly CareDatabase _database;
    private readonly PeopleDirectory _people;
    private readonly LoadDemo _demo;
    private readonly ReadMeasurements _read;
    private readonly AddMeasurements _add;
    private readonly RetractEntry _retract;
    private readonly AddNote _addNote;

    public ReadMeasurementsTests()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("nl-BE");
        _database = TestDatabases.New(_folder);
        _people = new PeopleDirectory(_database);
        var desk = new CareDesk(_database, new LiveFeed(), new RuleBook(), TimeProvider.System);
        var filing = new Filing(_people, new RuleBook(), []);
        _demo = new LoadDemo(desk, _database, filing, new TakeIn(desk, filing), _people, TimeProvider.System);
        _read = new ReadMeasurements(desk);
        _add = new AddMeasurements(desk, filing);
        _retract = new RetractEntry(desk, filing);
        _addNote = new AddNote(desk, filing, _people);
    }

    public async Task InitializeAsync()
    {
        await _database.MigrateAsync(CancellationToken.None);
        await _demo.PeopleAsync(CancellationToken.None);
        await _demo.PatientsAsync(again: false, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Actor Person(string id) => _people.ActorFor(new PersonId(id))!;

    private async Task<ReadMeasurements.Result> ReadAsync(string person = "sofie.maes", MeasurementRange? range = null, DateOnly? last = null) =>
        (await _read.RunAsync(Person(person), Maria, new(range, last), CancellationToken.None))!;

    private Task<AddMeasurements.Result> AddAsync(string line, Audience audience = Audience.WholeTeam, DateTime? at = null) =>
        _add.RunAsync(Person("sofie.maes"), Maria, new(Guid.CreateVersion7().ToString(), QuickEntry.Parse(line).Measurements, null, audience, at), CancellationToken.None);

    private static MeasuredSeries? Of(ReadMeasurements.Result result, string key) => result.Series.FirstOrDefault(s => s.Key == key);

    [Fact]
    public async Task What_was_typed_in_a_line_stands_on_the_plots()
    {
        Assert.Equal(4, (await AddAsync("bd 131/79 p72 g78,4 gly 9,3 mmol")).Entries.Count);
        var result = await ReadAsync();
        Assert.Equal("131/79", Of(result, "BloodPressure")!.Points[^1].Shown);
        Assert.Equal("72", Of(result, "HeartRate")!.Points[^1].Shown);
        Assert.Equal("78,4", Of(result, "Weight")!.Points[^1].Shown);
        var glucose = Of(result, "Glucose")!.Points[^1];
        Assert.Equal(("168", "9,3 mmol/L"), (glucose.Shown, glucose.AsWritten));
        Assert.Equal((CareLine.First, "Sofie Maes"), (glucose.Line, glucose.Who));
    }

    [Fact]
    public async Task The_period_bounds_what_is_plotted_and_the_rest_is_named()
    {
        var today = Platform.Time.BelgianTime.DayOf(TimeProvider.System.GetUtcNow().UtcDateTime);
        var all = await ReadAsync(range: MeasurementRange.All);
        var longAgo = await ReadAsync(range: MeasurementRange.Week, last: all.FirstDay!.Value.AddYears(-2));
        Assert.Empty(longAgo.Series);
        Assert.Equal(all.Series.Count, longAgo.Quiet.Count(q => q.HasNumbers));
        Assert.All(longAgo.Quiet, q => Assert.NotEmpty(q.Shown));

        var week = await ReadAsync(range: MeasurementRange.Week, last: all.LastDay);
        var (from, until) = week.Period.Instants;
        Assert.All(week.Series.SelectMany(s => s.Points), p => Assert.True(p.At >= from && p.At < until));
        Assert.Equal(all.Series.Select(s => s.Key).Order(), week.Series.Select(s => s.Key).Concat(week.Quiet.Where(q => q.HasNumbers).Select(q => q.Key)).Distinct().Order());
        Assert.True(all.Period.First <= week.Period.First && week.Period.Last <= today);
    }

    [Fact]
    public async Task Without_a_period_the_page_chooses_one_that_holds_something() => Assert.NotEmpty((await ReadAsync()).Series);

    [Fact]
    public async Task A_withdrawn_measurement_leaves_the_plots()
    {
        var added = await AddAsync("g99,9");
        Assert.Contains(Of(await ReadAsync(), "Weight")!.Points, p => p.Shown == "99,9");
        await _retract.RunAsync(Person("sofie.maes"), Maria, new(added.Entries[0].Reference, added.Entries[0].Version, "verkeerde weegschaal"), CancellationToken.None);
        Assert.DoesNotContain(Of(await ReadAsync(), "Weight")!.Points, p => p.Shown == "99,9");
    }

    [Fact]
    public async Task The_daughter_sees_no_trace_of_what_is_for_professionals()
    {
        var before = await ReadAsync("an.desmedt", MeasurementRange.All);
        await AddAsync("g99,9 p199 inr 9,9", Audience.Professionals);
        Assert.Contains(Of(await ReadAsync(range: MeasurementRange.All), "Weight")!.Points, p => p.Shown == "99,9");
        var after = await ReadAsync("an.desmedt", MeasurementRange.All);
        Assert.Equal(before.Series.Sum(s => s.Points.Count), after.Series.Sum(s => s.Points.Count));
        Assert.Equal(before.Series.Select(s => s.Key), after.Series.Select(s => s.Key));
        Assert.Equal(before.Quiet, after.Quiet);
        Assert.Equal((before.FirstDay, before.LastDay, before.Period), (after.FirstDay, after.LastDay, after.Period));
    }

    [Fact]
    public async Task A_page_reads_again_only_when_a_measurement_changed()
    {
        var before = await ReadAsync();
        Task<ReadMeasurements.Result?> SinceAsync(long cursor) => _read.RunAsync(Person("sofie.maes"), Maria, new(After: cursor), CancellationToken.None);
        Assert.Null(await SinceAsync(before.Cursor));

        await _addNote.RunAsync(Person("sofie.maes"), Maria, new() { Id = Guid.CreateVersion7().ToString(), Kind = EntryKind.Note, Text = "Alles rustig.", Audience = Audience.WholeTeam }, CancellationToken.None);
        Assert.Null(await SinceAsync(before.Cursor));

        var added = await AddAsync("g78,4");
        var with = await SinceAsync(before.Cursor);
        Assert.Equal("78,4", Of(with!, "Weight")!.Points[^1].Shown);
        Assert.Null(await SinceAsync(with!.Cursor));

        await _retract.RunAsync(Person("sofie.maes"), Maria, new(added.Entries[0].Reference, added.Entries[0].Version, "verkeerde weegschaal"), CancellationToken.None);
        Assert.NotEqual("78,4", Of((await SinceAsync(with.Cursor))!, "Weight")!.Points[^1].Shown);
    }

    [Fact]
    public async Task A_stranger_finds_no_file() => await Assert.ThrowsAsync<PatientNotFound>(() => ReadAsync("els.peeters"));

    [Fact]
    public async Task A_file_that_does_not_exist_looks_the_same() =>
        await Assert.ThrowsAsync<PatientNotFound>(() => _read.RunAsync(Person("sofie.maes"), new("nobody"), new(), CancellationToken.None));

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public async Task Any_last_day_in_an_address_is_answered(string last)
    {
        foreach (var range in Enum.GetValues<MeasurementRange>())
        {
            var result = await ReadAsync(range: range, last: DateOnly.Parse(last, CultureInfo.InvariantCulture));
            Assert.True(result.Period.First <= result.Period.Last);
            _ = result.Period.Range == MeasurementRange.All ? default : result.Period.Earlier;
        }
    }
}
