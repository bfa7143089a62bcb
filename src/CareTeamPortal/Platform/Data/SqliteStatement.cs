using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// A statement without a command: a command looks every parameter up by its name each time, and SQLite finds names by
/// comparing them one by one, which for a line of the timeline (35 of them) costs more than the insert. Rows are read by <see cref="SqliteRows"/>.
/// </summary>
internal sealed class SqliteStatement(SqliteConnection connection, string text) : Statement(connection, text)
{
    /// <summary>Longer values are not left bound until the next call.</summary>
    private const int Large = 64 * 1024;

    private readonly sqlite3 _db = connection.Handle!;
    private sqlite3_stmt? _prepared;
    private nint _statement;
    private bool _writes;
    private int[] _places = [];
    private object?[] _values = [];
    private int _count;
    private byte[] _utf8 = [];
    private SqliteRows? _rows;
    private bool _reading;
    private bool _large;

    /// <summary>How often SQLite planned this statement anew because of what was bound.</summary>
    internal int Replans => _prepared is null ? 0 : raw.sqlite3_stmt_status(_prepared, 5 /* SQLITE_STMTSTATUS_REPREPARE */, 0);

    /// <summary>How many instructions SQLite has carried out for this statement so far.</summary>
    internal int Steps => _prepared is null ? 0 : raw.sqlite3_stmt_status(_prepared, 4 /* SQLITE_STMTSTATUS_VM_STEP */, 0);

    public override Statement With(params ReadOnlySpan<object?> values)
    {
        if (_values.Length < values.Length)
            _values = new object?[values.Length];
        values.CopyTo(_values);
        _count = values.Length;
        return this;
    }

    public override DbDataReader Read()
    {
        _large = Bind();
        _reading = true;
        return (_rows ??= new SqliteRows(this)).Start(_statement);
    }

    /// <summary>The next row; false at the end.</summary>
    internal bool Step()
    {
        var rc = SqliteNative.Step(_statement);
        if (rc == raw.SQLITE_ROW)
            return true;
        if (rc != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(rc, _db);
        return false;
    }

    /// <summary>The rows were read, or nobody wants the rest.</summary>
    internal void EndRead()
    {
        _reading = false;
        if (_prepared is not null)
            Release(_large);
    }

    public override int Run()
    {
        var large = Bind();
        try
        {
            int rc;
            while ((rc = SqliteNative.Step(_statement)) == raw.SQLITE_ROW)
            {
            }

            if (rc != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(rc, _db);
            return _writes ? raw.sqlite3_changes(_db) : -1;
        }
        finally
        {
            Release(large);
        }
    }

    public override object? One()
    {
        var large = Bind();
        try
        {
            var rc = SqliteNative.Step(_statement);
            if (rc == raw.SQLITE_DONE)
                return null;
            if (rc != raw.SQLITE_ROW)
                SqliteException.ThrowExceptionForRC(rc, _db);
            return SqliteNative.Read(SqliteNative.Column(_statement, 0));
        }
        finally
        {
            Release(large);
        }
    }

    public override void Dispose()
    {
        _rows?.Close(); // nobody reads on in what is given back
        _prepared?.Dispose();
        _prepared = null;
        _statement = 0;
        base.Dispose();
    }

    private void Release(bool large)
    {
        // Says again what went wrong, which was thrown already.
        _ = SqliteNative.Reset(_statement);
        if (!large)
            return;
        raw.sqlite3_clear_bindings(_prepared!);
        _values = [];
        _count = 0;
    }

    /// <summary>Binds the values; true when one of them is large.</summary>
    private bool Bind()
    {
        if (_reading)
            throw new InvalidOperationException("The rows of this statement are still being read: " + Command.CommandText);
        if (_prepared is null)
            Prepare();
        if (_count != _places.Length)
            throw new InvalidOperationException("The statement has other parameters than the values given: " + Command.CommandText);
        var large = false;
        for (var i = 0; i < _count; i++)
        {
            if (_places[i] == 0)
                continue; // the text does not use it
            var place = _places[i];
            var rc = _values[i] switch
            {
                null or DBNull => SqliteNative.BindNull(_statement, place),
                string value => BindText(place, value, ref large),
                long value => SqliteNative.Bind(_statement, place, value),
                int value => SqliteNative.Bind(_statement, place, (long)value),
                bool value => SqliteNative.Bind(_statement, place, value ? 1L : 0L),
                double value => SqliteNative.Bind(_statement, place, value),
                // As Microsoft.Data.Sqlite and EF Core write it.
                decimal value => BindText(place, value.ToString("0.0###########################", CultureInfo.InvariantCulture), ref large),
                byte[] value => BindBytes(place, value, ref large),
                var other => throw new NotSupportedException($"a parameter of type {other.GetType().Name}"),
            };
            if (rc != raw.SQLITE_OK)
                SqliteException.ThrowExceptionForRC(rc, _db);
        }

        return large;
    }

    private void Prepare()
    {
        var rc = raw.sqlite3_prepare_v3(_db, Command.CommandText, raw.SQLITE_PREPARE_PERSISTENT, out var prepared, out var rest);
        SqliteException.ThrowExceptionForRC(rc, _db);
        if (!string.IsNullOrWhiteSpace(rest))
            throw new ArgumentException("One statement at a time: what stands behind the first would be left out in silence.");
        _prepared = prepared;
        _statement = prepared.DangerousGetHandle();
        _writes = raw.sqlite3_stmt_readonly(prepared) == 0;
        var count = raw.sqlite3_bind_parameter_count(prepared);
        _places = new int[_count];
        for (var i = 0; i < _count; i++)
        {
            _places[i] = raw.sqlite3_bind_parameter_index(prepared, "@p" + i.ToString(CultureInfo.InvariantCulture));
            if (_places[i] != 0)
                count--;
        }

        if (count != 0)
            throw new InvalidOperationException("The statement has other parameters than the values given: " + Command.CommandText);
    }

    private int BindText(int place, string value, ref bool large)
    {
        large |= value.Length > Large;
        // The empty one would be bound as NULL, and a NUL is what no server keeps.
        if (value.Length == 0 || value.Length > Large || value.Contains('\0'))
            return raw.sqlite3_bind_text(_prepared!, place, value.Replace('\0', '\ufffd'));
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_utf8.Length < most)
            _utf8 = new byte[Math.Max(most, 256)];
        return SqliteNative.BindText(_statement, place, _utf8.AsSpan(0, Encoding.UTF8.GetBytes(value, _utf8)));
    }

    private int BindBytes(int place, byte[] value, ref bool large)
    {
        large |= value.Length > Large;
        return value.Length == 0 ? raw.sqlite3_bind_zeroblob(_prepared!, place, 0) : SqliteNative.BindBlob(_statement, place, value);
    }
}
