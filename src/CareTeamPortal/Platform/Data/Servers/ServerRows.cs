using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// Rows of a database server, read as the rows of SQLite are: a whole number is a <see cref="long"/>, whatever the column's width or the type of a sum, a yes or no is one too,
/// and a decimal has no noughts behind it that nobody wrote.
/// </summary>
internal sealed class ServerRows : HandReadRows
{
    private readonly List<object[]>? _rows;
    private readonly DbDataReader? _reader;
    private object[]? _row;
    private int _at = -1;
    private bool _open = true;

    /// <summary>Row by row, for what is too much to hold: no other statement on this connection until it is closed.</summary>
    public ServerRows(DbDataReader reader) => (_reader, FieldCount) = (reader, reader.FieldCount);

    private ServerRows(List<object[]> rows, int columns) => (_rows, FieldCount) = (rows, columns);

    /// <summary>All rows at once.</summary>
    public static ServerRows All(DbDataReader reader)
    {
        var rows = new List<object[]>();
        var columns = reader.FieldCount;
        while (reader.Read())
        {
            var row = new object[columns];
            reader.GetValues(row);
            rows.Add(row);
        }

        return new ServerRows(rows, columns);
    }

    /// <summary>A value as SQLite would give it.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static object? Plain(object? value) => value switch
    {
        int number => (long)number,
        short number => (long)number,
        byte number => (long)number,
        bool yes => yes ? 1L : 0L,
        decimal number => Shortest(number),
        _ => value,
    };

    private static decimal Shortest(decimal number) => number / 1.000000000000000000000000000000000m;

    public override int FieldCount { get; }

    public override bool Read()
    {
        if (!_open)
            return false;
        if (_reader is not null)
        {
            if (!_reader.Read())
            {
                _row = null;
                return false;
            }

            _row ??= new object[FieldCount];
            _reader.GetValues(_row);
            return true;
        }

        _row = ++_at < _rows!.Count ? _rows[_at] : null;
        return _row is not null;
    }

    public override bool IsDBNull(int ordinal) => Raw(ordinal) is DBNull;

    public override long GetInt64(int ordinal) => Value(ordinal) switch
    {
        long number => number,
        int number => number,
        var other => Convert.ToInt64(other, CultureInfo.InvariantCulture),
    };

    public override double GetDouble(int ordinal) => Convert.ToDouble(Value(ordinal), CultureInfo.InvariantCulture);

    public override decimal GetDecimal(int ordinal) => Shortest(Convert.ToDecimal(Value(ordinal), CultureInfo.InvariantCulture));

    public override string GetString(int ordinal) => (string)Value(ordinal);

    public override object GetValue(int ordinal) => Plain(Raw(ordinal));

    public override T GetFieldValue<T>(int ordinal) => (T)Plain(Value(ordinal));

    public override void Close()
    {
        _open = false;
        _reader?.Dispose();
    }

    public override bool IsClosed => !_open;

    private object Raw(int ordinal) => (_row ?? throw NoRow())[ordinal];

    private object Value(int ordinal) => Raw(ordinal) is var value and not DBNull ? value : throw IsNull(ordinal);
}
