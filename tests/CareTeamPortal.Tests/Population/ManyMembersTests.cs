using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Population;

/// <summary>The case manager's page with very many files. The sizes are small in the daily run; set CARETEAM_PATIENTS=100000 to measure.</summary>
public sealed class ManyMembersTests(ITestOutputHelper output)
{
    private const int Followed = 400;

    [Fact]
    public async Task Figures_are_of_everyone_names_of_who_is_followed_and_a_click_costs_what_it_shows()
    {
        var many = int.Parse(Environment.GetEnvironmentVariable("CARETEAM_PATIENTS") ?? "2000", CultureInfo.InvariantCulture);
        await using var ward = await Ward.OpenAsync();
        await FillAsync(ward, many);
        var read = ward.Get<ReadPopulation>();
        async Task<PopulationView> Measure(string what, PopulationQuery query, int times)
        {
            var spent = new List<double>();
            PopulationView? view = null;
            for (var i = 0; i < times; i++)
            {
                var watch = Stopwatch.StartNew();
                view = await read.RunAsync(Who.Ilse.Actor(), new(query), CancellationToken.None);
                spent.Add(watch.Elapsed.TotalMilliseconds);
            }

            spent.Sort();
            output.WriteLine($"{what}: {spent[spent.Count / 2]:0.0} ms (p50 of {times})");
            return view!;
        }

        var whole = await Measure("first click, figures read and divided", new(), 1);
        await Measure("page", new(), 21);
        await Measure("all members, by name", new() { All = true, Order = MemberOrder.Name }, 21);
        var place = await Measure("one municipality", new() { Region = "Gemeente 3" }, 21);
        await Measure("one organisation and pair", new() { Organisation = "Zorg 7", Pair = new(CareLine.Second, CareLine.First) }, 21);
        var export = Stopwatch.StartNew();
        Assert.Equal(Math.Min(Followed, many), (await read.ExportAsync(Who.Ilse.Actor(), new() { All = true }, CancellationToken.None))!.Count);
        output.WriteLine($"file of {Followed} members, with its access records: {export.Elapsed.TotalMilliseconds:0.0} ms");

        Assert.Equal(Math.Min(Followed, many), whole.Followed);
        Assert.InRange(whole.Figures.Members.AtLeast, many - 10, many);
        Assert.NotEmpty(whole.Figures.Waits);
        Assert.NotEmpty(whole.Figures.OnTime);
        Assert.NotEmpty(whole.Figures.Owners);
        Assert.All(place.Members, m => Assert.Equal("Gemeente 3", m.City));
        Assert.True(place.Figures.Members.AtLeast < whole.Figures.Members.AtLeast);
    }

    /// <summary>A region: one in four has a hand-off, each two tasks, ninety municipalities, forty organisations.</summary>
    private static async Task FillAsync(Ward ward, int many)
    {
        var now = ward.Clock.Utc;
        var random = new Random(11);
        await ward.People.KeepAsync([.. Enumerable.Range(0, 120).Select(i => new PersonRow { Id = new($"zorg-{i}"), DisplayName = $"Zorgverlener {i}", Discipline = Discipline.HomeNurse, Line = CareLine.First, RoleTitle = "thuisverpleegkundige", FhirType = "Practitioner", Organisation = $"Zorg {i % 40}" })], CancellationToken.None);
        for (var from = 0; from < many; from += 5_000)
        {
            await ward.Database.WriteAsync((session, _) =>
            {
                for (var i = from; i < Math.Min(from + 5_000, many); i++)
                {
                    var patient = new PatientId($"lid-{i}");
                    session.Sql("INSERT INTO \"Patients\" (\"Id\", \"DisplayName\", \"SortName\", \"BirthDate\", \"BirthDatePrecision\", \"Deceased\", \"City\", \"HasResource\", \"LastChangeAt\", \"Cursor\", \"AccountableId\", \"AccountableSince\") VALUES (@p0, @p1, @p1, '1950-01-01', 0, 0, @p2, 1, @p3, 0, @p4, @p3)")
                        .With(patient.Value, $"Lid {i:000000}", $"Gemeente {Math.Min(random.Next(90), random.Next(90))}", now.AddDays(-30).Ticks, $"zorg-{i % 120}").Run();
                    if (i < Followed)
                        CareStore.Grant(session, patient, Who.Ilse.Id, null, now.AddDays(-60), null, "test", now);
                    session.Sql("INSERT INTO \"CareTeamMembers\" (\"PatientId\", \"PersonId\", \"Since\", \"Until\", \"GrantReason\", \"Kind\", \"Allows\", \"AllowsUntil\", \"EndSettled\") VALUES (@p0, @p1, 1, @p2, 'test', 6, 8191, 3155378975999999999, 0)")
                        .With(patient.Value, $"zorg-{i % 120}", now.AddDays(i % 50 == 0 ? -5 : 200).Ticks).Run();
                    for (var t = 0; t < 3; t++)
                    {
                        var handoff = t == 2;
                        if (handoff && i % 4 != 0)
                            continue;
                        var (open, asked) = (random.Next(3) == 0, now.AddHours(-random.Next(24 * 80)));
                        var (due, done) = (asked.AddDays(2), asked.AddHours(random.Next(60)));
                        TaskSql.Put(session, new TaskRow
                        {
                            PatientId = patient, Id = $"t-{i}-{t}", Title = "taak", IsHandoff = handoff, Status = open ? handoff ? 1 : 7 : handoff ? 7 : 10, Open = open || handoff, OwnerKind = OwnerKind.Person, OwnerId = new PersonId($"zorg-{(i + t) % 120}"), OwnerLine = CareLine.First,
                            RequesterLine = (CareLine)(1 + random.Next(2)), AuthoredOn = asked, DueAt = handoff ? null : due, DueSort = handoff ? long.MaxValue : due.Ticks, AcceptedAt = !open && handoff ? done : null, ClosedAt = open || handoff ? null : done,
                            Audience = Audience.WholeTeam, Category = handoff ? InformationCategory.Notes : InformationCategory.Tasks,
                        }, null);
                    }
                }

                foreach (var i in Enumerable.Range(from, Math.Max(0, Math.Min(Followed, many) - from)).Take(5_000))
                {
                    ConsentSql.Add(session, new($"lid-{i}"), ConsentScope.General, InformationCategory.All, null, null, true, now.AddDays(-60), null, ConsentSource.Registered, null, now);
                    ConsentSql.Project(session, new($"lid-{i}"), now);
                }

                return ValueTask.FromResult(true);
            }, CancellationToken.None);
        }
    }
}
