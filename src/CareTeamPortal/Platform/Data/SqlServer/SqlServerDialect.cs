using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.SqlClient;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// SQL Server 2019 and what speaks as it does: <c>TOP</c> for <c>LIMIT</c>, <c>+</c> for <c>||</c>, a division for a shift to the right, and its own names for three functions.
/// Nothing that only the newest version has, no hint, no MERGE, no OUTPUT.
/// </summary>
internal sealed class SqlServerDialect : SqlDialect
{
    protected override ServerSql Finish(List<string> tokens)
    {
        Functions(tokens);
        Shifts(tokens);
        Limits(tokens);
        var uses = new List<int>();
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (IsParameter(token, out var number) && !uses.Contains(number))
                uses.Add(number);
            text.Append(token == "||" ? "+" : token);
        }

        return new ServerSql(text.ToString(), [.. uses]);
    }

    private static void Functions(List<string> tokens)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i + 1] != "(")
                continue;
            if (Is(tokens[i], "SUBSTR"))
            {
                tokens[i] = "SUBSTRING";
                var close = Close(tokens, i + 1);
                if (Commas(tokens, i + 1, close).Count == 1)
                    tokens.InsertRange(close, [",", " ", "2147483647"]); // to the end
            }
            else if (Is(tokens[i], "INSTR"))
            {
                tokens[i] = "CHARINDEX"; // asks for what is looked for first
                var (open, close) = (i + 1, Close(tokens, i + 1));
                var comma = Commas(tokens, open, close).Single();
                var (where, what) = (tokens[(open + 1)..comma], tokens[(comma + 1)..close]);
                tokens.RemoveRange(open + 1, close - open - 1);
                tokens.InsertRange(open + 1, [.. what.SkipWhile(IsSpace), ",", " ", .. where]);
            }
        }
    }

    private static List<int> Commas(List<string> tokens, int open, int close)
    {
        var commas = new List<int>();
        for (var i = open + 1; i < close; i++)
        {
            if (tokens[i] == "(")
                i = Close(tokens, i);
            else if (tokens[i] == ",")
                commas.Add(i);
        }

        return commas;
    }

    // A number that is shifted by a column: all that the texts ask for.
    private static void Shifts(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] == "<<")
                throw new NotSupportedException("SQL Server has no shift to the left: multiply.");
            if (tokens[i] != ">>")
                continue;
            var by = Next(tokens, i + 1);
            tokens[by] = $"POWER(CAST(2 AS bigint), {tokens[by]})";
            tokens[i] = "/";
        }
    }

    private static void Limits(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!Is(tokens[i], "LIMIT"))
                continue;
            var count = Next(tokens, i + 1);
            var most = tokens[count];
            // Back to the SELECT that it belongs to.
            var (select, isUnion, isOrdered) = (-1, false, false);
            for (var (at, depth) = (i - 1, 0); at >= 0 && depth >= 0; at--)
            {
                if (tokens[at] == ")")
                    depth++;
                else if (tokens[at] == "(")
                    depth--;
                else if (depth == 0 && Is(tokens[at], "SELECT"))
                    select = at;
                else if (depth == 0 && (Is(tokens[at], "UNION") || Is(tokens[at], "EXCEPT") || Is(tokens[at], "INTERSECT")))
                    isUnion = true;
                else if (depth == 0 && Is(tokens[at], "ORDER"))
                    isOrdered = true;
            }

            if (select < 0 || (isUnion && !isOrdered))
                throw new NotSupportedException("LIMIT without its SELECT, or of a UNION without an order.");
            if (isUnion)
            {
                tokens.RemoveRange(i, count - i + 1);
                tokens.InsertRange(i, ["OFFSET", " ", "0", " ", "ROWS", " ", "FETCH", " ", "NEXT", " ", most, " ", "ROWS", " ", "ONLY"]);
                continue;
            }

            tokens.RemoveRange(i, count - i + 1);
            if (i > 0 && IsSpace(tokens[i - 1]) && (i == tokens.Count || tokens[i] == ")" || IsSpace(tokens[i])))
                tokens.RemoveAt(i - 1);
            var place = select + 1;
            if (Is(tokens[Next(tokens, place)], "DISTINCT"))
                place = Next(tokens, place) + 1;
            tokens.InsertRange(place, [" ", "TOP", " ", "(", most, ")"]);
        }
    }

    public override void Set(DbParameter parameter, object? value)
    {
        var own = (SqlParameter)parameter;
        switch (value)
        {
            case null:
                own.ResetSqlDbType();
                own.Value = DBNull.Value;
                break;
            case string text:
                text = Holdable(text);
                own.SqlDbType = SqlDbType.NVarChar;
                own.Size = text.Length <= 4_000 ? 4_000 : -1; // two plans for a text, not one for each length
                own.Value = text;
                break;
            case byte[] bytes:
                own.SqlDbType = SqlDbType.VarBinary;
                own.Size = bytes.Length <= 8_000 ? 8_000 : -1;
                own.Value = bytes;
                break;
            case bool yes:
                Put(own, SqlDbType.Int, yes ? 1 : 0);
                break;
            case int number:
                Put(own, SqlDbType.Int, number);
                break;
            case long number:
                Put(own, SqlDbType.BigInt, number);
                break;
            case double number:
                Put(own, SqlDbType.Float, number);
                break;
            case decimal number: // as it stands in the column
                own.SqlDbType = SqlDbType.NVarChar;
                own.Size = 40;
                own.Value = number.ToString("0.0###########################", CultureInfo.InvariantCulture);
                break;
            default:
                throw new NotSupportedException($"a parameter of type {value.GetType().Name}");
        }
    }

    private static void Put(SqlParameter parameter, SqlDbType type, object value)
    {
        parameter.SqlDbType = type;
        parameter.Size = 0;
        parameter.Value = value;
    }

    // 0: the connection broke in the middle. The others: no way to the server, or it ended the session.
    public override bool IsConnectionLost(Exception fault) =>
        fault is SqlException { Number: 0 or 2 or 20 or 53 or 64 or 121 or 233 or 258 or 596 or 6005 or 10053 or 10054 or 10060 or 10061 or 10928 or 10929 or 40197 or 40501 or 40540 or 40613 } or SqlException { Class: >= 20 };
}
