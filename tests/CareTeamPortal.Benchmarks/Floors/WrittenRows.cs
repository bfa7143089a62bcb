using System.Globalization;
using System.Text.RegularExpressions;
using CareTeamPortal.Benchmarks.Harness;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace CareTeamPortal.Benchmarks.Floors;

/// <summary>
/// The bare transaction of a use case: the very rows that one run of it left in the portal's database, inserted into tables with the portal's columns and indexes, every
/// statement prepared and bound once. Only ids differ from one transaction to the next, as they do in the portal.
/// </summary>
internal sealed partial class WrittenRows : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<(SQLitePCL.sqlite3_stmt Statement, List<(int At, char[] Text, int[] Ids)> Changing)> _rows = [];
    private uint _next = 0xA0000000;

    private WrittenRows(SqliteConnection connection) => _connection = connection;

    /// <summary>How many rows a transaction inserts.</summary>
    public int Count => _rows.Count;

    /// <summary>How many of them go into which table.</summary>
    public string Tables { get; private set; } = "";

    /// <summary>Runs the use case once and keeps what it wrote.</summary>
    public static async Task<WrittenRows> OfAsync(string portalFile, string file, Func<Task> once)
    {
        var before = file + ".before";
        using var portal = new SqliteConnection($"Data Source={portalFile};Pooling=False");
        portal.Open();
        Run(portal, $"VACUUM INTO '{before}'");
        await once();
        Run(portal, $"ATTACH '{before}' AS before");
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456; PRAGMA foreign_keys=OFF");
        var written = new WrittenRows(connection);
        var counts = new List<string>();
        foreach (var table in Read(portal, "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").ConvertAll(r => (string)r[0]))
        {
            var columns = Read(portal, $"SELECT name, type, pk FROM pragma_table_info('{table}')");
            // SQLite numbers these itself.
            var numbered = columns.Where(c => (long)c[2] > 0).ToList() is [var key] && (string)key[1] == "INTEGER" ? (string)key[0] : null;
            var names = columns.ConvertAll(c => (string)c[0]);
            var all = string.Join(", ", names.Select(n => $"\"{n}\""));
            var rows = Read(portal, $"SELECT {all} FROM main.\"{table}\" EXCEPT SELECT {all} FROM before.\"{table}\"");
            if (rows.Count == 0)
                continue;
            counts.Add($"{table} {rows.Count.ToString(CultureInfo.InvariantCulture)}");
            foreach (var sql in Read(portal, $"SELECT sql FROM main.sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL ORDER BY type DESC"))
                Run(connection, (string)sql[0]);
            foreach (var row in rows)
                written.Keep(table, names, numbered, row);
        }

        written.Tables = string.Join(", ", counts);
        return written;
    }

    private void Keep(string table, List<string> names, string? numbered, object[] row)
    {
        var kept = Enumerable.Range(0, names.Count).Where(i => names[i] != numbered).ToList();
        if (sqlite3_prepare_v2(_connection.Handle, $"INSERT INTO \"{table}\" ({string.Join(", ", kept.Select(i => $"\"{names[i]}\""))}) VALUES ({string.Join(", ", kept.Select(_ => "?"))})", out var statement) != SQLITE_OK)
            throw new InvalidOperationException(sqlite3_errmsg(_connection.Handle).utf8_to_string());
        var changing = new List<(int, char[], int[])>();
        foreach (var (i, at) in kept.Select((column, place) => (column, place + 1)))
        {
            if (row[i] is string text && Ids().Matches(text) is { Count: > 0 } ids)
                changing.Add((at, text.ToCharArray(), [.. ids.Select(m => m.Index)]));
            else
                _ = row[i] switch { long number => sqlite3_bind_int64(statement, at, number), double real => sqlite3_bind_double(statement, at, real), string plain => sqlite3_bind_text(statement, at, plain), byte[] bytes => sqlite3_bind_blob(statement, at, bytes), _ => sqlite3_bind_null(statement, at) };
        }

        _rows.Add((statement, changing));
    }

    /// <summary>A slice of such transactions.</summary>
    public Task<Slice> SliceAsync(double seconds) => Slices.InProcessAsync(seconds, () =>
    {
        Span<char> number = stackalloc char[8];
        (++_next).TryFormat(number, out _, "x8", CultureInfo.InvariantCulture);
        using var transaction = _connection.BeginTransaction();
        foreach (var (statement, changing) in _rows)
        {
            foreach (var (at, text, ids) in changing)
            {
                foreach (var id in ids)
                    number.CopyTo(text.AsSpan(id));
                sqlite3_bind_text16(statement, at, text);
            }

            if (sqlite3_step(statement) != SQLITE_DONE)
                throw new InvalidOperationException(sqlite3_errmsg(_connection.Handle).utf8_to_string());
            sqlite3_reset(statement);
        }

        transaction.Commit();
        return ValueTask.FromResult(1);
    });

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<object[]> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var found = new List<object[]>();
        while (reader.Read())
        {
            found.Add(new object[reader.FieldCount]);
            reader.GetValues(found[^1]);
        }

        return found;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Ids();

    public void Dispose()
    {
        foreach (var (statement, _) in _rows)
            statement.Dispose();
        _connection.Dispose();
    }
}
