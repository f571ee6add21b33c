namespace PayFlow.Sync.Engine.Terminals;

/// <summary>Looks at a terminal's file before SQLite does, because SQLite would make a missing one and says little about the rest.</summary>
internal static class TerminalFileCheck
{
    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <exception cref="SyncException">Missing, a folder, read-only, or no SQLite database.</exception>
    public static void EnsureUsable(string path)
    {
        if (Directory.Exists(path))
            throw Unusable($"{path} is a folder", "Name the SQLite file inside it.");
        if (!File.Exists(path))
            throw Unusable($"{path} does not exist", "Check the path given by --sqlite or SQLITE_PATH_LOCAL.");
        if (File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
            throw Unusable($"{path} is read-only", "Give the user that runs PayFlow the right to write the file and its folder.");
        EnsureDatabase(path);
    }

    private static void EnsureDatabase(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // An empty file is an empty database: https://www.sqlite.org/fileformat.html
            if (file.Length == 0)
                return;
            Span<byte> head = stackalloc byte[16];
            if (file.ReadAtLeast(head, 16, throwOnEndOfStream: false) < 16 || !head.SequenceEqual(Magic))
                throw Unusable($"{path} is not a SQLite database", "Check the path; an encrypted database cannot be opened.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unusable($"{path} may not be read by this user", "Give the user that runs PayFlow the right to read and write the file.", e);
        }
        catch (IOException e)
        {
            throw Unusable($"{path} cannot be read: {e.Message}", "Check the disk and the path.", e);
        }
    }

    private static SyncException Unusable(string message, string hint, Exception? cause = null) => new(SyncErrorCode.TerminalUnavailable, message, hint, cause);
}
