using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.Benchmarks.Floors;

/// <summary>The thinnest durable store: one table of bytes, one of timeline lines with one index, one writer thread that commits what waits together. WAL, synchronous=FULL.</summary>
internal sealed class ThinStore : IDisposable
{
    internal sealed record Row(byte[] Id, string Type, long Updated, byte[] Json, byte[]? Patient, long At);

    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert, _entry;
    private readonly Channel<(IReadOnlyList<Row> Rows, TaskCompletionSource Done)> _queue = Channel.CreateUnbounded<(IReadOnlyList<Row>, TaskCompletionSource)>(new() { SingleReader = true });
    private readonly ConcurrentBag<Reader> _readers = [];

    public ThinStore(string file)
    {
        _file = file;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        _connection = Open();
        using (var make = _connection.CreateCommand())
        {
            make.CommandText = "CREATE TABLE res(id BLOB PRIMARY KEY, type TEXT, version INTEGER, updated INTEGER, json BLOB) WITHOUT ROWID; CREATE TABLE entry(id INTEGER PRIMARY KEY, patient BLOB, at INTEGER, type TEXT, res BLOB); CREATE INDEX ix ON entry(patient, at DESC, id DESC)";
            make.ExecuteNonQuery();
        }

        _insert = Command(_connection, "INSERT INTO res VALUES($p0,$p1,1,$p2,$p3)", 4);
        _entry = Command(_connection, "INSERT INTO entry(patient,at,type,res) VALUES($p0,$p1,$p2,$p3)", 4);
        new Thread(WriteLoop) { IsBackground = true }.Start();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_file};Pooling=False");
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
            command.Parameters.Add(new SqliteParameter("$p" + i, null));
        return command;
    }

    /// <summary>Stores the rows in one transaction; done when it is durable.</summary>
    public Task CommitAsync(IReadOnlyList<Row> rows)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite((rows, done));
        return done.Task;
    }

    private void WriteLoop()
    {
        var waiting = new List<TaskCompletionSource>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            waiting.Clear();
            using (var transaction = _connection.BeginTransaction())
            {
                _insert.Transaction = _entry.Transaction = transaction;
                for (var n = 0; n < 512 && _queue.Reader.TryRead(out var work);)
                {
                    foreach (var row in work.Rows)
                        Insert(row);
                    n += work.Rows.Count;
                    waiting.Add(work.Done);
                }

                transaction.Commit();
            }

            foreach (var done in waiting)
                done.SetResult();
        }
    }

    private void Insert(Row row)
    {
        Set(_insert, row.Id, row.Type, row.Updated, row.Json);
        _insert.ExecuteNonQuery();
        if (row.Patient is null)
            return;
        Set(_entry, row.Patient, row.At, row.Type, row.Id);
        _entry.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    /// <summary>The newest of a patient as a searchset.</summary>
    public ReadOnlyMemory<byte> Newest(byte[] patient, int count)
    {
        if (!_readers.TryTake(out var reader))
            reader = new Reader(Open());
        var bundle = reader.Newest(patient, count);
        _readers.Add(reader);
        return bundle;
    }

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        foreach (var reader in _readers)
            reader.Dispose();
    }

    /// <summary>A Bundle taken in: sliced, new ids, references rewritten, stored in one transaction.</summary>
    public async Task<int> ImportAsync(byte[] bundle)
    {
        var pieces = ByteSlicer.Slice(bundle);
        var ids = new Dictionary<Guid, Guid>(pieces.Count);
        byte[]? patient = null;
        foreach (var piece in pieces)
        {
            var id = Guid.CreateVersion7();
            ids[piece.FullUrl] = id;
            if (piece.Type == "Patient")
                patient ??= id.ToByteArray(true);
        }

        var now = DateTimeOffset.UtcNow;
        var rows = new List<Row>(pieces.Count);
        var output = new ArrayBufferWriter<byte>(4096);
        foreach (var piece in pieces)
        {
            output.ResetWrittenCount();
            ByteSlicer.Rewrite(bundle.AsSpan(piece.Start, piece.Length), ids, output);
            rows.Add(new Row(ids[piece.FullUrl].ToByteArray(true), piece.Type, now.UtcTicks, output.WrittenSpan.ToArray(), piece.At == 0 ? null : patient, piece.At));
        }

        await CommitAsync(rows);
        return rows.Count;
    }

    private sealed class Reader(SqliteConnection connection) : IDisposable
    {
        private readonly SqliteCommand _list = Command(connection, "SELECT r.json FROM entry e JOIN res r ON r.id=e.res WHERE e.patient=$p0 ORDER BY e.at DESC, e.id DESC LIMIT $p1", 2);

        public ReadOnlyMemory<byte> Newest(byte[] patient, int count)
        {
            Set(_list, patient, (long)count);
            var output = new ArrayBufferWriter<byte>(32 * 1024);
            output.Write("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":["u8);
            using var rows = _list.ExecuteReader();
            for (var first = true; rows.Read(); first = false)
            {
                if (!first)
                    output.Write(","u8);
                output.Write("{\"search\":{\"mode\":\"match\"},\"resource\":"u8);
                output.Write((byte[])rows.GetValue(0));
                output.Write("}"u8);
            }

            output.Write("]}"u8);
            return output.WrittenMemory;
        }

        public void Dispose() => connection.Dispose();
    }

    /// <summary>A patient's key: the uuid at the end of a reference.</summary>
    public static byte[]? PatientOf(string? reference) =>
        reference is { Length: >= 36 } && Guid.TryParse(reference.AsSpan(reference.Length - 36), out var id) ? id.ToByteArray(true) : null;

}
