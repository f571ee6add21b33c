using Microsoft.Data.Sqlite;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>Opens a terminal's file for those who look at it from outside a run: schema tools and the command line.</summary>
public static class TerminalConnection
{
    /// <summary>Opens an existing file for reading and writing, after checking that it is one.</summary>
    /// <exception cref="SyncException">The file is missing, no SQLite database, read-only or locked.</exception>
    public static SqliteConnection Open(string path)
    {
        TerminalFileCheck.EnsureUsable(path);
        return OpenChecked(path, SqliteOpenMode.ReadWrite);
    }

    /// <summary>The same, but a file that is missing is made, empty.</summary>
    /// <exception cref="SyncException">As <see cref="Open"/>, or the file's folder is missing.</exception>
    public static SqliteConnection OpenOrCreate(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
            return Open(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new SyncException(SyncErrorCode.TerminalUnavailable, $"{path} cannot be made: the folder {folder} does not exist", "Create the folder first.");
        return OpenChecked(path, SqliteOpenMode.ReadWriteCreate);
    }

    /// <summary>What a user can read instead of what SQLite threw.</summary>
    public static SyncException Translate(SqliteException e, string path)
    {
        ArgumentNullException.ThrowIfNull(e);
        return SqliteFailure.Translate(e.SqliteExtendedErrorCode, e.Message, path, e) as SyncException
            ?? new SyncException(SyncErrorCode.Unexpected, $"SQLite says of {path}: {e.Message}", null, e);
    }

    private static SqliteConnection OpenChecked(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)SqliteDatabase.DefaultBusyTimeout.TotalSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema";
            command.ExecuteScalar();
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Translate(e, path);
        }
    }
}
