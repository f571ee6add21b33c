using SQLitePCL;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>The one place that turns SQLite's result codes (https://www.sqlite.org/rescode.html) into what a user can read.</summary>
internal static class SqliteFailure
{
    // SQLITE_READONLY_DBMOVED
    private const int Moved = raw.SQLITE_READONLY | (4 << 8);

    public static Exception Translate(int extendedCode, string message, string path, Exception? cause) => (extendedCode & 0xff) switch
    {
        raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG => new SqliteRowException(message),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} is locked by another program", "It is tried again by itself; if it stays locked, look for a POS program that holds a transaction open.", cause) { IsTransient = true },
        raw.SQLITE_NOTADB => new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} is not a SQLite database", "Check the path; an encrypted database cannot be opened.", cause),
        raw.SQLITE_CORRUPT => new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} is damaged: {message}", "Restore it from a backup, or recover it with the sqlite3 program's .recover command; then sync again.", cause),
        raw.SQLITE_READONLY when extendedCode == Moved => new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} was replaced by another file during the run", "It is tried again by itself, with the file that is there now.", cause) { IsTransient = true },
        raw.SQLITE_READONLY => new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} is read-only", "Give the user that runs PayFlow the right to write the file and its folder.", cause),
        raw.SQLITE_CANTOPEN => new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} cannot be opened: {message}", "Check the path and the rights of the file and its folder.", cause),
        raw.SQLITE_FULL => new SyncException(SyncErrorCode.TerminalUnavailable, $"No room left on the disk for {path}", "Free some space; nothing was lost, the next sync goes on where this one stopped.", cause) { IsTransient = true },
        raw.SQLITE_IOERR => new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} cannot be read or written: {message}", "Check the disk; the next sync goes on where this one stopped.", cause) { IsTransient = true },
        raw.SQLITE_SCHEMA => new SyncException(SyncErrorCode.SchemaMismatch, $"The tables of {path} were changed during the run", "Sync again.", cause) { IsTransient = true },
        _ => new SyncException(SyncErrorCode.Unexpected, $"SQLite says of {path}: {message} ({extendedCode})", null, cause),
    };
}
