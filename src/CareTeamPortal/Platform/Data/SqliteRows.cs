using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// The rows of a statement, value by value as SQLite holds them. A list of fifty rows with thirty-five columns asks SQLite three thousand times; the usual reader
/// takes a handle, checks and copies at each, which costs several times the query. Only what hand-written SQL asks for is here.
/// </summary>
internal sealed class SqliteRows(SqliteStatement statement) : HandReadRows
{
    private nint _prepared;
    private bool _open;
    private bool _onRow;
    private bool _atEnd;

    // The value that was asked for last: whether it is NULL, how long it is and what it says are three questions to the same.
    private int _ordinal = -1;
    private nint _value;

    // What a column said in the row before it mostly says again (the owner, a role, the file): one string serves, and is not made fifty times for a list of fifty.
    private const int LongestKept = 64;
    private string?[] _said = [];

    /// <summary>Begins; the statement is bound.</summary>
    public SqliteRows Start(nint prepared)
    {
        if (_said.Length == 0)
            _said = new string?[SqliteNative.ColumnCount(prepared)];
        (_prepared, _open, _onRow, _atEnd, _ordinal) = (prepared, true, false, false, -1);
        return this;
    }

    public override bool Read()
    {
        // After the last row a step would begin anew.
        if (!_open || _atEnd)
            return false;
        _ordinal = -1;
        _onRow = statement.Step();
        _atEnd = !_onRow;
        return _onRow;
    }

    public override int FieldCount => SqliteNative.ColumnCount(_prepared);

    public override bool IsDBNull(int ordinal) => SqliteNative.Type(Value(ordinal)) == raw.SQLITE_NULL;

    public override long GetInt64(int ordinal)
    {
        var value = ordinal == _ordinal ? SqliteNative.Int64(_value) : SqliteNative.Int64(OnRow(), ordinal);
        // A NULL reads as nought: only that one needs a second look.
        if (value == 0)
            NotNull(ordinal);
        return value;
    }

    public override double GetDouble(int ordinal)
    {
        var value = SqliteNative.Double(Value(ordinal));
        if (value == 0)
            NotNull(ordinal);
        return value;
    }

    /// <summary>Decimals stand as text, so that no digit is lost; a number that SQLite made itself (an average) is one.</summary>
    public override decimal GetDecimal(int ordinal) => SqliteNative.Type(Value(ordinal)) switch
    {
        raw.SQLITE_INTEGER => GetInt64(ordinal),
        raw.SQLITE_FLOAT => (decimal)GetDouble(ordinal),
        _ => decimal.Parse(GetString(ordinal), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture),
    };

    public override string GetString(int ordinal)
    {
        var length = SqliteNative.Length(Value(ordinal));
        if (length == 0)
        {
            NotNull(ordinal);
            return "";
        }

        var bytes = SqliteNative.Bytes(Value(ordinal));
        if (length > LongestKept)
            return Marshal.PtrToStringUTF8(bytes, length);
        ref var said = ref _said[ordinal];
        if (said is null || !Ascii.Equals(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), bytes), length), said))
            said = Marshal.PtrToStringUTF8(bytes, length);
        return said;
    }

    public override object GetValue(int ordinal) => SqliteNative.Type(Value(ordinal)) == raw.SQLITE_TEXT ? GetString(ordinal) : SqliteNative.Read(Value(ordinal)) ?? DBNull.Value;

    public override T GetFieldValue<T>(int ordinal)
    {
        if (typeof(T) != typeof(byte[]))
            return (T)GetValue(ordinal);
        NotNull(ordinal);
        return (T)(object)SqliteNative.Blob(Value(ordinal));
    }

    public override void Close()
    {
        if (!_open)
            return;
        (_open, _onRow, _ordinal) = (false, false, -1);
        statement.EndRead();
    }

    public override bool IsClosed => !_open;

    private nint Value(int ordinal)
    {
        if (ordinal == _ordinal)
            return _value;
        _value = SqliteNative.Column(OnRow(), ordinal);
        _ordinal = ordinal;
        return _value;
    }

    private nint OnRow() => _onRow ? _prepared : throw NoRow();

    private void NotNull(int ordinal)
    {
        if (IsDBNull(ordinal))
            throw IsNull(ordinal);
    }
}
