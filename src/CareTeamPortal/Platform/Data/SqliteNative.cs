using System.Runtime.InteropServices;
using SQLitePCL;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// SQLite's own functions over a statement and its values, in the library that the provider loads. The provider takes and releases a handle at each call, which for a line of the
/// timeline (35 values) costs as much as SQLite's part. A statement is used by one thread at a time and kept by its session, so nobody takes it away meanwhile.
/// Those that only look at memory that is there, take no lock and call nobody back are called without the runtime stepping aside for them.
/// </summary>
internal static class SqliteNative
{
    private const string Library = "e_sqlite3";

    /// <summary>SQLite keeps a copy of what is bound.</summary>
    private const nint Copied = -1;

    // ---- a value of the row ------------------------------------------------------------------------------------------

    /// <summary>A value as SQLite holds it; until the next row only, and for one thread.</summary>
    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_column_value")]
    public static extern nint Column(nint statement, int column);

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_value_type")]
    public static extern int Type(nint value);

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_value_int64")]
    public static extern long Int64(nint value);

    /// <summary>A number of the row, without asking for the value first.</summary>
    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_column_int64")]
    public static extern long Int64(nint statement, int column);

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_value_double")]
    public static extern double Double(nint value);

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_value_bytes")]
    public static extern int Length(nint value);

    /// <summary>The bytes as they stand in the page, also of text: as text SQLite would copy it to put a NUL behind it.</summary>
    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_value_blob")]
    public static extern nint Bytes(nint value);

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_column_count")]
    public static extern int ColumnCount(nint statement);

    /// <summary>What the value is; null for NULL.</summary>
    public static object? Read(nint value) => Type(value) switch
    {
        raw.SQLITE_INTEGER => Int64(value),
        raw.SQLITE_FLOAT => Double(value),
        raw.SQLITE_TEXT => Length(value) is > 0 and var length ? Marshal.PtrToStringUTF8(Bytes(value), length) : "",
        raw.SQLITE_BLOB => Blob(value),
        _ => null,
    };

    /// <summary>A copy of the bytes.</summary>
    public static byte[] Blob(nint value)
    {
        var bytes = new byte[Length(value)];
        if (bytes.Length > 0)
            Marshal.Copy(Bytes(value), bytes, 0, bytes.Length);
        return bytes;
    }

    // ---- a statement -------------------------------------------------------------------------------------------------

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_bind_null")]
    public static extern int BindNull(nint statement, int place);

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_bind_int64")]
    public static extern int Bind(nint statement, int place, long value);

    [SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_bind_double")]
    public static extern int Bind(nint statement, int place, double value);

    /// <summary>Binds text that is not empty.</summary>
    public static int BindText(nint statement, int place, ReadOnlySpan<byte> utf8) => BindText(statement, place, ref MemoryMarshal.GetReference(utf8), utf8.Length, Copied);

    /// <summary>Binds bytes that are not none.</summary>
    public static int BindBlob(nint statement, int place, ReadOnlySpan<byte> bytes) => BindBlob(statement, place, ref MemoryMarshal.GetReference(bytes), bytes.Length, Copied);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_bind_text")]
    private static extern int BindText(nint statement, int place, ref byte text, int length, nint copied);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_bind_blob")]
    private static extern int BindBlob(nint statement, int place, ref byte bytes, int length, nint copied);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_step")]
    public static extern int Step(nint statement);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_reset")]
    public static extern int Reset(nint statement);

    // ---- the file ----------------------------------------------------------------------------------------------------

    /// <summary>Whether the file behind a connection was moved, deleted or replaced since it was opened: what is written would be nowhere to be found.</summary>
    public static bool HasMoved(sqlite3 connection)
    {
        const int HasMovedQuestion = 20; // SQLITE_FCNTL_HAS_MOVED
        var moved = 0;
        return FileControl(connection.DangerousGetHandle(), 0, HasMovedQuestion, ref moved) == raw.SQLITE_OK && moved != 0;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), DllImport(Library, EntryPoint = "sqlite3_file_control")]
    private static extern int FileControl(nint connection, nint main, int question, ref int answer);
}
