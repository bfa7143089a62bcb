using System.Data;
using System.Data.Common;
using CareTeamPortal.Platform.Access;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Platform.Data;

/// <summary>SQL Server 2019 or later, or a server that speaks as it does.</summary>
internal sealed class SqlServerCareDatabase : ServerCareDatabase
{
    private const long BetweenSweeps = 5_000;

    private readonly string _connectionString;
    private readonly int? _batch;
    private long _commits;

    /// <param name="connectionString">Of Microsoft.Data.SqlClient; <c>Max Pool Size</c> bounds this node's connections (40 when it says none).</param>
    /// <param name="batch">Most statements that EF Core sends at once (<c>Database:BatchSize</c>); null leaves it to EF Core.</param>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public SqlServerCareDatabase(string connectionString, int? batch = null) : this(new SqlConnectionStringBuilder(connectionString), batch)
    {
    }

    private SqlServerCareDatabase(SqlConnectionStringBuilder settings, int? batch) : base(new SqlServerDialect(), settings.ShouldSerialize("Max Pool Size") ? settings.MaxPoolSize : 40)
    {
        if (string.IsNullOrWhiteSpace(settings.DataSource) || string.IsNullOrWhiteSpace(settings.InitialCatalog))
            throw new ArgumentException("Server and Database are missing.");
        Name = settings.InitialCatalog;
        settings.Pooling = false; // the portal keeps its connections itself
        settings.ConnectRetryCount = 0; // a connection that broke is the portal's to see: a transaction does not go on with another
        if (!settings.ShouldSerialize("Application Name"))
            settings.ApplicationName = "CareTeamPortal";
        _connectionString = settings.ToString();
        _batch = batch;
    }

    public override string Name { get; }

    public override Type ContextType => typeof(SqlServerCareDbContext);

    internal override string? ParameterName => "@p";

    protected override async Task<DbConnection> ConnectAsync(bool toWrite, CancellationToken ct) => await ConnectAsync(_connectionString, ct);

    private static Task<SqlConnection> ConnectAsync(string text, CancellationToken ct) => OpenAsync(new SqlConnection(text), ct);

    internal override CareDbContext NewContext(DbConnection connection) => new SqlServerCareDbContext(Options(connection, _batch));

    /// <summary>How EF Core speaks to it: as to SQL Server 2019.</summary>
    internal static DbContextOptions<SqlServerCareDbContext> Options(DbConnection connection, int? batch) => new DbContextOptionsBuilder<SqlServerCareDbContext>().UseSqlServer(connection, server =>
    {
        server.UseCompatibilityLevel(150);
        if (batch is { } most)
            server.MaxBatchSize(most);
    }).Options;

    /// <summary>Each statement sees what is committed when it begins; a mark says afterwards that this transaction was.</summary>
    internal override (DbTransaction Transaction, string Sign) Begin(DbConnection connection)
    {
        var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        var sign = Guid.CreateVersion7();
        var now = TimeProvider.System.GetUtcNow();
        using var command = Mark(connection, transaction, sign, now);
        command.ExecuteNonQuery();
        if (Interlocked.Increment(ref _commits) % BetweenSweeps == 0)
        {
            command.CommandText = "DELETE FROM \"CommitMarks\" WHERE \"At\" < @at";
            command.Parameters["@at"].Value = now.AddDays(-1).UtcTicks;
            command.ExecuteNonQuery();
        }

        return (transaction, sign.ToString());
    }

    private static SqlCommand Mark(DbConnection connection, DbTransaction transaction, Guid sign, DateTimeOffset now) => new("INSERT INTO \"CommitMarks\" (\"Id\", \"At\") VALUES (@id, @at)", (SqlConnection)connection, (SqlTransaction)transaction)
    {
        Parameters = { new("@id", SqlDbType.UniqueIdentifier) { Value = sign }, new("@at", SqlDbType.BigInt) { Value = now.UtcTicks } },
    };

    internal override DbTransaction BeginSnapshot(DbConnection connection)
    {
        using var command = new SqlCommand("SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()", (SqlConnection)connection);
        return connection.BeginTransaction(Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) == 1 ? IsolationLevel.Snapshot : IsolationLevel.Serializable);
    }

    // A change that changes nothing holds the row until the transaction ends, on every server that speaks SQL.
    internal override void Lock(ServerWriteSession session, PatientId patient) => session.Sql("UPDATE \"Patients\" SET \"Cursor\" = \"Cursor\" WHERE \"Id\" = @p0").With(patient.Value).Run();

    internal override void Lock(ServerWriteSession session, PersonId person) => session.Sql("UPDATE \"People\" SET \"ChangedAt\" = \"ChangedAt\" WHERE \"Id\" = @p0").With(person.Value).Run();

    /// <summary>
    /// Puts the same mark down again: while the first transaction is still open this waits for it; when it was committed the mark is there; when it was not, nothing hinders, and nothing is kept.
    /// </summary>
    protected override async Task<bool?> HasCommittedAsync(string sign, CancellationToken ct)
    {
        await using var connection = await ConnectAsync(_connectionString, ct);
        await using var transaction = (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        await using var command = Mark(connection, transaction, Guid.Parse(sign), TimeProvider.System.GetUtcNow());
        try
        {
            await command.ExecuteNonQueryAsync(ct);
            await transaction.RollbackAsync(ct);
            return false;
        }
        catch (SqlException fault) when (IsCollision(fault))
        {
            return true;
        }
    }

    // A deadlock, a lock that was not to be had in time, a snapshot that others wrote over, a statement that took too long.
    protected override bool Passes(DbException fault) => fault is SqlException { Number: 0 or -2 or 1205 or 1222 or 3960 or 49918 or 49919 or 49920 };

    protected override bool IsCollision(DbException fault) => fault is SqlException { Number: 2601 or 2627 };

    protected override async Task HoldAsync(DbConnection connection, string what, CancellationToken ct)
    {
        await using var command = new SqlCommand("DECLARE @got int; EXEC @got = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 1000; SELECT @got", (SqlConnection)connection) { Parameters = { new("@name", "careteamportal-" + what) } };
        while (Convert.ToInt32(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture) < 0)
            ct.ThrowIfCancellationRequested();
    }

    /// <summary>Readers do not wait for writers where the account may set that and nobody else is connected; else the operators do (docs/decisions/21-three-databases.md).</summary>
    protected override async Task TidyAsync(DbConnection connection, CancellationToken ct)
    {
        foreach (var option in new[] { "ALLOW_SNAPSHOT_ISOLATION ON", "READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT" })
        {
            try
            {
                await using var command = new SqlCommand("ALTER DATABASE CURRENT SET " + option, (SqlConnection)connection);
                await command.ExecuteNonQueryAsync(ct);
            }
            catch (SqlException)
            {
                // Set already by another node that is at work, or not this account's to set.
            }
        }
    }

    protected override async Task<DbConnection> ConnectToMigrateAsync(CancellationToken ct)
    {
        try
        {
            return await ConnectAsync(_connectionString, ct);
        }
        catch (SqlException missing) when (missing.Number == 4060)
        {
            await using (var server = await ConnectAsync(new SqlConnectionStringBuilder(_connectionString) { InitialCatalog = "master" }.ToString(), ct))
            {
                try
                {
                    await using var command = new SqlCommand($"CREATE DATABASE \"{Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", server);
                    await command.ExecuteNonQueryAsync(ct);
                }
                catch (SqlException present) when (present.Number == 1801)
                {
                    // Another node was first.
                }
            }

            return await ConnectAsync(_connectionString, ct);
        }
    }

    public override Task BackupAsync(string file, CancellationToken ct) =>
        throw new InvalidOperationException($"The data are in SQL Server: its own tools copy them while the portal runs. Use: BACKUP DATABASE [{Name}] TO DISK = '...' WITH CHECKSUM (a path on the server). Keep the audit's folder (Audit:Folder) with it.");

    public override Task RestoreAsync(string file, CancellationToken ct) =>
        throw new InvalidOperationException($"The data are in SQL Server: stop the portal and use its own tools. Use: RESTORE DATABASE [NEW] FROM DISK = '...' WITH CHECKSUM, and name NEW in ConnectionStrings:CareTeam.");
}
