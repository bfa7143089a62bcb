using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#13: accepting a hand-off with 20 and with 1,000 tasks, against a bare batch insert of as many rows with as many bytes in one transaction.</summary>
internal static class HandoffRun
{
    private static readonly PersonId Nurse = new("sofie.maes");

    public static async Task RunAsync(Settings settings, Report report)
    {
        foreach (var count in settings.Quick ? new[] { 5, 50 } : [20, 1_000])
        {
            await using var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, $"handoff-{count}.db"));
            await portal.Get<PeopleDirectory>().KeepAsync([new PersonRow { Id = Nurse, DisplayName = "Sofie Maes", Discipline = Discipline.HomeNurse, Line = CareLine.First, RoleTitle = "thuisverpleegkundige", FhirType = "Practitioner" }], CancellationToken.None);
            var people = portal.Get<PeopleDirectory>();
            Actor[] turns = [portal.Actor, people.ActorFor(Nurse)!];
            var patient = new PatientId("h-1");
            await portal.Get<CareDatabase>().WriteAsync((session, _) =>
            {
                var now = TimeProvider.System.GetUtcNow().UtcDateTime;
                CareStore.UpsertPatient(session, new PatientRow { Id = patient, FamilyName = "Bank", GivenName = "Test", DisplayName = "Test Bank", SortName = "bank test", LastChangeAt = now });
                foreach (var actor in turns)
                    CareStore.Grant(session, patient, actor.Person, null, now.AddDays(-1), null, "import", now);
                CareStore.SetAccountable(session, patient, turns[0].Person, now);
                return ValueTask.FromResult(true);
            }, CancellationToken.None);
            var tasks = new List<TravellingTask>();
            for (var i = 0; i < count; i++)
            {
                var made = (TaskDone)await portal.Get<CreateTask>().RunAsync(turns[0], patient, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = $"Bloedname nierfunctie en kalium {i}", Detail = "Uitslag dezelfde dag doorgeven.", DueAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(30) }, CancellationToken.None);
                tasks.Add(new TravellingTask(made.Task.Id, made.Task.Title, null));
            }

            var turn = 0;
            async Task<Slice> AcceptAsync(double seconds)
            {
                using var self = Process.GetCurrentProcess();
                double cpu = 0, wall = 0;
                long rows = 0;
                do
                {
                    // The same tasks go to and fro; making the offer is not measured.
                    var (from, to) = (turns[turn % 2], turns[(turn + 1) % 2]);
                    turn++;
                    var id = Guid.NewGuid().ToString();
                    if (await portal.Get<OfferHandoff>().RunAsync(from, patient, new OfferHandoff.Request { Id = id, Title = "Alle taken", Receiver = TaskParty.Of(to), Content = new HandoffContent { Summary = "Stabiel.", Tasks = tasks } }, CancellationToken.None) is not TaskDone)
                        throw new InvalidOperationException("the hand-off was not offered");
                    self.Refresh();
                    var before = self.TotalProcessorTime;
                    var clock = Stopwatch.StartNew();
                    if (await portal.Get<AcceptHandoff>().RunAsync(to, patient, new AcceptHandoff.Request(id, "Begrepen, ik neem alle taken over."), CancellationToken.None) is not TaskDone)
                        throw new InvalidOperationException("the hand-off was not accepted");
                    wall += clock.Elapsed.TotalSeconds;
                    self.Refresh();
                    cpu += (self.TotalProcessorTime - before).TotalSeconds;
                    rows += count;
                }
                while (wall < seconds);
                return new Slice(rows, cpu, wall, []);
            }

            var comparison = await Slices.AlternateAsync(settings, Floor(Path.Combine(settings.Scratch, $"floor-handoff-{count}.db"), count), AcceptAsync);
            var rate = 1 / comparison.WallRatio;
            report.Add(new Line("13", $"accepting a hand-off with {count.ToString("N0", CultureInfo.InvariantCulture)} tasks, per task", "bare batch insert of five rows per task, one transaction (FULL)", "≥ 0.5 of its rate", $"{Report.Num(comparison.FloorCpu)} µs", $"{Report.Num(comparison.ProductCpu)} µs", $"{Report.Num(rate)} of the rate (processor {Report.Num(1 / comparison.CpuRatio)})", rate >= 0.5));
        }
    }

    /// <summary>Five rows per task with the bytes that the portal writes: an older version, the resource, the line, the worklist row, the audit record.</summary>
    private static Func<double, Task<Slice>> Floor(string file, int count)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using (var setup = connection.CreateCommand())
        {
            setup.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE Versions (Id TEXT, Version INTEGER, Json BLOB, PRIMARY KEY (Id, Version)); CREATE TABLE Resources (Id TEXT PRIMARY KEY, Json BLOB); CREATE TABLE Lines (Seq INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Search TEXT); CREATE TABLE Tasks (Id TEXT PRIMARY KEY, Owner TEXT, Due INTEGER); CREATE INDEX ByOwner ON Tasks (Owner, Due); CREATE TABLE Audit (Key INTEGER PRIMARY KEY, Who TEXT, What TEXT, At INTEGER);";
            setup.ExecuteNonQuery();
        }

        var json = new byte[1_100];
        Random.Shared.NextBytes(json);
        long next = 0;
        SqliteCommand Prepare(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < 4; i++)
                command.Parameters.Add(new SqliteParameter("$" + i, null));
            return command;
        }

        SqliteCommand[] commands = [Prepare("INSERT INTO Versions VALUES ($0, $1, $2)"), Prepare("INSERT INTO Resources VALUES ($0, $1)"), Prepare("INSERT INTO Lines VALUES ($0, $1, $2, $3)"), Prepare("INSERT INTO Tasks VALUES ($0, $1, $2)"), Prepare("INSERT INTO Audit VALUES ($0, $1, $2, $3)")];
        return seconds => Slices.InProcessAsync(seconds, () =>
        {
            using var transaction = connection.BeginTransaction();
            void Run(int which, params object[] values)
            {
                var command = commands[which];
                command.Transaction = transaction;
                for (var i = 0; i < 4; i++)
                    command.Parameters[i].Value = i < values.Length ? values[i] : DBNull.Value;
                command.ExecuteNonQuery();
            }

            for (var i = 0; i < count; i++)
            {
                var id = "0193b1c2-7a00-7000-8000-" + (++next).ToString("D12", CultureInfo.InvariantCulture);
                Run(0, id, 1, json);
                Run(1, id, json);
                Run(2, next, "Bloedname nierfunctie en kalium", "Uitslag dezelfde dag doorgeven.", "bloedname nierfunctie en kalium uitslag dezelfde dag doorgeven dr karel janssens");
                Run(3, id, "sofie.maes", next);
                Run(4, next, "sofie.maes", "Task/" + id + "/_history/2", next);
            }

            transaction.Commit();
            return ValueTask.FromResult(count);
        });
    }
}
