using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using CareTeamPortal.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CareTeamPortal.Platform.Data;

/// <summary>PostgreSQL 13 or later.</summary>
internal sealed class PostgreSqlCareDatabase : ServerCareDatabase
{
    /// <summary>"CARE": the portal's own advisory locks, apart from those of others on the same database.</summary>
    private const int LockFamily = 0x43415245;

    private const string MarkPrefix = "commit:";

    private readonly ConditionalWeakTable<DbConnection, string> _marks = [];
    private readonly NpgsqlDataSource _source;
    private readonly string _readerSettings;

    /// <param name="connectionString">Of Npgsql; <c>Maximum Pool Size</c> bounds this node's connections (40 when it says none).</param>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public PostgreSqlCareDatabase(string connectionString) : this(new NpgsqlConnectionStringBuilder(connectionString), connectionString.Contains("pool size", StringComparison.OrdinalIgnoreCase))
    {
    }

    private PostgreSqlCareDatabase(NpgsqlConnectionStringBuilder settings, bool isBounded) : base(new PostgreSqlDialect(), isBounded ? settings.MaxPoolSize : 40)
    {
        if (string.IsNullOrWhiteSpace(settings.Host) || string.IsNullOrWhiteSpace(settings.Database))
            throw new ArgumentException("Host and Database are missing.");
        Name = settings.Database;
        settings.Pooling = false; // the portal keeps its connections itself, with what is prepared on them
        settings.MaxAutoPrepare = 400;
        settings.AutoPrepareMinUsages = 2;
        settings.ApplicationName ??= "CareTeamPortal";
        settings.IncludeErrorDetail = false; // the text of a fault goes to the log, and must not hold a value
        _source = NpgsqlDataSource.Create(settings);
        settings.Options = (settings.Options + " -c default_transaction_read_only=on").Trim();
        _readerSettings = settings.ToString();
    }

    public override string Name { get; }

    public override Type ContextType => typeof(PostgreSqlCareDbContext);

    internal override string? ParameterName => null;

    protected override async Task<DbConnection> ConnectAsync(bool toWrite, CancellationToken ct) => await OpenAsync(toWrite ? _source.CreateConnection() : new NpgsqlConnection(_readerSettings), ct);

    internal override CareDbContext NewContext(DbConnection connection) =>
        new PostgreSqlCareDbContext(new DbContextOptionsBuilder<PostgreSqlCareDbContext>().UseNpgsql(connection).Options);

    /// <summary>Each statement sees what is committed when it begins. The connection's own row says which of its transactions was the last that was kept.</summary>
    internal override (DbTransaction Transaction, string Sign) Begin(DbConnection connection)
    {
        var mark = _marks.GetValue(connection, NewMark);
        var value = $"{TimeProvider.System.GetUtcNow().UtcTicks:D19} {Guid.NewGuid():N}";
        while (true)
        {
            var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
            using var command = new NpgsqlCommand("UPDATE \"Settings\" SET \"Value\" = $2 WHERE \"Name\" = $1", (NpgsqlConnection)connection, (NpgsqlTransaction)transaction) { Parameters = { new() { Value = mark }, new() { Value = value } } };
            if (command.ExecuteNonQuery() == 1)
                return (transaction, mark + "|" + value);
            transaction.Dispose(); // swept away: nobody had written here for a day
            PutMark(connection, mark);
        }
    }

    private static string NewMark(DbConnection connection)
    {
        var mark = $"{MarkPrefix}{Guid.NewGuid():N}";
        PutMark(connection, mark);
        return mark;
    }

    // Kept before the first transaction that changes it, so that whoever asks for it later always finds a row to wait for.
    private static void PutMark(DbConnection connection, string mark)
    {
        using var command = new NpgsqlCommand("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES ($1, $2)", (NpgsqlConnection)connection) { Parameters = { new() { Value = mark }, new() { Value = $"{TimeProvider.System.GetUtcNow().UtcTicks:D19}" } } };
        command.ExecuteNonQuery();
    }

    internal override DbTransaction BeginSnapshot(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    internal override void Lock(ServerWriteSession session, PatientId patient) => Lock(session, patient.Value);

    internal override void Lock(ServerWriteSession session, PersonId person) => Lock(session, "person:" + person.Value);

    // By the hash of the name: it may be of a file that is still to be made. Two names with one hash wait for each other, which is harmless.
    private static void Lock(ServerWriteSession session, string name) => session.Sql("SELECT pg_advisory_xact_lock(@p0, hashtext(@p1))").With(LockFamily, name).Run();

    /// <summary>
    /// Reads the connection's row under its lock: while the transaction is still open somewhere this waits for it. Its number (<c>pg_xact_status</c>) would not do: after a crash
    /// PostgreSQL gives the numbers of transactions that left nothing behind to others.
    /// </summary>
    protected override async Task<bool?> HasCommittedAsync(string sign, CancellationToken ct)
    {
        var (mark, value) = (sign[..sign.IndexOf('|', StringComparison.Ordinal)], sign[(sign.IndexOf('|', StringComparison.Ordinal) + 1)..]);
        await using var connection = (NpgsqlConnection)await ConnectAsync(toWrite: true, ct);
        await using var command = new NpgsqlCommand("SELECT \"Value\" FROM \"Settings\" WHERE \"Name\" = $1 FOR UPDATE", connection) { Parameters = { new() { Value = mark } }, CommandTimeout = 5 };
        return await command.ExecuteScalarAsync(ct) as string == value;
    }

    protected override bool Passes(DbException fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable } or NpgsqlException { IsTransient: true };

    protected override bool IsCollision(DbException fault) => fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    protected override async Task CheckAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SHOW server_encoding", (NpgsqlConnection)connection);
        if (await command.ExecuteScalarAsync(ct) as string != "UTF8")
            throw new InvalidOperationException($"The database {Name} does not keep text as UTF-8. Make one with ENCODING 'UTF8' (ConnectionStrings:CareTeam). Nothing was changed.");
    }

    /// <summary>Forgets the marks of connections that have written nothing for a day.</summary>
    protected override async Task TidyAsync(DbConnection connection, CancellationToken ct)
    {
        await using var sweep = new NpgsqlCommand("DELETE FROM \"Settings\" WHERE \"Name\" LIKE 'commit:%' AND \"Value\" < $1", (NpgsqlConnection)connection) { Parameters = { new() { Value = $"{TimeProvider.System.GetUtcNow().AddDays(-1).UtcTicks:D19}" } } };
        await sweep.ExecuteNonQueryAsync(ct);
    }

    protected override async Task HoldAsync(DbConnection connection, string what, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, hashtext($2))", (NpgsqlConnection)connection) { Parameters = { new() { Value = LockFamily + 1 }, new() { Value = what } } };
        while (!(bool)(await command.ExecuteScalarAsync(ct))!)
            await Task.Delay(100, ct);
    }

    protected override async Task<DbConnection> ConnectToMigrateAsync(CancellationToken ct)
    {
        try
        {
            return await ConnectAsync(toWrite: true, ct);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_source.ConnectionString) { Database = "postgres", Password = new NpgsqlConnectionStringBuilder(_readerSettings).Password }.ToString());
            await server.OpenAsync(ct);
            try
            {
                await using var command = new NpgsqlCommand($"CREATE DATABASE {new NpgsqlCommandBuilder().QuoteIdentifier(Name)} ENCODING 'UTF8' TEMPLATE template0", server);
                await command.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException present) when (present.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another node was first.
            }

            return await ConnectAsync(toWrite: true, ct);
        }
    }

    public override Task BackupAsync(string file, CancellationToken ct) =>
        throw new InvalidOperationException($"The data are in PostgreSQL: its own tools copy them while the portal runs. Use: pg_dump --format=custom --file={file} {Name}. Keep the audit's folder (Audit:Folder) with it.");

    public override Task RestoreAsync(string file, CancellationToken ct) =>
        throw new InvalidOperationException($"The data are in PostgreSQL: stop the portal and use its own tools. Use: createdb NEW, then pg_restore --dbname=NEW --exit-on-error {file}, and name NEW in ConnectionStrings:CareTeam.");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _source.DisposeAsync();
    }
}
