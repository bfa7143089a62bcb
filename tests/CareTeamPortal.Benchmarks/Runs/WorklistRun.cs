using System.Globalization;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#8: a page of 50 of the worklist of somebody with 10,000 open tasks among 1,000,000, in files of 1 to 100,000 patients; against the bare index on owner and due date.</summary>
internal static class WorklistRun
{
    public static async Task RunAsync(Settings settings, Report report)
    {
        int[] sizes = settings.Quick ? [1, 100, 1_000] : settings.All ? [1, 10, 100, 1_000, 10_000, 100_000] : [1, 100, 100_000];
        var (all, mine) = settings.Quick ? (10_000, 1_000) : (1_000_000, 10_000);
        var readers = new List<Func<double, Task<Slice>>>();
        var portals = new List<InProcessPortal>();
        var floors = new List<Func<double, Task<Slice>>>();
        try
        {
            foreach (var size in sizes)
            {
                var file = Path.Combine(settings.Scratch, $"worklist-{size}.db");
                var portal = await InProcessPortal.OpenAsync(file);
                portals.Add(portal);
                await SeedAsync(portal, size, all, mine);
                var read = portal.Get<ReadWorklist>();
                readers.Add(seconds => Slices.InProcessAsync(seconds, async () => await PageAsync(read, portal.Actor)));
                floors.Add(Floor(file));
            }

            var names = sizes.Select(s => s.ToString("N0", CultureInfo.InvariantCulture)).ToArray();
            foreach (var i in Enumerable.Range(0, sizes.Length).Where(i => sizes[i] is 1 or 100 || i == sizes.Length - 1))
                report.AddCpu("8", $"worklist of 50 of {mine.ToString("N0", CultureInfo.InvariantCulture)} open tasks among {all.ToString("N0", CultureInfo.InvariantCulture)}, {names[i]} patients, in process", "bare index on owner and due date, 50 rows", 2, await Slices.AlternateAsync(settings, floors[i], readers[i]));
            var hundred = Array.IndexOf(sizes, 100);
            report.AddCpu("8", $"the same with {names[^1]} patients", $"with {names[hundred]} patients", 1.3, await Slices.AlternateAsync(settings, readers[hundred], readers[^1]));
            if (settings.All)
                report.AddCurve("8", "worklist of 50, growth over patients, in process", 1.3, sizes, hundred, await Slices.CurveAsync(settings, readers));
        }
        finally
        {
            foreach (var portal in portals)
                await portal.DisposeAsync();
        }
    }

    private static async Task<int> PageAsync(ReadWorklist read, Actor actor)
    {
        var page = await read.RunAsync(actor, new ReadWorklist.Request(TaskList.Mine, new TaskFilter()), CancellationToken.None);
        return page.Tasks.Count == 50 ? 1 : throw new InvalidOperationException($"expected 50 tasks, got {page.Tasks.Count}");
    }

    /// <summary>What cannot be avoided: one seek in an index on owner and due date, fifty rows with what a list shows.</summary>
    private static Func<double, Task<Slice>> Floor(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        var command = connection.CreateCommand();
        command.CommandText = "SELECT \"Id\", \"PatientId\", \"Title\", \"Status\", \"Priority\", \"DueSort\", \"OwnerName\", \"RequesterName\", \"AuthoredOn\", \"Version\" FROM \"FloorTasks\" WHERE \"OwnerId\" = $owner AND \"Open\" = 1 ORDER BY \"DueSort\", \"Id\" LIMIT 50";
        command.Parameters.AddWithValue("$owner", InProcessPortal.Doctor.Value);
        command.Prepare();
        return seconds => Slices.InProcessAsync(seconds, () =>
        {
            using var reader = command.ExecuteReader();
            var rows = 0;
            long sum = 0;
            while (reader.Read())
            {
                rows++;
                sum += reader.GetString(0).Length + reader.GetString(1).Length + reader.GetString(2).Length + reader.GetInt64(3) + reader.GetInt64(4) + reader.GetInt64(5) + reader.GetString(6).Length + reader.GetString(7).Length + reader.GetInt64(8) + reader.GetInt64(9);
            }

            return rows == 50 && sum != 0 ? ValueTask.FromResult(1) : throw new InvalidOperationException($"expected 50 rows, got {rows}");
        });
    }

    private static async Task SeedAsync(InProcessPortal portal, int patients, int all, int mine)
    {
        var file = new PatientId("w-1");
        await portal.Get<CareDatabase>().WriteAsync((session, _) =>
        {
            InProcessPortal.MakeFile(session, file, InProcessPortal.Doctor);
            CareStore.SetAccountable(session, file, InProcessPortal.Doctor, TimeProvider.System.GetUtcNow().UtcDateTime, (_, _, _) => InProcessPortal.Doctor);
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        await portal.Get<CreateTask>().RunAsync(portal.Actor, file, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = "Bloedname nierfunctie en kalium, uitslag doorgeven", DueAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(30) }, CancellationToken.None);
        using var connection = new SqliteConnection($"Data Source={portal.File};Pooling=False;Default Timeout=600");
        connection.Open();
        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$patients", patients);
            command.Parameters.AddWithValue("$all", all);
            command.Parameters.AddWithValue("$each", all / mine);
            command.Parameters.AddWithValue("$doctor", InProcessPortal.Doctor.Value);
            command.ExecuteNonQuery();
        }

        string Columns(string table, string alias, Dictionary<string, string?> own)
        {
            using var info = connection.CreateCommand();
            info.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            using var rows = info.ExecuteReader();
            var names = new List<string>();
            while (rows.Read())
                names.Add(rows.GetString(0));
            names.RemoveAll(n => own.TryGetValue(n, out var value) && value is null);
            return $"({string.Join(", ", names.Select(n => $"\"{n}\""))}) SELECT {string.Join(", ", names.Select(n => own.GetValueOrDefault(n) ?? $"{alias}.\"{n}\""))}";
        }

        const string patient = "'w-' || (n.i % $patients + 1)";
        // Every hundredth task is the doctor's; the others have owners of their own, a hundred tasks each.
        const string owner = "CASE WHEN n.i % $each = 0 THEN $doctor ELSE 'person.' || (n.i % 9973) END";
        Run("PRAGMA synchronous=OFF; PRAGMA cache_size=-262144");
        Run("BEGIN");
        Run($"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $patients) INSERT INTO \"Patients\" {Columns("Patients", "p", new() { ["Id"] = "'w-' || n.i", ["SortName"] = "'bank ' || n.i" })} FROM n, \"Patients\" p WHERE p.\"Id\" = 'w-1' AND n.i <= $patients");
        Run($"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $patients) INSERT INTO \"CareTeamMembers\" {Columns("CareTeamMembers", "m", new() { ["Key"] = null, ["PatientId"] = "'w-' || n.i" })} FROM n, \"CareTeamMembers\" m WHERE m.\"PatientId\" = 'w-1' AND n.i <= $patients");
        Run($"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $all) INSERT INTO \"Tasks\" {Columns("Tasks", "t", new() { ["Id"] = "'t-' || n.i", ["PatientId"] = patient, ["OwnerId"] = owner, ["AccountableId"] = owner, ["DueAt"] = "t.\"DueAt\" + n.i * 10000000", ["DueSort"] = "t.\"DueSort\" + n.i * 10000000" })} FROM n, \"Tasks\" t WHERE t.\"PatientId\" = 'w-1' AND t.\"Id\" NOT LIKE 't-%'");
        Run("CREATE TABLE \"FloorTasks\" AS SELECT \"Id\", \"PatientId\", \"Title\", \"Status\", \"Priority\", \"DueSort\", \"OwnerName\", \"RequesterName\", \"AuthoredOn\", \"Version\", \"OwnerId\", \"Open\" FROM \"Tasks\"");
        Run("CREATE INDEX \"FloorByOwner\" ON \"FloorTasks\" (\"OwnerId\", \"Open\", \"DueSort\", \"Id\")");
        Run("COMMIT");
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
