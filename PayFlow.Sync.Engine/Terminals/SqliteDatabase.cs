using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>
/// One open connection to a terminal's file with prepared statements kept for reuse. Goes to SQLite's C interface directly: the hot path
/// binds and steps millions of times.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>How long a write waits for the POS program to end its own before it counts as locked.</summary>
    public static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private SqliteDatabase(string path, SqliteConnection connection)
    {
        Path = path;
        Connection = connection;
    }

    public string Path { get; }

    public SqliteConnection Connection { get; }

    public sqlite3 Handle => Connection.Handle!;

    /// <summary>Opens an existing file for reading and writing.</summary>
    /// <exception cref="SyncException">The file is missing, no SQLite database, read-only or locked.</exception>
    public static SqliteDatabase Open(string path, TimeSpan? busyTimeout = null)
    {
        TerminalFileCheck.EnsureUsable(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString);
        var database = new SqliteDatabase(path, connection);
        try
        {
            connection.Open();
            raw.sqlite3_extended_result_codes(database.Handle, 1);
            raw.sqlite3_busy_timeout(database.Handle, (int)(busyTimeout ?? DefaultBusyTimeout).TotalMilliseconds);
            // foreign_keys: rows that come down are checked even where the POS program itself does not ask for it.
            database.Execute("PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
            database.Execute("SELECT count(*) FROM sqlite_schema");
            return database;
        }
        catch (SqliteException e)
        {
            database.Dispose();
            throw SqliteFailure.Translate(e.SqliteExtendedErrorCode, e.Message, path, e);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs one or more statements without parameters.</summary>
    public void Execute(string sql)
    {
        var rc = raw.sqlite3_exec(Handle, sql);
        if (rc != raw.SQLITE_OK)
            throw Failure(rc);
    }

    /// <summary>A prepared statement, reset and ready; the same text gives the same statement again, so it must not be in use.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            var rc = raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
            if (rc != raw.SQLITE_OK)
                throw Failure(rc);
            _statements.Add(sql, statement = new SqliteStatement(this, handle));
        }
        statement.Reset();
        return statement;
    }

    /// <summary>Runs <paramref name="work"/> in a write transaction of its own. Nobody else writes meanwhile: SQLite has one writer.</summary>
    public T Write<T>(Func<T> work)
    {
        // Each call takes the connection's mutex; while this thread has it already they only count, which a bulk load notices.
        var mutex = SqliteNative.Mutex(Handle.DangerousGetHandle());
        SqliteNative.Enter(mutex);
        try
        {
            return WriteLocked(work);
        }
        finally
        {
            SqliteNative.Leave(mutex);
        }
    }

    public void Write(Action work) => Write(() =>
    {
        work();
        return true;
    });

    /// <summary>As <see cref="Write(Action)"/>, with the capture triggers silent: for what the engine itself writes.</summary>
    public T WriteUncaptured<T>(Func<T> work) => Write(() =>
    {
        Execute("UPDATE payflow_state SET applying = 1");
        var result = work();
        Execute("UPDATE payflow_state SET applying = 0");
        return result;
    });

    public void WriteUncaptured(Action work) => WriteUncaptured(() =>
    {
        work();
        return true;
    });

    /// <summary>
    /// As <see cref="WriteUncaptured{T}"/>, for very many rows: where the file has no triggers but the capture's own, this connection does not even ask them
    /// (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html, ENABLE_TRIGGER). Other connections cannot write meanwhile, and foreign keys act as ever.
    /// </summary>
    public T WriteManyUncaptured<T>(Func<T> work) => WriteUncaptured(() =>
    {
        if (HasTriggersOfOthers())
            return work();
        EnableTriggers(false);
        try
        {
            return work();
        }
        finally
        {
            EnableTriggers(true);
        }
    });

    /// <summary>As <see cref="WriteUncaptured(Action)"/>, but nothing of it stays.</summary>
    public void Preview(Action work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            Execute("UPDATE payflow_state SET applying = 1");
            work();
        }
        finally
        {
            RollBackIfOpen();
        }
    }

    /// <summary>
    /// Foreign keys that dangle in the open transaction and would make its end fail: not exact a number, but zero exactly when there is none
    /// (https://www.sqlite.org/c3ref/c_dbstatus_options.html).
    /// </summary>
    public int DanglingKeys()
    {
        _ = raw.sqlite3_db_status(Handle, raw.SQLITE_DBSTATUS_DEFERRED_FKS, out var current, out _, 0);
        return current;
    }

    /// <summary>
    /// The file that is open here is no longer the one of that name: somebody has put another in its place (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html, HAS_MOVED).
    /// Never so on Windows, where an open file cannot be replaced.
    /// </summary>
    public unsafe bool HasMoved
    {
        get
        {
            const int HasMovedControl = 20;
            var moved = 0;
            return SqliteNative.FileControl(Handle.DangerousGetHandle(), "main", HasMovedControl, &moved) == raw.SQLITE_OK && moved != 0;
        }
    }

    public int Changes => SqliteNative.Changes(Handle.DangerousGetHandle());

    public long LastInsertedRowid => raw.sqlite3_last_insert_rowid(Handle);

    public Exception Failure(int rc) =>
        SqliteFailure.Translate(raw.sqlite3_extended_errcode(Handle) is var extended && extended != raw.SQLITE_OK ? extended : rc, raw.sqlite3_errmsg(Handle).utf8_to_string(), Path, null);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        Connection.Dispose();
    }

    private bool HasTriggersOfOthers()
    {
        var others = Prepare(@"SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'trigger' AND name NOT LIKE 'payflow\_%' ESCAPE '\')");
        others.Step();
        var exist = others.Integer(0) != 0;
        others.Reset();
        return exist;
    }

    private void EnableTriggers(bool isEnabled)
    {
        var rc = raw.sqlite3_db_config(Handle, raw.SQLITE_DBCONFIG_ENABLE_TRIGGER, isEnabled ? 1 : 0, out _);
        if (rc != raw.SQLITE_OK)
            throw Failure(rc);
    }

    private T WriteLocked<T>(Func<T> work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBackIfOpen();
            throw;
        }
    }

    private void RollBackIfOpen()
    {
        // SQLite itself rolls back on some errors (disk full, out of memory): then there is nothing left to do.
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            _ = raw.sqlite3_exec(Handle, "ROLLBACK");
    }
}
