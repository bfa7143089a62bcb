using System.Collections.Concurrent;
using System.Reflection;
using System.Threading.Channels;
using CareTeamPortal.Platform.Access;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// SQLite in the process: WAL, synchronous=FULL, one writer thread that commits waiting jobs together (each in its own savepoint),
/// so that many small durable writes share one fsync and no writer ever meets SQLITE_BUSY from a neighbour in this process.
/// </summary>
internal sealed class SqliteCareDatabase : CareDatabase
{
    private const int JobsPerCommit = 256;

    // While another process holds the write lock, a writer is told after this long that nothing was saved, instead of waiting for as long as that takes. A verb has more patience.
    private const int LongestWaitSeconds = 10;
    private const int LongestWaitOfVerbSeconds = 60;

    private readonly string _connectionString;
    private readonly ConcurrentBag<SqliteReadSession> _readers = [];
    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly Lazy<Thread> _writer;
    private volatile bool _disposed;
    private volatile bool _wasThere;
    private volatile int _generation; // readers of an earlier one have a file that is no longer ours
    private long _lookedAt;
    private bool _isShortLived;
    private FileStream? _inUse;

    // A connection is only ever used by one thread at a time (a rented session, the writer), so SQLite need not lock every call on it;
    // those locks cost an eighth of a timeline page. Says it before the first connection of the process is opened.
    static SqliteCareDatabase()
    {
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_shutdown();
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0); // counting its memory takes a lock at every allocation, and nobody reads the count
        SQLitePCL.raw.sqlite3_initialize();
    }

    /// <param name="connectionString">A SQLite connection string whose Data Source is a full path.</param>
    public SqliteCareDatabase(string connectionString)
    {
        _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false, DefaultTimeout = 60 }.ToString();
        File = new SqliteConnectionStringBuilder(connectionString).DataSource;
        _writer = new(() =>
        {
            var thread = new Thread(WriteLoop) { IsBackground = true, Name = "sqlite-writer" };
            thread.Start();
            return thread;
        });
    }

    /// <summary>A verb that streams through and ends: it keeps little of the database in memory, so that its memory does not grow with what it writes.</summary>
    public void KeepLittle() => _isShortLived = true;

    /// <summary>Full path of the database file.</summary>
    public string File { get; }

    /// <inheritdoc/>
    public override Type ContextType => typeof(SqliteCareDbContext);

    public override ValueTask<ReadSession> RentAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Traffic.Rented();
        var reader = Reader();
        // A file that somebody moved away or put another in the place of is still open here: once a second that is looked at, and it is opened anew or is not there.
        var now = Environment.TickCount64;
        if (now - Interlocked.Read(ref _lookedAt) >= 1_000)
        {
            Interlocked.Exchange(ref _lookedAt, now);
            if (reader.HasMoved)
            {
                _generation++;
                reader.Close();
                reader = Reader();
            }
        }

        return ValueTask.FromResult<ReadSession>(reader);
    }

    private SqliteReadSession Reader()
    {
        while (_readers.TryTake(out var reader))
        {
            if (reader.Generation == _generation)
                return reader;
            reader.Close();
        }

        return new SqliteReadSession(Open("PRAGMA query_only=ON;"), this, _generation);
    }

    public override Task<T> WriteAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> job, CancellationToken ct)
    {
        _ = _writer.Value;
        var work = new Job<T>(job, ct);
        return Traffic.FollowAsync(!ct.IsCancellationRequested && _jobs.Writer.TryWrite(work) ? work.Result : WaitInLineAsync(work, ct));
    }

    private async Task<T> WaitInLineAsync<T>(Job<T> work, CancellationToken ct)
    {
        await _jobs.Writer.WriteAsync(work, ct);
        return await work.Result;
    }

    private SqliteConnection Open(string? pragma = null)
    {
        // While it runs nobody makes a new, empty one in its place.
        if (_wasThere && !System.IO.File.Exists(File))
            throw new SqliteException("The database file is gone.", SQLitePCL.raw.SQLITE_CANTOPEN); // as any fault of the database: every page knows what to say
        Occupy();
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        _wasThere = true;
        // A plan holds whatever is bound: else SQLite plans statements anew at each call, where a value could match a partial index better.
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
        using var command = connection.CreateCommand();
        // The log grows to 16 MB before it is carried over: a page that many commits change is carried over once, and one page of the log's index still holds all of it.
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=60000; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000; "
            + (_isShortLived ? "PRAGMA cache_size=-4096; " : "PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456; ") + pragma;
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Whoever has the database open holds a shared lock on a file beside it, so that nobody restores another one under a running portal. The system lets go of it when the process ends, however it ends.</summary>
    private void Occupy()
    {
        if (_inUse is not null)
            return;
        try
        {
            var held = new FileStream(InUseFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
            if (Interlocked.CompareExchange(ref _inUse, held, null) is not null)
                held.Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            // A folder that this account may not write in: SQLite itself says what it thinks of that.
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (IOException fault)
        {
            throw new SqliteException($"The database {File} is being restored, or {InUseFile} cannot be opened: {fault.Message}", SQLitePCL.raw.SQLITE_CANTOPEN);
        }
    }

    private string InUseFile => File + ".in-use";

    private bool IsLate(Job job) => Environment.TickCount64 - job.Since >= 1_000L * (_isShortLived ? LongestWaitOfVerbSeconds : LongestWaitSeconds);

    private void WriteLoop()
    {
        SqliteWriteSession? session = null;
        var batch = new List<Job>();
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            try
            {
                session ??= new SqliteWriteSession(Open("PRAGMA busy_timeout=500;"));
                session.Begin();
                // Nothing is acknowledged that would stand in a file that nobody finds again.
                if (session.HasMoved)
                    throw new SqliteException("The database file was moved or replaced.", SQLitePCL.raw.SQLITE_READONLY);
                while (batch.Count < JobsPerCommit && _jobs.Reader.TryRead(out var job))
                {
                    var alone = batch.TrueForAll(done => done.HasFailed);
                    batch.Add(job);
                    session.Run(job, alone);
                }

                session.Commit();
                foreach (var job in batch)
                    job.Acknowledge();
            }
            catch (SqliteException busy) when (busy.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY && batch.Count == 0)
            {
                // Another process is writing. Who has waited long enough is told that nothing was saved; the others wait on.
                while (_jobs.Reader.TryPeek(out var first) && (IsLate(first) || first.IsCalledOff) && _jobs.Reader.TryRead(out first))
                    first.Fail(busy);
            }
            catch (Exception fault)
            {
                // The commit itself failed (disk full, file gone): nothing of this batch happened, everyone is told.
                session?.Close();
                session = null;
                foreach (var job in batch)
                    job.Fail(fault);
                if (batch.Count == 0 && _jobs.Reader.TryRead(out var waiting))
                    waiting.Fail(fault);
            }
        }

        session?.Close();
    }

    public override async Task MigrateAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        // EF's own lock row on SQLite outlives a killed process and then hangs for ever: an OS file lock stands before it.
        await using var gate = await AloneAsync("migrate", ct);
        using var connection = Open();
        var known = typeof(SqliteCareDatabase).Assembly.GetTypes()
            .Where(t => typeof(Migration).IsAssignableFrom(t) && t.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(SqliteCareDbContext))
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var applied = Applied(connection);
        if (applied.FirstOrDefault(a => !known.Contains(a)) is { } foreign)
            throw new InvalidOperationException($"The database {File} was made by another version of the program: its schema has step {foreign}, which this version does not know. Use the version that made it, or another database (ConnectionStrings:CareTeam). Nothing was changed.");
        if (known.Count > 0 && known.IsSubsetOf(applied))
            return;

        using (var command = connection.CreateCommand())
        {
            command.CommandText = "DROP TABLE IF EXISTS \"__EFMigrationsLock\"";
            command.ExecuteNonQuery();
        }

        await using var context = new SqliteCareDbContext(new DbContextOptionsBuilder<SqliteCareDbContext>().UseSqlite(connection).Options);
        await context.Database.MigrateAsync(ct);
    }

    private static HashSet<string> Applied(SqliteConnection connection)
    {
        var applied = new HashSet<string>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
        if (command.ExecuteScalar() is null)
            return applied;
        command.CommandText = "SELECT MigrationId FROM \"__EFMigrationsHistory\"";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            applied.Add(reader.GetString(0));
        return applied;
    }

    /// <inheritdoc/>
    public override async Task<IAsyncDisposable> AloneAsync(string what, CancellationToken ct)
    {
        var path = $"{File}.{what}.lock";
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100, ct);
            }
        }
    }

    public override Task BackupAsync(string file, CancellationToken ct)
    {
        if (!System.IO.File.Exists(File))
            throw new FileNotFoundException($"There is no database {File}; nothing was written.");
        if (Directory.Exists(file))
            throw new IOException($"{file} is a folder; name a file. Nothing was written.");
        if (string.Equals(Path.GetFullPath(file), File, StringComparison.Ordinal))
            throw new IOException($"{file} is the database itself; nothing was written.");
        // Under another name first: what bears the name of a backup is a whole one, also when this is ended in the middle.
        var unfinished = file + ".unfinished";
        System.IO.File.Delete(unfinished);
        try
        {
            using (var source = Open())
            using (var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = unfinished, Pooling = false }.ToString()))
            {
                target.Open();
                source.BackupDatabase(target); // one read transaction: writers go on, and what is copied is one moment
                using var command = target.CreateCommand();
                command.CommandText = "PRAGMA journal_mode=DELETE"; // a single file, without a log beside it
                command.ExecuteNonQuery();
            }

            using (var written = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
                written.Flush(flushToDisk: true);
            System.IO.File.Move(unfinished, file, overwrite: true);
        }
        catch
        {
            System.IO.File.Delete(unfinished);
            throw;
        }

        return Task.CompletedTask;
    }

    public override Task RestoreAsync(string file, CancellationToken ct)
    {
        if (!System.IO.File.Exists(file))
            throw new FileNotFoundException($"There is no file {file}; nothing was changed.");
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using var alone = new Alone(this);
        using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        source.Open();
        using (var check = source.CreateCommand())
        {
            // Another program's database, or no database at all, must not take the place of the files.
            check.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('Resources', 'TimelineEntries', 'AccessRecords')";
            try
            {
                if (check.ExecuteScalar() is not 3L)
                    throw new InvalidDataException($"{file} is not a backup of this portal; nothing was changed.");
            }
            catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
            {
                throw new InvalidDataException($"{file} is not a backup of this portal; nothing was changed.", e);
            }

            check.CommandText = "PRAGMA integrity_check";
            if (check.ExecuteScalar() as string != "ok")
                throw new InvalidDataException("The backup does not pass SQLite's integrity check; nothing was changed.");
        }

        using var target = Open();
        source.BackupDatabase(target); // one transaction: ended in the middle, the old files stand
        return Task.CompletedTask;
    }

    /// <summary>The lock of <see cref="Occupy"/>, for one alone.</summary>
    private sealed class Alone : IDisposable
    {
        private readonly SqliteCareDatabase _home;

        public Alone(SqliteCareDatabase home)
        {
            _home = home;
            Interlocked.Exchange(ref home._inUse, null)?.Dispose();
            try
            {
                home._inUse = new FileStream(home.InUseFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e)
            {
                throw new InvalidOperationException($"The portal, or another of its verbs, has the database {home.File} open. Stop it first; nothing was changed.", e);
            }
        }

        public void Dispose() => Interlocked.Exchange(ref _home._inUse, null)?.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        _jobs.Writer.TryComplete();
        if (_writer.IsValueCreated)
            _writer.Value.Join(TimeSpan.FromSeconds(10));
        while (_readers.TryTake(out var reader))
            reader.Close();
        Interlocked.Exchange(ref _inUse, null)?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static DbContextOptions<SqliteCareDbContext> OptionsFor(SqliteConnection connection) =>
        new DbContextOptionsBuilder<SqliteCareDbContext>().UseSqlite(connection).Options;

    private sealed class SqliteReadSession(SqliteConnection connection, SqliteCareDatabase home, int generation) : ReadSession(connection)
    {
        public int Generation => generation;

        public bool HasMoved => SqliteNative.HasMoved(((SqliteConnection)Connection).Handle!);

        private DbContextOptions<SqliteCareDbContext>? _options;

        protected override Statement NewStatement(string text) => new SqliteStatement((SqliteConnection)Connection, text);

        public override CareDbContext NewContext(PatientId? patient, Reach reach) =>
            new SqliteCareDbContext(_options ??= OptionsFor((SqliteConnection)Connection)) { RoomPatient = patient, RoomReach = reach };

        public override void Dispose()
        {
            if (home._disposed || generation != home._generation)
                Close();
            else
                home._readers.Add(this);
        }

        public void Close()
        {
            ForgetStatements();
            Connection.Dispose();
        }
    }

    private sealed class SqliteWriteSession : WriteSession
    {
        public SqliteWriteSession(SqliteConnection connection) : base(connection) => connection.DefaultTimeout = 1; // seconds, in which the library itself asks again for the lock

        private DbContextOptions<SqliteCareDbContext>? _options;

        protected override Statement NewStatement(string text) => new SqliteStatement((SqliteConnection)Connection, text);

        public override CareDbContext NewContext(PatientId? patient, Reach reach)
        {
            var context = new SqliteCareDbContext(_options ??= OptionsFor((SqliteConnection)Connection)) { RoomPatient = patient, RoomReach = reach };
            context.Database.AutoSavepointsEnabled = false; // each job already has its savepoint
            context.Database.UseTransaction(Transaction);
            return context;
        }

        public bool HasMoved => SqliteNative.HasMoved(((SqliteConnection)Connection).Handle!);

        /// <summary>Waits for another process's transaction no longer than the connection's busy_timeout and a second; see <see cref="LongestWaitSeconds"/>.</summary>
        public void Begin() => Transaction = ((SqliteConnection)Connection).BeginTransaction(deferred: false);

        /// <summary>Runs a job; one that fails leaves nothing behind.</summary>
        /// <param name="alone">Nothing stands in the transaction yet. Such a job needs no savepoint, for which SQLite would copy every page that the job changes: the transaction itself is undone.</param>
        public void Run(Job job, bool alone)
        {
            if (alone)
            {
                if (job.Run(this))
                    return;
                Transaction!.Rollback();
                Transaction.Dispose();
                Begin();
                return;
            }

            Sql("SAVEPOINT job").Run();
            if (job.Run(this))
            {
                Sql("RELEASE job").Run();
            }
            else
            {
                Sql("ROLLBACK TO job").Run();
                Sql("RELEASE job").Run();
            }
        }

        public void Commit()
        {
            Transaction!.Commit();
            Transaction.Dispose();
            Transaction = null;
        }

        public void Close()
        {
            ForgetStatements();
            Transaction?.Dispose();
            Connection.Dispose();
        }
    }

    private abstract class Job
    {
        /// <summary>When it was asked for, as <see cref="Environment.TickCount64"/>.</summary>
        public long Since { get; } = Environment.TickCount64;

        /// <summary>Nobody waits for it any more.</summary>
        public abstract bool IsCalledOff { get; }

        /// <summary>It ran and nothing of it is kept.</summary>
        public abstract bool HasFailed { get; }

        /// <summary>True when the job's writes are to be kept.</summary>
        public abstract bool Run(WriteSession session);

        public abstract void Acknowledge();

        public abstract void Fail(Exception fault);
    }

    private sealed class Job<T>(Func<WriteSession, CancellationToken, ValueTask<T>> work, CancellationToken ct) : Job
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _value = default!;
        private Exception? _fault;

        public Task<T> Result => _result.Task;

        public override bool HasFailed => _fault is not null;

        public override bool IsCalledOff => ct.IsCancellationRequested;

        public override bool Run(WriteSession session)
        {
            try
            {
                ct.ThrowIfCancellationRequested();
                // SQLite works synchronously on this thread; there is no context to deadlock on.
                var done = work(session, ct);
                _value = done.IsCompleted ? done.GetAwaiter().GetResult() : done.AsTask().GetAwaiter().GetResult();
                return true;
            }
            catch (Exception fault)
            {
                _fault = fault;
                return false;
            }
        }

        public override void Acknowledge()
        {
            if (_fault is OperationCanceledException)
                _result.TrySetCanceled(ct);
            else if (_fault is not null)
                _result.TrySetException(_fault);
            else
                _result.TrySetResult(_value);
        }

        public override void Fail(Exception fault)
        {
            if (ct.IsCancellationRequested)
                _result.TrySetCanceled(ct);
            else
                _result.TrySetException(_fault ?? fault);
        }
    }
}
