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

/// <summary>#13: accepting a hand-off with 20 and with 1,000 tasks, against a bare batch insert of as many rows in one transaction: of small ones without indexes, and of the very rows into tables like the portal's.</summary>
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
                InProcessPortal.MakeFile(session, patient, turns[0].Person, turns[1].Person);
                CareStore.SetAccountable(session, patient, turns[0].Person, TimeProvider.System.GetUtcNow().UtcDateTime, (_, _, _) => turns[0].Person);
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

            async Task CompareAsync(string what, Func<double, Task<Slice>> floor)
            {
                var comparison = await Slices.AlternateAsync(settings, floor, AcceptAsync);
                var rate = 1 / comparison.WallRatio;
                report.Add(new Line("13", $"accepting a hand-off with {count.ToString("N0", CultureInfo.InvariantCulture)} tasks, per task", what, "≥ 0.5 of its rate", $"{Report.Num(comparison.FloorCpu)} µs", $"{Report.Num(comparison.ProductCpu)} µs", $"{Report.Num(rate)} of the rate (processor {Report.Num(1 / comparison.CpuRatio)})", rate >= 0.5));
            }

            await CompareAsync("bare batch insert of five small rows per task without indexes, one transaction (FULL)", SmallRows(Path.Combine(settings.Scratch, $"floor-handoff-{count}.db"), count));
            await CompareAsync("bare batch insert of the same five rows per task into the same tables, one transaction (FULL)", SameRows(Path.Combine(settings.Scratch, $"floor-same-{count}.db"), portal.File, tasks[0].TaskId, count));
        }
    }

    /// <summary>Five rows per task: an older version and the resource with the bytes that the portal writes, and the least of a line, a worklist row and an audit record.</summary>
    private static Func<double, Task<Slice>> SmallRows(string file, int count)
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

    /// <summary>
    /// The rows that a hand-off has to write for a task (older version, resource, line, worklist row, access record) as they stand in the portal's database, inserted into tables
    /// with the portal's columns and indexes. Nothing is bound but what differs from row to row, and new ids come in order: as cheap as such an insert can be.
    /// </summary>
    private static Func<double, Task<Slice>> SameRows(string file, string portalFile, string task, int count)
    {
        string[] tables = ["ResourceVersions", "Resources", "TimelineEntries", "Tasks", "AccessRecords"];
        string[] rows = ["\"Id\" = $task", "\"Id\" = $task AND \"Type\" = 'Task'", "\"ResourceId\" = $task", "\"Id\" = $task", "\"What\" LIKE 'Task/' || $task || '/%'"];
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var portal = new SqliteConnection($"Data Source={portalFile};Pooling=False;Mode=ReadOnly");
        portal.Open();
        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        List<object[]> Read(string sql)
        {
            using var command = portal.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$task", task);
            using var reader = command.ExecuteReader();
            var found = new List<object[]>();
            while (reader.Read())
            {
                found.Add(new object[reader.FieldCount]);
                reader.GetValues(found[^1]);
            }

            return found;
        }

        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456");
        foreach (var sql in Read($"SELECT sql FROM sqlite_master WHERE tbl_name IN ('{string.Join("', '", tables)}') AND sql IS NOT NULL AND $task <> '' ORDER BY type DESC"))
            Run((string)sql[0]);
        var inserts = tables.Select((table, i) =>
        {
            var columns = Read($"SELECT name FROM pragma_table_info('{table}') WHERE $task <> ''").ConvertAll(c => (string)c[0]);
            columns.Remove("Key"); // SQLite numbers these
            var row = Read($"SELECT {string.Join(", ", columns.Select(c => $"\"{c}\""))} FROM \"{table}\" WHERE {rows[i]} LIMIT 1")[0];
            SQLitePCL.raw.sqlite3_prepare_v2(connection.Handle, $"INSERT INTO \"{table}\" ({string.Join(", ", columns.Select(c => $"\"{c}\""))}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})", out var statement);
            for (var at = 0; at < row.Length; at++)
                Bind(statement, at + 1, row[at]);
            return (Statement: statement, Ids: Places("Id", "ResourceId"), Numbers: Places("Seq", "Cursor", "Position"), What: Places("What"));
            int[] Places(params string[] names) => [.. names.Select(n => columns.IndexOf(n) + 1).Where(at => at > 0)];
        }).ToList();
        long next = 1_000_000;
        return seconds => Slices.InProcessAsync(seconds, () =>
        {
            using var transaction = connection.BeginTransaction();
            for (var i = 0; i < count; i++)
            {
                var id = "0193b1c2-7a00-7000-8000-" + (++next).ToString("D12", CultureInfo.InvariantCulture);
                foreach (var (statement, ids, numbers, what) in inserts)
                {
                    foreach (var at in ids)
                        Bind(statement, at, id);
                    foreach (var at in numbers)
                        Bind(statement, at, next);
                    foreach (var at in what)
                        Bind(statement, at, "Task/" + id + "/_history/2");
                    if (SQLitePCL.raw.sqlite3_step(statement) != SQLitePCL.raw.SQLITE_DONE)
                        throw new InvalidOperationException(SQLitePCL.raw.sqlite3_errmsg(connection.Handle).utf8_to_string());
                    SQLitePCL.raw.sqlite3_reset(statement);
                }
            }

            transaction.Commit();
            return ValueTask.FromResult(count);
        });
    }

    private static void Bind(SQLitePCL.sqlite3_stmt statement, int at, object value) => _ = value switch
    {
        long number => SQLitePCL.raw.sqlite3_bind_int64(statement, at, number),
        string text => SQLitePCL.raw.sqlite3_bind_text(statement, at, text),
        byte[] bytes => SQLitePCL.raw.sqlite3_bind_blob(statement, at, bytes),
        _ => SQLitePCL.raw.sqlite3_bind_null(statement, at),
    };
}
