using System.Diagnostics;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Figures;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>Issue 5: the figures per pathway over 100,000 patients, each with a pathway, two phases behind them and a questionnaire at the start and later, read anew; against the bare queries that read those rows.</summary>
internal static class FiguresRun
{
    private static readonly string[] Floor =
    [
        "SELECT p.\"PatientId\", p.\"Id\", p.\"Template\", p.\"Status\", p.\"PhaseNumber\" FROM \"Pathways\" p WHERE p.\"Status\" <> 3",
        "SELECT f.\"PatientId\", f.\"PathwayId\", f.\"Number\", f.\"LeftAt\" - f.\"EnteredAt\" FROM \"PathwayPhases\" f WHERE f.\"LeftAt\" >= 0 AND f.\"EnteredAt\" IS NOT NULL",
        "SELECT d.\"PatientId\", d.\"PathwayId\", d.\"Reason\" FROM \"PathwayDeviations\" d WHERE d.\"At\" >= 0",
        "SELECT o.\"PatientId\", o.\"PathwayId\", o.\"Questionnaire\", o.\"Moment\", o.\"Score\", o.\"Line\", o.\"At\" FROM \"Outcomes\" o WHERE o.\"At\" >= 0 AND o.\"Score\" IS NOT NULL ORDER BY o.\"At\"",
        "SELECT \"Id\", \"City\" FROM \"Patients\" WHERE \"Deceased\" = 0",
    ];

    public static async Task RunAsync(Settings settings, Report report)
    {
        var patients = settings.Quick ? 5_000 : 100_000;
        var file = Path.Combine(settings.Scratch, "figures.db");
        await using (var portal = await InProcessPortal.OpenAsync(file))
        {
            await SeedAsync(portal, patients);
            await ReadAsync(settings, report, portal, patients);
        }

        await FirstPaintAsync(settings, report, file, patients);
    }

    private static async Task ReadAsync(Settings settings, Report report, InProcessPortal portal, int patients)
    {
        var officer = new Actor(new PersonId("piet.claeys"), "Piet Claeys", Discipline.GovernanceOfficer, CareLine.Support, "spelregelaar", "Practitioner", null);
        Func<double, Task<Slice>> product = seconds => Slices.InProcessAsync(seconds, async () =>
        {
            // A new reader each time: it has kept nothing.
            var view = await new ReadFigures(portal.Get<CareDesk>(), portal.Get<TemplateLibrary>(), portal.Get<RuleBook>(), portal.Get<CareTeamPortal.Platform.SignIn.PeopleDirectory>(), TimeProvider.System).RunAsync(officer, new(), CancellationToken.None);
            return view!.Pathways.Count == 6 && view.Pathways[0].Changes.Count > 0 ? 1 : throw new InvalidOperationException("the figures lack pathways or changes");
        });
        report.AddCpu("i5", $"figures per pathway, {patients} patients, read anew, in process", "the bare queries", 3, await Slices.AlternateAsync(settings, await BareAsync(portal), product));
        report.AddCpu("i5", "the same", "the bare queries through Microsoft.Data.Sqlite", 3, await Slices.AlternateAsync(settings, Plain(portal.File), product));
    }

    /// <summary>
    /// The page itself, opened by an officer for the first time after the portal started: nothing is kept, and the officer has looked at another page only. Its clock runs from the
    /// request for the page until the circuit has sent the figures.
    /// </summary>
    private static async Task FirstPaintAsync(Settings settings, Report report, string file, int patients)
    {
        List<double> paints = [], bares = [], cpus = [];
        for (var round = 0; round < Math.Min(settings.Rounds, 4); round++)
        {
            await using var portal = await ServerProcess.PortalAsync(file, probe: false);
            using var client = await PortalClient.SignInAsync(portal.Address, "piet.claeys");
            (await CircuitClient.OpenAsync(client.Http, "rules", client.Token, shown: "main")).Dispose();
            bares.Add((await Plain(file)(0)).Wall);
            var cpu = portal.Cpu();
            var clock = Stopwatch.StartNew();
            (await CircuitClient.OpenAsync(client.Http, "figures", client.Token, shown: "fg-t0")).Dispose();
            paints.Add(clock.Elapsed.TotalSeconds);
            cpus.Add(portal.Cpu() - cpu);
        }

        var ratio = Comparison.Median(paints.Zip(bares, (p, b) => p / b));
        report.Add(new Line("i5", $"/figures over {patients} patients, first paint after a start", "the bare queries", "≤ 1 s; ≤ 3", $"{Report.Num(Comparison.Median(bares) * 1000)} ms", $"{Report.Num(Comparison.Median(paints) * 1000)} ms, {Report.Num(Comparison.Median(cpus) * 1000)} ms of processor", Report.Num(ratio), ratio <= 3 && Comparison.Median(paints) <= 1));
    }

    /// <summary>The bare queries through the portal's own rows, which is the hardest to be measured against.</summary>
    private static async Task<Func<double, Task<Slice>>> BareAsync(InProcessPortal portal)
    {
        var session = await portal.Get<CareDatabase>().RentAsync(CancellationToken.None);
        return seconds => Slices.InProcessAsync(seconds, () =>
        {
            long sum = 0;
            foreach (var sql in Floor)
            {
                using var rows = session.Sql(sql).With().Read();
                while (rows.Read())
                {
                    // Text or number: what the portal reads is asked for in its own kind.
                    for (var i = 0; i < rows.FieldCount; i++)
                        sum += rows.IsDBNull(i) ? 0 : i == 4 && IsText(sql, 2) && sql.Contains("\"Outcomes\"", StringComparison.Ordinal) ? (long)rows.GetDecimal(i) : IsText(sql, i) ? rows.GetString(i).Length : rows.GetInt64(i);
                }
            }

            return sum != 0 ? ValueTask.FromResult(1) : throw new InvalidOperationException("nothing was read");
        });
    }

    /// <summary>The first columns of each are names.</summary>
    private static bool IsText(string sql, int column) => column < (sql.Contains("\"Outcomes\"", StringComparison.Ordinal) || sql.Contains("\"Pathways\"", StringComparison.Ordinal) ? 3 : 2);

    private static Func<double, Task<Slice>> Plain(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return seconds => Slices.InProcessAsync(seconds, () =>
        {
            long sum = 0;
            foreach (var sql in Floor)
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                using var reader = command.ExecuteReader();
                while (reader.Read())
                {
                    for (var i = 0; i < reader.FieldCount; i++)
                        sum += reader.IsDBNull(i) ? 0 : reader.GetFieldType(i) == typeof(string) ? reader.GetString(i).Length : reader.GetInt64(i);
                }
            }

            return sum != 0 ? ValueTask.FromResult(1) : throw new InvalidOperationException("nothing was read");
        });
    }

    private static async Task SeedAsync(InProcessPortal portal, int patients)
    {
        var first = new PatientId("f-1");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await portal.Get<CareDatabase>().WriteAsync((session, _) =>
        {
            InProcessPortal.MakeFile(session, first, InProcessPortal.Doctor);
            PathwaySql.Put(session, new PathwayRow { PatientId = first, Id = "c", Version = 1, Template = "t0", TemplateVersion = 1, Title = "Zorgpad", Status = 0, PhaseNumber = 3, PhaseCount = 5, StartedAt = now.AddDays(-200), Audience = Audience.WholeTeam, Category = InformationCategory.Goals },
                [.. Enumerable.Range(1, 2).Select(n => new PathwayPhaseRow { PatientId = first, PathwayId = "c", Phase = $"p{n}", Number = n, PlannedFrom = now.AddDays(-200), EnteredAt = now.AddDays(-200 + 40 * n), LeftAt = now.AddDays(-170 + 40 * n), ByCriteria = true, Audience = Audience.WholeTeam, Category = InformationCategory.Goals })]);
            PathwaySql.PutPart(session, first, "c", "c", [], [new PathwayDeviationRow { PatientId = first, PathwayId = "c", Id = "d", Part = "c", Kind = 0, Reason = 0, At = now.AddDays(-10), Audience = Audience.WholeTeam, Category = InformationCategory.Goals }]);
            foreach (var moment in new[] { 0, 90 })
                OutcomeSql.Put(session, new OutcomeRow { PatientId = first, ResponseId = $"r{moment}", Questionnaire = "who-5", PathwayId = "c", Moment = moment, Score = 40 + moment / 10, At = now.AddDays(moment - 190), Audience = Audience.WholeTeam, Category = InformationCategory.MentalHealth }, first, $"r{moment}");
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        using var connection = new SqliteConnection($"Data Source={portal.File};Pooling=False;Default Timeout=600");
        connection.Open();
        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$patients", patients);
            command.ExecuteNonQuery();
        }

        void Multiply(string table, string key, Dictionary<string, string> own)
        {
            using var info = connection.CreateCommand();
            info.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            var names = new List<string>();
            using (var rows = info.ExecuteReader())
            {
                while (rows.Read())
                    names.Add(rows.GetString(0));
            }

            own[key] = "'f-' || n.i";
            Run($"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $patients) INSERT INTO \"{table}\" ({string.Join(", ", names.Select(n => $"\"{n}\""))}) SELECT {string.Join(", ", names.Select(n => own.GetValueOrDefault(n) ?? $"t.\"{n}\""))} FROM n, \"{table}\" t WHERE t.\"{key}\" = 'f-1'");
        }

        Run("PRAGMA synchronous=OFF");
        Run("BEGIN");
        Multiply("Patients", "Id", new() { ["SortName"] = "'bank ' || n.i" });
        Multiply("Pathways", "PatientId", new() { ["Template"] = "'t' || (n.i % 6)", ["PhaseNumber"] = "1 + n.i % 5" });
        Multiply("PathwayPhases", "PatientId", new() { ["LeftAt"] = "t.\"LeftAt\" + (n.i % 40) * 864000000000" });
        Multiply("PathwayDeviations", "PatientId", new() { ["Reason"] = "n.i % 6" });
        Multiply("Outcomes", "PatientId", new() { ["Score"] = "t.\"Score\" + n.i % 20" });
        Run("COMMIT");
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
