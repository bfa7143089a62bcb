using System.Data.Common;
using System.Globalization;
using System.Text;
using Npgsql;

namespace CareTeamPortal.Platform.Data;

/// <summary>PostgreSQL: parameters by place, and its own names for two functions.</summary>
internal sealed class PostgreSqlDialect : SqlDialect
{
    protected override ServerSql Finish(List<string> tokens)
    {
        var text = new StringBuilder();
        var uses = new List<int>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (IsParameter(token, out var number))
            {
                var place = uses.IndexOf(number);
                if (place < 0)
                {
                    place = uses.Count;
                    uses.Add(number);
                }

                text.Append('$').Append((place + 1).ToString(CultureInfo.InvariantCulture));
                continue;
            }

            var isCall = i + 1 < tokens.Count && tokens[i + 1] == "(";
            text.Append(isCall && Is(token, "INSTR") ? "strpos" : isCall && Is(token, "CHAR") ? "chr" : token);
        }

        return new ServerSql(text.ToString(), [.. uses]);
    }

    public override void Set(DbParameter parameter, object? value) => parameter.Value = value switch
    {
        null => DBNull.Value,
        string text => Holdable(text),
        bool yes => yes ? 1 : 0,
        _ => value,
    };

    public override bool IsConnectionLost(Exception fault) => fault switch
    {
        // What ends the session: told to go, crashed, starting, no place left.
        PostgresException answer => answer.SqlState is "57P01" or "57P02" or "57P03" or "57P05" or "53300" || answer.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException } => true,
        NpgsqlException other => other.IsTransient,
        _ => false,
    };
}
