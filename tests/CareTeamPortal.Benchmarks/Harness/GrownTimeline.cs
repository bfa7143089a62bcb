using System.Globalization;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.Benchmarks.Harness;

/// <summary>Patients with as many entries as wanted: one note written by the portal itself, multiplied in SQL with its resource, so that every column is a real one.</summary>
internal static class GrownTimeline
{
    public static PatientId Patient(int size) => new("grown-" + size.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes the patients that are not there yet.</summary>
    public static async Task SeedAsync(InProcessPortal portal, IEnumerable<int> sizes)
    {
        var database = portal.Get<CareDatabase>();
        foreach (var size in sizes)
        {
            var patient = Patient(size);
            var isNew = await database.WriteAsync((session, _) => ValueTask.FromResult(InProcessPortal.MakeFile(session, patient, InProcessPortal.Doctor)), CancellationToken.None);
            if (!isNew)
                continue;
            await portal.Get<AddNote>().RunAsync(portal.Actor, patient, new AddNote.Request
            {
                Id = Guid.NewGuid().ToString(), Kind = EntryKind.Note,
                Text = "Huisbezoek: bloeddruk 132/84, wonde zuiver, volgende verzorging over twee dagen. Familie vraagt naar vervoer naar de kinesist.",
            }, CancellationToken.None);
            Multiply(portal.File, patient.Value, size);
        }
    }

    private static void Multiply(string file, string patient, int size)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=600");
        connection.Open();
        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$patient", patient);
            command.Parameters.AddWithValue("$size", size);
            command.Parameters.AddWithValue("$gap", TimeSpan.FromSeconds(97).Ticks);
            command.ExecuteNonQuery();
        }

        string Columns(string table, Dictionary<string, string?> own)
        {
            using var info = connection.CreateCommand();
            info.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            using var rows = info.ExecuteReader();
            var names = new List<string>();
            while (rows.Read())
                names.Add(rows.GetString(0));
            names.RemoveAll(n => own.TryGetValue(n, out var value) && value is null);
            return $"({string.Join(", ", names.Select(n => $"\"{n}\""))}) SELECT {string.Join(", ", names.Select(n => own.GetValueOrDefault(n) ?? $"t.\"{n}\""))}";
        }

        const string numbers = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $size)";
        Run("PRAGMA synchronous=OFF; PRAGMA cache_size=-262144");
        Run("BEGIN");
        Run($"INSERT INTO \"Resources\" {Columns("Resources", new() { ["Key"] = null, ["Id"] = "t.\"Id\" || '-' || n.i", ["DateFrom"] = "t.\"DateFrom\" - ($size - n.i + 1) * $gap", ["DateTo"] = "t.\"DateTo\" - ($size - n.i + 1) * $gap" })} FROM n, \"Resources\" t WHERE t.\"PatientId\" = $patient".Insert(0, numbers + " "));
        Run($"INSERT INTO \"TimelineEntries\" {Columns("TimelineEntries", new() { ["Seq"] = "n.i", ["Cursor"] = "n.i", ["ResourceId"] = "t.\"ResourceId\" || '-' || n.i", ["Time"] = "t.\"Time\" - ($size - n.i + 1) * $gap" })} FROM n, \"TimelineEntries\" t WHERE t.\"PatientId\" = $patient AND t.\"Seq\" = 1".Insert(0, numbers + " "));
        Run("UPDATE \"Patients\" SET \"Cursor\" = $size WHERE \"Id\" = $patient");
        Run("COMMIT");
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
