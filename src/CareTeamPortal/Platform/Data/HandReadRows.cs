using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace CareTeamPortal.Platform.Data;

/// <summary>Rows that hand-written statements read, whichever the database. What no such statement asks is refused here.</summary>
internal abstract class HandReadRows : DbDataReader
{
    public sealed override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public sealed override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public sealed override object this[int ordinal] => GetValue(ordinal);

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing)
            Close();
    }

    protected static InvalidOperationException NoRow() => new("There is no row: it was not read, or they are at an end.");

    protected static InvalidOperationException IsNull(int ordinal) => new($"The value of column {ordinal} is NULL.");

    public sealed override int Depth => 0;
    public sealed override bool HasRows => throw new NotSupportedException();
    public sealed override int RecordsAffected => -1;
    public sealed override object this[string name] => throw new NotSupportedException();
    public sealed override byte GetByte(int ordinal) => throw new NotSupportedException();
    public sealed override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();
    public sealed override char GetChar(int ordinal) => throw new NotSupportedException();
    public sealed override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();
    public sealed override string GetDataTypeName(int ordinal) => throw new NotSupportedException();
    public sealed override DateTime GetDateTime(int ordinal) => throw new NotSupportedException();
    public sealed override IEnumerator GetEnumerator() => throw new NotSupportedException();

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public sealed override Type GetFieldType(int ordinal) => throw new NotSupportedException();
    public sealed override float GetFloat(int ordinal) => throw new NotSupportedException();
    public sealed override Guid GetGuid(int ordinal) => throw new NotSupportedException();
    public sealed override short GetInt16(int ordinal) => throw new NotSupportedException();
    public sealed override string GetName(int ordinal) => throw new NotSupportedException();
    public sealed override int GetOrdinal(string name) => throw new NotSupportedException();
    public sealed override int GetValues(object[] values) => throw new NotSupportedException();
    public sealed override bool NextResult() => false;
}
