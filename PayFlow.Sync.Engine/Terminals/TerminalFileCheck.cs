namespace PayFlow.Sync.Engine.Terminals;

/// <summary>
/// Looks at a terminal's file before SQLite does, because SQLite would make a missing one and says little about the rest. It never opens the file: whoever closes a file
/// that SQLite has open in the same process drops SQLite's locks with it, and the next program to leave takes the write-ahead log away from under everybody
/// (https://www.sqlite.org/howtocorrupt.html, 2.2).
/// </summary>
internal static class TerminalFileCheck
{
    private const int MagicLength = 16;

    /// <exception cref="SyncException">Missing, a folder, read-only, or too short for a database.</exception>
    public static void EnsureUsable(string path)
    {
        if (Directory.Exists(path))
            throw Unusable($"{path} is a folder", "Name the SQLite file inside it.");
        if (!File.Exists(path))
            throw Unusable($"{path} does not exist", "Check the path given by --sqlite or SQLITE_PATH_LOCAL.");
        if (File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
            throw Unusable($"{path} is read-only", "Give the user that runs PayFlow the right to write the file and its folder.");
        // SQLite takes a single byte for an empty database, and would write over it.
        if (new FileInfo(path).Length is > 0 and < MagicLength)
            throw Unusable($"{path} is not a SQLite database", "Check the path.");
    }

    private static SyncException Unusable(string message, string hint) => new(SyncErrorCode.TerminalUnavailable, message, hint);
}
