using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Demo;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Patients;

/// <summary>The list with very many files. The sizes are small in the daily run; set CARETEAM_PATIENTS=100000 to measure.</summary>
public sealed class ManyPatientsTests(DemoFiles files, ITestOutputHelper output) : IClassFixture<DemoFiles>
{
    private static readonly string[] Families = ["Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet", "Van den Broeck", "Aerts", "Vermeulen", "Hermans", "Pauwels", "Dewulf"];
    private static readonly string[] Givens = ["Anna", "Jan", "Maria", "Luc", "Els", "Piet", "Rita", "Marc", "Noor", "Georges", "Yvonne", "Karel", "Greet", "Bram", "Tine", "Jef"];

    [Fact]
    public async Task Every_page_is_reached_and_names_are_found_among_many()
    {
        var many = int.Parse(Environment.GetEnvironmentVariable("CARETEAM_PATIENTS") ?? "3000", CultureInfo.InvariantCulture);
        await files.Database.WriteAsync((session, _) =>
        {
            for (var i = 0; i < many; i++)
            {
                var (family, given) = (Families[i % 16] + (i / 256 % 16 == 0 ? "" : " " + Families[i / 256 % 16]), Givens[i / 16 % 16]);
                session.Sql("INSERT INTO \"Patients\" (\"Id\", \"FamilyName\", \"GivenName\", \"DisplayName\", \"SortName\", \"BirthDate\", \"BirthDatePrecision\", \"Deceased\", \"HasResource\", \"LastChangeAt\", \"Cursor\", \"Insz\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, 2, 0, 1, @p6, 0, @p7)")
                    .With($"many-{i}", family, given, $"{given} {family}", Platform.Text.NameFolding.Fold($"{family} {given}"), new DateOnly(1930, 1, 1).AddDays(i % 30_000).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), DemoFiles.Morning.UtcTicks - i, (10_000_000_000L + i).ToString(CultureInfo.InvariantCulture)).Run();
                session.Sql("INSERT INTO \"CareTeamMembers\" (\"PatientId\", \"PersonId\", \"Since\", \"GrantReason\", \"Allows\", \"AllowsUntil\", \"Kind\", \"EndSettled\") VALUES (@p0, 'tom.lenaerts', 1, 'import', 8191, 3155378975999999999, 0, 0)").With($"many-{i}").Run();
            }

            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        var tom = files.Actor("tom.lenaerts");
        foreach (var order in Enum.GetValues<PatientOrder>())
        {
            var first = await files.Patients.RunAsync(tom, new(order), CancellationToken.None);
            Assert.Equal(Math.Min(many + 1, ReadPatients.Counted + 1), first.Total);
            Measure($"{order}, first page", new(order));
            Measure($"{order}, second page", new(order, After: first.Next));
        }

        var seen = new HashSet<PatientId>();
        string? after = null;
        do
        {
            var page = await files.Patients.RunAsync(tom, new(PatientOrder.Attention, After: after, Count: 500), CancellationToken.None);
            Assert.All(page.Lines, l => Assert.True(seen.Add(l.Patient.Patient)));
            after = page.Next;
        }
        while (after is not null && seen.Count < 20_000);
        if (many < 20_000)
            Assert.Equal(many + 1, seen.Count);
        foreach (var typed in (string[])["verhoeven", "verhoven", "vandenbroeck anna", "van den broek ana", "peeters", "01-02-1950", "10000000077", "10000000o77", "zzzzzzzz"])
            Measure($"search {typed}", new(Search: typed));
        Assert.Equal("maria-verhoeven", (await files.Patients.RunAsync(tom, new(Search: "verhoven"), CancellationToken.None)).Lines[0].Patient.Patient.Value);
        Assert.Equal("many-77", (await files.Patients.RunAsync(tom, new(Search: "10000000077"), CancellationToken.None)).Lines[0].Patient.Patient.Value);
        var watch = Stopwatch.StartNew();
        await files.MyDay.RunAsync(tom, CancellationToken.None);
        output.WriteLine($"my day: {watch.Elapsed.TotalMilliseconds:0.0} ms");
        watch.Restart();
        await files.Patients.RunAsync(files.Actor("sofie.maes"), new(PatientOrder.Name), CancellationToken.None);
        output.WriteLine($"name, eight files among many: {watch.Elapsed.TotalMilliseconds:0.0} ms");

        void Measure(string what, ReadPatients.Request request)
        {
            var best = double.MaxValue;
            for (var i = 0; i < 3; i++)
            {
                var watch = Stopwatch.StartNew();
                files.Patients.RunAsync(tom, request, CancellationToken.None).GetAwaiter().GetResult();
                best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
            }

            output.WriteLine($"{what}: {best:0.0} ms");
        }
    }
}
