using System.Data.Common;
using System.Diagnostics;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>One connection with its prepared statements; not for two callers at once.</summary>
internal abstract class DbSession(DbConnection connection)
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    /// <summary>Each text when a connection meets it for the first time; never the values. Tests read every statement of the product here.</summary>
    public static DiagnosticListener NewTexts { get; } = new("CareTeamPortal.Sql");

    public DbConnection Connection { get; } = connection;
    public DbTransaction? Transaction { get; protected set; }

    /// <summary>How many statements were asked for so far; tests hold the hot paths to their counts.</summary>
    public long StatementCount { get; private set; }

    /// <summary>The prepared statement for this text; parameters are <c>@p0</c>, <c>@p1</c>, ... in order.</summary>
    public Statement Sql(string text)
    {
        StatementCount++;
        if (!_statements.TryGetValue(text, out var statement))
        {
            if (NewTexts.IsEnabled())
                NewTexts.Write("Statement", text);
            _statements[text] = statement = NewStatement(text);
        }

        statement.Command.Transaction = Transaction;
        return statement;
    }

    /// <summary>Prepares a statement; a provider may have a shorter way than commands.</summary>
    protected virtual Statement NewStatement(string text) => new(Connection, text);

    /// <summary>Reads everything as it is at one moment, so that what is written meanwhile does not look like a fault.</summary>
    public virtual T AtOneMoment<T>(Func<T> read)
    {
        Sql("BEGIN").With().Run();
        try
        {
            return read();
        }
        finally
        {
            Sql("ROLLBACK").With().Run();
        }
    }

    /// <summary>Keeps other writers of this file waiting until the transaction ends, so that what is read here still holds when it is written. SQLite has one writer anyway.</summary>
    public virtual void Lock(PatientId patient)
    {
    }

    /// <summary>The same for what is this person's own.</summary>
    public virtual void Lock(PersonId person)
    {
    }

    /// <summary>An EF Core context on this connection and transaction, fenced to one patient.</summary>
    public abstract CareDbContext NewContext(PatientId? patient, Reach reach);

    protected void ForgetStatements()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }
}

/// <summary>A reading session; disposing gives it back.</summary>
internal abstract class ReadSession(DbConnection connection) : DbSession(connection), IDisposable
{
    public abstract void Dispose();
}

/// <summary>A writing session inside one transaction.</summary>
internal abstract class WriteSession(DbConnection connection) : DbSession(connection);

/// <summary>A prepared command with parameters by position.</summary>
internal class Statement : IDisposable
{
    public Statement(DbConnection connection, string text)
    {
        Command = connection.CreateCommand();
        Command.CommandText = text;
    }

    public DbCommand Command { get; }

    /// <summary>Sets all parameters; missing ones are created on first use.</summary>
    public virtual Statement With(params ReadOnlySpan<object?> values)
    {
        for (var i = Command.Parameters.Count; i < values.Length; i++)
        {
            var parameter = Command.CreateParameter();
            parameter.ParameterName = "@p" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Command.Parameters.Add(parameter);
        }

        for (var i = 0; i < values.Length; i++)
            Command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return this;
    }

    public virtual int Run() => Command.ExecuteNonQuery();

    public virtual DbDataReader Read() => Command.ExecuteReader();

    /// <summary>Rows one by one, for more than fits in memory: no other statement on this session until they are closed.</summary>
    public virtual DbDataReader Stream() => Read();

    /// <summary>First column of the first row, or null.</summary>
    public virtual object? One() => Command.ExecuteScalar() is var value and not DBNull ? value : null;

    public long? Number() => One() is { } value ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) : null;

    public string? Text() => One() as string;

    public virtual void Dispose() => Command.Dispose();
}

/// <summary>
/// The database behind the portal. Reads rent a session; writes go through <see cref="WriteAsync{T}"/>, one transaction each,
/// durable when the task completes. One subclass per provider.
/// </summary>
internal abstract class CareDatabase : IAsyncDisposable
{
    /// <summary>What goes through now; every provider tells it of each write and each rented session.</summary>
    public WriteTraffic Traffic { get; } = new();

    /// <summary>The EF context whose migrations are this database's; null where the schema is not looked at.</summary>
    public virtual Type? ContextType => null;

    /// <summary>A session to read with; dispose it soon.</summary>
    public abstract ValueTask<ReadSession> RentAsync(CancellationToken ct);

    /// <summary>Runs the job in a transaction and commits it; all of it happened, durably, or none of it. The job may run again after a transient fault, so it keeps no state outside.</summary>
    public abstract Task<T> WriteAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> job, CancellationToken ct);

    /// <summary>Brings the schema up to date under a lock; survives a crash in the middle.</summary>
    public abstract Task MigrateAsync(CancellationToken ct);

    /// <summary>Waits until no other process does this on the same database, and keeps the others out until it is disposed. Whoever dies lets go of it: a crash leaves no lock behind.</summary>
    /// <param name="what">A short word of letters; another word is another lock.</param>
    public abstract Task<IAsyncDisposable> AloneAsync(string what, CancellationToken ct);

    /// <summary>A copy of the whole database in one file, taken while the portal runs.</summary>
    public abstract Task BackupAsync(string file, CancellationToken ct);

    /// <summary>Makes a file written by <see cref="BackupAsync"/> the database; the portal must not run.</summary>
    public abstract Task RestoreAsync(string file, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
