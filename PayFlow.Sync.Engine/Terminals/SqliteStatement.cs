using System.Buffers;
using System.Text;
using PayFlow.Sync.Engine.Changes;
using SQLitePCL;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>A prepared statement. Parameters and columns count as SQLite counts them: parameters from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private const int LongestOnStack = 512;

    // Valid as long as the handle is, which is held here.
    private readonly nint _statement = handle.DangerousGetHandle();

    public int ColumnCount => raw.sqlite3_column_count(handle);

    public SqliteStatement Bind(int parameter, in CellValue value)
    {
        Check(value.Kind switch
        {
            CellKind.Null => SqliteNative.BindNull(_statement, parameter),
            CellKind.Integer => SqliteNative.BindInteger(_statement, parameter, value.AsInteger),
            CellKind.Real => SqliteNative.BindReal(_statement, parameter, value.AsReal),
            CellKind.Blob => value.AsBlob.Length == 0 ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, value.AsBlob),
            _ => BindText(parameter, value.AsText),
        });
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        Check(value is null ? SqliteNative.BindNull(_statement, parameter) : BindText(parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(SqliteNative.BindInteger(_statement, parameter, value));
        return this;
    }

    /// <summary>True when a row is there to be read; false at the end, when the statement is reset as well.</summary>
    public bool Step()
    {
        var rc = SqliteNative.Step(_statement);
        if (rc == raw.SQLITE_ROW)
            return true;
        if (rc == raw.SQLITE_DONE)
        {
            _ = SqliteNative.Reset(_statement);
            return false;
        }
        var failure = database.Failure(rc);
        _ = SqliteNative.Reset(_statement);
        throw failure;
    }

    /// <summary>Steps to the end of a statement that gives no rows, and says how many it changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }
        return database.Changes;
    }

    public CellValue Column(int index) => SqliteNative.ColumnType(_statement, index) switch
    {
        raw.SQLITE_INTEGER => CellValue.Of(SqliteNative.ColumnInteger(_statement, index)),
        raw.SQLITE_FLOAT => CellValue.Of(SqliteNative.ColumnReal(_statement, index)),
        raw.SQLITE_TEXT => ReadTextOrBytes(index),
        raw.SQLITE_BLOB => CellValue.Of(raw.sqlite3_column_blob(handle, index).ToArray()),
        _ => CellValue.Null,
    };

    public long Integer(int index) => SqliteNative.ColumnInteger(_statement, index);

    /// <summary>The text, or null for NULL.</summary>
    public string? Text(int index) => SqliteNative.ColumnType(_statement, index) == raw.SQLITE_NULL ? null : ReadText(index);

    public void Reset()
    {
        _ = SqliteNative.Reset(_statement);
        _ = raw.sqlite3_clear_bindings(handle);
    }

    public void Dispose() => handle.Dispose();

    // What is no UTF-8 stays bytes: central refuses them in a text column, by name, instead of taking replacement characters for the text.
    private unsafe CellValue ReadTextOrBytes(int index)
    {
        var text = SqliteNative.ColumnText(_statement, index);
        var bytes = new ReadOnlySpan<byte>(text, SqliteNative.ColumnBytes(_statement, index));
        return System.Text.Unicode.Utf8.IsValid(bytes) ? CellValue.Of(Encoding.UTF8.GetString(bytes)) : CellValue.Of(bytes.ToArray());
    }

    // By its length, because a text may hold NUL characters.
    private unsafe string ReadText(int index)
    {
        // In this order: https://www.sqlite.org/c3ref/column_blob.html
        var text = SqliteNative.ColumnText(_statement, index);
        return Encoding.UTF8.GetString(text, SqliteNative.ColumnBytes(_statement, index));
    }

    private unsafe int BindText(int parameter, string value)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = longest > LongestOnStack ? ArrayPool<byte>.Shared.Rent(longest) : null;
        var buffer = rented ?? stackalloc byte[LongestOnStack];
        try
        {
            var length = Encoding.UTF8.GetBytes(value, buffer);
            fixed (byte* bytes = buffer)
                return SqliteNative.BindText(_statement, parameter, bytes, length, SqliteNative.Transient);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Check(int rc)
    {
        if (rc != raw.SQLITE_OK)
            throw database.Failure(rc);
    }
}
