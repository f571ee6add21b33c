using PayFlow.Sync.Engine.Changes;
using SQLitePCL;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>A prepared statement. Parameters and columns count as SQLite counts them: parameters from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    public int ColumnCount => raw.sqlite3_column_count(handle);

    public SqliteStatement Bind(int parameter, in CellValue value)
    {
        Check(value.Kind switch
        {
            CellKind.Null => raw.sqlite3_bind_null(handle, parameter),
            CellKind.Integer => raw.sqlite3_bind_int64(handle, parameter, value.AsInteger),
            CellKind.Real => raw.sqlite3_bind_double(handle, parameter, value.AsReal),
            CellKind.Blob => value.AsBlob.Length == 0 ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, value.AsBlob),
            _ => BindText(parameter, value.AsText),
        });
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(handle, parameter) : BindText(parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    /// <summary>True when a row is there to be read; false at the end, when the statement is reset as well.</summary>
    public bool Step()
    {
        var rc = raw.sqlite3_step(handle);
        if (rc == raw.SQLITE_ROW)
            return true;
        if (rc == raw.SQLITE_DONE)
        {
            _ = raw.sqlite3_reset(handle);
            return false;
        }
        var failure = database.Failure(rc);
        _ = raw.sqlite3_reset(handle);
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

    public CellValue Column(int index) => raw.sqlite3_column_type(handle, index) switch
    {
        raw.SQLITE_INTEGER => CellValue.Of(raw.sqlite3_column_int64(handle, index)),
        raw.SQLITE_FLOAT => CellValue.Of(raw.sqlite3_column_double(handle, index)),
        raw.SQLITE_TEXT => CellValue.Of(raw.sqlite3_column_text(handle, index).utf8_to_string()),
        raw.SQLITE_BLOB => CellValue.Of(raw.sqlite3_column_blob(handle, index).ToArray()),
        _ => CellValue.Null,
    };

    public long Integer(int index) => raw.sqlite3_column_int64(handle, index);

    /// <summary>The text, or null for NULL.</summary>
    public string? Text(int index) =>
        raw.sqlite3_column_type(handle, index) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(handle, index).utf8_to_string();

    public void Reset()
    {
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
    }

    public void Dispose() => handle.Dispose();

    private int BindText(int parameter, string value) => raw.sqlite3_bind_text(handle, parameter, value);

    private void Check(int rc)
    {
        if (rc != raw.SQLITE_OK)
            throw database.Failure(rc);
    }
}
