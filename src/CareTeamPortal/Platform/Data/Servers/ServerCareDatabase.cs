using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using CareTeamPortal.Platform.Access;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// A database on a server, shared by several nodes. Each write job is a transaction of its own, run again after a fault that passes; reads rent a connection from a bounded
/// pool. What is the same for all servers is here, what each does in its own way is asked of the subclass. Why it is safe: docs/decisions/21-three-databases.md.
/// </summary>
internal abstract class ServerCareDatabase : CareDatabase
{
    /// <summary>How long a job is tried again before its caller is told.</summary>
    private static readonly TimeSpan TriesLast = TimeSpan.FromSeconds(20);

    /// <summary>How long a reader waits for a free connection.</summary>
    private static readonly TimeSpan WaitForConnection = TimeSpan.FromSeconds(15);

    /// <summary>Two writers that put the same thing down at once: the second looks again and finds it. More often than this it is a fault of the program.</summary>
    private const int MostCollisions = 4;

    private readonly Pool<ServerReadSession> _readers;
    private readonly Pool<ServerWriteSession> _writers;
    private volatile bool _disposed;

    /// <param name="connections">Readers and writers together; one in four writes.</param>
    protected ServerCareDatabase(SqlDialect dialect, int connections)
    {
        Dialect = dialect;
        var writers = Math.Max(2, connections / 4);
        _writers = new(writers);
        _readers = new(Math.Max(2, connections - writers));
        // A statement keeps its thread until the server has answered: there are threads for all of them, and for who waits.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, connections), ports);
    }

    public SqlDialect Dialect { get; }

    /// <summary>Name of the database on its server.</summary>
    public abstract string Name { get; }

    // ---- what each server does in its own way ---------------------------------------------------------------------

    /// <summary>A new connection, open.</summary>
    protected abstract Task<DbConnection> ConnectAsync(bool toWrite, CancellationToken ct);

    /// <summary>Opens a connection; one that cannot be opened is let go.</summary>
    protected static async Task<T> OpenAsync<T>(T connection, CancellationToken ct) where T : DbConnection
    {
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>An EF Core context of the provider on this connection.</summary>
    internal abstract CareDbContext NewContext(DbConnection connection);

    /// <summary>How the provider names parameters before their number; null when they have no names.</summary>
    internal abstract string? ParameterName { get; }

    /// <summary>Begins a transaction and says by which sign it can be recognised afterwards.</summary>
    internal abstract (DbTransaction Transaction, string Sign) Begin(DbConnection connection);

    /// <summary>A transaction that reads everything as it is at this moment.</summary>
    internal abstract DbTransaction BeginSnapshot(DbConnection connection);

    /// <summary>Keeps other writers of this file waiting until the transaction ends.</summary>
    internal abstract void Lock(ServerWriteSession session, PatientId patient);

    /// <summary>Keeps other writers of what is this person's own waiting until the transaction ends.</summary>
    internal abstract void Lock(ServerWriteSession session, PersonId person);

    /// <summary>After a commit that was not answered: whether it took place. Null while the server does not know yet.</summary>
    protected abstract Task<bool?> HasCommittedAsync(string sign, CancellationToken ct);

    /// <summary>A fault that passes: done again, the job may succeed.</summary>
    protected abstract bool Passes(DbException fault);

    /// <summary>A key that is there already: somebody else put it down meanwhile.</summary>
    protected abstract bool IsCollision(DbException fault);

    /// <summary>Waits until this connection alone holds what bears this name. The server lets go of it when the connection ends, by us or by our death.</summary>
    protected abstract Task HoldAsync(DbConnection connection, string what, CancellationToken ct);

    /// <summary>A new connection to write; where the server has no database of this name, it is made first.</summary>
    protected abstract Task<DbConnection> ConnectToMigrateAsync(CancellationToken ct);

    /// <summary>Refuses a database that the portal cannot keep its data in, before anything is changed.</summary>
    protected virtual Task CheckAsync(DbConnection connection, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Puts in order what is not part of the schema.</summary>
    protected abstract Task TidyAsync(DbConnection connection, CancellationToken ct);

    // ---- reading --------------------------------------------------------------------------------------------------

    public override async ValueTask<ReadSession> RentAsync(CancellationToken ct)
    {
        Traffic.Rented();
        await _readers.EnterAsync(WaitForConnection, ct);
        try
        {
            return _readers.Take() ?? new ServerReadSession(await ConnectAsync(toWrite: false, ct), this);
        }
        catch
        {
            _readers.Leave();
            throw;
        }
    }

    internal void GiveBack(ServerReadSession session)
    {
        if (_disposed || session.Connection.State != System.Data.ConnectionState.Open)
            session.Close();
        else
            _readers.Add(session);
        _readers.Leave();
    }

    // ---- writing --------------------------------------------------------------------------------------------------

    /// <summary>For tests: called with the number of the try when the job is done and before it is committed; what it throws is as if the server had said it.</summary>
    internal Action<int>? BeforeCommit { get; set; }

    /// <summary>For tests: called after the commit has reached the server and before its answer counts.</summary>
    internal Action<int>? AfterCommit { get; set; }

    // Not on the caller's thread: a circuit stays reachable while its write waits for the server.
    public override Task<T> WriteAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> job, CancellationToken ct) => Traffic.FollowAsync(Task.Run(() => TryAsync(job, ct), ct));

    private async Task<T> TryAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> job, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var collisions = 0;
        for (var number = 1; ; number++)
        {
            await _writers.EnterAsync(TriesLast, ct);
            ServerWriteSession? session = null;
            string? sign = null; // of a transaction that was told to commit
            var value = default(T)!;
            try
            {
                session = _writers.Take() ?? new ServerWriteSession(await ConnectAsync(toWrite: true, ct), this);
                var begun = session.Begin();
                ct.ThrowIfCancellationRequested();
                value = await job(session, ct);
                BeforeCommit?.Invoke(number);
                sign = begun;
                session.Commit();
                AfterCommit?.Invoke(number);
                _writers.Add(session);
                session = null;
                return value;
            }
            catch (Exception fault)
            {
                session?.Close(); // what was not committed is undone by the server
                session = null;
                var cause = Cause(fault);
                // Once it was told to commit, nobody is told yes or no before the server has said which it was.
                if (sign is not null && await OutcomeAsync(sign, began, fault, ct))
                    return value;
                var isBroken = cause is not null ? Dialect.IsConnectionLost(cause) : sign is not null;
                if (!isBroken && (cause is null || !(Passes(cause) || (IsCollision(cause) && ++collisions < MostCollisions))))
                    throw;

                if (Stopwatch.GetElapsedTime(began) > TriesLast)
                    throw;
            }
            finally
            {
                session?.Close();
                _writers.Leave();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(10 << Math.Min(number, 6), 500) + Random.Shared.Next(20)), ct);
        }
    }

    private async Task<bool> OutcomeAsync(string sign, long began, Exception fault, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (await HasCommittedAsync(sign, ct) is { } known)
                    return known;
            }
            catch (DbException lookFault) when (Dialect.IsConnectionLost(lookFault) || Passes(lookFault))
            {
                // The server is not back yet.
            }

            if (Stopwatch.GetElapsedTime(began) > TriesLast)
                throw new CommitUnknownException(fault);
            await Task.Delay(100, ct);
        }
    }

    private static DbException? Cause(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException database)
                return database;
        }

        return null;
    }

    // ---- the schema -----------------------------------------------------------------------------------------------

    public override async Task MigrateAsync(CancellationToken ct)
    {
        await using var connection = await ConnectToMigrateAsync(ct);
        await HoldAsync(connection, "migrate", ct);
        await CheckAsync(connection, ct);
        await ApplyAsync(connection, ct);
        await TidyAsync(connection, ct);
    }

    private async Task ApplyAsync(DbConnection connection, CancellationToken ct)
    {
        await using var context = NewContext(connection);
        var known = SchemaState.Known(ContextType!);
        var applied = (await context.Database.GetAppliedMigrationsAsync(ct)).ToHashSet(StringComparer.Ordinal);
        if (applied.FirstOrDefault(a => !known.Contains(a)) is { } foreign)
            throw new InvalidOperationException($"The database {Name} was made by another version of the program: its schema has step {foreign}, which this version does not know. Use the version that made it, or another database (ConnectionStrings:CareTeam). Nothing was changed.");
        if (!known.IsSubsetOf(applied))
            await context.Database.MigrateAsync(ct);
    }

    /// <inheritdoc/>
    public override async Task<IAsyncDisposable> AloneAsync(string what, CancellationToken ct)
    {
        var connection = await ConnectAsync(toWrite: true, ct);
        try
        {
            await HoldAsync(connection, what, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        while (_readers.Take() is { } reader)
            reader.Close();
        while (_writers.Take() is { } writer)
            writer.Close();
        return ValueTask.CompletedTask;
    }

    private sealed class Pool<T>(int size) where T : class
    {
        private readonly SemaphoreSlim _free = new(size, size);
        private readonly ConcurrentStack<T> _kept = new(); // the one used last is the warmest

        public async ValueTask EnterAsync(TimeSpan most, CancellationToken ct)
        {
            if (!await _free.WaitAsync(most, ct))
                throw new TimeoutException($"All {size} connections to the database are in use.");
        }

        public T? Take() => _kept.TryPop(out var kept) ? kept : null;

        public void Add(T session) => _kept.Push(session);

        public void Leave() => _free.Release();
    }
}

/// <summary>The connection broke while a commit was under way and the server could not be asked in time whether it took place: the caller is told that it is not known.</summary>
internal sealed class CommitUnknownException(Exception inner) : DbException("The database did not answer whether the change was kept. Look before you do it again.", inner);

internal sealed class ServerReadSession(DbConnection connection, ServerCareDatabase home) : ReadSession(connection)
{
    protected override Statement NewStatement(string text) => new ServerStatement(Connection, home.Dialect, text, home.ParameterName);

    public override CareDbContext NewContext(PatientId? patient, Reach reach)
    {
        var context = home.NewContext(Connection);
        (context.RoomPatient, context.RoomReach) = (patient, reach);
        return context;
    }

    public override T AtOneMoment<T>(Func<T> read)
    {
        Transaction = home.BeginSnapshot(Connection);
        try
        {
            return read();
        }
        finally
        {
            Transaction.Dispose();
            Transaction = null;
        }
    }

    public override void Dispose() => home.GiveBack(this);

    public void Close()
    {
        ForgetStatements();
        Connection.Dispose();
    }
}

internal sealed class ServerWriteSession(DbConnection connection, ServerCareDatabase home) : WriteSession(connection)
{
    protected override Statement NewStatement(string text) => new ServerStatement(Connection, home.Dialect, text, home.ParameterName);

    public override CareDbContext NewContext(PatientId? patient, Reach reach)
    {
        var context = home.NewContext(Connection);
        (context.RoomPatient, context.RoomReach) = (patient, reach);
        context.Database.UseTransaction(Transaction);
        return context;
    }

    public override void Lock(PatientId patient) => home.Lock(this, patient);

    public override void Lock(PersonId person) => home.Lock(this, person);

    public string Begin()
    {
        (Transaction, var sign) = home.Begin(Connection);
        return sign;
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
        Transaction = null; // closing the connection ends it
        Connection.Dispose();
    }
}
