using System.Diagnostics;
using System.Globalization;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>Issue 4: the officers' list of who looked, over all files, newest first, with a million access records of a year: the newest, somebody who is rarely in it, and a day half a year ago.</summary>
internal static class AuditRun
{
    private const string Rare = "person.rare";

    public static async Task RunAsync(Settings settings, Report report)
    {
        var many = settings.Quick ? 100_000 : 1_000_000;
        await using var small = await SeededAsync(settings, 1_000);
        await using var large = await SeededAsync(settings, many);
        using var few = await small.Get<CareDatabase>().RentAsync(CancellationToken.None);
        using var all = await large.Get<CareDatabase>().RentAsync(CancellationToken.None);
        static Func<double, Task<Slice>> Newest(DbSession session) => seconds => Slices.InProcessAsync(seconds, () => ValueTask.FromResult(AccessLogSql.Across(session, new AccessFilter(), null, null, 50).Lines.Count / 50));
        var shown = many.ToString("N0", CultureInfo.InvariantCulture);
        report.AddCpu("i4", $"/audit, the newest 50 of {shown} records, in process", "of 1,000 records", 1.3, await Slices.AlternateAsync(settings, Newest(few), Newest(all)));
        var today = TimeProvider.System.GetUtcNow().UtcDateTime;
        Walk("somebody with ten records among them", new AccessFilter(new PersonId(Rare)));
        Walk("a day half a year ago", new AccessFilter { From = today.AddDays(-183), Until = today.AddDays(-182) });

        // As an officer presses on until there is something, or nothing more.
        void Walk(string what, AccessFilter filter)
        {
            List<double> presses = [];
            long? before = null;
            var (found, first) = (0, 0);
            var clock = Stopwatch.StartNew();
            do
            {
                var begun = Stopwatch.GetTimestamp();
                var (lines, next) = AccessLogSql.Across(all, filter, null, before, 50);
                presses.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                found += lines.Count;
                first = first == 0 && found > 0 ? presses.Count : first;
                before = next;
            }
            while (before is not null && found < 50);
            report.Add(new Line("i4", $"/audit among {shown} records: {what}", "-", "-", "-", $"{presses.Count} presses, p50 {Report.Num(Comparison.Median(presses))} ms each, {Report.Num(clock.Elapsed.TotalMilliseconds)} ms in all", $"{found} found, the first at press {first}", null));
        }
    }

    private static async Task<InProcessPortal> SeededAsync(Settings settings, int records)
    {
        var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, $"audit-{records}.db"));
        var patient = new PatientId("a-1");
        await portal.Get<CareDatabase>().WriteAsync((session, _) => ValueTask.FromResult(InProcessPortal.MakeFile(session, patient, InProcessPortal.Doctor)), CancellationToken.None);
        await portal.Get<ReadTimeline>().RunAsync(portal.Actor, patient, new ReadTimeline.Request(), CancellationToken.None);
        using var connection = new SqliteConnection($"Data Source={portal.File};Pooling=False;Default Timeout=600");
        connection.Open();
        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$records", records);
            command.Parameters.AddWithValue("$rare", Math.Max(1, records / 10));
            command.Parameters.AddWithValue("$gap", TimeSpan.FromDays(365).Ticks / records);
            command.ExecuteNonQuery();
        }

        List<string> names = [];
        using (var info = connection.CreateCommand())
        {
            info.CommandText = "SELECT name FROM pragma_table_info('AccessRecords') WHERE name <> 'Key'";
            using var rows = info.ExecuteReader();
            while (rows.Read())
                names.Add(rows.GetString(0));
        }

        // The chains are not what is measured: these records have no place in one.
        var own = new Dictionary<string, string> { ["PatientId"] = "'a-' || (n.i % 5003)", ["PersonId"] = $"CASE WHEN n.i % $rare = 7 THEN '{Rare}' ELSE 'person.' || (n.i % 997) END", ["At"] = "t.\"At\" - ($records - n.i) * $gap", ["Position"] = "NULL" };
        Run("PRAGMA synchronous=OFF; PRAGMA cache_size=-262144");
        Run("BEGIN");
        Run($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $records) INSERT INTO \"AccessRecords\" ({string.Join(", ", names.Select(n => $"\"{n}\""))}) SELECT {string.Join(", ", names.Select(n => own.GetValueOrDefault(n) ?? $"t.\"{n}\""))} FROM n, (SELECT * FROM \"AccessRecords\" WHERE \"PatientId\" = 'a-1' LIMIT 1) t");
        Run("COMMIT");
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
        return portal;
    }
}
