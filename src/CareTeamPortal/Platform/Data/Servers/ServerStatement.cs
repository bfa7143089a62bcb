using System.Data.Common;

namespace CareTeamPortal.Platform.Data;

/// <summary>A statement for a database server: rewritten by its dialect, rows read at once, so that another statement may follow on the same connection while they are looked at.</summary>
internal sealed class ServerStatement : Statement
{
    private readonly SqlDialect _dialect;
    private readonly ServerSql _sql;
    private readonly DbConnection _connection;

    public ServerStatement(DbConnection connection, SqlDialect dialect, string text, string? namePrefix) : base(connection, dialect.Rewrite(text).Text)
    {
        (_connection, _dialect, _sql) = (connection, dialect, dialect.Rewrite(text));
        foreach (var use in _sql.Uses)
        {
            var parameter = Command.CreateParameter();
            if (namePrefix is not null)
                parameter.ParameterName = namePrefix + use.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Command.Parameters.Add(parameter);
        }
    }

    public override Statement With(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < _sql.Uses.Length; i++)
        {
            if (_sql.Uses[i] >= values.Length)
                throw new InvalidOperationException("The statement has other parameters than the values given: " + Command.CommandText);
            _dialect.Set(Command.Parameters[i], values[_sql.Uses[i]]);
        }

        return this;
    }

    public override int Run() => Again(static command => command.ExecuteNonQuery());

    public override DbDataReader Read() => Again(static command =>
    {
        using var reader = command.ExecuteReader();
        return ServerRows.All(reader);
    });

    public override DbDataReader Stream() => new ServerRows(Again(static command => command.ExecuteReader()));

    public override object? One() => Again(static command => command.ExecuteScalar()) is var value and not DBNull ? ServerRows.Plain(value) : null;

    /// <summary>Outside a transaction nothing was begun: on a connection that broke since it was last used (the server was started again) the statement is sent once more.</summary>
    private T Again<T>(Func<DbCommand, T> run)
    {
        try
        {
            return run(Command);
        }
        catch (DbException fault) when (Command.Transaction is null && _dialect.IsConnectionLost(fault))
        {
            _connection.Close();
            _connection.Open();
            return run(Command);
        }
    }
}
